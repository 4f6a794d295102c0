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
  return bindings_.lookup(node.path.empty() ? node.name : node.path);
}

const Value* Evaluation::name(const Node& node) {
  const Value* bound = context_.container.empty() ? bindings_.lookup(node.name) : resolve(node);
  if (bound != nullptr) return bound;
  return node.constant.is(Kind::Type) ? &node.constant : unknown(node);
}

const Value* Evaluation::unknown(const Node& node) {
  fail(node, fmt::format("there is no \"{}\" here", node.name));
  return nullptr;
}

const Value* Evaluation::select(const Node& node, Value& storage) {
  if (!node.path.empty()) {
    if (const Value* bound = whole_paths() ? resolve(node) : nullptr) return bound;
    if (node.constant.is(Kind::Type)) return &node.constant;
  }
  const Value* base = look(node.children[0], storage);
  if (base == nullptr) return nullptr;
  if (!node.optional || base->is(Kind::Optional)) return select_from(node, *base, storage);
  return select_optional(node, *base, storage) ? &storage : nullptr;
}

/// base.?name, where base is no optional itself.
bool Evaluation::select_optional(const Node& node, const Value& base, Value& out) {
  const bool map = base.is(Kind::Map), structure = base.is(Kind::Struct);
  if ((map && base.as_map().find(std::string_view(node.name)) == nullptr) ||
      (structure && !base.as_struct().has(node.name))) {
    out = Value::none();
    return true;
  }
  Value storage;
  const Value* held = select_from(node, base, storage);
  if (held == nullptr) return false;
  out = Value::some(*held);
  return true;
}

const Value* Evaluation::select_from(const Node& node, const Value& base, Value& storage) {
  const auto missing = [&] {
    fail(node, fmt::format("no such key: \"{}\"", node.name));
    return nullptr;
  };
  switch (base.kind()) {
    case Kind::Map: {
      const Value* found = base.as_map().find(std::string_view(node.name));
      if (found == nullptr) return missing();
      if (&base != &storage) return found;
      storage = Value(*found);  // it dies with the map that is held there
      return &storage;
    }
    case Kind::Struct: {
      auto found = base.as_struct().get(node.name);
      if (!found) return missing();
      storage = std::move(*found);
      return &storage;
    }
    case Kind::Optional: {
      const Value* held = base.as_optional();
      if (held == nullptr) return &base;
      return select_optional(node, *held, storage) ? &storage : nullptr;
    }
    case Kind::Sealed:
      fail(node, "a personal value may be asked only has() and size()");
      return nullptr;
    default:
      break;
  }
  fail(node, fmt::format("{} has no field \"{}\"", type_name(base.kind()), node.name));
  return nullptr;
}

bool Evaluation::has(const Node& node, Value& out) {
  if (node.children.empty() || (!node.path.empty() && whole_paths())) {
    const bool bound = resolve(node) != nullptr || (node.children.empty() && bindings_.lookup(node.name) != nullptr);
    if (bound || node.children.empty()) {
      out = Value::boolean(bound);
      return true;
    }
  }
  Value storage;
  const Value* asked = look(node.children[0], storage);
  if (asked == nullptr) return false;
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
  Value base_storage, key_storage;
  const Value* base = look(node.children[0], base_storage);
  const Value* key = base == nullptr ? nullptr : look(node.children[1], key_storage);
  if (key == nullptr) return false;
  if (!base->is(Kind::Optional)) return element(node, *base, *key, node.optional, out);
  const Value* held = base->as_optional();
  if (held == nullptr) {
    out = *base;
    return true;
  }
  return element(node, *held, *key, true, out);
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
