#pragma once
// A migration plan in YAML → kvali.v1.MigrationPlan, by the same reader as programs.
#include <vector>

#include "engine/program/source.h"
#include "kvali/v1/migration.pb.h"

namespace kvali::program {

struct PlanRead {
  v1::MigrationPlan plan;  // as far as it could be read
  Positions positions;
  std::vector<Fault> faults;
  [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// Reads a plan: grammar, keys and kinds; what its names mean is seen by Crossing. Pure.
PlanRead read_plan(const SourceFile& file);

}  // namespace kvali::program
