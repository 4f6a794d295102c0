#pragma once
// Files as the command line reads them: a program with its texts, lines of JSON from the standard input.
#include <string>
#include <vector>

#include "engine/program/source.h"
#include "engine/result.h"

namespace kvali::cli {

/// The lines of a text, each four spaces further in.
std::string indented(std::string lines);
Result<std::string> read_file(const std::string& path);
/// The program's file and what stands in `texts/` beside it, by name.
Result<std::vector<program::SourceFile>> read_program_files(const std::string& path);

}  // namespace kvali::cli
