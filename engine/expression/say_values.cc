// Numbers, dates and periods as people write them in each language (CLDR 44: plural rules, long dates, number symbols).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/expression/say.h"
#include "engine/expression/say_words.h"

namespace kvali::expression {

namespace {

using calendar::Date;
using calendar::Period;

constexpr std::string_view no_break_space = "\u00a0";

/// The forms of a noun behind a number: one, few, other. Georgian keeps the singular; its second form ends in "than".
struct Noun {
  std::array<std::string_view, 2> english;
  std::array<std::string_view, 3> lithuanian;
  std::array<std::string_view, 2> georgian;
};

constexpr auto nouns = std::to_array<Noun>({
    {{"year", "years"}, {"metai", "metai", "metų"}, {"წელი", "წელზე"}},
    {{"month", "months"}, {"mėnuo", "mėnesiai", "mėnesių"}, {"თვე", "თვეზე"}},
    {{"day", "days"}, {"diena", "dienos", "dienų"}, {"დღე", "დღეზე"}},
    {{"working day", "working days"}, {"darbo diena", "darbo dienos", "darbo dienų"}, {"სამუშაო დღე", "სამუშაო დღეზე"}},
    {{"week", "weeks"}, {"savaitė", "savaitės", "savaičių"}, {"კვირა", "კვირაზე"}},
    {{"hour", "hours"}, {"valanda", "valandos", "valandų"}, {"საათი", "საათზე"}},
    {{"minute", "minutes"}, {"minutė", "minutės", "minučių"}, {"წუთი", "წუთზე"}},
    {{"second", "seconds"}, {"sekundė", "sekundės", "sekundžių"}, {"წამი", "წამზე"}},
    {{"character", "characters"}, {"ženklas", "ženklai", "ženklų"}, {"სიმბოლო", "სიმბოლოზე"}},
});

/// 1, 21, 31 … are one; 2–9, 22–29 … few; 0, 10–20, 30 … other.
std::size_t lithuanian_form(std::int64_t count) {
  const std::int64_t tens = std::abs(count % 100), ones = tens % 10;
  if (ones == 0 || (tens > 10 && tens < 20)) return 2;
  return ones == 1 ? 0 : 1;
}

std::string_view noun(std::int64_t count, Unit unit, Language language, bool than) {
  const Noun& forms = nouns.at(static_cast<std::size_t>(unit));
  switch (language) {
    case Language::Lithuanian: return forms.lithuanian.at(lithuanian_form(count));
    case Language::Georgian: return forms.georgian.at(than ? 1 : 0);
    case Language::English: break;
  }
  return forms.english.at(count == 1 ? 0 : 1);
}

struct Amount {
  std::int64_t count = 0;
  Unit unit = Unit::Day;
};

/// The parts of a period in words: whole years, else months; whole days, else hours.
std::vector<Amount> amounts(Period period) {
  if (is_negative(period)) period = negate(period);
  std::vector<Amount> parts;
  const auto add = [&parts](std::int64_t count, Unit unit) {
    if (count != 0) parts.push_back({count, unit});
  };
  const bool years = period.months % 12 == 0;
  add(years ? period.months / 12 : period.months, years ? Unit::Year : Unit::Month);
  add(period.days, Unit::Day);
  add(period.working_days, Unit::WorkingDay);
  const std::int64_t seconds = period.microseconds / calendar::second_us;
  if (seconds % 86'400 == 0) {
    add(seconds / 86'400, Unit::Day);
  } else {
    add(seconds / 3'600, Unit::Hour);
    add(seconds / 60 % 60, Unit::Minute);
    add(seconds % 60, Unit::Second);
  }
  if (parts.empty()) parts.push_back({0, Unit::Day});
  return parts;
}

constexpr std::array<std::string_view, 12> english_months{"January", "February", "March",     "April",   "May",      "June",
                                                          "July",    "August",   "September", "October", "November", "December"};
/// In the genitive, as dates have them.
constexpr std::array<std::string_view, 12> lithuanian_months{"sausio",  "vasario",   "kovo",    "balandžio", "gegužės",  "birželio",
                                                             "liepos",  "rugpjūčio", "rugsėjo", "spalio",    "lapkričio", "gruodžio"};
/// The stem that the dative and the nominative are made of, and the shorter one of "from" and "until".
struct GeorgianMonth {
  std::string_view plain, on, from, until;
};
constexpr std::array<GeorgianMonth, 12> georgian_months{{
    {"იანვარი", "იანვარს", "იანვრიდან", "იანვრამდე"},
    {"თებერვალი", "თებერვალს", "თებერვლიდან", "თებერვლამდე"},
    {"მარტი", "მარტს", "მარტიდან", "მარტამდე"},
    {"აპრილი", "აპრილს", "აპრილიდან", "აპრილამდე"},
    {"მაისი", "მაისს", "მაისიდან", "მაისამდე"},
    {"ივნისი", "ივნისს", "ივნისიდან", "ივნისამდე"},
    {"ივლისი", "ივლისს", "ივლისიდან", "ივლისამდე"},
    {"აგვისტო", "აგვისტოს", "აგვისტოდან", "აგვისტომდე"},
    {"სექტემბერი", "სექტემბერს", "სექტემბრიდან", "სექტემბრამდე"},
    {"ოქტომბერი", "ოქტომბერს", "ოქტომბრიდან", "ოქტომბრამდე"},
    {"ნოემბერი", "ნოემბერს", "ნოემბრიდან", "ნოემბრამდე"},
    {"დეკემბერი", "დეკემბერს", "დეკემბრიდან", "დეკემბრამდე"},
}};

std::string_view georgian_month(int month, Case form) {
  const GeorgianMonth& forms = georgian_months.at(static_cast<std::size_t>(month - 1));
  switch (form) {
    case Case::On: return forms.on;
    case Case::From: return forms.from;
    case Case::Until: return forms.until;
    case Case::Plain: break;
  }
  return forms.plain;
}

/// Digits in groups of three, from five digits on.
std::string grouped(std::string digits, Language language, bool always) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  const bool groups = digits.size() - sign > (always && language != Language::Georgian ? 3u : 4u);
  const std::string_view between = language == Language::English ? "," : no_break_space;
  for (std::size_t at = digits.size(); groups && at > sign + 3;) {
    at -= 3;
    digits.insert(at, between);
  }
  return digits;
}

/// A fraction with at most two figures, four below 1, none of them a 0 at the end.
std::string with_fraction(double number, Language language, bool always) {
  const std::size_t figures = std::abs(number) < 1 ? 4 : 2;
  std::string text = fmt::format("{:.{}f}", number, figures);
  std::string fraction = text.substr(text.size() - figures);
  text.resize(text.size() - figures - 1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (text == "-0" && fraction.empty()) text = "0";
  std::string made = grouped(std::move(text), language, always);
  if (fraction.empty()) return made;
  return fmt::format("{}{}{}", made, language == Language::English ? "." : ",", fraction);
}

std::string joined(const Period& period, Language language, bool than) {
  std::string text;
  const std::vector<Amount> parts = amounts(period);
  for (const Amount& part : parts) {
    const bool last = &part == &parts.back();
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", number_in(part.count, language),
                        noun(part.count, part.unit, language, than && last));
  }
  return text;
}

}  // namespace

std::string number_in(std::int64_t number, Language language) { return grouped(fmt::format("{}", number), language, false); }

std::string number_in(double number, Language language) {
  if (!std::isfinite(number) || std::abs(number) >= 1e15) return fmt::format("{}", number);
  return with_fraction(number, language, false);
}

std::string counted(std::int64_t count, Unit unit, Language language) {
  return fmt::format("{} {}", number_in(count, language), noun(count, unit, language, false));
}
std::string counted(const Period& period, Language language) { return joined(period, language, false); }
std::string counted_than(const Period& period, Language language) { return joined(period, language, true); }

std::string date_in(Date date, Case form, Language language) {
  const auto month = static_cast<std::size_t>(date.month - 1);
  switch (language) {
    case Language::Lithuanian: return fmt::format("{} m. {} {} d.", date.year, lithuanian_months.at(month), date.day);
    case Language::Georgian: return fmt::format("{} წლის {} {}", date.year, date.day, georgian_month(date.month, form));
    case Language::English: break;
  }
  return fmt::format("{} {} {}", date.day, english_months.at(month), date.year);
}

/// To the minute: what begins a microsecond later is told as that minute.
std::string instant_in(calendar::Instant instant, const calendar::Zone& zone, Case form, Language language) {
  const Date date = calendar::date_at(zone, instant);
  const std::int64_t local = instant / calendar::second_us + calendar::offset_at(zone, instant);
  const std::int64_t second = ((local % 86'400) + 86'400) % 86'400;
  std::string day = date_in(date, form, language);
  if (second / 60 == 0) return day;
  const std::string clock = fmt::format("{}:{:02}", second / 3'600, second / 60 % 60);
  switch (language) {
    case Language::Lithuanian: return fmt::format("{} {} val.", day, clock);
    case Language::Georgian: return form == Case::Plain ? fmt::format("{}, {}", day, clock) : fmt::format("{} ({})", day, clock);
    case Language::English: break;
  }
  return fmt::format("{}, {}", day, clock);
}

std::string yes_or_no(bool yes, Language language) {
  switch (language) {
    case Language::Lithuanian: return yes ? "taip" : "ne";
    case Language::Georgian: return yes ? "დიახ" : "არა";
    case Language::English: break;
  }
  return yes ? "yes" : "no";
}

std::string quoted(std::string_view text, Language language) {
  if (language == Language::English) return fmt::format("“{}”", text);
  return fmt::format("„{}“", text);
}

std::string percent(double share, Language language) {
  const std::string number = with_fraction(share * 100, language, false);
  return language == Language::Lithuanian ? fmt::format("{}{}%", number, no_break_space) : fmt::format("{}%", number);
}

std::string written(double number, std::string_view language) { return number_in(number, language_of(language)); }
std::string written(std::int64_t number, std::string_view language) { return number_in(number, language_of(language)); }
std::string written(Date date, std::string_view language) { return date_in(date, Case::Plain, language_of(language)); }

std::string written_instant(calendar::Instant instant, const calendar::Zone& zone, std::string_view language) {
  return instant_in(instant, zone, Case::Plain, language_of(language));
}

std::string written_money(std::int64_t minor_units, std::string_view currency, std::string_view code) {
  const Language language = language_of(code);
  const std::uint64_t size = minor_units < 0 ? 0 - static_cast<std::uint64_t>(minor_units) : static_cast<std::uint64_t>(minor_units);
  std::string amount = grouped(fmt::format("{}", size / 100), language, true);
  if (size % 100 != 0) amount += fmt::format("{}{:02}", language == Language::English ? "." : ",", size % 100);
  const std::string_view sign = minor_units < 0 ? "-" : "";
  if (language != Language::English) return fmt::format("{}{}{}{}", sign, amount, no_break_space, currency);
  return fmt::format("{}{}{}{}", sign, currency, no_break_space, amount);
}

bool speaks(std::string_view language) { return language == "en" || language == "lt" || language == "ka"; }

}  // namespace kvali::expression
