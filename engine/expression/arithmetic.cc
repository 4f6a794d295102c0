// + - * / % and the signs: numbers with overflow as an error, texts and lists joined, points of time moved.
#include <fmt/format.h>

#include <limits>

#include "engine/expression/conversions.h"
#include "engine/expression/evaluation.h"

namespace kvali::expression {

namespace {

bool overflow(Evaluation& evaluation, const Node& node) {
  return evaluation.fail(node, "the result is too large (overflow)");
}

bool on_ints(Evaluation& evaluation, const Node& node, std::int64_t a, std::int64_t b, Value& out) {
  std::int64_t result = 0;
  bool over = false;
  switch (node.function) {
    case Function::Add:
      over = __builtin_add_overflow(a, b, &result);
      break;
    case Function::Subtract:
      over = __builtin_sub_overflow(a, b, &result);
      break;
    case Function::Multiply:
      over = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0)
        return evaluation.fail(node, node.function == Function::Divide ? "division by zero" : "modulus by zero");
      if (a == std::numeric_limits<std::int64_t>::min() && b == -1) {
        over = node.function == Function::Divide;
      } else {
        result = node.function == Function::Divide ? a / b : a % b;
      }
  }
  if (over) return overflow(evaluation, node);
  out = Value::integer(result);
  return true;
}

bool on_uints(Evaluation& evaluation, const Node& node, std::uint64_t a, std::uint64_t b, Value& out) {
  std::uint64_t result = 0;
  bool over = false;
  switch (node.function) {
    case Function::Add:
      over = __builtin_add_overflow(a, b, &result);
      break;
    case Function::Subtract:
      over = __builtin_sub_overflow(a, b, &result);
      break;
    case Function::Multiply:
      over = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0)
        return evaluation.fail(node, node.function == Function::Divide ? "division by zero" : "modulus by zero");
      result = node.function == Function::Divide ? a / b : a % b;
  }
  if (over) return overflow(evaluation, node);
  out = Value::unsigned_integer(result);
  return true;
}

bool on_doubles(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const double a = arguments[0].as_double(), b = arguments[1].as_double();
  switch (node.function) {
    case Function::Add:
      out = Value::number(a + b);
      return true;
    case Function::Subtract:
      out = Value::number(a - b);
      return true;
    case Function::Multiply:
      out = Value::number(a * b);
      return true;
    case Function::Divide:
      out = Value::number(a / b);
      return true;
    default:
      return evaluation.no_overload(node, arguments);
  }
}

bool joined(Evaluation& evaluation, const Node& node, const Value& a, const Value& b, Value& out) {
  if (a.is(Kind::List)) {
    const List& x = a.as_list();
    const List& y = b.as_list();
    if (!evaluation.charge(node, x.size() + y.size())) return false;
    std::vector<Value> values;
    values.reserve(x.size() + y.size());
    for (std::size_t i = 0; i < x.size(); ++i) values.push_back(x.at(i));
    for (std::size_t i = 0; i < y.size(); ++i) values.push_back(y.at(i));
    out = Value::list(std::move(values));
    return true;
  }
  if (!evaluation.charge_bytes(node, a.as_string().size() + b.as_string().size())) return false;
  std::string text = a.as_string() + b.as_string();
  out = a.is(Kind::String) ? Value::string(std::move(text)) : Value::bytes(std::move(text));
  return true;
}

bool is_time(const Value& value) { return value.is(Kind::Timestamp) || value.is(Kind::Date); }

/// A timestamp or duration that drifts; drifts faster than a few times `now` are not followed.
Value drifting(Evaluation& evaluation, Value value, int drift) {
  constexpr int followed = 8;
  if (drift >= -followed && drift <= followed) return value.with_drift(drift);
  evaluation.changes_in(1);
  return value;
}

bool timestamp_at(Evaluation& evaluation, const Node& node, Wide nanoseconds, int drift, Value& out) {
  constexpr Wide second = 1'000'000'000;
  const Wide seconds = nanoseconds / second - (nanoseconds % second < 0 ? 1 : 0);
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole != seconds || !in_range(whole)) {
    if (drift != 0) evaluation.changes_in(1);
    return evaluation.fail(node, "the result is out of range: timestamps lie in the years 0001 to 9999");
  }
  out =
      drifting(evaluation, Value::timestamp({whole, static_cast<std::int32_t>(nanoseconds - seconds * second)}), drift);
  return true;
}

bool duration_of(Evaluation& evaluation, const Node& node, Wide nanoseconds, int drift, Value& out) {
  if (nanoseconds > INT64_MAX || nanoseconds < INT64_MIN) {
    if (drift != 0) evaluation.changes_in(1);
    return evaluation.fail(node, "the result is out of range: durations are at most about 292 years");
  }
  out = drifting(evaluation, Value::duration(static_cast<std::int64_t>(nanoseconds)), drift);
  return true;
}

bool on_times(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  const bool add = node.function == Function::Add, subtract = node.function == Function::Subtract;
  if (!add && !subtract) return evaluation.no_overload(node, arguments);
  const int sign = add ? 1 : -1;
  if (is_time(a) && b.is(Kind::Period)) {
    return add_period(evaluation, node, a, add ? b.as_period() : calendar::negate(b.as_period()), out);
  }
  if (add && a.is(Kind::Period) && is_time(b)) return add_period(evaluation, node, b, a.as_period(), out);
  if (a.is(Kind::Timestamp) && b.is(Kind::Duration)) {
    return timestamp_at(evaluation, node, nanoseconds_of(evaluation, a) + sign * Wide{b.as_duration()},
                        a.drift() + sign * b.drift(), out);
  }
  if (add && a.is(Kind::Duration) && b.is(Kind::Timestamp)) {
    return timestamp_at(evaluation, node, nanoseconds_of(evaluation, b) + a.as_duration(), a.drift() + b.drift(), out);
  }
  if (a.is(Kind::Duration) && b.is(Kind::Duration)) {
    return duration_of(evaluation, node, Wide{a.as_duration()} + sign * Wide{b.as_duration()},
                       a.drift() + sign * b.drift(), out);
  }
  if (subtract && a.is(Kind::Date) && b.is(Kind::Date)) {
    const std::int64_t days = calendar::days_from_civil(a.as_date()) - calendar::days_from_civil(b.as_date());
    return duration_of(evaluation, node, Wide{days} * 86'400'000'000'000, 0, out);
  }
  if (subtract && is_time(a) && is_time(b)) {
    return duration_of(evaluation, node, nanoseconds_of(evaluation, a) - nanoseconds_of(evaluation, b),
                       a.drift() - b.drift(), out);
  }
  return evaluation.no_overload(node, arguments);
}

bool negated(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Value& value = arguments[0];
  if (value.is(Kind::Double)) {
    out = Value::number(-value.as_double());
    return true;
  }
  if (!value.is(Kind::Int)) return evaluation.no_overload(node, arguments);
  if (value.as_int() == std::numeric_limits<std::int64_t>::min()) return overflow(evaluation, node);
  out = Value::integer(-value.as_int());
  return true;
}

}  // namespace

bool apply_arithmetic(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  if (node.function == Function::Not) {
    if (!arguments[0].is(Kind::Bool)) return evaluation.no_overload(node, arguments);
    out = Value::boolean(!arguments[0].as_bool());
    return true;
  }
  if (node.function == Function::Negate) return negated(evaluation, node, arguments, out);
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::Int:
        return on_ints(evaluation, node, a.as_int(), b.as_int(), out);
      case Kind::Uint:
        return on_uints(evaluation, node, a.as_uint(), b.as_uint(), out);
      case Kind::Double:
        return on_doubles(evaluation, node, arguments, out);
      case Kind::String:
      case Kind::Bytes:
      case Kind::List:
        if (node.function != Function::Add) return evaluation.no_overload(node, arguments);
        return joined(evaluation, node, a, b, out);
      default:
        break;
    }
  }
  return on_times(evaluation, node, arguments, out);
}

}  // namespace kvali::expression
