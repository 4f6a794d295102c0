#pragma once
// The parts of decide, one for each kind of command about organisations. Internal to engine/directory.
#include "engine/directory/decide.h"

namespace kvali::directory {

/// What every part is given.
struct Case {
  const Directory& directory;
  const v1::Asked& asked;
  bool runs;  // the actor runs the house
};

Verdict register_organisation(const Case& c, const v1::RegisterOrganisation& command);
Verdict rename_organisation(const Case& c, const v1::RenameOrganisation& command);
Verdict change_organisation(const Case& c, const v1::ChangeOrganisation& command);
Verdict succeed_organisation(const Case& c, const v1::SucceedOrganisation& command);
Verdict merge_organisations(const Case& c, const v1::MergeOrganisations& command);
Verdict record_fact(const Case& c, const v1::RecordFact& command);
Verdict withdraw_fact(const Case& c, const v1::WithdrawFact& command);
Verdict accept_fact(const Case& c, const v1::AcceptFact& command);
Verdict revoke_acceptance(const Case& c, const v1::RevokeAcceptance& command);

/// The organisation, if the actor may speak for it: as a member, or as who runs the house.
std::variant<const Organisation*, Refusal> own_organisation(const Case& c, const std::string& id);
/// Whether the actor is a member of it now.
bool is_member(const Case& c, const Organisation& organisation);
/// What does not fit in a fact that is to be recorded; nothing when it does.
std::optional<Refusal> fault_of(const v1::Fact& fact);
/// The fact as it is recorded: under `id`, accepted by nobody.
v1::Fact recorded(const v1::Fact& given, const std::string& id);

}  // namespace kvali::directory
