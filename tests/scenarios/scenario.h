#pragma once
// Plays a scenario file: plain text that says what is asked and what must come of it. README.md says how to write one.
#include <string>
#include <vector>

#include "tests/server/demo/arrows.h"

namespace kvali::scenarios {

struct Outcome {
  std::vector<std::string> wrong;  // what went otherwise than the file says, each with its line; empty when all is as it says
  demo::testing::Arrows taken;
};

Outcome play(const std::string& path);

/// The folder that its `program` line names.
std::string program_of(const std::string& path);

}  // namespace kvali::scenarios
