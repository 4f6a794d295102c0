#pragma once
// YAML → kvali.v1.Program. Driven by the proto's reflection and its options: a new field of the language is a line in
// program.proto and nothing here.
#include <google/protobuf/message.h>

#include <optional>
#include <vector>

#include "engine/program/source.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

struct ReadResult {
  v1::Program program;  // as far as it could be read
  Positions positions;  // of the program's file
  std::string path;     // of the program's file
  bool names_known = false;  // every list of named things could be read, so that a name not found is really unknown
  std::vector<Fault> faults;
  [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// Reads a program and its texts: one file is the program, those in a folder `texts` are translations ("texts/lt.yaml").
/// Finds what can be seen without knowing the names of others: grammar, keys, kinds, required values, and translations that
/// are missing or too many. All faults at once. Pure.
ReadResult read_program(const std::vector<SourceFile>& files);

/// Reads one file into any message whose fields say how they are written (options.proto). `what` it is in sentences: "program".
/// Whether every list of named things could be read; nothing where there is no mapping at all.
std::optional<bool> read_file(const SourceFile& file, std::string_view what, google::protobuf::Message& message, Positions& positions, Faults& faults);

}  // namespace kvali::program
