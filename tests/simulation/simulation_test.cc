// The simulation over many seeds. KVALI_SEED=N plays one seed; KVALI_LONG=1 plays many more.
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

TEST(Simulation, AnswersAndStandsAsTheRulesSayWhateverFails) {
  const bool one = std::getenv("KVALI_SEED") != nullptr;
  const std::uint64_t first = number("KVALI_SEED", 1), count = one ? 1 : number("KVALI_SEEDS", number("KVALI_LONG", 0) ? 2000 : 100);
  Seen all;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    try {
      const Seen seen = Simulation(opening(), {seed, number("KVALI_STEPS", 4000), true}).run();
      all.calls += seen.calls;
      all.done += seen.done;
      all.refused += seen.refused;
      all.replayed += seen.replayed;
      all.crashes += seen.crashes;
      all.conflicts += seen.conflicts;
      all.resets += seen.resets;
      all.resumed += seen.resumed;
      all.deltas += seen.deltas;
      for (const auto& [code, times] : seen.codes) all.codes[code] += times;
      for (const auto& [state, times] : seen.states) all.states[state] += times;
    } catch (const std::exception& error) {
      FAIL() << error.what() << "\nagain: KVALI_SEED=" << seed;
    }
  }
  std::string figures;
  for (const auto& [code, times] : all.codes) figures += " " + code + " " + std::to_string(times);
  figures += "\n  ";
  for (const auto& [state, times] : all.states) figures += " " + state + " " + std::to_string(times);
  std::printf("  %zu calls, %zu done, %zu refused, %zu replayed, %zu crashes, %zu conflicts, %zu resets, %zu resumed, %zu deltas\n  %s\n", all.calls, all.done,
              all.refused, all.replayed, all.crashes, all.conflicts, all.resets, all.resumed, all.deltas, figures.c_str());
}

}  // namespace
}  // namespace kvali::simulation
