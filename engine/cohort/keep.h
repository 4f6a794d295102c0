#pragma once
// What stands in the rows of a snapshot, from the state and back into it. What follows from the rest is not kept, a program only
// by its version, and happenings are in rows of their own (snapshot.cc): the caller's to put back.
#include "engine/cohort/state.h"
#include "kvali/v1/snapshot.pb.h"

namespace kvali::cohort {

void keep(const Happening& live, v1::KeptHappening& kept);
void restore(const v1::KeptHappening& kept, Happening& live);

void keep(const Initiative& live, v1::KeptInitiative& kept);
void restore(const v1::KeptInitiative& kept, Initiative& live);

void keep(const Cohort& live, v1::KeptCohort& kept);
void restore(const v1::KeptCohort& kept, Cohort& live);

}  // namespace kvali::cohort
