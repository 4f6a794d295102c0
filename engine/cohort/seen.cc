#include "engine/cohort/seen.h"

#include <algorithm>
#include <memory>

#include "engine/cohort/zone_table.h"

namespace kvali::cohort {

using expression::Value;

namespace {

const v1::Field* field_of(const Form& form, std::string_view name) {
  const auto found = std::find_if(form.begin(), form.end(), [&](const v1::Field& one) { return one.name() == name; });
  return found == form.end() ? nullptr : &*found;
}

class RowView final : public expression::Struct {
 public:
  RowView(const v1::Table::Row& row, const Form& form) : row_(row), form_(form) {}
  std::optional<Value> get(std::string_view field) const override {
    for (const v1::NamedValue& one : row_.values())
      if (one.name() == field) return seen(one.value(), field, form_);
    return std::nullopt;
  }

 private:
  const v1::Table::Row& row_;
  const Form& form_;
};

class RowsView final : public expression::List {
 public:
  RowsView(const v1::Table& table, const Form& form) : table_(table), form_(form) {}
  std::size_t size() const override { return static_cast<std::size_t>(table_.rows_size()); }
  Value at(std::size_t index) const override { return Value::structure(std::make_unique<RowView>(table_.rows(static_cast<int>(index)), form_)); }

 private:
  const v1::Table& table_;
  const Form& form_;
};

/// A table that nobody has filled in has no rows; nothing for another field.
std::optional<Value> no_rows(std::string_view name, const Form& form) {
  const v1::Field* field = field_of(form, name);
  return field && field->type() == v1::Field::TABLE ? std::optional(Value::list(std::vector<Value>())) : std::nullopt;
}

}  // namespace

std::optional<Value> seen(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kText: return Value::string(value.text());
    case v1::Value::kNumber: return Value::integer(value.number());
    case v1::Value::kDecimal: return Value::number(value.decimal());
    case v1::Value::kFlag: return Value::boolean(value.flag());
    case v1::Value::kDate: return Value::date(date_of(value.date()));
    case v1::Value::kInstantUs: return Value::instant(value.instant_us());
    case v1::Value::kMoney: return Value::integer(value.money().minor_units());
    case v1::Value::kSealed: return Value::sealed(value.sealed().size());
    case v1::Value::kFile: return Value::sealed(value.file().name().size());
    case v1::Value::kList: {
      std::vector<Value> values;
      for (const v1::Value& one : value.list().values())
        if (auto made = seen(one)) values.push_back(std::move(*made));
      return Value::list(std::move(values));
    }
    case v1::Value::kTable:  // only its field knows what its rows say
    case v1::Value::kEmpty:
    case v1::Value::KIND_NOT_SET: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> seen(const v1::Value& value, std::string_view name, const Form& form) {
  if (value.kind_case() == v1::Value::kNumber) {
    const v1::Field* field = field_of(form, name);
    if (field && field->type() == v1::Field::NUMBER) return Value::number(static_cast<double>(value.number()));
  }
  if (value.has_table()) {
    const v1::Field* field = field_of(form, name);
    return field ? std::optional(Value::list(std::make_unique<RowsView>(value.table(), field->fields()))) : std::nullopt;
  }
  return seen(value);
}

std::optional<Value> FieldsView::get(std::string_view field) const {
  for (const FieldState& one : fields_)
    if (one.name == field && one.value.kind_case() != v1::Value::kEmpty) return seen(one.value, field, form_);
  return no_rows(field, form_);
}

}  // namespace kvali::cohort
