#pragma once
// Whether a core machine is one: the rules that a chart relies on.
#include <string>
#include <vector>

#include "kvali/v1/machine.pb.h"

namespace kvali::statechart {

/// Every fault of `machine`, in the order of its states and arrows, each a sentence led by its place in the source
/// where it has one. Empty: well-formed.
std::vector<std::string> faults_of(const v1::Machine& machine);

}  // namespace kvali::statechart
