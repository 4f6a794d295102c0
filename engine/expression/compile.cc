// From text to an expression that is ready to be evaluated: reading, what can be known before any evaluation, and what
// is prepared once (constants, regular expressions).
#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/conversions.h"
#include "engine/expression/expression.h"
#include "engine/expression/parser.h"
#include "engine/expression/tree.h"
#include "engine/expression/utf8.h"

namespace kvali::expression {

namespace {

constexpr auto type_names = std::to_array<std::string_view>(
    {"bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type",
     "google.protobuf.Timestamp", "google.protobuf.Duration", "date", "period"});

bool is_type(std::string_view name) {
  return std::find(type_names.begin(), type_names.end(), name) != type_names.end();
}

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
  for (const Node& item : list.children) values.push_back(item.constant);
  list.constant = Value::list(std::move(values));
}

/// Makes constants of calls such as timestamp("…") and prepares constant patterns. What fails stays for the evaluation,
/// or is a fault when `strict`.
void prepare(Node& node, Faults& faults, bool strict) {
  for (Node& child : node.children) prepare(child, faults, strict);
  if (is_path(node) && node.kind != NodeKind::Has && is_type(node.path)) node.constant = Value::type(node.path);
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

void check_function(const Node& node, Faults& faults) {
  if (node.function != Function::Unknown) return;
  const FunctionInfo* info = find_function(node.name, node.receiver);
  if (info != nullptr) {
    const int self = node.receiver ? 1 : 0;
    const int least = info->arguments_min - self, most = info->arguments_max - self;
    faults.add(node.offset, fmt::format("{}() takes {} argument{}, not {}", node.name,
                                        least == most ? fmt::format("{}", least) : fmt::format("{} or {}", least, most),
                                        most == 1 ? "" : "s", static_cast<int>(node.children.size()) - self));
    return;
  }
  const FunctionInfo* other = find_function(node.name, !node.receiver);
  if (other != nullptr) {
    faults.add(node.offset, node.receiver ? fmt::format("write {0}(x), not x.{0}()", node.name)
                                          : fmt::format("write x.{0}(), not {0}(x)", node.name));
    return;
  }
  const std::string_view near = nearest(node.name, function_names(node.receiver));
  faults.add(node.offset, fmt::format("there is no function \"{}\"{}", node.name,
                                      near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

void check_path(const Node& node, const Declarations& names, Faults& faults) {
  std::size_t known = 0;
  if (is_type(node.path) || names.knows(node.path, known)) return;
  // The node whose path ends behind the first unknown name.
  const std::size_t unknown_ends = std::min(node.path.find('.', known == 0 ? 0 : known + 1), node.path.size());
  const Node* at = &node;
  while (at->path.size() > unknown_ends && !at->children.empty()) at = &at->children[0];
  const std::string_view prefix = std::string_view(node.path).substr(0, known);
  const std::string_view name =
      std::string_view(node.path).substr(known == 0 ? 0 : known + 1, unknown_ends - (known == 0 ? 0 : known + 1));
  auto candidates = names.names_after(prefix);
  if (prefix.empty()) candidates.push_back("now");
  const std::string_view near = nearest(name, candidates);
  faults.add(at->offset,
             fmt::format("there is no \"{}\"{}{}", name, prefix.empty() ? "" : fmt::format(" in {}", prefix),
                         near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

void check(const Node& root, const Declarations& names, Faults& faults) {
  walk(root, [&](const Node& node) {
    if (node.kind == NodeKind::Call) check_function(node, faults);
    if (!is_path(node)) return true;
    check_path(node, names, faults);
    return false;
  });
}

}  // namespace

void Declarations::add(std::string_view path) {
  const auto at = std::lower_bound(paths_.begin(), paths_.end(), path);
  if (at == paths_.end() || *at != path) paths_.insert(at, std::string(path));
}

std::vector<std::string_view> Declarations::names_after(std::string_view prefix) const {
  std::vector<std::string_view> names;
  for (const std::string_view path : paths_) {
    std::string_view name = path;
    if (!prefix.empty()) {
      if (!path.starts_with(prefix) || path.size() <= prefix.size() || path[prefix.size()] != '.') continue;
      name.remove_prefix(prefix.size() + 1);
    }
    name = name.substr(0, name.find('.'));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

bool Declarations::knows(std::string_view path, std::size_t& known) const {
  known = 0;
  for (std::size_t end = 0; end < path.size();) {
    const std::vector<std::string_view> names = names_after(path.substr(0, known));
    if (names.empty() && known > 0) return true;  // open: nothing is declared beneath
    const std::size_t begin = known == 0 ? 0 : known + 1;
    end = std::min(path.find('.', begin), path.size());
    if (std::find(names.begin(), names.end(), path.substr(begin, end - begin)) == names.end()) return false;
    known = end;
  }
  return true;
}

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
  if (names != nullptr) check(tree->root, *names, faults);
  if (!faults.empty()) return failed();
  return Expression(std::move(tree));
}

const std::string& Expression::source() const { return tree_->source; }

std::vector<Reference> Expression::references() const {
  std::vector<Reference> references;
  walk(tree_->root, [&](const Node& node) {
    if (!is_path(node)) return true;
    const bool seen =
        std::any_of(references.begin(), references.end(), [&](const auto& r) { return r.path == node.path; });
    if (seen || is_type(node.path)) return false;
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
