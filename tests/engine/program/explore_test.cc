// The search over configurations beside a naive walk that shares no code with it.
#include "engine/program/verify/explore.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/engine/program/small_machine.h"

namespace kvali::program::proof {
namespace {

using testing::SmallMachine;
using testing::Where;

/// The atomic states of a spot, as the walk writes them.
std::set<std::string> places(const statechart::Chart& chart, const Exploration& found, SpotId spot) {
  std::set<std::string> paths;
  for (const StateId state : atomic_states(chart, found.configuration(spot))) paths.insert(chart.path(state));
  return paths;
}

std::set<std::string> places(const SmallMachine& machine, Where where) {
  std::set<std::string> paths{machine.path(where.first)};
  if (where.second >= 0) paths.insert(machine.path(where.second));
  return paths;
}

void compare(const SmallMachine& machine) {
  const auto chart = statechart::Chart::compile(machine.machine()).value();
  const GuardTexts texts(chart->machine());
  FreeOracle oracle;
  const std::vector<Outside> outside{{"a", 0}, {"b", 0}};
  const Exploration found = explore(*chart, texts, outside, oracle);
  ASSERT_TRUE(found.complete);
  const testing::Walked walked = testing::walk(machine);
  const std::vector<bool> may = may_end(found, [](const Happening&) { return true; });
  std::set<std::set<std::string>> all, ending, naive_all, naive_ending;
  for (SpotId spot = 0; spot < found.spots.size(); ++spot) {
    all.insert(places(*chart, found, spot));
    if (may[spot]) ending.insert(places(*chart, found, spot));
  }
  for (const auto& [where, next] : walked.next) naive_all.insert(places(machine, where));
  for (const Where& where : walked.ending) naive_ending.insert(places(machine, where));
  ASSERT_EQ(all, naive_all);
  ASSERT_EQ(ending, naive_ending);
  for (ArrowId arrow = 0; arrow < chart->arrow_count(); ++arrow) {
    ASSERT_EQ(found.taken[arrow], walked.taken.contains(static_cast<int>(arrow))) << "arrow " << arrow;
  }
}

TEST(Explore, FindsWhatANaiveWalkFinds) {
  const std::uint32_t machines = std::getenv("KVALI_LONG") != nullptr ? 100'000 : 2'000;
  for (std::uint32_t seed = 0; seed < machines; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    compare(testing::random_machine(seed));
    if (HasFatalFailure()) return;
  }
}

TEST(Explore, TellsTheShortestWayFirst) {
  SmallMachine machine;
  machine.row = 3;
  machine.arrows = {{0, 1, 'm', -1}, {0, 2, 'm', -1}, {1, 2, 'm', -1}, {2, SmallMachine::end, 'm', -1}};
  const auto chart = statechart::Chart::compile(machine.machine()).value();
  const GuardTexts texts(chart->machine());
  FreeOracle oracle;
  const Exploration found = explore(*chart, texts, {}, oracle);
  ASSERT_EQ(found.spots.size(), 4u);
  EXPECT_EQ(found.spots[2].from, 0u);  // not by way of the first
  EXPECT_TRUE(found.spots[3].done);
  EXPECT_EQ(found.counts.transitions, 5u);  // the start, then each move once
}

}  // namespace
}  // namespace kvali::program::proof
