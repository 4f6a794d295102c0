#pragma once
// What stands in the rows of a snapshot of readers, translations and conflicts of interest: pairs as in keep.cc.
#include "engine/cohort/state.h"
#include "kvali/v1/snapshot.pb.h"

namespace kvali::cohort {

void keep(const Reading& live, v1::KeptReading& kept);
void restore(const v1::KeptReading& kept, Reading& live);
void keep(const Translated& live, v1::KeptTranslation& kept);
void restore(const v1::KeptTranslation& kept, Translated& live);
void keep(const DeclaredConflict& live, v1::KeptConflict& kept);
void restore(const v1::KeptConflict& kept, DeclaredConflict& live);
void keep(const Waiver& live, v1::KeptWaiver& kept);
void restore(const v1::KeptWaiver& kept, Waiver& live);

}  // namespace kvali::cohort
