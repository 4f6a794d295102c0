// Periods as text: ISO 8601 for data, words of one unit for people.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "engine/calendar/calendar.h"
#include "engine/calendar/internal.h"
#include "engine/limits.h"

namespace kvali::calendar {

namespace {

using internal::quoted;

constexpr const char* period_expected =
    "expected a period such as P14D, PT48H, P2Y or P10WD, or in words \"14 days\", \"48 hours\", \"10 working days\", "
    "\"6 months\", \"2 years\"";

enum class Unit { Years, Months, Weeks, Days, WorkingDays, Hours, Minutes, Seconds };

constexpr std::int64_t microseconds_in(Unit unit) {
  switch (unit) {
    case Unit::Hours:
      return 3'600 * second_us;
    case Unit::Minutes:
      return 60 * second_us;
    case Unit::Seconds:
      return second_us;
    case Unit::Years:
    case Unit::Months:
    case Unit::Weeks:
    case Unit::Days:
    case Unit::WorkingDays:
      break;
  }
  return 0;
}

/// Adds `count` of `unit`; false when the period leaves what limits.h allows.
bool add(Period& period, Unit unit, std::int64_t count) {
  if (count > limits::period_years_max * 366LL * 86'400) return false;  // keeps the products below from overflowing
  std::int64_t months = period.months, days = period.days, working_days = period.working_days;
  switch (unit) {
    case Unit::Years:
      months += count * 12;
      break;
    case Unit::Months:
      months += count;
      break;
    case Unit::Weeks:
      days += count * 7;
      break;
    case Unit::Days:
      days += count;
      break;
    case Unit::WorkingDays:
      working_days += count;
      break;
    case Unit::Hours:
    case Unit::Minutes:
    case Unit::Seconds:
      if (__builtin_mul_overflow(count, microseconds_in(unit), &count)) return false;
      if (__builtin_add_overflow(period.microseconds, count, &period.microseconds)) return false;
      break;
  }
  if (months > limits::period_years_max * 12 || days > limits::period_years_max * 366 ||
      working_days > limits::period_working_days_max ||
      period.microseconds > limits::period_years_max * 366LL * day_us) {
    return false;
  }
  period.months = static_cast<std::int32_t>(months);
  period.days = static_cast<std::int32_t>(days);
  period.working_days = static_cast<std::int32_t>(working_days);
  return true;
}

tl::unexpected<Error> too_long(std::string_view text) {
  return fail(fmt::format("{}: a period is at most {} years or {} working days", quoted(text), limits::period_years_max,
                          limits::period_working_days_max));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads digits at `at` and moves it behind them. No digits: -1. Numbers past any limit stay past it.
std::int64_t read_number(std::string_view text, std::size_t& at) {
  if (at >= text.size() || !is_digit(text[at])) return -1;
  std::int64_t value = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    value = std::min<std::int64_t>(value * 10 + (text[at] - '0'), std::numeric_limits<std::int64_t>::max() / 20);
  }
  return value;
}

/// Reads up to six decimals behind a point at `at`, in microseconds; -1 when they are not that.
std::int64_t read_fraction_us(std::string_view text, std::size_t& at) {
  std::int64_t unit_us = second_us, fraction_us = 0;
  for (++at; at < text.size() && is_digit(text[at]); ++at) {
    unit_us /= 10;
    if (unit_us == 0) return -1;
    fraction_us += unit_us * (text[at] - '0');
  }
  return unit_us == second_us ? -1 : fraction_us;
}

struct Designator {
  std::string_view letters;
  Unit unit;
  bool after_t;
};
constexpr std::array<Designator, 8> designators{{{"Y", Unit::Years, false},
                                                 {"M", Unit::Months, false},
                                                 {"WD", Unit::WorkingDays, false},
                                                 {"W", Unit::Weeks, false},
                                                 {"D", Unit::Days, false},
                                                 {"H", Unit::Hours, true},
                                                 {"M", Unit::Minutes, true},
                                                 {"S", Unit::Seconds, true}}};

Result<Period> parse_iso(std::string_view text) {
  const auto bad = [&] { return fail(fmt::format("{}: {}", quoted(text), period_expected)); };
  const bool negative = text[0] == '-';
  std::size_t at = negative ? 2 : 1;
  Period period;
  bool after_t = false;
  std::size_t next_designator = 0, parts = 0;
  while (at < text.size()) {
    if (text[at] == 'T' && !after_t) {
      after_t = true;
      if (++at == text.size()) return bad();
    }
    const std::int64_t count = read_number(text, at);
    if (count < 0) return bad();
    const std::int64_t fraction_us = at < text.size() && text[at] == '.' ? read_fraction_us(text, at) : 0;
    if (fraction_us < 0) return bad();
    // Each designator once and in their order.
    const auto found = std::find_if(
        designators.begin() + static_cast<std::ptrdiff_t>(next_designator), designators.end(),
        [&](const Designator& d) { return d.after_t == after_t && text.substr(at, d.letters.size()) == d.letters; });
    if (found == designators.end() || (fraction_us > 0 && found->unit != Unit::Seconds)) return bad();
    at += found->letters.size();
    next_designator = static_cast<std::size_t>(found - designators.begin()) + 1;
    ++parts;
    if (!add(period, found->unit, count)) return too_long(text);
    period.microseconds += fraction_us;
  }
  if (parts == 0) return bad();
  if (period.working_days != 0 && parts > 1) {
    return fail(fmt::format("{}: working days stand alone in a period", quoted(text)));
  }
  return negative ? negate(period) : period;
}

struct Word {
  std::string_view singular;
  Unit unit;
};
constexpr std::array<Word, 8> words{{{"year", Unit::Years},
                                     {"month", Unit::Months},
                                     {"week", Unit::Weeks},
                                     {"day", Unit::Days},
                                     {"working day", Unit::WorkingDays},
                                     {"hour", Unit::Hours},
                                     {"minute", Unit::Minutes},
                                     {"second", Unit::Seconds}}};

Result<Period> parse_words(std::string_view text) {
  std::size_t at = 0;
  const std::int64_t count = read_number(text, at);
  if (count < 0 || at >= text.size() || text[at] != ' ')
    return fail(fmt::format("{}: {}", quoted(text), period_expected));
  std::string_view name = text.substr(at + 1);
  const std::string_view given = name;
  if (!name.empty() && name.back() == 's') name.remove_suffix(1);
  for (const Word& word : words) {
    if (word.singular != name) continue;
    Period period;
    if (!add(period, word.unit, count)) return too_long(text);
    return period;
  }
  return fail(
      fmt::format("{}: there is no unit {}; units are years, months, weeks, days, working days, hours, minutes "
                  "and seconds",
                  quoted(text), quoted(given)));
}

}  // namespace

Result<Period> parse_period(std::string_view text) {
  const bool iso = text.starts_with('P') || text.starts_with("-P");
  return iso ? parse_iso(text) : parse_words(text);
}

bool is_negative(const Period& period) {
  return period.months < 0 || period.days < 0 || period.working_days < 0 || period.microseconds < 0;
}

Period negate(Period period) { return {-period.months, -period.days, -period.working_days, -period.microseconds}; }

std::string to_string(const Period& period) {
  if (is_negative(period)) return "-" + to_string(negate(period));
  std::string text = "P";
  const auto part = [&text](std::int64_t count, const char* letters) {
    if (count != 0) text += fmt::format("{}{}", count, letters);
  };
  part(period.months / 12, "Y");
  part(period.months % 12, "M");
  part(period.working_days, "WD");
  part(period.days, "D");
  if (period.microseconds != 0) {
    text += "T";
    const std::int64_t seconds = period.microseconds / second_us;
    std::int64_t fraction = period.microseconds % second_us;
    part(seconds / 3600, "H");
    part(seconds / 60 % 60, "M");
    if (fraction == 0) {
      part(seconds % 60, "S");
    } else {
      int digits = 6;
      for (; fraction % 10 == 0; fraction /= 10) --digits;
      text += fmt::format("{}.{:0{}}S", seconds % 60, fraction, digits);
    }
  }
  return text == "P" ? "P0D" : text;
}

}  // namespace kvali::calendar
