// Dates and instants as text: what is read from definitions and frames, and what is shown back.
#include <fmt/format.h>

#include <array>

#include "engine/calendar/calendar.h"
#include "engine/calendar/internal.h"

namespace kvali::calendar {

namespace internal {

int days_in_month(std::int64_t year, int month) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

std::string quoted(std::string_view text) {
  constexpr std::size_t shown_bytes = 60;
  if (text.size() <= shown_bytes) return fmt::format("\"{}\"", text);
  std::size_t end = shown_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("\"{}…\"", text.substr(0, end));
}

}  // namespace internal

namespace {

using internal::quoted;

constexpr std::array<const char*, 12> month_names{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether `text` has the shape of `pattern`: 0 stands for any digit, everything else for itself.
bool has_shape(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] == '0' ? !is_digit(text[i]) : text[i] != pattern[i]) return false;
  }
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

/// Reads the ten characters of a date that has its shape; `whole` is what the error names.
Result<Date> read_date(std::string_view text, std::string_view whole) {
  const Date date{number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2))};
  if (date.year == 0) return fail(fmt::format("{}: there is no year 0000; years are 0001 to 9999", whole));
  if (date.month < 1 || date.month > 12) {
    return fail(fmt::format("{}: there is no month {:02}; months are 01 to 12", whole, date.month));
  }
  const int last = internal::days_in_month(date.year, date.month);
  if (date.day < 1 || date.day > last) {
    return fail(fmt::format("{}: {} {} has {} days", whole, month_names[static_cast<std::size_t>(date.month - 1)],
                            date.year, last));
  }
  return date;
}

constexpr const char* instant_expected =
    "expected an instant as 2017-01-11T18:00:00Z or 2017-01-11T20:00:00+02:00, with at most six decimals";

/// Reads "Z" or "+02:00" into seconds east of UTC.
Result<std::int32_t> read_offset(std::string_view text, std::string_view whole) {
  if (text == "Z" || text == "z") return 0;
  if (!has_shape(text, "+00:00") && !has_shape(text, "-00:00")) {
    return fail(fmt::format("{}: {}", quoted(whole), instant_expected));
  }
  const int hours = number(text.substr(1, 2));
  const int minutes = number(text.substr(4, 2));
  if (hours > 23 || minutes > 59) return fail(fmt::format("{}: there is no offset {}", whole, text));
  const std::int32_t seconds = (hours * 60 + minutes) * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  if (!has_shape(text, "0000-00-00")) {
    return fail(fmt::format("{}: expected a date as 2017-01-11 (year, month, day)", quoted(text)));
  }
  return read_date(text, text);
}

std::string to_string(Date date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

Result<Instant> parse_instant(std::string_view text) {
  const auto bad_shape = [&] { return fail(fmt::format("{}: {}", quoted(text), instant_expected)); };
  if (text.size() < 20 || !has_shape(text.substr(0, 10), "0000-00-00") || (text[10] != 'T' && text[10] != 't') ||
      !has_shape(text.substr(11, 8), "00:00:00")) {
    return bad_shape();
  }
  std::size_t zone_begins = 19;
  std::int64_t fraction_us = 0;
  if (text[19] == '.') {
    std::int64_t unit_us = second_us;
    for (zone_begins = 20; zone_begins < text.size() && is_digit(text[zone_begins]); ++zone_begins) {
      unit_us /= 10;
      if (unit_us == 0) return bad_shape();
      fraction_us += unit_us * (text[zone_begins] - '0');
    }
    if (zone_begins == 20) return bad_shape();
  }
  const auto date = read_date(text.substr(0, 10), text.substr(0, 10));
  if (!date) return fail(date.error());
  const int hour = number(text.substr(11, 2));
  const int minute = number(text.substr(14, 2));
  const int second = number(text.substr(17, 2));
  if (hour > 23 || minute > 59 || second > 59) {
    return fail(
        fmt::format("{}: there is no time {}; times are 00:00:00 to 23:59:59", quoted(text), text.substr(11, 8)));
  }
  const auto offset_s = read_offset(text.substr(zone_begins), text);
  if (!offset_s) return fail(offset_s.error());
  const std::int64_t seconds = (hour * 60 + minute) * 60 + second - *offset_s;
  return days_from_civil(*date) * day_us + seconds * second_us + fraction_us;
}

std::string to_string(Instant instant) {
  const Date date = civil_from_days(internal::floor_div(instant, day_us));
  const std::int64_t of_day = internal::floor_mod(instant, day_us);
  const std::int64_t seconds = of_day / second_us;
  const std::int64_t fraction = of_day % second_us;
  std::string text =
      fmt::format("{}T{:02}:{:02}:{:02}", to_string(date), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (fraction != 0)
    text += fraction % 1000 == 0 ? fmt::format(".{:03}", fraction / 1000) : fmt::format(".{:06}", fraction);
  return text + "Z";
}

}  // namespace kvali::calendar
