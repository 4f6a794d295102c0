#include "engine/cohort/conflict.h"

#include <algorithm>

#include "engine/cohort/facts.h"
#include "engine/cohort/organisations.h"
#include "engine/directory/directory.h"

namespace kvali::cohort {
namespace {

template <class List, class One>
bool contains(const List& list, const One& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

struct Asking {
  const Cohort& cohort;
  const World& world;
  const Viewer& viewer;
  const Initiative& initiative;
  std::string_view role;
};

/// Whether something holds of an organisation that carries the initiative: its own, or one of its partners.
template <class Holds>
bool any_carrier(const Initiative& initiative, Holds holds) {
  if (!initiative.organisation.empty() && holds(initiative.organisation)) return true;
  const auto partners = partners_of(initiative);
  return std::any_of(partners.begin(), partners.end(), holds);
}

const DeclaredConflict* declared(const Asking& asking) {
  const directory::Directory& directory = asking.world.directory;
  const auto found = asking.cohort.conflicts_of.find(asking.viewer.person);
  if (found == asking.cohort.conflicts_of.end()) return nullptr;
  for (const std::uint32_t at : found->second) {
    const DeclaredConflict& one = asking.cohort.conflicts[at];
    const bool here = one.initiative.empty() ? any_carrier(asking.initiative, [&](const std::string& carrier) { return directory.kept(carrier) == directory.kept(one.organisation); })
                                             : one.initiative == asking.initiative.id;
    if (here) return &one;
  }
  return nullptr;
}

/// Works in the initiative's locality by another role.
bool same_locality(const Asking& asking) {
  const std::string& locality = locality_of(asking.initiative);
  if (locality.empty()) return false;
  const auto held = asking.cohort.assignments_of(asking.viewer.person);
  return std::any_of(held.begin(), held.end(), [&](std::uint32_t at) {
    const Assignment& one = asking.cohort.assignments[at];
    return one.locality == locality && one.role != asking.role && asking.viewer.now < one.until;
  });
}

bool same_mail_domain(const Asking& asking) {
  const directory::Person* person = asking.world.directory.person(asking.viewer.person);
  const directory::Person* applicant = asking.world.directory.person(asking.initiative.applicant);
  return person && applicant && person != applicant && !person->mail_domain.empty() && person->mail_domain == applicant->mail_domain;
}

/// Holds or held another role for the initiative, its locality or another initiative of its organisation; or was the mentor of an
/// organisation that carries it elsewhere.
bool earlier_mentor(const Asking& asking) {
  const auto& [cohort, world, viewer, initiative, role] = asking;
  if (any_carrier(initiative, [&, &world = world, &viewer = viewer](const std::string& one) { return world.directory.was_related(viewer.person, "mentor", one, viewer.now); })) return true;
  return std::any_of(cohort.assignments.begin(), cohort.assignments.end(), [&](const Assignment& one) {
    if (one.person != viewer.person || one.role == role) return false;
    if (one.initiative.empty()) return !one.locality.empty() && one.locality == locality_of(initiative);
    if (one.initiative == initiative.id) return true;
    const auto slot = cohort.find(one.initiative);
    return slot && !initiative.organisation.empty() && cohort.initiatives[*slot].organisation == initiative.organisation;
  });
}

bool is_there(const Asking& asking, v1::Review::Conflict kind) {
  const auto& [cohort, world, viewer, initiative, role] = asking;
  switch (kind) {
    case v1::Review::SAME_ORGANISATION:
      return any_carrier(initiative, [&, &world = world, &viewer = viewer](const std::string& one) { return world.directory.related(viewer.person, "member", one, viewer.now); });
    case v1::Review::SAME_LOCALITY: return same_locality(asking);
    case v1::Review::SAME_MAIL_DOMAIN: return same_mail_domain(asking);
    case v1::Review::EARLIER_MENTOR: return earlier_mentor(asking);
    case v1::Review::SAME_NETWORK:
      return any_carrier(initiative, [&, &world = world, &viewer = viewer](const std::string& one) { return world.directory.share_a_network(viewer.person, one, viewer.now); });
    default: return false;  // declared ones are looked for whatever the program names
  }
}

/// The first of the kinds that bind the role under one version of the program.
std::optional<ConflictFound> computed(const Asking& asking, const Model& model) {
  for (const v1::Review::Conflict kind : model.conflicts(asking.role))
    if (is_there(asking, kind)) return ConflictFound{kind, nullptr};
  return std::nullopt;
}

}  // namespace

std::vector<std::string> given_roles(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative) {
  std::vector<std::string> roles;
  const auto add = [&](const std::string& role) {
    if (!contains(roles, role)) roles.push_back(role);
  };
  if (initiative.applicant == viewer.person) add(cohort.model->applicant_role());
  if (world.directory.related(viewer.person, "manager", "", viewer.now)) add(cohort.model->manager_role());
  AssignmentsFor(cohort, initiative).any([&](const Assignment& one) {
    if (one.person == viewer.person && viewer.now < one.until) add(one.role);
    return false;
  });
  return roles;
}

std::optional<ConflictFound> conflict_in(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative,
                                         std::string_view role) {
  if (role == cohort.model->applicant_role() && initiative.applicant == viewer.person) return std::nullopt;
  const Asking asking{cohort, world, viewer, initiative, role};
  if (const DeclaredConflict* one = declared(asking)) return ConflictFound{v1::Review::DECLARED, one};
  if (auto found = computed(asking, *cohort.model)) return found;
  // A role that a migration has renamed is bound by what its own version says.
  return initiative.model == cohort.model ? std::nullopt : computed(asking, *initiative.model);
}

bool is_kept_away(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, std::string_view role) {
  if (!conflict_in(cohort, world, viewer, initiative, role)) return false;
  const Waiver* waiver = waiver_of(cohort, viewer.person, initiative.id);
  return !waiver || waiver->confirmed_by.empty();
}

std::optional<ConflictFound> conflict_of(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative) {
  std::optional<ConflictFound> first;
  for (const std::string& role : given_roles(cohort, world, viewer, initiative)) {
    if (!is_kept_away(cohort, world, viewer, initiative, role)) return std::nullopt;
    if (!first) first = conflict_in(cohort, world, viewer, initiative, role);
  }
  return first;
}

std::optional<ConflictFound> conflict_as(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative,
                                         const google::protobuf::RepeatedPtrField<std::string>& roles) {
  std::optional<ConflictFound> first;
  for (const std::string& role : given_roles(cohort, world, viewer, initiative)) {
    const v1::Role* known = cohort.model->role(role);
    if (!known || known->reads_only()) continue;
    const bool fits = contains(roles, role) ||
                      std::any_of(known->speaks_for().begin(), known->speaks_for().end(), [&](const std::string& other) { return contains(roles, other); });
    if (!fits) continue;
    if (!is_kept_away(cohort, world, viewer, initiative, role)) return std::nullopt;
    if (!first) first = conflict_in(cohort, world, viewer, initiative, role);
  }
  return first;
}

const Waiver* waiver_of(const Cohort& cohort, const std::string& person, const std::string& initiative) {
  const auto found = std::find_if(cohort.waivers.begin(), cohort.waivers.end(),
                                  [&](const Waiver& one) { return one.person == person && one.initiative == initiative; });
  return found == cohort.waivers.end() ? nullptr : &*found;
}

const char* sentence_key(v1::Review::Conflict kind) {
  switch (kind) {
    case v1::Review::SAME_ORGANISATION: return "conflict_organisation";
    case v1::Review::SAME_LOCALITY: return "conflict_locality";
    case v1::Review::SAME_MAIL_DOMAIN: return "conflict_mail_domain";
    case v1::Review::EARLIER_MENTOR: return "conflict_mentor";
    case v1::Review::SAME_NETWORK: return "conflict_network";
    default: return "conflict_declared";
  }
}

Refusal refuse(const ConflictFound& conflict) { return refuse(Code::ConflictOfInterest, sentence_key(conflict.kind)); }

}  // namespace kvali::cohort
