// The checker's part about names, fields and elements, and about the macros that give names to elements.
#include <fmt/format.h>

#include "engine/expression/checker.h"

namespace kvali::expression {

namespace {

/// What constants are called in other languages.
constexpr std::pair<std::string_view, std::string_view> other_constants[] = {
    {"True", "true"}, {"TRUE", "true"}, {"yes", "true"}, {"False", "false"}, {"FALSE", "false"},
    {"no", "false"},  {"None", "null"}, {"NULL", "null"}, {"nil", "null"},  {"today", "now"},
};

std::string did_you_mean(std::string_view near) {
  return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
}

/// Optionals hand on: a field of an optional thing is an optional field.
const Type& held_in(const Type& type) { return type.is(TypeKind::Optional) ? type.part() : type; }

}  // namespace

std::optional<Type> declared_type(const Node& node, const Declarations& names) {
  const std::string& path = node.path.empty() ? node.name : node.path;
  if (!node.absolute) {
    for (std::string scope = names.container(); !scope.empty();) {
      std::string inside = scope;
      if (auto type = names.type_of(inside.append(".").append(path))) return type;
      const std::size_t point = scope.rfind('.');
      scope.resize(point == std::string::npos ? 0 : point);
    }
  }
  if (auto type = names.type_of(path)) return type;
  return node.constant.is(Kind::Type) ? std::optional<Type>(TypeKind::Type) : std::nullopt;
}

Type Checker::name(const Node& node) {
  if (auto type = declared_type(node, names_)) return *type;
  auto known = names_.names_after("");
  known.emplace_back("now");
  std::string_view near = nearest(node.name, known);
  for (const auto& [elsewhere, here] : other_constants) {
    if (elsewhere == node.name) near = here;
  }
  return fault(node, fmt::format("there is no \"{}\"{}", node.name, did_you_mean(near)),
               FaultKind::UnknownName);
}

void Checker::no_such_field(const Node& node, const Type& record) {
  std::vector<std::string_view> known;
  for (const auto& [field, type] : record.fields()) known.push_back(field);
  const std::string base = node.children.empty() ? "" : written_name(node.children[0]);
  fault(node,
        fmt::format("there is no \"{}\"{}{}", node.name, base.empty() ? " here" : fmt::format(" in {}", base),
                    did_you_mean(nearest(node.name, known))),
        FaultKind::UnknownName);
}

Type Checker::field_of(const Node& node, const Type& base) {
  const Type type = opened(base);
  switch (type.kind()) {
    case TypeKind::Dyn:
      return {};
    case TypeKind::Record:
      if (const Type* field = type.field(node.name)) return *field;
      no_such_field(node, type);
      return {};
    case TypeKind::Map:
      if (unification_.assignable(TypeKind::String, type.part(0))) return type.part(1);
      return fault(node, fmt::format("the keys of this map are {}, so \"{}\" is none of them", text(type.part(0)), node.name));
    case TypeKind::Optional:
      return Type::optional(field_of(node, type.part()));
    default:
      return fault(node, fmt::format("{} has no field \"{}\"", text(type), node.name));
  }
}

Type Checker::select(const Node& node) {
  if (!node.path.empty()) {
    if (auto type = declared_type(node, names_)) return *type;
  }
  const Type base = used(node.children[0]);
  const Type field = field_of(node, base);
  const bool wraps = node.optional && !opened(base).is(TypeKind::Optional);
  return wraps ? Type::optional(field) : field;
}

Type Checker::has(const Node& node) {
  if (node.children.empty()) {
    name(node);
  } else if (node.path.empty() || !declared_type(node, names_)) {
    field_of(node, held_in(opened(used(node.children[0]))));
  }
  return TypeKind::Bool;
}

Type Checker::index(const Node& node) {
  const Type base = opened(used(node.children[0])), key = used(node.children[1]);
  const Type found = element_of(node, held_in(base), key);
  return node.optional || base.is(TypeKind::Optional) ? Type::optional(found) : found;
}

Type Checker::element_of(const Node& node, const Type& base, const Type& key) {
  const Node& written = node.children[1];
  const Type type = opened(base);
  switch (type.kind()) {
    case TypeKind::Dyn:
      return {};
    case TypeKind::List:
      if (unification_.assignable(key, TypeKind::Int)) return type.part();
      return fault(written, fmt::format("a list is indexed by int, not by {}", text(key)));
    case TypeKind::Map:
      if (comparable(key, type.part(0))) return type.part(1);
      return fault(written, fmt::format("the keys of this map are {}, not {}", text(type.part(0)), text(key)));
    case TypeKind::Record: {
      const bool constant = written.kind == NodeKind::Constant && written.constant.is(Kind::String);
      const Type* field = constant ? type.field(written.constant.as_string()) : nullptr;
      if (field != nullptr) return *field;
      return fault(written, "the fields of a thing are asked for by name, as in initiative.title");
    }
    default:
      return fault(node, fmt::format("{} has no elements; lists and maps have", text(type)));
  }
}

/// What the variables of a comprehension are. A list gives its items (with two variables, the index first), a map its keys
/// (with two, the value second).
void Checker::set_variables(const Node& node, const Type& range) {
  const std::size_t slot = node.slot;
  const bool two = node.variables == 2;
  for (std::size_t i = 0; i < (two ? 2u : 1u); ++i) declared_locals_[slot + i].reset();
  switch (range.kind()) {
    case TypeKind::List:
      if (const auto whole = as_declared(node.children[0]); whole && whole->is(TypeKind::List)) declared_locals_[slot + (two ? 1 : 0)] = whole->part();
      if (two) locals_[slot] = TypeKind::Int;
      locals_[slot + (two ? 1 : 0)] = range.part();
      return;
    case TypeKind::Map:
      locals_[slot] = range.part(0);
      if (two) locals_[slot + 1] = range.part(1);
      return;
    default:
      locals_[slot] = Type();
      if (two) locals_[slot + 1] = Type();
      if (range.is(TypeKind::Dyn)) return;
      fault(node.children[0], fmt::format("{}() walks lists and maps, not {}", macro_name(node.macro), text(range)));
  }
}

Type Checker::comprehension(const Node& node) {
  const Type range = opened(used(node.children[0]));
  set_variables(node, range);
  const std::string asker = fmt::format("{}()", macro_name(node.macro));
  const bool filters = node.macro <= Macro::ExistsOne || node.macro == Macro::Filter || node.has_filter;
  if (filters) wants_bool(node.children[1], asker);
  switch (node.macro) {
    case Macro::All:
    case Macro::Exists:
    case Macro::ExistsOne:
      return TypeKind::Bool;
    case Macro::Filter:
      return Type::list(locals_[node.slot]);
    case Macro::Map:
    case Macro::TransformList:
      return Type::list(used(node.children.back()));
    case Macro::TransformMap: {
      const Type value = used(node.children.back());
      return Type::map(locals_[node.slot], value);
    }
    case Macro::TransformMapEntry:
      break;
  }
  Type entry = opened(used(node.children.back()));
  if (entry.is(TypeKind::Map) || entry.is(TypeKind::Dyn)) return entry;
  return fault(node.children.back(), fmt::format("transformMapEntry() wants {{key: value}}, not {}", text(entry)));
}

Type Checker::optional_map(const Node& node) {
  const char* name = node.optional ? "optFlatMap" : "optMap";
  const Type self = opened(used(node.children[0]));
  if (self.is(TypeKind::Optional)) {
    locals_[node.slot] = self.part();
    declared_locals_[node.slot].reset();
  } else {
    locals_[node.slot] = Type();
    declared_locals_[node.slot].reset();
    if (!self.is(TypeKind::Dyn)) {
      fault(node.children[0], fmt::format("{}() is asked of an optional, not of {}", name, text(self)));
    }
  }
  const Type made = used(node.children[1]);
  if (!node.optional) return Type::optional(made);
  const Type flat = Type::optional(unification_.fresh());
  if (unification_.assignable(made, flat)) return unification_.resolved(flat);
  return fault(node.children[1], fmt::format("optFlatMap() wants an optional here, not {}", text(made)));
}

}  // namespace kvali::expression
