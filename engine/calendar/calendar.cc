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

namespace {

/// 0 = Monday … 6 = Sunday.
int days_after_monday(std::int64_t day) { return static_cast<int>(internal::floor_mod(day + 3, 7)); }

/// The `count`-th day from Monday to Friday after `day` (in the direction of `step`), holidays not asked.
std::int64_t skip_weekdays(std::int64_t day, std::int64_t count, int step) {
  int at = days_after_monday(day);
  if (at > 4) {  // a weekend counts like the Friday before it, going back like the Monday after it
    const int edge = step > 0 ? 4 : 7;
    day += edge - at;
    at = edge % 7;
  }
  const int rest = static_cast<int>(count % 5);
  const bool over_a_weekend = step > 0 ? at + rest > 4 : at < rest;
  return day + step * (count / 5 * 7 + rest + (over_a_weekend ? 2 : 0));
}

std::int64_t skip_working_days(std::int64_t from, std::int32_t days, const Holidays& holidays) {
  if (days == 0) return from;
  const int step = days < 0 ? -1 : 1;
  std::int64_t day = skip_weekdays(from, days < 0 ? -static_cast<std::int64_t>(days) : days, step);
  // Each holiday on the way moves the end by one day more, perhaps over the next holiday.
  const auto pass = [&](const Date& holiday) {
    const std::int64_t off = days_from_civil(holiday);
    if (step > 0 ? off > day : off < day) return false;
    if (days_after_monday(off) < 5) day = skip_weekdays(day, 1, step);
    return true;
  };
  const Date date = civil_from_days(from);
  if (step > 0) {
    for (auto one = std::upper_bound(holidays.begin(), holidays.end(), date); one != holidays.end() && pass(*one);) ++one;
  } else {
    for (auto one = std::lower_bound(holidays.begin(), holidays.end(), date); one != holidays.begin() && pass(*std::prev(one));) --one;
  }
  return day;
}

std::int64_t add_civil(std::int64_t day, const Period& period, const Holidays& holidays) {
  if (period.months != 0) day = days_from_civil(add_months(civil_from_days(day), period.months));
  return skip_working_days(day + period.days, period.working_days, holidays);
}

bool has_civil_part(const Period& period) { return period.months != 0 || period.days != 0 || period.working_days != 0; }

}  // namespace

Date add_working_days(Date date, std::int32_t days, const Holidays& holidays) {
  return civil_from_days(skip_working_days(days_from_civil(date), days, holidays));
}

Instant deadline_after(const Zone& zone, const Holidays& holidays, Instant from, const Period& period) {
  if (!has_civil_part(period)) return internal::add_saturated(from, period.microseconds);
  const std::int64_t last_day = add_civil(internal::local_time(zone, from).day, period, holidays);
  return internal::add_saturated(internal::instant_of(zone, {last_day + 1, 0}), period.microseconds);
}

Instant shift(const Zone& zone, const Holidays& holidays, Instant from, const Period& period) {
  if (!has_civil_part(period)) return internal::add_saturated(from, period.microseconds);
  const internal::LocalTime local = internal::local_time(zone, from);
  const std::int64_t day = add_civil(local.day, period, holidays);
  return internal::add_saturated(internal::instant_of(zone, {day, local.microsecond}), period.microseconds);
}

}  // namespace kvali::calendar
