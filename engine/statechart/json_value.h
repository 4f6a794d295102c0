#pragma once
// Plain JSON, as people write it into a line, as the values of expressions.
#include <nlohmann/json_fwd.hpp>

#include "engine/expression/value.h"

namespace kvali::statechart {

/// Whole numbers become int, others double, objects maps; a text that is a date ("2017-01-11") or an instant
/// ("2017-01-11T09:00:00Z") becomes one. Fails on nesting deeper than limits::guard_depth_max.
Result<expression::Value> value_of(const nlohmann::json& json);

}  // namespace kvali::statechart
