// Time passes: what is due is fired in order; deadlines are extended; a rehearsal's clock is moved.
#include <algorithm>
#include <set>

#include "engine/cohort/arming.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/reading.h"
#include "engine/cohort/zone_table.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

struct DueTimer {
  Timer timer;
  std::string task;
  const std::string* event;  // of the chart
  bool last = true;          // no other timer is due
};

/// The earliest timer due at `now`; of several at one instant the initiative's own, then in order of the chart.
std::optional<DueTimer> first_due(const Initiative& initiative, Instant now) {
  std::optional<DueTimer> first;
  static const std::string own;
  const auto look = [&](const Instance& instance, const std::string& task, const auto& chart_of) {
    for (const Timer& timer : instance.timers) {
      if (timer.blocked || timer.due > now) continue;
      if (first) first->last = false;
      const bool earlier = !first || timer.due < first->timer.due ||
                           (timer.due == first->timer.due && task == first->task &&
                            std::pair(timer.state, timer.timer) < std::pair(first->timer.state, first->timer.timer));
      if (earlier) first = DueTimer{timer, task, &chart_of().node(timer.state).timers(static_cast<int>(timer.timer)).event(), !first};
    }
  };
  if (initiative.ended()) return std::nullopt;
  look(initiative.at, own, [&]() -> const statechart::Chart& { return initiative.model->chart(); });
  for (const Task& task : initiative.tasks)
    if (!task.finished) look(task.at, task.key, [&]() -> const statechart::Chart& { return *initiative.model->task(task.kind)->chart; });
  return first;
}

/// Whether a record from `first` on arms a timer that is due already, or says when to wake.
bool makes_due(const Records& records, std::size_t first, Instant now) {
  const auto due = [&](const auto& armed) { return std::any_of(armed.begin(), armed.end(), [&](const v1::TimerArmed& one) { return one.due_us() <= now; }); };
  for (std::size_t at = first; at < records.size(); ++at)
    if (due(records[at].advanced().armed()) || due(records[at].task_opened().armed()) || records[at].has_wake_set()) return true;
  return false;
}

/// A timer that leads to a place that is not there waits for one; the manager is told.
void block(Case& c, Slot slot, const DueTimer& due, const Refusal& refusal) {
  const Initiative& initiative = c.sketch.initiative(slot);
  v1::Record& record = c.sketch.draft();
  v1::Blocked& blocked = *record.mutable_blocked();
  blocked.set_initiative(initiative.id);
  blocked.mutable_timer()->set_state(due.timer.state);
  blocked.mutable_timer()->set_timer(due.timer.timer);
  if (!refusal.unmet.empty()) blocked.set_quota(refusal.unmet.front().field);
  blocked.set_why(std::string(to_string(refusal.code)));
  v1::Told& told = *blocked.add_told();
  told.set_message("blocked");
  told.set_role(initiative.model->manager_role());
  told.set_state(due.timer.state);
  for (std::string& person : hearers(c.cohort(), c.world(), initiative, initiative.model->manager_role(), c.sketch.now()))
    told.add_persons(std::move(person));
  c.sketch.add(record, slot);
}

/// Fires the timers of one initiative that are due at the sketch's instant, and wakes it where it is time; true when there was
/// something to do.
bool fire(Case& c, Slot slot) {
  if (!c.sketch.touches(slot) && c.cohort().due.of(slot) > c.sketch.now()) return false;
  bool fired = false;
  const bool wakes = c.sketch.initiative(slot).wake_at <= c.sketch.now();
  // Each firing removes its timer or moves it on, so this ends; the limit is for a program that arms what is past.
  for (std::size_t count = 0; count < limits::microsteps_max; ++count) {
    const auto due = first_due(c.sketch.initiative(slot), c.sketch.now());
    if (!due) break;
    fired = true;
    const std::size_t before = c.sketch.records().size();
    auto advanced = advance(c.sketch, c.bench, slot, due->task, {v1::Advanced::TIMER, *due->event, std::nullopt, due->timer});
    if (auto* refusal = std::get_if<Refusal>(&advanced))
      block(c, slot, *due, *refusal);
    else
      settle(c.sketch, c.bench, std::move(std::get<Advance>(advanced).freed));
    // What became of the initiative need not be looked at where nothing else of it can be due.
    if (due->last && !wakes && !makes_due(c.sketch.records(), before, c.sketch.now())) return true;
  }
  if (const Initiative& initiative = c.sketch.initiative(slot); !initiative.ended() && initiative.wake_at <= c.sketch.now()) {
    go_on(c.sketch, c.bench, slot);
    fired = true;
  }
  return fired;
}

struct Target {
  const Model& model;  // of the kind of subject whose state it is
  statechart::StateId state;
  Instant to;
};

/// The state named, of an initiative, or of another kind of subject behind its name: training.preparation.planned.
std::pair<const Model*, std::optional<statechart::StateId>> find_any_state(const Model& whole, std::string_view path) {
  if (const auto own = whole.find_state(path)) return {&whole, own};
  for (const auto& subject : whole.subjects())
    if (path.starts_with(subject->kind() + "."))
      if (const auto state = subject->find_state(path.substr(subject->kind().size() + 1))) return {subject.get(), state};
  return {&whole, std::nullopt};
}

std::variant<Target, Refusal> extension_target(const Case& c, const v1::ExtendDeadline& command) {
  const auto [model, state] = find_any_state(*c.cohort().model, command.state());
  if (!state) return refuse(Code::Invalid, "no_state", {{"name", command.state()}});
  const v1::Node& node = model->chart().node(*state);
  const bool has_deadline = std::any_of(node.timers().begin(), node.timers().end(), [](const v1::Timer& one) { return one.name() == "deadline"; });
  if (!has_deadline) return refuse(Code::Precondition, "no_deadline", {{"name", label_or(node.label(), node.path())}});
  if (!is_day(c.cohort().zone, command.to())) return refuse(Code::Invalid, "no_day", {{"value", in_figures(command.to())}});
  const Instant to = calendar::end_of(c.cohort().zone, date_of(command.to()));
  if (to <= c.sketch.now()) return refuse(Code::Invalid, "earlier");
  if (command.reason().empty()) return refuse_unmet({{Code::Invalid, "reason", sentence("reason_missing"), calendar::never}});
  return Target{*model, *state, to};
}

}  // namespace

void fire_due(Case& c, Slot slot) { fire(c, slot); }

Outcome pass_time(Case& c) {
  // A rehearsal that was sent further than one commit reaches goes on from where it stands.
  if (c.cohort().rehearsal && c.cohort().clock_target > c.cohort().clock) {
    v1::MoveClock rest;
    rest.set_to_us(c.cohort().clock_target);
    return move_clock(c, rest);
  }
  std::size_t count = 0;
  for (const auto& [due, slot] : c.cohort().due.until(c.sketch.now())) {
    if (count == limits::due_initiatives_per_commit_max) break;
    if (fire(c, slot)) ++count;
  }
  begin_subjects(c);
  notice_terms(c);
  if (c.cohort().migration.running()) go_on_migrating(c);
  return std::nullopt;
}

Outcome move_clock(Case& c, const v1::MoveClock& command) {
  const bool by_time = c.asked.command().has_pass_time();
  if (!by_time && !may(c.cohort(), c.world(), c.viewer, Action::Manage)) return refuse(Code::Forbidden, "forbidden");
  if (!c.cohort().rehearsal) return refuse(Code::Precondition, "no_rehearsal");
  if (command.to_us() < c.sketch.now()) return refuse(Code::Invalid, "clock_back");
  if (command.to_us() > limits::clock_us_max) return refuse(Code::Invalid, "clock_range");
  const auto tick = [&](Instant to) {
    v1::Record& record = c.sketch.draft();
    record.mutable_clock_moved()->set_to_us(to);
    record.mutable_clock_moved()->set_target_us(command.to_us());
    c.sketch.set_now(to);
    c.sketch.add(record);
  };
  const std::vector<DueIndex::Entry> until = c.cohort().due.until(command.to_us());
  std::set<DueIndex::Entry> due(until.begin(), until.end());
  std::size_t count = 0;
  while (!due.empty() && count < limits::due_initiatives_per_commit_max) {
    const auto [at, slot] = *due.begin();
    if (at > command.to_us()) break;
    due.erase(due.begin());
    const Instant current = earliest_due(c.sketch.initiative(slot));
    if (current > at) {  // an earlier firing changed it
      if (current <= command.to_us()) due.emplace(current, slot);
      continue;
    }
    if (at > c.sketch.now()) tick(at);
    fire(c, slot);
    ++count;
    for (const Slot touched : c.sketch.touched())
      if (const Instant next = earliest_due(c.sketch.initiative(touched)); next <= command.to_us()) due.emplace(next, touched);
  }
  const bool whole = due.empty() || due.begin()->first > command.to_us();
  if (whole && (command.to_us() > c.sketch.now() || c.sketch.records().empty())) tick(command.to_us());
  if (whole) notice_terms(c);
  return std::nullopt;
}

Outcome extend_deadline(Case& c, const v1::ExtendDeadline& command) {
  auto target = extension_target(c, command);
  if (auto* refusal = std::get_if<Refusal>(&target)) return *refusal;
  const auto& [model, state, to] = std::get<Target>(target);
  v1::Record& record = c.sketch.draft();
  v1::DeadlineExtended& extended = *record.mutable_deadline_extended();
  extended.set_initiative(command.initiative());
  extended.set_locality(command.locality());
  const std::string& path = model.chart().path(state);
  extended.set_state(path_with_kind(model, path));
  *extended.mutable_to() = command.to();
  extended.set_reason(command.reason());
  extended.set_to_us(to);
  std::optional<Slot> one;
  if (!command.initiative().empty()) {
    auto found = find_initiative(c, command.initiative());
    if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
    one = std::get<Slot>(found);
  }
  if (auto refusal = one ? must_manage(c, c.sketch.initiative(*one)) : must_manage(c)) return refusal;
  if (!command.locality().empty() && !c.cohort().locality(command.locality()))
    return refuse(Code::Invalid, "no_locality", {{"name", command.locality()}});
  for (Slot slot = one.value_or(0); slot < (one ? *one + 1 : c.cohort().initiatives.size()); ++slot) {
    if (c.cohort().due.of(slot) <= c.sketch.now()) fire(c, slot);  // what is past is past
    const Initiative& initiative = c.sketch.initiative(slot);
    const auto own = initiative.kind() == model.kind() ? initiative.model->chart().find(path) : std::nullopt;
    if (initiative.ended() || !own || !active(initiative.at, *own)) continue;
    if (!command.locality().empty() && locality_of(initiative) != command.locality()) continue;
    const auto& timers = initiative.at.timers;
    const bool later = std::any_of(timers.begin(), timers.end(), [&](const Timer& timer) {
      return timer.state == *own && timer.due >= to && initiative.model->chart().node(*own).timers(static_cast<int>(timer.timer)).name() == "deadline";
    });
    if (later) continue;
    v1::TimersMoved& moved = *extended.add_moved();
    moved.set_initiative(initiative.id);
    for (const Timer& timer : timers_moved(c.cohort(), initiative.model->machine(), *own, to, c.sketch.now())) fill(*moved.add_timers(), timer);
  }
  if (one && extended.moved_size() == 0) return refuse(Code::Invalid, "earlier");
  c.sketch.add(record);
  return std::nullopt;
}

Outcome report_effect(Case& c, const v1::ReportEffect& command) {
  if (!c.asked.actor().empty()) return refuse(Code::Forbidden, "forbidden");  // only the runner reports
  v1::Record& record = c.sketch.draft();
  record.mutable_effect_reported()->set_sequence(command.sequence());
  record.mutable_effect_reported()->set_failed(command.failed());
  record.mutable_effect_reported()->set_detail(command.detail());
  c.sketch.add(record);
  return std::nullopt;
}

}  // namespace kvali::cohort
