#include "engine/expression/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/limits.h"

namespace kvali::expression {

Outcome evaluate(const Expression& expression, const Bindings& bindings, const Context& context) {
  return Evaluation(expression.tree(), bindings, context).run();
}

Outcome Evaluation::run() {
  Outcome outcome;
  Value value;
  const bool done = eval(tree_.root, value) && finish(tree_.root, value, 0);
  outcome.work_units = context_.work_units_max - work_left_;
  outcome.may_change_at = until_;
  if (done) {
    outcome.result = std::move(value);
  } else {
    const Position at = position_of(tree_.source, failure_.offset);
    outcome.result = tl::unexpected<EvalError>({at.line, at.column, std::move(failure_.message)});
  }
  return outcome;
}

bool Evaluation::fail(const Node& at, std::string message) {
  if (!stopped_) failure_ = {at.offset, std::move(message)};
  return false;
}

bool Evaluation::out_of_work(const Node& at) {
  fail(at, fmt::format("this takes more than {} units of work", context_.work_units_max));
  stopped_ = true;
  work_left_ = 0;
  return false;
}

bool Evaluation::no_overload(const Node& at, std::span<const Value> arguments) {
  const std::string_view sign = info_of(at.function).name;
  std::string kinds;
  for (std::size_t i = at.receiver ? 1 : 0; i < arguments.size(); ++i) {
    if (!kinds.empty()) kinds += ", ";
    kinds += type_name(arguments[i].kind());
  }
  const bool is_operator = at.name.empty();
  if (is_operator && arguments.size() == 2) {
    return fail(at, fmt::format("no such overload: {} {} {}", type_name(arguments[0].kind()), sign,
                                type_name(arguments[1].kind())));
  }
  if (is_operator) return fail(at, fmt::format("no such overload: {}{}", sign, kinds));
  return fail(at, fmt::format("no such overload: {}{}({})",
                              at.receiver ? fmt::format("{}.", type_name(arguments[0].kind())) : "", at.name, kinds));
}

void Evaluation::changes_in(Wide microseconds) {
  if (!context_.now) return;
  const Wide at = *context_.now + std::max<Wide>(microseconds, 1);
  if (at < calendar::never) changes_at(static_cast<calendar::Instant>(at));
}

bool Evaluation::finish(const Node& root, Value& value, int depth) {
  if (depth > limits::value_depth_max) return fail(root, "the result nests too deep");
  switch (value.kind()) {
    case Kind::Sealed: return fail(root, "a personal value may be asked only has() and size(); it cannot be the result");
    case Kind::Timestamp: case Kind::Duration:
      if (value.drift() == 0) return true;
      settle(value);
      value = value.with_drift(0);
      return true;
    case Kind::Optional: {
      if (value.as_optional() == nullptr) return true;
      Value held = *value.as_optional();
      if (!finish(root, held, depth + 1)) return false;
      value = Value::some(std::move(held));
      return true;
    }
    case Kind::List: {
      const List& items = value.as_list();
      if (!charge(root, items.size())) return false;
      std::vector<Value> finished;
      finished.reserve(items.size());
      for (std::size_t i = 0; i < items.size(); ++i) {
        finished.push_back(items.at(i));
        if (!finish(root, finished.back(), depth + 1)) return false;
      }
      value = Value::list(std::move(finished));
      return true;
    }
    case Kind::Map: {
      if (!charge(root, value.as_map().size())) return false;
      std::vector<Map::Entry> entries = value.as_map().entries();
      for (auto& [key, held] : entries) {
        if (!finish(root, held, depth + 1)) return false;
      }
      value = *Value::map(std::move(entries));
      return true;
    }
    default: return true;
  }
}

bool Evaluation::eval(const Node& node, Value& out) {
  if (!charge(node, 1)) return false;
  switch (node.kind) {
    case NodeKind::Constant: out = node.constant; return true;
    case NodeKind::Name: return name(node, out);
    case NodeKind::Now:
      if (!context_.now) return name(node, out);
      out = Value::instant(*context_.now).with_drift(1);
      return true;
    case NodeKind::Local: out = locals_[node.slot]; return true;
    case NodeKind::Select: return select(node, out);
    case NodeKind::Has: return has(node, out);
    case NodeKind::Index: return index(node, out);
    case NodeKind::Call: return call(node, out);
    case NodeKind::List: return list(node, out);
    case NodeKind::Map: return map(node, out);
    case NodeKind::And: return junction(node, false, out);
    case NodeKind::Or: return junction(node, true, out);
    case NodeKind::Comprehension: return comprehension(node, out);
    case NodeKind::OptionalMap: return optional_map(node, out);
    case NodeKind::Conditional:
      if (!eval(node.children[0], out)) return false;
      if (!out.is(Kind::Bool)) {
        return fail(node, fmt::format("no such overload: the condition before ? is {}, not bool", type_name(out.kind())));
      }
      return eval(node.children[out.as_bool() ? 1 : 2], out);
    case NodeKind::Bind:
      if (!eval(node.children[0], out)) return false;
      locals_[node.slot] = std::move(out);
      return eval(node.children[1], out);
  }
  return fail(node, "this cannot be evaluated");
}

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
    case Kind::Sealed: return fail(node, "a personal value may be asked only has() and size()");
    default: break;
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
  } else if (key.is(Kind::Double) && std::trunc(key.as_double()) == key.as_double() && std::abs(key.as_double()) < 0x1p62) {
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

/// && (decided by a false) and || (decided by a true). Errors of other parts are absorbed by the deciding one.
bool Evaluation::junction(const Node& node, bool deciding, Value& out) {
  const calendar::Instant before = until_;
  calendar::Instant all = calendar::never;
  Failure first_failure;
  bool failed = false;
  for (const Node& part : node.children) {
    until_ = calendar::never;
    bool good = eval(part, out);
    if (stopped_) {
      until_ = std::min({before, all, until_});
      return false;
    }
    if (good && out.is(Kind::Bool) && out.as_bool() == deciding) {
      until_ = std::min(before, until_);
      return true;
    }
    if (good && !out.is(Kind::Bool)) {
      good = fail(part, fmt::format("no such overload: {} takes bool, not {}", deciding ? "||" : "&&", type_name(out.kind())));
    }
    if (!good && !failed) {
      failed = true;
      first_failure = std::move(failure_);
    }
    all = std::min(all, until_);
  }
  until_ = std::min(before, all);
  if (failed) {
    failure_ = std::move(first_failure);
    return false;
  }
  out = Value::boolean(!deciding);
  return true;
}

bool Evaluation::call(const Node& node, Value& out) {
  if (node.function == Function::OrOptional || node.function == Function::OrValue) return lazy_or(node, out);
  const std::size_t count = node.children.size();
  constexpr std::size_t in_line = 3;
  if (count <= in_line) {
    std::array<Value, in_line> arguments;
    for (std::size_t i = 0; i < count; ++i) {
      if (!eval(node.children[i], arguments[i])) return false;
    }
    return apply(node, {arguments.data(), count}, out);
  }
  std::vector<Value> arguments(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!eval(node.children[i], arguments[i])) return false;
  }
  return apply(node, arguments, out);
}

bool Evaluation::apply(const Node& node, std::span<const Value> arguments, Value& out) {
  const Function function = node.function;
  if (function == Function::Unknown) {
    const bool known = find_function(node.name, node.receiver) != nullptr;
    if (known) return fail(node, fmt::format("no such overload: {}() with {} arguments", node.name, arguments.size()));
    return fail(node, fmt::format("there is no function \"{}\"", node.name));
  }
  if (function != Function::Size) {
    for (const Value& argument : arguments) {
      if (argument.is(Kind::Sealed)) return fail(node, "a personal value may be asked only has() and size()");
    }
  }
  if (function <= Function::In) {
    return is_comparison(function) ? apply_comparison(*this, node, arguments, out)
                                   : apply_arithmetic(*this, node, arguments, out);
  }
  if (function <= Function::Matches) return apply_text(*this, node, arguments, out);
  if (function <= Function::Dyn) return apply_conversion(*this, node, arguments, out);
  if (function <= Function::GetSeconds) return apply_time(*this, node, arguments, out);
  if (function <= Function::ToDate) return apply_conversion(*this, node, arguments, out);
  if (function < Function::Format) return apply_text(*this, node, arguments, out);
  if (function <= Function::Quote) return apply_format(*this, node, arguments, out);
  if (function <= Function::BitShiftRight) return apply_math(*this, node, arguments, out);
  if (function <= Function::OptionalValue) return apply_optional(*this, node, arguments, out);
  return apply_conversion(*this, node, arguments, out);  // encoders
}

/// x.or(y) and x.orValue(y) look at y only when x is empty.
bool Evaluation::lazy_or(const Node& node, Value& out) {
  Value self;
  if (!eval(node.children[0], self)) return false;
  if (!self.is(Kind::Optional)) {
    return fail(node, fmt::format("no such overload: {}.{}()", type_name(self.kind()), node.name));
  }
  if (const Value* held = self.as_optional()) {
    out = node.function == Function::OrOptional ? self : *held;
    return true;
  }
  if (!eval(node.children[1], out)) return false;
  if (node.function == Function::OrOptional && !out.is(Kind::Optional)) {
    return fail(node, fmt::format("no such overload: optional_type.or({})", type_name(out.kind())));
  }
  return true;
}

bool Evaluation::optional_map(const Node& node, Value& out) {
  Value self;
  if (!eval(node.children[0], self)) return false;
  if (!self.is(Kind::Optional)) {
    return fail(node, fmt::format("no such overload: {}.optMap()", type_name(self.kind())));
  }
  const Value* held = self.as_optional();
  if (held == nullptr) {
    out = self;
    return true;
  }
  locals_[node.slot] = *held;
  if (!eval(node.children[1], out)) return false;
  if (!node.optional) {
    out = Value::some(std::move(out));
  } else if (!out.is(Kind::Optional)) {
    return fail(node, fmt::format("optFlatMap() needs an optional, not {}", type_name(out.kind())));
  }
  return true;
}

bool Evaluation::list(const Node& node, Value& out) {
  std::vector<Value> values;
  values.reserve(node.children.size());
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    Value value;
    if (!eval(node.children[i], value)) return false;
    if (!node.marked[i]) {
      values.push_back(std::move(value));
      continue;
    }
    if (!value.is(Kind::Optional)) return fail(node.children[i], "the element after ? must be an optional");
    if (const Value* held = value.as_optional()) values.push_back(*held);
  }
  out = Value::list(std::move(values));
  return true;
}

bool Evaluation::map(const Node& node, Value& out) {
  std::vector<Map::Entry> entries;
  entries.reserve(node.marked.size());
  for (std::size_t i = 0; i < node.marked.size(); ++i) {
    Value key, value;
    if (!eval(node.children[2 * i], key) || !eval(node.children[2 * i + 1], value)) return false;
    if (key.is(Kind::String) && !charge_bytes(node, key.as_string().size())) return false;
    if (!node.marked[i]) {
      entries.emplace_back(std::move(key), std::move(value));
      continue;
    }
    if (!value.is(Kind::Optional)) return fail(node.children[2 * i + 1], "the value of a key after ? must be an optional");
    if (const Value* held = value.as_optional()) entries.emplace_back(std::move(key), *held);
  }
  auto made = Value::map(std::move(entries));
  if (!made) return fail(node, made.error().message);
  out = std::move(*made);
  return true;
}

}  // namespace kvali::expression
