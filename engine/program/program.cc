#include "engine/program/program.h"

#include "engine/program/expand.h"
#include "engine/program/read.h"

namespace kvali::program {

Loaded load(const std::vector<SourceFile>& files) {
  ReadResult read = read_program(files);
  Loaded loaded{std::move(read.program), {}, std::move(read.positions), std::move(read.faults)};
  if (loaded.ok()) loaded.machine = expand(loaded.program, loaded.positions);
  return loaded;
}

}  // namespace kvali::program
