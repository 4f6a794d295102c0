// The story goes on from where the demonstration stops, and branches off where it could have gone otherwise: to the end of
// mentoring, through two years of reports, to alumni; the fifth of a locality; the places of who leaves.
#include "engine/cohort/facts.h"
#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"

namespace kvali::demo {
namespace {

using testing::Season;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string in(const core::Reply& reply, const std::string& language) { return cohort::in_language(reply.refusal.sentence, language); }

TEST(Story, NeedsThreeMeetingsBeforeTheyAreEnough) {
  Season season("2017-01-17 17:32");
  ASSERT_EQ(season.error, "");
  const char* meeting = "{open_task: {kind: meetings, fields: {date: 2017-01-20, minutes: 60}}}";
  for (int held = 1; held < 3; ++held) {
    const core::Reply refused = season.ask("mentor-taurage", "{make_move: {move: close}}", "taurage-1");
    EXPECT_EQ(refused.code, "GUARD_FAILED");
    EXPECT_EQ(in(refused, "en"), "At least three meetings");
    EXPECT_EQ(in(refused, "lt"), "Bent trys susitikimai");
    EXPECT_EQ(season.code("mentor-taurage", meeting, "taurage-1"), "");
  }
  EXPECT_EQ(season.code("mentor-taurage", "{make_move: {move: close}}", "taurage-1"), "GUARD_FAILED");
  EXPECT_EQ(season.code("mentor-taurage", meeting, "taurage-1"), "");
  EXPECT_EQ(season.code("applicant-taurage-1", "{make_move: {move: close}}", "taurage-1"), "FORBIDDEN");
  EXPECT_EQ(season.code("mentor-taurage", "{make_move: {move: close}}", "taurage-1"), "");
  EXPECT_THAT(season.where("taurage-1"), HasSubstr("sessions.done"));
}

TEST(Story, LetsMentoringEndForWhoIsNotReady) {
  Season season;
  ASSERT_EQ(season.error, "");
  season.at("2017-03-31 23:59");
  EXPECT_EQ(season.in("mentoring.unfinished").size(), 0u);
  season.at("2017-04-01 00:00");
  EXPECT_THAT(season.in("follow_up"), ElementsAre("raseiniai-2"));
  EXPECT_EQ(season.in("mentoring.unfinished").size(), 58u - season.in("mentoring.alongside").size());
  EXPECT_THAT(season.in("mentoring.alongside"), IsEmpty());
  EXPECT_EQ(season.of("taurage-1").end, v1::State::LAPSED);
  EXPECT_TRUE(season.of("taurage-1").places.empty());
  // Reminded a fortnight and three days before, whoever it waited for.
  EXPECT_GE(season.told("reminder", "applicant-taurage-1"), 2u);
}

TEST(Story, CarriesOneInitiativeThroughTwoYearsOfReportsToAlumni) {
  Season season;
  ASSERT_EQ(season.error, "");
  // raseiniai-2 came to follow-up on the 13th of February 2017: reports are planned for August and February, four in all,
  // each opens 30 days before its day.
  const auto reports = [&] {
    std::vector<std::string> keys;
    for (const cohort::Task& task : season.of("raseiniai-2").tasks)
      if (task.kind == "impact") keys.push_back(task.key + (task.finished ? " finished" : ""));
    return keys;
  };
  const auto report = [&](const std::string& key, const std::string& fields) {
    return season.code("applicant-raseiniai-2", "{make_move: {task: " + key + ", move: hand_in, fields: {" + fields + "}}}", "raseiniai-2");
  };
  season.at("2017-07-13 12:00");
  EXPECT_THAT(reports(), IsEmpty());
  season.at("2017-07-20 12:00");
  EXPECT_THAT(reports(), ElementsAre("impact/1"));
  EXPECT_EQ(report("impact/1", "jobs: 3, jobs_women: 2"), "INVALID");  // how many people were reached is required
  EXPECT_EQ(report("impact/1", "beneficiaries: 40, jobs: 3, jobs_women: 4"), "INVALID");
  EXPECT_EQ(report("impact/1", "beneficiaries: 40, jobs: 3, jobs_women: 2"), "");
  EXPECT_THAT(reports(), ElementsAre("impact/1 finished"));
  // The second is not handed in: overdue 30 days after its day, and both are told.
  const std::size_t overdue = season.told("overdue", "applicant-raseiniai-2");
  season.at("2018-03-20 12:00");
  EXPECT_THAT(reports(), ElementsAre("impact/1 finished", "impact/2"));
  EXPECT_EQ(season.told("overdue", "applicant-raseiniai-2"), overdue + 1);
  EXPECT_EQ(report("impact/2", "beneficiaries: 55"), "");
  season.at("2018-08-01 12:00");
  EXPECT_EQ(report("impact/3", "beneficiaries: 60"), "");
  EXPECT_EQ(season.where("raseiniai-2"), "follow_up.reporting");
  season.at("2019-02-01 12:00");
  EXPECT_THAT(reports(), ElementsAre("impact/1 finished", "impact/2 finished", "impact/3 finished", "impact/4"));
  EXPECT_EQ(report("impact/4", "beneficiaries: 80, jobs: 4"), "");
  EXPECT_EQ(season.where("raseiniai-2"), "follow_up.alumni");
  EXPECT_EQ(season.of("raseiniai-2").end, v1::State::SUCCESS);
  EXPECT_THAT(cohort::testing::broken_invariants(season.cohort()), IsEmpty());
  EXPECT_EQ(cohort::testing::difference(testing::live(season.world.core()), testing::folded(season.world.journal)), "");
}

TEST(Story, RefusesTheFifthOfALocalityInTheProgramsWords) {
  Season season("2017-01-06 19:10");
  ASSERT_EQ(season.error, "");
  const core::Reply refused = season.ask("manager-1", "{make_move: {move: select}}", "kelme-2");
  EXPECT_EQ(refused.code, "QUOTA_FULL");
  EXPECT_EQ(in(refused, "en"), "All places of this locality are taken");
  EXPECT_EQ(in(refused, "lt"), "Visos šios vietovės vietos užimtos");
  EXPECT_FALSE(season.of("kelme-2").held.has_value());
  EXPECT_EQ(season.code("manager-1", "{drop_decision: {}}", "kelme-1"), "");
  EXPECT_EQ(season.code("manager-1", "{make_move: {move: select}}", "kelme-2"), "");
}

TEST(Story, HidesADecisionUntilItIsPublished) {
  Season season("2017-01-06 20:20");
  ASSERT_EQ(season.error, "");
  EXPECT_EQ(season.where("taurage-1"), "application.assessment");
  EXPECT_EQ(season.told("offer"), 0u);
  const std::uint32_t version = season.of("taurage-1").version;
  EXPECT_EQ(season.code("applicant-taurage-1", "{make_move: {move: accept}}", "taurage-1"), "PRECONDITION");
  // The reminder of the day of the decisions changes nothing of them.
  season.at("2017-01-09 09:30");
  EXPECT_GT(season.of("taurage-1").version, version);
  ASSERT_TRUE(season.of("taurage-1").held.has_value());
  EXPECT_EQ(season.of("taurage-1").places.size(), 1u);
  EXPECT_EQ(season.code("manager-1", "{make_move: {move: select}}", "taurage-5"), "QUOTA_FULL");
  EXPECT_EQ(season.code("manager-2", "{publish_decisions: {locality: taurage}}"), "");
  EXPECT_EQ(season.where("taurage-1"), "application.offered");
  EXPECT_EQ(season.where("kelme-1"), "application.assessment");
  EXPECT_EQ(season.told("offer", "applicant-taurage-1"), 1u);
}

TEST(Story, OffersAFreedPlaceToTheBestAndAnExpiredOneToTheNext) {
  Season season("2017-01-09 10:00");
  ASSERT_EQ(season.error, "");
  // Šilutė: silute-5 has the better score, silute-6 stands behind it.
  EXPECT_EQ(season.code("applicant-silute-4", "{make_move: {move: withdraw, reason: Not now}}", "silute-4"), "");
  EXPECT_EQ(season.where("silute-5"), "application.offered");
  EXPECT_EQ(season.where("silute-6"), "application.waitlist");
  EXPECT_EQ(season.told("offer", "applicant-silute-5"), 1u);
  // The offer made on the 9th holds its place to the end of the 14th, then the next in line has it.
  season.at("2017-01-14 23:59");
  EXPECT_EQ(season.where("silute-5"), "application.offered");
  season.at("2017-01-15 00:00");
  EXPECT_EQ(season.of("silute-5").end, v1::State::LAPSED);
  EXPECT_EQ(season.where("silute-6"), "application.offered");
  EXPECT_EQ(season.code("applicant-silute-5", "{make_move: {move: accept}}", "silute-5"), "DEADLINE_PASSED");
  EXPECT_THAT(cohort::testing::broken_invariants(season.cohort()), IsEmpty());
}

TEST(Story, KeepsTheWaitlistOverTheStartOfMentoringUntilItCloses) {
  Season season("2017-01-15 19:40");
  ASSERT_EQ(season.error, "");
  EXPECT_EQ(season.where("kelme-6"), "application.waitlist");
  season.at("2017-01-16 00:00");
  EXPECT_EQ(season.where("kelme-6"), "application.waitlist");
  EXPECT_THAT(season.where("kelme-1"), HasSubstr("mentoring.alongside"));
  season.at("2017-02-28 00:00");
  EXPECT_EQ(season.where("kelme-6"), "application.declined");
}

TEST(Story, GivesAddedPlacesToWhoWaits) {
  Season season("2017-01-09 10:00");
  ASSERT_EQ(season.error, "");
  EXPECT_EQ(season.code("coordinator-kelme", "{set_quota: {quota: per_locality, by: kelme, places: 5}}"), "FORBIDDEN");
  EXPECT_EQ(season.code("manager-1", "{set_quota: {quota: per_locality, by: kelme, places: 3, reason: Less}}"), "QUOTA_FULL");
  EXPECT_EQ(season.code("manager-1", "{set_quota: {quota: per_locality, by: kelme, places: 5, reason: A sponsor}}"), "");
  EXPECT_EQ(season.where("kelme-5"), "application.offered");
  EXPECT_EQ(season.where("kelme-6"), "application.waitlist");
}

}  // namespace
}  // namespace kvali::demo
