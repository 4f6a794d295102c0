#include "engine/simulate/habits.h"

#include <algorithm>

namespace kvali::simulate {
namespace {

using statechart::ArrowId;
using statechart::StateId;

constexpr std::int64_t day_s = 86'400;

const Spread& applicants_in_time() {
  static const Spread spread = Spread::through({{0, 300}, {25, 4'500}, {50, 7'500}, {75, 9'300}, {90, 9'800}, {100, 9'990}});
  return spread;
}
const Spread& staff_in_time() {
  static const Spread spread = Spread::through({{0, 200}, {25, 2'000}, {50, 4'500}, {75, 8'000}, {86, 10'000}, {95, 12'500}, {100, 18'000}});
  return spread;
}
const Spread& within_a_stage() {
  static const Spread spread = Spread::through({{0, 500}, {50, 3'500}, {90, 6'500}, {100, 9'000}});
  return spread;
}
const Spread& decisions_in_time() {
  static const Spread spread = Spread::through({{0, 3'000}, {50, 7'500}, {100, 9'700}});
  return spread;
}
const Spread& entries_in_time() {
  static const Spread spread = Spread::through({{0, 300}, {100, 6'000}});
  return spread;
}
const Spread& some_time() {
  static const Spread spread = Spread::through({{0, day_s / 4}, {50, 7 * day_s}, {90, 21 * day_s}, {100, 60 * day_s}});
  return spread;
}
const Spread& some_months() {
  static const Spread spread = Spread::through({{0, 2 * day_s}, {50, 45 * day_s}, {90, 180 * day_s}, {100, 400 * day_s}});
  return spread;
}

bool is_applicants(const cohort::Model& model, const v1::Arrow& arrow) {
  const auto& by = arrow.move().by();
  return std::find(by.begin(), by.end(), model.applicant_role()) != by.end();
}

/// Whether it leads to an end that nobody hopes for.
bool ends_badly(const statechart::Chart& chart, const v1::Arrow& arrow) {
  return std::any_of(arrow.targets().begin(), arrow.targets().end(), [&](StateId state) {
    const v1::State::End end = chart.node(state).ends();
    return end != v1::State::END_UNSPECIFIED && end != v1::State::SUCCESS;
  });
}

/// Whether it leads to what stands before its source: back. Document order is how a program is read.
bool leads_back(const v1::Arrow& arrow) {
  return std::any_of(arrow.targets().begin(), arrow.targets().end(), [&](StateId state) { return state <= arrow.source(); });
}

/// Where everybody begins.
bool is_first(const statechart::Chart& chart, StateId state) {
  for (StateId other = 0; other < state; ++other)
    if (chart.is_atomic(other)) return false;
  return true;
}

void add_moves(StateHabit& habit, const cohort::Model& model, const statechart::Chart& chart, StateId state, bool is_gate) {
  bool applicants = true, held = false;
  std::size_t onward = 0;
  for (const ArrowId id : chart.arrows_of(state)) {
    if (chart.trigger(id) != statechart::Trigger::Move) continue;
    const v1::Arrow& arrow = chart.arrow(id);
    applicants = applicants && is_applicants(model, arrow);
    held = held || arrow.move().held();
    // `returned` stands after `screening` and is a way back all the same, so only the first that leads on counts for four.
    const bool good = !ends_badly(chart, arrow) && !leads_back(arrow) && onward++ == 0;
    habit.moves.push_back({id, good ? 4'000u : 1'000u});
  }
  if (habit.moves.empty()) return;
  if (is_gate) {  // nobody takes back what she agreed to
    habit.moves.clear();
    return;
  }
  std::uint32_t all = 0;
  for (const MoveHabit& one : habit.moves) all += one.weight;
  const bool around = !chart.is_atomic(state);
  const bool first = chart.is_atomic(state) && is_first(chart, state);
  const std::uint32_t never_in_100 = around ? (applicants ? 96 : 90) : !applicants ? 0 : first ? 12 : 4;
  habit.nothing = all * never_in_100 / (100 - never_in_100);
  if (around)
    habit.delay = {Spread::through({{0, 200}, {50, 4'000}, {100, 9'900}}), some_months()};
  else if (habit.deadline && habit.deadline->first != state)
    habit.delay = {within_a_stage(), some_time()};
  else
    habit.delay = {held ? decisions_in_time() : applicants ? applicants_in_time() : staff_in_time(), some_time()};
}

void add_opens(StateHabit& habit, const cohort::Model& model, const v1::Node& node) {
  for (const std::string& kind : node.opens()) {
    const cohort::TaskModel* task = model.task(kind);
    OpenHabit open{static_cast<std::size_t>(task - model.tasks().data()), {}, {entries_in_time(), some_time()}};
    const std::int64_t asked = task->kind->has_review() ? std::max<std::int64_t>(1, task->kind->review().each()) : 0;
    open.number = asked > 0 ? Spread::through({{0, asked}, {100, asked}}) : Spread::through({{0, 3}, {100, 7}});
    habit.opens.push_back(open);
  }
}

std::vector<StateHabit> usual_habits(const cohort::Model& model, const statechart::Chart& chart, bool is_gate = false) {
  std::vector<StateHabit> habits(chart.state_count());
  for (StateId state = 0; state < habits.size(); ++state) {
    habits[state].deadline = nearest_deadline(chart, state);
    add_moves(habits[state], model, chart, state, is_gate);
    add_opens(habits[state], model, chart.node(state));
  }
  return habits;
}

}  // namespace

std::int64_t Spread::draw(Random& random) const {
  const std::uint64_t number = random.next();
  const std::size_t at = number >> 59;                                         // of the 32 pieces
  const auto within = static_cast<std::int64_t>((number >> 35) & 0xFFFFFFu);  // 24 bits of the way through it
  return points[at] + (((points[at + 1] - points[at]) * within) >> 24);
}

Spread Spread::through(std::initializer_list<std::pair<int, std::int64_t>> known) {
  Spread made;
  for (std::size_t i = 0; i < made.points.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i) * 100;  // in parts of 3,200
    const auto* right = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first * 32 >= at; });
    if (right == known.begin()) {
      made.points[i] = right->second;
      continue;
    }
    const auto* left = right - 1;
    const std::int64_t wide = (right->first - left->first) * 32;
    made.points[i] = left->second + (right->second - left->second) * (at - left->first * 32) / wide;
  }
  return made;
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> nearest_deadline(const statechart::Chart& chart, StateId state) {
  for (StateId at = state;; at = chart.parent(at)) {
    const auto& timers = chart.node(at).timers();
    for (int i = 0; i < timers.size(); ++i)
      if (timers[i].name() == "deadline") return std::pair(at, static_cast<std::uint32_t>(i));
    if (at == 0) return std::nullopt;
  }
}

Habits usual_habits(const cohort::Model& model) {
  Habits habits;
  habits.initiative = usual_habits(model, model.chart());
  for (const cohort::TaskModel& task : model.tasks()) habits.tasks.push_back(usual_habits(model, *task.chart, task.is_gate()));
  habits.arrival = Spread::through({{0, 100}, {25, 5'000}, {50, 7'500}, {75, 8'900}, {100, 9'800}});
  return habits;
}

}  // namespace kvali::simulate
