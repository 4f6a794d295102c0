#pragma once
// Publishing a program: the files are read, checked, proved and expanded; what is stored is the source and the core machine, under
// the SHA-256 of the canonical form, with what the proof came to. A file with faults is refused with all of them, a program that is
// not sound with every finding.
//
// Reading and proving need no state and may take seconds, so they are made beside the core thread (Options.beside in core.h);
// deciding over what they made takes microseconds.
#include <string>
#include <variant>
#include <vector>

#include "engine/cohort/model.h"
#include "engine/cohort/refusal.h"
#include "engine/program/verify/verify.h"
#include "engine/records.h"
#include "kvali/v1/command.pb.h"
#include "kvali/v1/record.pb.h"

namespace kvali::core {

/// A program that is to be published, as far as no state is needed for it.
struct Publication {
  program::Loaded loaded;
  program::Verdict verdict;  // of what was loaded without faults
  std::string version;       // of the same
};

/// Reads, checks and proves what `command` carries. Any thread; bounded by counts.
Publication prepare(const v1::PublishProgram& command, const program::proof::Bounds& bounds = {});

/// What a decision to publish makes known.
struct Outcome {
  std::string created;             // the version
  std::vector<v1::Text> warnings;  // of the proof
};

/// Decides over `publication`, which was made of what `asked` carries. Refuses with Forbidden who does not run the house (and may
/// then be given an empty publication), with Invalid what has faults or is not sound, with Precondition what is published already.
std::variant<Records, cohort::Refusal> decide_publish(const cohort::Library& library, const v1::Asked& asked, bool runs_the_house,
                                                      const Publication& publication, Outcome& outcome);

/// Lower-case hexadecimal SHA-256 of a program's canonical form: its version.
std::string version_of(const v1::Program& program);

}  // namespace kvali::core
