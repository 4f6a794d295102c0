#pragma once
// The calendar of the naive model: Vilnius as the law says it today, written with the standard library's dates and nothing of
// engine/calendar, so that the two judge each other.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>

namespace kvali::simulation {

using Us = std::int64_t;  // µs UTC since 1970
using Day = int;          // civil days since 1970-01-01

inline constexpr Us second = 1'000'000, minute = 60 * second, hour = 60 * minute, day_us = 24 * hour;

inline Day day_of(int year, unsigned month, unsigned day) {
  using namespace std::chrono;
  return static_cast<Day>(sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)).time_since_epoch().count());
}

inline std::chrono::year_month_day civil(Day day) { return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(day))); }

/// Summer time from the last Sunday of March to the last of October, 01:00 UTC.
inline Us offset_at(Us at) {
  using namespace std::chrono;
  const auto year = civil(static_cast<Day>(at / day_us)).year();
  const auto begins = [&](month in) { return sys_days(year / in / Sunday[last]).time_since_epoch().count() * day_us + hour; };
  return at >= begins(March) && at < begins(October) ? 3 * hour : 2 * hour;
}

inline Day local_day(Us at) { return static_cast<Day>((at + offset_at(at)) / day_us); }

/// `hours` o'clock in Vilnius; only for hours at which the clocks are not being changed.
inline Us local(Day day, int hours) {
  const Us wall = day * day_us + hours * hour;
  return offset_at(wall - 3 * hour) == 3 * hour ? wall - 3 * hour : wall - 2 * hour;
}

inline Us end_of(Day day) { return local(day + 1, 0); }

inline Day add_months(Day day, int months) {
  using namespace std::chrono;
  const year_month_day from = civil(day);
  const year_month to = from.year() / from.month() + std::chrono::months(months);
  const unsigned last_day = static_cast<unsigned>((to / last).day());
  return day_of(static_cast<int>(to.year()), static_cast<unsigned>(to.month()), std::min(static_cast<unsigned>(from.day()), last_day));
}

inline bool works(Day day, const std::set<Day>& holidays) {
  const std::chrono::weekday weekday{std::chrono::sys_days(std::chrono::days(day))};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday && !holidays.contains(day);
}

inline Day add_working_days(Day day, int count, const std::set<Day>& holidays) {
  for (; count != 0; count += count > 0 ? -1 : 1) do day += count > 0 ? 1 : -1;
    while (!works(day, holidays));
  return day;
}

}  // namespace kvali::simulation
