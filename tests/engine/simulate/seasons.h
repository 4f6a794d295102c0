#pragma once
// Settings to simulate: the programme of 2017 with its season, and the small programs of tests/engine/cohort.
#include <memory>
#include <string>

#include "engine/simulate/simulate.h"

namespace kvali::simulate::testing {

/// The compiled program of workflows/NAME, or of tests/engine/cohort/NAME.yaml. `root` is the source folder.
std::shared_ptr<const cohort::Model> program_at(const std::string& root, const std::string& name);

/// A season of that program with the dates of its season (2017), fifteen localities where it has some, Lithuania's holidays,
/// and the usual habits: `initiatives` in each of `cohorts`.
Setting season_of(const std::string& root, const std::string& name, std::uint32_t initiatives, std::uint32_t cohorts = 1, std::uint64_t seed = 1);

}  // namespace kvali::simulate::testing
