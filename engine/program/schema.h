#pragma once
// The JSON Schema of definitions, for editors that complete and underline while somebody writes.
#include <string>

namespace kvali::program {

/// JSON Schema, draft 2020-12, of program.yaml: generated from the proto and its options, indented, ending in a line feed.
/// What the reader accepts fits it; what fits it may still be refused (names that do not resolve, states never reached).
std::string program_schema();

}  // namespace kvali::program
