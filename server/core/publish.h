#pragma once
// Publishing a program: the files are read, checked and expanded; what is stored is the source and the core machine, under
// the SHA-256 of the canonical form. A file with faults is refused with all of them.
#include <string>
#include <variant>
#include <vector>

#include "engine/cohort/refusal.h"
#include "engine/records.h"
#include "engine/cohort/model.h"
#include "kvali/v1/command.pb.h"
#include "kvali/v1/record.pb.h"

namespace kvali::core {

std::variant<Records, cohort::Refusal> decide_publish(const cohort::Library& library, const v1::Asked& asked,
                                                      bool runs_the_house, std::string& created);

/// Lower-case hexadecimal SHA-256 of a program's canonical form: its version.
std::string version_of(const v1::Program& program);

}  // namespace kvali::core
