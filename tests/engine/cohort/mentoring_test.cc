// Mentoring: who takes what by need and load, whose minutes they are, what an entry that stays open lets and forbids.
#include <fmt/format.h>

#include <map>

#include "engine/cohort/facts.h"
#include "engine/cohort/mentoring.h"
#include "engine/program/program.h"
#include "tests/engine/cohort/mentoring.h"

namespace kvali::cohort::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Mentoring : public ::testing::Test {
 protected:
  [[nodiscard]] std::string mentors(const std::string& initiative) const {
    return fmt::format("{}", fmt::join(holders(cohort.cohort(), cohort.of(initiative), "mentor", cohort.now), ", "));
  }
  [[nodiscard]] const v1::AssignmentsDrawn& drawn() const {
    static const v1::AssignmentsDrawn none;
    for (const v1::Record& record : cohort.records())
      if (record.has_assignments_drawn()) return record.assignments_drawn();
    return none;
  }
  Mentored cohort;
};

TEST_F(Mentoring, IsGivenToManyWithLoadsAsEvenAsCanBe) {
  std::vector<std::string> all;
  const char* const towns[] = {"kelme", "silute", "rokiskis"};
  for (int i = 0; i < 11; ++i) {
    all.push_back(fmt::format("i{}", i));
    cohort.bring(all.back(), fmt::format("by-{}", i), towns[i % 3]);
  }
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "mentor" way: BALANCED persons: "mia" persons: "max" persons: "mo" })"), "") << cohort.why();
  std::map<std::string, int> loads;
  for (const std::string& one : {std::string("mia"), std::string("max"), std::string("mo")})
    loads[one] = static_cast<int>(load_of(cohort.cohort(), "mentor", one, cohort.now));
  EXPECT_THAT(loads, ElementsAre(std::pair("max", 3), std::pair("mia", 3), std::pair("mo", 3))) << "mia had one already";
  EXPECT_EQ(drawn().assigned(), 8u);
  EXPECT_EQ(drawn().shortfall_size(), 4) << "12 have nobody, and there is room for 8";
  for (const auto& one : drawn().shortfall()) {
    EXPECT_EQ(one.missing(), 1u);
    EXPECT_EQ(one.at_limit(), 3u);
    EXPECT_EQ(mentors(one.initiative()), "");
  }
  EXPECT_EQ(cohort.records().back().assignments_drawn().seed(), drawn().seed());
}

TEST_F(Mentoring, CountsLocalitiesWithTheirPlaces) {
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "visitor" way: BALANCED localities: "taurage" localities: "kelme" localities: "silute" persons: "max" })"), "") << cohort.why();
  EXPECT_EQ(drawn().assigned(), 2u) << "8 initiatives at most, 4 in each town";
  ASSERT_EQ(drawn().shortfall_size(), 1);
  EXPECT_EQ(drawn().shortfall(0).at_limit(), 1u);
  EXPECT_EQ(load_of(cohort.cohort(), "visitor", "max", cohort.now), 8u);
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "visitor" way: BY_NEED localities: "utena" persons: "mo" })"), "");
  EXPECT_EQ(drawn().shortfall(0).not_competent(), 1u) << "nobody said that she knows Utena";
  EXPECT_EQ(cohort.ask("manager", R"(set_competences { person: "mo" competences { field: "town" values: "utena" } })"), "");
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "visitor" way: BY_NEED localities: "utena" })"), "");
  EXPECT_EQ(drawn().assigned(), 1u);
}

TEST_F(Mentoring, DrawsTheSameFromTheSameSeed) {
  Mentored other;
  for (Mentored* one : {&cohort, &other}) {
    for (int i = 0; i < 4; ++i) one->bring(fmt::format("i{}", i), fmt::format("by-{}", i), "kelme");
    EXPECT_EQ(one->ask("manager", R"(assign_many { role: "mentor" way: BALANCED persons: "max" persons: "mo" })", "seed"), "");
  }
  for (const char* one : {"b", "i0", "i1", "i2", "i3"}) EXPECT_EQ(mentors(one), fmt::format("{}", fmt::join(holders(other.cohort(), other.of(one), "mentor", other.now), ", ")));
}

TEST_F(Mentoring, GivesNobodyWhatSheBroughtHerself) {
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "mentor" way: BALANCED initiatives: "b" persons: "ben" })"), "");
  EXPECT_EQ(drawn().shortfall(0).in_conflict(), 1u);
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "mentor" way: BY_HAND initiatives: "b" persons: "max" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "mentor" way: BALANCED initiatives: "z" })"), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", R"(assign_many { role: "mentor" way: BALANCED persons: "nobody" })"), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("mia", R"(assign_many { role: "mentor" way: BALANCED })"), "FORBIDDEN");
}

TEST_F(Mentoring, CountsMinutesForWhoDidItWhoeverWroteThemDown) {
  EXPECT_EQ(cohort.ask("mia", session("a", 40)), "") << cohort.why();
  v1::Command paper;
  v1::OpenTaskItem& item = *paper.mutable_open_task();
  item.set_initiative("a");
  item.set_kind("sessions");
  v1::FieldInput& date = *item.add_fields();
  date.set_name("date");
  date.mutable_value()->mutable_date()->set_year(2017);
  date.mutable_value()->mutable_date()->set_month(1);
  date.mutable_value()->mutable_date()->set_day(21);
  v1::FieldInput& minutes = *item.add_fields();
  minutes.set_name("minutes");
  minutes.mutable_value()->set_number(30);
  paper.set_on_behalf_of("mia");
  paper.set_channel(v1::PAPER);
  EXPECT_EQ(cohort.ask("manager", paper), "") << cohort.why();
  EXPECT_EQ(logged_by(cohort.cohort(), "mia").minutes, 70);
  EXPECT_EQ(logged_by(cohort.cohort(), "mia").sessions, 2u);
  EXPECT_EQ(logged_by(cohort.cohort(), "manager").minutes, 0);
  EXPECT_EQ(cohort.ask("manager", R"(end_assignment { assignment: "m-a" })"), "");
  EXPECT_EQ(logged_by(cohort.cohort(), "mia").minutes, 70) << "what she did stays hers";
}

TEST_F(Mentoring, LetsABudgetOfMinutesGateAMove) {
  EXPECT_EQ(cohort.ask("mia", session("a", 200)), "");
  EXPECT_EQ(cohort.ask("manager", R"(set_parameter { name: "minutes_agreed" value { number: 180 } })"), "");
  EXPECT_EQ(cohort.ask("mia", step("a", "finish")), "GUARD_FAILED");
  EXPECT_THAT(cohort.unmet(), ElementsAre("At least one goal is reached", "The mentor has no minutes left"));
  EXPECT_EQ(cohort.ask("mia", session("a", 10)), "") << "what was held can be written down";
  EXPECT_EQ(cohort.ask("manager", R"(set_parameter { name: "minutes_agreed" value { number: 240 } })"), "");
  EXPECT_EQ(cohort.ask("mia", step("a", "finish")), "GUARD_FAILED");
  EXPECT_THAT(cohort.unmet(), ElementsAre("At least one goal is reached"));
}

TEST_F(Mentoring, HidesFromOthersWhatAMentorDoesElsewhere) {
  EXPECT_EQ(cohort.ask("mia", session("a", 200)), "");
  EXPECT_EQ(cohort.ask("manager", R"(set_parameter { name: "minutes_agreed" value { number: 180 } })"), "");
  EXPECT_EQ(cohort.ask("mia", step("a", "finish")), "GUARD_FAILED");
  EXPECT_EQ(cohort.facts().back(), "") << "the figures behind it are for who runs the cohort";
  EXPECT_EQ(cohort.ask("manager", step("a", "finish")), "GUARD_FAILED");
  EXPECT_NE(cohort.facts().back(), "");
}

TEST_F(Mentoring, LetsOnlyItsAuthorReadANoteOfHers) {
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "mo" role: "mentor" initiative: "a" })"), "");
  EXPECT_EQ(cohort.ask("mia", session("a", 40)), "");
  const Initiative& one = cohort.of("a");
  const TaskModel& kind = *one.model->task("sessions");
  const Task& task = *one.task("sessions/1");
  std::map<std::string, std::string> read;
  for (const char* person : {"mia", "mo", "manager", "ann", "ben"})
    for (const v1::Field& field : kind.kind->fields())
      if (may_field_of(cohort.cohort(), cohort.world(), {person, cohort.now}, one, task, field) && (field.name() == "own" || field.name() == "team" || field.name() == "summary"))
        read[person] += field.name() + " ";
  EXPECT_THAT(read, ElementsAre(std::pair("ann", "summary "), std::pair("manager", "summary team "), std::pair("mia", "summary team own "), std::pair("mo", "summary team ")));
}

TEST_F(Mentoring, AsksTheOtherPartyAndAnotherPerson) {
  const std::string goal = R"(open_task { initiative: "a" kind: "goals" fields { name: "what" value { text: "Sell" } } fields { name: "day" value { date { year: 2017 month: 2 day: 10 } } } })";
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "mo" role: "mentor" initiative: "a" })"), "");
  EXPECT_EQ(cohort.ask("mia", goal), "") << cohort.why();
  EXPECT_EQ(cohort.ask("mo", step("a", "agree", "task: \"goals/1\"")), "FORBIDDEN") << "another mentor is the same party";
  EXPECT_EQ(cohort.why(), "The other side has to agree, and another person");
  EXPECT_EQ(cohort.ask("manager", step("a", "agree", "task: \"goals/1\"")), "") << "speaks for the applicant; " << cohort.why();
  EXPECT_EQ(cohort.stands("a", "goals/1"), "open");
}

TEST_F(Mentoring, ArmsTheDayOfAGoalOnceItStands) {
  const std::string goal = R"(open_task { initiative: "a" kind: "goals" fields { name: "what" value { text: "Sell" } } fields { name: "day" value { date { year: 2017 month: 1 day: 12 } } } })";
  EXPECT_EQ(cohort.ask("mia", goal), "");
  cohort.wait("2017-01-20 09:00");
  EXPECT_EQ(cohort.stands("a", "goals/1"), "proposed") << "what nobody agreed on is not missed";
  EXPECT_EQ(cohort.ask("ann", step("a", "agree", "task: \"goals/1\"")), "");
  cohort.wait("2017-01-20 10:00");
  EXPECT_EQ(cohort.stands("a", "goals/1"), "overdue");
  EXPECT_THAT(cohort.letters(), Contains("overdue to mia"));
  EXPECT_THAT(cohort.letters(), Not(Contains("reminder to mia"))) << "its day was past already";
}

TEST_F(Mentoring, LetsACallForHelpHoldAMoveUp) {
  EXPECT_EQ(cohort.ask("ann", R"(open_task { initiative: "a" kind: "calls" fields { name: "what" value { text: "Help" } } })"), "");
  EXPECT_EQ(cohort.ask("mia", session("a", 60)), "");
  EXPECT_EQ(cohort.ask("mia", step("a", "finish")), "GUARD_FAILED");
  EXPECT_THAT(cohort.unmet(), ElementsAre("At least one goal is reached", "Every call for help is answered"));
}

TEST_F(Mentoring, GoesOverToAnotherVersionWithWhatIsOpen) {
  const std::string goal = R"(open_task { initiative: "a" kind: "goals" fields { name: "what" value { text: "Sell" } } fields { name: "day" value { date { year: 2017 month: 2 day: 10 } } } })";
  EXPECT_EQ(cohort.ask("mia", goal), "");
  EXPECT_EQ(cohort.ask("ann", step("a", "agree", "task: \"goals/1\"")), "");
  EXPECT_EQ(cohort.ask("mia", goal), "");
  EXPECT_EQ(cohort.ask("mia", session("a", 40)), "");
  cohort.publish(edited("mentoring", {{"label: Being mentored", "label: Accompanied"}}), "v2");
  EXPECT_EQ(cohort.ask("manager", R"(start_migration { reason: "better" plan { path: "plan.yaml" text: "program: mentoring\n" } })", "way"), "") << cohort.why();
  while (cohort.cohort().migration.running()) ASSERT_EQ(cohort.ask("", "pass_time {} channel: TIME"), "");
  EXPECT_EQ(cohort.of("a").model->version(), "v2");
  EXPECT_EQ(cohort.stands("a", "goals/1"), "open");
  EXPECT_EQ(cohort.stands("a", "goals/2"), "proposed");
  EXPECT_EQ(logged_by(cohort.cohort(), "mia").minutes, 40);
  EXPECT_EQ(cohort.ask("ann", step("a", "agree", "task: \"goals/2\"")), "") << cohort.why();
  cohort.wait("2017-02-11 09:00");
  EXPECT_EQ(cohort.stands("a", "goals/1"), "overdue") << "its day went over with it";
}

TEST(MentoringPlan, RefusesToMakeWhatIsDoneAtOnceOfWhatStaysOpen) {
  Mentored cohort;
  cohort.publish(edited("mentoring", {{"            due: {within: 2 working days}\n", ""}, {"            tells: {manager: call_for_help}\n            closes:\n              answered: {label: Answered, by: manager, must_give: answer, tells: {applicant: call_answered}}\n", ""},
                                      {"              - {when: 'calls.all(c, c.state == \"answered\")', why: Every call for help is answered}\n", ""},
                                      {"  call_for_help: {subject: \"Help is wanted: {initiative.title}\", body: Somebody asks for help. It stands on the board until you answer it.}\n", ""},
                                      {"  call_answered: {subject: \"Your call was answered: {initiative.title}\", body: The answer stands beside your call.}\n", ""}}), "v2");
  EXPECT_NE(cohort.ask("manager", R"(start_migration { reason: "better" plan { path: "plan.yaml" text: "program: mentoring\n" } })", "way"), "");
  EXPECT_THAT(cohort.unmet(), Contains(HasSubstr("`calls` is another kind of task in the new version")));
}

}  // namespace
}  // namespace kvali::cohort::testing
