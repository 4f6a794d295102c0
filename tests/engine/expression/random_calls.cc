#include "tests/engine/expression/random_calls.h"

#include <array>

namespace kvali::expression::testing {

namespace {

using F = Function;
using S = Sort;

std::vector<Form> operators() {
  std::vector<Form> forms{
      {F::Not, S::Bool, {S::Bool}},
      {F::Negate, S::Int, {S::Int}},
      {F::Negate, S::Double, {S::Double}},
      {F::Modulo, S::Int, {S::Int, S::Int}},
      {F::Modulo, S::Uint, {S::Uint, S::Uint}},
      {F::Add, S::Text, {S::Text, S::Text}},
      {F::Add, S::Bytes, {S::Bytes, S::Bytes}},
      {F::Add, S::List, {S::List, S::List}},
      {F::Add, S::Time, {S::Time, S::Duration}},
      {F::Add, S::Time, {S::Duration, S::Time}},
      {F::Add, S::Time, {S::Time, S::Period}},
      {F::Subtract, S::Time, {S::Time, S::Duration}},
      {F::Subtract, S::Time, {S::Time, S::Period}},
      {F::Subtract, S::Duration, {S::Time, S::Time}},
      {F::Add, S::Duration, {S::Duration, S::Duration}},
      {F::Subtract, S::Duration, {S::Duration, S::Duration}},
      {F::Add, S::Date, {S::Date, S::Period}},
      {F::Subtract, S::Date, {S::Date, S::Period}},
      {F::In, S::Bool, {S::Int, S::List}},
      {F::In, S::Bool, {S::Text, S::Map}},
      {F::LessEqual, S::Bool, {S::Time, S::Date}},
      {F::Greater, S::Bool, {S::Date, S::Time}},
      {F::Equal, S::Bool, {S::Time, S::Date}},
      {F::Less, S::Bool, {S::Int, S::Double}},
      {F::GreaterEqual, S::Bool, {S::Uint, S::Int}},
  };
  for (const S sort : {S::Int, S::Uint, S::Double}) {
    for (const F function : {F::Add, F::Subtract, F::Multiply, F::Divide}) {
      forms.push_back({function, sort, {sort, sort}});
    }
  }
  for (const S sort : {S::Int, S::Uint, S::Double, S::Text, S::Bytes, S::Time, S::Duration, S::Date, S::Bool}) {
    for (const F function : {F::Less, F::LessEqual, F::Greater, F::GreaterEqual}) {
      forms.push_back({function, S::Bool, {sort, sort}});
    }
  }
  for (std::size_t sort = 0; sort < sorts; ++sort) {
    for (const F function : {F::Equal, F::NotEqual}) {
      forms.push_back({function, S::Bool, {static_cast<S>(sort), static_cast<S>(sort)}});
    }
  }
  return forms;
}

std::vector<Form> library() {
  std::vector<Form> forms{
      {F::Size, S::Int, {S::Text}},
      {F::Size, S::Int, {S::List}},
      {F::Size, S::Int, {S::Map}},
      {F::Size, S::Int, {S::Bytes}},
      {F::Contains, S::Bool, {S::Text, S::Text}},
      {F::StartsWith, S::Bool, {S::Text, S::Text}},
      {F::EndsWith, S::Bool, {S::Text, S::Text}},
      {F::Matches, S::Bool, {S::Text, S::Text}},
      {F::ToBool, S::Bool, {S::Text}},
      {F::ToInt, S::Int, {S::Double}},
      {F::ToInt, S::Int, {S::Text}},
      {F::ToInt, S::Int, {S::Uint}},
      {F::ToInt, S::Int, {S::Time}},
      {F::ToUint, S::Uint, {S::Int}},
      {F::ToUint, S::Uint, {S::Text}},
      {F::ToUint, S::Uint, {S::Double}},
      {F::ToDouble, S::Double, {S::Int}},
      {F::ToDouble, S::Double, {S::Text}},
      {F::ToString, S::Text, {S::Int}},
      {F::ToString, S::Text, {S::Double}},
      {F::ToString, S::Text, {S::Bytes}},
      {F::ToString, S::Text, {S::Time}},
      {F::ToString, S::Text, {S::Duration}},
      {F::ToString, S::Text, {S::Date}},
      {F::ToBytes, S::Bytes, {S::Text}},
      {F::ToTimestamp, S::Time, {S::Text}},
      {F::ToTimestamp, S::Time, {S::Int}},
      {F::ToTimestamp, S::Time, {S::Date}},
      {F::ToDuration, S::Duration, {S::Text}},
      {F::ToPeriod, S::Period, {S::Text}},
      {F::ToDate, S::Date, {S::Text}},
      {F::ToDate, S::Date, {S::Time}},
      {F::ToDate, S::Date, {S::Time, S::Text}},
      {F::Dyn, S::Map, {S::Map}},
      {F::Dyn, S::Bytes, {S::Bytes}},
      {F::Dyn, S::Period, {S::Period}},
      {F::Equal, S::Bool, {S::Int, S::Text}},
  };
  for (F getter = F::GetDate; getter <= F::GetSeconds; getter = static_cast<F>(static_cast<int>(getter) + 1)) {
    forms.push_back({getter, S::Int, {S::Time}});
    forms.push_back({getter, S::Int, {S::Time, S::Text}});
  }
  for (const F getter : {F::GetHours, F::GetMinutes, F::GetSeconds, F::GetMilliseconds}) {
    forms.push_back({getter, S::Int, {S::Duration}});
  }
  for (const F getter : {F::GetFullYear, F::GetMonth, F::GetDayOfWeek}) forms.push_back({getter, S::Int, {S::Date}});
  for (const S sort : {S::Int, S::Text, S::Time, S::Map}) forms.push_back({F::TypeOf, S::Bool, {sort}});
  return forms;
}

std::vector<Form> extensions() {
  std::vector<Form> forms{
      {F::CharAt, S::Text, {S::Text, S::Int}},
      {F::IndexOf, S::Int, {S::Text, S::Text}},
      {F::IndexOf, S::Int, {S::Text, S::Text, S::Int}},
      {F::LastIndexOf, S::Int, {S::Text, S::Text}},
      {F::LastIndexOf, S::Int, {S::Text, S::Text, S::Int}},
      {F::LowerAscii, S::Text, {S::Text}},
      {F::UpperAscii, S::Text, {S::Text}},
      {F::Replace, S::Text, {S::Text, S::Text, S::Text}},
      {F::Replace, S::Text, {S::Text, S::Text, S::Text, S::Int}},
      {F::Split, S::List, {S::Text, S::Text}},
      {F::Split, S::List, {S::Text, S::Text, S::Int}},
      {F::Substring, S::Text, {S::Text, S::Int}},
      {F::Substring, S::Text, {S::Text, S::Int, S::Int}},
      {F::Trim, S::Text, {S::Text}},
      {F::Join, S::Text, {S::List}},
      {F::Join, S::Text, {S::List, S::Text}},
      {F::Reverse, S::Text, {S::Text}},
      {F::Format, S::Text, {S::Text, S::List}},
      {F::Quote, S::Text, {S::Text}},
      {F::IsNan, S::Bool, {S::Double}},
      {F::IsInf, S::Bool, {S::Double}},
      {F::IsFinite, S::Bool, {S::Double}},
      {F::Greatest, S::Int, {S::Int, S::Int}},
      {F::Greatest, S::Double, {S::Double, S::Int, S::Uint}},
      {F::Greatest, S::Uint, {S::List}},
      {F::Least, S::Int, {S::List}},
      {F::Least, S::Double, {S::Double, S::Double, S::Double, S::Double}},
      {F::BitNot, S::Int, {S::Int}},
      {F::BitNot, S::Uint, {S::Uint}},
      {F::Base64Encode, S::Text, {S::Bytes}},
      {F::Base64Decode, S::Bytes, {S::Text}},
      {F::HasValue, S::Bool, {S::Optional}},
      {F::OptionalValue, S::Int, {S::Optional}},
      {F::OptionalOf, S::Optional, {S::Int}},
      {F::OptionalOf, S::Optional, {S::Map}},
      {F::OptionalOf, S::Optional, {S::Time}},
      {F::OptionalOfNonZero, S::Optional, {S::Text}},
      {F::OrOptional, S::Optional, {S::Optional, S::Optional}},
  };
  for (const F function : {F::Ceil, F::Floor, F::Round, F::Trunc, F::Abs, F::Sign, F::Sqrt}) {
    forms.push_back({function, S::Double, {S::Double}});
  }
  for (const S sort : {S::Int, S::Uint}) {
    for (const F function : {F::Abs, F::Sign}) forms.push_back({function, sort, {sort}});
    for (const F function : {F::BitAnd, F::BitOr, F::BitXor}) forms.push_back({function, sort, {sort, sort}});
    for (const F function : {F::BitShiftLeft, F::BitShiftRight}) forms.push_back({function, sort, {sort, S::Int}});
  }
  return forms;
}

std::array<std::vector<Form>, sorts> sorted() {
  std::array<std::vector<Form>, sorts> by_result;
  for (const auto& forms : {operators(), library(), extensions()}) {
    for (const Form& form : forms) by_result[static_cast<std::size_t>(form.result)].push_back(form);
  }
  return by_result;
}

}  // namespace

const std::vector<Form>& forms_of(Sort result) {
  static const auto by_result = sorted();
  return by_result[static_cast<std::size_t>(result)];
}

}  // namespace kvali::expression::testing
