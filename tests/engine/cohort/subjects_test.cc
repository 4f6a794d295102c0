// Other kinds of subject than initiatives: they begin, go their way, are read by others, and go over to another version.
#include <gmock/gmock.h>

#include "tests/engine/cohort/practice.h"

namespace kvali::cohort {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Opening;
using testing::Practice;

Opening opening(const std::string& program, const std::string& text) {
  Opening made;
  made.program = program;
  made.text = text;
  return made;
}

/// A season in the valley, its subjects begun; "alma" applies for the organisation "mill".
class Subjects : public ::testing::Test {
 public:
  explicit Subjects() : practice_(opening("valley", "")) {
    practice_.wait("2016-11-14 09:01");
    practice_.people({"alma", "vera"});
    practice_.organisation("mill", {});
    practice_.member("alma", "mill");
  }
  ~Subjects() override {
    practice_.refold();
    EXPECT_THAT(practice_.broken(), IsEmpty());
  }

 protected:
  /// The id of the subject that there is one of.
  std::string the(const std::string& kind, const std::string& locality = {}) const {
    const Initiative* one = practice_.cohort().the(kind, locality);
    return one ? one->id : "";
  }
  void train(const std::string& id, const std::string& who) {
    ASSERT_EQ(practice_.ask("manager", R"(start_initiative { subject: "training" fields { name: "title" value { text: "Budgets" } } })", id), "") << practice_.why();
    ASSERT_EQ(practice_.ask("manager", move(id, "plan")), "") << practice_.why();
    ASSERT_EQ(practice_.ask("manager", R"(open_task { initiative: ")" + id + R"(" kind: "present" fields { )" + who + " } }"), "") << practice_.why();
  }
  static std::string move(const std::string& initiative, const std::string& name) {
    return R"(make_move { initiative: ")" + initiative + R"(" move: ")" + name + R"(" })";
  }
  static constexpr const char* mill = R"(name: "organisation" value { text: "mill" })";
  static constexpr const char* vera = R"(name: "person" value { text: "vera" })";
  static constexpr const char* apply = R"(start_initiative { organisation: "mill" fields { name: "locality" value { text: "taurage" } } })";

  Practice practice_;
};

TEST_F(Subjects, ThatThereIsOneOfBeginByThemselves) {
  EXPECT_EQ(practice_.where(the("season")), "course.preparing");
  for (const v1::LocalityEntry& locality : practice_.cohort().localities) EXPECT_EQ(practice_.where(the("place", locality.id())), "preparation.invited");
  EXPECT_EQ(practice_.cohort().initiatives.size(), 16u);
  EXPECT_EQ(practice_.cohort().initiatives_count(), 0u);
  EXPECT_THAT(practice_.cohort().to_begin(64), IsEmpty());
}

TEST_F(Subjects, BeginWhereTheirProgramSaysSo) {
  EXPECT_EQ(practice_.ask("manager", R"(start_initiative { subject: "season" })"), "INVALID");
  EXPECT_EQ(practice_.why(), "The program begins no season this way");
  EXPECT_EQ(practice_.ask("manager", R"(start_initiative { subject: "castle" })"), "INVALID");
  EXPECT_EQ(practice_.ask("alma", R"(start_initiative { subject: "training" })"), "FORBIDDEN");
  EXPECT_EQ(practice_.ask("manager", R"(start_initiative { subject: "training" applicant: "vera" })"), "INVALID");
  EXPECT_EQ(practice_.ask("manager", R"(start_initiative { subject: "expert" applicant: "vera" })", "vera-1"), "") << practice_.why();
  EXPECT_EQ(practice_.of("vera-1").applicant, "vera");
  EXPECT_EQ(practice_.ask("manager", R"(start_initiative { subject: "training" })", "t"), "") << practice_.why();
  EXPECT_EQ(practice_.of("t").applicant, "");
  EXPECT_EQ(practice_.cohort().initiatives_count(), 0u);
}

TEST_F(Subjects, OfTheSeasonAndAttendanceDecideWhoMayBegin) {
  EXPECT_EQ(practice_.ask("alma", apply, "a"), "GUARD_FAILED");
  EXPECT_THAT(practice_.unmet(), ElementsAre("Applications are not open", "Who applies has been to two trainings"));
  ASSERT_EQ(practice_.ask("manager", move(the("season"), "begin")), "") << practice_.why();
  train("t1", mill);
  EXPECT_EQ(practice_.ask("alma", apply, "a"), "GUARD_FAILED");
  EXPECT_THAT(practice_.unmet(), ElementsAre("Who applies has been to two trainings"));
  EXPECT_THAT(practice_.facts(), ElementsAre("Trainings: 1, at least 2 are needed."));
  train("t2", mill);
  EXPECT_EQ(practice_.ask("alma", apply, "a"), "") << practice_.why();
}

TEST_F(Subjects, OfItsPlaceAreReadByAnInitiative) {
  ASSERT_EQ(practice_.ask("manager", move(the("season"), "begin")), "");
  train("t1", mill);
  train("t2", mill);
  ASSERT_EQ(practice_.ask("alma", apply, "a"), "");
  const std::string title = R"(save_fields { initiative: "a" fields { name: "title" value { text: "Mill" } } })";
  ASSERT_EQ(practice_.ask("alma", title), "") << practice_.why();
  EXPECT_EQ(practice_.ask("alma", move("a", "submit")), "GUARD_FAILED");
  EXPECT_THAT(practice_.unmet(), ElementsAre("Ten households live there", "The kick-off of this valley has not been held"));
  const std::string place = the("place", "taurage");
  ASSERT_EQ(practice_.ask("manager", R"(save_fields { initiative: ")" + place + R"(" fields { name: "households" value { number: 12 } } })"), "") << practice_.why();
  EXPECT_EQ(practice_.ask("alma", R"(save_fields { initiative: ")" + place + R"(" fields { name: "households" value { number: 1 } } })"), "NOT_FOUND");
  ASSERT_EQ(practice_.ask("manager", move(place, "hold")), "") << practice_.why();
  EXPECT_EQ(practice_.ask("alma", move("a", "submit")), "") << practice_.why();
  EXPECT_EQ(practice_.where("a"), "growing.here");
}

TEST_F(Subjects, OfAPersonComeBeforeARole) {
  const std::string assign = R"(assign_role { person: "vera" role: "mentor" locality: "taurage" })";
  EXPECT_EQ(practice_.ask("manager", assign), "PRECONDITION");
  EXPECT_EQ(practice_.why(), "Expert: the person has not come so far yet");
  ASSERT_EQ(practice_.ask("manager", R"(start_initiative { subject: "expert" applicant: "vera" })", "v"), "");
  EXPECT_EQ(practice_.ask("manager", move("v", "pass")), "GUARD_FAILED");
  train("t1", vera);
  ASSERT_EQ(practice_.ask("manager", move("v", "pass")), "") << practice_.why();
  EXPECT_EQ(practice_.where("v"), "making.ready");
  ASSERT_EQ(practice_.ask("manager", assign), "") << practice_.why();
  practice_.wait("2016-11-14 09:02");  // what goes on by itself is looked at when roles have changed
  EXPECT_EQ(practice_.where("v"), "making.at_work");
}

TEST_F(Subjects, HoldPlacesOfTheirOwnQuotas) {
  for (const char* id : {"t1", "t2", "t3"}) ASSERT_EQ(practice_.ask("manager", R"(start_initiative { subject: "training" })", id), "");
  ASSERT_EQ(practice_.ask("manager", move("t1", "plan")), "");
  ASSERT_EQ(practice_.ask("manager", move("t2", "plan")), "");
  EXPECT_EQ(practice_.ask("manager", move("t3", "plan")), "QUOTA_FULL");
  ASSERT_EQ(practice_.ask("manager", R"(set_quota { quota: "rooms" places: 3 reason: "Another room" })"), "") << practice_.why();
  EXPECT_EQ(practice_.ask("manager", move("t3", "plan")), "") << practice_.why();
}

TEST_F(Subjects, HaveDeadlinesThatTimeKeeps) {
  practice_.give("manager", "anna");
  practice_.wait("2016-11-29 00:01");
  EXPECT_THAT(practice_.letters(), Contains("overdue to anna"));
  ASSERT_EQ(practice_.ask("manager", move(the("season"), "begin")), "");
  EXPECT_EQ(practice_.due(the("season"), "course.open", "deadline"), "2017-03-02 00:00");
  ASSERT_EQ(practice_.ask("manager", R"(extend_deadline { state: "season.course.open" to { year: 2017 month: 3 day: 10 } reason: "Snow" })"), "") << practice_.why();
  EXPECT_EQ(practice_.due(the("season"), "course.open", "deadline"), "2017-03-11 00:00");
  practice_.wait("2017-03-11 00:01");
  EXPECT_EQ(practice_.where(the("season")), "course.closed");
}

TEST_F(Subjects, GoOverToAnotherVersion) {
  const std::string place = the("place", "taurage");
  ASSERT_EQ(practice_.ask("manager", R"(save_fields { initiative: ")" + place + R"(" fields { name: "households" value { number: 12 } } })"), "");
  practice_.publish(testing::edited("valley", {{"invited:", "asked_for:"}, {"households", "homes"}}), "version-2");
  const std::string plan = "program: valley\\nsubjects:\\n  place:\\n    states: {preparation.invited: preparation.asked_for}\\n    fields: {households: homes}\\n";
  ASSERT_EQ(practice_.ask("manager", R"(start_migration { version: "version-2" reason: "Words" plan { path: "plan.yaml" text: ")" + plan + R"(" } })"), "") << practice_.why() << practice_.refusal().unmet.size();
  practice_.wait("2016-11-14 10:00");
  EXPECT_EQ(practice_.where(place), "preparation.asked_for");
  EXPECT_EQ(practice_.of(place).field("homes")->number(), 12);
  EXPECT_EQ(practice_.of(the("season")).model->version(), "version-2");
}

TEST_F(Subjects, ThatAVersionAddsBeginWithIt) {
  Practice practice(opening("valley", testing::edited("valley", {{"of: each locality\n    fields", "begun_by: [manager]\n    fields"}, {"    - {before: growing, of: each locality, when: '\"visited\" in place.states', why: The kick-off of this valley has not been held}\n", ""}, {"  must_hold:\n", ""}, {", needs: [{when: place.households >= 10, why: Ten households live there}]", ""}})));
  practice.wait("2016-11-14 09:01");
  EXPECT_EQ(practice.cohort().initiatives.size(), 1u);
  practice.publish(testing::edited("valley", {}), "version-2");
  ASSERT_EQ(practice.ask("manager", R"(start_migration { version: "version-2" reason: "Places" plan { path: "plan.yaml" text: "program: valley" } })"), "") << practice.why();
  practice.wait("2016-11-14 10:00");
  EXPECT_EQ(practice.cohort().initiatives.size(), 16u);
  practice.refold();
  EXPECT_THAT(practice.broken(), IsEmpty());
}

}  // namespace
}  // namespace kvali::cohort
