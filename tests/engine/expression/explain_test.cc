// Why a guard is false: the parts that are told, and that they are all of them and none too many.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "engine/expression/explain.h"
#include "tests/engine/expression/evaluate.h"
#include "tests/engine/expression/explain_cases.h"

namespace kvali::expression {
namespace {

TEST(Explain, SaysWhyRealGuardsDoNotHold) {
  const std::string path = KVALI_SOURCE_DIR "/tests/engine/expression/explain/guards.txt";
  std::stringstream table;
  table << std::ifstream(path).rdbuf();
  const std::string now = testing::answered(table.str());
  if (std::getenv("KVALI_WRITE_GOLDEN") != nullptr) std::ofstream(path) << now;
  else EXPECT_EQ(table.str(), now);
}

}  // namespace
}  // namespace kvali::expression
