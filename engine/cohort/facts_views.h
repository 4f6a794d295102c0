#pragma once
// What expressions read beside fields: what reviews and votes have come to, and what persons hold and did. Each is looked at where it
// stands when an expression asks for a part of it, and lives no longer than the cohort it points into.
#include <string>

#include "engine/cohort/gate.h"
#include "engine/expression/expression.h"

namespace kvali::cohort {

/// NAME.score, agreement, count, readers and missing of a review.
expression::Value review_seen(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind);
/// vote.decided and carried, in the machine of the vote itself.
expression::Value vote_seen(const Tally& tally);
/// holds.ROLE: how many assignments `person` has.
expression::Value holds_seen(const Cohort& cohort, const std::string& person, Instant now);
/// logged.ROLE: minutes logged in the whole cohort by who holds the role for the initiative now.
expression::Value logged_seen(const Cohort& cohort, const Initiative& initiative, Instant now);

}  // namespace kvali::cohort
