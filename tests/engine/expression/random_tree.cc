#include "tests/engine/expression/random_tree.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "engine/expression/conversions.h"
#include "tests/engine/expression/random_calls.h"

namespace kvali::expression::testing {

namespace {

// A name for each sort, and more names that are sealed, have fields, or stand for nothing.
constexpr std::array<const char*, sorts> names{"flag",   "count",    "places",     "score",   "title",
                                               "raw",    "sessions", "initiative", "founded", "pause",
                                               "closes", "notice",   "maybe"};
constexpr std::array other_names{"email", "cohort", "missing"};
constexpr std::array type_names{"int", "string", "list", "date", "bool", "null_type"};
constexpr std::array fields{"title", "minutes", "date", "a-b", "in", "x1", "1x", "as"};
constexpr std::array variables{"s", "t", "count", "now", "title"};
constexpr std::array texts{"",
                           "a",
                           "title",
                           "minutes",
                           "ą€😀",
                           "a b\tc\n",
                           "[a-z]+",
                           "(",
                           "1",
                           "-2.5",
                           "%s",
                           "%d %x",
                           "true",
                           "PT0S",
                           "\"\\'",
                           "\x7f",
                           "UTC",
                           "Europe/Vilnius",
                           "2017-03-26T00:59:59Z",
                           "2 years",
                           "+02:00"};
constexpr std::array<std::string_view, 5> octets{"", "a", "\xff\x80", "\"\\", "\xc4\x85"};
constexpr std::array times{"2017-03-26T00:59:59.5Z", "2017-03-26T01:00:00Z",           "2016-12-31T23:59:60.5+02:00",
                           "1970-01-01T00:00:00Z",   "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z",
                           "2019-02-28T22:00:00Z"};
constexpr std::array durations{"0s", "1h30m", "-1.5s", "1ns", "17520h", "1us"};
constexpr std::array dates{"2017-03-26", "2016-02-29", "2017-12-31", "0001-01-01", "9999-12-31"};
constexpr std::array periods{"2 years", "P1M", "10 days", "3 working days", "P2W"};
constexpr std::array<std::int64_t, 9> whole{0, 1, -1, 2, 45, 63, 2017, INT64_MAX, INT64_MIN};
constexpr std::array<double, 9> numbers{0.0, 1.0, -0.0, 1.5, -2.5, 1e300, 5e-324, 9223372036854775808.0, 0.1};

Node constant(Value value) {
  Node node;
  node.constant = std::move(value);
  return node;
}

Node finished(Node node) {
  for (const Node& child : node.children) {
    node.depth = std::max<std::uint16_t>(node.depth, static_cast<std::uint16_t>(child.depth + 1));
  }
  return node;
}

bool is_conversion(Function function) {
  return function == Function::ToTimestamp || function == Function::ToDuration || function == Function::ToDate ||
         function == Function::ToPeriod;
}

/// Reading makes a constant of date("…") and its like.
Node prepared(Node node) {
  const bool one_text = node.children.size() == 1 && node.children[0].kind == NodeKind::Constant &&
                        node.children[0].constant.is(Kind::String);
  if (!one_text || !is_conversion(node.function)) return node;
  const std::string text = node.children[0].constant.as_string();
  auto value = read_constant(node.function, text);
  if (!value) return node;
  Node made = constant(*value);
  made.name = node.name;
  made.function = node.function;
  made.second_name = text;
  return made;
}

class Maker {
 public:
  explicit Maker(Choices& choices) : choices_(choices) {}

  Tree make(int depth) {
    Tree tree;
    tree.root = any(static_cast<Sort>(choices_.below(sorts)), depth);
    tree.slots = slots_max_;
    return tree;
  }

 private:
  Node any(Sort sort, int depth) {
    if (choices_.one_in(24)) sort = static_cast<Sort>(choices_.below(sorts));
    if (depth == 0 || choices_.used_up()) return leaf(sort);
    switch (choices_.below(16)) {
      case 0:
      case 1:
        return leaf(sort);
      case 2:
        return conditional(sort, depth);
      case 3:
        return bind(sort, depth);
      case 4:
        return index(depth);
      case 5:
        return selection(choices_.one_in(2) ? NodeKind::Has : NodeKind::Select, depth);
      case 6:
        return or_value(sort, depth);
      case 7:
      case 8:
      case 9:
        return special(sort, depth);
      default:
        break;
    }
    return call(sort, depth);
  }

  /// The ways beside functions in which a value of this sort is made.
  Node special(Sort sort, int depth) {
    switch (sort) {
      case Sort::Bool:
        if (choices_.one_in(2)) return junction(depth);
        return macro(choices_.any(std::array{Macro::All, Macro::Exists, Macro::ExistsOne}), depth);
      case Sort::List:
        if (choices_.one_in(2)) return collection(NodeKind::List, depth);
        return macro(choices_.any(std::array{Macro::Map, Macro::Filter, Macro::TransformList}), depth);
      case Sort::Map:
        if (choices_.one_in(2)) return collection(NodeKind::Map, depth);
        return macro(choices_.any(std::array{Macro::TransformMap, Macro::TransformMapEntry}), depth);
      case Sort::Optional:
        return optional_map(depth);
      default:
        return call(sort, depth);
    }
  }

  Node leaf(Sort sort) {
    switch (choices_.below(8)) {
      case 0:
      case 1:
      case 2:
        return literal(sort);
      case 3:
        return local(sort);
      case 4:
        return sort == Sort::Time ? moment() : named(sort);
      case 5:
        return choices_.one_in(4) ? type() : named(sort);
      default:
        return named(sort);
    }
  }

  Node literal(Sort sort) {
    switch (sort) {
      case Sort::Bool:
        return constant(choices_.one_in(8) ? Value() : Value::boolean(choices_.one_in(2)));
      case Sort::Int:
        return constant(Value::integer(choices_.any(whole)));
      case Sort::Uint:
        return constant(Value::unsigned_integer(static_cast<std::uint64_t>(choices_.any(whole))));
      case Sort::Double:
        return constant(Value::number(choices_.any(numbers)));
      case Sort::Text:
        return constant(Value::string(choices_.any(texts)));
      case Sort::Bytes:
        return constant(Value::bytes(std::string(choices_.any(octets))));
      case Sort::Time:
        return converted(Function::ToTimestamp, choices_.any(times));
      case Sort::Duration:
        return converted(Function::ToDuration, choices_.any(durations));
      case Sort::Date:
        return converted(Function::ToDate, choices_.any(dates));
      case Sort::Period:
        return converted(Function::ToPeriod, choices_.any(periods));
      case Sort::List:
        return collection(NodeKind::List, 0);
      case Sort::Map:
        return collection(NodeKind::Map, 0);
      case Sort::Optional:
        break;
    }
    return finished(called(Function::OptionalNone, false));
  }

  Node converted(Function function, const char* text) {
    Node node = called(function, false);
    node.children.push_back(constant(Value::string(text)));
    return prepared(finished(std::move(node)));
  }

  std::optional<std::uint16_t> slot_of(std::string_view name) const {
    const auto found = std::find(scope_.rbegin(), scope_.rend(), name);
    if (found == scope_.rend()) return std::nullopt;
    return static_cast<std::uint16_t>(scope_.rend() - found - 1);
  }

  Node name(std::string_view text) {
    Node node;
    node.name = text;
    node.absolute = choices_.one_in(16);
    const auto slot = node.absolute ? std::nullopt : slot_of(text);
    node.kind = slot ? NodeKind::Local : !node.absolute && text == "now" ? NodeKind::Now : NodeKind::Name;
    node.slot = slot.value_or(0);
    if (node.kind == NodeKind::Name) node.path = text;
    return node;
  }

  Node named(Sort sort) {
    return name(choices_.one_in(8) ? choices_.any(other_names) : names[static_cast<std::size_t>(sort)]);
  }
  Node moment() { return name("now"); }
  Node local(Sort sort) { return scope_.empty() ? named(sort) : name(std::string(choices_.any(scope_))); }

  Node type() {
    if (choices_.one_in(3)) {
      Node node = field(field(name("google"), "protobuf", false), "Timestamp", false);
      if (!node.path.empty()) node.constant = Value::type(node.path);
      return node;
    }
    Node node = name(choices_.any(type_names));
    if (node.kind == NodeKind::Name) node.constant = Value::type(node.path);
    return node;
  }

  Node field(Node base, std::string_view name, bool optional) {
    Node node;
    node.kind = NodeKind::Select;
    node.name = name;
    node.optional = optional;
    const bool plain = name.find('-') == std::string_view::npos && name != "in" && !(name[0] >= '0' && name[0] <= '9');
    const bool bare = base.kind == NodeKind::Name || base.kind == NodeKind::Select;
    const bool escaped = !plain || choices_.one_in(16);
    if (bare && !base.path.empty() && !optional && !escaped) node.path = base.path + "." + node.name;
    node.absolute = base.absolute;
    node.children.push_back(std::move(base));
    return finished(std::move(node));
  }

  Node selection(NodeKind kind, int depth) {
    if (kind == NodeKind::Has && choices_.one_in(3)) {
      Node node = named(Sort::Text);
      if (node.kind == NodeKind::Name) node.kind = NodeKind::Has;
      return node;
    }
    const Sort bases[] = {Sort::Map, Sort::Optional};
    Node base = choices_.one_in(3) ? name("cohort") : any(bases[choices_.below(2)], depth - 1);
    Node node = field(std::move(base), choices_.any(fields), kind == NodeKind::Select && choices_.one_in(3));
    node.kind = kind;
    return node;
  }

  Node index(int depth) {
    Node node;
    node.kind = NodeKind::Index;
    node.optional = choices_.one_in(3);
    const bool map = choices_.one_in(2);
    node.children.push_back(any(map ? Sort::Map : Sort::List, depth - 1));
    node.children.push_back(any(map ? Sort::Text : Sort::Int, depth - 1));
    return finished(std::move(node));
  }

  Node conditional(Sort sort, int depth) {
    Node node;
    node.kind = NodeKind::Conditional;
    node.children.push_back(any(Sort::Bool, depth - 1));
    node.children.push_back(any(sort, depth - 1));
    node.children.push_back(any(sort, depth - 1));
    return finished(std::move(node));
  }

  Node junction(int depth) {
    Node node;
    node.kind = choices_.one_in(2) ? NodeKind::And : NodeKind::Or;
    for (std::size_t parts = 2 + choices_.below(3); parts > 0; --parts) {
      node.children.push_back(any(Sort::Bool, depth - 1));
    }
    return finished(std::move(node));
  }

  Node collection(NodeKind kind, int depth) {
    Node node;
    node.kind = kind;
    for (std::size_t items = choices_.below(4); items > 0; --items) {
      const bool marked = choices_.one_in(4);
      const auto sort = static_cast<Sort>(choices_.below(sorts));
      if (kind == NodeKind::Map) node.children.push_back(depth > 0 ? any(Sort::Text, depth - 1) : literal(Sort::Text));
      node.children.push_back(depth > 0 ? any(marked ? Sort::Optional : sort, depth - 1) : literal(Sort::Int));
      node.marked.push_back(marked);
    }
    return finished(std::move(node));
  }

  std::uint16_t declare(std::string name) {
    scope_.push_back(std::move(name));
    slots_max_ = std::max(slots_max_, scope_.size());
    return static_cast<std::uint16_t>(scope_.size() - 1);
  }

  Node bind(Sort sort, int depth) {
    Node node;
    node.kind = NodeKind::Bind;
    node.name = choices_.any(variables);
    node.children.push_back(any(static_cast<Sort>(choices_.below(sorts)), depth - 1));
    node.slot = declare(node.name);
    node.children.push_back(any(sort, depth - 1));
    scope_.pop_back();
    return finished(std::move(node));
  }

  Node optional_map(int depth) {
    Node node;
    node.kind = NodeKind::OptionalMap;
    node.optional = choices_.one_in(2);
    node.name = choices_.any(variables);
    node.children.push_back(any(Sort::Optional, depth - 1));
    node.slot = declare(node.name);
    node.children.push_back(any(node.optional ? Sort::Optional : Sort::Int, depth - 1));
    scope_.pop_back();
    return finished(std::move(node));
  }

  Node macro(Macro macro, int depth) {
    if (macros_ == limits::guard_macro_depth_max) return leaf(Sort::Bool);
    Node node;
    node.kind = NodeKind::Comprehension;
    node.macro = macro;
    const bool quantifies = macro == Macro::All || macro == Macro::Exists || macro == Macro::ExistsOne;
    const bool one = macro == Macro::Map || macro == Macro::Filter || (quantifies && choices_.one_in(2));
    node.variables = one ? 1 : 2;
    node.has_filter = macro != Macro::Filter && !quantifies && choices_.one_in(2);
    node.children.push_back(any(choices_.one_in(2) ? Sort::List : Sort::Map, depth - 1));
    ++macros_;
    node.name = choices_.any(variables);
    node.slot = declare(node.name);
    if (!one) {
      node.second_name = node.name == "s" ? "t" : "s";
      declare(node.second_name);
    }
    if (quantifies || macro == Macro::Filter || node.has_filter) node.children.push_back(any(Sort::Bool, depth - 1));
    if (!quantifies && macro != Macro::Filter) {
      const auto sort = static_cast<Sort>(choices_.below(sorts));
      node.children.push_back(any(macro == Macro::TransformMapEntry ? Sort::Map : sort, depth - 1));
    }
    scope_.resize(scope_.size() - node.variables);
    --macros_;
    return finished(std::move(node));
  }

  Node called(Function function, bool receiver) {
    Node node;
    node.kind = NodeKind::Call;
    node.function = function;
    if (function > Function::In) node.name = info_of(function).name;
    node.receiver = receiver;
    return node;
  }

  Node or_value(Sort sort, int depth) {
    Node node = called(Function::OrValue, true);
    node.children.push_back(any(Sort::Optional, depth - 1));
    node.children.push_back(any(sort, depth - 1));
    return finished(std::move(node));
  }

  Node call(Sort sort, int depth) {
    if (choices_.one_in(64)) return unknown_call(depth);
    const std::vector<Form>& forms = forms_of(sort);
    const Form& form = choices_.any(forms);
    const FunctionInfo& info = info_of(form.function);
    Node node = called(form.function, info.receiver && (!info.plain || choices_.one_in(2)));
    for (const Sort argument : form.arguments) node.children.push_back(any(argument, depth - 1));
    return prepared(finished(std::move(node)));
  }

  Node unknown_call(int depth) {
    Node node = called(Function::Unknown, choices_.one_in(2));
    node.name = choices_.any(std::array{"frobnicate", "substring", "size"});
    for (int i = 0; i < 5; ++i) node.children.push_back(any(Sort::Int, i == 0 ? depth - 1 : 0));
    return finished(std::move(node));
  }

  Choices& choices_;
  std::vector<std::string> scope_;
  std::size_t slots_max_ = 0;
  std::size_t macros_ = 0;
};

}  // namespace

Tree random_tree(Choices& choices, int depth) { return Maker(choices).make(depth); }

bool same_constant(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::Double)) {
    return std::bit_cast<std::uint64_t>(a.as_double()) == std::bit_cast<std::uint64_t>(b.as_double());
  }
  if (a.is(Kind::String) || a.is(Kind::Bytes)) return a.as_string() == b.as_string();
  return to_text(a) == to_text(b);
}

bool same_tree(const Node& a, const Node& b) {
  const bool same = a.kind == b.kind && a.function == b.function && a.macro == b.macro && a.optional == b.optional &&
                    a.receiver == b.receiver && a.absolute == b.absolute && a.has_filter == b.has_filter &&
                    a.variables == b.variables && a.slot == b.slot && a.name == b.name &&

                    a.second_name == b.second_name && a.path == b.path && a.marked == b.marked &&
                    (a.kind == NodeKind::List || same_constant(a.constant, b.constant));
  return same && std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), same_tree);
}

}  // namespace kvali::expression::testing
