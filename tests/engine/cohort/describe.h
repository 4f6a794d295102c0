#pragma once
// A cohort's whole state as text: what two folds of one journal are compared by, line by line, and what goldens keep. Every
// field of state.h is in it; seals show whose and how long, their bytes as a short checksum.
#include <string>
#include <vector>

#include "engine/cohort/state.h"
#include "engine/directory/directory.h"

namespace kvali::cohort::testing {

enum class Depth { Whole, State };  // State: without the history that people read and the answers that are remembered
std::string describe(const Cohort& cohort, Depth depth = Depth::Whole);
std::string describe(const directory::Directory& directory);
/// One initiative, some ten lines.
std::string describe(const Initiative& initiative);

/// Empty when the two are equal; else the first line that differs, of both.
std::string difference(const std::string& expected, const std::string& found);

/// What must be true at the end of every commit, whatever was asked; empty, or a sentence for each that is not: places within
/// the quota and equal to a recount, configurations legal, timers only of active states, the index of what is due and every
/// other index equal to a recomputation.
std::vector<std::string> broken_invariants(const Cohort& cohort);

}  // namespace kvali::cohort::testing
