#pragma once
// What an expression of a program may read: the cohort's parameters, the initiative's fields, its tasks by kind, how many
// hold a role, and the instant. Read in place, never copied into maps; personal and free texts are sealed.
#include <optional>
#include <string>
#include <variant>

#include "engine/cohort/sketch.h"
#include "engine/expression/expression.h"

namespace kvali::cohort {

/// Whether a guard holds, and the earliest instant at which that may change by itself. A guard that cannot be evaluated is
/// false and says why.
struct Truth {
  bool holds = false;
  Instant may_change_at = calendar::never;
  std::string error;
};

class Facts {
 public:
  /// `task` may be null; then `planned` and the task's own fields are unknown names.
  Facts(const Cohort& cohort, const Initiative* initiative, const Task* task, Instant now);

  [[nodiscard]] Truth holds(const std::string& source) const;
  /// "Will be true on": the first instant at which `source`, false now, holds if nothing but time changes; or never.
  [[nodiscard]] Instant will_hold_at(const std::string& source) const;
  /// A date or an instant: what a deadline's expression gives. Nothing when it is not known.
  [[nodiscard]] std::optional<std::variant<calendar::Date, Instant>> moment(const std::string& source) const;
  /// A number to rank by; nothing when there is none yet.
  [[nodiscard]] std::optional<double> number(const std::string& source) const;
  /// {cohort.date} in a text, filled in for `language`; dates as 2017-01-11.
  [[nodiscard]] std::string fill(const std::string& text) const;

 private:
  const Cohort& cohort_;
  const Initiative* initiative_;
  const Task* task_;
  Instant now_;
};

/// Persons who hold `role` for this initiative now: its applicant, or by an assignment that covers it. Substitutes too.
std::vector<std::string> holders(const Cohort& cohort, const Initiative& initiative, const std::string& role, Instant now);
/// Whether an assignment covers the initiative (by its scope) and is neither ended nor over.
bool covers(const Assignment& assignment, const Initiative& initiative, Instant now);

}  // namespace kvali::cohort
