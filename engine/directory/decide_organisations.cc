// Organisations are registered, renamed, changed; one goes on from another; two entries of one become one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/directory/parts.h"
#include "engine/directory/registers.h"
#include "engine/limits.h"

namespace kvali::directory {
namespace {

/// The words of InitiativeRules.Bringer: what may bring an initiative is what an organisation may be.
constexpr std::array<std::string_view, 6> kinds = {"organisation", "informal_group", "community", "network", "person", "team"};

std::optional<Refusal> check_name(const std::string& name) {
  if (name.empty()) return Refusal{"INVALID", "no_organisation_name"};
  if (name.size() > limits::organisation_name_bytes_max)
    return Refusal{"LIMIT", "too_long_name", {{"max", std::to_string(limits::organisation_name_bytes_max)}}};
  return std::nullopt;
}

std::optional<Refusal> check_kind(const std::string& kind) {
  if (kind.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return std::nullopt;
  return Refusal{"INVALID", "no_organisation_kind", {{"name", kind}, {"known", fmt::format("{}", fmt::join(kinds, ", "))}}};
}

std::optional<Refusal> check_country(const std::string& country) {
  const bool code = country.size() == 2 && std::all_of(country.begin(), country.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (country.empty() || code) return std::nullopt;
  return Refusal{"INVALID", "no_country", {{"name", country}}};
}

struct Registration {
  std::string reg, number;  // the number written plainly where its register is known
};

/// A number that a register has is one organisation's. Whose is not told: who asks may be anybody.
std::optional<Refusal> check_registration(const Directory& directory, Registration& given, const std::string& but) {
  if (given.reg.empty()) return std::nullopt;
  if (!is_register(given.reg))
    return Refusal{"INVALID", "no_register", {{"name", given.reg}, {"known", fmt::format("{}", fmt::join(known_registers(), ", "))}}};
  given.number = written_plainly(given.number);
  if (!fits_register(given.reg, given.number))
    return Refusal{"INVALID", "no_registration", {{"register", given.reg}, {"format", std::string(format_of(given.reg))}}};
  const bool taken = std::any_of(directory.organisations.begin(), directory.organisations.end(), [&](const Organisation& one) {
    return one.reg == given.reg && one.registration == given.number && directory.kept(one.id) != directory.kept(but);
  });
  if (taken) return Refusal{"PRECONDITION", "registered_already", {{"register", given.reg}}};
  return std::nullopt;
}

/// Whether `organisation` goes on from `other`, over however many others.
bool goes_on_from(const Directory& directory, const std::string& organisation, const std::string& other) {
  std::vector<std::string> looked{directory.kept(organisation)};
  for (std::size_t i = 0; i < looked.size(); ++i) {
    if (looked[i] == directory.kept(other)) return true;
    const Organisation* one = directory.organisation(looked[i]);
    if (!one) continue;
    for (const std::string& before : one->successor_of)
      if (std::find(looked.begin(), looked.end(), directory.kept(before)) == looked.end()) looked.push_back(directory.kept(before));
  }
  return false;
}

std::optional<Refusal> check_new(const Directory& directory, const v1::RegisterOrganisation& command, Registration& registration) {
  if (auto fault = check_name(command.name())) return fault;
  if (auto fault = check_kind(command.kind())) return fault;
  if (auto fault = check_country(command.country())) return fault;
  if (auto fault = check_registration(directory, registration, "")) return fault;
  if (static_cast<std::size_t>(command.facts_size()) > limits::facts_per_organisation_max)
    return Refusal{"LIMIT", "too_many", {{"count", std::to_string(limits::facts_per_organisation_max)}}};
  for (const v1::Fact& fact : command.facts())
    if (auto fault = fault_of(fact)) return fault;
  if (static_cast<std::size_t>(command.successor_of_size()) > limits::predecessors_max)
    return Refusal{"LIMIT", "too_many", {{"count", std::to_string(limits::predecessors_max)}}};
  for (const std::string& before : command.successor_of())
    if (!directory.entry(before)) return Refusal{"NOT_FOUND", "no_organisation"};
  return std::nullopt;
}

}  // namespace

bool is_member(const Case& c, const Organisation& organisation) {
  return c.directory.related(c.asked.actor(), "member", organisation.id, c.asked.now_us());
}

std::variant<const Organisation*, Refusal> own_organisation(const Case& c, const std::string& id) {
  const Organisation* found = c.directory.organisation(id);
  if (c.runs && !found) return Refusal{"NOT_FOUND", "no_organisation"};
  if (!c.runs && (!found || !is_member(c, *found))) return Refusal{"FORBIDDEN", "not_member"};
  return found;
}

Verdict register_organisation(const Case& c, const v1::RegisterOrganisation& command) {
  if (c.asked.actor().empty()) return Refusal{"FORBIDDEN", "forbidden"};
  Registration registration{command.register_(), command.registration()};
  if (auto fault = check_new(c.directory, command, registration)) return *fault;
  Decision decision;
  v1::OrganisationRegistered& made = *decision.records.add().mutable_organisation_registered();
  made.set_organisation(c.asked.fresh_id());
  made.set_name(command.name());
  made.set_kind(command.kind());
  made.set_country(command.country());
  made.set_register_(registration.reg);
  made.set_registration(registration.number);
  for (const v1::Fact& fact : command.facts()) *made.add_facts() = recorded(fact, fmt::format("{}.{}", c.asked.fresh_id(), made.facts_size() + 1));
  *made.mutable_successor_of() = command.successor_of();
  if (!c.runs) {  // who registers her own organisation speaks for it
    v1::RelationGranted& granted = *decision.records.add().mutable_relation_granted();
    granted.set_grant(c.asked.fresh_id());
    granted.set_person(c.asked.actor());
    granted.set_relation("member");
    granted.set_scope(c.asked.fresh_id());
  }
  decision.created = c.asked.fresh_id();
  return decision;
}

Verdict rename_organisation(const Case& c, const v1::RenameOrganisation& command) {
  auto found = own_organisation(c, command.organisation());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  if (auto fault = check_name(command.name())) return *fault;
  v1::Fact day;  // a day of its own, judged as a fact's is
  day.set_name("name");
  *day.mutable_from() = command.from();
  if (command.from().year() != 0)
    if (auto fault = fault_of(day)) return *fault;
  const Organisation& organisation = *std::get<const Organisation*>(found);
  if (organisation.name == command.name()) return Refusal{"PRECONDITION", "same_name"};
  Decision decision;
  v1::OrganisationRenamed& made = *decision.records.add().mutable_organisation_renamed();
  made.set_organisation(organisation.id);
  made.set_name(command.name());
  if (command.from().year() != 0) *made.mutable_from() = command.from();
  return decision;
}

Verdict change_organisation(const Case& c, const v1::ChangeOrganisation& command) {
  auto found = own_organisation(c, command.organisation());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Organisation& before = *std::get<const Organisation*>(found);
  if (auto fault = check_kind(command.kind())) return *fault;
  if (auto fault = check_country(command.country())) return *fault;
  Registration registration{command.register_(), command.registration()};
  if (registration.reg.empty() && registration.number.empty()) registration = {before.reg, before.registration};
  if (auto fault = check_registration(c.directory, registration, before.id)) return *fault;
  v1::OrganisationChanged made;
  made.set_organisation(before.id);
  made.set_kind(command.kind().empty() ? before.kind : command.kind());
  made.set_country(command.country().empty() ? before.country : command.country());
  made.set_register_(registration.reg);
  made.set_registration(registration.number);
  const bool same = made.kind() == before.kind && made.country() == before.country && made.register_() == before.reg && made.registration() == before.registration;
  if (same) return Refusal{"PRECONDITION", "nothing_changed"};
  Decision decision;
  *decision.records.add().mutable_organisation_changed() = std::move(made);
  return decision;
}

Verdict succeed_organisation(const Case& c, const v1::SucceedOrganisation& command) {
  if (!c.runs) return Refusal{"FORBIDDEN", "forbidden"};
  const Organisation* organisation = c.directory.organisation(command.organisation());
  if (!organisation || !c.directory.organisation(command.successor_of())) return Refusal{"NOT_FOUND", "no_organisation"};
  if (goes_on_from(c.directory, command.successor_of(), command.organisation())) return Refusal{"PRECONDITION", "succeeds_itself"};
  if (goes_on_from(c.directory, command.organisation(), command.successor_of())) return Refusal{"PRECONDITION", "twice"};
  if (organisation->successor_of.size() >= limits::predecessors_max)
    return Refusal{"LIMIT", "too_many", {{"count", std::to_string(limits::predecessors_max)}}};
  Decision decision;
  v1::OrganisationSucceeded& made = *decision.records.add().mutable_organisation_succeeded();
  made.set_organisation(organisation->id);
  made.set_successor_of(c.directory.kept(command.successor_of()));
  return decision;
}

Verdict merge_organisations(const Case& c, const v1::MergeOrganisations& command) {
  if (!c.runs) return Refusal{"FORBIDDEN", "forbidden"};
  const Organisation* kept = c.directory.entry(command.kept());
  const Organisation* merged = c.directory.entry(command.merged());
  if (!kept || !merged) return Refusal{"NOT_FOUND", "no_organisation"};
  if (!kept->merged_into.empty() || !merged->merged_into.empty()) return Refusal{"PRECONDITION", "merged_already"};
  if (kept == merged) return Refusal{"INVALID", "merged_with_itself"};
  if (goes_on_from(c.directory, kept->id, merged->id) || goes_on_from(c.directory, merged->id, kept->id)) return Refusal{"PRECONDITION", "merged_successor"};
  if (kept->facts.size() + merged->facts.size() > limits::facts_per_organisation_max)
    return Refusal{"LIMIT", "too_many", {{"count", std::to_string(limits::facts_per_organisation_max)}}};
  Decision decision;
  v1::OrganisationsMerged& made = *decision.records.add().mutable_organisations_merged();
  made.set_kept(kept->id);
  made.set_merged(merged->id);
  if (command.reason().has_sealed()) *made.mutable_reason() = command.reason().sealed();
  return decision;
}

}  // namespace kvali::directory
