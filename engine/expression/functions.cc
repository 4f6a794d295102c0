#include "engine/expression/functions.h"

#include <algorithm>
#include <array>

namespace kvali::expression {

namespace {

constexpr bool yes = true, no = false;

constexpr auto table = std::to_array<FunctionInfo>({
    {Function::Not, "!", no, no, 1, 1},
    {Function::Negate, "-", no, no, 1, 1},
    {Function::Add, "+", no, no, 2, 2},
    {Function::Subtract, "-", no, no, 2, 2},
    {Function::Multiply, "*", no, no, 2, 2},
    {Function::Divide, "/", no, no, 2, 2},
    {Function::Modulo, "%", no, no, 2, 2},
    {Function::Equal, "==", no, no, 2, 2},
    {Function::NotEqual, "!=", no, no, 2, 2},
    {Function::Less, "<", no, no, 2, 2},
    {Function::LessEqual, "<=", no, no, 2, 2},
    {Function::Greater, ">", no, no, 2, 2},
    {Function::GreaterEqual, ">=", no, no, 2, 2},
    {Function::In, "in", no, no, 2, 2},

    {Function::Size, "size", yes, yes, 1, 1},
    {Function::Contains, "contains", no, yes, 2, 2},
    {Function::StartsWith, "startsWith", no, yes, 2, 2},
    {Function::EndsWith, "endsWith", no, yes, 2, 2},
    {Function::Matches, "matches", yes, yes, 2, 2},
    {Function::ToBool, "bool", yes, no, 1, 1},
    {Function::ToInt, "int", yes, no, 1, 1},
    {Function::ToUint, "uint", yes, no, 1, 1},
    {Function::ToDouble, "double", yes, no, 1, 1},
    {Function::ToString, "string", yes, no, 1, 1},
    {Function::ToBytes, "bytes", yes, no, 1, 1},
    {Function::ToTimestamp, "timestamp", yes, no, 1, 1},
    {Function::ToDuration, "duration", yes, no, 1, 1},
    {Function::TypeOf, "type", yes, no, 1, 1},
    {Function::Dyn, "dyn", yes, no, 1, 1},
    {Function::GetDate, "getDate", no, yes, 1, 2},
    {Function::GetDayOfMonth, "getDayOfMonth", no, yes, 1, 2},
    {Function::GetDayOfWeek, "getDayOfWeek", no, yes, 1, 2},
    {Function::GetDayOfYear, "getDayOfYear", no, yes, 1, 2},
    {Function::GetFullYear, "getFullYear", no, yes, 1, 2},
    {Function::GetHours, "getHours", no, yes, 1, 2},
    {Function::GetMilliseconds, "getMilliseconds", no, yes, 1, 2},
    {Function::GetMinutes, "getMinutes", no, yes, 1, 2},
    {Function::GetMonth, "getMonth", no, yes, 1, 2},
    {Function::GetSeconds, "getSeconds", no, yes, 1, 2},

    {Function::ToPeriod, "period", yes, no, 1, 1},
    {Function::ToDate, "date", yes, no, 1, 2},

    {Function::CharAt, "charAt", no, yes, 2, 2},
    {Function::IndexOf, "indexOf", no, yes, 2, 3},
    {Function::LastIndexOf, "lastIndexOf", no, yes, 2, 3},
    {Function::LowerAscii, "lowerAscii", no, yes, 1, 1},
    {Function::UpperAscii, "upperAscii", no, yes, 1, 1},
    {Function::Replace, "replace", no, yes, 3, 4},
    {Function::Split, "split", no, yes, 2, 3},
    {Function::Substring, "substring", no, yes, 2, 3},
    {Function::Trim, "trim", no, yes, 1, 1},
    {Function::Join, "join", no, yes, 1, 2},
    {Function::Reverse, "reverse", no, yes, 1, 1},
    {Function::Format, "format", no, yes, 2, 2},
    {Function::Quote, "strings.quote", yes, no, 1, 1},

    {Function::Greatest, "math.greatest", yes, no, 1, any_number},
    {Function::Least, "math.least", yes, no, 1, any_number},
    {Function::Sum, "sum", no, yes, 1, 2},
    {Function::Ceil, "math.ceil", yes, no, 1, 1},
    {Function::Floor, "math.floor", yes, no, 1, 1},
    {Function::Round, "math.round", yes, no, 1, 1},
    {Function::Trunc, "math.trunc", yes, no, 1, 1},
    {Function::Abs, "math.abs", yes, no, 1, 1},
    {Function::Sign, "math.sign", yes, no, 1, 1},
    {Function::Sqrt, "math.sqrt", yes, no, 1, 1},
    {Function::IsNan, "math.isNaN", yes, no, 1, 1},
    {Function::IsInf, "math.isInf", yes, no, 1, 1},
    {Function::IsFinite, "math.isFinite", yes, no, 1, 1},
    {Function::BitAnd, "math.bitAnd", yes, no, 2, 2},
    {Function::BitOr, "math.bitOr", yes, no, 2, 2},
    {Function::BitXor, "math.bitXor", yes, no, 2, 2},
    {Function::BitNot, "math.bitNot", yes, no, 1, 1},
    {Function::BitShiftLeft, "math.bitShiftLeft", yes, no, 2, 2},
    {Function::BitShiftRight, "math.bitShiftRight", yes, no, 2, 2},

    {Function::OptionalOf, "optional.of", yes, no, 1, 1},
    {Function::OptionalOfNonZero, "optional.ofNonZeroValue", yes, no, 1, 1},
    {Function::OptionalNone, "optional.none", yes, no, 0, 0},
    {Function::HasValue, "hasValue", no, yes, 1, 1},
    {Function::OptionalValue, "value", no, yes, 1, 1},
    {Function::OrOptional, "or", no, yes, 2, 2},
    {Function::OrValue, "orValue", no, yes, 2, 2},

    {Function::Base64Encode, "base64.encode", yes, no, 1, 1},
    {Function::Base64Decode, "base64.decode", yes, no, 1, 1},
});

constexpr FunctionInfo unknown_function{};

}  // namespace

const FunctionInfo* find_function(std::string_view name, bool receiver) {
  for (const FunctionInfo& info : table) {
    if (info.name == name && (receiver ? info.receiver : info.plain)) return &info;
  }
  return nullptr;
}

const FunctionInfo& info_of(Function function) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& info) { return info.function == function; });
  return found == table.end() ? unknown_function : *found;
}

std::vector<std::string_view> function_names(bool receiver) {
  std::vector<std::string_view> names;
  for (const FunctionInfo& info : table) {
    if (receiver ? info.receiver : info.plain) names.push_back(info.name);
  }
  return names;
}

}  // namespace kvali::expression
