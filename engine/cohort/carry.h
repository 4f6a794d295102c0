#pragma once
// One running machine of an initiative as it stands in another version: its states, since when, its timers, what histories kept.
// Internal to engine/cohort.
#include <optional>

#include "engine/cohort/facts.h"
#include "engine/program/migrate/crossing.h"

namespace kvali::cohort {

/// Between the machines of an initiative, or those of a task.
struct Between {
  const MachineModel& was;
  const MachineModel& is;
  const program::Crossing* crossing = nullptr;  // of the initiative's machine; null: what has the same path is the same

  [[nodiscard]] std::optional<statechart::StateId> state(statechart::StateId old) const;
  /// KEEP where the plan says nothing.
  [[nodiscard]] v1::TimerMapped timer(statechart::StateId state, const std::string& name) const;
};

/// What it is read from: the initiative as it will be, but for where it stands, and the task, if it is the machine of one.
struct Carrying {
  const Cohort& cohort;
  const Initiative& now;  // under the new version
  const Task* task;
  Instant at;
};

/// Where `old` stands in the new version when `where` is its configuration there. A timer keeps its instant, the reminders of a
/// deadline are those of the new version; what the new version has beside begins to count at the migration, and so does
/// what is armed anew; what had fired is not armed again.
v1::Standing carry(const Between& between, const Carrying& carrying, const Instance& old, const statechart::Configuration& where);

}  // namespace kvali::cohort
