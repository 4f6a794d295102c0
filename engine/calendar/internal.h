#pragma once
// What the sources of the calendar share: division that rounds down, arithmetic that stops at the ends of time, and the
// time of day on a wall.
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/calendar/calendar.h"

namespace kvali::calendar::internal {

constexpr std::int64_t floor_div(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }
constexpr std::int64_t floor_mod(std::int64_t value, std::int64_t by) { return value % by + (value % by < 0 ? by : 0); }

constexpr bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int days_in_month(std::int64_t year, int month);

/// The sum, or the first or last instant when it lies beyond them.
Instant add_saturated(Instant instant, std::int64_t microseconds);

/// What a wall shows: days since 1970-01-01 and microseconds since its midnight (0..day_us).
struct LocalTime {
  std::int64_t day = 0;
  std::int64_t microsecond = 0;
};
LocalTime local_time(const Zone& zone, Instant instant);
/// The first instant at which the wall shows `local`, or the end of the gap it falls into.
Instant instant_of(const Zone& zone, LocalTime local);

/// A text from outside in quotes, at most 60 bytes of it, cut between characters.
std::string quoted(std::string_view text);

}  // namespace kvali::calendar::internal
