#include "engine/expression/conversions.h"

#include <fmt/format.h>

#include <array>

#include "engine/calendar/calendar.h"

namespace kvali::expression {

namespace {

constexpr std::int64_t first_second = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Nanoseconds as decimals without zeros at the end: ".5", or "" for none.
std::string decimals(std::int64_t nanos) {
  if (nanos == 0) return "";
  std::string text = fmt::format(".{:09}", nanos);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

constexpr std::string_view duration_expected =
    "expected a duration such as 1h30m, 90s or 1.5h (units h, m, s, ms, us, ns); calendar terms are written period(\"2 "
    "years\")";

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr auto units = std::to_array<Unit>({{"ns", 1},
                                            {"us", 1'000},
                                            {"µs", 1'000},
                                            {"μs", 1'000},
                                            {"ms", 1'000'000},
                                            {"s", 1'000'000'000},
                                            {"m", 60'000'000'000},
                                            {"h", 3'600'000'000'000}});

/// Reads "1.5h" at the beginning of `text` and takes it away; nothing when it is no such part or too long.
std::optional<std::int64_t> take_duration_part(std::string_view& text) {
  __extension__ using Wide = __int128;
  Wide whole = 0, fraction = 0, fraction_of = 1;
  std::size_t at = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    whole = whole * 10 + (text[at] - '0');
    if (whole > INT64_MAX) return std::nullopt;
  }
  std::size_t digits = at;
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]); ++at, ++digits) {
      if (fraction_of >= 1'000'000'000'000'000) continue;  // beyond any nanosecond
      fraction = fraction * 10 + (text[at] - '0');
      fraction_of *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  std::size_t unit_ends = at;
  while (unit_ends < text.size() && !is_digit(text[unit_ends]) && text[unit_ends] != '.') ++unit_ends;
  const std::string_view name = text.substr(at, unit_ends - at);
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    const Wide total = whole * unit.nanoseconds + fraction * unit.nanoseconds / fraction_of;
    if (total > INT64_MAX) return std::nullopt;
    text.remove_prefix(unit_ends);
    return static_cast<std::int64_t>(total);
  }
  return std::nullopt;
}

}  // namespace

bool in_range(std::int64_t seconds) { return seconds >= first_second && seconds <= last_second; }

Result<Timestamp> parse_timestamp(std::string_view text) {
  // The calendar reads microseconds; the decimals are read here, because CEL counts nanoseconds.
  std::string whole(text);
  std::int32_t nanos = 0;
  if (text.size() > 20 && text[19] == '.') {
    std::size_t end = 20;
    std::int32_t unit = 100'000'000;
    for (; end < text.size() && is_digit(text[end]); ++end, unit /= 10) nanos += unit * (text[end] - '0');
    if (end == 20 || end > 29) return fail(fmt::format("\"{}\": an instant has one to nine decimals", text));
    whole.erase(19, end - 19);
  }
  const auto instant = calendar::parse_instant(whole);
  if (!instant) return fail(instant.error());
  Timestamp timestamp = timestamp_of(*instant);
  timestamp.nanos = nanos;
  if (!in_range(timestamp.seconds)) return fail(fmt::format("\"{}\" is outside of the years 0001 to 9999", text));
  return timestamp;
}

Result<std::int64_t> parse_duration(std::string_view text) {
  const auto bad = [text] {
    return fail(fmt::format("{}: {}", to_text(Value::string(std::string(text))), duration_expected));
  };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return 0;
  if (rest.empty()) return bad();
  std::int64_t total = 0;
  while (!rest.empty()) {
    const auto part = take_duration_part(rest);
    if (!part) return bad();
    if (__builtin_add_overflow(total, *part, &total)) return fail(fmt::format("\"{}\" is longer than 292 years", text));
  }
  return negative ? -total : total;
}

Result<Value> read_constant(Function function, std::string_view text) {
  switch (function) {
    case Function::ToTimestamp:
      return parse_timestamp(text).map([](Timestamp t) { return Value::timestamp(t); });
    case Function::ToDuration:
      return parse_duration(text).map([](std::int64_t ns) { return Value::duration(ns); });
    case Function::ToPeriod:
      return calendar::parse_period(text).map([](const calendar::Period& p) { return Value::period(p); });
    case Function::ToDate:
      return calendar::parse_date(text).map([](calendar::Date d) { return Value::date(d); });
    default:
      break;
  }
  return fail("this function reads no constant");
}

std::string timestamp_text(Timestamp timestamp) {
  std::string text = calendar::to_string(timestamp.seconds * calendar::second_us);
  text.insert(text.size() - 1, decimals(timestamp.nanos));
  return text;
}

std::string duration_text(std::int64_t nanoseconds) {
  const std::uint64_t magnitude =
      nanoseconds < 0 ? ~static_cast<std::uint64_t>(nanoseconds) + 1 : static_cast<std::uint64_t>(nanoseconds);
  return fmt::format("{}{}{}s", nanoseconds < 0 ? "-" : "", magnitude / 1'000'000'000,
                     decimals(static_cast<std::int64_t>(magnitude % 1'000'000'000)));
}

namespace {
constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

std::string base64_encoded(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = (group << 8) | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text.push_back(i <= count ? base64_letters[(group >> (18 - 6 * i)) & 63] : '=');
    }
  }
  return text;
}

std::optional<std::string> base64_decoded(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = base64_letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    group = (group << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(group >> bits)));
  }
  return bytes;
}

const RE2::Options& pattern_options() {
  static const RE2::Options options = [] {
    RE2::Options made;
    made.set_log_errors(false);
    made.set_max_mem(1 << 20);
    return made;
  }();
  return options;
}

}  // namespace kvali::expression
