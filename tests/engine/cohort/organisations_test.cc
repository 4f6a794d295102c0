// What is known of the organisations behind an initiative: claimed, accepted, copied into the cohort, and read by guards on the very day.
#include "engine/cohort/organisations.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cohort/eligible.h"
#include "engine/directory/directory.h"
#include "tests/engine/calendar/tbilisi.h"
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort {
namespace {

using testing::step;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const calendar::Zone& tbilisi() {
  static const calendar::Zone zone = calendar::testing::tbilisi();
  return zone;
}

Instant at(const std::string& local) { return testing::at(local, tbilisi()); }

std::string since(int year, int month, int day) { return fmt::format("from {{ year: {} month: {} day: {} }}", year, month, day); }

/// The alliance on some day, with the association "growers", whose member "by-a" is, founded in 2000.
class Alliance : public testing::Practice {
 public:
  explicit Alliance(const std::string& begins = "2025-06-01 09:00") : Practice({"alliance", begins, false, "", {}, {}, {}, &tbilisi()}) {
    give("manager", "manager");
    give("clerk", "clerk");
    people({"by-a", "stranger"});
    organisation("growers", {R"(name: "founded" from { year: 2000 })"});
    member("by-a", "growers");
  }
  /// Claims experience since a day, and has it accepted by the clerk; the fact's id is `id`.
  void experienced(const std::string& id, const std::string& from, const std::string& more = {}) {
    EXPECT_EQ(tell("by-a", fmt::format("record_fact {{ organisation: \"growers\" fact {{ name: \"experience\" {} }} }}", from), id), "") << why();
    accept(id, more);
  }
  void accept(const std::string& id, const std::string& more = {}) {
    EXPECT_EQ(tell("clerk", fmt::format("accept_fact {{ organisation: \"growers\" fact: \"{}\" {} }}", id, more), {}, {"clerk"}), "") << why();
  }
  void begin() { EXPECT_EQ(ask("by-a", R"(start_initiative { organisation: "growers" })", "a"), "") << why(); }
  std::string category() const {
    const v1::Value* value = of("a").field("category");
    return value ? value->text() : "";
  }
  long told() const {
    const auto all = letters();
    return std::count(all.begin(), all.end(), "may_be_full to by-a");
  }
  std::vector<std::string> happened() const {
    std::vector<std::string> kinds;
    for (const Happening& one : cohort().happenings[0]) kinds.push_back(one.what.empty() ? one.kind : one.kind + " " + one.what);
    return kinds;
  }
  ~Alliance() override {
    refold();
    EXPECT_THAT(broken(), IsEmpty());
  }
};

TEST(Facts, CountOnlyOnceSomebodyHasAcceptedThemWhereTheProgramSaysSo) {
  Alliance cohort;
  EXPECT_EQ(cohort.tell("by-a", R"(record_fact { organisation: "growers" fact { name: "experience" from { year: 2024 month: 1 day: 1 } } })", "f"), "");
  EXPECT_EQ(cohort.ask("by-a", R"(start_initiative { organisation: "growers" })", "a"), "GUARD_FAILED");
  EXPECT_THAT(cohort.unmet(), ElementsAre("Members have three months of experience"));
  cohort.accept("f");
  cohort.begin();
  EXPECT_EQ(cohort.category(), "associate");
}

TEST(Facts, AcceptedForAnotherProgramDoNotCountHere) {
  Alliance cohort;
  EXPECT_EQ(cohort.tell("by-a", R"(record_fact { organisation: "growers" fact { name: "experience" from { year: 2020 } } })", "f"), "");
  directory::Directory elsewhere = cohort.world().directory;
  v1::Record record;
  record.mutable_fact_accepted()->set_organisation("growers");
  record.mutable_fact_accepted()->set_fact("f");
  record.mutable_fact_accepted()->mutable_acceptance()->set_program("other");
  record.mutable_fact_accepted()->mutable_acceptance()->set_role("clerk");
  ASSERT_TRUE(directory::apply(elsewhere, record).has_value());
  const auto unmet = [&](const directory::Directory& directory) {
    return eligibility(cohort.cohort(), {directory, cohort.world().library}, {"by-a", cohort.now}, "growers").unmet.size();
  };
  EXPECT_EQ(unmet(elsewhere), 1u);
  record.mutable_fact_accepted()->mutable_acceptance()->set_program("alliance");
  ASSERT_TRUE(directory::apply(elsewhere, record).has_value());
  EXPECT_EQ(unmet(elsewhere), 0u);
}

TEST(Facts, AcceptedByTheHouseCountEverywhere) {
  Alliance cohort;
  EXPECT_EQ(cohort.tell("by-a", R"(record_fact { organisation: "growers" fact { name: "experience" from { year: 2020 } } })", "f"), "");
  EXPECT_EQ(cohort.tell("manager", R"(accept_fact { organisation: "growers" fact: "f" })"), "") << cohort.why();
  cohort.begin();
}

TEST(Eligible, BecomesOneOnTheVeryDayAndIsToldOnce) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 3, 15));
  cohort.begin();
  cohort.wait("2025-06-01 09:01");
  EXPECT_EQ(cohort.of("a").wake_at, at("2026-03-15 00:00"));
  cohort.wait("2026-03-14 23:59");
  EXPECT_EQ(cohort.where("a"), "joining.associate");
  EXPECT_EQ(cohort.category(), "associate");
  EXPECT_EQ(cohort.told(), 0);
  cohort.wait("2026-03-15 00:00");
  EXPECT_EQ(cohort.where("a"), "joining.eligible");
  EXPECT_EQ(cohort.category(), "full");
  cohort.wait("2030-01-01 00:00");
  EXPECT_EQ(cohort.told(), 1);
  EXPECT_EQ(cohort.of("a").wake_at, calendar::never) << "nothing of it depends on time any more";
}

TEST(Eligible, BecomesOneOnTheFirstOfMarchForA29thOfFebruary) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 2, 29));
  cohort.begin();
  cohort.wait("2026-02-28 23:59");
  EXPECT_EQ(cohort.where("a"), "joining.associate");
  cohort.wait("2026-03-01 00:00");
  EXPECT_EQ(cohort.where("a"), "joining.eligible");
  EXPECT_EQ(cohort.told(), 1);
}

/// On days on which the clock is moved, too, the day begins when the calendar on the wall says so.
TEST(Eligible, BecomesOneOnADayOnWhichTheClockIsMoved) {
  struct {
    int year, month, day;
    const char* first_instant;  // of the same day two years later
  } const days[] = {
      {2001, 3, 30, "2003-03-29T20:00:00Z"},   // its midnight is left out: the day begins at 1:00
      {2001, 10, 26, "2003-10-25T20:00:00Z"},  // at midnight it becomes 23:00 of the day before, once more
      {2002, 6, 27, "2004-06-26T20:00:00Z"},   // likewise, back to Moscow's time
      {2002, 10, 31, "2004-10-30T20:00:00Z"},  // moved at 3:00
      {2003, 3, 27, "2005-03-26T21:00:00Z"},   // moved at 2:00
  };
  for (const auto& one : days) {
    SCOPED_TRACE(one.first_instant);
    Alliance cohort(fmt::format("{}-{:02}-20 09:00", one.year + 1, one.month));
    cohort.experienced("f", since(one.year, one.month, one.day));
    cohort.begin();
    cohort.ask("", "pass_time {} channel: TIME");
    const Instant wake = cohort.of("a").wake_at, due = calendar::parse_instant(one.first_instant).value();
    EXPECT_EQ(calendar::to_string(wake), one.first_instant);
    const calendar::Date day{one.year + 2, one.month, one.day};
    EXPECT_EQ(calendar::to_string(calendar::date_at(tbilisi(), due)), calendar::to_string(day));
    EXPECT_LT(calendar::days_from_civil(calendar::date_at(tbilisi(), due - 1)), calendar::days_from_civil(day));
    cohort.now = due - 1;
    cohort.ask("", "pass_time {} channel: TIME");
    EXPECT_EQ(cohort.where("a"), "joining.associate");
    cohort.now = due;
    cohort.ask("", "pass_time {} channel: TIME");
    EXPECT_EQ(cohort.where("a"), "joining.eligible");
    cohort.wait("2007-01-01 00:00");
    EXPECT_EQ(cohort.told(), 1);
  }
}

TEST(Facts, AreNotedByTheCohortAndReadThere) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 3, 15));
  cohort.begin();
  cohort.wait("2025-06-02 09:00");
  const std::uint32_t version = cohort.of("a").version;
  EXPECT_EQ(cohort.tell("manager", R"(withdraw_fact { organisation: "growers" fact: "f" })"), "") << cohort.why();
  EXPECT_TRUE(cohort.records().at(0).has_facts_noted());
  EXPECT_EQ(cohort.category(), "") << "what it is computed from is gone";
  EXPECT_EQ(cohort.of("a").wake_at, calendar::never);
  cohort.experienced("g", since(2022, 3, 15));
  EXPECT_EQ(cohort.where("a"), "joining.eligible") << "at once, in the commit that notes it";
  EXPECT_EQ(cohort.category(), "full");
  EXPECT_EQ(cohort.told(), 1);
  EXPECT_THAT(cohort.happened(), ElementsAre("started", "facts experience", "saved category", "facts experience", "facts experience", "saved category", "done"));
  EXPECT_EQ(cohort.of("a").version, version + 3) << "that facts were noted is nobody's to notice by a number";
}

TEST(Facts, ThatNobodyAsksForAreNotCopied) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 3, 15));
  cohort.begin();
  const std::uint64_t before = cohort.cohort().sequence;
  EXPECT_EQ(cohort.tell("by-a", R"(record_fact { organisation: "growers" fact { name: "registered" from { year: 2001 } note: "seen" } })"), "");
  EXPECT_EQ(cohort.cohort().sequence, before);
  EXPECT_THAT(cohort.of("a").bringers->organisation().facts(), ::testing::SizeIs(2));
  EXPECT_EQ(cohort.tell("by-a", R"(record_fact { organisation: "growers" fact { name: "founded" from { year: 2001 } note: "seen" } })"), "");
  for (const v1::Fact& fact : cohort.of("a").bringers->organisation().facts()) EXPECT_EQ(fact.note(), "") << "what only people read stays in the directory";
}

TEST(Facts, StopCountingOnTheDayAfterTheirAcceptanceIsOver) {
  Alliance cohort;
  cohort.experienced("f", since(2022, 1, 1), "until { year: 2026 month: 6 day: 30 }");
  cohort.begin();
  cohort.wait("2026-06-30 23:59");
  EXPECT_EQ(cohort.category(), "full");
  cohort.wait("2026-07-01 00:00");
  EXPECT_EQ(cohort.category(), "");
}

TEST(Facts, ThatAreRevokedCountNoMore) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 3, 15));
  cohort.begin();
  EXPECT_EQ(cohort.tell("clerk", R"(revoke_acceptance { organisation: "growers" fact: "f" })"), "") << cohort.why();
  cohort.wait("2026-04-01 00:00");
  EXPECT_EQ(cohort.where("a"), "joining.associate");
}

TEST(Facts, ThatANewVersionAsksForAreNotedWhenItGoesOver) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 3, 15));
  EXPECT_EQ(cohort.tell("by-a", R"(record_fact { organisation: "growers" fact { name: "registered" from { year: 2001 } } })"), "");
  cohort.begin();
  cohort.publish(testing::edited("alliance", {{"    founded:    Founded\n", "    founded:    Founded\n    registered: Registered\n"}}), "version-2");
  EXPECT_EQ(cohort.ask("manager", R"(start_migration { reason: "more to know" plan { path: "plan.yaml" text: "program: alliance\n" } })", "way"), "") << cohort.why();
  cohort.wait("2025-06-01 09:05");
  EXPECT_EQ(cohort.of("a").model->version(), "version-2");
  EXPECT_THAT(cohort.of("a").bringers->organisation().facts(), ::testing::SizeIs(3));
  EXPECT_EQ(cohort.tell("by-a", R"(record_fact { organisation: "growers" fact { name: "registered" from { year: 2002 } } })"), "");
  EXPECT_EQ(cohort.ask("manager", R"(undo_migration { reason: "enough known" })"), "") << cohort.why();
  cohort.wait("2025-06-01 09:10");
  EXPECT_EQ(cohort.of("a").model->version(), "version-of-alliance") << "facts that were noted meanwhile are no change of it";
  EXPECT_THAT(cohort.of("a").bringers->organisation().facts(), ::testing::SizeIs(2));
}

TEST(NoteFacts, IsTheLoopsAlone) {
  Alliance cohort;
  EXPECT_EQ(cohort.ask("manager", "note_facts {}"), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("", "note_facts {}"), "");
  EXPECT_THAT(cohort.records(), IsEmpty());
}

TEST(Eligibility, SaysWhatIsMissingAndFromWhenItWouldHold) {
  Alliance cohort("2024-04-01 09:00");
  cohort.experienced("f", since(2024, 2, 29));
  Eligibility found = eligibility(cohort.cohort(), cohort.world(), {"by-a", cohort.now}, "growers");
  ASSERT_EQ(found.unmet.size(), 1u);
  EXPECT_EQ(in_language(found.unmet[0].why, "en"), "Members have three months of experience");
  EXPECT_EQ(in_language(found.unmet[0].facts, "en"), "Experience: 29 February 2024; 3 months are complete on 29 May 2024.");
  EXPECT_EQ(found.unmet[0].will_hold_at, at("2024-05-29 00:00"));
  EXPECT_EQ(found.will_hold_at, at("2024-05-29 00:00"));
  EXPECT_EQ(cohort.ask("by-a", R"(start_initiative { organisation: "growers" })", "a"), "GUARD_FAILED");
  EXPECT_EQ(cohort.refusal().unmet[0].will_hold_at, found.will_hold_at);
  cohort.wait("2024-05-29 00:00");
  found = eligibility(cohort.cohort(), cohort.world(), {"by-a", cohort.now}, "growers");
  EXPECT_THAT(found.unmet, IsEmpty());
  EXPECT_EQ(found.will_hold_at, calendar::never);
  cohort.begin();
}

TEST(Eligibility, HasNoDayWhereMoreThanTimeIsMissing) {
  Alliance cohort("2024-04-01 09:00");
  cohort.organisation("young", {R"(name: "experience" from { year: 2024 month: 3 day: 1 } accepted { by: "clerk" })"});
  cohort.member("by-a", "young");
  const Eligibility found = eligibility(cohort.cohort(), cohort.world(), {"by-a", cohort.now}, "young");
  EXPECT_EQ(found.unmet.size(), 2u);
  EXPECT_EQ(found.will_hold_at, calendar::never) << "nobody knows when it was founded";
}

TEST(Eligibility, TurnsAwayAKindThatTheProgramIsNotFor) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 3, 15));
  EXPECT_EQ(cohort.tell("manager", R"(change_organisation { organisation: "growers" kind: "community" })"), "") << cohort.why();
  EXPECT_EQ(cohort.ask("by-a", R"(start_initiative { organisation: "growers" })", "a"), "PRECONDITION");
  EXPECT_EQ(cohort.why(), "This programme is for other kinds of applicants");
  EXPECT_EQ(cohort.tell("by-a", R"(change_organisation { organisation: "growers" kind: "network" })"), "");
  cohort.begin();
}

/// Two worlds that differ only in the facts of an organisation answer a stranger alike, whatever she tries.
TEST(Eligibility, IsNothingThatAStrangerLearnsAnythingFrom) {
  Alliance one, other;
  one.experienced("f", since(2020, 1, 1));
  for (Alliance* world : {&one, &other}) {
    EXPECT_FALSE(may_ask(world->cohort(), world->world(), {"stranger", world->now}, "growers"));
    EXPECT_TRUE(may_ask(world->cohort(), world->world(), {"by-a", world->now}, "growers"));
    EXPECT_TRUE(may_ask(world->cohort(), world->world(), {"manager", world->now}, "growers"));
    EXPECT_EQ(world->ask("stranger", R"(start_initiative { organisation: "growers" })", "x"), "FORBIDDEN");
    EXPECT_EQ(world->why(), "Only members of the organisation and who runs the programme may do this");
    EXPECT_THAT(world->unmet(), IsEmpty());
  }
}

class Consortium : public Alliance {
 public:
  Consortium() {
    experienced("f", since(2024, 3, 15));
    for (const char* name : {"bakers", "weavers", "abroad"}) organisation(name, {});
    EXPECT_EQ(tell("manager", R"(change_organisation { organisation: "bakers" country: "GE" })"), "");
    EXPECT_EQ(tell("manager", R"(change_organisation { organisation: "weavers" country: "GE" })"), "");
    EXPECT_EQ(tell("manager", R"(change_organisation { organisation: "abroad" country: "LT" })"), "");
    begin();
  }
  std::string partners(const std::string& names, const std::string& who = "by-a") { return ask(who, "set_partners { initiative: \"a\" " + names + " }"); }
};

TEST(Partners, AreSetByTheApplicantAndReadByGuards) {
  Consortium cohort;
  EXPECT_EQ(cohort.ask("by-a", step("a", "together")), "GUARD_FAILED");
  EXPECT_THAT(cohort.unmet(), ElementsAre("Three carry it together"));
  EXPECT_EQ(cohort.partners(R"(partners: "bakers" partners: "abroad")"), "") << cohort.why();
  EXPECT_EQ(cohort.ask("by-a", step("a", "together")), "GUARD_FAILED");
  EXPECT_THAT(cohort.unmet(), ElementsAre("All of them are of Georgia"));
  EXPECT_EQ(cohort.partners(R"(partners: "bakers" partners: "weavers")"), "");
  EXPECT_THAT(partners_of(cohort.of("a")), ElementsAre("bakers", "weavers"));
  EXPECT_EQ(cohort.ask("by-a", step("a", "together")), "") << cohort.why();
}

TEST(Partners, MayComeWithTheStart) {
  Consortium cohort;
  EXPECT_EQ(cohort.ask("by-a", R"(start_initiative { organisation: "growers" partners: "bakers" })", "b"), "") << cohort.why();
  EXPECT_THAT(partners_of(cohort.of("b")), ElementsAre("bakers"));
}

TEST(Partners, AreRefusedWithASentence) {
  Consortium cohort;
  EXPECT_EQ(cohort.partners(R"(partners: "bakers")", "stranger"), "NOT_FOUND");
  EXPECT_EQ(cohort.partners(R"(partners: "bakers")", "clerk"), "FORBIDDEN");
  EXPECT_EQ(cohort.partners(R"(partners: "nobody")"), "NOT_FOUND");
  EXPECT_EQ(cohort.partners(R"(partners: "bakers" partners: "bakers")"), "INVALID");
  EXPECT_EQ(cohort.partners(R"(partners: "growers")"), "INVALID") << "the one that leads is no partner of itself";
  EXPECT_EQ(cohort.why(), "An organisation is named twice among those that carry the initiative");
  EXPECT_EQ(cohort.partners(R"(partners: "bakers" if_version: 7)"), "CONFLICT_VERSION");
  EXPECT_EQ(cohort.partners(""), "PRECONDITION") << "nothing would change";
  EXPECT_EQ(cohort.ask("by-a", R"(start_initiative { partners: "bakers" })", "b"), "GUARD_FAILED") << "no organisation, no facts";
}

TEST(Partners, AreInConflictLikeTheOneThatLeads) {
  Consortium cohort;
  cohort.give("reader", "reads");
  cohort.member("reads", "bakers");
  EXPECT_EQ(cohort.partners(R"(partners: "bakers" partners: "weavers")"), "");
  EXPECT_EQ(cohort.ask("by-a", step("a", "together")), "") << cohort.why();
  const std::string review = R"(open_task { initiative: "a" kind: "review" fields { name: "fit" value { number: 3 } } fields { name: "reach" value { number: 3 } } })";
  EXPECT_EQ(cohort.ask("reads", review, "r"), "CONFLICT_OF_INTEREST");
  cohort.give("reader", "far");
  EXPECT_EQ(cohort.ask("far", review, "r"), "") << cohort.why();
}

/// Two acronyms of one organisation, as in programmes.md: what one brought is the other's.
TEST(Merge, GoesOnResolvingEverywhere) {
  Alliance cohort;
  cohort.organisation("kedec", {R"(name: "founded" from { year: 2000 })"});
  cohort.organisation("edec", {R"(name: "experience" from { year: 2020 } accepted { by: "clerk" })"});
  cohort.people({"of-kedec", "of-edec"});
  cohort.member("of-kedec", "kedec");
  cohort.member("of-edec", "edec");
  const directory::Directory& directory = cohort.world().directory;
  EXPECT_EQ(cohort.ask("of-kedec", R"(start_initiative { organisation: "kedec" })", "a"), "GUARD_FAILED");
  EXPECT_EQ(cohort.tell("manager", R"(merge_organisations { kept: "edec" merged: "kedec" })"), "") << cohort.why();
  EXPECT_EQ(cohort.ask("of-kedec", R"(start_initiative { organisation: "kedec" })", "a"), "") << cohort.why();
  EXPECT_EQ(directory.organisation("kedec")->id, "edec");
  EXPECT_EQ(directory.entry("kedec")->facts.size(), 1u) << "nothing is erased";
  EXPECT_TRUE(directory.related("of-edec", "member", "kedec", cohort.now));
  EXPECT_TRUE(directory.related("of-kedec", "member", "edec", cohort.now));
  EXPECT_EQ(cohort.where("a"), "joining.eligible") << "the experience of the one is the other's";
}

TEST(Merge, ReachesWhatWasBroughtBefore) {
  Alliance cohort;
  cohort.experienced("f", since(2024, 12, 1));
  cohort.begin();
  cohort.organisation("older", {R"(name: "experience" from { year: 2010 } accepted { by: "clerk" })"});
  EXPECT_EQ(cohort.tell("manager", R"(merge_organisations { kept: "older" merged: "growers" })"), "") << cohort.why();
  EXPECT_THAT(cohort.of("a").bringers->organisation().facts(), ::testing::SizeIs(3));
}

}  // namespace
}  // namespace kvali::cohort
