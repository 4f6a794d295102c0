#include "engine/cohort/arming.h"

#include <algorithm>

namespace kvali::cohort {
namespace {

// Reminders are read, so they go out in the morning.
constexpr std::int32_t reminder_seconds_of_day = 8 * 3600;

calendar::Period period(const std::string& text) {
  auto parsed = calendar::parse_period(text);
  KVALI_CHECK(parsed.has_value());  // the check lets no other through
  return *parsed;
}

calendar::Period times(calendar::Period one, std::int32_t count) {
  one.months *= count;
  one.days *= count;
  one.working_days *= count;
  one.microseconds *= count;
  return one;
}

/// A reminder of whole days is due on the morning of its day; one of hours to the microsecond.
Instant reminder_at(const Cohort& cohort, Instant deadline, const calendar::Period& offset) {
  if (offset.microseconds != 0) return calendar::shift(cohort.zone, cohort.holidays, deadline, offset);
  const calendar::Date last_day = calendar::date_at(cohort.zone, deadline - 1);
  const Instant morning = calendar::instant_at(cohort.zone, last_day, reminder_seconds_of_day);
  return calendar::shift(cohort.zone, cohort.holidays, morning, offset);
}

struct Entry {
  const Cohort& cohort;
  const Facts& facts;
  const statechart::Chart& chart;
  const Initiative& initiative;
  std::uint32_t state;
  Instant entered;
};

/// An extension for all of a cohort or a locality moves the deadline of who enters later too.
Instant extended(const Entry& entry, Instant due) {
  for (const Extension& one : entry.cohort.extensions)
    if (one.state == entry.chart.path(entry.state) && (one.locality.empty() || one.locality == locality_of(entry.initiative)))
      due = std::max(due, one.to);
  return due;
}

/// Where a timer's instant comes from before its own offset.
std::optional<Instant> anchor(const Entry& entry, const v1::Timer& timer) {
  if (!timer.every().empty()) return calendar::deadline_after(entry.cohort.zone, entry.cohort.holidays, entry.entered, period(timer.every()));
  if (!timer.within().empty())
    return extended(entry, calendar::deadline_after(entry.cohort.zone, entry.cohort.holidays, entry.entered, period(timer.within())));
  const auto moment = entry.facts.moment(timer.at());
  if (!moment) return std::nullopt;
  if (const auto* instant = std::get_if<Instant>(&*moment)) return timer.of().empty() && timer.name() == "deadline" ? extended(entry, *instant) : *instant;
  const calendar::Date date = std::get<calendar::Date>(*moment);
  if (timer.starts()) return calendar::instant_at(entry.cohort.zone, date, 0);
  return extended(entry, calendar::end_of(entry.cohort.zone, date));
}

Timer made(std::uint32_t state, int index, Instant due, Instant planned) {
  return {state, static_cast<std::uint32_t>(index), due, planned, 0, false};
}

Instant offset_of(const Cohort& cohort, const v1::Timer& timer, Instant anchor_instant) {
  if (timer.offset().empty()) return anchor_instant;
  if (!timer.of().empty()) return reminder_at(cohort, anchor_instant, period(timer.offset()));
  return calendar::shift(cohort.zone, cohort.holidays, anchor_instant, period(timer.offset()));
}

}  // namespace

std::vector<Timer> timers_on_entry(const Cohort& cohort, const Initiative& initiative, const Task* task,
                                   const statechart::Chart& chart, std::uint32_t state, Instant entered, Instant now,
                                   const std::vector<Timer>* remaining) {
  const v1::Node& node = chart.node(state);
  std::vector<Timer> timers;
  if (node.timers_size() == 0) return timers;
  const Facts facts(cohort, &initiative, task, now);
  const Entry entry{cohort, facts, chart, initiative, state, entered};
  for (int index = 0; index < node.timers_size(); ++index) {
    const v1::Timer& timer = node.timers(index);
    if (remaining) {
      const auto kept = std::find_if(remaining->begin(), remaining->end(), [&](const Timer& one) {
        return one.state == state && one.timer == static_cast<std::uint32_t>(index);
      });
      if (kept == remaining->end()) continue;  // it had fired before
      timers.push_back(*kept);
      timers.back().due = now + kept->due;
      continue;
    }
    const auto at = anchor(entry, timer);
    if (!at) continue;
    const Instant due = offset_of(cohort, timer, *at);
    if (!timer.past_fires() && !timer.of().empty() && due <= now) continue;
    timers.push_back(made(state, index, due, *at));
  }
  return timers;
}

std::optional<Timer> next_repeat(const Cohort& cohort, const statechart::Chart& chart, const Timer& fired, Instant entered) {
  const v1::Timer& timer = chart.node(fired.state).timers(static_cast<int>(fired.timer));
  if (timer.every().empty()) return std::nullopt;
  const std::uint32_t count = fired.fired + 1;
  if (timer.times() != 0 && count >= timer.times()) return std::nullopt;
  Timer next = fired;
  next.fired = count;
  next.planned = calendar::deadline_after(cohort.zone, cohort.holidays, entered,
                                          times(period(timer.every()), static_cast<std::int32_t>(count) + 1));
  next.due = offset_of(cohort, timer, next.planned);
  return next;
}

std::vector<Timer> timers_moved(const Cohort& cohort, const statechart::Chart& chart, std::uint32_t state, Instant to, Instant now) {
  std::vector<Timer> moved;
  const v1::Node& node = chart.node(state);
  for (int index = 0; index < node.timers_size(); ++index) {
    const v1::Timer& timer = node.timers(index);
    if (timer.name() == "deadline") {
      moved.push_back(made(state, index, to, to));
    } else if (timer.of() == "deadline") {
      const Instant due = offset_of(cohort, timer, to);
      if (due > now) moved.push_back(made(state, index, due, to));
    }
  }
  return moved;
}

v1::TimerArmed armed(const Timer& timer) {
  v1::TimerArmed record;
  record.set_state(timer.state);
  record.set_timer(timer.timer);
  record.set_due_us(timer.due);
  record.set_planned_us(timer.planned);
  record.set_fired(timer.fired);
  return record;
}

}  // namespace kvali::cohort
