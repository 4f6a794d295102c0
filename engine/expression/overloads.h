#pragma once
// What every function and operator takes and gives: a table, read by the checker and shown in its messages. It follows the
// list of standard definitions in the CEL language definition and those of the extensions; dates and periods are kvali's.
#include <vector>

#include "engine/expression/functions.h"
#include "engine/expression/type.h"

namespace kvali::expression {

struct Overload {
  std::vector<Type> arguments;  // the receiver first; parameters as letters
  Type result;
};

/// The overloads of a function; empty for those whose types follow rules of their own: ==, != and in, which compare numbers
/// of all kinds and dates with timestamps; math.greatest and math.least, which take any number of arguments.
const std::vector<Overload>& overloads_of(Function function);

}  // namespace kvali::expression
