// The operands of a guard as an explanation tells them: which field is meant, and what its value is.
#include <algorithm>

#include "engine/expression/explainer.h"

namespace kvali::expression {

namespace {

/// Functions that leave the meaning of their operand as it is: double(x), x.value(), optional.of(x).
bool is_transparent(Function function) {
  switch (function) {
    case Function::ToInt:
    case Function::ToUint:
    case Function::ToDouble:
    case Function::Dyn:
    case Function::ToTimestamp:
    case Function::ToDate:
    case Function::OptionalOf:
    case Function::OptionalOfNonZero:
    case Function::OptionalValue:
    case Function::OrValue:
    case Function::OrOptional: return true;
    default: return false;
  }
}

TermKind arithmetic(Function function) {
  switch (function) {
    case Function::Add: return TermKind::Add;
    case Function::Subtract: return TermKind::Subtract;
    case Function::Multiply: return TermKind::Multiply;
    case Function::Divide: return TermKind::Divide;
    default: return TermKind::Other;
  }
}

}  // namespace

/// The name of what a node reads, "" when it reads no one thing. An element of a list goes by the name of the list.
std::string Explainer::path_of(const Node& node) const {
  switch (node.kind) {
    case NodeKind::Name: return node.path.empty() ? node.name : node.path;
    case NodeKind::Has:
    case NodeKind::Select: {
      if (!node.path.empty()) return node.path;
      if (node.children.empty()) return node.name;
      const std::string base = path_of(node.children[0]);
      return base.empty() ? "" : base + "." + node.name;
    }
    case NodeKind::Index: {
      const std::string base = path_of(node.children[0]);
      const Node& key = node.children[1];
      const bool named = key.kind == NodeKind::Constant && key.constant.is(Kind::String);
      return base.empty() || !named ? base : base + "." + key.constant.as_string();
    }
    case NodeKind::Local: {
      const Frame* frame = frame_of(node);
      if (frame == nullptr) return "";
      const Node& of = *frame->node;
      const bool key = of.kind == NodeKind::Comprehension && of.variables == 2 && node.slot == of.slot;
      return key ? "" : path_of(of.children[0]);
    }
    case NodeKind::Call:
      return is_transparent(node.function) && !node.children.empty() ? path_of(node.children[0]) : "";
    case NodeKind::Comprehension:
      return node.macro == Macro::Filter ? path_of(node.children[0]) : "";
    default: return "";
  }
}

std::optional<Value> Explainer::value_of(const Node& node) {
  Value value;
  if (!evaluation_.eval(node, value)) return std::nullopt;
  while (value.is(Kind::Optional)) {
    if (value.as_optional() == nullptr) return std::nullopt;
    Value held = *value.as_optional();
    value = std::move(held);
  }
  if (value.drift() != 0) value = value.with_drift(0);
  return value;
}

/// Whether nothing is where a path leads.
bool Explainer::is_missing(const Node& node) {
  if (node.kind == NodeKind::Call && is_transparent(node.function) && !node.children.empty()) return is_missing(node.children[0]);
  if (node.kind == NodeKind::Has) {
    Value there;
    return !evaluation_.eval(node, there) || !there.is(Kind::Bool) || !there.as_bool();
  }
  if ((node.kind != NodeKind::Select && node.kind != NodeKind::Index) || value_of(node)) return false;
  const std::optional<Value> base = value_of(node.children[0]);
  return base ? base->is(Kind::Map) || base->is(Kind::Struct) : is_missing(node.children[0]);
}

Term Explainer::term(const Node& node) {
  Term term;
  term.range = ranges_.of(node);
  if (node.kind == NodeKind::Constant) {
    term.kind = TermKind::Constant;
    term.value = node.constant;
    return term;
  }
  if (node.kind == NodeKind::Now) {
    term.kind = TermKind::Now;
    term.value = value_of(node);
    return term;
  }
  const Frame* frame = node.kind == NodeKind::Local ? frame_of(node) : nullptr;
  if (frame != nullptr && frame->node->kind == NodeKind::Bind && path_of(node).empty()) {
    const std::vector<Value> kept = locals();
    Term definition = this->term(frame->node->children[0]);
    locals() = kept;
    definition.range = term.range;
    return definition;
  }
  term.path = path_of(node);
  if (!term.path.empty() && node.kind != NodeKind::Comprehension) {
    term.kind = TermKind::Path;
    term.missing = is_missing(node);
    if (node.kind != NodeKind::Has) term.value = value_of(node);
    return term;
  }
  if (node.kind == NodeKind::Call) return call_term(node);
  term.value = value_of(node);
  if (node.kind == NodeKind::Comprehension && node.macro == Macro::Filter && !term.path.empty()) {
    term.kind = TermKind::Fitting;
    term.parts.push_back(this->term(node.children[0]));
    return term;
  }
  if (node.kind == NodeKind::List) {
    term.kind = TermKind::List;
    for (const Node& child : node.children) term.parts.push_back(this->term(child));
    return term;
  }
  add_paths(node, term.parts);
  return term;
}

/// What a sum adds: the list itself, or of list.map(x, x.field) the field of its elements. Without a path where it is neither.
Term Explainer::summed(const Node& list) {
  const bool maps = list.kind == NodeKind::Comprehension && list.macro == Macro::Map && list.variables == 1 && !list.has_filter;
  if (!maps) return term(list);
  Term term;
  term.range = ranges_.of(list);
  term.kind = TermKind::Path;
  const std::string elements = path_of(list.children[0]);
  std::string fields;
  const Node* field = &list.children.back();
  for (; field->kind == NodeKind::Select; field = &field->children[0]) fields.insert(0, "." + field->name);
  if (!elements.empty() && field->kind == NodeKind::Local && field->slot == list.slot) term.path = elements + fields;
  return term;
}

Term Explainer::call_term(const Node& node) {
  const bool wraps = is_transparent(node.function) && node.children.size() == 1;
  if (wraps) {
    Term inner = term(node.children[0]);
    inner.range = ranges_.of(node);
    inner.value = value_of(node);
    return inner;
  }
  Term term;
  term.range = ranges_.of(node);
  term.value = value_of(node);
  if (node.function == Function::Size) {
    term.kind = TermKind::Size;
    term.parts.push_back(this->term(node.children[0]));
    return term;
  }
  if (node.function == Function::Sum) {
    Term added = summed(node.children[0]);
    if (!added.path.empty()) {
      term.kind = TermKind::Sum;
      term.parts.push_back(std::move(added));
      return term;
    }
  }
  term.kind = arithmetic(node.function);
  if (term.kind != TermKind::Other && node.children.size() == 2) {
    for (const Node& operand : node.children) term.parts.push_back(this->term(operand));
    return term;
  }
  term.kind = TermKind::Other;
  add_paths(node, term.parts);
  return term;
}

/// The paths in `node`, each once.
void Explainer::add_paths(const Node& node, std::vector<Term>& terms) {
  const bool read = node.kind == NodeKind::Name || node.kind == NodeKind::Select || node.kind == NodeKind::Index ||
                    node.kind == NodeKind::Local;
  const std::string path = read ? path_of(node) : "";
  if (path.empty()) {
    const bool scoped = node.kind == NodeKind::Comprehension || node.kind == NodeKind::Bind || node.kind == NodeKind::OptionalMap;
    // What stands inside of a scope reads variables that have no value here.
    for (std::size_t i = 0; i < (scoped ? 1 : node.children.size()); ++i) add_paths(node.children[i], terms);
    return;
  }
  if (std::none_of(terms.begin(), terms.end(), [&](const Term& known) { return known.path == path; }))
    terms.push_back(term(node));
}

/// The paths in `node` where nothing is: what an error is most often about.
void Explainer::add_missing(const Node& node, std::vector<Term>& terms) {
  std::vector<Term> all;
  add_paths(node, all);
  for (Term& one : all)
    if (one.missing) terms.push_back(std::move(one));
}

}  // namespace kvali::expression
