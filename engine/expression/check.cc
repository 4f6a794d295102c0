#include "engine/expression/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/expression/checker.h"

namespace kvali::expression {

namespace {

constexpr auto type_names = std::to_array<std::string_view>(
    {"bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type",
     "google.protobuf.Timestamp", "google.protobuf.Duration", "date", "period"});

Type type_of_constant(const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      return TypeKind::Null;
    case Kind::Bool:
      return TypeKind::Bool;
    case Kind::Int:
      return TypeKind::Int;
    case Kind::Uint:
      return TypeKind::Uint;
    case Kind::Double:
      return TypeKind::Double;
    case Kind::Timestamp:
      return TypeKind::Timestamp;
    case Kind::Duration:
      return TypeKind::Duration;
    case Kind::Date:
      return TypeKind::Date;
    case Kind::String:
      return TypeKind::String;
    case Kind::Bytes:
      return TypeKind::Bytes;
    case Kind::Type:
      return TypeKind::Type;
    case Kind::Period:
      return TypeKind::Period;
    case Kind::Sealed:
    case Kind::List:
    case Kind::Map:
    case Kind::Struct:
    case Kind::Optional:
      break;  // no constants are made of these
  }
  return {};
}

std::string sealed_message(const Node& node) {
  const std::string name = written_name(node);
  if (node.kind == NodeKind::Local) {
    return fmt::format("`{0}` is sealed: an expression may ask how long it is, size({0}), and nothing else", name);
  }
  if (name.empty() || name.find('?') != std::string::npos) {
    return "what this gives is sealed: an expression may ask has() and size() of it, nothing else";
  }
  return fmt::format("`{0}` is sealed: an expression may ask whether it is there, has({0}), and how long it is, size({0})",
                     name);
}

}  // namespace

bool is_type_name(std::string_view name) {
  return std::find(type_names.begin(), type_names.end(), name) != type_names.end();
}

bool holds_sealed(const Type& type) {
  if (type.is(TypeKind::Record)) return false;  // a thing with fields is no value to hand out anyway
  return type.is(TypeKind::Sealed) ||
         std::any_of(type.fields().begin(), type.fields().end(), [](const auto& part) { return holds_sealed(part.second); });
}

std::string short_text(const Type& type) {
  if (type.is(TypeKind::Record)) return "a thing with fields";
  if (type.is(TypeKind::Parameter)) return "anything";
  std::string text = to_text(type).substr(0, to_text(type).find('('));
  const bool open = std::all_of(type.fields().begin(), type.fields().end(),
                                [](const auto& part) { return part.second.is(TypeKind::Parameter); });
  if (open) return text;
  for (const auto& part : type.fields()) {
    const bool record = part.second.is(TypeKind::Record);
    text.append(&part == &type.fields().front() ? "(" : ", ").append(record ? "{…}" : short_text(part.second));
  }
  return text + ")";
}

std::string written_name(const Node& node) {
  if (!node.path.empty()) return node.path;
  if (node.kind == NodeKind::Local || node.kind == NodeKind::Name) return node.name;
  if (node.kind != NodeKind::Select || node.children.empty()) return {};
  std::string base = written_name(node.children[0]);
  return base.empty() ? base : base.append(node.optional ? ".?" : ".").append(node.name);
}

Typing check(const Tree& tree, const Declarations& names, Faults& faults) { return Checker(tree, names, faults).run(); }

Typing Checker::run() {
  const Type result = read(tree_.root);
  for (auto& [node, type] : typing_.types) type = unification_.settled(type);
  typing_.result = unification_.settled(result);
  return std::move(typing_);
}

Type Checker::fault(const Node& at, std::string message, FaultKind kind) {
  faults_.add(at.offset, std::move(message), kind);
  return {};
}

Type Checker::opened(const Type& type) {
  Type known = unification_.resolved(type);
  if (!known.is(TypeKind::Parameter)) return known;
  unification_.assignable(Type(), known);
  return {};
}

Type Checker::of(const Node& node) {
  Type type = deduced(node);
  typing_.types.insert_or_assign(&node, type);
  return type;
}

Type Checker::read(const Node& node) {
  const Type type = used(node);
  return holds_sealed(unification_.settled(type)) ? fault(node, sealed_message(node), FaultKind::Sealed) : type;
}

Type Checker::used(const Node& node) {
  Type type = of(node);
  if (!unification_.resolved(type).is(TypeKind::Sealed)) return type;
  const Node* first = &node;  // where its name begins
  while (first->kind == NodeKind::Select) first = &first->children[0];
  return fault(*first, sealed_message(node), FaultKind::Sealed);
}

Type Checker::deduced(const Node& node) {
  switch (node.kind) {
    case NodeKind::Constant:
      return type_of_constant(node.constant);
    case NodeKind::Name:
      return name(node);
    case NodeKind::Now:
      return names_.type_of("now").value_or(TypeKind::Timestamp);
    case NodeKind::Local:
      return locals_[node.slot];
    case NodeKind::Select:
      return select(node);
    case NodeKind::Has:
      return has(node);
    case NodeKind::Index:
      return index(node);
    case NodeKind::Call:
      return call(node);
    case NodeKind::List:
      return list(node);
    case NodeKind::Map:
      return map(node);
    case NodeKind::Conditional:
      return conditional(node);
    case NodeKind::And:
    case NodeKind::Or:
      return junction(node);
    case NodeKind::Comprehension:
      return comprehension(node);
    case NodeKind::Bind:
      locals_[node.slot] = of(node.children[0]);
      declared_locals_[node.slot] = as_declared(node.children[0]);
      return of(node.children[1]);
    case NodeKind::OptionalMap:
      return optional_map(node);
  }
  return {};
}

/// Of an element that becomes an item: what it gives, or what the optional behind [?x] holds.
Type Checker::element(const Node& node, bool optional) {
  Type type = used(node);
  if (!optional) return type;
  Type held = unification_.fresh();
  if (!unification_.assignable(type, Type::optional(held))) {
    return fault(node, fmt::format("expected an optional after ?, not {}", text(type)));
  }
  return held;
}

/// The type of what may be either: the more general of both, dyn when neither is.
Type Checker::joined(const Type& before, const Type& next) {
  return unification_.assignable(before, next) ? unification_.more_general(before, next) : Type();
}

Type Checker::list(const Node& node) {
  std::optional<Type> items;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Type type = element(node.children[i], node.marked[i]);
    items = items ? joined(*items, type) : type;
  }
  return Type::list(items ? *items : unification_.fresh());
}

Type Checker::map(const Node& node) {
  std::optional<Type> keys, values;
  for (std::size_t i = 0; i < node.marked.size(); ++i) {
    Type key = used(node.children[2 * i]);
    const Type open = unification_.resolved(key);
    const bool fits = open.is(TypeKind::Int) || open.is(TypeKind::Uint) || open.is(TypeKind::Bool) ||
                      open.is(TypeKind::String) || open.is(TypeKind::Dyn) || open.is(TypeKind::Parameter);
    if (!fits) {
      key = fault(node.children[2 * i], fmt::format("a key is int, uint, bool or string, not {}", text(open)));
    }
    const Type value = element(node.children[2 * i + 1], node.marked[i]);
    keys = keys ? joined(*keys, key) : key;
    values = values ? joined(*values, value) : value;
  }
  if (!keys) return Type::map(unification_.fresh(), unification_.fresh());
  return Type::map(*keys, *values);
}

void Checker::wants_bool(const Node& node, std::string_view asker) {
  const Type type = used(node);
  if (!unification_.assignable(type, TypeKind::Bool)) {
    fault(node, fmt::format("{} wants bool, not {}{}", asker, text(type), hint_for_bool(node, unification_.resolved(type))));
  }
}

Type Checker::conditional(const Node& node) {
  wants_bool(node.children[0], "the condition before ?");
  const Type sides[] = {used(node.children[1]), used(node.children[2])};
  const Type either = unification_.fresh();
  const Type both[] = {either, either};
  if (unification_.assignable(sides, both)) return unification_.resolved(either);
  return fault(node, fmt::format("the two sides of : are to be of one type, not {} and {}", text(sides[0]), text(sides[1])));
}

Type Checker::junction(const Node& node) {
  for (const Node& part : node.children) wants_bool(part, node.kind == NodeKind::And ? "&&" : "||");
  return TypeKind::Bool;
}

}  // namespace kvali::expression
