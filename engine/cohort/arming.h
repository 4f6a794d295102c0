#pragma once
// When timers are due: civil days that end at 24:00 in the program's zone, exact hours, reminders in the morning of their
// day, repeats counted from where they began. Pure arithmetic on what the cohort holds.
#include <optional>
#include <vector>

#include "engine/cohort/facts.h"

namespace kvali::cohort {

/// The timers of `state`, entered at `entered`, as they are to be armed at `now`. `remaining` are those that history kept,
/// with what remained in place of `due`. Timers whose date is not known are left out; reminders that are past too.
std::vector<Timer> timers_on_entry(const Cohort& cohort, const Initiative& initiative, const Task* task,
                                   const MachineModel& machine, std::uint32_t state, Instant entered, Instant now,
                                   const std::vector<Timer>* remaining);
/// The same, stated in a record.
void arm_on_entry(const Cohort& cohort, const Initiative& initiative, const Task* task, const MachineModel& machine, std::uint32_t state,
                  Instant entered, Instant now, const std::vector<Timer>* remaining, google::protobuf::RepeatedPtrField<v1::TimerArmed>& armed);
/// What follows a repeating timer that has fired; nothing when that was the last time.
std::optional<Timer> next_repeat(const Cohort& cohort, const MachineModel& machine, const Timer& fired, Instant entered);
/// The deadline of `state` and its reminders when its last day becomes `to`.
std::vector<Timer> timers_moved(const Cohort& cohort, const MachineModel& machine, std::uint32_t state, Instant to, Instant now);

/// Says in `armed` what `timer` is.
void fill(v1::TimerArmed& armed, const Timer& timer);

}  // namespace kvali::cohort
