// Several people choose: agreements, four eyes, votes, seats and terms, minutes.
#include <fmt/format.h>

#include "engine/cohort/gate.h"
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Choosing : public Practice {
 public:
  explicit Choosing(Names initiatives = {"a"}) : Practice({"choosing", "2017-01-10 09:00", false, ""}) {
    for (const char* one : {"manager", "second"}) give("manager", one);
    give("council", "mayor");
    for (const std::string one : initiatives) enter(one);
  }
  ~Choosing() override {
    refold();
    EXPECT_THAT(broken(), IsEmpty());
  }
  void enter(const std::string& one, int points = 5, const std::string& town = "taurage") {
    people({"by-" + one});
    EXPECT_EQ(ask("by-" + one,
                  fmt::format("start_initiative {{ fields {{ name: \"town\" value {{ text: \"{}\" }} }} fields {{ name: \"points\" value {{ number: {} }} }} "
                              "fields {{ name: \"budget\" value {{ number: 100 }} }} }}", town, points), one), "") << why();
    EXPECT_EQ(ask("by-" + one, step(one, "enter")), "") << why();
  }
  void seat(std::initializer_list<const char*> members) {
    for (const char* one : members) give("director", one);
  }
  std::string vote(const std::string& person, const std::string& choice, const std::string& more = {}) {
    return ask(person, "cast_vote { initiative: \"a\" choice: " + choice + " " + more + " }");
  }
  const Task& last(const std::string& initiative) const { return of(initiative).tasks[of(initiative).tasks.size() - 1]; }
  std::string state_of(const Task& task) const {
    const statechart::Chart& chart = *of("a").model->task(task.kind)->chart;
    return chart.path(statechart::atomic_states(chart, task.at.where).front());
  }
};

// --- agreements

TEST(Agreement, MakesTheMoveWhenEveryPartyHasAgreed) {
  Choosing one;
  EXPECT_EQ(one.ask("manager", step("a", "sign")), "");
  EXPECT_EQ(one.where("a"), "choosing.entered");
  EXPECT_EQ(one.last("a").role, "manager");
  EXPECT_EQ(one.ask("mayor", step("a", "sign")), "");
  EXPECT_EQ(one.where("a"), "choosing.signed");
  for (const Task& task : one.of("a").tasks) EXPECT_TRUE(task.finished);
}

TEST(Agreement, NeedsAnotherPersonForEachParty) {
  Choosing one;
  one.give("council", "manager");
  EXPECT_EQ(one.ask("manager", step("a", "sign")), "");
  EXPECT_EQ(one.ask("manager", step("a", "sign")), "PRECONDITION");
  EXPECT_EQ(one.why(), "You have agreed already; another person is awaited");
  EXPECT_EQ(one.ask("second", step("a", "sign")), "FORBIDDEN");
  EXPECT_EQ(one.why(), "What is missing is the agreement of: Municipality");
}

TEST(Agreement, IsTakenBackByWhoGaveIt) {
  Choosing one;
  EXPECT_EQ(one.ask("manager", step("a", "sign")), "");
  const std::string key = one.last("a").key;
  EXPECT_EQ(one.ask("second", step("a", "withdraw", "task: \"" + key + "\"")), "FORBIDDEN");
  EXPECT_EQ(one.ask("manager", step("a", "withdraw", "task: \"" + key + "\"")), "");
  EXPECT_EQ(one.ask("mayor", step("a", "sign")), "");
  EXPECT_EQ(one.where("a"), "choosing.entered");
  EXPECT_EQ(one.ask("second", step("a", "sign")), "");
  EXPECT_EQ(one.where("a"), "choosing.signed");
}

TEST(Agreement, LapsesWhenAFieldItRestsOnChanges) {
  Choosing one;
  EXPECT_EQ(one.ask("manager", step("a", "sign")), "");
  EXPECT_EQ(one.ask("by-a", "save_fields { initiative: \"a\" fields { name: \"points\" value { number: 6 } } }"), "");
  EXPECT_FALSE(one.last("a").finished);
  EXPECT_EQ(one.ask("by-a", "save_fields { initiative: \"a\" fields { name: \"budget\" value { number: 900 } } }"), "");
  EXPECT_EQ(one.state_of(one.last("a")), "lapsed");
  EXPECT_EQ(one.ask("mayor", step("a", "sign")), "");
  EXPECT_EQ(one.where("a"), "choosing.entered");
}

TEST(Agreement, LapsesWhenItsStateIsLeft) {
  Choosing one;
  EXPECT_EQ(one.ask("manager", step("a", "sign")), "");
  EXPECT_EQ(one.ask("manager", step("a", "end")), "");
  EXPECT_EQ(one.state_of(one.last("a")), "lapsed");
}

TEST(FourEyes, AreTwoDifferentPersons) {
  Choosing one;
  EXPECT_EQ(one.ask("manager", step("a", "pay")), "");
  EXPECT_EQ(one.ask("manager", step("a", "pay")), "PRECONDITION");
  EXPECT_EQ(one.where("a"), "choosing.entered");
  EXPECT_EQ(one.ask("second", step("a", "pay")), "");
  EXPECT_EQ(one.where("a"), "choosing.signed");
}

// --- votes

TEST(Vote, IsCarriedAsSoonAsNothingCanChangeIt) {
  Choosing one;
  one.seat({"d1", "d2", "d3", "d4", "d5", "d6", "d7"});
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "") << one.why();
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "PRECONDITION");
  for (const char* member : {"d1", "d2", "d3"}) EXPECT_EQ(one.vote(member, "YES"), "") << one.why();
  EXPECT_EQ(one.where("a"), "choosing.entered");
  EXPECT_EQ(one.vote("d4", "YES"), "");
  EXPECT_EQ(one.where("a"), "choosing.signed");
  EXPECT_EQ(one.vote("d5", "YES"), "PRECONDITION");
}

TEST(Vote, LeadsElsewhereWhenItIsNotCarried) {
  Choosing one;
  one.seat({"d1", "d2", "d3", "d4"});
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "") << one.why();
  EXPECT_EQ(one.vote("d1", "NO"), "");
  EXPECT_EQ(one.where("a"), "choosing.entered");
  EXPECT_EQ(one.vote("d2", "NO"), "");  // two and two would be a tie that no chair decides
  EXPECT_EQ(one.where("a"), "choosing.refused");
}

TEST(Vote, IsClosedByItsDeadlineAndNeedsItsQuorum) {
  Choosing one;
  one.seat({"d1", "d2", "d3", "d4", "d5"});
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "") << one.why();
  for (const char* member : {"d1", "d2", "d3"}) EXPECT_EQ(one.vote(member, "YES"), "");
  one.wait("2017-01-25 09:00");
  EXPECT_EQ(one.where("a"), "choosing.refused");  // three of the four that must vote
}

TEST(Vote, IsDecidedByTheChairAtATie) {
  Choosing one;
  one.seat({"d1", "d2", "d3", "d4"});
  one.give("chair", "d4");
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "") << one.why();
  EXPECT_EQ(one.vote("d1", "NO"), "");
  EXPECT_EQ(one.vote("d2", "NO"), "");
  EXPECT_EQ(one.vote("d3", "YES"), "");
  EXPECT_EQ(one.vote("d4", "YES"), "");
  EXPECT_EQ(one.where("a"), "choosing.signed");
}

TEST(Vote, IsForMembersWhoAreNotInConflict) {
  Choosing one;
  one.seat({"d1", "d2", "d3", "d4", "d5", "d6", "by-a"});
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "") << one.why();
  EXPECT_EQ(one.vote("manager", "YES"), "FORBIDDEN");
  EXPECT_EQ(one.vote("by-a", "YES"), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(one.vote("d1", "IN_CONFLICT"), "");
  EXPECT_EQ(one.vote("d1", "YES"), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(one.vote("manager", "EXCUSED", "person: \"d2\""), "");
  EXPECT_EQ(one.vote("d3", "YES", "person: \"d4\""), "FORBIDDEN");
}

TEST(Vote, CannotBeCalledWhereNoQuorumCanBe) {
  Choosing one;
  one.seat({"d1", "d2", "d3"});
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "PRECONDITION");
  EXPECT_EQ(one.why(), "Board: 3 members may vote on this, 4 are needed");
}

TEST(Vote, HoldsADecisionThatWaitsForMinutes) {
  Choosing one;
  one.seat({"d1", "d2", "d3", "d4"});
  one.give("chair", "d1");
  EXPECT_EQ(one.ask("manager", step("a", "honour")), "") << one.why();
  for (const char* member : {"d1", "d2", "d3"}) EXPECT_EQ(one.vote(member, "YES"), "");
  EXPECT_EQ(one.vote("d4", "YES"), "");
  ASSERT_TRUE(one.of("a").held.has_value());
  EXPECT_EQ(one.ask("manager", "publish_decisions {}"), "PRECONDITION");
  EXPECT_EQ(one.why(), "The minutes of Board are not approved yet");
  EXPECT_EQ(one.ask("manager", "approve_minutes { body: \"board\" }"), "FORBIDDEN");
  EXPECT_EQ(one.ask("d1", "approve_minutes { body: \"board\" }"), "") << one.why();
  EXPECT_EQ(one.ask("manager", "publish_decisions {}"), "") << one.why();
  EXPECT_EQ(one.where("a"), "choosing.signed");
}

// --- seats and terms

TEST(Seats, AreSevenAndNeverEight) {
  Choosing one;
  one.seat({"d1", "d2", "d3", "d4", "d5", "d6", "d7"});
  one.people({"d8"});
  EXPECT_EQ(one.ask("manager", "assign_role { person: \"d8\" role: \"director\" }"), "QUOTA_FULL");
  EXPECT_EQ(one.why(), "Board: all 7 seats are taken");
  EXPECT_EQ(one.ask("manager", "end_assignment { assignment: \"director/d3\" }"), "");
  EXPECT_EQ(one.ask("manager", "assign_role { person: \"d8\" role: \"director\" }"), "");
}

TEST(Term, EndsForAllTogetherAndIsRemindedOf) {
  Choosing one;
  one.seat({"d1", "d2"});
  one.wait("2018-06-01 09:00");
  one.seat({"d3"});  // serves the rest
  for (const Assignment& seat : one.cohort().assignments)
    if (seat.role == "director") {
      EXPECT_EQ(seat.until, one.cohort().term("board")->until);
    }
  one.wait("2019-11-12 09:00");
  EXPECT_EQ(one.cohort().term("board")->notices.size(), 1u);
  one.wait("2020-01-11 09:00");
  EXPECT_THAT(one.cohort().term("board")->notices, IsEmpty());
  EXPECT_EQ(one.ask("manager", step("a", "admit")), "PRECONDITION");  // nobody sits in it
  one.seat({"d9"});
  EXPECT_EQ(one.cohort().term("board")->number, 2u);
}

TEST(Term, IsRenewedBeforeItsEndWithAllSeatsEmpty) {
  Choosing one;
  one.seat({"d1", "d2"});
  EXPECT_EQ(one.ask("manager", "begin_term { body: \"board\" reason: \"Elected anew\" }"), "") << one.why();
  for (const Assignment& seat : one.cohort().assignments)
    if (seat.role == "director") {
      EXPECT_TRUE(seat.ended);
    }
  one.seat({"d1"});
  EXPECT_EQ(one.cohort().term("board")->number, 2u);
}

}  // namespace
}  // namespace kvali::cohort::testing
