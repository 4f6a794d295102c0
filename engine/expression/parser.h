#pragma once
// Reads an expression into its tree.
#include <string>

#include "engine/expression/faults.h"
#include "engine/expression/tree.h"

namespace kvali::expression {

/// The tree of `source`. When anything is wrong, the faults tell it and the tree is not to be used. Macros are expanded
/// and their variables given slots; function names are looked up, unknown ones stay (an expression may absorb them).
Tree parse(std::string source, Faults& faults);

}  // namespace kvali::expression
