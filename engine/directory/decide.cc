#include "engine/directory/decide.h"

#include <algorithm>

#include "engine/directory/parts.h"

namespace kvali::directory {
namespace {

Verdict register_person(const Directory& directory, const v1::Asked& asked, bool runs) {
  if (!runs && !directory.persons.empty()) return Refusal{"FORBIDDEN", "forbidden"};
  const v1::RegisterPerson& command = asked.command().register_person();
  if (!command.name().has_sealed() || command.name().sealed().size() == 0) return Refusal{"INVALID", "no_command"};
  Decision decision;
  v1::PersonRegistered& made = *decision.records.add().mutable_person_registered();
  made.set_person(asked.fresh_id());
  *made.mutable_name() = command.name().sealed();
  if (command.email().has_sealed()) *made.mutable_email() = command.email().sealed();
  *made.mutable_languages() = command.languages();
  if (!command.mail_domain().empty()) made.set_mail_domain(command.mail_domain());
  if (directory.persons.empty()) {
    v1::RelationGranted& granted = *decision.records.add().mutable_relation_granted();
    granted.set_grant(asked.fresh_id());
    granted.set_person(asked.fresh_id());
    granted.set_relation("manager");
  }
  decision.created = asked.fresh_id();
  return decision;
}

/// Whether `network` is a member of `organisation`, over however many others.
bool is_inside(const Directory& directory, const std::string& network, const std::string& organisation, calendar::Instant now) {
  std::vector<std::string> looked{directory.kept(network)};
  for (std::size_t i = 0; i < looked.size(); ++i) {
    if (looked[i] == directory.kept(organisation)) return true;
    for (const Grant& one : directory.grants)
      if (!one.organisation.empty() && directory.kept(one.organisation) == looked[i] && directory.belongs(looked[i], one.scope, now) &&
          std::find(looked.begin(), looked.end(), directory.kept(one.scope)) == looked.end())
        looked.push_back(directory.kept(one.scope));
  }
  return false;
}

/// An organisation becomes a member of a network.
Verdict join_network(const Directory& directory, const v1::Asked& asked) {
  const v1::GrantRelation& command = asked.command().grant_relation();
  const Organisation* member = directory.organisation(command.organisation());
  const Organisation* network = directory.organisation(command.scope());
  if (!member || !network) return Refusal{"NOT_FOUND", "no_organisation"};
  if (command.relation() != "member" || !command.person().empty()) return Refusal{"INVALID", "no_command"};
  if (network->kind != "network") return Refusal{"PRECONDITION", "no_network"};
  if (is_inside(directory, network->id, member->id, asked.now_us())) return Refusal{"PRECONDITION", "inside_itself"};
  if (directory.belongs(member->id, network->id, asked.now_us())) return Refusal{"PRECONDITION", "twice"};
  Decision decision;
  v1::RelationGranted& made = *decision.records.add().mutable_relation_granted();
  made.set_grant(asked.fresh_id());
  made.set_relation(command.relation());
  made.set_organisation(member->id);
  made.set_scope(network->id);
  made.set_from_us(command.from_us());
  made.set_until_us(command.until_us());
  decision.created = asked.fresh_id();
  return decision;
}

Verdict grant_relation(const Directory& directory, const v1::Asked& asked) {
  const v1::GrantRelation& command = asked.command().grant_relation();
  if (!command.organisation().empty()) return join_network(directory, asked);
  if (!directory.person(command.person())) return Refusal{"NOT_FOUND", "no_person"};
  if (!command.scope().empty() && !directory.organisation(command.scope())) return Refusal{"NOT_FOUND", "no_organisation"};
  if (command.relation() == "mentor" && command.scope().empty()) return Refusal{"NOT_FOUND", "no_organisation"};
  if (command.relation() != "manager" && command.relation() != "member" && command.relation() != "mentor") return Refusal{"INVALID", "no_command"};
  Decision decision;
  v1::RelationGranted& made = *decision.records.add().mutable_relation_granted();
  made.set_grant(asked.fresh_id());
  made.set_person(command.person());
  made.set_relation(command.relation());
  made.set_scope(command.scope());
  made.set_from_us(command.from_us());
  made.set_until_us(command.until_us());
  decision.created = asked.fresh_id();
  return decision;
}

Verdict end_relation(const Directory& directory, const v1::Asked& asked) {
  const std::string& id = asked.command().end_relation().grant();
  const bool known = std::any_of(directory.grants.begin(), directory.grants.end(), [&](const Grant& one) { return one.id == id && !one.ended; });
  if (!known) return Refusal{"NOT_FOUND", "no_assignment"};
  Decision decision;
  decision.records.add().mutable_relation_ended()->set_grant(id);
  return decision;
}

Verdict decide_body(const Directory& directory, const v1::Asked& asked) {
  const bool runs = directory.related(asked.actor(), "manager", "", asked.now_us());
  const v1::Command& command = asked.command();
  if (command.has_register_person()) return register_person(directory, asked, runs);
  const Case c{directory, asked, runs};
  if (command.has_register_organisation()) return register_organisation(c, command.register_organisation());
  if (command.has_rename_organisation()) return rename_organisation(c, command.rename_organisation());
  if (command.has_change_organisation()) return change_organisation(c, command.change_organisation());
  if (command.has_succeed_organisation()) return succeed_organisation(c, command.succeed_organisation());
  if (command.has_merge_organisations()) return merge_organisations(c, command.merge_organisations());
  if (command.has_record_fact()) return record_fact(c, command.record_fact());
  if (command.has_withdraw_fact()) return withdraw_fact(c, command.withdraw_fact());
  if (command.has_accept_fact()) return accept_fact(c, command.accept_fact());
  if (command.has_revoke_acceptance()) return revoke_acceptance(c, command.revoke_acceptance());
  if (!runs) return Refusal{"FORBIDDEN", "forbidden"};
  if (command.has_grant_relation()) return grant_relation(directory, asked);
  if (command.has_end_relation()) return end_relation(directory, asked);
  return Refusal{"INVALID", "no_command"};
}

}  // namespace

Verdict decide(const Directory& directory, const v1::Asked& asked) {
  Verdict verdict = decide_body(directory, asked);
  auto* decision = std::get_if<Decision>(&verdict);
  if (!decision || decision->records.empty()) return verdict;
  v1::Commit& commit = *decision->records.mutable_front().mutable_commit();
  commit.set_records(static_cast<std::uint32_t>(decision->records.size()));
  commit.set_command_id(asked.command().id());
  commit.set_request_hash(asked.request_hash());
  commit.set_actor(asked.actor());
  commit.set_on_behalf_of(asked.command().on_behalf_of());
  commit.set_channel(asked.command().channel());
  commit.set_received_at_us(asked.command().received_at_us());
  commit.set_recorded_at_us(asked.now_us());
  commit.set_stamped_at_us(asked.now_us());
  commit.set_created(decision->created);
  return verdict;
}

}  // namespace kvali::directory
