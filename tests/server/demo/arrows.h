#pragma once
// Which arrows of a program's machines were taken in a cohort: read from its journal, so that it is what happened and not what was meant.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/server/demo/world.h"

namespace kvali::demo::testing {

/// By machine, the indices of its arrows. A machine is called by its kind of subject and its kind of task: "initiative", "meeting",
/// "initiative impact".
using Arrows = std::map<std::string, std::set<std::uint32_t>>;

Arrows taken(const World& world, const std::string& cohort);

/// All machines that a cohort has, each with its chart.
std::map<std::string, const statechart::Chart*> machines(const cohort::Cohort& cohort);

/// Those not among `taken`, each as `MACHINE: STATE MOVE`, or the events in place of the move; "by itself" when it waits for neither.
std::vector<std::string> untaken(const cohort::Cohort& cohort, const Arrows& taken);

}  // namespace kvali::demo::testing
