#include "engine/program/migrate/plan.h"

#include "engine/program/read.h"

namespace kvali::program {

PlanRead read_plan(const SourceFile& file) {
  PlanRead read;
  Faults faults;
  read_file(file, "plan", read.plan, read.positions, faults);
  read.faults = faults.take();
  return read;
}

}  // namespace kvali::program
