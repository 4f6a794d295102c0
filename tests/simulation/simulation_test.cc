// The simulation over a hundred seeds. KVALI_SEED=N plays one, KVALI_SEEDS=N so many in each of the ten tests, KVALI_STEPS=N how long.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/simulation/simulation.h"

namespace kvali::simulation {
namespace {

const Opening& opening() {
  static const Opening made = Opening::make();
  return made;
}

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Ten seeds each, so that a run uses every core.
class SimulationOf : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(SimulationOf, AnswersAndStandsAsTheRulesSayWhateverFails) {
  const bool one = std::getenv("KVALI_SEED") != nullptr;
  const std::uint64_t seeds = one ? 1 : number("KVALI_SEEDS", 10), first = one ? number("KVALI_SEED", 1) : 1 + GetParam() * seeds;
  Seen all;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    try {
      all += Simulation(opening(), {seed, number("KVALI_STEPS", 4000), true}).run();
    } catch (const std::exception& error) {
      FAIL() << error.what() << "\nagain: KVALI_SEED=" << seed;
    }
  }
  std::printf("  %s\n", all.words().c_str());
  // A run in which nothing happens proves nothing.
  EXPECT_GT(all.done, 100 * seeds);
  EXPECT_GT(all.crashes + all.conflicts, seeds);
}

INSTANTIATE_TEST_SUITE_P(Tens, SimulationOf, ::testing::Range<std::uint64_t>(0, 10));

}  // namespace
}  // namespace kvali::simulation
