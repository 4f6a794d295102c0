#include "engine/cohort/organisations.h"

#include <algorithm>

#include "engine/cohort/advance.h"
#include "engine/cohort/parts.h"
#include "engine/directory/directory.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

/// A fact without what only people read of it.
v1::Fact plain(const v1::Fact& fact) {
  v1::Fact made = fact;
  made.clear_note();
  made.clear_remark();
  for (v1::FactAcceptance& one : *made.mutable_accepted()) one.clear_note();
  return made;
}

v1::OrganisationNoted noted(const directory::Directory& directory, const Model& model, const std::string& id) {
  v1::OrganisationNoted made;
  made.set_organisation(id);
  const directory::Organisation* known = model.reads_organisations() ? directory.organisation(id) : nullptr;
  if (!known) return made;
  made.set_kind(known->kind);
  made.set_country(known->country);
  made.set_register_(known->reg);
  return made;
}

void add_facts(const directory::Directory& directory, const Model& model, v1::OrganisationNoted& made) {
  const directory::Organisation* known = directory.organisation(made.organisation());
  if (!known) return;
  const auto& asked = model.program().initiative().facts();
  for (const v1::Fact& fact : known->facts)
    if (std::any_of(asked.begin(), asked.end(), [&](const v1::OrganisationFact& one) { return one.name() == fact.name(); }))
      *made.add_facts() = plain(fact);
}

bool same(const v1::Bringers* one, const v1::Bringers* other) {
  if (!one || !other) return one == other;
  return one->SerializeAsString() == other->SerializeAsString();
}

/// Whether one of its organisations is among those that may have changed.
bool is_concerned(const Initiative& initiative, const directory::Directory& directory, const std::set<std::string>& organisations) {
  if (organisations.empty()) return true;
  if (organisations.contains(directory.kept(initiative.organisation))) return true;
  const auto partners = partners_of(initiative);
  return std::any_of(partners.begin(), partners.end(), [&](const std::string& one) { return organisations.contains(directory.kept(one)); });
}

/// Nothing follows for what has ended; should it go on after all, it is looked at then.
bool may_be_behind(const Initiative& initiative) {
  return !initiative.ended() && (initiative.bringers || (initiative.model->reads_organisations() && !initiative.organisation.empty()));
}

std::shared_ptr<const v1::Bringers> bringers_now(const Initiative& initiative, const directory::Directory& directory) {
  return bringers_of(directory, *initiative.model, initiative.organisation, partners_of(initiative));
}

/// Names that facts of one name stand under, each with the bytes of all of them.
std::vector<std::pair<std::string, std::string>> by_name(const v1::OrganisationNoted& noted) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const v1::Fact& fact : noted.facts()) {
    auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == fact.name(); });
    if (found == all.end()) found = all.insert(all.end(), {fact.name(), {}});
    found->second += fact.SerializeAsString();
  }
  return all;
}

}  // namespace

std::shared_ptr<const v1::Bringers> bringers_of(const directory::Directory& directory, const Model& model, const std::string& organisation,
                                                const std::vector<std::string>& partners) {
  const bool asks = model.reads_organisations() && !organisation.empty();
  if (!asks && partners.empty()) return nullptr;
  auto made = std::make_shared<v1::Bringers>();
  if (asks) {
    *made->mutable_organisation() = noted(directory, model, organisation);
    add_facts(directory, model, *made->mutable_organisation());
  }
  for (const std::string& one : partners) *made->add_partners() = noted(directory, model, one);
  return made;
}

std::vector<std::string> partners_of(const Initiative& initiative) {
  std::vector<std::string> partners;
  if (initiative.bringers)
    for (const v1::OrganisationNoted& one : initiative.bringers->partners()) partners.push_back(one.organisation());
  return partners;
}

std::vector<std::string> changed_names(const v1::OrganisationNoted& before, const v1::OrganisationNoted& now) {
  std::vector<std::string> names;
  if (before.kind() != now.kind()) names.emplace_back("kind");
  if (before.country() != now.country()) names.emplace_back("country");
  if (before.register_() != now.register_()) names.emplace_back("register");
  const auto was = by_name(before), is = by_name(now);
  const auto add = [&](const auto& all, const auto& others) {
    for (const auto& one : all)
      if (std::find(others.begin(), others.end(), one) == others.end() && std::find(names.begin(), names.end(), one.first) == names.end())
        names.push_back(one.first);
  };
  add(is, was);
  add(was, is);
  return names;
}

bool is_behind(const Cohort& cohort, const directory::Directory& directory, const std::set<std::string>& organisations) {
  return std::any_of(cohort.initiatives.begin(), cohort.initiatives.end(), [&](const Initiative& one) {
    return may_be_behind(one) && is_concerned(one, directory, organisations) && !same(one.bringers.get(), bringers_now(one, directory).get());
  });
}

bool note_facts(Sketch& sketch, Slot slot) {
  const Initiative& initiative = sketch.initiative(slot);
  if (!may_be_behind(initiative)) return false;
  const auto now = bringers_now(initiative, sketch.world().directory);
  if (same(initiative.bringers.get(), now.get())) return false;
  v1::Record& record = sketch.draft();
  v1::FactsNoted& made = *record.mutable_facts_noted();
  made.set_initiative(initiative.id);
  if (now) *made.mutable_bringers() = *now;
  static const v1::Bringers none;
  const v1::Bringers& before = initiative.bringers ? *initiative.bringers : none;
  for (std::string& name : changed_names(before.organisation(), made.bringers().organisation())) made.add_changed(std::move(name));
  if (made.changed().empty()) made.add_changed("partners");
  sketch.add(record, slot);
  return true;
}

bool may_know_facts(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation) {
  if (viewer.person.empty()) return false;
  return may(cohort, world, viewer, Action::Manage) ||
         (!organisation.empty() && world.directory.related(viewer.person, "member", organisation, viewer.now));
}

Outcome note_facts(Case& c, const v1::NoteFacts& command) {
  if (!c.asked.actor().empty()) return refuse(Code::Forbidden, "forbidden");  // only the loop does
  const std::set<std::string> organisations(command.organisations().begin(), command.organisations().end());
  std::size_t count = 0;  // the loop asks again while something is behind
  for (Slot slot = 0; slot < c.cohort().initiatives.size() && count < limits::due_initiatives_per_commit_max; ++slot) {
    const Initiative& initiative = c.cohort().initiatives[slot];
    if (!may_be_behind(initiative) || !is_concerned(initiative, c.world().directory, organisations)) continue;
    if (same(initiative.bringers.get(), bringers_now(initiative, c.world().directory).get())) continue;
    fire_due(c, slot);  // what was due before goes by what was known before
    if (note_facts(c.sketch, slot)) ++count;
  }
  settle(c.sketch, c.bench, {});
  return std::nullopt;
}

std::optional<Refusal> check_partners(const World& world, const std::string& organisation, const google::protobuf::RepeatedPtrField<std::string>& partners) {
  if (partners.empty()) return std::nullopt;
  if (organisation.empty()) return refuse(Code::Precondition, "partners_without_lead");
  if (static_cast<std::size_t>(partners.size()) > limits::partners_per_initiative_max)
    return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::partners_per_initiative_max)}});
  std::vector<std::string> seen{world.directory.kept(organisation)};
  for (const std::string& one : partners) {
    if (!world.directory.organisation(one)) return refuse(Code::NotFound, "no_organisation");
    const std::string& kept = world.directory.kept(one);
    if (std::find(seen.begin(), seen.end(), kept) != seen.end()) return refuse(Code::Invalid, "partner_twice");
    seen.push_back(kept);
  }
  return std::nullopt;
}

Outcome set_partners(Case& c, const v1::SetPartners& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (initiative.ended()) return refuse_ended(initiative);
  google::protobuf::RepeatedPtrField<std::string> roles;
  roles.Add(std::string(initiative.model->applicant_role()));
  if (!may_as(c.cohort(), c.world(), c.viewer, initiative, roles)) return refuse(Code::Forbidden, "forbidden");
  if (command.has_if_version() && command.if_version() != initiative.version) return refuse(Code::ConflictVersion, "moved_on");
  if (auto refusal = check_partners(c.world(), initiative.organisation, command.partners())) return *refusal;
  const auto now = bringers_of(c.world().directory, *initiative.model, initiative.organisation, {command.partners().begin(), command.partners().end()});
  if (same(initiative.bringers.get(), now.get())) return refuse(Code::Precondition, "nothing_changed");
  v1::Record& record = c.sketch.draft();
  record.mutable_partners_set()->set_initiative(initiative.id);
  if (now) *record.mutable_partners_set()->mutable_bringers() = *now;
  c.sketch.add(record, slot);
  settle(c.sketch, c.bench, {});
  return std::nullopt;
}

}  // namespace kvali::cohort
