#pragma once
// The core machine as text for people: what `kvali check --expand` shows.
#include <string>

#include "kvali/v1/machine.pb.h"

namespace kvali::program {

/// Every state with its timers and arrows, indented as they nest, each with its line in the program; then the tasks. Labels
/// in `language`.
std::string print_machine(const v1::Machine& machine, const std::string& language = "");

}  // namespace kvali::program
