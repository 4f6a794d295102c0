#pragma once
// From what is asked to what happens: records, or a refusal. Pure: reads the cohort, the directory, the published programs
// and the command with its instant, and nothing else.
#include <string>
#include <variant>
#include <vector>

#include "engine/cohort/advance.h"
#include "engine/cohort/may.h"
#include "engine/cohort/refusal.h"
#include "engine/cohort/state.h"
#include "kvali/v1/command.pb.h"

namespace kvali::cohort {

/// What a command makes happen: one commit of unnumbered records, the first with who asked and when. No record: nothing
/// was due.
struct Decision {
  Records records;
  std::string created;  // id of what it created
};

using Verdict = std::variant<Decision, Refusal>;

/// Decides `asked` in `cohort` at asked.now_us (µs UTC; a rehearsal goes by its own clock). What is due for the initiative
/// is fired first, in order. Refuses in the order of Code, with every unmet need at once.
Verdict decide(const Cohort& cohort, const World& world, const v1::Asked& asked, Bench& bench);

/// The instant a decision of this cohort is made at, when the world's is `now`: a rehearsal's clock, and never back.
Instant instant_in(const Cohort& cohort, Instant now);

/// Everything that stands between `viewer` and this move now; empty: it is possible. `given` are fields written with it.
std::vector<Unmet> unmet_of(Sketch& sketch, Bench& bench, const Viewer& viewer, const Initiative& initiative, const Task* task,
                            statechart::ArrowId arrow);

/// The arrow a move means: by name, by the state it is shown in (empty: any); the innermost whose `if` holds, there the first in the
/// file. Of the task, where it is not null.
std::variant<statechart::ArrowId, Refusal> find_arrow(Sketch& sketch, const Initiative& initiative, const Task* task, const std::string& move,
                                                      const std::string& from);

/// Checks one value against its field: kind, size, choices. Nothing when it fits.
std::optional<Unmet> fault_of(const Cohort& cohort, const v1::Field& field, const v1::Value& value);

/// The fields of a task's form, or null.
const v1::Field* form_field(const TaskModel& kind, const std::string& name);

}  // namespace kvali::cohort
