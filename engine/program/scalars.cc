#include "engine/program/scalars.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/calendar/calendar.h"
#include "engine/limits.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }

bool all_of(std::string_view text, bool (*is)(char)) { return !text.empty() && std::all_of(text.begin(), text.end(), is); }

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0;;) {
    const std::size_t at = text.find(by, from);
    parts.push_back(text.substr(from, at - from));
    if (at == std::string_view::npos) return parts;
    from = at + 1;
  }
}

bool is_target(std::string_view text) {
  const auto parts = split(text, '.');
  return std::all_of(parts.begin(), parts.end(), is_name);
}

bool is_program_name(std::string_view text) {
  std::string name(text);
  std::replace(name.begin(), name.end(), '-', '_');
  return is_name(name) && text.back() != '-';
}

bool is_language(std::string_view text) {
  const auto parts = split(text, '-');
  if (!all_of(parts[0], is_lower) || parts[0].size() < 2 || parts[0].size() > 3) return false;
  return std::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
    return part.size() >= 2 && part.size() <= 8 &&
           all_of(part, [](char c) { return is_letter(c) || is_digit(c); });
  });
}

bool is_zone(std::string_view text) {
  if (text == "UTC") return true;
  const auto parts = split(text, '/');
  return parts.size() >= 2 && parts.size() <= 3 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    return !part.empty() && is_upper(part[0]) && all_of(part, [](char c) {
      return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '+';
    });
  });
}

bool is_letters(std::string_view text, std::size_t count) { return text.size() == count && all_of(text, is_upper); }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

/// "14 dys" → "14 days": the same number with the nearest unit.
std::string near_period(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || !all_of(text.substr(0, space), is_digit)) return {};
  const bool one = text.substr(0, space) == "1";
  const std::vector<std::string> units =
      one ? std::vector<std::string>{"day", "working day", "week", "month", "year", "hour", "minute"}
          : std::vector<std::string>{"days", "working days", "weeks", "months", "years", "hours", "minutes"};
  const std::string unit = nearest(text.substr(space + 1), units);
  return unit.empty() ? std::string{} : fmt::format("{} {}", text.substr(0, space), unit);
}

ScalarReading refuse(v1::Scalar kind, std::string suggestion = {}) {
  return {"", false, expected_scalar(kind), std::move(suggestion)};
}

ScalarReading accept(std::string_view text) { return {std::string(text), true, "", ""}; }

ScalarReading read_period(std::string_view text) {
  const auto period = calendar::parse_period(text);
  if (!period) return refuse(v1::SCALAR_PERIOD, near_period(text));
  if (calendar::is_negative(*period) || *period == calendar::Period{}) return refuse(v1::SCALAR_PERIOD);
  return accept(calendar::to_string(*period));
}

ScalarReading read_reminder(std::string_view text) {
  if (text == "on the day") return accept("P0D");
  if (text.starts_with('P') || text.starts_with("-P")) {
    const auto period = calendar::parse_period(text);
    return period ? accept(calendar::to_string(*period)) : refuse(v1::SCALAR_REMINDER);
  }
  for (const std::string_view side : {" before", " after"}) {
    if (!text.ends_with(side)) continue;
    const std::string_view words = text.substr(0, text.size() - side.size());
    const auto period = calendar::parse_period(words);
    if (period && !calendar::is_negative(*period)) {
      return accept(calendar::to_string(side == " before" ? calendar::negate(*period) : *period));
    }
    const std::string near = near_period(words);
    return refuse(v1::SCALAR_REMINDER, near.empty() ? near : near + std::string(side));
  }
  if (const auto period = calendar::parse_period(text)) return refuse(v1::SCALAR_REMINDER, std::string(text) + " before");
  const std::string word(text.substr(text.rfind(' ') == std::string_view::npos ? 0 : text.rfind(' ') + 1));
  const std::string side = nearest(word, {"before", "after"});
  if (!side.empty() && word.size() < text.size()) {
    return refuse(v1::SCALAR_REMINDER, fmt::format("{} {}", text.substr(0, text.size() - word.size() - 1), side));
  }
  return refuse(v1::SCALAR_REMINDER, nearest(text, {"on the day"}));
}

ScalarReading read_date(std::string_view text) {
  const auto date = calendar::parse_date(text);
  return date ? accept(calendar::to_string(*date)) : refuse(v1::SCALAR_DATE);
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= limits::name_bytes_max && is_lower(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

std::string as_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_upper(c)) {
      out += static_cast<char>(c - 'A' + 'a');
    } else if (c == ' ' || c == '-') {
      out += '_';
    } else {
      out += c;
    }
  }
  return is_name(out) ? out : std::string{};
}

std::string plural_of(std::string_view name) { return std::string(name) + "s"; }

const std::vector<std::string>& reserved_state_names() {
  // Parts of event names and of what expansion adds: as states they could be taken for one another.
  static const std::vector<std::string> names{"alongside", "waiting", "reporting", "history", "deadline", "move", "series"};
  return names;
}

std::string expected_scalar(v1::Scalar kind) {
  switch (kind) {
    case v1::SCALAR_NAME:
      return fmt::format("a name: a letter a-z, then a-z, 0-9 and _, at most {} in all", limits::name_bytes_max);
    case v1::SCALAR_PROGRAM: return "a name: a letter a-z, then a-z, 0-9, _ and -";
    case v1::SCALAR_EXPRESSION: return fmt::format("an expression in CEL, at most {} bytes", limits::guard_bytes_max);
    case v1::SCALAR_PERIOD: return "a period such as `14 days`, `10 working days`, `48 hours` or `P14D`";
    case v1::SCALAR_REMINDER: return "a reminder such as `7 days before`, `on the day` or `3 working days after`";
    case v1::SCALAR_DATE: return "a date such as `2017-01-11`";
    case v1::SCALAR_LANGUAGE: return "a language code such as `en`, `lt` or `ka`";
    case v1::SCALAR_ZONE: return "a time zone such as `Europe/Vilnius`";
    case v1::SCALAR_TARGET: return "a state: `screening`, or with its stage `application.screening`";
    case v1::SCALAR_ROLE: return "a role";
    case v1::SCALAR_MESSAGE: return "the name of a letter under `messages`";
    case v1::SCALAR_COUNTRY: return "a country of two letters such as `LT`";
    case v1::SCALAR_CURRENCY: return "a currency of three letters such as `EUR`";
    default: return "a text";
  }
}

ScalarReading read_scalar(v1::Scalar kind, std::string_view text) {
  const auto when = [&](bool ok, std::string suggestion = {}) {
    return ok ? accept(text) : refuse(kind, std::move(suggestion));
  };
  switch (kind) {
    case v1::SCALAR_NAME:
    case v1::SCALAR_ROLE:
    case v1::SCALAR_MESSAGE: return when(is_name(text), as_name(text));
    case v1::SCALAR_PROGRAM: return when(is_program_name(text));
    case v1::SCALAR_EXPRESSION: return when(!text.empty() && text.size() <= limits::guard_bytes_max);
    case v1::SCALAR_PERIOD: return read_period(text);
    case v1::SCALAR_REMINDER: return read_reminder(text);
    case v1::SCALAR_DATE: return read_date(text);
    case v1::SCALAR_LANGUAGE: return when(is_language(text));
    case v1::SCALAR_ZONE: return when(is_zone(text));
    case v1::SCALAR_TARGET: return when(is_target(text), as_name(text));
    case v1::SCALAR_COUNTRY: return when(is_letters(text, 2), is_letters(upper(text), 2) ? upper(text) : "");
    case v1::SCALAR_CURRENCY: return when(is_letters(text, 3), is_letters(upper(text), 3) ? upper(text) : "");
    default: return when(!text.empty());
  }
}

std::string pattern_of(v1::Scalar kind) {
  switch (kind) {
    case v1::SCALAR_NAME:
    case v1::SCALAR_ROLE:
    case v1::SCALAR_MESSAGE: return "^[a-z][a-z0-9_]*$";
    case v1::SCALAR_PROGRAM: return "^[a-z][a-z0-9_-]*$";
    case v1::SCALAR_PERIOD:
      return "^(P[0-9TYMWDHS.]+|[0-9]+ (working day|day|week|month|year|hour|minute|second)s?)$";
    case v1::SCALAR_REMINDER:
      return "^(-?P[0-9TYMWDHS.]+|on the day|[0-9]+ (working day|day|week|month|year|hour|minute|second)s? (before|after))$";
    case v1::SCALAR_DATE: return "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    case v1::SCALAR_LANGUAGE: return "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$";
    case v1::SCALAR_ZONE: return "^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){1,2})$";
    case v1::SCALAR_TARGET: return "^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$";
    case v1::SCALAR_COUNTRY: return "^[A-Z]{2}$";
    case v1::SCALAR_CURRENCY: return "^[A-Z]{3}$";
    default: return "";
  }
}

}  // namespace kvali::program
