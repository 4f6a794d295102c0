// What follows from a step beyond its own initiative: freed places go to the waitlist, blocked timers are tried again,
// complete series of reports end their stage. First in, first out, in the same commit.
#include <algorithm>
#include <limits>
#include <set>

#include "engine/cohort/advance.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/ranking.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

/// The arrow by which the initiative takes a freed place of `quota`, if it waits for one: the first whose `if` holds.
std::optional<std::uint32_t> freed_arrow(const Sketch& sketch, const Initiative& initiative, const std::string& quota) {
  const MachineModel& machine = initiative.model->machine();
  for (const statechart::StateId state : initiative.at.where.active)
    for (const statechart::ArrowId arrow : machine.chart->arrows_of(state)) {
      if (machine.chart->arrow(arrow).freed() != quota) continue;
      const expression::Expression* guard = machine.arrows[arrow].guard;
      if (!guard || Facts(sketch.base(), &initiative, nullptr, sketch.now()).holds(*guard).holds) return arrow;
    }
  return std::nullopt;
}

/// Until when freed places of the quota are given on.
bool refills(const Sketch& sketch, const QuotaModel& quota) {
  if (!quota.refill_until) return true;
  const Facts facts(sketch.base(), nullptr, nullptr, sketch.now());
  const auto until = facts.moment(*quota.refill_until);
  if (!until) return true;
  if (const auto* instant = std::get_if<Instant>(&*until)) return sketch.now() < *instant;
  return sketch.now() < calendar::instant_at(sketch.base().zone, std::get<calendar::Date>(*until), 0);
}

std::optional<Timer> blocked_timer(const Initiative& initiative) {
  for (const Timer& timer : initiative.at.timers)
    if (timer.blocked) return timer;
  return std::nullopt;
}

using ByLocality = std::unordered_map<std::string, std::set<Slot>>;

/// Whether the places of the initiative are counted with those of `by`: all are, where the quota is one for the whole cohort;
/// nobody's without a value.
bool is_counted(const Initiative& initiative, const QuotaModel& quota, const std::string& by) {
  if (initiative.model->kind() != quota.kind) return false;
  if (quota.by_field.empty()) return true;
  if (quota.by_locality) return !by.empty() && locality_of(initiative) == by;
  const v1::Value* value = initiative.field(quota.by_field);
  return value && !by.empty() && value->text() == by;
}

/// Of the index, and of those that this decision has changed, who is counted with `by`, in order of their start: as they are now,
/// since what is written may be where they are.
std::vector<Slot> candidates(Sketch& sketch, const ByLocality& index, const QuotaModel& quota, const std::string& by) {
  const Cohort& cohort = sketch.base();
  std::vector<Slot> slots = sketch.touched();
  if (quota.by_locality) {
    // So that a bulk does not walk all of itself for each place.
    if (const auto all = cohort.by_locality.find(by); !sketch.does().write_fields && all == cohort.by_locality.end())
      slots.clear();
    else if (!sketch.does().write_fields && all->second.size() < slots.size())
      slots = all->second;
    if (const auto found = index.find(by); found != index.end()) slots.insert(slots.end(), found->second.begin(), found->second.end());
  } else {
    for (const auto& [locality, listed] : index) slots.insert(slots.end(), listed.begin(), listed.end());
  }
  std::erase_if(slots, [&](Slot slot) { return !is_counted(sketch.initiative(slot), quota, by); });
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

void pass_on(Sketch& sketch, Bench& bench, const Freed& freed, std::vector<Freed>& queue) {
  const QuotaModel* quota = sketch.base().model->any_quota(freed.quota);
  if (!quota) {
    const std::string& other = sketch.base().other_name(freed.quota);
    if (sketch.base().model->any_quota(other)) pass_on(sketch, bench, {other, freed.by}, queue);
    return;
  }
  const std::uint32_t places = sketch.places(*quota->quota, freed.by);
  for (const Slot slot : candidates(sketch, sketch.base().blocked, *quota, freed.by)) {
    if (sketch.taken(freed.quota, freed.by) >= places) return;
    const auto timer = blocked_timer(sketch.initiative(slot));
    if (!timer) continue;
    const v1::Timer& rule = sketch.initiative(slot).model->chart().node(timer->state).timers(static_cast<int>(timer->timer));
    auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::TIMER, rule.event(), std::nullopt, timer});
    if (auto* done = std::get_if<Advance>(&advanced)) queue.insert(queue.end(), done->freed.begin(), done->freed.end());
  }
  if (sketch.taken(freed.quota, freed.by) >= places || !refills(sketch, *quota)) return;
  const auto frozen = frozen_below(sketch, *quota, freed.by);
  for (const Slot slot : waiting(sketch, freed.quota, freed.by)) {
    if (sketch.taken(freed.quota, freed.by) >= places) return;
    const auto arrow = freed_arrow(sketch, sketch.initiative(slot), freed.quota);
    if (!arrow) continue;
    // Places stay free while somebody better placed has complained: all behind her rank lower still.
    if (frozen && !(rank_in(sketch, sketch.initiative(slot), sketch.initiative(slot).model->chart().arrow(*arrow).source()) > *frozen)) return;
    const std::string event = "freed." + freed.quota;
    auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::FREED, event, arrow, std::nullopt});
    if (auto* done = std::get_if<Advance>(&advanced)) queue.insert(queue.end(), done->freed.begin(), done->freed.end());
  }
}

/// Whether a timer is armed that opens the next report of the series.
bool goes_on(const Initiative& initiative, const TaskModel& series) {
  return std::any_of(initiative.at.timers.begin(), initiative.at.timers.end(), [&](const Timer& timer) {
    return initiative.model->machine().timers[timer.state][timer.timer].timer->name() == series.series_timer;
  });
}

/// Whether reports of the series were opened, and every one is finished.
bool is_handed_in(const Initiative& initiative, const TaskModel& series) {
  bool any = false;
  for (std::size_t at = initiative.tasks.size(); at-- > 0;) {  // what is open is mostly among the last
    const Task& task = initiative.tasks[at];
    if (task.kind != series.kind->name()) continue;
    if (!task.finished) return false;
    any = true;
  }
  return any;
}

/// Whether the series of reports has come to its end: nothing more to open, every one of its tasks finished.
bool is_complete(const Initiative& initiative, const TaskModel& series) { return is_handed_in(initiative, series) && !goes_on(initiative, series); }

/// Whether it may have come to its end, as it was `before` the decision and by what the decision does: surely not while what held it
/// open then does so still.
bool may_be_complete(const Initiative& before, const TaskModel& series, const Sketch::Does& does) {
  if (does.open_report) return true;
  return (does.finish_task || is_handed_in(before, series)) && (does.move || !goes_on(before, series));
}

/// The events that say so, of every series.
std::vector<const std::string*> complete_series(const Initiative& initiative) {
  std::vector<const std::string*> events;
  for (const TaskModel* series : initiative.model->reports())
    if (is_complete(initiative, *series)) events.push_back(&series->series_done);
  return events;
}

}  // namespace

std::optional<double> rank_in(const Sketch& sketch, const Initiative& initiative, statechart::StateId state) {
  const std::string& ranked_by = initiative.model->chart().node(state).ranked_by();
  if (ranked_by.empty()) return std::nullopt;
  return Facts(sketch.base(), &initiative, nullptr, sketch.now()).number(initiative.model->expression(ranked_by));
}

std::optional<double> frozen_below(Sketch& sketch, const QuotaModel& quota, const std::string& by) {
  std::optional<double> highest;
  for (const Slot slot : candidates(sketch, sketch.base().waiting, quota, by)) {
    const Initiative& initiative = sketch.initiative(slot);
    if (initiative.ended()) continue;
    for (const statechart::StateId state : initiative.at.where.active) {
      if (initiative.model->chart().node(state).standstill() != quota.quota->name()) continue;
      const double rank = rank_in(sketch, initiative, state).value_or(std::numeric_limits<double>::infinity());
      highest = std::max(highest.value_or(rank), rank);
    }
  }
  return highest;
}

std::vector<Slot> waiting(Sketch& sketch, const std::string& quota, const std::string& by) {
  struct Place {
    std::optional<double> rank;
    Instant since;
    Slot slot;
  };
  std::vector<Place> line;
  const QuotaModel* counted = sketch.base().model->any_quota(quota);
  if (!counted) return {};
  for (const Slot slot : candidates(sketch, sketch.base().waiting, *counted, by)) {
    const Initiative& initiative = sketch.initiative(slot);
    const auto arrow = initiative.ended() ? std::nullopt : freed_arrow(sketch, initiative, quota);
    if (!arrow) continue;
    const std::uint32_t source = initiative.model->chart().arrow(*arrow).source();
    Place place{rank_in(sketch, initiative, source), 0, slot};
    for (const auto& [state, since] : initiative.at.since)
      if (state == source) place.since = since;
    line.push_back(place);
  }
  std::stable_sort(line.begin(), line.end(), [](const Place& a, const Place& b) {
    if (a.rank != b.rank) return a.rank.value_or(-1e300) > b.rank.value_or(-1e300);
    return a.since != b.since ? a.since < b.since : a.slot < b.slot;
  });
  std::vector<Slot> slots;
  slots.reserve(line.size());
  for (const Place& place : line) slots.push_back(place.slot);
  return slots;
}

namespace {

/// Whoever begins to wait, or may take a place from now on, gets one that is free already.
void add_wanted(Sketch& sketch, std::vector<Freed>& queue) {
  std::set<std::pair<std::string, std::string>> wanted;
  for (std::size_t i = 0; i < sketch.touched().size(); ++i) {
    const Slot slot = sketch.touched()[i];
    if (!sketch.base().initiatives[slot].model->machine().has_waits) continue;
    const Initiative& initiative = sketch.initiative(slot);
    if (!is_waiting(initiative)) continue;
    for (const statechart::StateId state : initiative.at.where.active)
      for (const statechart::ArrowId arrow : initiative.model->chart().arrows_of(state)) {
        const std::string& name = initiative.model->chart().arrow(arrow).freed();
        const QuotaModel* quota = name.empty() ? nullptr : sketch.base().model->quota(name);
        if (!quota) continue;
        const v1::Value* by = quota->by_field.empty() ? nullptr : initiative.field(quota->by_field);
        wanted.emplace(name, by ? by->text() : "");
      }
  }
  for (const auto& [quota, by] : wanted) queue.push_back({quota, by});
}

/// Whether some active state has an arrow that nobody asks for: it is taken as soon as what was written makes its guard true.
bool has_eventless(const Initiative& initiative) {
  const statechart::Chart& chart = initiative.model->chart();
  return std::any_of(initiative.at.where.active.begin(), initiative.at.where.active.end(),
                     [&](statechart::StateId state) { return !chart.eventless_of(state).empty(); });
}

/// Whether anything can follow of itself for an initiative: most have nothing that waits for that, and then nobody need look at
/// what became of it.
bool may_go_on(const Sketch& sketch, Slot slot) {
  const Initiative& before = sketch.base().initiatives[slot];
  const Model& model = *before.model;
  if (model.machine().has_eventless || model.machine().recomputes) return true;
  if (sketch.does().change_version) return std::any_of(before.tasks.begin(), before.tasks.end(), [&](const Task& task) { return model.is_report(task.kind); });
  return std::any_of(model.reports().begin(), model.reports().end(), [&](const TaskModel* series) { return may_be_complete(before, *series, sketch.does()); });
}

/// The earliest instant at which time alone may let a move be made that is made by itself.
Instant wake_of(const Sketch& sketch, const Initiative& initiative) {
  Instant earliest = calendar::never;
  const MachineModel& machine = initiative.model->machine();
  const Facts facts(sketch.base(), &initiative, nullptr, sketch.now());
  for (const statechart::StateId state : initiative.at.where.active)
    if (!machine.wakes.empty() && machine.wakes[state])
      for (const statechart::ArrowId arrow : machine.chart->eventless_of(state))
        if (const expression::Expression* guard = machine.arrows[arrow].guard) earliest = std::min(earliest, facts.holds(*guard).may_change_at);
  if (machine.recomputes)
    for (const FieldModel& form : machine.form)
      if (form.computed) earliest = std::min(earliest, facts.may_change_at(*form.computed));
  return earliest;
}

/// What is computed by time, or by what is known of an organisation, as it is now.
void recompute(Sketch& sketch, Slot slot) {
  const Initiative& initiative = sketch.initiative(slot);
  if (!initiative.model->machine().recomputes) return;
  Initiative then = initiative;
  v1::Record& record = sketch.draft();
  v1::FieldsWritten& written = *record.mutable_fields_written();
  compute(sketch.base(), sketch.now(), then, *written.mutable_fields());
  if (written.fields().empty()) return;
  written.set_initiative(initiative.id);
  sketch.add(record, slot);
}

void set_wake(Sketch& sketch, Slot slot) {
  const Initiative& initiative = sketch.initiative(slot);
  const Instant wake = may_wake(initiative) ? wake_of(sketch, initiative) : calendar::never;
  if (wake == initiative.wake_at) return;
  v1::Record& record = sketch.draft(Records::Kind::kWakeSet);
  record.mutable_wake_set()->set_initiative(initiative.id);
  record.mutable_wake_set()->set_wake_us(wake);
  sketch.add(record, slot);
}

}  // namespace

void go_on(Sketch& sketch, Bench& bench, Slot slot) {
  recompute(sketch, slot);
  if (has_eventless(sketch.initiative(slot))) {
    auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::DONE, "", std::nullopt, std::nullopt});
    if (auto* done = std::get_if<Advance>(&advanced); done && done->moved && !done->freed.empty()) settle(sketch, bench, done->freed);
  }
  if (!sketch.initiative(slot).ended())
    for (const std::string* event : complete_series(sketch.initiative(slot))) {
      auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::DONE, *event, std::nullopt, std::nullopt});
      if (auto* done = std::get_if<Advance>(&advanced); done && !done->freed.empty()) settle(sketch, bench, done->freed);
    }
  set_wake(sketch, slot);
}

void settle(Sketch& sketch, Bench& bench, std::vector<Freed> queue) {
  add_wanted(sketch, queue);
  // pass_on lets the queue grow, so what it works on is a copy.
  for (std::size_t next = 0; next < queue.size() && next < limits::cross_events_per_commit_max; ++next)
    pass_on(sketch, bench, Freed(queue[next]), queue);
  const std::size_t touched = sketch.touched().size();  // what follows touches more, and settles it itself
  for (std::size_t i = 0; i < touched; ++i) {
    const Slot slot = sketch.touched()[i];
    if (!sketch.take_unsettled(i)) continue;
    if (may_go_on(sketch, slot) && !sketch.initiative(slot).ended()) go_on(sketch, bench, slot);
  }
}

}  // namespace kvali::cohort
