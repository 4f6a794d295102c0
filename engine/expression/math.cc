// The mathematical extension, and optionals.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "engine/expression/evaluation.h"

namespace kvali::expression {

namespace {

/// math.greatest(…) and math.least(…), of arguments or of one list.
bool extreme(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const int wanted = node.function == Function::Greatest ? 1 : -1;
  const bool list = arguments.size() == 1 && arguments[0].is(Kind::List);
  const std::size_t count = list ? arguments[0].as_list().size() : arguments.size();
  if (count == 0) return evaluation.fail(node, fmt::format("{}() of nothing has no answer", node.name));
  Value best;
  for (std::size_t i = 0; i < count; ++i) {
    const Value value = list ? arguments[0].as_list().at(i) : arguments[i];
    if (!evaluation.charge(node, 1)) return false;
    if (!value.is_number()) {
      return evaluation.fail(
          node, fmt::format("no such overload: {}() compares numbers, not {}", node.name, type_name(value.kind())));
    }
    if (i == 0 || compare_numbers(value, best) == wanted) best = value;
  }
  out = best;
  return true;
}

/// list.sum(), which of an empty list is the int 0, and list.sum(first), which is `first` then.
bool sum(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  if (!arguments[0].is(Kind::List)) return evaluation.no_overload(node, arguments);
  const auto adds = [](const Value& value) { return value.is_number() || value.is(Kind::Duration); };
  const List& list = arguments[0].as_list();
  const bool begun = arguments.size() == 2;
  Node plus;
  plus.kind = NodeKind::Call;
  plus.function = Function::Add;
  plus.offset = node.offset;
  Value all = begun ? arguments[1] : Value::integer(0);
  if (!adds(all)) return evaluation.no_overload(node, arguments);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value one = list.at(i);
    if (!evaluation.charge(node, 1)) return false;
    if (one.is(Kind::Sealed)) return evaluation.fail(node, "a personal value may be asked only has() and size()");
    const bool first = i == 0 && !begun;
    if (!adds(one) || (!first && one.kind() != all.kind())) {
      return evaluation.fail(node, fmt::format("no such overload: sum() adds numbers or durations of one kind, not {}{}{}",
                                               first ? "" : type_name(all.kind()), first ? "" : " and ", type_name(one.kind())));
    }
    Value next;
    const Value* both[] = {&all, &one};
    if (first) {
      next = one;
    } else if (!apply_arithmetic(evaluation, plus, Arguments(both, 2), next)) {
      return false;
    }
    all = std::move(next);
  }
  out = std::move(all);
  return true;
}

bool on_double(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  if (!arguments[0].is(Kind::Double)) return evaluation.no_overload(node, arguments);
  const double x = arguments[0].as_double();
  switch (node.function) {
    case Function::Ceil:
      out = Value::number(std::ceil(x));
      return true;
    case Function::Floor:
      out = Value::number(std::floor(x));
      return true;
    case Function::Round:
      out = Value::number(std::round(x));
      return true;  // halves away from zero
    case Function::Trunc:
      out = Value::number(std::trunc(x));
      return true;
    case Function::IsNan:
      out = Value::boolean(std::isnan(x));
      return true;
    case Function::IsInf:
      out = Value::boolean(std::isinf(x));
      return true;
    default:
      out = Value::boolean(std::isfinite(x));
      return true;
  }
}

bool on_any_number(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Value& value = arguments[0];
  const bool sign = node.function == Function::Sign;
  if (node.function == Function::Sqrt && value.is_number()) {
    const double x = value.is(Kind::Double) ? value.as_double()
                     : value.is(Kind::Int)  ? static_cast<double>(value.as_int())
                                            : static_cast<double>(value.as_uint());
    out = Value::number(std::sqrt(x));
    return true;
  }
  switch (value.kind()) {
    case Kind::Int: {
      const std::int64_t x = value.as_int();
      if (!sign && x == std::numeric_limits<std::int64_t>::min())
        return evaluation.fail(node, "the result is too large (overflow)");
      out = Value::integer(sign ? (x > 0) - (x < 0) : x < 0 ? -x : x);
      return true;
    }
    case Kind::Uint:
      out = Value::unsigned_integer(sign ? (value.as_uint() > 0 ? 1 : 0) : value.as_uint());
      return true;
    case Kind::Double: {
      const double x = value.as_double();
      out = Value::number(!sign ? std::abs(x) : std::isnan(x) ? x : x > 0 ? 1 : x < 0 ? -1 : 0);
      return true;
    }
    default:
      return evaluation.no_overload(node, arguments);
  }
}

bool on_bits(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Value& a = arguments[0];
  const bool shift = node.function == Function::BitShiftLeft || node.function == Function::BitShiftRight;
  const bool whole = a.is(Kind::Int) || a.is(Kind::Uint);
  const bool fits = arguments.size() == 1 || (shift ? arguments[1].is(Kind::Int) : arguments[1].kind() == a.kind());
  if (!whole || !fits) return evaluation.no_overload(node, arguments);
  const auto bits = [](const Value& value) {
    return value.is(Kind::Int) ? static_cast<std::uint64_t>(value.as_int()) : value.as_uint();
  };
  std::uint64_t result = 0;
  if (shift) {
    const std::int64_t by = arguments[1].as_int();
    if (by < 0) return evaluation.fail(node, fmt::format("bits cannot be shifted by {}: a negative offset", by));
    if (by < 64) result = node.function == Function::BitShiftLeft ? bits(a) << by : bits(a) >> by;
  } else if (node.function == Function::BitNot) {
    result = ~bits(a);
  } else {
    const std::uint64_t other = bits(arguments[1]);
    result = node.function == Function::BitAnd  ? bits(a) & other
             : node.function == Function::BitOr ? bits(a) | other
                                                : bits(a) ^ other;
  }
  out = a.is(Kind::Int) ? Value::integer(static_cast<std::int64_t>(result)) : Value::unsigned_integer(result);
  return true;
}

bool is_zero(Evaluation& evaluation, const Value& value) {
  evaluation.settle(value);
  switch (value.kind()) {
    case Kind::Null:
      return true;
    case Kind::Bool:
      return !value.as_bool();
    case Kind::Int:
      return value.as_int() == 0;
    case Kind::Uint:
      return value.as_uint() == 0;
    case Kind::Double:
      return value.as_double() == 0;
    case Kind::String:
    case Kind::Bytes:
      return value.as_string().empty();
    case Kind::List:
      return value.as_list().size() == 0;
    case Kind::Map:
      return value.as_map().size() == 0;
    case Kind::Duration:
      return value.as_duration() == 0;
    case Kind::Period:
      return value.as_period() == calendar::Period{};
    case Kind::Optional:
      return value.as_optional() == nullptr;
    case Kind::Timestamp:
    case Kind::Date:
    case Kind::Struct:
    case Kind::Type:
    case Kind::Sealed:
      break;
  }
  return false;
}

}  // namespace

bool apply_math(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  switch (node.function) {
    case Function::Greatest:
    case Function::Least:
      return extreme(evaluation, node, arguments, out);
    case Function::Sum:
      return sum(evaluation, node, arguments, out);
    case Function::Abs:
    case Function::Sign:
    case Function::Sqrt:
      return on_any_number(evaluation, node, arguments, out);
    case Function::BitAnd:
    case Function::BitOr:
    case Function::BitXor:
    case Function::BitNot:
    case Function::BitShiftLeft:
    case Function::BitShiftRight:
      return on_bits(evaluation, node, arguments, out);
    default:
      return on_double(evaluation, node, arguments, out);
  }
}

bool apply_optional(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  switch (node.function) {
    case Function::OptionalNone:
      out = Value::none();
      return true;
    case Function::OptionalOf:
      out = Value::some(arguments[0]);
      return true;
    case Function::OptionalOfNonZero:
      out = is_zero(evaluation, arguments[0]) ? Value::none() : Value::some(arguments[0]);
      return true;
    default:
      break;
  }
  if (!arguments[0].is(Kind::Optional)) return evaluation.no_overload(node, arguments);
  const Value* held = arguments[0].as_optional();
  if (node.function == Function::HasValue) {
    out = Value::boolean(held != nullptr);
    return true;
  }
  if (held == nullptr) return evaluation.fail(node, "this optional is empty; orValue() gives a value for that case");
  out = *held;
  return true;
}

}  // namespace kvali::expression
