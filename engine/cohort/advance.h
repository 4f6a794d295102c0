#pragma once
// One macrostep of one machine of one initiative, and what it costs the cohort: from the step's answer to the record that
// states every outcome. Places are claimed at its end, all or nothing.
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/cohort/facts.h"
#include "engine/cohort/refusal.h"
#include "engine/cohort/sketch.h"
#include "engine/statechart/step.h"

namespace kvali::cohort {

class Plan;

/// What the actions of a step ask of the world, and what it met on its way: collected while it runs, for whoever records it.
struct Asks {
  struct Tell {
    const v1::TellEffect* effect;
    std::uint32_t state;
  };
  struct Failed {
    statechart::ArrowId arrow;
    std::string why;
  };
  std::vector<Tell> tells;
  std::vector<Failed> failed;  // guards that ran out of work
  std::vector<const std::string*> opens;  // kinds of tasks
  std::vector<statechart::StateId> brought_back;
  void clear() {
    tells.clear();
    failed.clear();
    opens.clear();
    brought_back.clear();
  }
};

/// Working memory that is kept between decisions, so that a step allocates little. What a decision says never depends on
/// it. One thread at a time.
class Bench {
 public:
  statechart::Stepper& stepper(const statechart::Chart& chart);
  /// The plan of a cohort's migration, made ready once: `key` says which.
  struct Prepared {
    std::string key;
    std::shared_ptr<const Plan> plan;
  };
  [[nodiscard]] Prepared& plan() { return plan_; }
  [[nodiscard]] Sketch::Memory& sketch() { return sketch_; }
  /// Where a machine stands while `advance` steps it.
  [[nodiscard]] statechart::Configuration& where() { return where_; }
  /// Of the step that runs: the next one writes over it.
  [[nodiscard]] Asks& asks() { return asks_; }

 private:
  statechart::Configuration where_;
  Asks asks_;
  Sketch::Memory sketch_;
  Prepared plan_;
  std::unordered_map<const statechart::Chart*, std::unique_ptr<statechart::Stepper>> steppers_;
};

/// What sets a machine in motion. What it points to outlives the step.
struct Trigger {
  v1::Advanced::Cause cause = v1::Advanced::MOVE;
  std::string_view what;                 // the move's or the event's name
  std::optional<std::uint32_t> arrow;    // take exactly this one; absent: broadcast `what`; neither: eventless arrows alone
  std::optional<Timer> fired;            // the timer that is due
  const v1::Value* reason = nullptr;     // null: none was given
};

/// Places that were given back, first in first out: what a commit still has to pass on.
struct Freed {
  std::string quota, by;
};

struct Advance {
  bool moved = false;         // some arrow was taken
  std::vector<Freed> freed;
  bool finished_task = false;
};

/// Steps the initiative at `slot`, or its task `task` when that is not empty, and adds the records to the sketch. Refuses
/// with QuotaFull when a place is claimed that is not there; then nothing is added.
std::variant<Advance, Refusal> advance(Sketch& sketch, Bench& bench, Slot slot, const std::string& task, const Trigger& trigger);

/// The start of a machine: adds the states it enters and the timers they arm; true when it has come to its end with that.
bool start_machine(Sketch& sketch, Bench& bench, const Initiative& initiative, const Task* task, const MachineModel& machine,
                   google::protobuf::RepeatedField<std::uint32_t>& entered, google::protobuf::RepeatedPtrField<v1::TimerArmed>& armed);

/// What putting the initiative into `state` where no move leads (an exception) would be: the record, which is not added, or
/// why the places do not allow it.
std::variant<v1::Excepted, Refusal> except(Sketch& sketch, Bench& bench, Slot slot, std::uint32_t state, std::vector<Freed>& freed);

/// Opens a task of `kind`: completes and adds TaskOpened, a draft that may say already what was written into it, and gives its key.
std::string open_task(Sketch& sketch, Bench& bench, Slot slot, const TaskModel& kind, Instant planned, const std::string& by,
                      v1::Record& draft);

/// Makes the moves of the initiative at `slot` that are made by themselves and whose guards hold, lets series of reports end, and
/// says when it is to be looked at again.
void go_on(Sketch& sketch, Bench& bench, Slot slot);

/// Hands freed places on to the best on the waitlist, retries what was blocked, and lets series of reports end, until
/// nothing more follows. At most limits::cross_events_per_commit_max events.
void settle(Sketch& sketch, Bench& bench, std::vector<Freed> freed);

/// Places that nobody below an initiative got while it stood still go on once it has `left` where it did.
void free_again(const Initiative& before, const google::protobuf::RepeatedField<std::uint32_t>& left, std::vector<Freed>& freed);

/// The place changes of going from what is held now to what `active` holds; QuotaFull when one is not there. What `kept`
/// claims stays claimed.
std::variant<std::vector<v1::PlaceChange>, Refusal> place_changes(const Sketch& sketch, const Initiative& initiative,
                                                                  std::span<const statechart::StateId> active,
                                                                  const HeldDecision* kept = nullptr);

/// The states that are active once `arrow` of the initiative's own machine was taken; nothing changes.
std::vector<statechart::StateId> active_after(const Sketch& sketch, Bench& bench, const Initiative& initiative, statechart::ArrowId arrow);

/// The order of a waitlist: initiatives of `by` that wait for a place of `quota`, the first in line in front.
std::vector<Slot> waiting(Sketch& sketch, const std::string& quota, const std::string& by);

}  // namespace kvali::cohort
