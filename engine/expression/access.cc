// What names, fields and indexes stand for: a.b, a.?b, a[b], has(a.b).
#include <fmt/format.h>

#include <cmath>

#include "engine/expression/evaluation.h"

namespace kvali::expression {

/// The value bound to a name or to a chain of fields as a whole, in the container and then outside of it.
const Value* Evaluation::resolve(const Node& node) const {
  if (!context_.container.empty() && !node.absolute) {
    for (std::string scope(context_.container); !scope.empty();) {
      if (const Value* bound = bindings_.lookup(scope + "." + node.path)) return bound;
      const std::size_t point = scope.rfind('.');
      scope.resize(point == std::string::npos ? 0 : point);
    }
  }
  if (node.kind != NodeKind::Name && !bindings_.has_dotted_names()) return nullptr;
  return bindings_.lookup(node.path.empty() ? node.name : node.path);
}

bool Evaluation::name(const Node& node, Value& out) {
  if (const Value* bound = resolve(node)) {
    out = *bound;
    return true;
  }
  if (node.constant.is(Kind::Type)) {
    out = node.constant;
    return true;
  }
  return fail(node, fmt::format("there is no \"{}\" here", node.name));
}

bool Evaluation::select(const Node& node, Value& out) {
  if (!node.path.empty()) {
    if (const Value* bound = resolve(node)) {
      out = *bound;
      return true;
    }
    if (node.constant.is(Kind::Type)) {
      out = node.constant;
      return true;
    }
  }
  Value base;
  if (!eval(node.children[0], base)) return false;
  if (node.optional && !base.is(Kind::Optional)) {
    Value held;
    bool present = false;
    if (base.is(Kind::Struct)) {
      present = base.as_struct().has(node.name);
    } else if (base.is(Kind::Map)) {
      present = base.as_map().find(std::string_view(node.name)) != nullptr;
    }
    if (present || (!base.is(Kind::Map) && !base.is(Kind::Struct))) {
      if (!select_from(node, base, held)) return false;
      out = Value::some(std::move(held));
    } else {
      out = Value::none();
    }
    return true;
  }
  return select_from(node, base, out);
}

bool Evaluation::select_from(const Node& node, const Value& base, Value& out) {
  switch (base.kind()) {
    case Kind::Map: {
      const Value* found = base.as_map().find(std::string_view(node.name));
      if (found == nullptr) return fail(node, fmt::format("no such key: \"{}\"", node.name));
      out = *found;
      return true;
    }
    case Kind::Struct: {
      auto found = base.as_struct().get(node.name);
      if (!found) return fail(node, fmt::format("no such key: \"{}\"", node.name));
      out = std::move(*found);
      return true;
    }
    case Kind::Optional: {
      const Value* held = base.as_optional();
      if (held == nullptr) {
        out = base;
        return true;
      }
      const bool map = held->is(Kind::Map), structure = held->is(Kind::Struct);
      if ((map && held->as_map().find(std::string_view(node.name)) == nullptr) ||
          (structure && !held->as_struct().has(node.name))) {
        out = Value::none();
        return true;
      }
      Value field;
      if (!select_from(node, *held, field)) return false;
      out = Value::some(std::move(field));
      return true;
    }
    case Kind::Sealed:
      return fail(node, "a personal value may be asked only has() and size()");
    default:
      break;
  }
  return fail(node, fmt::format("{} has no field \"{}\"", type_name(base.kind()), node.name));
}

bool Evaluation::has(const Node& node, Value& out) {
  if (node.children.empty() || (!node.path.empty() && bindings_.has_dotted_names())) {
    const bool bound = resolve(node) != nullptr || (node.children.empty() && bindings_.lookup(node.name) != nullptr);
    if (bound || node.children.empty()) {
      out = Value::boolean(bound);
      return true;
    }
  }
  Value base;
  if (!eval(node.children[0], base)) return false;
  const Value* asked = &base;
  while (asked->is(Kind::Optional)) {
    asked = asked->as_optional();
    if (asked == nullptr) {
      out = Value::boolean(false);
      return true;
    }
  }
  if (asked->is(Kind::Map)) {
    out = Value::boolean(asked->as_map().find(std::string_view(node.name)) != nullptr);
  } else if (asked->is(Kind::Struct)) {
    out = Value::boolean(asked->as_struct().has(node.name));
  } else if (asked->is(Kind::Sealed)) {
    return fail(node, "a personal value has no fields; ask has() of the value itself");
  } else {
    return fail(node, fmt::format("{} has no field \"{}\"", type_name(asked->kind()), node.name));
  }
  return true;
}

bool Evaluation::index(const Node& node, Value& out) {
  Value base, key;
  if (!eval(node.children[0], base) || !eval(node.children[1], key)) return false;
  if (!base.is(Kind::Optional)) return element(node, base, key, node.optional, out);
  const Value* held = base.as_optional();
  if (held == nullptr) {
    out = base;
    return true;
  }
  return element(node, *held, key, true, out);
}

namespace {

/// The whole number that a key means as an index, if it does.
bool index_of(const Value& key, std::int64_t& index) {
  if (key.is(Kind::Int)) {
    index = key.as_int();
  } else if (key.is(Kind::Uint) && key.as_uint() <= INT64_MAX) {
    index = static_cast<std::int64_t>(key.as_uint());
  } else if (key.is(Kind::Double) && std::trunc(key.as_double()) == key.as_double() &&
             std::abs(key.as_double()) < 0x1p62) {
    index = static_cast<std::int64_t>(key.as_double());
  } else {
    return false;
  }
  return true;
}

}  // namespace

/// base[key]; with `optional` an optional that is empty when there is no such element.
bool Evaluation::element(const Node& node, const Value& base, const Value& key, bool optional, Value& out) {
  Value found;
  bool present = false;
  if (key.is(Kind::Sealed) || base.is(Kind::Sealed)) {
    return fail(node, "a personal value may be asked only has() and size()");
  }
  if (base.is(Kind::List)) {
    std::int64_t at = 0;
    if (!index_of(key, at)) return fail(node, fmt::format("a list is indexed by int, not by {}", to_text(key)));
    const auto size = static_cast<std::int64_t>(base.as_list().size());
    present = at >= 0 && at < size;
    if (!present && !optional) {
      return fail(node, fmt::format("index {} is outside of a list with {} element{}", at, size, size == 1 ? "" : "s"));
    }
    if (present) found = base.as_list().at(static_cast<std::size_t>(at));
  } else if (base.is(Kind::Map) || base.is(Kind::Struct)) {
    if (key.is(Kind::String) && !charge_bytes(node, key.as_string().size())) return false;
    if (base.is(Kind::Map)) {
      const Value* held = base.as_map().find(key);
      present = held != nullptr;
      if (present) found = *held;
    } else if (key.is(Kind::String)) {
      auto held = base.as_struct().get(key.as_string());
      present = held.has_value();
      if (present) found = std::move(*held);
    }
    if (!present && !optional) return fail(node, fmt::format("no such key: {}", to_text(key)));
  } else {
    return fail(node, fmt::format("no such overload: {}[{}]", type_name(base.kind()), type_name(key.kind())));
  }
  out = !optional ? std::move(found) : present ? Value::some(std::move(found)) : Value::none();
  return true;
}

}  // namespace kvali::expression
