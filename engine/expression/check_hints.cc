// The checker's part about what to write instead: said where what was meant can be told from what was written.
#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/checker.h"
#include "engine/expression/numbers.h"

namespace kvali::expression {

namespace {

/// What a wrapper holds: the rules about numbers are the same for both.
const Type& unwrapped(const Type& type) { return type.is(TypeKind::Wrapper) ? type.part() : type; }

bool is_time(const Type& type) { return type.is(TypeKind::Timestamp) || type.is(TypeKind::Date); }
bool is_many(const Type& type) { return type.is(TypeKind::List) || type.is(TypeKind::Map); }

bool is_constant(const Node& node, Kind kind) { return node.kind == NodeKind::Constant && node.constant.is(kind); }
bool is_call(const Node& node, Function function) { return node.kind == NodeKind::Call && node.function == function; }

bool compares(Function function) { return function >= Function::Equal && function <= Function::GreaterEqual; }

/// a ? b is b MIRRORED a.
Function mirrored(Function function) {
  switch (function) {
    case Function::Less: return Function::Greater;
    case Function::LessEqual: return Function::GreaterEqual;
    case Function::Greater: return Function::Less;
    case Function::GreaterEqual: return Function::LessEqual;
    default: return function;
  }
}

/// As it may stand beside an operator; "…" when that would be too long to read.
std::string shown(const Node& node) {
  constexpr std::size_t readable = 60;
  std::string text = operand_text(node);
  return text.size() > readable ? "…" : text;
}

/// The period meant by "2 years", by 30 (days) or by a period; "" when none is.
std::string period_in(const Node& node, const Type& type) {
  if (type.is(TypeKind::Period)) return shown(node);
  if (is_constant(node, Kind::Int)) return fmt::format("period(\"{} day{}\")", node.constant.as_int(), node.constant.as_int() == 1 ? "" : "s");
  if (is_constant(node, Kind::String) && calendar::parse_period(node.constant.as_string())) return fmt::format("period(\"{}\")", node.constant.as_string());
  return {};
}

/// The numbers of 2017 - 03 - 01, from the left; nothing when it is no such difference.
bool read_days(const Node& node, std::vector<std::int64_t>& numbers) {
  if (is_constant(node, Kind::Int)) {
    numbers.push_back(node.constant.as_int());
    return true;
  }
  return is_call(node, Function::Subtract) && read_days(node.children[0], numbers) && read_days(node.children[1], numbers);
}

/// The point in time meant by "2017-03-01" or by 2017-03-01; the example of one when it cannot be told.
std::string moment_in(const Node& node) {
  std::string text;
  std::vector<std::int64_t> numbers;
  if (is_constant(node, Kind::String)) text = node.constant.as_string();
  if (read_days(node, numbers) && numbers.size() == 3 && std::all_of(numbers.begin(), numbers.end(), [](std::int64_t one) { return one > 0 && one < 10000; })) {
    text = fmt::format("{:04}-{:02}-{:02}", numbers[0], numbers[1], numbers[2]);
  }
  if (calendar::parse_date(text)) return fmt::format("date(\"{}\")", text);
  if (calendar::parse_instant(text)) return fmt::format("timestamp(\"{}\")", text);
  return "date(\"2017-03-01\")";
}

/// `town == 5` and `cost == "5"`: the constant as the other side has it.
std::string other_constant(const Node& node, const Type& wanted) {
  if (wanted.is(TypeKind::String) && is_constant(node, Kind::Int)) return fmt::format("\"{}\"", node.constant.as_int());
  if (!is_constant(node, Kind::String)) return {};
  const std::string_view text = node.constant.as_string();
  if (wanted.is(TypeKind::Bool) && (text == "yes" || text == "true")) return "true";
  if (wanted.is(TypeKind::Bool) && (text == "no" || text == "false")) return "false";
  return wanted.is_number() && double_of(text) ? std::string(text) : std::string();
}

}  // namespace

/// The two points in time whose difference a node is; null when it is none.
const Node* Checker::time_between(const Node& node) const {
  if (!is_call(node, Function::Subtract)) return nullptr;
  const auto is_moment = [this](const Node& child) {
    const auto found = typing_.types.find(&child);
    return found != typing_.types.end() && is_time(unwrapped(unification_.resolved(found->second)));
  };
  return is_moment(node.children[0]) && is_moment(node.children[1]) ? &node : nullptr;
}

/// A comparison whose `left` side is what could have been written otherwise; `sign` as if it stood on the left.
std::string Checker::other_comparison(Function sign, const Node& left, const Type& left_type, const Node& right, const Type& right_type) const {
  const auto write = [&](const std::string& first, Function between, const std::string& second) {
    return fmt::format("; write {} {} {}", first, info_of(between).name, second);
  };
  if (const Node* between = time_between(left)) {
    if (const std::string period = period_in(right, right_type); !period.empty()) {
      return write(fmt::format("{} + {}", shown(between->children[1]), period), mirrored(sign), shown(between->children[0]));
    }
  }
  if (is_many(left_type) && right_type.is_number()) return write(fmt::format("size({})", shown(left)), sign, shown(right));
  if (is_time(left_type) && (right_type.is(TypeKind::String) || right_type.is_number())) return fmt::format("; write {}", moment_in(right));
  if (left_type.is(TypeKind::Optional) && !right_type.is(TypeKind::Null)) return write(fmt::format("{}.orValue(…)", shown(left)), sign, shown(right));
  const std::string constant = left.kind == NodeKind::Constant ? "" : other_constant(right, left_type);
  if (!constant.empty()) return fmt::format("; write {}", constant);
  const bool equality = sign == Function::Equal || sign == Function::NotEqual;
  if (equality && right_type.is(TypeKind::Null) && left.kind == NodeKind::Select) {
    return fmt::format("; write {}has({})", sign == Function::Equal ? "!" : "", shown(left));
  }
  return {};
}

std::string Checker::hint_for(const Node& node, const Type& left_type, const Type& right_type) const {
  const Node& left = node.children[0];
  const Node& right = node.children[1];
  const Type& a = unwrapped(left_type);
  const Type& b = unwrapped(right_type);
  if (a.is_number() && b.is_number()) return "; double(x), int(x) and uint(x) convert";
  if (compares(node.function)) {
    if (std::string hint = other_comparison(node.function, left, a, right, b); !hint.empty()) return hint;
    if (std::string hint = other_comparison(mirrored(node.function), right, b, left, a); !hint.empty()) return hint;
  }
  const bool bare = b.is(TypeKind::String) || b.is_number();
  const bool moves = node.function == Function::Add || node.function == Function::Subtract;
  if (is_time(a) && bare && moves) {
    const std::string period = period_in(right, b);
    return fmt::format("; write {}", period.empty() ? "period(\"7 days\")" : period);
  }
  if (a.is(TypeKind::Duration) && bare) return "; write duration(\"24h\")";
  const bool turned = (node.function == Function::Equal || node.function == Function::NotEqual) && b.is(TypeKind::Duration);
  return turned && (a.is(TypeKind::String) || a.is_number()) ? "; write duration(\"24h\")" : "";
}

/// A list or a number where a yes or no is wanted.
std::string Checker::hint_for_bool(const Node& node, const Type& given) const {
  if (written_name(node).empty()) return {};
  if (is_many(given)) return fmt::format("; write size({}) > 0", shown(node));
  return unwrapped(given).is_number() ? fmt::format("; write {} > 0", shown(node)) : "";
}

/// The type with which a node was declared, by the road on which it is reached: its choices are known to be all there are.
/// Nothing where values of several declarations may have come together.
std::optional<Type> Checker::as_declared(const Node& node) const {
  if (!node.path.empty()) {
    if (auto type = declared_type(node, names_)) return type;
  }
  const auto part_of = [&](const Node& child) -> std::optional<Type> {
    const auto base = as_declared(child);
    return base && base->is(TypeKind::List) ? std::optional(base->part()) : std::nullopt;
  };
  switch (node.kind) {
    case NodeKind::Local: return declared_locals_[node.slot];
    case NodeKind::Index: return node.optional ? std::nullopt : part_of(node.children[0]);
    case NodeKind::Comprehension: return node.macro == Macro::Filter ? as_declared(node.children[0]) : std::nullopt;
    case NodeKind::Select: {
      const auto base = node.optional ? std::nullopt : as_declared(node.children[0]);
      const Type* field = base && base->is(TypeKind::Record) ? base->field(node.name) : nullptr;
      return field ? std::optional(*field) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

/// A choice compared with a word that is none of its words is never equal to it.
void Checker::one_of_choices(const Node& choice, const Type& type, const Node& word) {
  const std::vector<std::string>& choices = type.choices();
  if (choices.empty() || !is_constant(word, Kind::String)) return;
  const std::string text(word.constant.as_string());
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return;
  std::string list;
  constexpr std::size_t readable = 12;
  for (std::size_t i = 0; i < std::min(choices.size(), readable); ++i) {
    if (i > 0) list += i + 1 == choices.size() ? " or " : ", ";
    list += choices[i];
  }
  if (choices.size() > readable) list += " …";
  const std::string_view near = nearest(text, {choices.begin(), choices.end()});
  const bool many = as_declared(choice)->is(TypeKind::List);  // asked by whoever knows it as declared
  fault(word, fmt::format("{} {} '{}': {} {}{}", shown(choice), many ? "never holds" : "is never", text, many ? "it holds" : "it is", list, near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

void Checker::choices_of_equality(const Node& node) {
  for (const std::size_t at : {0u, 1u}) {
    if (const auto type = as_declared(node.children[at])) one_of_choices(node.children[at], *type, node.children[1 - at]);
  }
}

void Checker::choices_of_membership(const Node& node) {
  const Node& wanted = node.children[0];
  const Node& range = node.children[1];
  if (const auto type = as_declared(wanted); type && range.kind == NodeKind::List) {
    for (const Node& word : range.children) one_of_choices(wanted, *type, word);
  }
  if (const auto type = as_declared(range); type && type->is(TypeKind::List)) one_of_choices(range, type->part(), wanted);
}

}  // namespace kvali::expression
