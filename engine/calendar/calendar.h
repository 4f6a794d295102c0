#pragma once
// Civil time without a clock: zones as tables, calendar periods, working days. Every function is pure arithmetic on its
// arguments, so that "14 days" and "24:00 in Vilnius" replay the same for ever, whatever the machine's tzdata says
// later.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace kvali::calendar {

/// An instant: microseconds since 1970-01-01T00:00:00Z. The one unit of time inside kvali.
using Instant = std::int64_t;

inline constexpr Instant never = INT64_MAX;
inline constexpr std::int64_t second_us = 1'000'000;
inline constexpr std::int64_t day_us = 86'400 * second_us;

/// A civil date of the proleptic Gregorian calendar. Ordered by time.
struct Date {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31, valid in its month
  auto operator<=>(const Date&) const = default;
};

/// Days since 1970-01-01, and back.
std::int64_t days_from_civil(Date date);
Date civil_from_days(std::int64_t days);
/// 0 = Sunday … 6 = Saturday.
int weekday(Date date);
/// "2017-01-11"; an error says which part is wrong ("2017-02-30: February 2017 has 28 days").
Result<Date> parse_date(std::string_view text);
std::string to_string(Date date);

/// RFC 3339 with Z or an offset, at most microseconds; and back in UTC with as many decimals as needed (0, 3 or 6).
Result<Instant> parse_instant(std::string_view text);
std::string to_string(Instant instant);

/// The offsets of one time zone from UTC: its first offset, then each change in order. A value that lives in a cohort's
/// stream. `version` names the database it was taken from ("2024a").
struct Zone {
  struct Change {
    Instant at = 0;             // from this instant on
    std::int32_t offset_s = 0;  // seconds east of UTC
    std::string abbreviation;   // "EET"
    bool operator==(const Change&) const = default;
  };
  std::string name;  // IANA: "Europe/Vilnius"
  std::string version;
  std::int32_t first_offset_s = 0;
  std::vector<Change> changes;
  bool operator==(const Zone&) const = default;
};

/// The zone with no changes, named "UTC".
const Zone& utc();
std::int32_t offset_at(const Zone& zone, Instant instant);
/// The first instant after `instant` at which the offset changes, or `never`.
Instant next_change(const Zone& zone, Instant instant);
/// The civil date that a clock on a wall in `zone` shows at `instant`.
Date date_at(const Zone& zone, Instant instant);
/// The instant of wall-clock `seconds_of_day` (0..86400) on `date`. Where the clock jumps over it: the first instant
/// after the gap. Where it comes twice: the first time.
Instant instant_at(const Zone& zone, Date date, std::int32_t seconds_of_day);
/// The end of `date` in `zone`: 24:00, which is 00:00 of the next day. In time means stamped before it.
Instant end_of(const Zone& zone, Date date);

/// A calendar period as ISO 8601 writes it, P1Y2M3DT4H5M6S and weeks; plus working days, which ISO does not know
/// (written "10 working days", and P10WD in data). All parts have the period's one sign.
struct Period {
  std::int32_t months = 0;        // years count twelve
  std::int32_t days = 0;          // weeks count seven
  std::int32_t working_days = 0;  // excludes months, days and microseconds
  std::int64_t microseconds = 0;  // the exact part: hours, minutes, seconds
  bool operator==(const Period&) const = default;
};

/// ISO 8601 ("P14D", "PT48H", "P2Y", "P10WD") or words of one unit ("14 days", "48 hours", "10 working days", "6
/// months", "2 years", "1 week", singular or plural). Errors say what was found and what is expected.
Result<Period> parse_period(std::string_view text);
/// ISO 8601 in its shortest form, with days for weeks ("P14D"); P10WD for working days. parse_period(to_string(p)) ==
/// p.
std::string to_string(const Period& period);
bool is_negative(const Period& period);
Period negate(Period period);

/// Days off beside Saturday and Sunday; sorted, unique.
using Holidays = std::vector<Date>;
bool is_working_day(Date date, const Holidays& holidays);

/// `date` and a number of months: the 31st becomes the last day of a shorter month; 29 February plus a year of no leap
/// becomes 1 March (a year, and so a deadline, is never shortened by it); going back it becomes 28 February.
Date add_months(Date date, std::int32_t months);
/// The n-th working day after `date` (before it for negative n); 0 is `date` itself.
Date add_working_days(Date date, std::int32_t days, const Holidays& holidays);

/// When a deadline of `period` that starts at `from` ends: civil periods end at 24:00 of the last day in `zone`; exact
/// ones
/// ("48 hours") to the microsecond. A period with months or days and hours is civil first, then exact.
Instant deadline_after(const Zone& zone, const Holidays& holidays, Instant from, const Period& period);
/// `period` before or after `from` at the same wall-clock time in `zone`: for "7 days before" and repeats.
Instant shift(const Zone& zone, const Holidays& holidays, Instant from, const Period& period);

}  // namespace kvali::calendar
