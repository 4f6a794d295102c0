#include "engine/program/expand.h"

#include <gmock/gmock.h>

#include "engine/program/print_machine.h"
#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

TEST(Expand, MakesTheMachineOfTheAccelerator) {
  const Loaded loaded = load(testing::workflow("socifaction-2017"));
  testing::expect_golden("socifaction-2017.txt", print_machine(loaded.machine, "en"));
}

}  // namespace
}  // namespace kvali::program
