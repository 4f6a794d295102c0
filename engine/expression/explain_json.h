#pragma once
// An explanation in JSON, for tools: {"kind": "comparison", "at": [line, column], "source": "…", "wanted": true, "function": ">=",
// "terms": [{"kind": "path", "path": "initiative.own", "value": VALUE}], "parts": […], "will_hold_at": "2027-03-01T00:00:00Z"}.
#include <nlohmann/json_fwd.hpp>

#include "engine/expression/explain.h"

namespace kvali::expression {

/// The tree of parts; null when the guard holds. A sealed value is told by its "size" alone.
nlohmann::ordered_json explanation_to_json(const Explanation& explanation);

/// {"en": "…", "lt": "…", "ka": "…"}. `labels` is an object of what paths are called, {"initiative.own": "Own contribution"};
/// others go by their last name.
nlohmann::ordered_json sentences_to_json(const Explanation& explanation, const nlohmann::ordered_json& labels,
                                         const calendar::Zone& zone);

}  // namespace kvali::expression
