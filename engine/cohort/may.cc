#include "engine/cohort/may.h"

#include <algorithm>

#include "engine/cohort/conflict.h"
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

/// Whether `fits` holds for one of the roles that `viewer` holds for this initiative: those of roles_for, but nothing is
/// collected.
template <class Fits>
bool any_role_for(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, Fits fits) {
  if (initiative.applicant == viewer.person && fits(cohort.model->applicant_role())) return true;
  const auto free = [&](const std::string& role) { return !is_kept_away(cohort, world, viewer, initiative, role); };
  const auto held = [&](const Assignment& one) { return one.person == viewer.person && viewer.now < one.until && fits(one.role) && free(one.role); };
  if (AssignmentsFor(cohort, initiative).any(held)) return true;
  return runs_the_house(world, viewer) && fits(cohort.model->manager_role()) && free(cohort.model->manager_role());
}

/// The same anywhere in the cohort: those of roles_in.
template <class Fits>
bool any_role_in(const Cohort& cohort, const World& world, const Viewer& viewer, Fits fits) {
  if (runs_the_house(world, viewer) && fits(cohort.model->manager_role())) return true;
  for (const std::uint32_t at : cohort.assignments_of(viewer.person))
    if (viewer.now < cohort.assignments[at].until && fits(cohort.assignments[at].role)) return true;
  return cohort.applicants.contains(viewer.person) && fits(cohort.model->applicant_role());
}

template <class Fits>
bool any_role(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative* initiative, Fits fits) {
  return initiative ? any_role_for(cohort, world, viewer, *initiative, fits) : any_role_in(cohort, world, viewer, fits);
}

/// Fields that a review hides from its readers.
bool hidden_from(const Cohort& cohort, const std::vector<std::string>& roles, const std::string& field) {
  for (const TaskModel& kind : cohort.model->tasks()) {
    // The applicant's name says who the organisation is.
    const auto& hide = kind.kind->review().hide();
    if (!kind.kind->has_review() || !(contains(hide, field) || (field == "applicant" && contains(hide, std::string("organisation"))))) continue;
    const bool only_reads = std::all_of(roles.begin(), roles.end(), [&](const std::string& role) { return role == kind.kind->review().by(); });
    if (only_reads && !roles.empty()) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> roles_for(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative) {
  std::vector<std::string> roles = given_roles(cohort, world, viewer, initiative);
  std::erase_if(roles, [&](const std::string& role) { return is_kept_away(cohort, world, viewer, initiative, role); });
  return roles;
}

std::vector<std::string> roles_in(const Cohort& cohort, const World& world, const Viewer& viewer) {
  std::vector<std::string> roles;
  any_role_in(cohort, world, viewer, [&](const std::string& role) {
    add(roles, role);
    return false;
  });
  return roles;
}

std::optional<Instant> closes_at(const Cohort& cohort, Instant now) {
  for (const v1::Node& node : cohort.model->chart().machine().states()) {
    if (node.kind() != v1::Node::ATOMIC) continue;
    for (const v1::Timer& timer : node.timers()) {
      if (timer.name() != "deadline" || timer.at().empty()) continue;
      const auto moment = Facts(cohort, nullptr, nullptr, now).moment(cohort.model->expression(timer.at()));
      if (!moment) return std::nullopt;
      Instant end = std::holds_alternative<Instant>(*moment) ? std::get<Instant>(*moment)
                                                             : calendar::end_of(cohort.zone, std::get<calendar::Date>(*moment));
      for (const Extension& one : cohort.extensions)
        if (one.state == node.path()) end = std::max(end, one.to);
      return end;
    }
    return std::nullopt;  // only the first atomic state counts: that is where an initiative begins
  }
  return std::nullopt;
}

bool is_open(const Cohort& cohort, Instant now) {
  const auto end = closes_at(cohort, now);
  return !end || now < *end;
}

bool is_blind_to(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const std::string& field) {
  return hidden_from(cohort, roles_for(cohort, world, viewer, initiative), field);
}

bool may(const Cohort& cohort, const World& world, const Viewer& viewer, Action action, const Initiative* initiative) {
  if (viewer.person.empty()) return false;
  switch (action) {
    case Action::SeeCohort:  // an open call for applications is no secret
      return any_role_in(cohort, world, viewer, [](const std::string&) { return true; }) || is_open(cohort, viewer.now);
    case Action::Know:
      return initiative ? !given_roles(cohort, world, viewer, *initiative).empty()
                        : any_role_in(cohort, world, viewer, [](const std::string&) { return true; });
    case Action::See:
    case Action::SeeField: return any_role(cohort, world, viewer, initiative, [](const std::string&) { return true; });
    case Action::Write:
    case Action::Act: return any_role(cohort, world, viewer, initiative, [&](const std::string& role) { return acts(cohort, role); });
    case Action::Manage:
    case Action::SeeLog:
      return any_role(cohort, world, viewer, initiative, [&](const std::string& role) { return role == cohort.model->manager_role(); });
    case Action::Assign:
      return any_role(cohort, world, viewer, initiative, [&](const std::string& role) {
        const v1::Role* known = cohort.model->role(role);
        return role == cohort.model->manager_role() || (known && known->assigns());
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
  google::protobuf::RepeatedPtrField<std::string> writers;
  const v1::Subject* subject = initiative.model->subject();
  if (!subject || subject->brought_by_size() > 0) writers.Add(std::string(cohort.model->applicant_role()));
  if (subject) {
    writers.MergeFrom(subject->begun_by());
    if (subject->brought_by().empty()) writers.Add(std::string(cohort.model->manager_role()));
  }
  return may_as(cohort, world, viewer, initiative, writers);
}

bool may_field_of(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const Task& task, const v1::Field& field) {
  if (field.author_only() && task.author() != viewer.person) return false;
  return may_field(cohort, world, viewer, Action::SeeField, initiative, field);
}

bool may_begin(const Cohort& cohort, const World& world, const Viewer& viewer, const v1::Subject& subject) {
  const std::vector<std::string> held = roles_in(cohort, world, viewer);
  return std::any_of(subject.begun_by().begin(), subject.begun_by().end(), [&](const std::string& role) {
    return role == cohort.model->applicant_role() || contains(held, role) || speaks_for(cohort, world, viewer, nullptr, role);
  });
}

bool may_as(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative,
            const google::protobuf::RepeatedPtrField<std::string>& wanted) {
  return any_role_for(cohort, world, viewer, initiative, [&](const std::string& role) {
    const v1::Role* known = cohort.model->role(role);
    if (!known || known->reads_only()) return false;
    return contains(wanted, role) || std::any_of(known->speaks_for().begin(), known->speaks_for().end(),
                                                 [&](const std::string& other) { return contains(wanted, other); });
  });
}

bool speaks_for(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative* initiative, const std::string& role) {
  return any_role(cohort, world, viewer, initiative, [&](const std::string& held) {
    const v1::Role* known = cohort.model->role(held);
    return known && contains(known->speaks_for(), role);
  });
}

bool covers(const Assignment& assignment, const Initiative& initiative, Instant now) {
  if (assignment.ended || now >= assignment.until) return false;
  if (!assignment.initiative.empty()) return assignment.initiative == initiative.id;
  if (!assignment.locality.empty()) return assignment.locality == locality_of(initiative);
  return true;
}

std::vector<std::string> holders(const Cohort& cohort, const Initiative& initiative, std::string_view role, Instant now) {
  std::vector<std::string> persons;
  each_holder(cohort, initiative, role, now, [&](const std::string& person) { persons.push_back(person); });
  return persons;
}

}  // namespace kvali::cohort
