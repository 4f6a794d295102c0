// What follows from a step beyond its own initiative: freed places go to the waitlist, blocked timers are tried again,
// complete series of reports end their stage. First in, first out, in the same commit.
#include <algorithm>
#include <deque>

#include "engine/cohort/advance.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

/// The arrow by which the initiative takes a freed place of `quota`, if it waits for one.
std::optional<std::uint32_t> freed_arrow(const Initiative& initiative, const std::string& quota) {
  const statechart::Chart& chart = initiative.model->chart();
  for (const statechart::StateId state : initiative.at.where.active)
    for (const statechart::ArrowId arrow : chart.arrows_of(state))
      if (chart.arrow(arrow).freed() == quota) return arrow;
  return std::nullopt;
}

/// Until when freed places of the quota are given on.
bool refills(const Sketch& sketch, const v1::Quota& quota) {
  if (quota.refill_until().empty()) return true;
  const Facts facts(sketch.base(), nullptr, nullptr, sketch.now());
  const auto until = facts.moment(quota.refill_until());
  if (!until) return true;
  if (const auto* instant = std::get_if<Instant>(&*until)) return sketch.now() < *instant;
  return sketch.now() < calendar::instant_at(sketch.base().zone, std::get<calendar::Date>(*until), 0);
}

std::optional<Timer> blocked_timer(const Initiative& initiative) {
  for (const Timer& timer : initiative.at.timers)
    if (timer.blocked) return timer;
  return std::nullopt;
}

/// Whose places are counted with those of `by`: all, where the quota is one for the whole cohort; nobody without a value.
std::vector<Slot> slots_by(const Cohort& cohort, const QuotaModel& quota, const std::string& by) {
  if (!quota.by_field.empty() && quota.by_field == cohort.model->locality_field()) {
    const auto found = cohort.by_locality.find(by);
    return found == cohort.by_locality.end() ? std::vector<Slot>() : found->second;
  }
  std::vector<Slot> slots;
  for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) {
    const v1::Value* value = quota.by_field.empty() ? nullptr : cohort.initiatives[slot].field(quota.by_field);
    if (quota.by_field.empty() || (value && !by.empty() && value->text() == by)) slots.push_back(slot);
  }
  return slots;
}

void pass_on(Sketch& sketch, Bench& bench, const Freed& freed, std::deque<Freed>& queue) {
  const QuotaModel* quota = sketch.base().model->quota(freed.quota);
  if (!quota) return;
  const std::uint32_t places = sketch.places(*quota->quota, freed.by);
  for (const Slot slot : slots_by(sketch.base(), *quota, freed.by)) {
    if (sketch.taken(freed.quota, freed.by) >= places) return;
    const auto timer = blocked_timer(sketch.initiative(slot));
    if (!timer) continue;
    const v1::Timer& rule = sketch.initiative(slot).model->chart().node(timer->state).timers(static_cast<int>(timer->timer));
    auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::TIMER, rule.event(), std::nullopt, timer, {}});
    if (auto* done = std::get_if<Advance>(&advanced)) queue.insert(queue.end(), done->freed.begin(), done->freed.end());
  }
  if (!refills(sketch, *quota->quota)) return;
  for (const Slot slot : waiting(sketch, freed.quota, freed.by)) {
    if (sketch.taken(freed.quota, freed.by) >= places) return;
    const auto arrow = freed_arrow(sketch.initiative(slot), freed.quota);
    auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::FREED, "freed." + freed.quota, arrow, std::nullopt, {}});
    if (auto* done = std::get_if<Advance>(&advanced)) queue.insert(queue.end(), done->freed.begin(), done->freed.end());
  }
}

/// The series of reports that has come to its end: nothing more to open, every one of its tasks finished.
std::vector<std::string> complete_series(const Initiative& initiative) {
  std::vector<std::string> complete;
  for (const TaskModel& kind : initiative.model->tasks()) {
    if (!kind.kind->report()) continue;
    bool any = false, open = false;
    for (const Task& task : initiative.tasks)
      if (task.kind == kind.kind->name()) {
        any = true;
        open = open || !task.finished;
      }
    const std::string timer_name = "series." + kind.kind->name();
    for (const Timer& timer : initiative.at.timers)
      open = open || initiative.model->chart().node(timer.state).timers(static_cast<int>(timer.timer)).name() == timer_name;
    if (any && !open) complete.push_back("done.series." + kind.kind->name());
  }
  return complete;
}

}  // namespace

std::vector<Slot> waiting(Sketch& sketch, const std::string& quota, const std::string& by) {
  struct Place {
    std::optional<double> rank;
    Instant since;
    Slot slot;
  };
  std::vector<Place> line;
  const QuotaModel* counted = sketch.base().model->quota(quota);
  if (!counted) return {};
  for (const Slot slot : slots_by(sketch.base(), *counted, by)) {
    const Initiative& initiative = sketch.initiative(slot);
    const auto arrow = initiative.ended() ? std::nullopt : freed_arrow(initiative, quota);
    if (!arrow) continue;
    const statechart::Chart& chart = initiative.model->chart();
    const std::uint32_t source = chart.arrow(*arrow).source();
    Place place{std::nullopt, 0, slot};
    if (const std::string& ranked_by = chart.node(source).ranked_by(); !ranked_by.empty())
      place.rank = Facts(sketch.base(), &initiative, nullptr, sketch.now()).number(ranked_by);
    for (const auto& [state, since] : initiative.at.since)
      if (state == source) place.since = since;
    line.push_back(place);
  }
  std::stable_sort(line.begin(), line.end(), [](const Place& a, const Place& b) {
    if (a.rank != b.rank) return a.rank.value_or(-1e300) > b.rank.value_or(-1e300);
    return a.since != b.since ? a.since < b.since : a.slot < b.slot;
  });
  std::vector<Slot> slots;
  for (const Place& place : line) slots.push_back(place.slot);
  return slots;
}

/// Whether some active state has an arrow that nobody asks for: it is taken as soon as what was written makes its guard true.
bool has_eventless(const Initiative& initiative) {
  const statechart::Chart& chart = initiative.model->chart();
  return std::any_of(initiative.at.where.active.begin(), initiative.at.where.active.end(),
                     [&](statechart::StateId state) { return !chart.eventless_of(state).empty(); });
}

void settle(Sketch& sketch, Bench& bench, std::vector<Freed> freed) {
  std::deque<Freed> queue(freed.begin(), freed.end());
  for (std::size_t events = 0; !queue.empty() && events < limits::cross_events_per_commit_max; ++events) {
    const Freed next = queue.front();
    queue.pop_front();
    pass_on(sketch, bench, next, queue);
  }
  for (const Slot slot : std::vector<Slot>(sketch.touched())) {
    if (sketch.initiative(slot).ended()) continue;
    if (has_eventless(sketch.initiative(slot))) {
      auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::DONE, "", std::nullopt, std::nullopt, {}});
      if (auto* done = std::get_if<Advance>(&advanced); done && done->moved && !done->freed.empty()) settle(sketch, bench, done->freed);
      if (sketch.initiative(slot).ended()) continue;
    }
    for (const std::string& event : complete_series(sketch.initiative(slot))) {
      auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::DONE, event, std::nullopt, std::nullopt, {}});
      if (auto* done = std::get_if<Advance>(&advanced); done && !done->freed.empty()) settle(sketch, bench, done->freed);
    }
  }
}

}  // namespace kvali::cohort
