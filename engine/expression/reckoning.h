#pragma once
// One reckoning of a bound as it runs: the same walk as the evaluation's, over sizes in place of values. Included by the
// bound's sources only.
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/expression/bound.h"
#include "engine/expression/extent.h"
#include "engine/expression/tree.h"

namespace kvali::expression {

/// What a part of an expression costs at most each time, and how large its value is.
struct Cost {
  std::uint64_t work = 0;
  std::uint64_t walked = 0;  // items, of a macro that walks
  Extent extent;
};

class Reckoning {
 public:
  Reckoning(const Tree& tree, const Declarations& names) : tree_(tree), names_(names), locals_(tree.slots) {}
  Bound run();

 private:
  Extent reckon(const Node& node);
  Extent value_of(const Node& node, Cost& cost);
  Extent named(const Node& node, Cost& cost);
  Extent collection(const Node& node, Cost& cost);
  Extent comprehension(const Node& node, Cost& cost);
  Extent call(const Node& node, Cost& cost);
  std::uint64_t work_of(const Node& node) const { return costs_.at(&node).work; }

  const Node* dearest(std::string& told) const;
  std::string described(const Node& node) const;

  const Tree& tree_;
  const Declarations& names_;
  std::vector<Extent> locals_;
  std::unordered_map<const Node*, Cost> costs_;
};

/// What a function makes of its arguments, and the work of its own.
Extent extent_of_call(const Node& node, std::span<const Extent> arguments, std::uint64_t& work);

}  // namespace kvali::expression
