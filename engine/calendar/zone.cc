#include <algorithm>

#include "engine/calendar/calendar.h"
#include "engine/calendar/internal.h"

namespace kvali::calendar {

namespace internal {

Instant add_saturated(Instant instant, std::int64_t microseconds) {
  Instant sum = 0;
  if (!__builtin_add_overflow(instant, microseconds, &sum)) return sum;
  return microseconds > 0 ? INT64_MAX : INT64_MIN;
}

LocalTime local_time(const Zone& zone, Instant instant) {
  const std::int64_t wall = add_saturated(instant, offset_at(zone, instant) * second_us);
  return {floor_div(wall, day_us), floor_mod(wall, day_us)};
}

Instant instant_of(const Zone& zone, LocalTime local) {
  std::int64_t wall = 0;
  if (__builtin_mul_overflow(local.day, day_us, &wall)) return local.day > 0 ? INT64_MAX : INT64_MIN;
  wall = add_saturated(wall, local.microsecond);
  // No offset reaches a day, so only the stretches of time within two days around can show this wall time.
  auto next = std::upper_bound(zone.changes.begin(), zone.changes.end(), add_saturated(wall, -2 * day_us),
                               [](Instant at, const Zone::Change& change) { return at < change.at; });
  std::int32_t offset_s = next == zone.changes.begin() ? zone.first_offset_s : std::prev(next)->offset_s;
  for (;; ++next) {
    const Instant instant = add_saturated(wall, -(offset_s * second_us));
    // Every earlier stretch ended before it showed `wall`; this one shows it, or begins after it: then it was a gap.
    if (next == zone.changes.end() || instant < next->at) {
      const bool in_gap = next != zone.changes.begin() && instant < std::prev(next)->at;
      return in_gap ? std::prev(next)->at : instant;
    }
    offset_s = next->offset_s;
  }
}

}  // namespace internal

const Zone& utc() {
  static const Zone zone{"UTC", "", 0, {}};
  return zone;
}

namespace {

std::vector<Zone::Change>::const_iterator change_after(const Zone& zone, Instant instant) {
  return std::upper_bound(zone.changes.begin(), zone.changes.end(), instant,
                          [](Instant at, const Zone::Change& change) { return at < change.at; });
}

}  // namespace

std::int32_t offset_at(const Zone& zone, Instant instant) {
  const auto next = change_after(zone, instant);
  return next == zone.changes.begin() ? zone.first_offset_s : std::prev(next)->offset_s;
}

Instant next_change(const Zone& zone, Instant instant) {
  const auto next = change_after(zone, instant);
  return next == zone.changes.end() ? never : next->at;
}

Date date_at(const Zone& zone, Instant instant) { return civil_from_days(internal::local_time(zone, instant).day); }

Instant instant_at(const Zone& zone, Date date, std::int32_t seconds_of_day) {
  return internal::instant_of(zone, {days_from_civil(date), seconds_of_day * second_us});
}

Instant end_of(const Zone& zone, Date date) { return internal::instant_of(zone, {days_from_civil(date) + 1, 0}); }

}  // namespace kvali::calendar
