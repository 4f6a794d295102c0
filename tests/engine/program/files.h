#pragma once
// The files that the tests of programs read: those of workflows/, and goldens beside the tests.
#include <string>
#include <vector>

#include "engine/program/source.h"

namespace kvali::program::testing {

std::string read_file(const std::string& path_from_root);

/// The program of workflows/NAME with its texts; paths from the root of the tree.
std::vector<SourceFile> workflow(const std::string& name);

/// Faults as their lines, for messages that can be read.
std::vector<std::string> lines_of(const std::vector<Fault>& faults);

/// Compares with tests/engine/program/golden/NAME. With KVALI_WRITE_GOLDEN set in the environment it is written instead.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace kvali::program::testing
