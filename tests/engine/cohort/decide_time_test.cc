// The rules of decide, one sentence each: time, people, exceptions, many at once.
#include "engine/cohort/zone_table.h"
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort {
namespace {

using testing::Accelerator;
using testing::application;
using testing::Garden;
using testing::nobody;
using testing::reason;
using testing::step;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --- time

TEST(Decide, RemindsInTheMorningSevenDaysBefore) {
  Accelerator cohort;
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "2016-12-11 08:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.2"), "2016-12-17 08:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-19 00:00");
  cohort.wait("2016-12-11 07:59");
  EXPECT_THAT(cohort.letters(), IsEmpty());
  cohort.wait("2016-12-11 08:00");
  EXPECT_THAT(cohort.letters(), ElementsAre("reminder to by-a"));
}

TEST(Decide, ArmsNoReminderThatIsPast) {
  Accelerator cohort(nobody);
  cohort.people({"by-a"});
  cohort.wait("2016-12-14 12:00");
  ASSERT_EQ(cohort.ask("by-a", application("taurage"), "a"), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.2"), "2016-12-17 08:00");
}

TEST(Decide, ExtendsForOneInitiative) {
  Accelerator cohort{"a", "b"};
  const auto extend = [](const std::string& day) {
    return "extend_deadline { initiative: \"a\" state: \"application.draft\" to { year: 2016 month: 12 day: " + day + " } reason: \"Ill\" }";
  };
  EXPECT_EQ(cohort.ask("by-a", extend("22")), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("manager", extend("17")), "INVALID");
  EXPECT_EQ(cohort.why(), "A deadline is only moved to a later day");
  EXPECT_EQ(cohort.ask("manager", extend("22")), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-23 00:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "2016-12-15 08:00");
  EXPECT_EQ(cohort.due("b", "application.draft", "deadline"), "2016-12-19 00:00");
  cohort.wait("2016-12-20 12:00");
  EXPECT_EQ(cohort.where("b"), "application.lapsed");
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "");
}

TEST(Decide, ExtendsForOneLocality) {
  Accelerator cohort{"a"};
  cohort.people({"by-k", "by-l"});
  ASSERT_EQ(cohort.ask("by-k", application("kelme"), "k"), "");
  EXPECT_EQ(cohort.ask("manager", R"(extend_deadline { locality: "kelme" state: "application.draft" to { year: 2016 month: 12 day: 22 } reason: "Flood" })"), "");
  EXPECT_EQ(cohort.due("k", "application.draft", "deadline"), "2016-12-23 00:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-19 00:00");
  ASSERT_EQ(cohort.ask("by-l", application("kelme"), "l"), "");
  EXPECT_EQ(cohort.due("l", "application.draft", "deadline"), "2016-12-23 00:00") << "who comes later has it too";
}

TEST(Decide, RevivesNobodyByExtendingWhatIsPast) {
  Accelerator cohort{"a"};
  cohort.now = testing::at("2016-12-19 09:00");
  EXPECT_EQ(cohort.ask("manager", R"(extend_deadline { state: "application.draft" to { year: 2016 month: 12 day: 22 } reason: "Flood" })"), "");
  EXPECT_EQ(cohort.where("a"), "application.lapsed");
}

TEST(Decide, MovesDeadlinesWithTheirDate) {
  Accelerator cohort{"a"};
  EXPECT_EQ(cohort.ask("manager", R"(set_parameter { name: "application_closes" value { date { year: 2016 month: 12 day: 21 } } reason: "More time" })"), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-22 00:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "2016-12-14 08:00");
}

TEST(Values, RefuseADayThatTheZoneLeaptOver) {
  v1::Field field;
  field.set_name("closes");
  field.set_type(v1::Field::DATE);
  const auto says = [&](const Cohort& cohort, int day) {
    v1::Value value;
    *value.mutable_date() = date_of(calendar::Date{2011, 12, day});
    const auto fault = fault_of(cohort, field, value);
    return fault ? in_language(fault->why, "en") : "";
  };
  Cohort samoa;
  const Accelerator vilnius;
  samoa.zone = {"Pacific/Apia", "2024a", -36'000, {{calendar::parse_instant("2011-12-30T10:00:00Z").value(), 50'400, "+14"}}};
  EXPECT_EQ(says(samoa, 29), "");
  EXPECT_EQ(says(samoa, 30), "closes: 2011-12-30 is no date") << "the day at the date line that nobody there lived through";
  EXPECT_EQ(says(samoa, 31), "");
  EXPECT_EQ(says(vilnius.cohort(), 30), "");
}

TEST(Decide, CountsTenWorkingDaysOverChristmas) {
  Accelerator cohort{"a"};
  cohort.wait("2016-12-16 10:00");  // a Friday; the 26th is a holiday
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "");
  EXPECT_EQ(cohort.due("a", "application.screening", "deadline"), "2017-01-03 00:00");
}

TEST(Decide, FiresWhatWasMissedInOrderAndEachOnce) {
  Garden cohort{"a"};
  cohort.now = testing::at("2017-01-25 12:00");
  EXPECT_EQ(cohort.ask("", "channel: TIME pass_time {}"), "");
  EXPECT_EQ(cohort.where("a"), "choosing.late");
  EXPECT_THAT(cohort.letters(), ElementsAre("reminder to by-a", "reminder to by-a"));
  EXPECT_EQ(cohort.ask("", "channel: TIME pass_time {}"), "");
  EXPECT_THAT(cohort.records(), IsEmpty());
}

TEST(Decide, KeepsRemainingTimeByHistory) {
  Garden cohort{"a"};
  cohort.give("mentor", "mentor", "utena");
  cohort.queue({"a"});
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline"), "2017-01-21 00:00");
  cohort.wait("2017-01-13 12:00");
  EXPECT_EQ(cohort.ask("by-a", step("a", "pause")), "");
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline"), "");
  cohort.wait("2017-01-19 12:00");
  EXPECT_EQ(cohort.where("a"), "growing.paused");
  EXPECT_EQ(cohort.ask("by-a", step("a", "resume")), "");
  EXPECT_EQ(cohort.where("a"), "growing.working.digging");
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline"), "2017-01-27 00:00") << "seven and a half days were left";
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline.remind.1"), "2017-01-23 08:00");
}

TEST(Decide, GoesOnByItselfWhenWhatIsWrittenAllowsIt) {
  Garden cohort{"a"};
  EXPECT_EQ(cohort.ask("by-a", step("a", "apply")), "");
  EXPECT_EQ(cohort.where("a"), "choosing.sorted");
  EXPECT_EQ(cohort.ask("by-a", R"(save_fields { initiative: "a" fields { name: "organic" value { flag: true } } })"), "");
  EXPECT_EQ(cohort.where("a"), "choosing.sorted");
  EXPECT_EQ(cohort.ask("by-a", R"(save_fields { initiative: "a" fields { name: "size" value { number: 4 } } })"), "");
  EXPECT_EQ(cohort.where("a"), "choosing.queue");
}

TEST(Decide, HoldsThePlaceOfADecisionThatLeadsIntoAStage) {
  Garden cohort{"a", "b", "c"};
  cohort.give("mentor", "mentor", "utena");
  for (const char* one : {"a", "b", "c"}) EXPECT_EQ(cohort.ask(std::string("by-") + one, step(one, "apply")), "");
  EXPECT_EQ(cohort.ask("mentor", step("a", "sow")), "");
  EXPECT_EQ(cohort.ask("manager", step("b", "sow")), "");
  EXPECT_EQ(cohort.of("a").places.size(), 2u) << "a bed and a set of tools";
  EXPECT_EQ(cohort.ask("manager", step("c", "sow")), "QUOTA_FULL");
  EXPECT_EQ(cohort.why(), "All beds of the village are taken");
  EXPECT_EQ(cohort.ask("manager", "publish_decisions {}"), "");
  EXPECT_EQ(cohort.where("a"), "growing.working.digging");
}

TEST(Decide, OpensReportsByTheMonthAndEndsWithTheLast) {
  Garden cohort{"a"};
  cohort.give("mentor", "mentor", "utena");
  cohort.queue({"a"});
  cohort.wait("2017-03-01 12:00");
  EXPECT_EQ(cohort.ask("by-a", step("a", "dug")), "");
  EXPECT_EQ(cohort.ask("mentor", step("a", "planted")), "GUARD_FAILED");
  EXPECT_EQ(cohort.ask("mentor", R"(open_task { initiative: "a" kind: "visits" fields { name: "minutes" value { number: 30 } } })"), "");
  EXPECT_EQ(cohort.ask("mentor", step("a", "planted")), "");
  EXPECT_EQ(cohort.where("a"), "harvest.reporting");
  const auto hand_in = [&](const std::string& key) {
    return cohort.ask("by-a", step("a", "hand_in", "task: \"" + key + "\" fields { name: \"kilos\" value { number: 3 } }"));
  };
  cohort.wait("2017-03-22 23:59");
  EXPECT_TRUE(cohort.of("a").tasks.size() == 1u) << "the visit";
  cohort.wait("2017-03-23 00:00");  // planned for the end of the 1st of April, open ten days before
  ASSERT_EQ(cohort.of("a").tasks.size(), 2u);
  EXPECT_EQ(cohort.of("a").tasks[1].key, "yield/1");
  EXPECT_EQ(hand_in("yield/1"), "");
  EXPECT_EQ(hand_in("yield/1"), "PRECONDITION");
  cohort.wait("2017-06-01 12:00");
  EXPECT_EQ(cohort.of("a").tasks.size(), 4u);
  EXPECT_THAT(cohort.letters(), Contains("overdue to by-a"));
  EXPECT_EQ(hand_in("yield/3"), "");
  EXPECT_EQ(cohort.where("a"), "harvest.reporting");
  EXPECT_EQ(hand_in("yield/2"), "");
  EXPECT_EQ(cohort.where("a"), "harvest.eaten");
  EXPECT_EQ(cohort.of("a").end, v1::State::SUCCESS);
}

// --- people

TEST(Decide, LoadLimit) {
  Accelerator cohort(nobody);
  cohort.people({"expert"});
  const auto assign = [](const std::string& locality, const std::string& more = {}) {
    return "assign_role { person: \"expert\" role: \"mentor\" locality: \"" + locality + "\" " + more + " }";
  };
  EXPECT_EQ(cohort.ask("manager", assign("utena"), "one"), "");
  EXPECT_EQ(cohort.ask("manager", assign("birzai"), "two"), "");
  EXPECT_EQ(cohort.ask("manager", assign("akmene")), "LIMIT") << "eight initiatives, four places a locality";
  EXPECT_EQ(cohort.why(), "Expert would carry 12 initiatives, at most 8 are agreed");
  EXPECT_EQ(cohort.ask("manager", assign("akmene", "load_max: 12"), "three"), "");
}

TEST(Decide, GivesRolesByWhoMayAssign) {
  Accelerator cohort(nobody);
  cohort.people({"expert"});
  EXPECT_EQ(cohort.ask("coordinator-kelme", R"(assign_role { person: "expert" role: "mentor" locality: "kelme" })"), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "nobody" role: "mentor" locality: "kelme" })"), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "expert" role: "mentor" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "expert" role: "mentor" locality: "riga" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "expert" role: "cook" locality: "kelme" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "mentor-kelme" role: "mentor" locality: "kelme" })"), "PRECONDITION");
}

TEST(Decide, SubstituteIsTold) {
  Accelerator cohort{"a"};
  cohort.assess({"a"});
  cohort.decided({"a"});
  EXPECT_EQ(cohort.ask("by-a", step("a", "accept")), "");
  cohort.wait("2017-01-17 09:00");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "mentor-kelme" role: "mentor" locality: "taurage" substitute_for: "mentor/mentor-taurage/taurage" until_us: 1488290400000000 })", "sub"), "");
  const std::string plan = std::string(60, 'p');
  EXPECT_EQ(cohort.ask("by-a", step("a", "hand_in", "fields { name: \"plan\" value { text: \"" + plan + "\" } }")), "");
  EXPECT_THAT(cohort.letters(), Contains("project_handed_in to mentor-taurage"));
  EXPECT_THAT(cohort.letters(), Contains("project_handed_in to mentor-kelme"));
  EXPECT_EQ(cohort.ask("mentor-kelme", step("a", "return", reason)), "");
  cohort.wait("2017-03-01 09:00");
  EXPECT_EQ(cohort.ask("mentor-kelme", R"(open_task { initiative: "a" kind: "meetings" fields { name: "date" value { date { year: 2017 month: 2 day: 1 } } } fields { name: "minutes" value { number: 30 } } })"), "NOT_FOUND")
      << "it was until the end of February";
}

TEST(Decide, AsksAReaderOnceAndNoneOfTheSamePlace) {
  Accelerator cohort{"a"};
  cohort.give("reviewer", "coordinator-taurage");
  cohort.assess({"a"});
  const std::string review = R"(open_task { initiative: "a" kind: "review" fields { name: "impact" value { number: 4 } }
    fields { name: "feasibility" value { number: 4 } } fields { name: "team" value { number: 5 } } })";
  EXPECT_EQ(cohort.ask("coordinator-taurage", review), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(cohort.ask("reader", R"(open_task { initiative: "a" kind: "review" fields { name: "impact" value { number: 6 } } })"), "INVALID");
  EXPECT_EQ(cohort.ask("reader", R"(open_task { initiative: "a" kind: "review" fields { name: "impact" value { number: 4 } } })"), "INVALID");
  EXPECT_EQ(cohort.ask("reader", review), "");
  EXPECT_EQ(cohort.ask("reader", review), "PRECONDITION");
}

TEST(Decide, LateAdmissionNeedsTwoPersons) {
  Accelerator cohort{"a"};
  cohort.wait("2016-12-19 00:00");
  ASSERT_EQ(cohort.where("a"), "application.lapsed");
  const std::string propose = R"(propose_exception { initiative: "a" to: "application.screening" reason { text: "No connection" } })";
  EXPECT_EQ(cohort.ask("by-a", propose), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("manager", R"(propose_exception { initiative: "a" to: "application.screening" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(propose_exception { initiative: "a" to: "application.nowhere" reason { text: "x" } })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", propose), "");
  EXPECT_EQ(cohort.where("a"), "application.lapsed");
  EXPECT_EQ(cohort.ask("manager", R"(confirm_exception { initiative: "a" })"), "FORBIDDEN");
  EXPECT_EQ(cohort.why(), "A second person has to confirm this");
  EXPECT_EQ(cohort.ask("second", R"(confirm_exception { initiative: "a" })"), "");
  EXPECT_EQ(cohort.where("a"), "application.screening");
  EXPECT_FALSE(cohort.of("a").ended());
  EXPECT_EQ(cohort.ask("second", R"(confirm_exception { initiative: "a" })"), "PRECONDITION");
}

TEST(Decide, MakesNoExceptionFromTheQuota) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  cohort.decided({"a", "b", "c", "d"});
  const std::string propose = R"(propose_exception { initiative: "e" to: "mentoring" reason { text: "Please" } })";
  EXPECT_EQ(cohort.ask("manager", propose), "QUOTA_FULL");
  EXPECT_EQ(cohort.ask("by-a", step("a", "withdraw", reason)), "");
  EXPECT_EQ(cohort.ask("manager", propose), "");
  EXPECT_EQ(cohort.ask("second", R"(decline_exception { initiative: "e" })"), "");
  EXPECT_EQ(cohort.ask("second", R"(confirm_exception { initiative: "e" })"), "PRECONDITION");
}

// --- many at once, and what is not there

TEST(Decide, MovesManyOrNone) {
  Accelerator cohort{"a", "b", "c"};
  for (const char* one : {"a", "b"}) EXPECT_EQ(cohort.ask(std::string("by-") + one, step(one, "submit")), "");
  const std::string all = R"(bulk_move { move: "pass" initiatives: "a" initiatives: "b" initiatives: "c" })";
  EXPECT_EQ(cohort.ask("mentor-taurage", all), "FORBIDDEN") << "who may not pass one passes no many";
  EXPECT_EQ(cohort.ask("manager", all), "PRECONDITION") << "one of them is not there yet";
  EXPECT_EQ(cohort.where("a"), "application.screening");
  EXPECT_EQ(cohort.ask("manager", R"(bulk_move { move: "pass" initiatives: "a" initiatives: "b" })"), "");
  EXPECT_EQ(cohort.where("b"), "application.assessment");
}

TEST(Decide, WaitsForNothingOnceItHasEnded) {
  Accelerator cohort{"a"};
  cohort.assess({"a"});
  cohort.decided({"a"});
  EXPECT_EQ(cohort.ask("by-a", step("a", "accept")), "");
  cohort.wait("2017-04-01 00:00");
  EXPECT_EQ(cohort.where("a"), "mentoring.unfinished");
  EXPECT_THAT(cohort.of("a").at.timers, IsEmpty());
  // An exception brings it back into the stage it never left: its deadline is armed again, and past it fires again.
  cohort.ask("manager", R"(set_parameter { name: "mentoring_ends" value { date { year: 2017 month: 4 day: 10 } } reason: "Illness" })");
  EXPECT_EQ(cohort.ask("manager", R"(propose_exception { initiative: "a" to: "mentoring" reason { text: "Illness" } })"), "") << cohort.why();
  EXPECT_EQ(cohort.ask("second", R"(confirm_exception { initiative: "a" })"), "") << cohort.why();
  EXPECT_EQ(cohort.due("a", "mentoring", "deadline"), "2017-04-11 00:00");
}

TEST(Decide, SaysThatTimeWasFaster) {
  Accelerator cohort{"a"};
  cohort.now = testing::at("2016-12-20 09:00");
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "DEADLINE_PASSED");
  EXPECT_EQ(cohort.ask("manager", R"(bulk_move { initiatives: "a" move: "submit" })"), "DEADLINE_PASSED") << "one of many as well";
}

TEST(Decide, KnowsNothingOfWhatIsNotThere) {
  Accelerator cohort{"a"};
  EXPECT_EQ(cohort.ask("manager", step("z", "submit")), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", step("a", "fly")), "PRECONDITION");
  EXPECT_EQ(cohort.why(), "fly is not possible from here");
  EXPECT_EQ(cohort.ask("manager", R"(make_move { initiative: "a" move: "submit" task: "review/1" })"), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", "set_parameter { name: \"weather\" value { text: \"fine\" } }"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", "publish_decisions {}"), "PRECONDITION");
  EXPECT_EQ(cohort.ask("manager", R"(drop_decision { initiative: "a" })"), "PRECONDITION");
  EXPECT_EQ(cohort.ask("manager", "move_clock { to_us: 1500000000000000 }"), "PRECONDITION");
  EXPECT_EQ(cohort.ask("manager", R"(open_cohort { name: "season" program: "socifaction-2017" })"), "PRECONDITION");
}

TEST(Decide, MovesARehearsalsClockThroughEverythingThatIsDue) {
  Accelerator cohort({"a"}, {"socifaction-2017", "2016-11-14 09:00", true, ""});
  EXPECT_EQ(cohort.ask("manager", "move_clock { to_us: " + std::to_string(testing::at("2016-12-20 12:00")) + " }"), "");
  EXPECT_EQ(cohort.where("a"), "application.lapsed");
  EXPECT_THAT(cohort.letters(), ElementsAre("reminder to by-a", "reminder to by-a"));
  const History& happened = cohort.cohort().happenings[0];
  ASSERT_EQ(happened.size(), 4u);
  EXPECT_EQ(std::next(happened.begin())->at, testing::at("2016-12-11 08:00"));
  EXPECT_EQ(happened.back().at, testing::at("2016-12-19 00:00"));
  EXPECT_EQ(cohort.of("a").last_activity, testing::at("2016-12-19 00:00"));
  EXPECT_EQ(cohort.ask("manager", "move_clock { to_us: " + std::to_string(testing::at("2016-12-20 11:59")) + " }"), "INVALID");
  EXPECT_EQ(cohort.ask("by-a", "move_clock { to_us: " + std::to_string(testing::at("2017-12-20 11:59")) + " }"), "FORBIDDEN");
}

}  // namespace
}  // namespace kvali::cohort
