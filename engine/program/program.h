#pragma once
// The door to programs: files in, a checked program and its core machine out, or every fault at once.
#include <vector>

#include "engine/program/source.h"
#include "kvali/v1/machine.pb.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

struct Loaded {
  v1::Program program;        // as far as it could be read
  v1::Machine machine;        // empty unless ok()
  Positions positions;        // of the program's file
  std::vector<Fault> faults;  // by file, line and column
  [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// Reads, checks and expands the files of one program: its YAML and texts/LANG.yaml for each language but the first. Pure:
/// whoever calls it has read the files.
Loaded load(const std::vector<SourceFile>& files);

/// Another kind of subject (Program.subjects[subject]) as a program of its own: its small program, machine and positions.
Loaded part_of(const Loaded& loaded, int subject);

}  // namespace kvali::program
