#include "engine/cohort/may.h"

#include <algorithm>

#include "engine/cohort/facts.h"
#include "engine/directory/directory.h"

namespace kvali::cohort {
namespace {

template <class List>
bool contains(const List& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

bool runs_the_house(const World& world, const Viewer& viewer) {
  return world.directory.related(viewer.person, "manager", "", viewer.now);
}

void add(std::vector<std::string>& roles, const std::string& role) {
  if (!contains(roles, role)) roles.push_back(role);
}

bool acts(const Cohort& cohort, const std::string& role) {
  const v1::Role* known = cohort.model->role(role);
  return known && !known->reads_only();
}

bool manages(const Cohort& cohort, const std::vector<std::string>& roles) {
  return contains(roles, cohort.model->manager_role());
}

/// Fields that a review hides from its readers.
bool hidden_from(const Cohort& cohort, const std::vector<std::string>& roles, const std::string& field) {
  for (const TaskModel& kind : cohort.model->tasks()) {
    if (!kind.kind->has_review() || !contains(kind.kind->review().hide(), field)) continue;
    const bool only_reads = std::all_of(roles.begin(), roles.end(), [&](const std::string& role) { return role == kind.kind->review().by(); });
    if (only_reads && !roles.empty()) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> roles_for(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative) {
  std::vector<std::string> roles;
  if (initiative.applicant == viewer.person) add(roles, cohort.model->applicant_role());
  if (runs_the_house(world, viewer)) add(roles, cohort.model->manager_role());
  for (const Assignment& one : cohort.assignments)
    if (one.person == viewer.person && covers(one, initiative, viewer.now)) add(roles, one.role);
  return roles;
}

std::vector<std::string> roles_in(const Cohort& cohort, const World& world, const Viewer& viewer) {
  std::vector<std::string> roles;
  if (runs_the_house(world, viewer)) add(roles, cohort.model->manager_role());
  for (const Assignment& one : cohort.assignments)
    if (one.person == viewer.person && !one.ended && viewer.now < one.until) add(roles, one.role);
  for (const Initiative& initiative : cohort.initiatives)
    if (initiative.applicant == viewer.person) {
      add(roles, cohort.model->applicant_role());
      break;
    }
  return roles;
}

bool may(const Cohort& cohort, const World& world, const Viewer& viewer, Action action, const Initiative* initiative) {
  if (viewer.person.empty()) return false;
  const std::vector<std::string> roles =
      initiative ? roles_for(cohort, world, viewer, *initiative) : roles_in(cohort, world, viewer);
  switch (action) {
    case Action::SeeCohort: return true;  // signed in: the call for applications is no secret
    case Action::See:
    case Action::SeeField: return !roles.empty();
    case Action::Write:
    case Action::Act: return std::any_of(roles.begin(), roles.end(), [&](const std::string& role) { return acts(cohort, role); });
    case Action::Manage:
    case Action::SeeLog: return manages(cohort, roles);
    case Action::Assign:
      return manages(cohort, roles) || std::any_of(roles.begin(), roles.end(), [&](const std::string& role) {
               return cohort.model->role(role) && cohort.model->role(role)->assigns();
             });
  }
  return false;
}

bool may_field(const Cohort& cohort, const World& world, const Viewer& viewer, Action action, const Initiative& initiative,
               const v1::Field& field) {
  const std::vector<std::string> roles = roles_for(cohort, world, viewer, initiative);
  if (roles.empty()) return false;
  const bool seen = (field.seen_by_size() == 0 || std::any_of(roles.begin(), roles.end(),
                                                              [&](const auto& role) { return contains(field.seen_by(), role); })) &&
                    !hidden_from(cohort, roles, field.name());
  if (action != Action::Write) return seen;
  if (!seen || !field.computed().empty()) return false;
  if (field.written_by_size() > 0) return may_as(cohort, world, viewer, initiative, field.written_by());
  google::protobuf::RepeatedPtrField<std::string> applicant;
  applicant.Add(std::string(cohort.model->applicant_role()));
  return may_as(cohort, world, viewer, initiative, applicant);
}

bool may_as(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative,
            const google::protobuf::RepeatedPtrField<std::string>& wanted) {
  for (const std::string& role : roles_for(cohort, world, viewer, initiative)) {
    const v1::Role* known = cohort.model->role(role);
    if (!known || known->reads_only()) continue;
    if (contains(wanted, role)) return true;
    for (const std::string& other : known->speaks_for())
      if (contains(wanted, other)) return true;
  }
  return false;
}

bool speaks_for(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative* initiative, const std::string& role) {
  const std::vector<std::string> roles = initiative ? roles_for(cohort, world, viewer, *initiative) : roles_in(cohort, world, viewer);
  return std::any_of(roles.begin(), roles.end(), [&](const std::string& held) {
    const v1::Role* known = cohort.model->role(held);
    return known && contains(known->speaks_for(), role);
  });
}

}  // namespace kvali::cohort
