// Readers: given, given back, replaced; what they need to be; by when; and what their scores come to.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/cohort/reading.h"
#include "engine/cohort/scoring.h"
#include "tests/engine/cohort/practice.h"

namespace kvali::cohort {
namespace {

using testing::Practice;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Panel : public ::testing::Test {
 protected:
  Panel() : cohort({"panel", "2017-02-01 09:00", false, {}, {}, {}, testing::edited("panel", {})}) {
    cohort.people({"ann"});
    cohort.give("manager", "manager");  // letters go to who was given a role here
    for (const char* reader : {"ada", "bo", "cy", "di"}) cohort.give("reader", reader);
    for (const char* reader : {"pa", "pe", "pi"}) cohort.give("panelist", reader);
  }
  ~Panel() override {
    cohort.refold();
    EXPECT_THAT(cohort.broken(), IsEmpty());
  }

  void submit(const std::string& id, const std::string& language = "lt", const std::vector<std::string>& sectors = {}) {
    std::string all;
    for (const std::string& one : sectors) all += fmt::format("values {{ text: \"{}\" }} ", one);
    const std::string listed = sectors.empty() ? "" : fmt::format("fields {{ name: \"sectors\" value {{ list {{ {} }} }} }}", all);
    ASSERT_EQ(cohort.ask("ann", fmt::format(R"(start_initiative {{ fields {{ name: "title" value {{ text: "Tea" }} }} fields {{ name: "locality" value {{ text: "utena" }} }}
      fields {{ name: "language" value {{ text: "{}" }} }} fields {{ name: "problem" value {{ text: "None" }} }} {} }})", language, listed), id), "") << cohort.why();
    ASSERT_EQ(cohort.ask("ann", fmt::format("make_move {{ initiative: \"{}\" move: \"submit\" }}", id)), "") << cohort.why();
  }
  std::string assign(const std::string& way, const std::string& more = {}, const std::string& seed = "lots") {
    return cohort.ask("manager", fmt::format("assign_readers {{ review: \"reading\" way: {} {} }}", way, more), seed);
  }
  std::string score(const std::string& reader, const std::string& id, int need, int plan) {
    return cohort.ask(reader, fmt::format(R"(open_task {{ initiative: "{}" kind: "reading" fields {{ name: "need" value {{ number: {} }} }} fields {{ name: "plan" value {{ number: {} }} }}
      fields {{ name: "feedback" value {{ text: "Go on" }} }} }})", id, need, plan));
  }
  std::string talk(const std::string& reader, const std::string& id, int mark) {
    return cohort.ask(reader, fmt::format(R"(open_task {{ initiative: "{}" kind: "talk" fields {{ name: "all" value {{ number: {} }} }} }})", id, mark));
  }
  std::vector<std::string> readers(const std::string& id, const std::string& review = "reading") {
    std::vector<std::string> names;
    for (const Reading* one : readings_of(cohort.of(id), review)) names.push_back(one->reader);
    return names;
  }
  std::map<std::string, int> loads() {
    std::map<std::string, int> loads;
    for (const Initiative& one : cohort.cohort().initiatives)
      for (const Reading* reading : readings_of(one, "reading")) ++loads[reading->reader];
    return loads;
  }

  Practice cohort;
};

TEST_F(Panel, IsDrawnEvenlyAndTheSameFromTheSameSeed) {
  for (int i = 0; i < 4; ++i) submit(fmt::format("i{}", i));
  ASSERT_EQ(assign("BALANCED"), "");
  EXPECT_THAT(loads(), ElementsAre(std::pair("ada", 3), std::pair("bo", 3), std::pair("cy", 3), std::pair("di", 3)));
  EXPECT_EQ(cohort.records().size(), 4u);
  EXPECT_EQ(cohort.records()[0].readers_assigned().seed(), "lots");
  const std::vector<std::string> letters = cohort.letters();
  EXPECT_EQ(std::count(letters.begin(), letters.end(), "reading_assigned to ada"), 1) << "one letter, however many she gets";
  ASSERT_EQ(assign("BALANCED"), "") << "all have theirs";
  EXPECT_THAT(cohort.records(), IsEmpty());
}

TEST_F(Panel, NamesWhatIsMissing) {
  for (int i = 0; i < 8; ++i) submit(fmt::format("i{}", i));
  ASSERT_EQ(cohort.ask("ada", R"(declare_conflict { initiative: "i0" kind: FAMILY })"), "");
  ASSERT_EQ(assign("BALANCED"), "");
  // Four readers of at most four: 16 of 24, two for each.
  for (const v1::Record& record : cohort.records()) {
    EXPECT_EQ(record.readers_assigned().readers_size(), 2);
    EXPECT_EQ(record.readers_assigned().missing(), 1u);
    EXPECT_EQ(record.readers_assigned().in_conflict(), record.readers_assigned().initiative() == "i0" ? 1u : 0u);
  }
  EXPECT_THAT(readers("i0"), ::testing::Not(::testing::Contains("ada")));
  EXPECT_THAT(loads(), ElementsAre(std::pair("ada", 4), std::pair("bo", 4), std::pair("cy", 4), std::pair("di", 4)));
}

TEST_F(Panel, IsGivenToWhoIsCompetent) {
  submit("georgian", "ka", {"food", "care"});
  submit("plain", "lt");
  const auto can = [&](const char* who, const char* competences) {
    EXPECT_EQ(cohort.ask("manager", fmt::format("set_competences {{ person: \"{}\" {} }}", who, competences)), "") << cohort.why();
  };
  can("ada", R"(competences { field: "language" values: "ka" } competences { field: "sectors" values: "food" values: "care" values: "craft" })");
  can("bo", R"(competences { field: "language" values: "ka" values: "lt" } competences { field: "sectors" values: "food" })");
  can("cy", R"(competences { field: "language" values: "lt" })");
  ASSERT_EQ(assign("BY_NEED"), "");
  EXPECT_THAT(readers("georgian"), ElementsAre("ada"));
  EXPECT_THAT(readers("plain"), UnorderedElementsAre("bo", "cy"));
  EXPECT_EQ(cohort.records()[0].readers_assigned().missing(), 2u);
  EXPECT_EQ(cohort.records()[0].readers_assigned().not_competent(), 3u);
  EXPECT_EQ(cohort.ask("cy", R"(set_competences { competences { field: "language" values: "fr" } })"), "INVALID");
  EXPECT_EQ(cohort.ask("cy", R"(set_competences { competences { field: "colour" values: "lt" } })"), "INVALID");
  EXPECT_EQ(cohort.ask("cy", R"(set_competences { person: "bo" })"), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("ann", R"(set_competences { competences { field: "language" values: "lt" } })"), "") << "who brings one has something to do with the cohort";
}

TEST_F(Panel, ScoresOnlyByItsReaders) {
  submit("i");
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "ada" readers: "bo")"), "");
  EXPECT_EQ(score("cy", "i", 4, 4), "FORBIDDEN");
  EXPECT_EQ(score("ada", "i", 4, 4), "");
  EXPECT_EQ(score("ada", "i", 4, 4), "PRECONDITION");
  EXPECT_EQ(talk("pa", "i", 5), "") << "the other review was given to nobody, so it is open to all of its role";
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "ada")"), "PRECONDITION");
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "pa")"), "PRECONDITION") << "no reader";
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i")"), "INVALID");
  EXPECT_EQ(assign("BY_HAND", R"(readers: "ada")"), "INVALID");
  EXPECT_EQ(assign("BALANCED", R"(initiatives: "nobody")"), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", R"(assign_readers { review: "colour" way: BALANCED })"), "INVALID");
  EXPECT_EQ(cohort.ask("ada", R"(assign_readers { review: "reading" way: BALANCED })"), "FORBIDDEN");
}

TEST_F(Panel, RefusesToGiveItByHandToWhoHasAConflict) {
  submit("i");
  ASSERT_EQ(cohort.ask("ada", R"(declare_conflict { initiative: "i" kind: FRIENDSHIP })"), "");
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "ada")"), "CONFLICT_OF_INTEREST");
}

TEST_F(Panel, LooksForAnotherReaderWhenOneGivesItBack) {
  submit("i");
  ASSERT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "ada" readers: "bo")"), "");
  EXPECT_EQ(cohort.ask("cy", R"(decline_reading { initiative: "i" review: "reading" reason { text: "x" } })"), "PRECONDITION");
  EXPECT_EQ(cohort.ask("ada", R"(decline_reading { initiative: "i" review: "reading" })"), "INVALID");
  // A conflict that came up since does not keep her from giving it back.
  ASSERT_EQ(cohort.ask("ada", R"(declare_conflict { initiative: "i" kind: RIVALRY })"), "");
  for (const char* who : {"ada", "bo", "cy", "di"})
    ASSERT_EQ(cohort.ask("manager", fmt::format(R"(set_competences {{ person: "{}" competences {{ field: "language" values: "lt" }} }})", who)), "");
  ASSERT_EQ(cohort.ask("ada", R"(decline_reading { initiative: "i" review: "reading" reason { text: "I know them" } })"), "") << cohort.why();
  const std::vector<std::string> now = readers("i");
  ASSERT_EQ(now.size(), 2u);
  EXPECT_EQ(now[0], "bo");
  EXPECT_THAT(now[1], ::testing::AnyOf("cy", "di"));
  EXPECT_THAT(cohort.letters(), ::testing::Contains("reading_declined to manager"));
  EXPECT_EQ(cohort.of("i").readings[0].ended, "declined");
}

TEST_F(Panel, IsReplacedWithAReason) {
  submit("i");
  ASSERT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "ada")"), "");
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "bo" instead_of: "ada")"), "INVALID") << "why?";
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "bo" instead_of: "cy" reason: "Ill")"), "PRECONDITION") << "she reads it not";
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "bo" instead_of: "ada" reason: "Ill")"), "");
  EXPECT_THAT(readers("i"), ElementsAre("bo"));
  EXPECT_EQ(score("ada", "i", 4, 4), "FORBIDDEN");
  ASSERT_EQ(score("bo", "i", 4, 4), "");
  EXPECT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "cy" instead_of: "bo" reason: "Ill")"), "PRECONDITION") << "she has scored";
}

TEST_F(Panel, TakesTheMedianAndSaysWhetherReadersAgree) {
  submit("i");
  const TaskModel& reading = *cohort.of("i").model->task("reading");
  const auto agree = [&] { return std::string(agreement_of(cohort.cohort(), cohort.of("i"), reading)); };
  EXPECT_EQ(agree(), "");
  ASSERT_EQ(score("ada", "i", 5, 1), "");  // (3 * 5 + 1) / 4 = 4
  EXPECT_EQ(agree(), "positive");
  ASSERT_EQ(score("bo", "i", 1, 5), "");  // (3 + 5) / 4 = 2
  EXPECT_EQ(agree(), "conflicting");
  EXPECT_DOUBLE_EQ(score_of(cohort.cohort(), cohort.of("i"), reading).value(), 3);
  EXPECT_EQ(cohort.ask("manager", R"(make_move { initiative: "i" move: "select" })"), "GUARD_FAILED");
  EXPECT_THAT(cohort.unmet(), ElementsAre("The readers contradict one another"));
  ASSERT_EQ(score("cy", "i", 4, 4), "");
  EXPECT_DOUBLE_EQ(score_of(cohort.cohort(), cohort.of("i"), reading).value(), 4);
}

// Three panelists and two applications: pa 9 and 7, pe 3 and 1, pi 8 alone. All five: mean 5.6. Each of pa and pe has spread 1, all have
// sqrt(204 / 5 - 5.6^2) = sqrt(9.44); so pa and pe give 5.6 + 3.0725 to the first and 5.6 - 3.0725 to the second, and pi stays at 8.
TEST_F(Panel, BringsReadersToOneMeasureBeforeItTrims) {
  submit("i");
  submit("j");
  for (const auto& [who, first, second] : {std::tuple("pa", 9, 7), std::tuple("pe", 3, 1)}) {
    ASSERT_EQ(talk(who, "i", first), "");
    ASSERT_EQ(talk(who, "j", second), "");
  }
  ASSERT_EQ(talk("pi", "i", 8), "");
  const TaskModel& kind = *cohort.of("i").model->task("talk");
  const double spread = std::sqrt(9.44);
  EXPECT_NEAR(score_of(cohort.cohort(), cohort.of("i"), kind).value(), 5.6 + spread, 1e-9) << "8, 8.67 and 8.67 without the ends";
  EXPECT_NEAR(score_of(cohort.cohort(), cohort.of("j"), kind).value(), 5.6 - spread, 1e-9) << "of two the median";
}

TEST_F(Panel, RemindsItsReadersAndSaysWhoIsLate) {
  submit("i");
  ASSERT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "ada" readers: "bo")"), "");
  cohort.wait("2017-02-26 12:00");
  EXPECT_THAT(cohort.letters(), ::testing::Contains("reminder to ada"));
  EXPECT_THAT(cohort.letters(), ::testing::Not(::testing::Contains("reminder to cy"))) << "it was not given to her";
  ASSERT_EQ(score("ada", "i", 4, 4), "");
  cohort.wait("2017-03-02 12:00");
  EXPECT_THAT(cohort.letters(), ::testing::Contains("overdue to bo"));
  EXPECT_THAT(cohort.letters(), ::testing::Contains("overdue to manager"));
  EXPECT_THAT(cohort.letters(), ::testing::Not(::testing::Contains("overdue to ada"))) << "she has scored";
  ASSERT_EQ(score("bo", "i", 4, 4), "") << "late is late, and counts";
  const Task &early = cohort.of("i").tasks[0], &late = cohort.of("i").tasks[1];
  EXPECT_EQ(early.due, testing::at("2017-03-02 00:00"));
  EXPECT_LT(early.opened_at, early.due);
  EXPECT_GE(late.opened_at, late.due);
}

TEST_F(Panel, IsReadInTranslation) {
  submit("i");
  const auto translate = [&](const std::string& who, const std::string& field, const std::string& language) {
    return cohort.ask(who, fmt::format(R"(translate_field {{ initiative: "i" field: "{}" language: "{}" text {{ text: "In other words" }} }})", field, language));
  };
  EXPECT_EQ(translate("manager", "problem", "en"), "");
  EXPECT_EQ(translate("manager", "problem", "fr"), "INVALID");
  EXPECT_EQ(translate("manager", "locality", "en"), "INVALID") << "only texts";
  EXPECT_EQ(translate("ann", "problem", "en"), "FORBIDDEN");
  ASSERT_EQ(cohort.of("i").translations.size(), 1u);
  EXPECT_EQ(cohort.of("i").translations[0].by, "manager");
  EXPECT_EQ(cohort.ask("ada", R"(open_task { initiative: "i" kind: "reading" read_in: "en" fields { name: "need" value { number: 4 } } fields { name: "plan" value { number: 4 } }
    fields { name: "feedback" value { text: "Well" } } })"), "") << cohort.why();
  EXPECT_EQ(cohort.of("i").tasks[0].read_in, "en");
  EXPECT_EQ(cohort.ask("bo", R"(open_task { initiative: "i" kind: "reading" read_in: "fr" fields { name: "need" value { number: 4 } } fields { name: "plan" value { number: 4 } }
    fields { name: "feedback" value { text: "Well" } } })"), "INVALID");
}

TEST_F(Panel, GoesOverToANewVersionWithItsReaders) {
  submit("i");
  submit("j");
  ASSERT_EQ(assign("BY_HAND", R"(initiatives: "i" readers: "ada" readers: "bo")"), "");
  ASSERT_EQ(cohort.ask("manager", R"(assign_readers { review: "talk" way: BY_HAND initiatives: "i" readers: "pa" })"), "");
  ASSERT_EQ(score("ada", "i", 4, 4), "");
  ASSERT_EQ(cohort.ask("manager", R"(translate_field { initiative: "i" field: "problem" language: "en" text { text: "In other words" } })"), "");
  ASSERT_EQ(cohort.ask("manager", R"(set_competences { person: "ada" competences { field: "language" values: "lt" } })"), "");
  // The first review and two fields have another name, the second is gone.
  std::string text = testing::edited("panel", {{"reading.", "desk."}, {"          reading:", "          desk:"}, {"language", "tongue"}, {"problem", "trouble"}});
  text.replace(text.find("tongues: [en]"), 13, "languages: [en]");
  const std::size_t talk_at = text.find("          talk:"), moves_at = text.find("        moves:", talk_at);
  text.erase(talk_at, moves_at - talk_at);
  const std::size_t panelist = text.find("scope", text.find("  panelist:"));
  text.insert(panelist, "reads_only: true, ");  // without a review she only looks
  cohort.publish(text, "version-2");
  v1::Command command;
  command.mutable_start_migration()->set_version("version-2");
  command.mutable_start_migration()->set_reason("Names");
  command.mutable_start_migration()->mutable_plan()->set_path("plan.yaml");
  command.mutable_start_migration()->mutable_plan()->set_text("program: panel\ntasks: {reading: desk, talk: {drop: true}}\nfields: {language: tongue, problem: trouble}\n");
  const std::string code = cohort.ask("manager", std::move(command), "migration");
  ASSERT_EQ(code, "") << cohort.why() << ::testing::PrintToString(cohort.unmet());
  cohort.wait("2017-02-01 10:00");
  EXPECT_EQ(cohort.of("i").model->version(), "version-2");
  EXPECT_THAT(readers("i", "desk"), ElementsAre("ada", "bo"));
  EXPECT_EQ(cohort.of("i").readings[2].ended, "migrated");
  EXPECT_TRUE(has_scored(cohort.of("i"), "desk", "ada"));
  EXPECT_EQ(cohort.of("i").translations[0].field, "trouble");
  EXPECT_EQ(cohort.cohort().competences.at("ada").back().field(), "tongue");
}

}  // namespace
}  // namespace kvali::cohort
