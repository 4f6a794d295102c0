// What follows by itself: fields that are computed from others, fields that are asked for only then, and moves that time, a
// parameter or a role makes.
#include <fmt/format.h>

#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Orchard : public Practice {
 public:
  explicit Orchard(const std::string& in_place_of = {}, const std::string& guard = {})
      : Practice({"orchard", "2017-01-10 09:00", false, "", in_place_of, guard}) {
    give("manager", "manager");
    people({"by-a"});
    organisation("growers", {R"(name: "experience" from { year: 2010 })"});
    member("by-a", "growers");
    EXPECT_EQ(ask("by-a", R"(start_initiative { organisation: "growers" })", "a"), "") << why();
  }
  /// Writes a field given in text format: `save("trees", "number: 7")`.
  std::string save(const std::string& field, const std::string& value) {
    return ask("by-a", "save_fields { initiative: \"a\" fields { name: \"" + field + "\" value { " + value + " } } }");
  }
  /// What a field holds, in text format; "none" when it was never written.
  std::string value(const std::string& field) const {
    for (const FieldState& one : of("a").fields)
      if (one.name == field) return one.value.ShortDebugString();
    return "none";
  }
  /// Why guards failed, as their records say.
  std::vector<std::string> failures() const {
    std::vector<std::string> found;
    for (const v1::Record& record : journal())
      if (record.has_guard_failed()) found.push_back(record.guard_failed().why());
    return found;
  }
  /// Applies with what is asked for.
  void apply_since(int year, int month, int day) {
    EXPECT_EQ(save("since", "date { year: " + std::to_string(year) + " month: " + std::to_string(month) + " day: " + std::to_string(day) + " }"), "");
    EXPECT_EQ(save("trees", "number: 7"), "");
    EXPECT_EQ(ask("by-a", step("a", "apply")), "") << why();
  }
  ~Orchard() override {
    refold();
    EXPECT_THAT(broken(), IsEmpty());
  }
};

TEST(Computed, FollowsWhatItIsMadeOfInTheSameRecord) {
  Orchard cohort;
  ASSERT_EQ(cohort.save("trees", "number: 150"), "");
  EXPECT_EQ(cohort.value("living"), "none");  // nobody has said how many are dead
  ASSERT_EQ(cohort.save("dead", "number: 40"), "");
  EXPECT_EQ(cohort.value("living"), "number: 110");
  EXPECT_EQ(cohort.value("large"), "flag: true");  // from what was computed before it
  ASSERT_EQ(cohort.records().size(), 1u);
  std::vector<std::string> written;
  for (const v1::FieldWritten& one : cohort.records()[0].fields_written().fields()) written.push_back(one.name() + (one.computed() ? ", computed" : ""));
  EXPECT_THAT(written, ElementsAre("dead", "living, computed", "large, computed"));
  ASSERT_EQ(cohort.save("dead", "number: 60"), "");
  EXPECT_EQ(cohort.value("living"), "number: 90");
  EXPECT_EQ(cohort.value("large"), "flag: false");
}

TEST(Computed, IsEmptyAgainWhenItCannotBeComputedAnyMore) {
  Orchard cohort;
  ASSERT_EQ(cohort.save("trees", "number: 150"), "");
  ASSERT_EQ(cohort.save("dead", "number: 40"), "");
  ASSERT_EQ(cohort.save("dead", "empty: true"), "");
  EXPECT_EQ(cohort.value("living"), "empty: true");
  EXPECT_EQ(cohort.value("large"), "empty: true");
}

TEST(Computed, IsWrittenByNobody) {
  Orchard cohort;
  EXPECT_EQ(cohort.save("living", "number: 7"), "INVALID");
  EXPECT_THAT(cohort.unmet(), ElementsAre("Living trees is computed, nobody writes it"));
}

TEST(Computed, IsThereFromTheStart) {
  Orchard cohort;
  cohort.people({"by-b"});
  cohort.member("by-b", "growers");
  ASSERT_EQ(cohort.ask("by-b", R"(start_initiative { organisation: "growers" fields { name: "trees" value { number: 9 } } fields { name: "dead" value { number: 2 } } })", "b"), "");
  EXPECT_EQ(cohort.of("b").field("living")->number(), 7);
}

TEST(Values, OfAnotherKindAreRefusedInTheReadersLanguage) {
  testing::Accelerator cohort{"a"};
  EXPECT_EQ(cohort.ask("by-a", R"(save_fields { initiative: "a" fields { name: "locality" value { number: 3 } } })"), "INVALID");
  const v1::Text& why = cohort.refusal().unmet.at(0).why;
  EXPECT_EQ(in_language(why, "en"), "Locality: expected a locality of the cohort");
  EXPECT_THAT(in_language(why, "lt"), ::testing::EndsWith(": reikia kohortos vietovės"));
  EXPECT_THAT(in_language(why, "ka"), ::testing::EndsWith(": საჭიროა კოჰორტის ადგილი"));
}

TEST(Values, AreNoLongerThanTheLongestText) {
  Orchard cohort;
  EXPECT_EQ(cohort.save("web", "text: \"https://example.org/" + std::string(66'000, 'x') + "\""), "INVALID");
  EXPECT_THAT(cohort.unmet(), ElementsAre("Web: at most 65536 characters, now 66020"));
}

TEST(Shown, IsAskedForOnlyWhenItIsShown) {
  Orchard cohort;
  ASSERT_EQ(cohort.save("since", "date { year: 2016 month: 1 day: 1 }"), "");
  ASSERT_EQ(cohort.save("trees", "number: 150"), "");
  ASSERT_EQ(cohort.save("dead", "number: 10"), "");
  EXPECT_EQ(cohort.ask("by-a", step("a", "apply")), "INVALID");
  EXPECT_THAT(cohort.unmet(), ElementsAre("Please fill in: Machines"));
  ASSERT_EQ(cohort.save("dead", "number: 100"), "");
  EXPECT_EQ(cohort.ask("by-a", step("a", "apply")), "") << cohort.why();
}

TEST(Shown, AndComputedAreOfATaskToo) {
  Orchard cohort;
  cohort.apply_since(2014, 1, 1);
  const auto harvest = [&](int boxes, int sold) {
    return cohort.ask("by-a", "open_task { initiative: \"a\" kind: \"harvests\" fields { name: \"boxes\" value { number: " + std::to_string(boxes) +
                                  " } } fields { name: \"sold\" value { number: " + std::to_string(sold) + " } } }", "t");
  };
  EXPECT_EQ(harvest(12, 12), "") << cohort.why();
  const Task* task = cohort.of("a").task("harvests/1");
  ASSERT_NE(task, nullptr);
  EXPECT_EQ(task->fields.back().name, "left");
  EXPECT_EQ(task->fields.back().value.number(), 0);
}

/// What an organisation with these facts is told when it wants to begin on 10 January 2017, by one of its own or a stranger: the
/// reason and the facts.
std::string told_at_the_door(const std::vector<std::string>& facts, bool own = true) {
  Orchard cohort;
  cohort.people({"by-b"});
  cohort.organisation("new", facts);
  if (own) cohort.member("by-b", "new");
  if (cohort.ask("by-b", R"(start_initiative { organisation: "new" })", "b").empty()) return "";
  if (cohort.refusal().unmet.empty()) return cohort.why();
  const Unmet& unmet = cohort.refusal().unmet.at(0);
  return in_language(unmet.why, "en") + (unmet.facts.translations_size() ? " | " : "") + in_language(unmet.facts, "en");
}

TEST(Eligibility, IsAnsweredBeforeAWordIsWritten) {
  EXPECT_EQ(told_at_the_door({R"(name: "experience" from { year: 2016 month: 1 day: 10 })"}), "");
  EXPECT_EQ(told_at_the_door({R"(name: "experience" from { year: 2016 month: 3 day: 1 })"}), "Who applies has grown trees for a year | Experience with trees: 1 March 2016; 1 year is complete on 1 March 2017.");
  EXPECT_EQ(told_at_the_door({}), "Who applies has grown trees for a year | Experience with trees: not filled in yet.");
}

TEST(Eligibility, IsAnsweredToTheOrganisationsOwnPeopleOnly) {
  for (const int year : {2010, 2016})
    EXPECT_EQ(told_at_the_door({fmt::format("name: \"experience\" from {{ year: {} month: 3 day: 1 }}", year)}, false),
              "Only members of the organisation and who runs the programme may do this");
}

TEST(Eligibility, CountsFromWhatIsKnownForSure) {
  EXPECT_EQ(told_at_the_door({R"(name: "experience" from { year: 2016 })"}), "Who applies has grown trees for a year | Experience with trees: 31 December 2016; 1 year is complete on 31 December 2017.");
  EXPECT_EQ(told_at_the_door({R"(name: "experience" from { year: 2015 month: 12 })"}), "");
  // Of two the one that is still true.
  EXPECT_EQ(told_at_the_door({R"(name: "experience" from { year: 2015 })", R"(name: "experience" from { year: 2016 month: 6 day: 1 } until { year: 2016 month: 9 day: 1 })"}), "");
}

TEST(Wake, MakesAMoveOnTheDayOnWhichTimeMakesItsGuardTrue) {
  Orchard cohort;
  cohort.apply_since(2015, 3, 15);
  EXPECT_EQ(cohort.where("a"), "growing.young");
  EXPECT_EQ(cohort.of("a").wake_at, at("2017-03-15 00:00"));
  cohort.wait("2017-03-14 23:59");
  EXPECT_EQ(cohort.where("a"), "growing.young");
  cohort.wait("2017-03-15 00:00");
  EXPECT_EQ(cohort.where("a"), "growing.ripe");
  EXPECT_EQ(cohort.of("a").wake_at, calendar::never);
}

TEST(Wake, FollowsADateThatIsCorrected) {
  Orchard cohort;
  cohort.apply_since(2016, 5, 1);
  ASSERT_EQ(cohort.save("since", "date { year: 2015 month: 2 day: 1 }"), "");
  EXPECT_EQ(cohort.of("a").wake_at, at("2017-02-01 00:00"));
  ASSERT_EQ(cohort.save("since", "date { year: 2014 month: 2 day: 1 }"), "");
  EXPECT_EQ(cohort.where("a"), "growing.ripe");  // at once
}

TEST(Wake, ComesOnTheFirstOfMarchForADayThatIsNotInTheYear) {
  Orchard cohort;
  cohort.apply_since(2016, 2, 29);
  EXPECT_EQ(cohort.of("a").wake_at, at("2018-03-01 00:00"));
}

TEST(Wake, IsTriedWhenARoleIsGiven) {
  Orchard cohort;
  cohort.apply_since(2016, 5, 1);
  cohort.give("mentor", "one");
  EXPECT_EQ(cohort.where("a"), "growing.young");
  cohort.wait("2017-01-10 10:00");
  EXPECT_EQ(cohort.where("a"), "growing.young");
  EXPECT_EQ(cohort.of("a").wake_at, at("2018-05-01 00:00"));
  cohort.give("mentor", "two");
  cohort.wait("2017-01-10 11:00");
  EXPECT_EQ(cohort.where("a"), "growing.ripe");
}

TEST(Wake, IsNobodysToNotice) {
  Orchard cohort;
  cohort.apply_since(2016, 5, 1);
  const std::size_t happened = cohort.cohort().happenings[0].size();
  const std::uint32_t version = cohort.of("a").version;
  cohort.give("mentor", "one");
  cohort.wait("2017-01-10 10:00");
  EXPECT_EQ(cohort.cohort().happenings[0].size(), happened);
  EXPECT_EQ(cohort.of("a").version, version);
}

/// A guard that no check of today lets pass: it asks each of 200 numbers about each of them.
std::string toilsome() {
  std::string numbers = "[0,1,2,3,4,5,6,7,8,9]";
  for (int i = 1; i < 20; ++i) numbers += " + [0,1,2,3,4,5,6,7,8,9]";
  return "(" + numbers + ").all(a, (" + numbers + ").all(b, a + b >= 0))";
}

TEST(GuardFailed, IsFalseAndTheManagerIsToldOnce) {
  Orchard cohort("mentors >= 2", toilsome());
  cohort.apply_since(2016, 5, 1);
  ASSERT_EQ(cohort.where("a"), "growing.young");
  EXPECT_THAT(cohort.failures(), ElementsAre(::testing::HasSubstr("units of work")));
  EXPECT_THAT(cohort.letters(), ::testing::Contains("guard_failed to manager"));
  ASSERT_EQ(cohort.save("since", "date { year: 2016 month: 4 day: 1 }"), "");
  cohort.give("mentor", "one");
  cohort.give("mentor", "two");
  cohort.wait("2017-01-10 11:00");
  EXPECT_EQ(cohort.where("a"), "growing.young");
  EXPECT_EQ(cohort.failures().size(), 1u);
  EXPECT_EQ(cohort.of("a").version, 5u) << "it is nobody's to notice";
}

TEST(GuardFailed, IsNotSaidOfAFieldThatIsEmpty) {
  Orchard cohort("mentors >= 2", "initiative.machinery >= 1");
  cohort.apply_since(2016, 5, 1);
  EXPECT_EQ(cohort.where("a"), "growing.young");
  EXPECT_THAT(cohort.failures(), IsEmpty());
  ASSERT_EQ(cohort.save("machinery", "number: 1"), "") << cohort.why();
  EXPECT_EQ(cohort.where("a"), "growing.ripe");
}

TEST(GuardFailed, LetsTheOtherWaysStayOpen) {
  Orchard cohort("mentors >= 2", toilsome());
  cohort.apply_since(2016, 5, 1);
  ASSERT_EQ(cohort.ask("by-a", step("a", "fell")), "") << cohort.why();
  EXPECT_EQ(cohort.where("a"), "growing.felled");
  EXPECT_TRUE(cohort.of("a").at.failed.empty());
}

}  // namespace
}  // namespace kvali::cohort::testing
