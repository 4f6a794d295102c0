// Whether a value fits its field: kind, size, choices. What is not there yet is no fault here; moves ask for it.
#include <algorithm>
#include <cmath>

#include "engine/cohort/form.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/zone_table.h"
#include "engine/expression/say.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

/// What a field takes, as it stands behind "expected", "reikia" and "საჭიროა".
v1::Text expected_kind(v1::Field::Type type) {
  struct Kind {
    v1::Field::Type type;
    const char *en, *lt, *ka;
  };
  static constexpr Kind kinds[] = {
      {v1::Field::TEXT, "a text", "teksto", "ტექსტი"},
      {v1::Field::EMAIL, "a text", "teksto", "ტექსტი"},
      {v1::Field::PHONE, "a text", "teksto", "ტექსტი"},
      {v1::Field::URL, "an address", "interneto adreso", "მისამართი"},
      {v1::Field::NUMBER, "a number", "skaičiaus", "რიცხვი"},
      {v1::Field::WHOLE_NUMBER, "a whole number", "sveikojo skaičiaus", "მთელი რიცხვი"},
      {v1::Field::COUNT, "a whole number of at least 0", "sveikojo skaičiaus, ne mažesnio už 0", "მთელი რიცხვი, სულ მცირე 0"},
      {v1::Field::MONEY, "an amount with its currency", "sumos su valiuta", "თანხა ვალუტით"},
      {v1::Field::DATE, "a date", "datos", "თარიღი"},
      {v1::Field::YES_OR_NO, "yes or no", "„taip“ arba „ne“", "„დიახ“ ან „არა“"},
      {v1::Field::CHOICE, "one of the choices", "vieno iš variantų", "ერთ-ერთი ვარიანტი"},
      {v1::Field::CHOICES, "a list of choices", "variantų sąrašo", "ვარიანტების სია"},
      {v1::Field::LOCALITY, "a locality of the cohort", "kohortos vietovės", "კოჰორტის ადგილი"},
      {v1::Field::ORGANISATION, "an organisation", "organizacijos", "ორგანიზაცია"},
      {v1::Field::PERSON, "a person", "asmens", "პირი"},
      {v1::Field::FILE, "a file", "failo", "ფაილი"},
      {v1::Field::TABLE, "rows of a table", "lentelės eilučių", "ცხრილის სტრიქონები"},
      {v1::Field::TYPE_UNSPECIFIED, "a value", "reikšmės", "მნიშვნელობა"},
  };
  const Kind* kind = std::begin(kinds);
  while (kind->type != type && kind->type != v1::Field::TYPE_UNSPECIFIED) ++kind;
  v1::Text text;
  for (const auto& [language, words] : {std::pair{"en", kind->en}, std::pair{"lt", kind->lt}, std::pair{"ka", kind->ka}}) {
    v1::Translation& one = *text.add_translations();
    one.set_language(language);
    one.set_text(words);
  }
  return text;
}

bool of_kind(const v1::Field& field, const v1::Value& value) {
  switch (field.type()) {
    case v1::Field::TEXT:
    case v1::Field::EMAIL:
    case v1::Field::PHONE: return value.has_sealed();  // sealed before decide
    case v1::Field::URL:
    case v1::Field::CHOICE:
    case v1::Field::LOCALITY:
    case v1::Field::ORGANISATION:
    case v1::Field::PERSON: return value.kind_case() == v1::Value::kText;
    case v1::Field::NUMBER: return value.kind_case() == v1::Value::kDecimal || value.kind_case() == v1::Value::kNumber;
    case v1::Field::WHOLE_NUMBER: return value.kind_case() == v1::Value::kNumber;
    case v1::Field::COUNT: return value.kind_case() == v1::Value::kNumber && value.number() >= 0;
    case v1::Field::MONEY: return value.has_money() && (field.currency().empty() || field.currency() == value.money().currency());
    case v1::Field::DATE: return value.has_date();
    case v1::Field::YES_OR_NO: return value.kind_case() == v1::Value::kFlag;
    case v1::Field::CHOICES: return value.has_list();
    case v1::Field::FILE: return value.has_file();
    case v1::Field::TABLE: return value.has_table();
    default: return false;
  }
}

bool is_choice(const v1::Field& field, const std::string& name) {
  return std::any_of(field.choices().begin(), field.choices().end(), [&](const v1::Choice& one) { return one.name() == name; });
}

/// A bound as it is read, in each language of kvali's sentences: of money with its currency.
v1::Text said(const v1::Field& field, std::int64_t bound) {
  v1::Text text;
  for (const char* language : {"en", "lt", "ka"}) {
    v1::Translation& one = *text.add_translations();
    one.set_language(language);
    one.set_text(field.type() == v1::Field::MONEY ? expression::written_money(bound, field.currency(), language) : std::to_string(bound));
  }
  return text;
}

std::optional<Unmet> size_fault(const v1::Field& field, const v1::Value& value) {
  const auto fault = [&](const char* key, std::int64_t count, std::int64_t size) {
    return Unmet{Code::Invalid, field.name(),
                 sentence(key, {{"label", label_or(field.label(), field.name())}, {"count", said(field, count)}, {"size", std::to_string(size)}}),
                 calendar::never};
  };
  if (value.has_sealed()) {
    const std::int64_t size = value.sealed().size();
    if (field.at_most() > 0 && size > field.at_most()) return fault("too_long", field.at_most(), size);
    if (value.sealed().cipher().size() > limits::text_bytes_max)
      return fault("too_long", static_cast<std::int64_t>(limits::text_bytes_max), size);
  }
  if (value.text().size() > limits::text_bytes_max)
    return fault("too_long", static_cast<std::int64_t>(limits::text_bytes_max), static_cast<std::int64_t>(value.text().size()));
  const auto bounds = [&](auto figure) -> std::optional<Unmet> {
    using Figure = decltype(figure);
    if ((field.at_least() != 0 || field.at_most() != 0) && figure < static_cast<Figure>(field.at_least())) return fault("too_small", field.at_least(), 0);
    if (field.at_most() != 0 && figure > static_cast<Figure>(field.at_most())) return fault("too_large", field.at_most(), 0);
    return std::nullopt;
  };
  if (value.kind_case() == v1::Value::kNumber) return bounds(value.number());
  if (value.kind_case() == v1::Value::kDecimal) return bounds(value.decimal());
  if (value.has_money()) return bounds(value.money().minor_units());  // in cents, as guards compare it
  return std::nullopt;
}

/// A year or a month alone is a date too, and so is the unknown one.
bool is_date(const calendar::Zone& zone, const v1::Date& date) {
  if (date.year() == 0) return date.month() == 0 && date.day() == 0;  // unknown
  if (date.year() < 1 || date.year() > 9999 || date.month() > 12 || date.day() > 31) return false;
  if (date.month() == 0) return date.day() == 0;
  if (date.day() == 0) return true;
  const calendar::Date civil = date_of(date);
  if (calendar::civil_from_days(calendar::days_from_civil(civil)) != civil) return false;
  return calendar::instant_at(zone, civil, 0) < calendar::end_of(zone, civil);  // a day that the zone leapt over has no length
}

v1::Value whole(std::int64_t number) {
  v1::Value value;
  value.set_number(number);
  return value;
}

}  // namespace

std::optional<v1::Value> value_of(const v1::Field& field, const expression::Value& given) {
  using expression::Kind;
  v1::Value value;
  switch (field.type()) {
    case v1::Field::NUMBER:
      if (given.is(Kind::Int)) return whole(given.as_int());
      if (!given.is(Kind::Double) || !std::isfinite(given.as_double())) return std::nullopt;
      value.set_decimal(given.as_double());
      return value;
    case v1::Field::WHOLE_NUMBER:
    case v1::Field::COUNT:
      if (!given.is(Kind::Int) || (field.type() == v1::Field::COUNT && given.as_int() < 0)) return std::nullopt;
      return whole(given.as_int());
    case v1::Field::MONEY:
      if (!given.is(Kind::Int) || field.currency().empty()) return std::nullopt;
      value.mutable_money()->set_minor_units(given.as_int());
      value.mutable_money()->set_currency(field.currency());
      return value;
    case v1::Field::DATE:
      if (!given.is(Kind::Date)) return std::nullopt;
      *value.mutable_date() = date_of(given.as_date());
      return value;
    case v1::Field::YES_OR_NO:
      if (!given.is(Kind::Bool)) return std::nullopt;
      value.set_flag(given.as_bool());
      return value;
    case v1::Field::CHOICE:
      if (!given.is(Kind::String) || !is_choice(field, given.as_string())) return std::nullopt;
      value.set_text(given.as_string());
      return value;
    default: return std::nullopt;  // the check refuses such a field
  }
}

std::string in_figures(const v1::Date& date) {
  return std::to_string(date.year()) + "-" + std::to_string(date.month()) + "-" + std::to_string(date.day());
}

bool is_day(const calendar::Zone& zone, const v1::Date& date) { return date.day() != 0 && is_date(zone, date); }

std::optional<Unmet> fault_of(const Cohort& cohort, const v1::Field& field, const v1::Value& value) {
  if (value.kind_case() == v1::Value::kEmpty) return std::nullopt;
  const auto fault = [&](const char* key, const std::string& mark, const auto& word) {
    return Unmet{Code::Invalid, field.name(), sentence(key, {{"label", label_or(field.label(), field.name())}, {mark, word}}), calendar::never};
  };
  if (!of_kind(field, value)) return fault("field_kind", "expected", expected_kind(field.type()));
  if (value.has_date() && !is_date(cohort.zone, value.date()))
    return fault("no_date", "value", in_figures(value.date()));
  if (field.type() == v1::Field::CHOICE && !is_choice(field, value.text())) return fault("no_choice", "value", value.text());
  if (field.type() == v1::Field::CHOICES)
    for (const v1::Value& one : value.list().values())
      if (!is_choice(field, one.text())) return fault("no_choice", "value", one.text());
  if (field.type() == v1::Field::LOCALITY && !cohort.locality(value.text()))
    return Unmet{Code::Invalid, field.name(), sentence("no_locality", {{"name", value.text()}}), calendar::never};
  if (value.has_table()) return fault_of_table(cohort, field, value.table());
  if (value.has_file()) return fault_of_file(field, value.file());
  return size_fault(field, value);
}

}  // namespace kvali::cohort
