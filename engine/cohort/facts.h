#pragma once
// What an expression of a program may read: the cohort's parameters, the initiative's fields, its tasks by kind, how many
// hold a role, and the instant. Read in place, never copied into maps; personal and free texts are sealed.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/cohort/sketch.h"
#include "engine/expression/explain.h"
#include "engine/expression/expression.h"

namespace kvali::cohort {

/// Whether a guard holds, and the earliest instant at which that may change by itself. A guard that cannot be evaluated is
/// false and says why.
struct Truth {
  bool holds = false;
  Instant may_change_at = calendar::never;
  std::string error;
  bool out_of_work = false;  // the error is that the guard asked for more work than a guard may
};

class Facts {
 public:
  /// What is known before an initiative begins: the cohort, who applies and, when one brings it, the organisation (`bringers` null, its id
  /// empty: none does).
  Facts(const Cohort& cohort, const v1::Bringers* bringers, std::string organisation, std::string applicant, Instant now);
  /// `task` may be null; then `planned` and the task's own fields are unknown names.
  Facts(const Cohort& cohort, const Initiative* initiative, const Task* task, Instant now);

  [[nodiscard]] Truth holds(const expression::Expression& guard) const;
  /// "Will be true on": the first instant at which `guard`, false now, holds if nothing but time changes; or never.
  [[nodiscard]] Instant will_hold_at(const expression::Expression& guard) const;
  /// Why `guard` does not hold. What it points to is of the cohort, and lives as long.
  [[nodiscard]] expression::Explanation explain(const expression::Expression& guard) const;
  /// A date or an instant: what a deadline's expression gives. Nothing when it is not known.
  [[nodiscard]] std::optional<std::variant<calendar::Date, Instant>> moment(const expression::Expression& source) const;
  /// What the expression gives; nothing when it cannot be evaluated. Lists and texts in it are the initiative's.
  [[nodiscard]] std::optional<expression::Value> value(const expression::Expression& source) const;
  /// The earliest instant at which what the expression gives may change by itself.
  [[nodiscard]] Instant may_change_at(const expression::Expression& source) const;
  /// A number to rank by; nothing when there is none yet.
  [[nodiscard]] std::optional<double> number(const expression::Expression& source) const;
  /// {cohort.date} in a text, filled in for `language`; dates as 2017-01-11.
  [[nodiscard]] std::string fill(const std::string& text) const;

 private:
  [[nodiscard]] expression::Outcome evaluate(const expression::Expression& source) const;

  const Cohort& cohort_;
  const Initiative* initiative_;
  const Task* task_;
  const v1::Bringers* bringers_ = nullptr;
  std::string organisation_, applicant_;  // where there is no initiative yet
  Instant now_;
};

/// Persons who hold `role` for this initiative now: its applicant, or by an assignment that covers it. Substitutes too.
std::vector<std::string> holders(const Cohort& cohort, const Initiative& initiative, std::string_view role, Instant now);
/// Calls `visit` with each of them once, in the same order: the applicant, then by the age of their assignments.
template <class Visit>
void each_holder(const Cohort& cohort, const Initiative& initiative, std::string_view role, Instant now, Visit visit) {
  const bool brought = role == cohort.model->applicant_role() && !initiative.applicant.empty();
  if (brought) visit(initiative.applicant);
  const AssignmentsFor assignments(cohort, initiative);
  bool any = false;
  assignments.any([&](const Assignment& one) {
    if (one.role != role || now >= one.until || (brought && one.person == initiative.applicant)) return false;
    const Assignment* oldest = any ? nullptr : &one;
    if (any)
      assignments.any([&](const Assignment& other) {
        const bool same = other.role == role && now < other.until && other.person == one.person;
        if (same) oldest = &other;
        return same;
      });
    if (oldest == &one) visit(one.person);
    any = true;
    return false;
  });
}
/// Whether an assignment covers the initiative (by its scope) and is neither ended nor over.
bool covers(const Assignment& assignment, const Initiative& initiative, Instant now);

}  // namespace kvali::cohort
