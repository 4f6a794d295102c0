#pragma once
// Sealing: every personal value and every free text of a command is closed under its subject's key before anything is
// decided. What guards may ask of it (whether it is there, how long it is) stands beside the seal.
#include <string>

#include "engine/cohort/model.h"
#include "engine/cohort/state.h"
#include "kvali/v1/command.pb.h"
#include "server/vault/vault.h"

namespace kvali::core {

/// Seals what `asked` carries. `cohort` may be null (directory); a field the program does not know is left as it is and refused
/// later. An error is of the world: the key could not be made.
Result<void> seal(v1::Asked& asked, const cohort::Cohort* cohort, vault::Vault& vault);

/// The clear text of a sealed value; empty when its key was destroyed.
std::string open(const v1::Sealed& sealed, const vault::Vault& vault);
/// The value with its seals opened, for a payload.
v1::Value opened(const v1::Value& value, const vault::Vault& vault);
/// What people call an initiative, or another subject: its title; of one without, its kind and its locality.
std::string title_of(const cohort::Cohort& cohort, const cohort::Initiative& initiative, const vault::Vault& vault);

}  // namespace kvali::core
