// The season of 2017, played whole: what the demonstration shows is what the engine made of ordinary commands.
#include <map>
#include <set>

#include <fstream>
#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"

namespace kvali::demo {
namespace {

using testing::workflow;
using testing::World;

TEST(Season, PlaysWithoutARefusalThatItDoesNotExpect) {
  World world;
  const auto played = play(world.core, workflow("socifaction-2017"), world.demo_options());
  ASSERT_TRUE(played.has_value()) << played.error().message;
  EXPECT_EQ(played->initiatives.size(), 68u);
  std::ofstream("/tmp/season.txt") << cohort::testing::describe(world.core.store().cohorts.at(played->cohort).state);
  for (auto& [k, v] : played->initiatives) std::ofstream("/tmp/keys.txt", std::ios::app) << k << " " << v << "\n";
}

}  // namespace
}  // namespace kvali::demo
