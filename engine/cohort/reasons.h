#pragma once
// Why a need does not hold, in facts: its explanation in words, with the labels of the program. Only for who may see
// everything that the need reads; who may not is left with the program's own sentence.
#include <optional>

#include "engine/cohort/facts.h"
#include "engine/cohort/may.h"
#include "engine/cohort/refusal.h"

namespace kvali::cohort {

/// Who is told, and about what. The task may be null.
struct Hearing {
  const Cohort& cohort;
  const World& world;
  const Viewer& viewer;
  const Initiative& initiative;
  const Task* task;
};

/// Whether the viewer may know everything that `guard` reads: fields by their seen_by and by blind review, reviews and
/// people of the whole cohort only as who runs it. What a guard may read goes by the names in it, so that no value and no
/// branch that was taken changes the answer.
bool may_hear(const Hearing& hearing, const expression::Expression& guard);

/// A need of who wants to begin, before there is an initiative. The facts and the instant only where they may be `told`.
Unmet unmet_at_entry(const Cohort& cohort, const Facts& facts, const NeedModel& need, bool told);

/// The need as an unmet one: its own `why`, and the facts and the instant for who may hear them.
Unmet unmet_need(const Hearing& hearing, const Facts& facts, const NeedModel& need);

}  // namespace kvali::cohort
