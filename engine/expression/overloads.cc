#include "engine/expression/overloads.h"

#include <array>
#include <string_view>

#include "engine/result.h"

namespace kvali::expression {

namespace {

struct Row {
  Function function;
  std::string_view arguments;  // separated by semicolons
  std::string_view result;
};

constexpr auto table = std::to_array<Row>({
    {Function::Not, "bool", "bool"},
    {Function::Negate, "int", "int"},
    {Function::Negate, "double", "double"},

    {Function::Add, "int; int", "int"},
    {Function::Add, "uint; uint", "uint"},
    {Function::Add, "double; double", "double"},
    {Function::Add, "string; string", "string"},
    {Function::Add, "bytes; bytes", "bytes"},
    {Function::Add, "list(A); list(A)", "list(A)"},
    {Function::Add, "timestamp; duration", "timestamp"},
    {Function::Add, "duration; timestamp", "timestamp"},
    {Function::Add, "duration; duration", "duration"},
    {Function::Add, "timestamp; period", "timestamp"},
    {Function::Add, "period; timestamp", "timestamp"},
    {Function::Add, "date; period", "date"},
    {Function::Add, "period; date", "date"},
    {Function::Subtract, "int; int", "int"},
    {Function::Subtract, "uint; uint", "uint"},
    {Function::Subtract, "double; double", "double"},
    {Function::Subtract, "timestamp; timestamp", "duration"},
    {Function::Subtract, "timestamp; duration", "timestamp"},
    {Function::Subtract, "duration; duration", "duration"},
    {Function::Subtract, "timestamp; period", "timestamp"},
    {Function::Subtract, "date; date", "duration"},
    {Function::Subtract, "date; timestamp", "duration"},
    {Function::Subtract, "timestamp; date", "duration"},
    {Function::Subtract, "date; period", "date"},
    {Function::Multiply, "int; int", "int"},
    {Function::Multiply, "uint; uint", "uint"},
    {Function::Multiply, "double; double", "double"},
    {Function::Divide, "int; int", "int"},
    {Function::Divide, "uint; uint", "uint"},
    {Function::Divide, "double; double", "double"},
    {Function::Modulo, "int; int", "int"},
    {Function::Modulo, "uint; uint", "uint"},

    {Function::Less, "bool; bool", "bool"},
    {Function::Less, "int; int", "bool"},
    {Function::Less, "int; uint", "bool"},
    {Function::Less, "int; double", "bool"},
    {Function::Less, "uint; uint", "bool"},
    {Function::Less, "uint; int", "bool"},
    {Function::Less, "uint; double", "bool"},
    {Function::Less, "double; double", "bool"},
    {Function::Less, "double; int", "bool"},
    {Function::Less, "double; uint", "bool"},
    {Function::Less, "string; string", "bool"},
    {Function::Less, "bytes; bytes", "bool"},
    {Function::Less, "timestamp; timestamp", "bool"},
    {Function::Less, "timestamp; date", "bool"},
    {Function::Less, "date; date", "bool"},
    {Function::Less, "date; timestamp", "bool"},
    {Function::Less, "duration; duration", "bool"},

    {Function::Size, "string", "int"},
    {Function::Size, "bytes", "int"},
    {Function::Size, "list(A)", "int"},
    {Function::Size, "map(A, B)", "int"},
    {Function::Size, "sealed", "int"},
    {Function::Contains, "string; string", "bool"},
    {Function::StartsWith, "string; string", "bool"},
    {Function::EndsWith, "string; string", "bool"},
    {Function::Matches, "string; string", "bool"},

    {Function::ToBool, "bool", "bool"},
    {Function::ToBool, "string", "bool"},
    {Function::ToInt, "int", "int"},
    {Function::ToInt, "uint", "int"},
    {Function::ToInt, "double", "int"},
    {Function::ToInt, "string", "int"},
    {Function::ToInt, "timestamp", "int"},
    {Function::ToUint, "uint", "uint"},
    {Function::ToUint, "int", "uint"},
    {Function::ToUint, "double", "uint"},
    {Function::ToUint, "string", "uint"},
    {Function::ToDouble, "double", "double"},
    {Function::ToDouble, "int", "double"},
    {Function::ToDouble, "uint", "double"},
    {Function::ToDouble, "string", "double"},
    {Function::ToString, "string", "string"},
    {Function::ToString, "bool", "string"},
    {Function::ToString, "int", "string"},
    {Function::ToString, "uint", "string"},
    {Function::ToString, "double", "string"},
    {Function::ToString, "bytes", "string"},
    {Function::ToString, "timestamp", "string"},
    {Function::ToString, "duration", "string"},
    {Function::ToString, "date", "string"},
    {Function::ToString, "period", "string"},
    {Function::ToString, "type", "string"},
    {Function::ToBytes, "bytes", "bytes"},
    {Function::ToBytes, "string", "bytes"},
    {Function::ToTimestamp, "timestamp", "timestamp"},
    {Function::ToTimestamp, "string", "timestamp"},
    {Function::ToTimestamp, "int", "timestamp"},
    {Function::ToTimestamp, "date", "timestamp"},
    {Function::ToDuration, "duration", "duration"},
    {Function::ToDuration, "string", "duration"},
    {Function::ToDuration, "int", "duration"},
    {Function::TypeOf, "A", "type"},
    {Function::Dyn, "A", "dyn"},

    {Function::GetDate, "timestamp", "int"},
    {Function::GetDate, "timestamp; string", "int"},
    {Function::GetDate, "date", "int"},
    {Function::GetHours, "timestamp", "int"},
    {Function::GetHours, "timestamp; string", "int"},
    {Function::GetHours, "duration", "int"},

    {Function::ToPeriod, "period", "period"},
    {Function::ToPeriod, "string", "period"},
    {Function::ToDate, "date", "date"},
    {Function::ToDate, "string", "date"},
    {Function::ToDate, "timestamp", "date"},
    {Function::ToDate, "timestamp; string", "date"},

    {Function::CharAt, "string; int", "string"},
    {Function::IndexOf, "string; string", "int"},
    {Function::IndexOf, "string; string; int", "int"},
    {Function::LowerAscii, "string", "string"},
    {Function::Replace, "string; string; string", "string"},
    {Function::Replace, "string; string; string; int", "string"},
    {Function::Split, "string; string", "list(string)"},
    {Function::Split, "string; string; int", "list(string)"},
    {Function::Substring, "string; int", "string"},
    {Function::Substring, "string; int; int", "string"},
    {Function::Join, "list(string)", "string"},
    {Function::Join, "list(string); string", "string"},
    {Function::Format, "string; list(dyn)", "string"},

    {Function::Sum, "list(int)", "int"},
    {Function::Sum, "list(uint)", "uint"},
    {Function::Sum, "list(double)", "double"},
    {Function::Sum, "list(duration)", "duration"},
    {Function::Sum, "list(int); int", "int"},
    {Function::Sum, "list(uint); uint", "uint"},
    {Function::Sum, "list(double); double", "double"},
    {Function::Sum, "list(duration); duration", "duration"},
    {Function::Ceil, "double", "double"},
    {Function::Abs, "int", "int"},
    {Function::Abs, "uint", "uint"},
    {Function::Abs, "double", "double"},
    {Function::Sqrt, "int", "double"},
    {Function::Sqrt, "uint", "double"},
    {Function::Sqrt, "double", "double"},
    {Function::IsNan, "double", "bool"},
    {Function::BitAnd, "int; int", "int"},
    {Function::BitAnd, "uint; uint", "uint"},
    {Function::BitNot, "int", "int"},
    {Function::BitNot, "uint", "uint"},
    {Function::BitShiftLeft, "int; int", "int"},
    {Function::BitShiftLeft, "uint; int", "uint"},

    {Function::OptionalOf, "A", "optional(A)"},
    {Function::OptionalNone, "", "optional(A)"},
    {Function::HasValue, "optional(A)", "bool"},
    {Function::OptionalValue, "optional(A)", "A"},
    {Function::OrOptional, "optional(A); optional(A)", "optional(A)"},
    {Function::OrValue, "optional(A); A", "A"},

    {Function::Base64Encode, "bytes", "string"},
    {Function::Base64Decode, "string", "bytes"},
});

/// The function whose rows another one has too.
Function same_as(Function function) {
  switch (function) {
    case Function::LessEqual:
    case Function::Greater:
    case Function::GreaterEqual:
      return Function::Less;
    case Function::GetDayOfMonth:
    case Function::GetDayOfWeek:
    case Function::GetDayOfYear:
    case Function::GetFullYear:
    case Function::GetMonth:
      return Function::GetDate;
    case Function::GetMinutes:
    case Function::GetSeconds:
    case Function::GetMilliseconds:
      return Function::GetHours;
    case Function::LastIndexOf:
      return Function::IndexOf;
    case Function::UpperAscii:
    case Function::Trim:
    case Function::Reverse:
    case Function::Quote:
      return Function::LowerAscii;
    case Function::Floor:
    case Function::Round:
    case Function::Trunc:
      return Function::Ceil;
    case Function::Sign:
      return Function::Abs;
    case Function::IsInf:
    case Function::IsFinite:
      return Function::IsNan;
    case Function::BitOr:
    case Function::BitXor:
      return Function::BitAnd;
    case Function::BitShiftRight:
      return Function::BitShiftLeft;
    case Function::OptionalOfNonZero:
      return Function::OptionalOf;
    default:
      return function;
  }
}

Type written(std::string_view text) {
  auto type = type_of(text);
  KVALI_CHECK(type.has_value());
  return *type;
}

constexpr std::size_t functions = 256;
using Overloads = std::array<std::vector<Overload>, functions>;

Overloads read_table() {
  Overloads all;
  for (const Row& row : table) {
    Overload overload{{}, written(row.result)};
    for (std::string_view rest = row.arguments; !rest.empty();) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      overload.arguments.push_back(written(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    all[static_cast<std::size_t>(row.function)].push_back(std::move(overload));
  }
  return all;
}

}  // namespace

const std::vector<Overload>& overloads_of(Function function) {
  static const Overloads all = read_table();
  return all[static_cast<std::size_t>(same_as(function))];
}

}  // namespace kvali::expression
