#pragma once
// What expressions see of values that were written: of a form, field by field; of a table, row by row.
#include <optional>
#include <string_view>
#include <vector>

#include "engine/cohort/state.h"
#include "engine/expression/value.h"

namespace kvali::cohort {

using Form = google::protobuf::RepeatedPtrField<v1::Field>;

/// A value of a record as an expression sees it; nothing for one that is empty, or that only its field can explain.
std::optional<expression::Value> seen(const v1::Value& value);
/// A value of a field of `form`. A number with a fraction may have been given as a whole one; an expression sees a double all
/// the same, as its types promise. What it looks into has to outlive it.
std::optional<expression::Value> seen(const v1::Value& value, std::string_view name, const Form& form);

/// A form as it is filled in. A table that nobody has filled in has no rows. Both have to outlive it.
class FieldsView final : public expression::Struct {
 public:
  FieldsView(const std::vector<FieldState>& fields, const Form& form) : fields_(fields), form_(form) {}
  std::optional<expression::Value> get(std::string_view field) const override;

 private:
  const std::vector<FieldState>& fields_;
  const Form& form_;
};

}  // namespace kvali::cohort
