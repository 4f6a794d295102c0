// Equality and order. Equality is defined between any two values (of different kinds it is false, except among numbers,
// and between a date and a timestamp); order only where one exists.
#include <cmath>

#include "engine/expression/evaluation.h"
#include "engine/limits.h"

namespace kvali::expression {

namespace {

constexpr int unordered = 2;

template <class T>
int three_way(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int compare_doubles(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return unordered;
  return three_way(a, b);
}

/// A whole number against a double: outside of the integer's range the double decides, inside they meet as doubles.
template <class Whole>
int compare_whole(Whole whole, double number, double least, double most) {
  if (std::isnan(number)) return unordered;
  if (number < least) return 1;
  if (number > most) return -1;
  return compare_doubles(static_cast<double>(whole), number);
}

int reversed(int order) { return order == unordered ? unordered : -order; }

bool is_time(const Value& value) { return value.is(Kind::Timestamp) || value.is(Kind::Date); }

/// Whether the function holds for that order: of each comparison a bit for -1, 0, 1 and unordered.
bool holds(Function function, int order) {
  constexpr unsigned less = 1, equal = 2, greater = 4, none = 8;
  constexpr unsigned orders[] = {equal, less | greater | none, less, less | equal, greater, greater | equal};
  return (orders[static_cast<int>(function) - static_cast<int>(Function::Equal)] >> (order + 1) & 1) != 0;
}

Function turned(Function function) {
  switch (function) {
    case Function::Less:
      return Function::Greater;
    case Function::LessEqual:
      return Function::GreaterEqual;
    case Function::Greater:
      return Function::Less;
    case Function::GreaterEqual:
      return Function::LessEqual;
    default:
      return function;
  }
}

/// A timestamp beside a date: before, within or after its whole day.
bool compare_with_day(Evaluation& evaluation, Function function, const Value& moment, const Value& date) {
  const Wide at = nanoseconds_of(evaluation, moment);
  const Wide from_begin = at - nanoseconds_of(evaluation, date);
  const Wide from_end = at - end_of_day(evaluation, date);
  const int drift = moment.drift();
  switch (function) {
    case Function::Less:
    case Function::GreaterEqual:
      return evaluation.compare_times(function, from_begin, drift);
    case Function::LessEqual:
      return evaluation.compare_times(Function::Less, from_end, drift);
    case Function::Greater:
      return evaluation.compare_times(Function::GreaterEqual, from_end, drift);
    default:
      break;
  }
  const bool begun = evaluation.compare_times(Function::GreaterEqual, from_begin, drift);
  const bool within = evaluation.compare_times(Function::Less, from_end, drift) && begun;
  return within == (function == Function::Equal);
}

bool compare_moments(Evaluation& evaluation, Function function, const Value& a, const Value& b) {
  if (a.is(Kind::Timestamp) && b.is(Kind::Date)) return compare_with_day(evaluation, function, a, b);
  if (a.is(Kind::Date) && b.is(Kind::Timestamp)) return compare_with_day(evaluation, turned(function), b, a);
  if (a.is(Kind::Date)) return holds(function, three_way(a.as_date(), b.as_date()));
  return evaluation.compare_times(function, nanoseconds_of(evaluation, a) - nanoseconds_of(evaluation, b),
                                  a.drift() - b.drift());
}

bool compare_durations(Evaluation& evaluation, Function function, const Value& a, const Value& b) {
  return evaluation.compare_times(function, Wide{a.as_duration()} - Wide{b.as_duration()}, a.drift() - b.drift());
}

constexpr Wide nanoseconds_in_microsecond = 1'000;

Wide divided_up(Wide value, Wide by) { return (value + by - 1) / by; }

}  // namespace

int compare_numbers(const Value& a, const Value& b) {
  constexpr double int_min = -0x1p63, int_max = 0x1p63, uint_max = 0x1p64;
  switch (a.kind()) {
    case Kind::Int:
      if (b.is(Kind::Int)) return three_way(a.as_int(), b.as_int());
      if (b.is(Kind::Uint)) return a.as_int() < 0 ? -1 : three_way(static_cast<std::uint64_t>(a.as_int()), b.as_uint());
      return compare_whole(a.as_int(), b.as_double(), int_min, int_max);
    case Kind::Uint:
      if (b.is(Kind::Uint)) return three_way(a.as_uint(), b.as_uint());
      if (b.is(Kind::Int)) return reversed(compare_numbers(b, a));
      return compare_whole(a.as_uint(), b.as_double(), 0, uint_max);
    default:
      break;
  }
  return b.is(Kind::Double) ? compare_doubles(a.as_double(), b.as_double()) : reversed(compare_numbers(b, a));
}

/// Compares by the sign of `difference` (a - b). When that drifts, notes the first microsecond at which the answer
/// turns.
bool Evaluation::compare_times(Function function, Wide difference, int drift) {
  const int order = three_way<Wide>(difference, 0);
  if (drift != 0 && function != Function::Equal && function != Function::NotEqual) {
    // a <= b is the same as !(b < a): only the moment at which `difference` stops or starts to be negative matters.
    const bool swapped = function == Function::LessEqual || function == Function::Greater;
    const Wide apart = swapped ? -difference : difference;
    const Wide step = (swapped ? -drift : drift) * nanoseconds_in_microsecond;
    if (step > 0 && apart < 0) changes_in(divided_up(-apart, step));
    if (step < 0 && apart >= 0) changes_in(apart / -step + 1);
  } else if (drift != 0) {
    const Wide step = (drift < 0 ? -drift : drift) * nanoseconds_in_microsecond;
    if (order == 0) changes_in(1);
    if (order != 0 && (order < 0) == (drift > 0))
      changes_in(divided_up(difference < 0 ? -difference : difference, step));
  }
  return holds(function, order);
}

bool Evaluation::equals(const Node& at, const Value& a, const Value& b, bool& result, int depth) {
  if (depth > limits::value_depth_max) return fail(at, "the values nest too deep to be compared");
  if (!charge(at, 1)) return false;
  if (a.is(Kind::Sealed) || b.is(Kind::Sealed)) return fail(at, "a personal value may be asked only has() and size()");
  result = false;
  if (a.is_number() && b.is_number()) {
    result = compare_numbers(a, b) == 0;
    return true;
  }
  if (is_time(a) && is_time(b)) {
    result = compare_moments(*this, Function::Equal, a, b);
    return true;
  }
  if (a.kind() != b.kind()) return true;
  switch (a.kind()) {
    case Kind::Null:
      result = true;
      return true;
    case Kind::Bool:
      result = a.as_bool() == b.as_bool();
      return true;
    case Kind::String:
    case Kind::Bytes:
    case Kind::Type:
      result = a.as_string() == b.as_string();
      return charge_bytes(at, std::min(a.as_string().size(), b.as_string().size()));
    case Kind::Duration:
      result = compare_durations(*this, Function::Equal, a, b);
      return true;
    case Kind::Period:
      result = a.as_period() == b.as_period();
      return true;
    case Kind::Struct:
      result = &a.as_struct() == &b.as_struct();
      return true;
    case Kind::Optional: {
      const Value* x = a.as_optional();
      const Value* y = b.as_optional();
      if (x != nullptr && y != nullptr) return equals(at, *x, *y, result, depth + 1);
      result = x == y;
      return true;
    }
    case Kind::List: {
      const List& x = a.as_list();
      const List& y = b.as_list();
      result = x.size() == y.size();
      for (std::size_t i = 0; i < x.size() && result; ++i) {
        if (!equals(at, x.at(i), y.at(i), result, depth + 1)) return false;
      }
      return true;
    }
    case Kind::Map: {
      result = a.as_map().size() == b.as_map().size();
      for (const auto& [key, value] : a.as_map().entries()) {
        if (!result) break;
        const Value* other = b.as_map().find(key);
        result = other != nullptr;
        if (result && !equals(at, value, *other, result, depth + 1)) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

namespace {

bool apply_in(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Value& wanted = arguments[0];
  const Value& range = arguments[1];
  bool found = false;
  if (range.is(Kind::List)) {
    const List& list = range.as_list();
    for (std::size_t i = 0; i < list.size() && !found; ++i) {
      if (!evaluation.equals(node, wanted, list.at(i), found)) return false;
    }
  } else if (range.is(Kind::Map)) {
    found = range.as_map().find(wanted) != nullptr;
  } else if (range.is(Kind::Struct)) {
    found = wanted.is(Kind::String) && range.as_struct().has(wanted.as_string());
  } else {
    return evaluation.no_overload(node, arguments);
  }
  out = Value::boolean(found);
  return true;
}

}  // namespace

bool apply_comparison(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Function function = node.function;
  if (function == Function::In) return apply_in(evaluation, node, arguments, out);
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  if (a.is_number() && b.is_number()) {
    const bool ints = a.is(Kind::Int) && b.is(Kind::Int);
    out = Value::boolean(holds(function, ints ? three_way(a.as_int(), b.as_int()) : compare_numbers(a, b)));
    return true;
  }
  if (function == Function::Equal || function == Function::NotEqual) {
    bool equal = false;
    if (!evaluation.equals(node, a, b, equal)) return false;
    out = Value::boolean(equal == (function == Function::Equal));
    return true;
  }
  if (is_time(a) && is_time(b)) {
    out = Value::boolean(compare_moments(evaluation, function, a, b));
    return true;
  }
  if (a.kind() != b.kind()) return evaluation.no_overload(node, arguments);
  switch (a.kind()) {
    case Kind::Bool:
      out = Value::boolean(holds(function, three_way(a.as_bool(), b.as_bool())));
      return true;
    case Kind::String:
    case Kind::Bytes:
      if (!evaluation.charge_bytes(node, std::min(a.as_string().size(), b.as_string().size()))) return false;
      out = Value::boolean(holds(function, three_way(a.as_string().compare(b.as_string()), 0)));
      return true;
    case Kind::Duration:
      out = Value::boolean(compare_durations(evaluation, function, a, b));
      return true;
    default:
      break;
  }
  return evaluation.no_overload(node, arguments);
}

}  // namespace kvali::expression
