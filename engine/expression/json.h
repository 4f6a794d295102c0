#pragma once
// Values in JSON, as protobuf's mapping writes the specification's cel.expr.Value: {"int64Value":"1"},
// {"mapValue":{"entries":[{"key":…,"value":…}]}},
// {"objectValue":{"@type":"type.googleapis.com/google.protobuf.Timestamp", "value":"…"}}. kvali's dates and periods are
// objectValues of kvali.v1.Date ("2017-01-11") and kvali.v1.Period ("P2Y").
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "engine/calendar/calendar.h"
#include "engine/expression/value.h"
#include "engine/result.h"

namespace kvali::expression {

/// Errors say which part is wrong: "mapValue.entries[0].key: …".
Result<Value> value_from_json(const nlohmann::ordered_json& json);
/// Fails on what the mapping cannot carry: optionals, sealed values, things with fields.
Result<nlohmann::ordered_json> value_to_json(const Value& value);

/// One line of `kvali eval`: {"expr": "…", "bindings": {"x": VALUE}, "container": "a.b", "now":
/// "2017-01-11T18:00:00Z"}, all but "expr" optional; answered with {"value": VALUE} or {"error": "sentence", "at":
/// [line, column]} ("at" where the expression is to blame). With "now" the answer also has "may_change_at" when it may.
/// Getters without a zone use UTC. With `Explaining::Yes` the answer of what is false or fails also has "explanation" and
/// "sentence" (explain_json.h), and the instant from which it holds by time alone, "will_hold_at"; "labels" of the request
/// says what paths are called, {"initiative.own": "Own contribution"}.
enum class Explaining : std::uint8_t { No, Yes };
std::string evaluate_line(std::string_view line, std::span<const calendar::Zone> zones, Explaining explaining = Explaining::No);

/// One line of `kvali eval --check`: {"expr": "…", "types": {"x": "list(int)"}, "container": "a.b"}, answered with
/// {"type": "int", "work_units_max": 5}, the bound of its work when texts and lists have the sizes of extent_of(Type), or with
/// the first fault, {"error": "sentence", "at": [line, column]}. Names that "types" does not have are faults.
std::string check_line(std::string_view line);

}  // namespace kvali::expression
