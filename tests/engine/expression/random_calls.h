#pragma once
// Which functions make which sort of value from which: what random trees are made of.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/expression/functions.h"

namespace kvali::expression::testing {

enum class Sort : std::uint8_t {
  Bool,
  Int,
  Uint,
  Double,
  Text,
  Bytes,
  List,
  Map,
  Time,
  Duration,
  Date,
  Period,
  Optional,
};
inline constexpr std::size_t sorts = 13;

struct Form {
  Function function;
  Sort result;
  std::vector<Sort> arguments;
};

/// Every form of a function that makes this sort of value; at least one.
const std::vector<Form>& forms_of(Sort result);

}  // namespace kvali::expression::testing
