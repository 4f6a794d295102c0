#include "engine/expression/bound.h"

#include <fmt/format.h>

#include <limits>

#include "engine/expression/checker.h"
#include "engine/expression/reckoning.h"

namespace kvali::expression {

namespace {

constexpr std::uint64_t uncountable = std::numeric_limits<std::uint64_t>::max();

std::string counted(std::uint64_t number) {
  return number == uncountable ? "more than can be counted" : fmt::format("up to {}", number);
}

/// What the evaluation does at the end with the value it hands out: it looks at every element once.
std::uint64_t work_of_handing_out(const Extent& extent) { return extent.items > 0 ? extent.values - 1 : 0; }

}  // namespace

Bound bound_of(const Expression& expression, const Declarations& names) {
  return Reckoning(expression.tree(), names).run();
}

std::optional<Fault> too_dear(const Expression& expression, const Declarations& names, std::uint64_t work_units_max) {
  const Bound bound = bound_of(expression, names);
  if (bound.work_units <= work_units_max) return std::nullopt;
  const Position at = position_of(expression.source(), bound.offset);
  const std::string units = bound.work_units == uncountable ? "more units of work than can be counted"
                                                            : fmt::format("up to {} units of work", bound.work_units);
  return Fault{at.line, at.column, fmt::format("this may take {}, and {} are allowed: {}", units, work_units_max, bound.dear),
               FaultKind::TooDear};
}

Bound Reckoning::run() {
  const Extent result = reckon(tree_.root);
  Bound bound;
  bound.work_units = sum_of(work_of(tree_.root), work_of_handing_out(result));
  bound.offset = dearest(bound.dear)->offset;
  return bound;
}

Extent Reckoning::reckon(const Node& node) {
  Cost cost;
  cost.work = 1;
  cost.extent = value_of(node, cost);
  Extent extent = cost.extent;
  costs_.insert_or_assign(&node, std::move(cost));
  return extent;
}

Extent Reckoning::value_of(const Node& node, Cost& cost) {
  // Every child is visited once at most, except by macros that walk.
  const auto visit = [&](const Node& child) {
    Extent extent = reckon(child);
    cost.work = sum_of(cost.work, work_of(child));
    return extent;
  };
  switch (node.kind) {
    case NodeKind::Constant:
      return extent_of(node.constant);
    case NodeKind::Now:
      return {};
    case NodeKind::Local:
      return locals_[node.slot];
    case NodeKind::Name:
    case NodeKind::Select:
      return named(node, cost);
    case NodeKind::Has:
      if (!node.path.empty()) {
        cost.work = sum_of(cost.work, node.depth);
        return {};
      }
      for (const Node& child : node.children) visit(child);
      return {};
    case NodeKind::Index: {
      const Extent base = visit(node.children[0]), key = visit(node.children[1]);
      cost.work = sum_of(cost.work, key.bytes / 16);
      return base.largest_item().within(1);
    }
    case NodeKind::Call:
      return call(node, cost);
    case NodeKind::List:
    case NodeKind::Map:
      return collection(node, cost);
    case NodeKind::And:
    case NodeKind::Or:
      for (const Node& child : node.children) visit(child);
      return {};
    case NodeKind::Conditional: {
      visit(node.children[0]);
      const Extent yes = reckon(node.children[1]), no = reckon(node.children[2]);
      cost.work = sum_of(cost.work, std::max(work_of(node.children[1]), work_of(node.children[2])));
      return either(yes, no);
    }
    case NodeKind::Comprehension:
      return comprehension(node, cost);
    case NodeKind::Bind:
      locals_[node.slot] = visit(node.children[0]);
      return visit(node.children[1]);
    case NodeKind::OptionalMap:
      locals_[node.slot] = visit(node.children[0]);
      return visit(node.children[1]).within(1);
  }
  return {};
}

/// A name, or a chain of fields that may have been bound as a whole.
Extent Reckoning::named(const Node& node, Cost& cost) {
  if (!node.path.empty()) {
    if (const auto type = declared_type(node, names_)) {
      cost.work = sum_of(cost.work, node.depth);  // the names before it
      return extent_of(*type);
    }
  }
  if (node.children.empty()) return extent_of(Type());
  const Extent base = reckon(node.children[0]);
  cost.work = sum_of(cost.work, work_of(node.children[0]));
  return base.field(node.name).within(1);
}

Extent Reckoning::collection(const Node& node, Cost& cost) {
  const bool map = node.kind == NodeKind::Map;
  Extent keys, items, whole;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Extent extent = reckon(node.children[i]);
    cost.work = sum_of(cost.work, work_of(node.children[i]));
    const bool key = map && i % 2 == 0;
    if (key) cost.work = sum_of(cost.work, extent.bytes / 16);
    Extent& all = key ? keys : items;
    all = either(all, extent);
    whole.values = sum_of(whole.values, extent.values);
    whole.bytes_in_all = sum_of(whole.bytes_in_all, extent.bytes_in_all);
  }
  Extent made = map ? Extent::map(node.marked.size(), keys, items) : Extent::list(node.children.size(), items);
  made.values = whole.values;  // not each as large as the largest
  made.bytes_in_all = whole.bytes_in_all;
  return made;
}

Extent Reckoning::comprehension(const Node& node, Cost& cost) {
  const Extent range = reckon(node.children[0]);
  const Extent index = range.key || !range.item ? range.largest_key() : Extent();
  const std::size_t slot = node.slot;
  locals_[slot] = node.variables == 2 ? index : range.key ? either(*range.key, range.largest_item()) : range.largest_item();
  if (node.variables == 2) locals_[slot + 1] = range.largest_item();
  std::uint64_t each = 1;
  Extent made;
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    made = reckon(node.children[i]);
    each = sum_of(each, work_of(node.children[i]));
  }
  if (node.macro == Macro::TransformMapEntry) each = sum_of(each, made.items);
  cost.walked = range.items;
  cost.work = sum_of(cost.work, sum_of(work_of(node.children[0]), product_of(range.items, each)));
  switch (node.macro) {
    case Macro::All:
    case Macro::Exists:
    case Macro::ExistsOne:
      return {};
    case Macro::Filter:
      return Extent::list(range.items, locals_[slot]);
    case Macro::Map:
    case Macro::TransformList:
      return Extent::list(range.items, made);
    case Macro::TransformMap:
      return Extent::map(range.items, index, made);
    case Macro::TransformMapEntry:
      break;
  }
  return Extent::map(product_of(range.items, made.items), made.largest_key(), made.largest_item());
}

Extent Reckoning::call(const Node& node, Cost& cost) {
  std::vector<Extent> arguments;
  for (const Node& child : node.children) {
    arguments.push_back(reckon(child));
    cost.work = sum_of(cost.work, work_of(child));
  }
  std::uint64_t own = 0;
  Extent made = extent_of_call(node, arguments, own);
  cost.work = sum_of(cost.work, own);
  return made;
}

/// Walks down to the part that most of the work goes into; `told` says what is repeated on the way and what is done there.
const Node* Reckoning::dearest(std::string& told) const {
  const Node* node = &tree_.root;
  const Node* blamed = nullptr;
  while (true) {
    const Cost& cost = costs_.at(node);
    const Node* next = nullptr;
    std::uint64_t largest = 0;
    bool repeated = false;
    for (const Node& child : node->children) {
      const auto known = costs_.find(&child);
      if (known == costs_.end()) continue;
      const bool body = node->kind == NodeKind::Comprehension && &child != &node->children[0];
      const std::uint64_t share = body ? product_of(cost.walked, known->second.work) : known->second.work;
      if (share <= largest) continue;
      largest = share;
      next = &child;
      repeated = body;
    }
    if (next == nullptr || largest < cost.work / 2) break;
    if (repeated && cost.walked > 1) {
      told += told.empty() ? described(*node) : fmt::format(", and for each of them {}", described(*node));
      if (blamed == nullptr) blamed = node;
    }
    node = next;
  }
  // What is done to a scalar is not what makes it dear.
  const bool large = node->kind == NodeKind::Call || node->kind == NodeKind::Comprehension;
  if (large && costs_.at(node).work > 100) {
    told += told.empty() ? described(*node) : fmt::format(", and for each of them {}", described(*node));
  }
  if (told.empty()) told = "it is long";
  return blamed != nullptr ? blamed : node;
}

std::string Reckoning::described(const Node& node) const {
  const auto of = [](const Node& part) {
    const std::string name = written_name(part);
    return name.empty() ? "" : fmt::format(" of {}", name);
  };
  if (node.kind == NodeKind::Comprehension) {
    return fmt::format("{}() walks {} items{}", macro_name(node.macro), counted(costs_.at(&node).walked), of(node.children[0]));
  }
  std::uint64_t bytes = 0, items = 0;
  const Node* largest = &node;
  for (const Node& child : node.children) {
    const Extent& extent = costs_.at(&child).extent;
    if (largest == &node || extent.bytes_in_all > bytes || extent.items > items) largest = &child;
    bytes = std::max(bytes, extent.bytes_in_all);
    items = std::max(items, extent.items);
  }
  const std::string_view sign = info_of(node.function).name;
  const std::string name = node.name.empty() ? std::string(sign) : fmt::format("{}()", node.name);
  if (items > 1) return fmt::format("{} looks at {} items{}", name, counted(items), of(*largest));
  return fmt::format("{} looks at {} bytes of text{}", name, counted(bytes), of(*largest));
}

}  // namespace kvali::expression
