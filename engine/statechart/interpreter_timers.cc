// The timers of an instance: when each is due, and what becomes of it when its state is left.
#include <fmt/format.h>

#include <algorithm>

#include "engine/statechart/interpreter.h"

namespace kvali::statechart {
namespace {

Result<calendar::Period> period_of(const std::string& text) { return calendar::parse_period(text); }

}  // namespace

void Interpreter::arm(StateId state, Entry how) {
  const auto& timers = chart_->node(state).timers();
  for (int index = 0; index < timers.size(); ++index) {
    Armed armed;
    armed.state = state;
    armed.timer = index;
    armed.order = ++order_;
    armed.entered_at = options_.now;
    const auto left = remaining_.find({state, index});
    if (how == Entry::Remembered && left != remaining_.end()) {
      armed.at = armed.planned = options_.now + left->second;
      armed_.push_back(armed);
    } else if (how == Entry::Afresh) {
      plan(armed);
      if (is_worth_arming(armed)) armed_.push_back(std::move(armed));
    }
    if (left != remaining_.end()) remaining_.erase(left);
  }
}

void Interpreter::disarm(StateId state) {
  bool remembered = false;
  for (StateId at = state; at != 0 && !remembered; at = chart_->parent(at)) remembered = !chart_->histories(at).empty();
  for (const Armed& armed : armed_) {
    if (armed.state != state || !remembered || !armed.at) continue;
    remaining_[{state, armed.timer}] = std::max<calendar::Instant>(0, *armed.at - options_.now);
  }
  std::erase_if(armed_, [&](const Armed& armed) { return armed.state == state; });
}

/// Works out when it is due first; an unknown instant says why.
void Interpreter::plan(Armed& armed) const {
  const v1::Timer& timer = this->timer(armed);
  const auto base = [&]() -> Result<calendar::Instant> {
    if (timer.at().empty()) {
      const auto period = period_of(timer.within().empty() ? timer.every() : timer.within());
      if (!period) return fail(period.error());
      return calendar::deadline_after(options_.zone, options_.holidays, armed.entered_at, *period);
    }
    const auto value = evaluate(timer.at());
    if (!value) return fail(value.error());
    if (value->is(expression::Kind::Date)) return calendar::end_of(options_.zone, value->as_date());
    if (value->is(expression::Kind::Timestamp)) return expression::instant_of(value->as_timestamp());
    return fail(
        fmt::format("{} is {}, which is neither a date nor a timestamp", timer.at(), expression::to_text(*value)));
  };
  auto instant = base();
  if (!instant) {
    armed.why = instant.error().message;
    return;
  }
  // A day that ends at 24:00 began at 00:00 of the same day, so the day is the one of the microsecond before.
  if (timer.starts()) *instant = calendar::instant_at(options_.zone, calendar::date_at(options_.zone, *instant - 1), 0);
  armed.why.clear();
  armed.planned = armed.at = *instant;
  if (timer.offset().empty()) return;
  const auto offset = period_of(timer.offset());
  if (!offset) {
    armed.at.reset();
    armed.why = offset.error().message;
    return;
  }
  armed.at = calendar::shift(options_.zone, options_.holidays, *instant, *offset);
}

bool Interpreter::is_worth_arming(const Armed& armed) const {
  return !armed.at || *armed.at > options_.now || timer(armed).past_fires();
}

void Interpreter::plan_unknown() {
  for (Armed& armed : armed_) {
    if (!armed.at) plan(armed);
  }
  std::erase_if(armed_, [&](const Armed& armed) { return !is_worth_arming(armed); });
}

/// Repeats count from the planned instant, so that those missed fire in order.
void Interpreter::arm_next(Armed armed) {
  const v1::Timer& timer = this->timer(armed);
  ++armed.fired;
  if (timer.every().empty() || (timer.times() != 0 && armed.fired >= timer.times())) return;
  const auto every = period_of(timer.every());
  if (!every || !armed.planned) return;
  const calendar::Instant before = *armed.planned;
  armed.planned = calendar::shift(options_.zone, options_.holidays, before, *every);
  if (*armed.planned <= before) return;
  armed.at = armed.planned;
  if (const auto offset = period_of(timer.offset()); !timer.offset().empty() && offset) {
    armed.at = calendar::shift(options_.zone, options_.holidays, *armed.planned, *offset);
  }
  armed.order = ++order_;
  armed_.push_back(std::move(armed));
}

}  // namespace kvali::statechart
