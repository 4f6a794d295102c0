#include "engine/simulate/learn.h"

#include <algorithm>

#include "engine/cohort/apply.h"

namespace kvali::simulate {
namespace {

using calendar::Instant;
using statechart::StateId;

constexpr std::uint64_t visits_enough = 5;
constexpr std::int64_t whole_time = 10'000;
constexpr std::uint64_t parts_seen_max_times = 10;  // ten times the time allowed: what came later is as late as that

const statechart::Chart& chart_of(const cohort::Initiative& initiative, const std::string& task) {
  return task.empty() ? initiative.model->chart() : *initiative.model->task(initiative.task(task)->kind)->chart;
}

const cohort::Instance& instance_of(const cohort::Initiative& initiative, const std::string& task) {
  return task.empty() ? initiative.at : initiative.task(task)->at;
}

void add_delay(Tally& parts, Tally& seconds, Instant entered, Instant due, Instant at) {
  const Instant wait = std::max<Instant>(0, at - entered);
  if (due <= entered) return seconds.add(static_cast<std::uint64_t>(wait / calendar::second_us));
  const Instant part = std::max<Instant>(1, (due - entered) / whole_time);
  parts.add(std::min<std::uint64_t>(static_cast<std::uint64_t>(wait / part), parts_seen_max_times * whole_time));
}

Spread spread_of(const Tally& tally) {
  Spread made;
  for (std::size_t i = 0; i < made.points.size(); ++i)
    made.points[i] = static_cast<std::int64_t>(i == 0 ? tally.smallest() : tally.quantile(i, made.points.size() - 1));
  return made;
}

void teach(Delay& delay, const Tally& parts, const Tally& seconds) {
  if (parts.count() > 0) delay.of_time_allowed = spread_of(parts);
  if (seconds.count() > 0) delay.seconds = spread_of(seconds);
}

}  // namespace

Learner::Learner(const cohort::Model& model) : model_(model), initiative_(model.chart().state_count()) {
  for (const cohort::TaskModel& task : model.tasks()) tasks_.emplace_back(task.chart->state_count());
}

/// What is known of a state, as our own model has it; null where it has not.
Learner::Seen* Learner::seen_of(const cohort::Cohort& cohort, const Place& place) {
  const cohort::Initiative& initiative = cohort.initiatives[place.slot];
  const std::string& path = chart_of(initiative, place.task).path(place.state);
  if (place.task.empty()) {
    if (place.state == 0) return &initiative_[0];
    const auto own = model_.chart().find(path);
    return own ? &initiative_[*own] : nullptr;
  }
  const cohort::TaskModel* kind = model_.task(initiative.task(place.task)->kind);
  if (!kind) return nullptr;
  std::vector<Seen>& states = tasks_[static_cast<std::size_t>(kind - model_.tasks().data())];
  const auto own = place.state == 0 ? std::optional<StateId>(0) : kind->chart->find(path);
  return own ? &states[*own] : nullptr;
}

void Learner::enter(const cohort::Cohort& after, const Place& place, Instant at) {
  const cohort::Initiative& initiative = after.initiatives[place.slot];
  Visit visit;
  visit.entered = at;
  if (const auto deadline = nearest_deadline(chart_of(initiative, place.task), place.state))
    for (const cohort::Timer& timer : instance_of(initiative, place.task).timers)
      if (timer.state == deadline->first && timer.timer == deadline->second) visit.due = timer.due;
  visits_[place] = std::move(visit);
}

void Learner::choose(const Place& place, const std::string& move, bool held, Instant at) {
  const auto found = visits_.find(place);
  if (found == visits_.end()) return;
  found->second.move = move;
  found->second.held = held;
  found->second.moved = at;
}

void Learner::leave(const cohort::Cohort& cohort, const Place& place, Left how) {
  const auto found = visits_.find(place);
  if (found == visits_.end()) return;
  const Visit visit = std::move(found->second);
  visits_.erase(found);
  const bool atomic = chart_of(cohort.initiatives[place.slot], place.task).is_atomic(place.state);
  Seen* seen = seen_of(cohort, place);
  if (!seen || (how == Left::GoingOn && atomic && !visit.move)) return;
  ++seen->visits;
  if (visit.move) {
    ++seen->moves[*visit.move];
    add_delay(seen->parts, seen->seconds, visit.entered, visit.due, visit.moved);
  } else {
    ++seen->nothing;
  }
  for (const std::string& kind : chart_of(cohort.initiatives[place.slot], place.task).node(place.state).opens()) {
    Opened& opened = seen->opens[kind];
    const auto times = visit.opened.find(kind);
    opened.number.add(times == visit.opened.end() ? 0 : times->second.size());
    if (times == visit.opened.end()) continue;
    for (const Instant at : times->second) add_delay(opened.parts, opened.seconds, visit.entered, visit.due, at);
  }
}

void Learner::arrived(const cohort::Cohort& after, cohort::Slot slot, Instant at) {
  const cohort::Initiative& initiative = after.initiatives[slot];
  for (const cohort::Timer& timer : initiative.at.timers) {
    const v1::Timer& rule = initiative.model->chart().node(timer.state).timers(static_cast<int>(timer.timer));
    if (rule.name() != "deadline" || rule.at().empty() || timer.due <= *began_) continue;
    const Instant part = std::max<Instant>(1, (timer.due - *began_) / whole_time);
    arrival_.add(static_cast<std::uint64_t>(std::clamp<Instant>((at - *began_) / part, 0, whole_time - 1)));
    return;
  }
}

void Learner::advanced(const cohort::Cohort& after, cohort::Slot slot, const v1::Advanced& record, Instant at) {
  const cohort::Initiative& initiative = after.initiatives[slot];
  const statechart::Chart& chart = chart_of(initiative, record.task());
  if (record.cause() == v1::Advanced::MOVE && record.arrows_size() > 0) {
    const v1::Arrow& arrow = chart.arrow(record.arrows(0));
    choose({slot, record.task(), arrow.source()}, arrow.move().name(), false, at);
  }
  for (const std::uint32_t state : record.left()) leave(after, {slot, record.task(), state}, Left::Left);
  if (!record.finished()) {
    for (const std::uint32_t state : record.entered()) enter(after, {slot, record.task(), state}, at);
    return;
  }
  const auto first = visits_.lower_bound({slot, record.task(), 0});
  std::vector<Place> rest;
  for (auto one = first; one != visits_.end() && one->first.slot == slot && (record.task().empty() || one->first.task == record.task()); ++one)
    rest.push_back(one->first);
  for (const Place& place : rest) leave(after, place, Left::Left);
}

void Learner::opened(const cohort::Cohort& after, cohort::Slot slot, const v1::TaskOpened& record, Instant at) {
  const cohort::Initiative& initiative = after.initiatives[slot];
  if (!record.by().empty())
    for (const StateId state : initiative.at.where.active) {
      const auto& opens = initiative.model->chart().node(state).opens();
      const auto visit = visits_.find({slot, "", state});
      if (visit != visits_.end() && std::find(opens.begin(), opens.end(), record.kind()) != opens.end())
        visit->second.opened[record.kind()].push_back(at);
    }
  if (record.finished()) return;
  enter(after, {slot, record.task(), 0}, at);
  for (const std::uint32_t state : record.entered()) enter(after, {slot, record.task(), state}, at);
}

void Learner::see(const cohort::Cohort& after, const v1::Record& record, Instant at) {
  if (!began_) began_ = at;
  const auto found = after.find(cohort::initiative_of(record));
  if (!found) return;
  const cohort::Slot slot = *found;
  if (!after.initiatives[slot].kind().empty()) return;  // learned are the habits of those who bring initiatives
  switch (record.body_case()) {
    case v1::Record::kInitiativeStarted:
      arrived(after, slot, at);
      enter(after, {slot, "", 0}, at);
      for (const std::uint32_t state : record.initiative_started().entered()) enter(after, {slot, "", state}, at);
      return;
    case v1::Record::kAdvanced: return advanced(after, slot, record.advanced(), at);
    case v1::Record::kTaskOpened: return opened(after, slot, record.task_opened(), at);
    case v1::Record::kDecisionHeld: {
      const v1::DecisionHeld& held = record.decision_held();
      return choose({slot, "", after.initiatives[slot].model->chart().arrow(held.arrow()).source()}, held.move(), true, at);
    }
    case v1::Record::kDecisionDropped:
      for (auto& [place, visit] : visits_)
        if (place.slot == slot && visit.held) visit.move.reset();
      return;
    case v1::Record::kExcepted:
      for (const std::uint32_t state : record.excepted().left()) leave(after, {slot, "", state}, Left::GoingOn);
      for (const std::uint32_t state : record.excepted().entered()) enter(after, {slot, "", state}, at);
      return;
    default: return;  // nothing else is anybody's choice
  }
}

void Learner::end(const cohort::Cohort& cohort) {
  while (!visits_.empty()) leave(cohort, Place(visits_.begin()->first), Left::GoingOn);
  for (const cohort::Initiative& one : cohort.initiatives)
    if (const std::string& locality = cohort::locality_of(one); !locality.empty() && one.kind().empty()) ++localities_[locality];
  began_.reset();
  ++cohorts_;
}

void Learner::teach(StateHabit& habit, const Seen& seen, const statechart::Chart& chart) const {
  if (seen.visits < visits_enough) return;
  habit.learned = habit.acts();
  if (!habit.moves.empty()) {
    habit.nothing = static_cast<std::uint32_t>(seen.nothing);
    std::uint32_t all = habit.nothing;
    for (MoveHabit& move : habit.moves) {
      const auto found = seen.moves.find(chart.arrow(move.arrow).move().name());
      move.weight = found == seen.moves.end() ? 0 : static_cast<std::uint32_t>(found->second);
      all += move.weight;
    }
    if (all == 0) habit.nothing = 1;
    simulate::teach(habit.delay, seen.parts, seen.seconds);
  }
  for (OpenHabit& open : habit.opens) {
    const auto found = seen.opens.find(model_.tasks()[open.kind].kind->name());
    if (found == seen.opens.end()) continue;
    open.number = spread_of(found->second.number);
    simulate::teach(open.delay, found->second.parts, found->second.seconds);
  }
}

Habits Learner::habits() const {
  Habits habits = usual_habits(model_);
  for (StateId state = 0; state < initiative_.size(); ++state) teach(habits.initiative[state], initiative_[state], model_.chart());
  for (std::size_t kind = 0; kind < tasks_.size(); ++kind)
    for (StateId state = 0; state < tasks_[kind].size(); ++state) teach(habits.tasks[kind][state], tasks_[kind][state], *model_.tasks()[kind].chart);
  if (arrival_.count() >= visits_enough) habits.arrival = spread_of(arrival_);
  habits.localities.assign(localities_.begin(), localities_.end());
  habits.learned_cohorts = cohorts_;
  return habits;
}

std::pair<std::size_t, std::size_t> Learner::learned() const {
  std::pair<std::size_t, std::size_t> counts;
  const Habits made = habits();
  const auto count = [&](const std::vector<StateHabit>& states) {
    for (const StateHabit& one : states) {
      if (one.acts()) ++counts.second;
      if (one.learned) ++counts.first;
    }
  };
  count(made.initiative);
  for (const auto& states : made.tasks) count(states);
  return counts;
}

}  // namespace kvali::simulate
