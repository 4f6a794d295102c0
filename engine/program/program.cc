#include "engine/program/program.h"

#include "engine/program/check.h"
#include "engine/program/expand.h"
#include "engine/program/read.h"
#include "engine/program/subjects.h"

namespace kvali::program {

Loaded load(const std::vector<SourceFile>& files) {
  ReadResult read = read_program(files);
  if (read.names_known) {
    Faults faults;
    for (const Fault& fault : read.faults) faults.add(fault);
    check_program(read.program, read.positions, faults);
    read.faults = faults.take();
  }
  Loaded loaded{std::move(read.program), {}, std::move(read.positions), std::move(read.faults)};
  if (loaded.ok()) loaded.machine = expand(loaded.program, loaded.positions);
  return loaded;
}

Loaded part_of(const Loaded& loaded, int subject) {
  const v1::Subject& one = loaded.program.subjects(subject);
  return {program_of(loaded.program, one), loaded.ok() ? loaded.machine.subjects(subject) : v1::Machine(), positions_of(loaded.positions, one), {}};
}

}  // namespace kvali::program
