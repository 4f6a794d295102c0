#include "engine/statechart/json_value.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/limits.h"

namespace kvali::statechart {
namespace {

using expression::Value;
using nlohmann::json;

Value value_of_text(const std::string& text) {
  if (const auto date = calendar::parse_date(text)) return Value::date(*date);
  if (const auto instant = calendar::parse_instant(text)) return Value::instant(*instant);
  return Value::string(text);
}

Result<Value> convert(const json& from, std::size_t depth) {
  if (depth > limits::guard_depth_max)
    return fail(fmt::format("the JSON is nested deeper than {}", limits::guard_depth_max));
  switch (from.type()) {
    case json::value_t::null:
    case json::value_t::discarded:
    case json::value_t::binary:
      return Value();
    case json::value_t::boolean:
      return Value::boolean(from.get<bool>());
    case json::value_t::number_integer:
      return Value::integer(from.get<std::int64_t>());
    case json::value_t::number_unsigned: {
      const auto number = from.get<std::uint64_t>();
      return number <= INT64_MAX ? Value::integer(static_cast<std::int64_t>(number)) : Value::unsigned_integer(number);
    }
    case json::value_t::number_float:
      return Value::number(from.get<double>());
    case json::value_t::string:
      return value_of_text(from.get_ref<const std::string&>());
    case json::value_t::array: {
      std::vector<Value> values;
      for (const json& each : from) {
        auto value = convert(each, depth + 1);
        if (!value) return value;
        values.push_back(std::move(*value));
      }
      return Value::list(std::move(values));
    }
    case json::value_t::object: {
      std::vector<expression::Map::Entry> entries;
      for (const auto& [key, each] : from.items()) {
        auto value = convert(each, depth + 1);
        if (!value) return value;
        entries.emplace_back(Value::string(key), std::move(*value));
      }
      return Value::map(std::move(entries));
    }
  }
  return Value();
}

}  // namespace

Result<Value> value_of(const json& from) { return convert(from, 0); }

}  // namespace kvali::statechart
