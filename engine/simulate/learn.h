#pragma once
// Habits learned from cohorts that were lived: for each state how often it was entered, which of its moves followed and after
// how long; when applications arrived, and where. Fed with the records of a fold, it needs no keys and reads nothing sealed.
//
// A state is known again by its path and a move by its name, so that a cohort of another version of the program teaches what
// both have. A state that was left fewer than five times keeps the usual habit. What was still going on at the end counts for
// what lies around states (nobody has withdrawn yet) and not for the states themselves (it may still be done in time).
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cohort/state.h"
#include "engine/simulate/habits.h"
#include "engine/simulate/tally.h"

namespace kvali::simulate {

class Learner {
 public:
  /// For simulations of `model`, which outlives the learner.
  explicit Learner(const cohort::Model& model);
  /// To be told of each record of a cohort in order, as soon as it is applied, with its instant.
  void see(const cohort::Cohort& after, const v1::Record& record, calendar::Instant at);
  /// The cohort's records are over.
  void end(const cohort::Cohort& cohort);
  /// What was learned; where it was too little, the usual.
  [[nodiscard]] Habits habits() const;
  /// States whose habits were learned, and states in which somebody acts at all.
  [[nodiscard]] std::pair<std::size_t, std::size_t> learned() const;

 private:
  struct Opened {
    Tally number, parts, seconds;
  };
  struct Seen {
    std::uint64_t visits = 0, nothing = 0;
    std::map<std::string, std::uint64_t> moves;  // by name
    Tally parts, seconds;                        // of the time allowed, in 10,000; where there was none
    std::map<std::string, Opened> opens;         // by kind
  };
  struct Place {  // a state of an initiative, or of one of its tasks
    cohort::Slot slot = 0;
    std::string task;  // key, or ""
    std::uint32_t state = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct Visit {
    calendar::Instant entered = 0, due = 0;
    std::optional<std::string> move;
    bool held = false;
    calendar::Instant moved = 0;
    std::map<std::string, std::vector<calendar::Instant>> opened;
  };
  enum class Left { Left, GoingOn };

  void enter(const cohort::Cohort& after, const Place& place, calendar::Instant at);
  void leave(const cohort::Cohort& cohort, const Place& place, Left how);
  void choose(const Place& place, const std::string& move, bool held, calendar::Instant at);
  void advanced(const cohort::Cohort& after, cohort::Slot slot, const v1::Advanced& record, calendar::Instant at);
  void opened(const cohort::Cohort& after, cohort::Slot slot, const v1::TaskOpened& record, calendar::Instant at);
  void arrived(const cohort::Cohort& after, cohort::Slot slot, calendar::Instant at);
  Seen* seen_of(const cohort::Cohort& cohort, const Place& place);
  void teach(StateHabit& habit, const Seen& seen, const statechart::Chart& chart) const;

  const cohort::Model& model_;
  std::vector<Seen> initiative_;          // by StateId of our model
  std::vector<std::vector<Seen>> tasks_;  // by kind, then StateId
  Tally arrival_;
  std::map<std::string, std::uint32_t> localities_;
  std::size_t cohorts_ = 0;
  // Of the cohort that is read:
  std::optional<calendar::Instant> began_;
  std::map<Place, Visit> visits_;
};

}  // namespace kvali::simulate
