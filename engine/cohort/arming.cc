#include "engine/cohort/arming.h"

#include <algorithm>

namespace kvali::cohort {
namespace {

// Reminders are read, so they go out in the morning.
constexpr std::int32_t reminder_seconds_of_day = 8 * 3600;

calendar::Period times(calendar::Period one, std::int32_t count) {
  one.months *= count;
  one.days *= count;
  one.working_days *= count;
  one.microseconds *= count;
  return one;
}

/// Reminders of one deadline; they share its morning.
class Reminders {
 public:
  explicit Reminders(const Cohort& cohort) : cohort_(cohort) {}
  /// One of whole days is due on the morning of its day; one of hours to the microsecond.
  Instant at(Instant deadline, const calendar::Period& offset) {
    if (offset.microseconds != 0) return calendar::shift(cohort_.zone, cohort_.holidays, deadline, offset);
    if (deadline != deadline_) {
      const calendar::Date last_day = calendar::date_at(cohort_.zone, deadline - 1);
      morning_ = calendar::instant_at(cohort_.zone, last_day, reminder_seconds_of_day);
      deadline_ = deadline;
    }
    return calendar::shift(cohort_.zone, cohort_.holidays, morning_, offset);
  }

 private:
  const Cohort& cohort_;
  std::optional<Instant> deadline_;
  Instant morning_ = 0;
};

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
    if (one.state == path_with_kind(*entry.initiative.model, entry.chart.path(entry.state)) && (one.locality.empty() || one.locality == locality_of(entry.initiative)))
      due = std::max(due, one.to);
  return due;
}

using Moment = std::variant<calendar::Date, Instant>;

/// Where a timer's instant comes from.
std::optional<Moment> source_of(const Entry& entry, const TimerModel& timer) {
  const Cohort& cohort = entry.cohort;
  if (timer.at) return entry.facts.moment(*timer.at);
  const calendar::Period& period = timer.timer->every().empty() ? timer.within : timer.every;
  return calendar::deadline_after(cohort.zone, cohort.holidays, entry.entered, period);
}

/// The instant before the timer's own offset.
Instant anchor(const Entry& entry, const TimerModel& timer, const Moment& source) {
  const bool by_date = timer.at && std::holds_alternative<calendar::Date>(source);
  if (by_date) {
    const calendar::Date date = std::get<calendar::Date>(source);
    if (timer.timer->starts()) return calendar::instant_at(entry.cohort.zone, date, 0);
    return extended(entry, calendar::end_of(entry.cohort.zone, date));
  }
  const Instant instant = std::get<Instant>(source);
  const bool moves = timer.at ? timer.deadline && timer.timer->of().empty() : timer.timer->every().empty();
  return moves ? extended(entry, instant) : instant;
}

Timer made(std::uint32_t state, std::uint32_t index, Instant due, Instant planned) {
  return {state, index, due, planned, 0, false};
}

Instant offset_of(const Cohort& cohort, const TimerModel& timer, Instant anchor_instant, Reminders& reminders) {
  if (timer.timer->offset().empty()) return anchor_instant;
  if (!timer.timer->of().empty()) return reminders.at(anchor_instant, timer.offset);
  return calendar::shift(cohort.zone, cohort.holidays, anchor_instant, timer.offset);
}

template <class Arm>
void each_timer_on_entry(const Entry& entry, const std::vector<TimerModel>& all, Instant now, const std::vector<Timer>* remaining, Arm arm) {
  std::optional<Moment> source;
  Reminders reminders(entry.cohort);
  for (std::uint32_t index = 0; index < all.size(); ++index) {
    const TimerModel& timer = all[index];
    if (remaining) {
      const auto kept = std::find_if(remaining->begin(), remaining->end(),
                                     [&](const Timer& one) { return one.state == entry.state && one.timer == index; });
      if (kept == remaining->end()) continue;  // it had fired before
      Timer goes_on = *kept;
      goes_on.due = now + kept->due;
      arm(goes_on);
      continue;
    }
    if (index == 0 || !timer.source_as_before) source = source_of(entry, timer);
    if (!source) continue;
    const Instant at = anchor(entry, timer, *source);
    const Instant due = offset_of(entry.cohort, timer, at, reminders);
    if (!timer.timer->past_fires() && !timer.timer->of().empty() && due <= now) continue;
    arm(made(entry.state, index, due, at));
  }
}

}  // namespace

std::vector<Timer> timers_on_entry(const Cohort& cohort, const Initiative& initiative, const Task* task,
                                   const MachineModel& machine, std::uint32_t state, Instant entered, Instant now,
                                   const std::vector<Timer>* remaining) {
  std::vector<Timer> timers;
  const std::vector<TimerModel>& all = machine.timers[state];
  if (all.empty()) return timers;
  const Facts facts(cohort, &initiative, task, now);
  each_timer_on_entry({cohort, facts, *machine.chart, initiative, state, entered}, all, now, remaining,
                      [&](const Timer& timer) { timers.push_back(timer); });
  return timers;
}

void arm_on_entry(const Cohort& cohort, const Initiative& initiative, const Task* task, const MachineModel& machine, std::uint32_t state,
                  Instant entered, Instant now, const std::vector<Timer>* remaining, google::protobuf::RepeatedPtrField<v1::TimerArmed>& armed) {
  const std::vector<TimerModel>& all = machine.timers[state];
  if (all.empty()) return;
  const Facts facts(cohort, &initiative, task, now);
  each_timer_on_entry({cohort, facts, *machine.chart, initiative, state, entered}, all, now, remaining,
                      [&](const Timer& timer) { fill(*armed.Add(), timer); });
}

std::optional<Timer> next_repeat(const Cohort& cohort, const MachineModel& machine, const Timer& fired, Instant entered) {
  const TimerModel& timer = machine.timers[fired.state][fired.timer];
  if (timer.timer->every().empty()) return std::nullopt;
  const std::uint32_t count = fired.fired + 1;
  if (timer.timer->times() != 0 && count >= timer.timer->times()) return std::nullopt;
  Timer next = fired;
  next.fired = count;
  next.planned = calendar::deadline_after(cohort.zone, cohort.holidays, entered, times(timer.every, static_cast<std::int32_t>(count) + 1));
  Reminders reminders(cohort);
  next.due = offset_of(cohort, timer, next.planned, reminders);
  return next;
}

std::vector<Timer> timers_moved(const Cohort& cohort, const MachineModel& machine, std::uint32_t state, Instant to, Instant now) {
  std::vector<Timer> moved;
  Reminders reminders(cohort);
  for (std::uint32_t index = 0; index < machine.timers[state].size(); ++index) {
    const TimerModel& timer = machine.timers[state][index];
    if (timer.deadline) {
      moved.push_back(made(state, index, to, to));
    } else if (timer.timer->of() == "deadline") {
      const Instant due = offset_of(cohort, timer, to, reminders);
      if (due > now) moved.push_back(made(state, index, due, to));
    }
  }
  return moved;
}

void fill(v1::TimerArmed& armed, const Timer& timer) {
  armed.set_state(timer.state);
  armed.set_timer(timer.timer);
  armed.set_due_us(timer.due);
  armed.set_planned_us(timer.planned);
  armed.set_fired(timer.fired);
}

}  // namespace kvali::cohort
