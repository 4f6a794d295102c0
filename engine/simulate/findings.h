#pragma once
// What came of a simulation: counts and tallies only, of a size that depends on the program and not on how many cohorts were
// played. Sums are over all cohorts; what is read out is divided by their number.
#include <array>
#include <map>
#include <string>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/cohort/refusal.h"
#include "engine/simulate/tally.h"

namespace kvali::simulate {

/// A sum for each week since the cohorts opened, as far as any of them reached. Week 0 is the moment of opening.
using Weeks = std::vector<std::uint64_t>;

struct StageFinding {
  std::uint32_t state = 0;                          // StateId of the stage
  std::uint64_t entered = 0;                        // times
  std::uint64_t stayed = 0;                         // were still there at the end
  std::map<std::uint32_t, std::uint64_t> left_for;  // the stage or the end that followed → times
};

/// One state of the initiative or of a kind of task.
struct StateFinding {
  std::uint64_t entered = 0;
  Tally seconds;                   // from entry to leaving
  std::uint64_t deadlines = 0;     // that fired: missed by whoever was waited for
  std::uint64_t blocked = 0;       // times that its timer met a full quota or an unmet line of the checklist
};

struct TaskFinding {
  std::uint64_t opened = 0, finished = 0;
};

struct QuotaFinding {
  std::uint64_t places = 0;         // there are, in one cohort
  Weeks taken, waiting;
  Tally taken_at_most;              // by cohort: of the whole cohort at one moment
  Tally held_at_end;                // by cohort
  std::map<std::string, std::uint64_t> at_most_by;  // what places are counted by → most held at one moment, the largest of all cohorts
  std::uint64_t passed_on = 0;      // freed places that somebody who waited was given
};

struct RoleFinding {
  std::uint64_t people = 0;   // of one cohort
  Weeks load;                 // initiatives in stages where the role has something to do
  Weeks most;                 // of one person; 0 where the role is of the whole cohort
  std::uint64_t acts = 0;     // what its people did: moves, entries, decisions
};

struct Findings {
  std::uint32_t initiatives = 0, cohorts = 0;  // of each; so many
  std::uint64_t seed = 0;
  calendar::Instant begins = 0;

  // The engine's own work.
  std::uint64_t macrosteps = 0;  // commands, timers and what follows of itself, that took at least one arrow; tasks too
  std::uint64_t starts = 0;      // machines entered for the first time: initiatives, tasks
  std::uint64_t commits = 0, records = 0;
  std::uint64_t letters = 0, reminders = 0;

  std::uint64_t began = 0;
  std::map<cohort::Code, std::uint64_t> never_began;    // turned away at the door, by why
  std::map<std::uint32_t, std::uint64_t> ends;          // end state → initiatives
  std::map<std::uint32_t, Tally> ends_by_cohort;        // the same, by cohort
  std::uint64_t still_running = 0;
  std::vector<StageFinding> stages;                     // in the order of the program
  std::vector<StateFinding> states;                     // by StateId of the initiative's machine
  std::vector<std::vector<StateFinding>> task_states;   // by kind, then StateId
  std::vector<TaskFinding> tasks;                       // by kind
  std::vector<QuotaFinding> quotas;                     // in the order of the program
  std::vector<RoleFinding> roles;                       // in the order of the program
  std::map<std::pair<std::string, cohort::Code>, std::uint64_t> refused;  // move or kind of entry, why → times
  Tally days;                                           // by cohort: until nothing more happened
  std::uint64_t cut_off = 0;                            // cohorts that were stopped at a limit
  std::vector<std::string> notes;                       // what had to be assumed
};

}  // namespace kvali::simulate
