#pragma once
// What a command about the directory needs of the cohorts, put into it before it is decided: so deciding reads the directory alone.
#include <set>
#include <string>

#include "engine/records.h"
#include "kvali/v1/command.pb.h"
#include "server/core/store.h"

namespace kvali::core {

/// Whether the command is decided in the directory's stream.
bool is_for_directory(const v1::Command& command);
/// For AcceptFact in a cohort: its program, and the roles of the actor there that the program lets accept the fact.
void state_rights(v1::Asked& asked, const Store& store);
/// The organisations that these records of the directory say something about which a cohort may have noted, by the ids in them.
std::set<std::string> organisations_of(const Records& records);

/// Those that have another name for people to see: renamed, or merged.
std::set<std::string> renamed_by(const Records& records);

}  // namespace kvali::core
