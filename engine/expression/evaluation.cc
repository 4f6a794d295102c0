#include "engine/expression/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/limits.h"

namespace kvali::expression {

Outcome evaluate(const Expression& expression, const Bindings& bindings, const Context& context) {
  return Evaluation(expression.tree(), bindings, context).run();
}

Outcome Evaluation::run() {
  Value storage;
  const Value* value = look(tree_.root, storage);
  if (value == nullptr) return failed();
  if (value != &storage) storage = *value;
  if (storage.kind() >= Kind::Timestamp && !finish(tree_.root, storage, 0)) return failed();
  return {std::move(storage), until_, context_.work_units_max - work_left_};
}

Outcome Evaluation::failed() {
  const Position at = position_of(tree_.source, failure_.offset);
  return {tl::unexpected<EvalError>({at.line, at.column, std::move(failure_.message)}), until_,
          context_.work_units_max - work_left_, stopped_};
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

bool Evaluation::no_overload(const Node& at, Arguments arguments) {
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
  if (value.kind() < Kind::Timestamp) return true;
  if (depth > limits::value_depth_max) return fail(root, "the result nests too deep");
  switch (value.kind()) {
    case Kind::Sealed:
      return fail(root, "a personal value may be asked only has() and size(); it cannot be the result");
    case Kind::Timestamp:
    case Kind::Duration:
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
    default:
      return true;
  }
}

bool Evaluation::eval(const Node& node, Value& out) {
  const Value* value = look(node, out);
  if (value == nullptr) return false;
  if (value != &out) out = *value;
  return true;
}

/// What look() does not find at once.
const Value* Evaluation::make(const Node& node, Value& storage) {
  const auto made = [&storage](bool done) { return done ? &storage : nullptr; };
  switch (node.kind) {
    case NodeKind::Constant:
      return &node.constant;
    case NodeKind::Local:
      return &locals_[node.slot];
    case NodeKind::Name:
      return name(node);
    case NodeKind::Now:
      if (!context_.now) return name(node);
      storage = Value::instant(*context_.now).with_drift(1);
      return &storage;
    case NodeKind::Select:
      return select(node, storage);
    case NodeKind::Has:
      return made(has(node, storage));
    case NodeKind::Index:
      return made(index(node, storage));
    case NodeKind::Call:
      return made(node.function <= Function::In && node.children.size() == 2 ? operation(node, storage)
                                                                             : call(node, storage));
    case NodeKind::List:
      if (!node.constant.is(Kind::List)) return made(list(node, storage));
      return charge(node, node.children.size()) ? &node.constant : nullptr;
    case NodeKind::Map:
      return made(map(node, storage));
    case NodeKind::And:
      return made(junction(node, false, storage));
    case NodeKind::Or:
      return made(junction(node, true, storage));
    case NodeKind::Comprehension:
      return made(comprehension(node, storage));
    case NodeKind::OptionalMap:
      return made(optional_map(node, storage));
    case NodeKind::Conditional:
      return conditional(node, storage);
    case NodeKind::Bind:
      // What is made of the variable is copied: others may take its slot while the value is still looked at.
      if (!eval(node.children[0], storage)) return nullptr;
      locals_[node.slot] = std::move(storage);
      return made(eval(node.children[1], storage));
  }
  return unknown(node);
}

const Value* Evaluation::conditional(const Node& node, Value& storage) {
  const Value* condition = look(node.children[0], storage);
  if (condition == nullptr) return nullptr;
  if (!condition->is(Kind::Bool)) {
    fail(node, fmt::format("no such overload: the condition before ? is {}, not bool", type_name(condition->kind())));
    return nullptr;
  }
  return look(node.children[condition->as_bool() ? 1 : 2], storage);
}

/// && (decided by a false) and || (decided by a true). Errors of other parts are absorbed by the deciding one.
bool Evaluation::junction(const Node& node, bool deciding, Value& out) {
  const calendar::Instant before = until_;
  calendar::Instant all = calendar::never;
  Failure first_failure;
  bool failed = false;
  for (const Node& part : node.children) {
    until_ = calendar::never;
    const Value* value = look(part, out);
    if (stopped_) {
      until_ = std::min({before, all, until_});
      return false;
    }
    const bool good = value != nullptr && value->is(Kind::Bool);
    if (good && value->as_bool() == deciding) {
      until_ = std::min(before, until_);
      out = Value::boolean(deciding);
      return true;
    }
    if (value != nullptr && !good) {
      fail(part,
           fmt::format("no such overload: {} takes bool, not {}", deciding ? "||" : "&&", type_name(value->kind())));
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

/// An operator between two values: most of what guards do.
bool Evaluation::operation(const Node& node, Value& out) {
  Value left_storage, right_storage;
  const Value* left = look(node.children[0], left_storage);
  if (left == nullptr) return false;
  const Value* right = look(node.children[1], right_storage);
  if (right == nullptr) return false;
  const Value* const arguments[] = {left, right};
  const bool sealed = left->is(Kind::Sealed) || right->is(Kind::Sealed);
  if (is_comparison(node.function) && !sealed) return apply_comparison(*this, node, {arguments, 2}, out);
  return apply(node, {arguments, 2}, out);
}

bool Evaluation::call(const Node& node, Value& out) {
  if (node.function == Function::OrOptional || node.function == Function::OrValue) return lazy_or(node, out);
  const std::size_t count = node.children.size();
  if (count == 1) {
    Value storage;
    const Value* argument = look(node.children[0], storage);
    return argument != nullptr && apply(node, {&argument, 1}, out);
  }
  constexpr std::size_t in_line = 3;
  if (count <= in_line) {
    std::array<Value, in_line> storage;
    std::array<const Value*, in_line> arguments{};
    for (std::size_t i = 0; i < count; ++i) {
      arguments[i] = look(node.children[i], storage[i]);
      if (arguments[i] == nullptr) return false;
    }
    return apply(node, {arguments.data(), count}, out);
  }
  std::vector<Value> storage(count);
  std::vector<const Value*> arguments(count);
  for (std::size_t i = 0; i < count; ++i) {
    arguments[i] = look(node.children[i], storage[i]);
    if (arguments[i] == nullptr) return false;
  }
  return apply(node, {arguments.data(), count}, out);
}

bool Evaluation::apply(const Node& node, Arguments arguments, Value& out) {
  const Function function = node.function;
  if (function == Function::Unknown) {
    const bool known = find_function(node.name, node.receiver) != nullptr;
    if (known) return fail(node, fmt::format("no such overload: {}() with {} arguments", node.name, arguments.size()));
    return fail(node, fmt::format("there is no function \"{}\"", node.name));
  }
  if (function != Function::Size) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i].is(Kind::Sealed)) return fail(node, "a personal value may be asked only has() and size()");
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
    if (!value.is(Kind::Optional))
      return fail(node.children[2 * i + 1], "the value of a key after ? must be an optional");
    if (const Value* held = value.as_optional()) entries.emplace_back(std::move(key), *held);
  }
  auto made = Value::map(std::move(entries));
  if (!made) return fail(node, made.error().message);
  out = std::move(*made);
  return true;
}

}  // namespace kvali::expression
