#include "server/core/rights.h"

#include <algorithm>

#include "engine/cohort/decide.h"

namespace kvali::core {
namespace {

/// The name of a fact; "" where there is none of that id.
std::string fact_name(const directory::Directory& directory, const std::string& organisation, const std::string& id) {
  const directory::Organisation* known = directory.organisation(organisation);
  if (!known) return {};
  const auto found = std::find_if(known->facts.begin(), known->facts.end(), [&](const v1::Fact& one) { return one.id() == id; });
  return found == known->facts.end() ? std::string() : found->name();
}

}  // namespace

bool is_for_directory(const v1::Command& command) {
  using v1::Command;
  switch (command.body_case()) {
    case Command::kRegisterPerson:
    case Command::kRegisterOrganisation:
    case Command::kGrantRelation:
    case Command::kEndRelation:
    case Command::kRecordFact:
    case Command::kRenameOrganisation:
    case Command::kChangeOrganisation:
    case Command::kSucceedOrganisation:
    case Command::kMergeOrganisations:
    case Command::kWithdrawFact:
    case Command::kAcceptFact:
    case Command::kRevokeAcceptance: return true;
    default: return false;  // every other is for a cohort or a program
  }
}

void state_rights(v1::Asked& asked, const Store& store) {
  asked.clear_program();
  asked.clear_roles();
  const v1::Command& command = asked.command();
  if (!command.has_accept_fact()) return;
  const auto found = store.cohorts.find(command.cohort());
  if (found == store.cohorts.end() || !found->second.quarantined.empty() || !found->second.state.open()) return;
  const cohort::Cohort& state = found->second.state;
  asked.set_program(state.model->name());
  const std::string name = fact_name(store.directory, command.accept_fact().organisation(), command.accept_fact().fact());
  const auto held = cohort::roles_in(state, store.world(), {asked.actor(), cohort::instant_in(state, asked.now_us())});
  const auto add = [&](const google::protobuf::RepeatedPtrField<v1::OrganisationFact>& facts) {
    for (const v1::OrganisationFact& fact : facts)
      for (const std::string& role : fact.accepted_by()) {
        const bool known = std::find(asked.roles().begin(), asked.roles().end(), role) != asked.roles().end();
        if (fact.name() == name && !known && std::find(held.begin(), held.end(), role) != held.end()) asked.add_roles(role);
      }
  };
  add(state.model->program().initiative().facts());
  for (const v1::Subject& subject : state.model->program().subjects()) add(subject.facts());
}

std::set<std::string> organisations_of(const Records& records) {
  std::set<std::string> ids;
  for (const v1::Record& record : records) {
    if (record.has_fact_recorded()) ids.insert(record.fact_recorded().organisation());
    if (record.has_fact_withdrawn()) ids.insert(record.fact_withdrawn().organisation());
    if (record.has_fact_accepted()) ids.insert(record.fact_accepted().organisation());
    if (record.has_acceptance_revoked()) ids.insert(record.acceptance_revoked().organisation());
    if (record.has_organisation_changed()) ids.insert(record.organisation_changed().organisation());
    if (record.has_organisations_merged()) ids.insert(record.organisations_merged().kept());
  }
  return ids;
}

std::set<std::string> renamed_by(const Records& records) {
  std::set<std::string> ids;
  for (const v1::Record& record : records) {
    if (record.has_organisation_renamed()) ids.insert(record.organisation_renamed().organisation());
    if (record.has_organisations_merged()) ids.insert(record.organisations_merged().merged());
  }
  return ids;
}

}  // namespace kvali::core
