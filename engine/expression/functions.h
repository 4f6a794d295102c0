#pragma once
// The names of everything that can be called: operators, the standard library of CEL, its extensions (strings, math,
// optionals, encoders) and kvali's dates and periods.
#include <cstdint>
#include <string_view>
#include <vector>

namespace kvali::expression {

enum class Function : std::uint8_t {
  Unknown,
  // operators
  Not,
  Negate,
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  // standard library
  Size,
  Contains,
  StartsWith,
  EndsWith,
  Matches,
  ToBool,
  ToInt,
  ToUint,
  ToDouble,
  ToString,
  ToBytes,
  ToTimestamp,
  ToDuration,
  TypeOf,
  Dyn,
  GetDate,
  GetDayOfMonth,
  GetDayOfWeek,
  GetDayOfYear,
  GetFullYear,
  GetHours,
  GetMilliseconds,
  GetMinutes,
  GetMonth,
  GetSeconds,
  // kvali
  ToPeriod,
  ToDate,
  // strings
  CharAt,
  IndexOf,
  LastIndexOf,
  LowerAscii,
  UpperAscii,
  Replace,
  Split,
  Substring,
  Trim,
  Join,
  Reverse,
  Format,
  Quote,
  // math
  Greatest,
  Least,
  Sum,  // of kvali, of a list
  Ceil,
  Floor,
  Round,
  Trunc,
  Abs,
  Sign,
  Sqrt,
  IsNan,
  IsInf,
  IsFinite,
  BitAnd,
  BitOr,
  BitXor,
  BitNot,
  BitShiftLeft,
  BitShiftRight,
  // optionals
  OptionalOf,
  OptionalOfNonZero,
  OptionalNone,
  HasValue,
  OptionalValue,
  OrOptional,
  OrValue,
  // encoders
  Base64Encode,
  Base64Decode,
};

inline constexpr std::uint8_t any_number = 255;  // of arguments

struct FunctionInfo {
  Function function = Function::Unknown;
  std::string_view name;           // "size", "math.greatest"; of an operator its sign
  bool plain = false;              // f(x, …)
  bool receiver = false;           // x.f(…)
  std::uint8_t arguments_min = 0;  // the receiver counts
  std::uint8_t arguments_max = 0;
};

/// The function of that name in that form; null when there is none.
const FunctionInfo* find_function(std::string_view name, bool receiver);
/// What is known of a function, for messages and the printer.
const FunctionInfo& info_of(Function function);
/// Every name that can stand before a parenthesis, for suggestions.
std::vector<std::string_view> function_names(bool receiver);

}  // namespace kvali::expression
