#pragma once
// Values as people read them: what string(x) and "%s" write.
#include <string>

#include "engine/expression/evaluation.h"

namespace kvali::expression {

/// Appends `value` to `text`: texts bare, lists in [ ], maps in { } in the order of their keys. Charges for what is
/// written; fails on sealed values and on values that have no text.
bool display(Evaluation& evaluation, const Node& node, const Value& value, std::string& text, int depth = 0);

}  // namespace kvali::expression
