// Conversions between kinds: int(x), string(x), timestamp(x) …, type(x), and the encoders.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "engine/expression/conversions.h"
#include "engine/expression/display.h"
#include "engine/expression/evaluation.h"
#include "engine/expression/numbers.h"
#include "engine/expression/utf8.h"

namespace kvali::expression {

namespace {

/// The arguments of a call with what every conversion needs at hand.
struct Conversion {
  Evaluation& evaluation;
  const Node& node;
  Arguments arguments;
  Value& out;

  const Value& value() const { return arguments[0]; }
  bool give(Value made) const {
    out = std::move(made);
    return true;
  }
  bool no_overload() const { return evaluation.no_overload(node, arguments); }
  bool bad(const char* what) const { return evaluation.fail(node, fmt::format("{} is {}", to_text(value()), what)); }
  bool same() const { return give(value()); }
  /// Charges for the text or bytes that are read.
  bool touch() const { return evaluation.charge_bytes(node, value().as_string().size()); }
};

bool to_bool(const Conversion& c) {
  if (c.value().is(Kind::Bool)) return c.same();
  if (!c.value().is(Kind::String)) return c.no_overload();
  const std::string& text = c.value().as_string();
  for (const char* yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return c.give(Value::boolean(true));
  }
  for (const char* no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return c.give(Value::boolean(false));
  }
  return c.bad("neither true nor false");
}

template <class Whole>
bool parse_whole(const std::string& text, Whole& whole) {
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, whole);
  return error == std::errc{} && stop == end && begin != end;
}

bool to_int(const Conversion& c) {
  const Value& value = c.value();
  switch (value.kind()) {
    case Kind::Int:
      return c.same();
    case Kind::Uint:
      if (value.as_uint() > INT64_MAX) return c.bad("out of the range of int");
      return c.give(Value::integer(static_cast<std::int64_t>(value.as_uint())));
    case Kind::Double: {
      const double number = value.as_double();
      if (!(number > -0x1p63 && number < 0x1p63)) return c.bad("out of the range of int");
      return c.give(Value::integer(static_cast<std::int64_t>(number)));
    }
    case Kind::String: {
      std::int64_t whole = 0;
      if (!c.touch()) return false;
      if (!parse_whole(value.as_string(), whole)) return c.bad("no int");
      return c.give(Value::integer(whole));
    }
    case Kind::Timestamp:
      if (value.drift() == 1) {
        c.evaluation.changes_in((Wide{1'000'000'000} - value.as_timestamp().nanos + 999) / 1'000);
      } else {
        c.evaluation.settle(value);
      }
      return c.give(Value::integer(value.as_timestamp().seconds));
    default:
      return c.no_overload();
  }
}

bool to_uint(const Conversion& c) {
  const Value& value = c.value();
  switch (value.kind()) {
    case Kind::Uint:
      return c.same();
    case Kind::Int:
      if (value.as_int() < 0) return c.bad("out of the range of uint");
      return c.give(Value::unsigned_integer(static_cast<std::uint64_t>(value.as_int())));
    case Kind::Double: {
      const double number = value.as_double();
      if (!(number >= 0 && number < 0x1p64)) return c.bad("out of the range of uint");
      return c.give(Value::unsigned_integer(static_cast<std::uint64_t>(number)));
    }
    case Kind::String: {
      std::uint64_t whole = 0;
      if (!c.touch()) return false;
      if (!parse_whole(value.as_string(), whole)) return c.bad("no uint");
      return c.give(Value::unsigned_integer(whole));
    }
    default:
      return c.no_overload();
  }
}

bool to_double(const Conversion& c) {
  const Value& value = c.value();
  switch (value.kind()) {
    case Kind::Double:
      return c.same();
    case Kind::Int:
      return c.give(Value::number(static_cast<double>(value.as_int())));
    case Kind::Uint:
      return c.give(Value::number(static_cast<double>(value.as_uint())));
    case Kind::String: {
      if (!c.touch()) return false;
      const auto number = double_of(value.as_string());
      return number ? c.give(Value::number(*number)) : c.bad("no double");
    }
    default:
      return c.no_overload();
  }
}

bool to_string(const Conversion& c) {
  const Value& value = c.value();
  switch (value.kind()) {
    case Kind::String:
      return c.same();
    case Kind::Bytes:
      if (!c.touch()) return false;
      if (utf8::first_invalid(value.as_string()) != std::string::npos) return c.bad("not valid UTF-8");
      return c.give(Value::string(value.as_string()));
    case Kind::Bool:
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::Timestamp:
    case Kind::Duration:
    case Kind::Date:
    case Kind::Period:
    case Kind::Type: {
      std::string text;
      return display(c.evaluation, c.node, value, text) && c.give(Value::string(std::move(text)));
    }
    default:
      return c.no_overload();
  }
}

/// timestamp(), duration(), period() and date() of a text.
bool read_text(const Conversion& c) {
  if (!c.touch()) return false;
  auto made = read_constant(c.node.function, c.value().as_string());
  if (!made) return c.evaluation.fail(c.node, made.error().message);
  return c.give(std::move(*made));
}

bool to_timestamp(const Conversion& c) {
  const Value& value = c.value();
  switch (value.kind()) {
    case Kind::Timestamp:
      return c.same();
    case Kind::String:
      return read_text(c);
    case Kind::Int:
      if (!in_range(value.as_int())) return c.bad("out of the range of timestamps, the years 0001 to 9999");
      return c.give(Value::timestamp({value.as_int(), 0}));
    case Kind::Date: {
      const Wide at = nanoseconds_of(c.evaluation, value);
      return c.give(Value::instant(static_cast<calendar::Instant>(at / 1'000)));
    }
    default:
      return c.no_overload();
  }
}

bool to_duration(const Conversion& c) {
  switch (c.value().kind()) {
    case Kind::Duration:
      return c.same();
    case Kind::String:
      return read_text(c);
    case Kind::Int: {
      std::int64_t nanoseconds = 0;
      if (__builtin_mul_overflow(c.value().as_int(), std::int64_t{1'000'000'000}, &nanoseconds)) {
        return c.bad("out of the range of durations");
      }
      return c.give(Value::duration(nanoseconds));
    }
    default:
      return c.no_overload();
  }
}

bool to_date(const Conversion& c) {
  if (c.value().is(Kind::Date) && c.arguments.size() == 1) return c.same();
  if (c.value().is(Kind::String) && c.arguments.size() == 1) return read_text(c);
  return date_of(c.evaluation, c.node, c.arguments, c.out);
}

bool base64(const Conversion& c) {
  const bool encodes = c.node.function == Function::Base64Encode;
  if (!c.value().is(encodes ? Kind::Bytes : Kind::String)) return c.no_overload();
  if (!c.touch() || !c.touch()) return false;
  if (encodes) return c.give(Value::string(base64_encoded(c.value().as_string())));
  auto bytes = base64_decoded(c.value().as_string());
  return bytes ? c.give(Value::bytes(std::move(*bytes))) : c.bad("not base64");
}

}  // namespace

bool apply_conversion(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Conversion c{evaluation, node, arguments, out};
  switch (node.function) {
    case Function::ToBool:
      return to_bool(c);
    case Function::ToInt:
      return to_int(c);
    case Function::ToUint:
      return to_uint(c);
    case Function::ToDouble:
      return to_double(c);
    case Function::ToString:
      return to_string(c);
    case Function::ToBytes:
      if (c.value().is(Kind::Bytes)) return c.same();
      if (!c.value().is(Kind::String)) return c.no_overload();
      return c.touch() && c.give(Value::bytes(c.value().as_string()));
    case Function::ToTimestamp:
      return to_timestamp(c);
    case Function::ToDuration:
      return to_duration(c);
    case Function::ToPeriod:
      if (c.value().is(Kind::Period)) return c.same();
      return c.value().is(Kind::String) ? read_text(c) : c.no_overload();
    case Function::ToDate:
      return to_date(c);
    case Function::Dyn:
      return c.same();
    case Function::TypeOf:
      return c.give(Value::type(type_name(c.value().kind())));
    case Function::Base64Encode:
    case Function::Base64Decode:
      return base64(c);
    default:
      return c.no_overload();
  }
}

}  // namespace kvali::expression
