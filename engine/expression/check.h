#pragma once
// The type checker: what every part of an expression gives, and everything in it that cannot fit. It follows the CEL language
// definition (section "Gradual Type Checking"): dyn fits everywhere, parameters of overloads are found by unification. Wider
// than there: numbers of different kinds, and a date and a timestamp, may be compared with == and in, as they are at run time.
// Narrower: what is sealed may be asked has() and size() and nothing else.
#include <unordered_map>

#include "engine/expression/expression.h"
#include "engine/expression/faults.h"
#include "engine/expression/tree.h"
#include "engine/expression/type.h"

namespace kvali::expression {

/// The types of an expression's nodes, kept beside the tree: valid as long as the tree is.
struct Typing {
  Type result;
  std::unordered_map<const Node*, Type> types;  // of every node that stands for a value by itself; settled, no parameters
};

/// Checks a tree that was read. When something is wrong the faults tell it, and the types are not to be used.
Typing check(const Tree& tree, const Declarations& names, Faults& faults);

/// Whether a name such as "int" or "google.protobuf.Timestamp" is that of a type.
bool is_type_name(std::string_view name);

}  // namespace kvali::expression
