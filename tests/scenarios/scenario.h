#pragma once
// Plays a scenario file: plain text that says what is asked and what must come of it. README.md says how to write one.
#include <string>
#include <vector>

namespace kvali::scenarios {

/// What went otherwise than the file says, each with its line; empty when all is as it says.
std::vector<std::string> play(const std::string& path);

}  // namespace kvali::scenarios
