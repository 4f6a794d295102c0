#include "engine/cohort/carry.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cohort/arming.h"

namespace kvali::cohort {
namespace {

using statechart::StateId;

const v1::Timer& definition(const MachineModel& machine, StateId state, std::uint32_t timer) {
  return machine.chart->node(state).timers(static_cast<int>(timer));
}

/// Timers of one state of the new version, from those of the states it was.
class Timers {
 public:
  Timers(const Between& between, const Carrying& carrying, StateId state, std::vector<StateId> was, const std::vector<Timer>& old)
      : between_(between), carrying_(carrying), state_(state), was_(std::move(was)), old_(old) {}

  std::vector<Timer> made() {
    for (std::uint32_t index = 0; index < between_.is.timers[state_].size(); ++index)
      if (const v1::Timer& timer = definition(between_.is, state_, index); timer.of().empty() || (timer.of() != "deadline" && existed(timer.name())))
        add(index);
    return std::move(made_);
  }

 private:
  void add(std::uint32_t index) {
    const std::string& name = definition(between_.is, state_, index).name();
    const v1::TimerMapped rule = between_.timer(state_, name);
    if (rule.then() == v1::TimerMapped::REARM || !existed(name)) return arm_anew(index, name);
    const Timer* before = find(name);
    if (!before) return;  // it has fired
    Timer goes_on{state_, index, before->due, before->planned, before->fired, false};
    if (rule.then() == v1::TimerMapped::SHIFT) {
      const auto period = calendar::parse_period(rule.by());
      goes_on.due = calendar::shift(carrying_.cohort.zone, carrying_.cohort.holidays, goes_on.due, *period);
      goes_on.planned = calendar::shift(carrying_.cohort.zone, carrying_.cohort.holidays, goes_on.planned, *period);
    }
    made_.push_back(goes_on);
    if (name != "deadline") return;
    for (const Timer& one : timers_moved(carrying_.cohort, between_.is, state_, goes_on.due, carrying_.at))
      if (one.timer != index) made_.push_back(one);
  }

  void arm_anew(std::uint32_t index, const std::string& name) {
    for (const Timer& one : timers_on_entry(carrying_.cohort, carrying_.now, carrying_.task, between_.is, state_, carrying_.at, carrying_.at, nullptr))
      if (one.timer == index || definition(between_.is, state_, one.timer).of() == name) made_.push_back(one);
  }

  /// Whether the old version had a timer of that name here.
  bool existed(const std::string& name) const {
    return std::any_of(was_.begin(), was_.end(), [&](StateId state) {
      const auto& timers = between_.was.chart->node(state).timers();
      return std::any_of(timers.begin(), timers.end(), [&](const v1::Timer& one) { return one.name() == name; });
    });
  }

  const Timer* find(const std::string& name) const {
    const auto found = std::find_if(old_.begin(), old_.end(), [&](const Timer& one) {
      return std::find(was_.begin(), was_.end(), one.state) != was_.end() && definition(between_.was, one.state, one.timer).name() == name;
    });
    return found == old_.end() ? nullptr : &*found;
  }

  const Between& between_;
  const Carrying& carrying_;
  const StateId state_;
  const std::vector<StateId> was_;
  const std::vector<Timer>& old_;
  std::vector<Timer> made_;
};

/// The states among `old` that are `state` in the new version.
std::vector<StateId> states_before(const Between& between, const std::vector<StateId>& old, StateId state) {
  std::vector<StateId> was;
  for (const StateId one : old)
    if (between.state(one) == state) was.push_back(one);
  return was;
}

Instant entered_at(const Instance& old, const std::vector<StateId>& was, Instant now) {
  Instant entered = now;
  for (const auto& [state, at] : old.since)
    if (std::find(was.begin(), was.end(), state) != was.end()) entered = std::min(entered, at);
  return entered;
}

/// What a history of the new version kept: its states, and what remains of their timers.
void carry_history(const Between& between, const Carrying& carrying, const Instance& old, const std::pair<StateId, std::vector<StateId>>& kept,
                   v1::Standing& standing) {
  const statechart::Chart& is = *between.is.chart;
  v1::HistoryKept& made = *standing.add_history();
  made.set_history(kept.first);
  for (const StateId state : kept.second) made.add_states(state);
  const StateId parent = is.parent(kept.first);
  for (const auto& [history, remaining] : old.remaining) {
    if (between.state(between.was.chart->parent(history)) != parent) continue;
    // As if they were armed now, so that they are carried like those that are; only what remains of them is kept.
    std::vector<Timer> as_armed = remaining;
    for (Timer& one : as_armed) one.due += carrying.at;
    std::vector<StateId> left;
    for (StateId state = 0; state < between.was.chart->state_count(); ++state) left.push_back(state);
    for (StateId state = parent; state < is.state_count() && (state == parent || is.is_descendant(state, parent)); ++state) {
      const bool was_there = std::any_of(kept.second.begin(), kept.second.end(), [&](StateId one) { return one == state || is.is_descendant(one, state); });
      if (!was_there) continue;
      for (Timer& one : Timers(between, carrying, state, states_before(between, left, state), as_armed).made()) {
        one.due = std::max<Instant>(0, one.due - carrying.at);
        fill(*made.add_remaining(), one);
      }
    }
  }
}

}  // namespace

std::optional<StateId> Between::state(StateId old) const {
  return crossing ? crossing->state(old) : is.chart->find(was.chart->path(old));
}

v1::TimerMapped Between::timer(StateId state, const std::string& name) const {
  if (const v1::TimerMapped* rule = crossing ? crossing->timer(state, name) : nullptr) return *rule;
  v1::TimerMapped keep;
  keep.set_then(v1::TimerMapped::KEEP);
  return keep;
}

v1::Standing carry(const Between& between, const Carrying& carrying, const Instance& old, const statechart::Configuration& where) {
  v1::Standing standing;
  for (const StateId state : where.active) {
    standing.add_active(state);
    const std::vector<StateId> was = states_before(between, old.where.active, state);
    v1::StateSince& since = *standing.add_since();
    since.set_state(state);
    since.set_entered_us(entered_at(old, was, carrying.at));
    if (where.done) continue;  // what has ended waits for nothing
    for (const Timer& one : Timers(between, carrying, state, was, old.timers).made()) fill(*standing.add_armed(), one);
  }
  for (const auto& kept : where.history) carry_history(between, carrying, old, kept, standing);
  return standing;
}

}  // namespace kvali::cohort
