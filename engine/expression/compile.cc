// From text to an expression that is ready to be evaluated: reading, what can be known before any evaluation, and what
// is prepared once (constants, regular expressions).
#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/check.h"
#include "engine/expression/conversions.h"
#include "engine/expression/expression.h"
#include "engine/expression/parser.h"
#include "engine/expression/tree.h"
#include "engine/expression/utf8.h"

namespace kvali::expression {

namespace {

/// Calls `visit` for every node, a node before its children; `visit` says whether to go into them.
template <class TreeNode, class Visit>
void walk(TreeNode& node, const Visit& visit) {
  if (!visit(node)) return;
  for (auto& child : node.children) walk(child, visit);
}

/// A name with all fields selected from it by bare names, and each of its nodes from the last to the first.
bool is_path(const Node& node) {
  return (node.kind == NodeKind::Name || node.kind == NodeKind::Select || node.kind == NodeKind::Has) &&
         !node.path.empty();
}

std::shared_ptr<const RE2> compiled(const std::string& pattern) {
  auto regex = std::make_shared<RE2>(pattern, pattern_options());
  return regex->ok() ? regex : nullptr;
}

/// A list of constants is made once.
void prepare_list(Node& list) {
  const auto constant = [](const Node& item) { return item.kind == NodeKind::Constant; };
  if (list.children.empty() || !std::all_of(list.children.begin(), list.children.end(), constant)) return;
  if (std::find(list.marked.begin(), list.marked.end(), true) != list.marked.end()) return;
  std::vector<Value> values;
  values.reserve(list.children.size());
  for (const Node& item : list.children) values.push_back(item.constant);
  list.constant = Value::list(std::move(values));
}

/// Makes constants of calls such as timestamp("…") and prepares constant patterns. What fails stays for the evaluation,
/// or is a fault when `strict`.
void prepare(Node& node, Faults& faults, bool strict) {
  for (Node& child : node.children) prepare(child, faults, strict);
  if (is_path(node) && node.kind != NodeKind::Has && is_type_name(node.path)) node.constant = Value::type(node.path);
  if (node.kind == NodeKind::List) prepare_list(node);
  if (node.kind != NodeKind::Call || node.children.empty()) return;
  const Node& last = node.children.back();
  if (last.kind != NodeKind::Constant || !last.constant.is(Kind::String)) return;
  const std::string& text = last.constant.as_string();
  if (node.function == Function::Matches) {
    node.pattern = compiled(text);
    if (node.pattern == nullptr && strict) {
      faults.add(last.offset, fmt::format("{} is no regular expression: {}", to_text(last.constant),
                                          RE2(text, pattern_options()).error()));
    }
    return;
  }
  const bool converts = node.function == Function::ToTimestamp || node.function == Function::ToDuration ||
                        node.function == Function::ToPeriod || node.function == Function::ToDate;
  if (!converts || node.children.size() != 1) return;
  auto value = read_constant(node.function, text);
  if (value) {
    node.kind = NodeKind::Constant;
    node.constant = std::move(*value);
    node.second_name = text;  // as written, for the printer
    node.children.clear();
    node.depth = 0;
  } else if (strict) {
    faults.add(last.offset, value.error().message);
  }
}

}  // namespace

tl::expected<Expression, std::vector<Fault>> compile(std::string_view source, const Declarations* names) {
  Faults faults(source);
  const auto failed = [&faults] { return tl::unexpected<std::vector<Fault>>(faults.take()); };
  if (source.size() > limits::guard_bytes_max) {
    faults.add(
        0, fmt::format("the expression has {} bytes; at most {} are allowed", source.size(), limits::guard_bytes_max));
    return failed();
  }
  if (const std::size_t invalid = utf8::first_invalid(source); invalid != std::string_view::npos) {
    faults.add(invalid, "the expression is not valid UTF-8 from here on");
    return failed();
  }
  auto tree = std::make_shared<Tree>(parse(std::string(source), faults));
  if (!faults.empty()) return failed();
  prepare(tree->root, faults, names != nullptr);
  Type type;
  if (names != nullptr) type = check(*tree, *names, faults).result;
  if (!faults.empty()) return failed();
  return Expression(std::move(tree), std::move(type));
}

const std::string& Expression::source() const { return tree_->source; }

std::vector<Reference> Expression::references() const {
  std::vector<Reference> references;
  walk(tree_->root, [&](const Node& node) {
    if (!is_path(node)) return true;
    const bool seen =
        std::any_of(references.begin(), references.end(), [&](const auto& r) { return r.path == node.path; });
    if (seen || is_type_name(node.path)) return false;
    const Node* first = &node;
    while (!first->children.empty()) first = &first->children[0];
    const Position position = position_of(tree_->source, first->offset);
    references.push_back({node.path, position.line, position.column});
    return false;
  });
  return references;
}

bool Expression::reads_now() const {
  bool found = false;
  walk(tree_->root, [&](const Node& node) {
    found = found || node.kind == NodeKind::Now;
    return !found;
  });
  return found;
}

NamedValues::NamedValues(std::initializer_list<std::pair<std::string, Value>> values) {
  for (const auto& [name, value] : values) set(name, value);
}

void NamedValues::set(std::string_view name, Value value) {
  dotted_ = dotted_ || name.find('.') != std::string_view::npos;
  for (auto& [known, held] : values_) {
    if (known != name) continue;
    held = std::move(value);
    return;
  }
  values_.emplace_back(std::string(name), std::move(value));
}

const Value* NamedValues::lookup(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) return &value;
  }
  return nullptr;
}

}  // namespace kvali::expression
