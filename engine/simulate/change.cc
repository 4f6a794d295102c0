#include "engine/simulate/change.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/cohort/zone_table.h"
#include "engine/limits.h"
#include "engine/program/suggest.h"

namespace kvali::simulate {
namespace {

constexpr calendar::Date usual_begin{2026, 1, 5};
constexpr int usual_days_between = 45, usual_localities = 5;

template <class Number>
std::optional<Number> number_of(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string with_suggestion(const std::string& sentence, const std::string& found, const std::vector<std::string>& known) {
  const std::string near = program::nearest(found, known);
  if (!near.empty()) return fmt::format("{}; did you mean `{}`?", sentence, near);
  return known.empty() ? sentence : fmt::format("{}; there are {}", sentence, fmt::join(known, ", "));
}

std::string words_of(v1::Field::Type type) {
  switch (type) {
    case v1::Field::DATE: return "a date like 2017-01-11";
    case v1::Field::COUNT: return "a whole number of at least 0";
    case v1::Field::WHOLE_NUMBER: return "a whole number";
    case v1::Field::NUMBER: return "a number";
    case v1::Field::YES_OR_NO: return "yes or no";
    case v1::Field::MONEY: return "an amount like 100.00 EUR";
    default: return "a text";
  }
}

/// "100.00 EUR" or "100 EUR".
std::optional<v1::Money> money_of(const std::string& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || text.size() != space + 4) return std::nullopt;
  const std::string amount = text.substr(0, space);
  const std::size_t point = amount.find('.');
  if (point != std::string::npos && amount.size() != point + 3) return std::nullopt;
  const auto whole = number_of<std::int64_t>(amount.substr(0, point));
  const auto cents = point == std::string::npos ? std::optional<std::int64_t>(0) : number_of<std::int64_t>(amount.substr(point + 1));
  if (!whole || !cents || *whole < 0 || *cents < 0 || *whole > INT64_MAX / 1000) return std::nullopt;
  v1::Money money;
  money.set_minor_units(*whole * 100 + *cents);
  money.set_currency(text.substr(space + 1));
  return money;
}

std::optional<v1::Value> value_of(const v1::Field& field, const std::string& text) {
  v1::Value value;
  switch (field.type()) {
    case v1::Field::DATE: {
      const auto date = calendar::parse_date(text);
      if (!date) return std::nullopt;
      *value.mutable_date() = cohort::date_of(*date);
      return value;
    }
    case v1::Field::COUNT:
    case v1::Field::WHOLE_NUMBER: {
      const auto number = number_of<std::int64_t>(text);
      if (!number || (field.type() == v1::Field::COUNT && *number < 0)) return std::nullopt;
      value.set_number(*number);
      return value;
    }
    case v1::Field::NUMBER: {
      const auto number = number_of<double>(text);
      if (!number) return std::nullopt;
      value.set_decimal(*number);
      return value;
    }
    case v1::Field::YES_OR_NO:
      if (text != "yes" && text != "no" && text != "true" && text != "false") return std::nullopt;
      value.set_flag(text == "yes" || text == "true");
      return value;
    case v1::Field::MONEY: {
      const auto money = money_of(text);
      if (!money) return std::nullopt;
      *value.mutable_money() = *money;
      return value;
    }
    case v1::Field::TEXT:
    case v1::Field::EMAIL:
    case v1::Field::PHONE: value.mutable_sealed()->set_size(static_cast<std::uint32_t>(text.size())); return value;
    default: value.set_text(text); return value;
  }
}

Result<void> change_parameter(Setting& setting, const std::string& name, const std::string& text) {
  const v1::Field* field = setting.model->parameter(name);
  if (!field) {
    std::vector<std::string> known;
    for (const v1::Field& one : setting.model->program().cohort().parameters()) known.push_back(one.name());
    return fail(with_suggestion(fmt::format("`{}` is no parameter of this program", name), name, known));
  }
  auto& parameters = *setting.opening.mutable_parameters();
  for (int i = parameters.size() - 1; i >= 0; --i)
    if (parameters[i].name() == name) parameters.DeleteSubrange(i, 1);
  if (text.empty()) {
    if (field->required()) return fail(fmt::format("cohort.{} cannot be left out: the program needs it", name));
    return {};
  }
  const auto value = value_of(*field, text);
  if (!value) return fail(fmt::format("cohort.{}: found `{}`, expected {}", name, text, words_of(field->type())));
  v1::NamedValue& made = *parameters.Add();
  made.set_name(name);
  *made.mutable_value() = *value;
  return {};
}

Result<void> change_places(Setting& setting, const std::string& what, const std::string& text) {
  const std::size_t point = what.find('.');
  const std::string name = what.substr(0, point), by = point == std::string::npos ? "" : what.substr(point + 1);
  if (!setting.model->quota(name)) {
    std::vector<std::string> known;
    for (const cohort::QuotaModel& one : setting.model->quotas()) known.push_back(one.quota->name());
    return fail(with_suggestion(fmt::format("`{}` is no quota of this program", name), name, known));
  }
  std::vector<std::string> localities;
  for (const v1::LocalityEntry& one : setting.opening.localities()) localities.push_back(one.id());
  if (!by.empty() && std::find(localities.begin(), localities.end(), by) == localities.end())
    return fail(with_suggestion(fmt::format("`{}` is no locality of this cohort", by), by, localities));
  const auto places = number_of<std::uint32_t>(text);
  if (!places) return fail(fmt::format("quota.{}: found `{}`, expected a whole number of places", what, text));
  v1::SetQuota& set = setting.places.emplace_back();
  set.set_quota(name);
  set.set_by(by);
  set.set_places(*places);
  return {};
}

}  // namespace

Result<void> change(Setting& setting, const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos)
    return fail(fmt::format("found `{}`, expected a change like cohort.decisions_on=2017-01-16 or quota.NAME=6", text));
  const std::string what = text.substr(0, sign), value = text.substr(sign + 1);
  if (what.starts_with("cohort.")) return change_parameter(setting, what.substr(7), value);
  if (what.starts_with("quota.")) return change_places(setting, what.substr(6), value);
  if (what == "initiatives") {
    const auto number = number_of<std::uint32_t>(value);
    if (!number || *number == 0 || *number > limits::initiatives_per_cohort_max)
      return fail(fmt::format("initiatives: found `{}`, expected a whole number from 1 to {}", value, limits::initiatives_per_cohort_max));
    setting.initiatives = *number;
    return {};
  }
  return fail(fmt::format("`{}` is nothing that can be changed; expected cohort.PARAMETER, quota.NAME, quota.NAME.LOCALITY or initiatives", what));
}

v1::OpenCohort usual_opening(const cohort::Model& model, const calendar::Zone& zone, std::vector<std::string>& notes) {
  v1::OpenCohort opening;
  opening.set_name("season");
  opening.set_program(model.name());
  *opening.mutable_zone() = cohort::table_of(zone);
  opening.set_clock_us(calendar::instant_at(zone, usual_begin, 9 * 3600));
  std::vector<std::string> assumed;
  std::int64_t days = calendar::days_from_civil(usual_begin);
  for (const v1::Field& field : model.program().cohort().parameters()) {
    if (!field.required() && field.type() != v1::Field::DATE) continue;
    v1::NamedValue& made = *opening.add_parameters();
    made.set_name(field.name());
    v1::Value& value = *made.mutable_value();
    switch (field.type()) {
      case v1::Field::DATE:
        days += usual_days_between;
        *value.mutable_date() = cohort::date_of(calendar::civil_from_days(days));
        assumed.push_back(fmt::format("{} {}", field.name(), calendar::to_string(calendar::civil_from_days(days))));
        break;
      case v1::Field::YES_OR_NO: value.set_flag(true); break;
      case v1::Field::TEXT:
      case v1::Field::EMAIL:
      case v1::Field::PHONE: value.mutable_sealed()->set_size(static_cast<std::uint32_t>(std::max<std::int64_t>(1, field.at_least()))); break;
      case v1::Field::MONEY:
        value.mutable_money()->set_minor_units(std::max<std::int64_t>(field.at_least(), field.at_most()));
        value.mutable_money()->set_currency(field.currency());
        break;
      case v1::Field::CHOICE: value.set_text(field.choices_size() > 0 ? field.choices(0).name() : ""); break;
      case v1::Field::URL: value.set_text("https://example.org/"); break;
      default: value.set_number(std::max<std::int64_t>(1, field.at_least())); break;
    }
  }
  if (!assumed.empty()) notes.push_back(fmt::format("There is no cohort.yaml beside the program; assumed: {}.", fmt::join(assumed, ", ")));
  if (model.locality_field().empty()) return opening;
  const std::uint32_t asked = model.program().cohort().localities().count();
  for (std::uint32_t i = 0; i < (asked ? asked : usual_localities); ++i) {
    v1::LocalityEntry& one = *opening.add_localities();
    one.set_id(fmt::format("locality-{}", i + 1));
    one.set_name(fmt::format("Locality {}", i + 1));
  }
  return opening;
}

}  // namespace kvali::simulate
