#include "engine/calendar/calendar.h"

#include <algorithm>

#include "engine/calendar/internal.h"

namespace kvali::calendar {

// Howard Hinnant's well-known counting: a year that begins in March puts the leap day at its end, and 400 years are one
// era of 146,097 days.
std::int64_t days_from_civil(Date date) {
  const std::int64_t year = static_cast<std::int64_t>(date.year) - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Date civil_from_days(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  Date date;
  date.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  date.month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  date.year = static_cast<int>(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
  return date;
}

int weekday(Date date) { return static_cast<int>(internal::floor_mod(days_from_civil(date) + 4, 7)); }

bool is_working_day(Date date, const Holidays& holidays) {
  const int day = weekday(date);
  return day != 0 && day != 6 && !std::binary_search(holidays.begin(), holidays.end(), date);
}

Date add_months(Date date, std::int32_t months) {
  const std::int64_t count = static_cast<std::int64_t>(date.year) * 12 + (date.month - 1) + months;
  Date moved;
  moved.year = static_cast<int>(internal::floor_div(count, 12));
  moved.month = static_cast<int>(internal::floor_mod(count, 12)) + 1;
  const int last = internal::days_in_month(moved.year, moved.month);
  // Years forward from a leap day go past the end of February; backward its last day already is the longer way.
  if (date.month == 2 && date.day == 29 && months > 0 && months % 12 == 0 && last == 28) {
    moved.month = 3;
    moved.day = 1;
    return moved;
  }
  moved.day = std::min(date.day, last);
  return moved;
}

Date add_working_days(Date date, std::int32_t days, const Holidays& holidays) {
  const int step = days < 0 ? -1 : 1;
  std::int64_t day = days_from_civil(date);
  for (std::int64_t left = days < 0 ? -static_cast<std::int64_t>(days) : days; left > 0;) {
    day += step;
    if (is_working_day(civil_from_days(day), holidays)) --left;
  }
  return civil_from_days(day);
}

namespace {

Date add_civil(Date date, const Period& period, const Holidays& holidays) {
  if (period.months != 0) date = add_months(date, period.months);
  if (period.days != 0) date = civil_from_days(days_from_civil(date) + period.days);
  if (period.working_days != 0) date = add_working_days(date, period.working_days, holidays);
  return date;
}

bool has_civil_part(const Period& period) { return period.months != 0 || period.days != 0 || period.working_days != 0; }

}  // namespace

Instant deadline_after(const Zone& zone, const Holidays& holidays, Instant from, const Period& period) {
  if (!has_civil_part(period)) return internal::add_saturated(from, period.microseconds);
  const Instant end = end_of(zone, add_civil(date_at(zone, from), period, holidays));
  return internal::add_saturated(end, period.microseconds);
}

Instant shift(const Zone& zone, const Holidays& holidays, Instant from, const Period& period) {
  if (!has_civil_part(period)) return internal::add_saturated(from, period.microseconds);
  const internal::LocalTime local = internal::local_time(zone, from);
  const std::int64_t day = days_from_civil(add_civil(civil_from_days(local.day), period, holidays));
  return internal::add_saturated(internal::instant_of(zone, {day, local.microsecond}), period.microseconds);
}

}  // namespace kvali::calendar
