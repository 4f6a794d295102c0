#pragma once
// What people are assumed to do: when applications arrive, how long somebody takes to act in a state, which of the moves open
// there is made or whether none ever is, how many meetings are held. The engine's rules are not here; they are the engine's
// (engine/cohort): a habit says only what is tried and when.
//
// The defaults, and why. All are guesses that a past cohort should replace (`learn.h`); each says which way it errs.
//   arrival         late: a quarter of all begin in the first half of the time there is, half in its last quarter. Calls for
//                   applications fill up towards their end everywhere.
//   applicants      act late too: half after three quarters of the time allowed, a tenth in its last two days of a hundred.
//                   12 in 100 never finish what they began with (drafts), 4 in 100 never act where something is asked later.
//   staff           half within 45 in 100 of the time allowed; one in seven is late, by up to four fifths of the time again.
//   within a stage  whose deadline is the stage's and not the state's own, half act after a third of the time and nearly all in
//                   the first two thirds: something comes after it.
//   held decisions  are made before their day, none too late; they are published eight hours before the day ends.
//   which move      the first that leads on four times as often as those that lead back or to an end without success: of
//                   `pass` and `return` four in five pass.
//   leaving         of what may be done in a whole stage, or anywhere (withdraw), 4 in 100 do it in each stage, half of them within 45
//                   days; where staff may do something too, 10 in 100.
//   without a deadline in the state or around it: half within a week, nine in ten within three weeks.
//   logs            3 to 6 entries, seldom 7, while the state lasts, over the first six tenths of its time; reviews as many as the
//                   program asks for, each by somebody else.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/cohort/model.h"
#include "engine/simulate/random.h"

namespace kvali::simulate {

/// The inverse of a distribution as 33 points from its smallest value to its largest, straight between them.
struct Spread {
  std::array<std::int64_t, 33> points{};
  [[nodiscard]] std::int64_t draw(Random& random) const;
  /// One of the points: for what is counted.
  [[nodiscard]] std::int64_t pick(Random& random) const { return points[random.under(points.size())]; }
  [[nodiscard]] std::int64_t median() const { return points[16]; }
  /// Through (parts of 100, value), the first at 0, the last at 100.
  static Spread through(std::initializer_list<std::pair<int, std::int64_t>> known);
  bool operator==(const Spread&) const = default;
};

/// How long until somebody acts: as parts in 10,000 of the time that the nearest deadline allows, or where there is none in seconds.
struct Delay {
  Spread of_time_allowed, seconds;
};

/// One of the moves that persons may make in a state.
struct MoveHabit {
  statechart::ArrowId arrow = 0;
  std::uint32_t weight = 0;
};

/// What is written down while a state lasts: reviews, meetings.
struct OpenHabit {
  std::size_t kind = 0;  // index of Model::tasks
  Spread number;         // how many
  Delay delay;           // of each, from the entry of the state
};

/// What people do once a state is entered. One of its own moves, or nothing; what stands in the states around it is theirs.
struct StateHabit {
  std::vector<MoveHabit> moves;      // in the order of the program
  std::uint32_t nothing = 0;         // the weight of none
  Delay delay;
  std::vector<OpenHabit> opens;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> deadline;  // state and index of the nearest timer called deadline
  bool learned = false;              // from a past cohort; else the default above

  [[nodiscard]] bool acts() const { return !moves.empty() || !opens.empty(); }
};

struct Habits {
  std::vector<StateHabit> initiative;          // by StateId
  std::vector<std::vector<StateHabit>> tasks;  // by kind, then StateId
  Spread arrival;                              // parts in 10,000 of the time from the opening until applications close
  std::vector<std::pair<std::string, std::uint32_t>> localities;  // id → weight; empty: all alike
  std::size_t learned_cohorts = 0;
};

/// The habits assumed of people in `model`'s program.
Habits usual_habits(const cohort::Model& model);

/// Where the nearest deadline of `state` stands: its own, or that of what it lies in.
std::optional<std::pair<std::uint32_t, std::uint32_t>> nearest_deadline(const statechart::Chart& chart, statechart::StateId state);

}  // namespace kvali::simulate
