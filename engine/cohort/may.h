#pragma once
// Who may do what: the one policy, read by every decision, query and subscription. It knows the program's roles and three
// defaults: who runs the house runs its cohorts, who brought an initiative reads it, and nobody else does.
#include <optional>
#include <string>
#include <vector>

#include "engine/cohort/sketch.h"

namespace kvali::cohort {

enum class Action {
  Know,       // that there is such an initiative, and its title: all that a conflict of interest leaves
  See,        // the initiative, its states and timeline
  SeeField,   // one field of it
  Write,      // its fields
  Act,        // make a move: the move's own roles decide
  Assign,     // give and end roles
  Manage,     // parameters, quotas, decisions, deadlines, exceptions, the clock
  SeeCohort,  // the board at all
  SeeLog,
};

/// Who asks: the person signed in, and the instant at which rights are looked at.
struct Viewer {
  std::string person;
  Instant now = 0;
};

/// The roles that `viewer` holds for this initiative, acting and reading ones; managers of the house hold the cohort's. Those that a
/// conflict of interest takes (conflict.h) are not among them.
std::vector<std::string> roles_for(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative);
/// The roles held anywhere in the cohort.
std::vector<std::string> roles_in(const Cohort& cohort, const World& world, const Viewer& viewer);

/// Whether initiatives may begin now: the deadline of the first state, where it is a date of the cohort, has not passed.
bool is_open(const Cohort& cohort, Instant now);
/// That deadline; nothing where there is none.
std::optional<Instant> closes_at(const Cohort& cohort, Instant now);
/// Whether a blind review hides the field from her: "organisation" and "applicant" are fields too.
bool is_blind_to(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const std::string& field);

/// Whether `viewer` may do `action` to the whole cohort (`initiative` null) or to one initiative.
bool may(const Cohort& cohort, const World& world, const Viewer& viewer, Action action, const Initiative* initiative = nullptr);
/// Whether the field may be read (See) or written (Write): its seen_by and written_by, blind review, and the above.
bool may_field(const Cohort& cohort, const World& world, const Viewer& viewer, Action action, const Initiative& initiative,
               const v1::Field& field);
/// The same of a field of a task, which may be read by its author alone.
bool may_field_of(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const Task& task, const v1::Field& field);
/// Whether one of `roles` is held, in one's own name or, for paper and phone, for whoever one may speak for.
bool may_as(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative,
            const google::protobuf::RepeatedPtrField<std::string>& roles);
/// Whether she may begin one of the subjects, for herself or for whom she speaks. Whoever is signed in may become an applicant.
bool may_begin(const Cohort& cohort, const World& world, const Viewer& viewer, const v1::Subject& subject);
/// Whether `viewer` may enter something for the holders of `role` (the initiative may be null: before it exists).
bool speaks_for(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative* initiative, const std::string& role);

}  // namespace kvali::cohort
