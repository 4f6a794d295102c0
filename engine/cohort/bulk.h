#pragma once
// One move for many initiatives, in one commit. The preview walks the same way as the command, in the same order, and passes over
// what cannot be: so what it promises is what happens.
#include <string>
#include <variant>
#include <vector>

#include "engine/cohort/decide.h"

namespace kvali::cohort {

struct BulkLine {
  Slot slot = 0;
  bool possible = false;
  statechart::StateId to = 0;     // where the move leads
  std::vector<Unmet> unmet = {};  // why not; empty where it is possible
};

/// What the command would do for each, in its order; who sent it is `asked.actor`. Refuses what it refuses as a whole: a filter that
/// cannot be read, too many.
std::variant<std::vector<BulkLine>, Refusal> preview_bulk(const Cohort& cohort, const World& world, const v1::Asked& asked, Bench& bench);

/// How long a move for many may be taken back, from `now` on; 0: it may not be.
Instant undo_until(const Cohort& cohort, Instant now);

}  // namespace kvali::cohort
