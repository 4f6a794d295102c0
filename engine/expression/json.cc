#include "engine/expression/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/expression/conversions.h"
#include "engine/expression/explain_json.h"
#include "engine/expression/expression.h"
#include "engine/expression/numbers.h"
#include "engine/limits.h"

namespace kvali::expression {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view type_prefix = "type.googleapis.com/";

Result<Value> read(const Json& json, int depth);

tl::unexpected<Error> expected(const char* what) { return kvali::fail(fmt::format("expected {}", what)); }

template <class Whole>
Result<Whole> read_whole(const Json& json, const char* what) {
  Whole whole = 0;
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return expected(what);
    return whole;
  }
  if (json.is_number_unsigned() &&
      json.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<Whole>::max())) {
    return static_cast<Whole>(json.get<std::uint64_t>());
  }
  if (json.is_number_integer() && !json.is_number_unsigned() && std::is_signed_v<Whole>) {
    return static_cast<Whole>(json.get<std::int64_t>());
  }
  return expected(what);
}

Result<Value> read_double(const Json& json) {
  if (json.is_number()) return Value::number(json.get<double>());
  const auto number = json.is_string() ? double_of(json.get_ref<const std::string&>()) : std::nullopt;
  if (!number) return expected("a number, \"NaN\", \"Infinity\" or \"-Infinity\"");
  return Value::number(*number);
}

Result<Value> read_bytes(const Json& json) {
  if (!json.is_string()) return expected("base64");
  std::string text = json.get<std::string>();
  for (char& letter : text) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;  // the form for addresses too
  auto bytes = base64_decoded(text);
  if (!bytes) return expected("base64");
  return Value::bytes(std::move(*bytes));
}

Result<Value> read_list(const Json& json, int depth) {
  std::vector<Value> values;
  if (!json.is_object()) return expected("{\"values\": […]}");
  if (!json.contains("values")) return Value::list(std::move(values));
  if (!json["values"].is_array()) return expected("a list of values");
  for (const Json& item : json["values"]) {
    auto value = read(item, depth + 1);
    if (!value) return kvali::fail(value.error().within(fmt::format("values[{}]", values.size())));
    values.push_back(std::move(*value));
  }
  return Value::list(std::move(values));
}

Result<Value> read_map(const Json& json, int depth) {
  std::vector<Map::Entry> entries;
  if (!json.is_object()) return expected("{\"entries\": […]}");
  if (json.contains("entries")) {
    if (!json["entries"].is_array()) return expected("a list of entries");
    for (const Json& item : json["entries"]) {
      const std::string place = fmt::format("entries[{}]", entries.size());
      if (!item.is_object() || !item.contains("key") || !item.contains("value")) {
        return kvali::fail(place + ": expected {\"key\": …, \"value\": …}");
      }
      auto key = read(item["key"], depth + 1);
      if (!key) return kvali::fail(key.error().within(place + ".key"));
      auto value = read(item["value"], depth + 1);
      if (!value) return kvali::fail(value.error().within(place + ".value"));
      entries.emplace_back(std::move(*key), std::move(*value));
    }
  }
  return Value::map(std::move(entries));
}

Result<Value> read_object(const Json& json) {
  const bool whole = json.is_object() && json.contains("@type") && json["@type"].is_string() &&
                     json.contains("value") && json["value"].is_string();
  if (!whole) return expected("{\"@type\": …, \"value\": …} of a Timestamp, Duration, Date or Period");
  const auto& type = json["@type"].get_ref<const std::string&>();
  const auto& text = json["value"].get_ref<const std::string&>();
  const auto is = [&type](std::string_view name) {
    return type.starts_with(type_prefix) && std::string_view(type).substr(type_prefix.size()) == name;
  };
  if (is("google.protobuf.Timestamp")) return read_constant(Function::ToTimestamp, text);
  if (is("google.protobuf.Duration")) return read_constant(Function::ToDuration, text);
  if (is("kvali.v1.Date")) return read_constant(Function::ToDate, text);
  if (is("kvali.v1.Period")) return read_constant(Function::ToPeriod, text);
  return kvali::fail(fmt::format("{} is no type that an expression knows", to_text(Value::string(type))));
}

Result<Value> read(const Json& json, int depth) {
  if (depth > limits::value_depth_max)
    return kvali::fail(fmt::format("nests deeper than {} levels", limits::value_depth_max));
  if (!json.is_object() || json.size() != 1) return expected("one value such as {\"int64Value\": \"1\"}");
  const std::string& kind = json.begin().key();
  const Json& held = json.begin().value();
  Result<Value> value = kvali::fail(fmt::format("there is no kind of value {}", to_text(Value::string(kind))));
  if (kind == "nullValue") value = Value();
  if (kind == "boolValue")
    value = held.is_boolean() ? Result<Value>(Value::boolean(held.get<bool>())) : expected("true or false");
  if (kind == "int64Value") value = read_whole<std::int64_t>(held, "an int of 64 bits").map(Value::integer);
  if (kind == "uint64Value") value = read_whole<std::uint64_t>(held, "a uint of 64 bits").map(Value::unsigned_integer);
  if (kind == "doubleValue") value = read_double(held);
  if (kind == "stringValue")
    value = held.is_string() ? Result<Value>(Value::string(held.get<std::string>())) : expected("a text");
  if (kind == "bytesValue") value = read_bytes(held);
  if (kind == "typeValue")
    value = held.is_string() ? Result<Value>(Value::type(held.get<std::string>())) : expected("a name");
  if (kind == "listValue") value = read_list(held, depth);
  if (kind == "mapValue") value = read_map(held, depth);
  if (kind == "objectValue") value = read_object(held);
  if (!value && kind.ends_with("Value")) return kvali::fail(value.error().within(kind));
  return value;
}

Json object_of(std::string_view type, std::string text) {
  return Json{
      {"objectValue", Json{{"@type", std::string(type_prefix) + std::string(type)}, {"value", std::move(text)}}}};
}

Result<Json> write(const Value& value, int depth) {
  if (depth > limits::value_depth_max)
    return kvali::fail(fmt::format("the value nests deeper than {} levels", limits::value_depth_max));
  switch (value.kind()) {
    case Kind::Null:
      return Json{{"nullValue", nullptr}};
    case Kind::Bool:
      return Json{{"boolValue", value.as_bool()}};
    case Kind::Int:
      return Json{{"int64Value", fmt::format("{}", value.as_int())}};
    case Kind::Uint:
      return Json{{"uint64Value", fmt::format("{}", value.as_uint())}};
    case Kind::Double: {
      const double number = value.as_double();
      return Json{{"doubleValue", std::isfinite(number) ? Json(number) : Json(text_of(number))}};
    }
    case Kind::String:
      return Json{{"stringValue", value.as_string()}};
    case Kind::Bytes:
      return Json{{"bytesValue", base64_encoded(value.as_string())}};
    case Kind::Type:
      return Json{{"typeValue", value.as_string()}};
    case Kind::Timestamp:
      return object_of("google.protobuf.Timestamp", timestamp_text(value.as_timestamp()));
    case Kind::Duration:
      return object_of("google.protobuf.Duration", duration_text(value.as_duration()));
    case Kind::Date:
      return object_of("kvali.v1.Date", calendar::to_string(value.as_date()));
    case Kind::Period:
      return object_of("kvali.v1.Period", calendar::to_string(value.as_period()));
    case Kind::List: {
      Json values = Json::array();
      for (std::size_t i = 0; i < value.as_list().size(); ++i) {
        auto item = write(value.as_list().at(i), depth + 1);
        if (!item) return item;
        values.push_back(std::move(*item));
      }
      return Json{{"listValue", values.empty() ? Json::object() : Json{{"values", std::move(values)}}}};
    }
    case Kind::Map: {
      Json entries = Json::array();
      for (const auto& [key, held] : value.as_map().entries()) {
        auto key_json = write(key, depth + 1);
        if (!key_json) return key_json;
        auto held_json = write(held, depth + 1);
        if (!held_json) return held_json;
        entries.push_back(Json{{"key", std::move(*key_json)}, {"value", std::move(*held_json)}});
      }
      return Json{{"mapValue", entries.empty() ? Json::object() : Json{{"entries", std::move(entries)}}}};
    }
    case Kind::Struct:
    case Kind::Optional:
    case Kind::Sealed:
      break;
  }
  return kvali::fail(fmt::format("the result is {}, which is no value to hand out", type_name(value.kind())));
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string error_line(const std::string& message) { return dumped(Json{{"error", message}}); }
std::string error_line(const std::string& message, int line, int column) {
  return dumped(Json{{"error", message}, {"at", {line, column}}});
}

/// The answer to what was evaluated.
Json answer_of(const Outcome& outcome) {
  if (!outcome.result) {
    const EvalError& error = outcome.result.error();
    return Json{{"error", error.message}, {"at", {error.line, error.column}}};
  }
  auto json = value_to_json(*outcome.result);
  if (!json) return Json{{"error", json.error().message}, {"at", {1, 1}}};
  Json answer{{"value", std::move(*json)}};
  if (outcome.may_change_at != calendar::never) answer["may_change_at"] = calendar::to_string(outcome.may_change_at);
  return answer;
}

void add_explanation(const Explanation& explanation, const Json& request, const Context& context, Json& answer) {
  if (explanation.will_hold_at != calendar::never) answer["will_hold_at"] = calendar::to_string(explanation.will_hold_at);
  answer["explanation"] = explanation_to_json(explanation);
  answer["sentence"] = sentences_to_json(explanation, request.contains("labels") ? request["labels"] : Json(), *context.zone);
}

/// A field of the request that must be a text when it is there.
Result<std::string> text_field(const Json& request, const char* name) {
  if (!request.contains(name)) return std::string();
  if (!request[name].is_string()) return kvali::fail(fmt::format("\"{}\" must be a text", name));
  return request[name].get<std::string>();
}

/// Binds what the expression `given` gives, a map: {"mentors": 0}. An error says what is wrong with it.
Result<void> bind_given(const std::string& given, const Context& context, NamedValues& bindings) {
  const auto expression = compile(given);
  if (!expression) return kvali::fail(expression.error().front().message);
  const Outcome outcome = evaluate(*expression, NamedValues(), context);
  if (!outcome.result) return kvali::fail(outcome.result.error().message);
  if (!outcome.result->is(Kind::Map)) return kvali::fail("it must give a map from names to values, such as {\"mentors\": 0}");
  for (const auto& [name, value] : outcome.result->as_map().entries()) {
    if (!name.is(Kind::String)) return kvali::fail("its keys must be names");
    bindings.set(name.as_string(), value);
  }
  return {};
}

std::string answered(const Json& request, std::span<const calendar::Zone> zones, Explaining explaining) {
  if (!request.contains("expr")) return error_line("the line has no \"expr\"");
  const auto source = text_field(request, "expr");
  const auto container = text_field(request, "container");
  const auto now = text_field(request, "now");
  const auto given = text_field(request, "given");
  for (const auto* field : {&source, &container, &now, &given}) {
    if (!*field) return error_line(field->error().message);
  }
  NamedValues bindings;
  if (request.contains("bindings") && !request["bindings"].is_object())
    return error_line("\"bindings\" must be an object");
  if (request.contains("bindings")) {
    for (const auto& [name, json] : request["bindings"].items()) {
      auto value = value_from_json(json);
      if (!value) return error_line(value.error().within(fmt::format("bindings.{}", name)).message);
      bindings.set(name, std::move(*value));
    }
  }
  Context context;
  context.container = *container;
  context.zones = zones;
  if (!given->empty())
    if (auto bound = bind_given(*given, context, bindings); !bound) return error_line(bound.error().within("given").message);
  // A `now` among the facts is the moment at which the question is asked.
  if (const Value* bound = bindings.lookup("now"); bound != nullptr && bound->is(Kind::Timestamp)) context.now = instant_of(bound->as_timestamp());
  if (!now->empty()) {
    const auto instant = calendar::parse_instant(*now);
    if (!instant) return error_line(instant.error().within("now").message);
    context.now = *instant;
  }
  const auto expression = compile(*source);
  if (!expression) {
    const Fault& first = expression.error().front();
    return error_line(first.message, first.line, first.column);
  }
  const Outcome outcome = evaluate(*expression, bindings, context);
  Json answer = answer_of(outcome);
  const bool no = !outcome.result || (outcome.result->is(Kind::Bool) && !outcome.result->as_bool());
  if (explaining == Explaining::Yes && no) add_explanation(explain(*expression, bindings, context), request, context, answer);
  return dumped(answer);
}

}  // namespace

Result<Value> value_from_json(const nlohmann::ordered_json& json) { return read(json, 0); }
Result<nlohmann::ordered_json> value_to_json(const Value& value) { return write(value, 0); }

std::string evaluate_line(std::string_view line, std::span<const calendar::Zone> zones, Explaining explaining) {
  const Json request = Json::parse(line, nullptr, false);
  if (request.is_discarded() || !request.is_object()) return error_line("the line is not a JSON object");
  return answered(request, zones, explaining);
}

}  // namespace kvali::expression
