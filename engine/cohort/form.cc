#include "engine/cohort/form.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cohort/parts.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

const v1::Field* in_row(const v1::Field& table, const std::string& name) {
  const auto found = std::find_if(table.fields().begin(), table.fields().end(), [&](const v1::Field& one) { return one.name() == name; });
  return found == table.fields().end() ? nullptr : &*found;
}

Unmet fault(const v1::Field& field, const char* key, std::vector<Filling> fillings = {}) {
  fillings.emplace_back("label", label_or(field.label(), field.name()));
  return {Code::Invalid, field.name(), sentence(key, fillings), calendar::never};
}

/// What is wrong in a row, as it is told of the table.
Unmet of_row(const v1::Field& table, int row, const v1::Text& what) { return fault(table, "in_row", {{"row", std::to_string(row + 1)}, {"what", what}}); }

/// Megabytes with one figure behind the point, upwards: what is too large never reads as what is allowed.
std::string in_megabytes(std::uint64_t bytes) {
  const std::uint64_t tenths = bytes / limits::megabyte * 10 + (bytes % limits::megabyte * 10 + limits::megabyte - 1) / limits::megabyte;
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::optional<Unmet> fault_of_row(const v1::Field& table, const v1::Table::Row& row) {
  for (int i = 0; i < row.values_size(); ++i) {
    const std::string& name = row.values(i).name();
    if (!in_row(table, name)) return Unmet{Code::Invalid, table.name(), sentence("no_field", {{"name", name}}), calendar::never};
    for (int before = 0; before < i; ++before)
      if (row.values(before).name() == name) return Unmet{Code::Invalid, table.name(), sentence("said_twice", {{"name", name}}), calendar::never};
  }
  return std::nullopt;
}

const v1::Value* value_in(const v1::Table::Row& row, const std::string& name) {
  for (const v1::NamedValue& one : row.values())
    if (one.name() == name) return &one.value();
  return nullptr;
}

}  // namespace

std::optional<Unmet> fault_of_table(const Cohort& cohort, const v1::Field& table, const v1::Table& value) {
  const std::int64_t most = table.at_most() > 0 ? std::min(table.at_most(), limits::table_rows_max) : limits::table_rows_max;
  if (value.rows_size() > most) return fault(table, "rows_many", {{"count", std::to_string(most)}, {"size", std::to_string(value.rows_size())}});
  for (int row = 0; row < value.rows_size(); ++row)
    if (const auto found = fault_of_row(table, value.rows(row))) return of_row(table, row, found->why);
  return first_in_rows(table, value, [&](const v1::Field& field, const v1::Value& one) { return fault_of(cohort, field, one); });
}

std::optional<Unmet> fault_of_file(const v1::Field& field, const v1::FileReference& file) {
  const auto& accepts = field.accepts();
  if (!accepts.empty() && std::find(accepts.begin(), accepts.end(), file.ending()) == accepts.end())
    return fault(field, "file_ending", {{"list", fmt::format("{}", fmt::join(accepts, ", "))}});
  const std::int64_t most = field.at_most() > 0 ? std::min(field.at_most(), limits::file_megabytes_max) : limits::file_megabytes_max;
  if (file.size_bytes() <= static_cast<std::uint64_t>(most) * limits::megabyte) return std::nullopt;
  return fault(field, "file_size", {{"count", std::to_string(most)}, {"size", in_megabytes(file.size_bytes())}});
}

std::optional<Unmet> first_in_rows(const v1::Field& table, const v1::Table& value,
                                   const std::function<std::optional<Unmet>(const v1::Field& field, const v1::Value& value)>& look) {
  for (int row = 0; row < value.rows_size(); ++row)
    for (const v1::NamedValue& one : value.rows(row).values()) {
      const v1::Field* field = in_row(table, one.name());
      const auto found = field ? look(*field, one.value()) : std::nullopt;
      if (found) return of_row(table, row, found->why);
    }
  return std::nullopt;
}

bool is_answered(const v1::Value* value) {
  if (!value || value->kind_case() == v1::Value::kEmpty || value->kind_case() == v1::Value::KIND_NOT_SET) return false;
  if (value->has_sealed()) return value->sealed().size() > 0;
  return !value->has_table() || value->table().rows_size() > 0;
}

void add_missing(const v1::Field& field, const v1::Value* value, std::vector<Unmet>& unmet) {
  if (!is_answered(value)) {
    unmet.push_back(fault(field, "field_missing"));
    return;
  }
  const std::int64_t size = value->has_table() ? value->table().rows_size() : value->sealed().size();
  if ((value->has_sealed() || value->has_table()) && size < field.at_least())
    unmet.push_back(fault(field, value->has_table() ? "rows_few" : "too_short", {{"count", std::to_string(field.at_least())}, {"size", std::to_string(size)}}));
  add_missing_in_rows(field, value, unmet);
}

void add_missing_in_rows(const v1::Field& table, const v1::Value* value, std::vector<Unmet>& unmet) {
  if (!value || !value->has_table()) return;
  for (int row = 0; row < value->table().rows_size(); ++row) {
    std::vector<Unmet> missing;
    for (const v1::Field& field : table.fields())
      if (field.required()) add_missing(field, value_in(value->table().rows(row), field.name()), missing);
    for (const Unmet& one : missing) unmet.push_back(of_row(table, row, one.why));
  }
}

}  // namespace kvali::cohort
