#pragma once
// A line of an initiative's timeline: what a record says of it, to be looked at by people.
#include "engine/cohort/state.h"

namespace kvali::cohort {

/// When the record before us happened. A rehearsal's clock may move on several times within one commit.
Instant instant_of(const Cohort& cohort);

/// Writes into `made` what `record` of the commit before us says of its initiative.
void note_happening(const Cohort& cohort, const v1::Record& record, Happening& made);

}  // namespace kvali::cohort
