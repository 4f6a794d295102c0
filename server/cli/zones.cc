#include "server/cli/zones.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <optional>
#include <sstream>

namespace kvali::cli {

namespace {

using calendar::Date;
using calendar::Instant;
using calendar::Zone;

/// Takes numbers and texts from the front of bytes; `ok` turns false when they end too early.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool ok() const { return ok_; }
  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      count = rest_.size();
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  /// A big-endian number with a sign.
  std::int64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    const std::string_view taken = take(bytes);
    for (const char c : taken) value = (value << 8) | static_cast<unsigned char>(c);
    return bytes == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value)) : static_cast<std::int64_t>(value);
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

struct Counts {
  std::size_t utc_flags = 0, wall_flags = 0, leaps = 0, changes = 0, types = 0, letters = 0;

  std::size_t bytes(std::size_t time_bytes) const {
    return changes * (time_bytes + 1) + types * 6 + letters + leaps * (time_bytes + 4) + wall_flags + utc_flags;
  }
};

std::optional<Counts> read_header(Reader& reader) {
  if (reader.take(4) != "TZif") return std::nullopt;
  const std::string_view version = reader.take(1);
  reader.take(15);
  Counts counts;
  for (std::size_t* count :
       {&counts.utc_flags, &counts.wall_flags, &counts.leaps, &counts.changes, &counts.types, &counts.letters}) {
    const std::int64_t value = reader.number(4);
    if (value < 0 || value > 100'000) return std::nullopt;
    *count = static_cast<std::size_t>(value);
  }
  return reader.ok() && version >= "2" ? std::optional(counts) : std::nullopt;
}

// --- the rule at the end of a file: "EET-2EEST,M3.5.0/3,M10.5.0/4" --------------------------------------------------

/// A day of every year, and the second of it, by the wall before the change.
struct YearlyDay {
  enum class Form { WeekOfMonth, DayWithoutLeap, Day } form = Form::Day;
  int month = 0, week = 0, weekday = 0, day = 0;
  std::int32_t seconds = 7'200;
};
struct Rule {
  Zone::Change standard, summer;
  bool has_summer = false;
  YearlyDay begins, ends;
};

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  std::optional<Rule> run() {
    Rule rule;
    rule.standard.abbreviation = name();
    rule.standard.offset_s = -time();
    if (!ok_) return std::nullopt;
    if (rest_.empty()) return rule;
    rule.has_summer = true;
    rule.summer.abbreviation = name();
    rule.summer.offset_s = rule.standard.offset_s + 3'600;
    if (!rest_.empty() && rest_[0] != ',') rule.summer.offset_s = -time();
    rule.begins = day();
    rule.ends = day();
    return ok_ && rest_.empty() ? std::optional(rule) : std::nullopt;
  }

 private:
  bool next_is(char c) const { return !rest_.empty() && rest_[0] == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string name() {
    const bool bracketed = take('<');
    std::size_t end = 0;
    while (end < rest_.size() &&
           (bracketed ? rest_[end] != '>' : std::isalpha(static_cast<unsigned char>(rest_[end])) != 0))
      ++end;
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (bracketed) ok_ = take('>') && ok_;
    ok_ = ok_ && text.size() >= 3;
    return text;
  }
  int number() {
    int value = 0, digits = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9' && digits < 5; ++digits, rest_.remove_prefix(1)) {
      value = value * 10 + (rest_[0] - '0');
    }
    ok_ = ok_ && digits > 0;
    return value;
  }
  /// "[+-]h[:m[:s]]" in seconds.
  std::int32_t time() {
    const bool negative = take('-');
    if (!negative) take('+');
    std::int32_t seconds = number() * 3'600;
    if (take(':')) seconds += number() * 60;
    if (take(':')) seconds += number();
    return negative ? -seconds : seconds;
  }
  YearlyDay day() {
    YearlyDay day;
    ok_ = take(',') && ok_;
    if (take('M')) {
      day.form = YearlyDay::Form::WeekOfMonth;
      day.month = number();
      ok_ = take('.') && ok_;
      day.week = number();
      ok_ = take('.') && ok_;
      day.weekday = number();
      ok_ = ok_ && day.month >= 1 && day.month <= 12 && day.week >= 1 && day.week <= 5 && day.weekday <= 6;
    } else {
      day.form = take('J') ? YearlyDay::Form::DayWithoutLeap : YearlyDay::Form::Day;
      day.day = number();
    }
    if (take('/')) day.seconds = time();
    return day;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::int64_t day_in(const YearlyDay& rule, int year) {
  const std::int64_t new_year = calendar::days_from_civil({year, 1, 1});
  if (rule.form == YearlyDay::Form::Day) return new_year + rule.day;
  if (rule.form == YearlyDay::Form::DayWithoutLeap) {
    const bool leap = calendar::days_from_civil({year + 1, 1, 1}) - new_year == 366;
    return new_year + rule.day - 1 + (leap && rule.day >= 60 ? 1 : 0);
  }
  const Date first{year, rule.month, 1};
  const int to_weekday = (rule.weekday - calendar::weekday(first) + 7) % 7;
  std::int64_t day = calendar::days_from_civil(first) + to_weekday + 7 * (rule.week - 1);
  while (calendar::civil_from_days(day).month != rule.month) day -= 7;  // the fifth that is not there is the last
  return day;
}

/// Adds what the rule says for the years after the last written change.
void apply_rule(const Rule& rule, Zone& zone) {
  if (!rule.has_summer) return;
  const Instant last = zone.changes.empty() ? INT64_MIN : zone.changes.back().at;
  const int from = zone.changes.empty() ? zone_year_first : calendar::civil_from_days(last / calendar::day_us).year;
  std::vector<Zone::Change> later;
  for (int year = from; year <= zone_year_last; ++year) {
    const auto at = [year](const YearlyDay& day, std::int32_t offset_before) {
      return (day_in(day, year) * 86'400 + day.seconds - offset_before) * calendar::second_us;
    };
    later.push_back({at(rule.begins, rule.standard.offset_s), rule.summer.offset_s, rule.summer.abbreviation});
    later.push_back({at(rule.ends, rule.summer.offset_s), rule.standard.offset_s, rule.standard.abbreviation});
  }
  std::sort(later.begin(), later.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  for (auto& change : later) {
    if (change.at > last) zone.changes.push_back(std::move(change));
  }
}

/// Leaves the changes from 1900 to 2100 that change anything.
void trim(Zone& zone) {
  const Instant begin = calendar::days_from_civil({zone_year_first, 1, 1}) * calendar::day_us;
  const Instant end = calendar::days_from_civil({zone_year_last + 1, 1, 1}) * calendar::day_us;
  std::vector<Zone::Change> kept;
  std::int32_t offset_s = zone.first_offset_s;
  std::string abbreviation;
  for (Zone::Change& change : zone.changes) {
    if (change.at >= end) break;
    const bool same = change.offset_s == offset_s && change.abbreviation == abbreviation;
    offset_s = change.offset_s;
    abbreviation = change.abbreviation;
    if (change.at < begin) {
      zone.first_offset_s = offset_s;
    } else if (!same) {
      kept.push_back(std::move(change));
    }
  }
  zone.changes = std::move(kept);
}

std::optional<std::string> file_content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream content;
  content << file.rdbuf();
  return std::move(content).str();
}

/// "2024a", from +VERSION or the first line of tzdata.zi; "unknown" when neither says it.
std::string database_version(const std::string& directory) {
  std::string line;
  std::ifstream version(directory + "/+VERSION");
  if (version && std::getline(version, line) && !line.empty()) return line;
  std::ifstream text(directory + "/tzdata.zi");
  constexpr std::string_view prefix = "# version ";
  if (text && std::getline(text, line) && line.starts_with(prefix)) return line.substr(prefix.size());
  return "unknown";
}

}  // namespace

Result<Zone> read_zone(std::string_view bytes, const std::string& name, const std::string& version) {
  const auto broken = [&name] {
    return fail(fmt::format("time zone {}: its file is not a TZif file of version 2", name));
  };
  Reader reader(bytes);
  const auto old_counts = read_header(reader);
  if (!old_counts) return broken();
  reader.take(old_counts->bytes(4));  // the block of 32-bit times, for readers of 1980
  const auto counts = read_header(reader);
  if (!counts || counts->types == 0) return broken();

  std::vector<Instant> times;
  for (std::size_t i = 0; i < counts->changes; ++i) {
    const std::int64_t seconds =
        std::clamp<std::int64_t>(reader.number(8), INT64_MIN / calendar::second_us, INT64_MAX / calendar::second_us);
    times.push_back(seconds * calendar::second_us);
  }
  const std::string_view type_of = reader.take(counts->changes);
  std::vector<std::pair<std::int32_t, std::size_t>> types;  // offset, index of the abbreviation
  for (std::size_t i = 0; i < counts->types; ++i) {
    const auto offset_s = static_cast<std::int32_t>(reader.number(4));
    reader.take(1);
    const std::string_view letters_at = reader.take(1);
    if (!reader.ok()) return broken();
    types.emplace_back(offset_s, static_cast<unsigned char>(letters_at[0]));
  }
  const std::string_view letters = reader.take(counts->letters);
  reader.take(counts->leaps * 12 + counts->wall_flags + counts->utc_flags);
  if (!reader.ok() || !std::is_sorted(times.begin(), times.end())) return broken();

  Zone zone;
  zone.name = name;
  zone.version = version;
  zone.first_offset_s = types[0].first;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto type = static_cast<unsigned char>(type_of[i]);
    if (type >= types.size() || types[type].second >= letters.size()) return broken();
    const std::string_view from = letters.substr(types[type].second);
    zone.changes.push_back({times[i], types[type].first, std::string(from.substr(0, from.find('\0')))});
  }
  const std::string_view footer = reader.rest();
  if (footer.size() > 2 && footer.front() == '\n') {
    const auto rule = RuleReader(footer.substr(1, footer.find('\n', 1) - 1)).run();
    if (!rule) return fail(fmt::format("time zone {}: the rule at the end of its file cannot be read", name));
    apply_rule(*rule, zone);
  }
  trim(zone);
  return zone;
}

Result<Zone> load_zone(const std::string& name, const std::string& directory) {
  const bool plain = !name.empty() && name.size() <= 64 && name[0] != '/' && name.find("..") == std::string::npos &&
                     std::all_of(name.begin(), name.end(), [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
                     });
  if (!plain)
    return fail(
        fmt::format("\"{}\" is no name of a time zone; expected one such as Europe/Vilnius", name.substr(0, 64)));
  const auto bytes = file_content(directory + "/" + name);
  if (!bytes || bytes->empty()) return fail(fmt::format("there is no time zone {} in {}", name, directory));
  return read_zone(*bytes, name, database_version(directory));
}

Result<std::vector<calendar::Zone>> load_all_zones(const std::string& directory) {
  std::ifstream list(directory + "/tzdata.zi");
  if (!list) return fail(directory + "/tzdata.zi: cannot be read; install the package tzdata");
  std::vector<calendar::Zone> zones;
  for (std::string line; std::getline(list, line);) {
    // "Z NAME …" begins a zone, "L TARGET NAME" an alias.
    const bool zone = line.starts_with("Z "), alias = line.starts_with("L ");
    if (!zone && !alias) continue;
    const std::size_t from = alias ? line.rfind(' ') + 1 : 2;
    auto loaded = load_zone(line.substr(from, line.find(' ', from) - from), directory);
    if (!loaded) return fail(loaded.error());
    zones.push_back(std::move(*loaded));
  }
  return zones;
}

}  // namespace kvali::cli
