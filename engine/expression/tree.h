#pragma once
// The parsed expression: what the parser builds, the evaluator walks and the printer writes. Macros (all, exists, map
// …) are nodes of their own, so that an explanation can name them as their author wrote them.
#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/functions.h"
#include "engine/expression/value.h"

namespace kvali::expression {

enum class NodeKind : std::uint8_t {
  Constant,     // `constant`
  Name,         // `name`, perhaps of a type; `path` is the same
  Now,          // the moment of the evaluation
  Local,        // a variable of an enclosing macro, in `slot`; `name` as written
  Select,       // children[0].name; `path` when it is a.b.c of bare names
  Has,          // has(children[0].name); without children has(name)
  Index,        // children[0][children[1]]
  Call,         // `function` of the children; the receiver is the first
  List,         // children; `marked` where [?x]; of constants alone, also `constant`
  Map,          // children: key, value, key, value …; `marked` where {?k: v}
  Conditional,  // children[0] ? children[1] : children[2]
  And,
  Or,             // two or more children
  Comprehension,  // `macro` over children[0]; then the predicate or filter and the transformation
  Bind,           // cel.bind(name, children[0], children[1])
  OptionalMap,    // children[0].optMap(name, children[1]); `marked` for optFlatMap
};

enum class Macro : std::uint8_t { All, Exists, ExistsOne, Map, Filter, TransformList, TransformMap, TransformMapEntry };
std::string_view macro_name(Macro macro);

struct Node {
  NodeKind kind = NodeKind::Constant;
  Function function = Function::Unknown;
  Macro macro = Macro::All;
  bool optional = false;       // a.?b, a[?b]; optFlatMap
  bool receiver = false;       // a call written x.f(y)
  bool absolute = false;       // a name written .x
  bool has_filter = false;     // map, transformList and transformMap with a filter before the transformation
  std::uint8_t variables = 1;  // of a comprehension: 1 or 2, in slot and slot + 1
  std::uint16_t slot = 0;
  std::uint16_t depth = 0;   // 0 for a leaf
  std::uint32_t offset = 0;  // bytes from the beginning of the source
  std::string name;
  std::string second_name;  // the second variable of a comprehension
  std::string path;
  Value constant;
  std::vector<Node> children;
  std::vector<bool> marked;
  std::shared_ptr<const RE2> pattern;  // of matches() with a constant pattern
};

/// An expression that was read: shared by its copies, never changed.
struct Tree {
  std::string source;
  Node root;
  std::size_t slots = 0;  // variables of macros alive at once
};

/// A node as its author could have written it beside + and -: in parentheses where it binds less tightly.
std::string operand_text(const Node& node);

}  // namespace kvali::expression
