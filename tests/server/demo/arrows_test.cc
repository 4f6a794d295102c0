// Every arrow of every programme is taken: by its history, which tells how a season went, or by a scenario, which tells how else it may go.
#include "tests/server/demo/arrows.h"

#include <algorithm>
#include <filesystem>

#include "tests/scenarios/scenario.h"

namespace kvali::demo {
namespace {

const std::filesystem::path source = KVALI_SOURCE_DIR;

std::vector<std::string> programmes() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source / "workflows"))
    if (std::filesystem::exists(entry.path() / "program.yaml")) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void add(const testing::Arrows& more, testing::Arrows& taken) {
  for (const auto& [machine, arrows] : more) taken[machine].insert(arrows.begin(), arrows.end());
}

/// What the scenarios of a programme took.
testing::Arrows by_scenarios(const std::string& programme) {
  testing::Arrows taken;
  for (const auto& entry : std::filesystem::directory_iterator(source / "tests/scenarios"))
    if (entry.path().extension() == ".scenario" && scenarios::program_of(entry.path().string()) == "workflows/" + programme)
      add(scenarios::play(entry.path().string()).taken, taken);
  return taken;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class EveryArrow : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryArrow, IsTakenByTheHistoryOrAScenario) {
  const testing::Season& season = testing::whole(GetParam());
  ASSERT_EQ(season.error, "");
  testing::Arrows taken = testing::taken(season.world, season.played.cohort);
  add(by_scenarios(GetParam()), taken);
  for (const std::string& arrow : testing::untaken(season.cohort(), taken)) ADD_FAILURE() << arrow << " is never taken";
  std::size_t all = 0, seen = 0;
  for (const auto& [machine, chart] : testing::machines(season.cohort())) {
    all += chart->arrow_count();
    seen += taken[machine].size();
  }
  RecordProperty("arrows", std::to_string(seen) + " of " + std::to_string(all));
}

INSTANTIATE_TEST_SUITE_P(Programmes, EveryArrow, ::testing::ValuesIn(programmes()), test_name);

TEST(Arrows, ThatAreNeverTakenAreNamed) {
  const testing::Season& season = testing::whole("csrdg-student-contest");
  ASSERT_EQ(season.error, "");
  // A history in which everybody is in time; a scenario tells the rest.
  EXPECT_THAT(testing::untaken(season.cohort(), testing::taken(season.world, season.played.cohort)),
              ::testing::ElementsAre("initiative: contest.jury due.contest.jury.deadline", "initiative: contest.winning due.contest.winning.deadline"));
}

}  // namespace
}  // namespace kvali::demo
