// The checker's part about calls: which overload is meant, and what is told when none is.
#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/checker.h"

namespace kvali::expression {

namespace {

bool is_operator(const Node& node) { return node.name.empty(); }

/// What a wrapper holds: the rules about numbers are the same for both.
const Type& unwrapped(const Type& type) { return type.is(TypeKind::Wrapper) ? type.part() : type; }

bool is_time(const Type& type) { return type.is(TypeKind::Timestamp) || type.is(TypeKind::Date); }

/// What functions are called in other languages.
constexpr std::pair<std::string_view, std::string_view> other_words[] = {
    {"length", "size"},         {"len", "size"},           {"count", "size"},        {"getYear", "getFullYear"},
    {"getDay", "getDate"},      {"toLower", "lowerAscii"}, {"lower", "lowerAscii"},  {"toUpper", "upperAscii"},
    {"upper", "upperAscii"},    {"some", "exists"},        {"every", "all"},         {"includes", "contains"},
    {"max", "math.greatest"},   {"min", "math.least"},     {"abs", "math.abs"},      {"round", "math.round"},
    {"floor", "math.floor"},    {"ceil", "math.ceil"},     {"not", "!"},             {"any", "exists"},
};

/// The texts, each once, "a, b or c".
std::string choice_of(const std::vector<std::string>& texts, std::string_view last = " or ") {
  std::string list;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) list += i + 1 == texts.size() ? last : ", ";
    list += texts[i];
  }
  return list;
}

void add_once(std::vector<std::string>& texts, std::string text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

}  // namespace

Type Checker::unknown_function(const Node& node) {
  const FunctionInfo* info = find_function(node.name, node.receiver);
  if (info != nullptr) {
    const int self = node.receiver ? 1 : 0;
    const int least = info->arguments_min - self, most = info->arguments_max - self;
    const bool any = info->arguments_max == any_number;
    const std::string count = any             ? fmt::format("at least {}", least)
                              : least == most ? fmt::format("{}", least)
                                              : fmt::format("{} or {}", least, most);
    return fault(node, fmt::format("{}() takes {} argument{}, not {}", node.name, count, (any ? least : most) == 1 ? "" : "s",
                                   static_cast<int>(node.children.size()) - self));
  }
  if (find_function(node.name, !node.receiver) != nullptr) {
    return fault(node, node.receiver ? fmt::format("write {0}(x), not x.{0}()", node.name)
                                     : fmt::format("write x.{0}(), not {0}(x)", node.name));
  }
  std::string_view near = nearest(node.name, function_names(node.receiver));
  for (const auto& [elsewhere, here] : other_words) {
    if (elsewhere == node.name) near = here;
  }
  return fault(node,
               fmt::format("there is no function \"{}\"{}", node.name,
                           near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)),
               FaultKind::UnknownName);
}

Type Checker::call(const Node& node) {
  switch (node.function) {
    case Function::Unknown: {
      unknown_function(node);
      // Its name may be that of a macro with too few arguments, whose variables are then no names: nothing more is told.
      return {};
    }
    case Function::Equal:
    case Function::NotEqual:
      return equality(node);
    case Function::In:
      return membership(node);
    case Function::Greatest:
    case Function::Least:
      return extreme(node);
    default:
      break;
  }
  const std::vector<Overload>& overloads = overloads_of(node.function);
  std::vector<Type> arguments;
  for (const Node& child : node.children) {
    const bool asks = node.function == Function::HasValue || node.function == Function::OptionalValue;
    Type type = unification_.resolved(node.function == Function::Size ? of(child) : asks ? used(child) : read(child));
    // What is still open would become the first overload's; it stays open instead.
    if (type.is(TypeKind::Parameter) && overloads.size() > 1) type = Type();
    arguments.push_back(std::move(type));
  }
  if (node.function == Function::Sum && sum_of_nothing(node, arguments)) return {};
  if (auto result = resolve(overloads, arguments)) return *result;
  mismatch(node, overloads, arguments);
  return {};
}

/// The result of the overloads that take the arguments: dyn when they disagree, nothing when there is none.
std::optional<Type> Checker::resolve(const std::vector<Overload>& overloads, const std::vector<Type>& arguments) {
  std::optional<Type> result;
  for (const Overload& overload : overloads) {
    std::vector<std::pair<std::uint32_t, Type>> letters;
    std::vector<Type> wanted;
    if (overload.arguments.size() != arguments.size()) continue;
    wanted.reserve(arguments.size());
    for (const Type& argument : overload.arguments) wanted.push_back(unification_.instance(argument, letters));
    if (!unification_.assignable(arguments, wanted)) continue;
    const Type given = unification_.resolved(unification_.instance(overload.result, letters));
    result = !result || *result == given ? given : Type();
  }
  return result;
}

/// What the overload wants behind arguments that it takes; nothing when it does not take them.
std::optional<Type> Checker::wanted_next(const Overload& overload, std::span<const Type> arguments) {
  std::vector<std::pair<std::uint32_t, Type>> letters;
  std::vector<Type> wanted;
  wanted.reserve(overload.arguments.size());
  for (const Type& argument : overload.arguments) wanted.push_back(unification_.instance(argument, letters));
  if (!unification_.assignable(arguments, {wanted.data(), arguments.size()})) return std::nullopt;
  return arguments.size() == wanted.size() ? Type() : unification_.resolved(wanted[arguments.size()]);
}

/// Tells the first argument that no overload takes behind those before it.
void Checker::mismatch(const Node& node, const std::vector<Overload>& overloads, const std::vector<Type>& arguments) {
  std::vector<std::string> expected;
  for (const Overload& overload : overloads) {
    // Another form of the function takes what it is asked of, with fewer or more arguments.
    const bool other = node.receiver && overload.arguments.size() != arguments.size();
    const bool none = std::none_of(overloads.begin(), overloads.end(), [&](const Overload& one) {
      return one.arguments.size() == arguments.size() && wanted_next(one, {arguments.data(), 1});
    });
    if (!other || !none || !wanted_next(overload, {arguments.data(), 1})) continue;
    const std::size_t count = overload.arguments.size() - 1;
    fault(node, fmt::format("{}() of {} takes {} argument{}, not {}", node.name, short_text(arguments[0]), count,
                            count == 1 ? "" : "s", arguments.size() - 1));
    return;
  }
  std::size_t at = 0;
  for (bool taken = true; taken; at += taken ? 1 : 0) {
    taken = false;
    std::vector<std::string> next;
    for (const Overload& overload : overloads) {
      if (overload.arguments.size() != arguments.size()) continue;
      const auto wanted = wanted_next(overload, {arguments.data(), at});
      if (!wanted) continue;
      taken = taken || wanted_next(overload, {arguments.data(), at + 1});
      if (!wanted->is(TypeKind::Sealed)) add_once(next, short_text(*wanted));
    }
    expected = std::move(next);
    if (at + 1 == arguments.size()) break;
  }
  tell_mismatch(node, arguments, at, expected);
}

void Checker::tell_mismatch(const Node& node, const std::vector<Type>& arguments, std::size_t at,
                            std::vector<std::string>& expected) {
  const std::string found = short_text(arguments[at]);
  const std::string_view sign = info_of(node.function).name;
  if (is_operator(node) && at == 1) {
    const std::string left = short_text(arguments[0]);
    for (std::string& right : expected) right = fmt::format("{} {} {}", left, sign, right);
    std::string hint = hint_for(node, arguments[0], arguments[1]);
    constexpr std::size_t readable = 4;  // a longer list helps nobody
    if (hint.empty() && expected.size() <= readable) {
      hint = fmt::format("; {} {}", choice_of(expected, " and "), expected.size() == 1 ? "is" : "are");
    }
    fault(node, fmt::format("{} {} {} is not defined{}", left, sign, found, hint));
  } else if (is_operator(node)) {
    const bool compares = node.function >= Function::Less && node.function <= Function::GreaterEqual;
    const std::string hint = compares ? hint_for(node, arguments[0], arguments[1]) : "";
    fault(node, hint.empty() ? fmt::format("{} takes {}, not {}", sign, choice_of(expected), found)
                             : fmt::format("{} {} {} is not defined{}", found, sign, short_text(arguments[1]), hint));
  } else if (node.receiver && at == 0) {
    fault(node, fmt::format("{}() is asked of {}, not of {}", node.name, choice_of(expected), found));
  } else if (arguments.size() == (node.receiver ? 2u : 1u)) {
    fault(node.children[at], fmt::format("{}() takes {}, not {}", node.name, choice_of(expected), found));
  } else {
    fault(node.children[at], fmt::format("argument {} of {}() is to be {}, not {}", at + (node.receiver ? 0 : 1), node.name,
                                         choice_of(expected), found));
  }
}

/// Whether two values of these types may be equal: one type fits the other, both are numbers, or both are points of time.
bool Checker::comparable(const Type& a, const Type& b) {
  const Type either = unification_.fresh();
  const Type pair[] = {a, b}, both[] = {either, either};
  if (unification_.assignable(pair, both)) return true;
  const Type x = unwrapped(unification_.resolved(a)), y = unwrapped(unification_.resolved(b));
  return (x.is_number() && y.is_number()) || (is_time(x) && is_time(y));
}

Type Checker::equality(const Node& node) {
  const Type left = read(node.children[0]), right = read(node.children[1]);
  if (comparable(left, right)) {
    choices_of_equality(node);
  } else {
    fault(node, fmt::format("{} and {} are never equal{}", text(left), text(right),
                            hint_for(node, unification_.resolved(left), unification_.resolved(right))));
  }
  return TypeKind::Bool;
}

Type Checker::membership(const Node& node) {
  const Type wanted = read(node.children[0]);
  const Type range = opened(read(node.children[1]));
  choices_of_membership(node);
  switch (range.kind()) {
    case TypeKind::Dyn:
      break;
    case TypeKind::List:
      if (comparable(wanted, range.part())) break;
      fault(node, fmt::format("{} is never in {}", text(wanted), text(range)));
      break;
    case TypeKind::Map:
      if (comparable(wanted, range.part(0))) break;
      fault(node, fmt::format("{} is never a key of {}", text(wanted), text(range)));
      break;
    case TypeKind::Record:
      if (unification_.assignable(wanted, TypeKind::String)) break;
      fault(node, fmt::format("the fields of a thing are named by string, not by {}", text(wanted)));
      break;
    default:
      fault(node.children[1], fmt::format("\"in\" looks into lists and maps, not into {}", text(range)));
  }
  return TypeKind::Bool;
}

/// An empty list knows no kind of its items when it is evaluated, so its sum is the int 0: a sum of another kind says what it
/// begins with. True when that had to be told.
bool Checker::sum_of_nothing(const Node& node, const std::vector<Type>& arguments) {
  if (arguments.size() != 1 || !arguments[0].is(TypeKind::List)) return false;
  const Type item = unwrapped(unification_.resolved(arguments[0].part()));
  const char* zero = item.is(TypeKind::Double) ? "0.0" : item.is(TypeKind::Uint) ? "0u" : item.is(TypeKind::Duration) ? "duration(\"0s\")" : nullptr;
  if (zero == nullptr) return false;
  fault(node, fmt::format("sum() of {} is to say what an empty list gives; write sum({})", short_text(arguments[0]), zero));
  return true;
}

/// math.greatest(…) and math.least(…): of numbers of any kinds, or of one list of them.
Type Checker::extreme(const Node& node) {
  std::optional<Type> result;
  const bool alone = node.children.size() == 1;
  for (const Node& child : node.children) {
    Type type = unwrapped(opened(used(child)));
    if (alone && type.is(TypeKind::List)) type = unwrapped(opened(type.part()));
    if (!type.is_number() && !type.is(TypeKind::Dyn)) {
      type = fault(child, fmt::format("{}() compares numbers, not {}", node.name, text(type)));
    }
    result = !result || *result == type ? type : Type();
  }
  return result.value_or(Type());
}

}  // namespace kvali::expression
