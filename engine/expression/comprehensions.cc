// The macros that walk lists and maps: all, exists, exists_one, map, filter and their forms with two variables.
#include <fmt/format.h>

#include "engine/expression/evaluation.h"

namespace kvali::expression {

bool Evaluation::comprehension(const Node& node, Value& out) {
  Value storage;
  const Value* looked = look(node.children[0], storage);
  if (looked == nullptr) return false;
  const Value& range = *looked;
  if (range.is(Kind::Sealed)) return fail(node, "a personal value may be asked only has() and size()");
  if (!range.is(Kind::List) && !range.is(Kind::Map)) {
    const bool fields = range.is(Kind::Struct);
    return fail(node, fmt::format("{}() walks lists and maps, not {}", macro_name(node.macro),
                                  fields ? "things with fields" : type_name(range.kind())));
  }
  switch (node.macro) {
    case Macro::All:
    case Macro::Exists:
      return quantifier(node, range, out);
    case Macro::ExistsOne:
      return exists_one(node, range, out);
    case Macro::Map:
    case Macro::Filter:
    case Macro::TransformList:
      return collect(node, range, out);
    case Macro::TransformMap:
    case Macro::TransformMapEntry:
      break;
  }
  return collect_map(node, range, out);
}

/// Calls `step` with the variables set to each element in order, until it returns false.
template <class Step>
bool Evaluation::each(const Node& node, const Value& range, Step step) {
  const bool two = node.variables == 2;
  if (range.is(Kind::List)) {
    const List& list = range.as_list();
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!charge(node, 1)) return false;
      if (two) locals_[node.slot] = Value::integer(static_cast<std::int64_t>(i));
      locals_[static_cast<std::size_t>(node.slot) + (two ? 1 : 0)] = list.at(i);
      if (!step()) return false;
    }
    return true;
  }
  for (const auto& [key, value] : range.as_map().entries()) {
    if (!charge(node, 1)) return false;
    locals_[node.slot] = key;
    if (two) locals_[static_cast<std::size_t>(node.slot) + 1] = value;
    if (!step()) return false;
  }
  return true;
}

/// all() is decided by one false, exists() by one true; only then errors of other elements do not count.
bool Evaluation::quantifier(const Node& node, const Value& range, Value& out) {
  const bool deciding = node.macro == Macro::Exists;
  const calendar::Instant before = until_;
  calendar::Instant all = calendar::never;
  Failure first_failure;
  bool failed = false, decided = false;
  each(node, range, [&] {
    until_ = calendar::never;
    const Value* value = look(node.children[1], out);
    if (stopped_) return false;
    const bool good = value != nullptr && value->is(Kind::Bool);
    if (good && value->as_bool() == deciding) {
      decided = true;
      return false;
    }
    if (value != nullptr && !good) {
      fail(node.children[1],
           fmt::format("no such overload: {}() needs bool, not {}", macro_name(node.macro), type_name(value->kind())));
    }
    if (!good && !failed) {
      failed = true;
      first_failure = std::move(failure_);
    }
    all = std::min(all, until_);
    return true;
  });
  if (stopped_) {
    until_ = std::min({before, all, until_});
    return false;
  }
  if (decided) {
    until_ = std::min(before, until_);
    out = Value::boolean(deciding);
    return true;
  }
  until_ = std::min(before, all);
  if (failed) {
    failure_ = std::move(first_failure);
    return false;
  }
  out = Value::boolean(!deciding);
  return true;
}

/// Evaluates the predicate in children[1], which must be bool.
bool Evaluation::passes_filter(const Node& node, bool& passes) {
  Value storage;
  const Value* value = look(node.children[1], storage);
  if (value == nullptr) return false;
  if (!value->is(Kind::Bool)) {
    return fail(node.children[1], fmt::format("no such overload: {}() needs bool, not {}", macro_name(node.macro),
                                              type_name(value->kind())));
  }
  passes = value->as_bool();
  return true;
}

bool Evaluation::exists_one(const Node& node, const Value& range, Value& out) {
  std::size_t count = 0;
  const bool done = each(node, range, [&] {
    bool passes = false;
    if (!passes_filter(node, passes)) return false;
    count += passes ? 1 : 0;
    return true;
  });
  out = Value::boolean(count == 1);
  return done;
}

bool Evaluation::collect(const Node& node, const Value& range, Value& out) {
  std::vector<Value> values;
  const bool filter = node.macro == Macro::Filter;
  const bool done = each(node, range, [&] {
    bool passes = true;
    if ((filter || node.has_filter) && !passes_filter(node, passes)) return false;
    if (!passes) return true;
    Value value;
    if (filter) {
      value = locals_[node.slot];
    } else if (!eval(node.children.back(), value)) {
      return false;
    }
    values.push_back(std::move(value));
    return true;
  });
  out = Value::list(std::move(values));
  return done;
}

bool Evaluation::collect_map(const Node& node, const Value& range, Value& out) {
  std::vector<Map::Entry> entries;
  const bool done = each(node, range, [&] {
    bool passes = true;
    if (node.has_filter && !passes_filter(node, passes)) return false;
    if (!passes) return true;
    const Value key = locals_[node.slot];
    Value value;
    if (!eval(node.children.back(), value)) return false;
    if (node.macro == Macro::TransformMap) {
      entries.emplace_back(key, std::move(value));
      return true;
    }
    if (!value.is(Kind::Map))
      return fail(node.children.back(), "transformMapEntry() makes entries: expected {key: value}");
    for (const Map::Entry& entry : value.as_map().entries()) entries.push_back(entry);
    return charge(node, value.as_map().size());
  });
  if (!done) return false;
  auto made = Value::map(std::move(entries));
  if (!made) return fail(node, made.error().message);
  out = std::move(*made);
  return true;
}

}  // namespace kvali::expression
