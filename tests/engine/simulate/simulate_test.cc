// Whole cohorts, played: what must be true of every one of them, whoever acts and when.
#include "engine/simulate/simulate.h"

#include <fmt/format.h>

#include <numeric>

#include "tests/engine/cohort/describe.h"
#include "tests/engine/simulate/seasons.h"

namespace kvali::simulate {
namespace {

using testing::season_of;

const std::string root = KVALI_SOURCE_DIR;

class EveryProgram : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Simulate, EveryProgram, ::testing::Values("socifaction-2017", "garden", "orchard", "membership"), [](const auto& one) {
  std::string name = one.param;
  std::erase(name, '-');
  return name;
});

TEST_P(EveryProgram, KeepsEveryInvariantOfTheEngineInEveryCohort) {
  const Setting setting = season_of(root, GetParam(), 40, 12);
  Onlooker onlooker;
  std::vector<std::string> broken;
  std::size_t cohorts = 0;
  onlooker.end = [&](const cohort::Cohort& cohort) {
    ++cohorts;
    for (std::string& sentence : cohort::testing::broken_invariants(cohort)) broken.push_back(std::move(sentence));
    for (const cohort::QuotaModel& quota : cohort.model->quotas())
      for (const auto& [key, taken] : cohort.taken)
        if (key.first == quota.quota->name() && taken > cohort.places(*quota.quota, key.second)) broken.emplace_back("more taken than there are");
  };
  ASSERT_TRUE(simulate(setting, onlooker).has_value());
  EXPECT_EQ(cohorts, 12u);
  EXPECT_THAT(broken, ::testing::IsEmpty());
}

TEST_P(EveryProgram, AccountsForEveryInitiative) {
  const Setting setting = season_of(root, GetParam(), 40, 12);
  const Findings found = simulate(setting).value();
  std::uint64_t turned_away = 0, ended = 0, stayed = 0;
  for (const auto& [why, times] : found.never_began) turned_away += times;
  for (const auto& [state, times] : found.ends) ended += times;
  for (const StageFinding& stage : found.stages) {
    std::uint64_t left = 0;
    for (const auto& [to, times] : stage.left_for) left += times;
    EXPECT_EQ(stage.entered, left + stage.stayed) << setting.model->chart().path(stage.state);
    stayed += stage.stayed;
  }
  EXPECT_EQ(found.began + turned_away, 40u * 12u);
  EXPECT_EQ(found.began, ended + found.still_running);
  EXPECT_EQ(stayed, found.still_running);
  EXPECT_EQ(found.cut_off, 0u);
  EXPECT_GT(found.macrosteps, 0u);
}

TEST_P(EveryProgram, CountsWhatTheRecordsSay) {
  const Setting setting = season_of(root, GetParam(), 30, 3);
  Onlooker onlooker;
  std::uint64_t macrosteps = 0, starts = 0, records = 0;
  std::map<std::string, std::uint32_t> taken, most;
  onlooker.record = [&](const cohort::Cohort& after, const v1::Record& record, calendar::Instant) {
    ++records;
    if (record.has_advanced() && record.advanced().arrows_size() > 0) ++macrosteps;
    if (record.has_task_opened() || record.has_initiative_started()) ++starts;
    for (const auto& [key, number] : after.taken) most[key.first + "/" + key.second] = std::max(most[key.first + "/" + key.second], number);
  };
  const Findings found = simulate(setting, onlooker).value();
  EXPECT_EQ(found.macrosteps, macrosteps);
  EXPECT_EQ(found.starts, starts);
  EXPECT_EQ(found.records, records);
  for (std::size_t i = 0; i < found.quotas.size(); ++i)
    for (const auto& [by, at_most] : found.quotas[i].at_most_by)
      EXPECT_EQ(at_most, most[setting.model->quotas()[i].quota->name() + "/" + by]) << by;
}

TEST_P(EveryProgram, NeverLetsTimeGoBack) {
  const Setting setting = season_of(root, GetParam(), 30, 3);
  Onlooker onlooker;
  calendar::Instant last = 0;
  std::size_t backwards = 0;
  onlooker.record = [&](const cohort::Cohort& after, const v1::Record&, calendar::Instant at) {
    if (at < last || at != after.clock) ++backwards;
    last = at;
  };
  onlooker.end = [&](const cohort::Cohort&) { last = 0; };
  const Findings found = simulate(setting, onlooker).value();
  EXPECT_EQ(backwards, 0u);
  for (const StateFinding& state : found.states) EXPECT_LE(state.seconds.percentile(50), state.seconds.percentile(90));
}

TEST(Simulate, FillsThePlacesOfTheProgrammeOf2017AndNoMore) {
  const Findings found = simulate(season_of(root, "socifaction-2017", 90, 20)).value();
  ASSERT_EQ(found.quotas.size(), 1u);
  EXPECT_EQ(found.quotas[0].places, 60u);
  EXPECT_GT(found.quotas[0].taken_at_most.mean(), 30u);
  EXPECT_LE(found.quotas[0].taken_at_most.largest(), 60u);
  for (const auto& [locality, most] : found.quotas[0].at_most_by) EXPECT_LE(most, 4u) << locality;
  EXPECT_EQ(found.quotas[0].at_most_by.size(), 15u);
  EXPECT_GT(found.quotas[0].passed_on, 0u);
}

TEST(Simulate, MissesDeadlinesOnlyWherePeopleAreLate) {
  Setting setting = season_of(root, "socifaction-2017", 60, 5);
  const auto screening = setting.model->chart().find("application.screening").value();
  EXPECT_GT(simulate(setting).value().states[screening].deadlines, 0u);
  setting.habits.initiative[screening].delay.of_time_allowed = Spread::through({{0, 100}, {100, 5'000}});
  EXPECT_EQ(simulate(setting).value().states[screening].deadlines, 0u);
}

TEST(Simulate, PlaysACohortTheSameWhateverIsPlayedBeside) {
  Setting one = season_of(root, "socifaction-2017", 20, 1), many = season_of(root, "socifaction-2017", 20, 3);
  std::vector<std::string> alone, beside;
  Onlooker onlooker;
  onlooker.end = [&](const cohort::Cohort& cohort) { alone.push_back(cohort::testing::describe(cohort)); };
  ASSERT_TRUE(simulate(one, onlooker).has_value());
  onlooker.end = [&](const cohort::Cohort& cohort) { beside.push_back(cohort::testing::describe(cohort)); };
  ASSERT_TRUE(simulate(many, onlooker).has_value());
  EXPECT_EQ(alone.at(0), beside.at(0));
  EXPECT_NE(beside.at(1), beside.at(2));
}

TEST(Simulate, TellsWhatTheEngineRefusesWhenTheCohortCannotBeOpened) {
  Setting setting = season_of(root, "socifaction-2017", 5);
  setting.opening.clear_localities();
  EXPECT_THAT(simulate(setting).error().message, ::testing::StartsWith("the cohort cannot be opened: "));
  setting = season_of(root, "socifaction-2017", 5);
  setting.opening.clear_parameters();
  EXPECT_THAT(simulate(setting).error().message, ::testing::HasSubstr("Applications close"));
}

TEST(Simulate, GivesMorePlacesThanOnePersonMayLookAfterAndSaysSo) {
  Setting setting = season_of(root, "socifaction-2017", 30);
  setting.places.emplace_back().set_quota("per_locality");
  setting.places.back().set_places(12);
  const Findings found = simulate(setting).value();
  EXPECT_EQ(found.quotas[0].places, 180u);
  EXPECT_THAT(found.notes, ::testing::Contains(::testing::HasSubstr("More places than the 8 that one mentor may have")));
}

}  // namespace
}  // namespace kvali::simulate
