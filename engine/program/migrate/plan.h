#pragma once
// A migration plan in YAML → kvali.v1.MigrationPlan, by the same reader as programs.
#include <vector>

#include "engine/program/source.h"
#include "kvali/v1/migration.pb.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

struct PlanRead {
  v1::MigrationPlan plan;  // as far as it could be read
  Positions positions;
  std::vector<Fault> faults;
  [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// Reads a plan: grammar, keys and kinds; what its names mean is seen by Crossing. Pure.
PlanRead read_plan(const SourceFile& file);

/// What a plan says of one of the program's other kinds of subject, as a plan between its small programs (subjects.h): the roles and
/// parameters are those of the whole.
v1::MigrationPlan plan_of(const v1::MigrationPlan& whole, std::string_view subject);
/// Tells each kind of subject that the plan speaks of and the version `was` does not have.
void check_subjects_of_plan(const v1::MigrationPlan& plan, const Positions& positions, const v1::Program& was, std::vector<Fault>& faults);
/// Where the values of that plan stand in the file of the whole.
Positions positions_of_plan(const Positions& whole, std::string_view subject);

}  // namespace kvali::program
