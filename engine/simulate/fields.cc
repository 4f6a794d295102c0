#include "engine/simulate/fields.h"

#include <algorithm>

#include "engine/cohort/zone_table.h"

namespace kvali::simulate {
namespace {

constexpr std::int64_t usual_characters = 60;
constexpr std::int64_t usual_figure_span = 50;  // between the smallest figure and the largest, where the program names none
constexpr std::int64_t usual_amount = 500'000;  // minor units: 5,000 euros
constexpr std::uint64_t yes_of_100 = 80;        // most of what is asked for is there

std::int64_t characters(const v1::Field& field) {
  std::int64_t size = std::max(field.at_least(), usual_characters);
  if (field.at_most() > 0) size = std::min(size, field.at_most());
  return std::max<std::int64_t>(1, size);
}

std::int64_t figure(const v1::Field& field, std::int64_t whole, Random& random) {
  const std::int64_t least = field.type() == v1::Field::WHOLE_NUMBER ? field.at_least() : std::max<std::int64_t>(0, field.at_least());
  std::int64_t most = field.at_most() != 0 ? field.at_most() : least + usual_figure_span;
  if (whole >= 0) most = std::min(most, whole);
  if (most <= least) return whole >= 0 ? std::min(least, whole) : least;
  return least + static_cast<std::int64_t>(random.under(static_cast<std::uint64_t>(most - least) + 1));
}

}  // namespace

v1::Date today(const cohort::Cohort& cohort, calendar::Instant now) { return cohort::date_of(calendar::date_at(cohort.zone, now)); }

void write_value(const v1::Field& field, const Writing& about, std::int64_t whole, Random& random, v1::Value& value) {
  switch (field.type()) {
    case v1::Field::TEXT:
    case v1::Field::EMAIL:
    case v1::Field::PHONE: value.mutable_sealed()->set_size(static_cast<std::uint32_t>(characters(field))); return;
    case v1::Field::URL: value.set_text("https://example.org/"); return;
    case v1::Field::NUMBER:
    case v1::Field::WHOLE_NUMBER:
    case v1::Field::COUNT: value.set_number(figure(field, whole, random)); return;
    case v1::Field::MONEY:
      value.mutable_money()->set_minor_units(field.at_most() > 0 ? std::min(field.at_most(), usual_amount) : std::max(field.at_least(), usual_amount));
      value.mutable_money()->set_currency(field.currency().empty() ? "EUR" : field.currency());
      return;
    case v1::Field::DATE: *value.mutable_date() = today(about.cohort, about.now); return;
    case v1::Field::YES_OR_NO: value.set_flag(random.chance(yes_of_100, 100)); return;
    case v1::Field::CHOICE:
      if (field.choices_size() > 0) value.set_text(field.choices(static_cast<int>(random.under(static_cast<std::uint64_t>(field.choices_size())))).name());
      return;
    case v1::Field::CHOICES:
      value.mutable_list()->clear_values();
      if (field.choices_size() > 0)
        value.mutable_list()->add_values()->set_text(field.choices(static_cast<int>(random.under(static_cast<std::uint64_t>(field.choices_size())))).name());
      return;
    case v1::Field::LOCALITY: value.set_text(about.locality); return;
    case v1::Field::ORGANISATION: value.set_text(about.organisation); return;
    case v1::Field::PERSON: value.set_text(about.person); return;
    case v1::Field::FILE:
      value.mutable_file()->set_id("file");
      value.mutable_file()->set_size_bytes(100'000);
      value.mutable_file()->set_media_type("application/pdf");
      if (!field.accepts().empty()) value.mutable_file()->set_ending(field.accepts(0));
      return;
    case v1::Field::TABLE:
      value.mutable_table()->clear_rows();
      for (std::int64_t row = 0; row < std::max<std::int64_t>(1, field.at_least()); ++row) {
        v1::Table::Row& made = *value.mutable_table()->add_rows();
        for (const v1::Field& one : field.fields()) {
          v1::NamedValue& said = *made.add_values();
          said.set_name(one.name());
          write_value(one, about, -1, random, *said.mutable_value());
        }
      }
      return;
    case v1::Field::TYPE_UNSPECIFIED:
    default: return;
  }
}

}  // namespace kvali::simulate
