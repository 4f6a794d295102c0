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

/// "a, b or c" of the distinct texts.
std::string choice_of(const std::vector<std::string>& texts) {
  std::vector<std::string> once;
  for (const std::string& text : texts) {
    if (std::find(once.begin(), once.end(), text) == once.end()) once.push_back(text);
  }
  std::string list;
  for (std::size_t i = 0; i < once.size(); ++i) {
    if (i > 0) list += i + 1 == once.size() ? " or " : ", ";
    list += once[i];
  }
  return list;
}

}  // namespace

Type Checker::unknown_function(const Node& node) {
  const FunctionInfo* info = find_function(node.name, node.receiver);
  if (info != nullptr) {
    const int self = node.receiver ? 1 : 0;
    const int least = info->arguments_min - self, most = info->arguments_max - self;
    const std::string count = info->arguments_max == any_number ? fmt::format("at least {}", least)
                              : least == most                   ? fmt::format("{}", least)
                                                                : fmt::format("{} or {}", least, most);
    return fault(node, fmt::format("{}() takes {} argument{}, not {}", node.name, count, most == 1 ? "" : "s",
                                   static_cast<int>(node.children.size()) - self));
  }
  if (find_function(node.name, !node.receiver) != nullptr) {
    return fault(node, node.receiver ? fmt::format("write {0}(x), not x.{0}()", node.name)
                                     : fmt::format("write x.{0}(), not {0}(x)", node.name));
  }
  const std::string_view near = nearest(node.name, function_names(node.receiver));
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
    Type type = unification_.resolved(node.function == Function::Size ? of(child) : used(child));
    // What is still open would become the first overload's; it stays open instead.
    if (type.is(TypeKind::Parameter) && overloads.size() > 1) type = Type();
    arguments.push_back(std::move(type));
  }
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
    for (const Type& argument : overload.arguments) wanted.push_back(unification_.instance(argument, letters));
    if (!unification_.assignable(arguments, wanted)) continue;
    const Type given = unification_.resolved(unification_.instance(overload.result, letters));
    result = !result || *result == given ? given : Type();
  }
  return result;
}

bool Checker::fits(const Overload& overload, std::span<const Type> arguments) {
  std::vector<std::pair<std::uint32_t, Type>> letters;
  std::vector<Type> wanted;
  for (std::size_t i = 0; i < arguments.size(); ++i) wanted.push_back(unification_.instance(overload.arguments[i], letters));
  return unification_.assignable(arguments, wanted);
}

/// Tells the first argument that no overload takes behind those before it.
void Checker::mismatch(const Node& node, const std::vector<Overload>& overloads, const std::vector<Type>& arguments) {
  std::vector<const Overload*> left;
  for (const Overload& overload : overloads) {
    if (overload.arguments.size() == arguments.size()) left.push_back(&overload);
  }
  std::size_t at = 0;
  for (; at < arguments.size(); ++at) {
    std::vector<const Overload*> next;
    for (const Overload* overload : left) {
      if (fits(*overload, {arguments.data(), at + 1})) next.push_back(overload);
    }
    if (next.empty()) break;
    left = std::move(next);
  }
  const std::string sign(info_of(node.function).name);
  if (left.empty() || at == arguments.size()) {
    fault(node, fmt::format("{}() is not defined for so many arguments", node.name));
    return;
  }
  std::vector<std::string> expected;
  for (const Overload* overload : left) {
    if (overload->arguments[at].is(TypeKind::Sealed)) continue;
    expected.push_back(is_operator(node) && at == 1 ? fmt::format("{} {} {}", to_text(overload->arguments[0]), sign,
                                                                  to_text(overload->arguments[1]))
                                                    : to_text(overload->arguments[at]));
  }
  const std::string found = text(arguments[at]), choice = choice_of(expected);
  if (is_operator(node) && at == 1) {
    const bool numbers = unwrapped(arguments[0]).is_number() && unwrapped(arguments[1]).is_number();
    fault(node, fmt::format("{} {} {} is not defined, but {}{}", text(arguments[0]), sign, found, choice,
                            numbers ? fmt::format("; {}(x) converts", text(arguments[0])) : ""));
  } else if (is_operator(node)) {
    fault(node, fmt::format("{} takes {}, not {}", sign, choice, found));
  } else if (node.receiver && at == 0) {
    fault(node, fmt::format("{}() is asked of {}, not of {}", node.name, choice, found));
  } else if (arguments.size() == (node.receiver ? 2u : 1u)) {
    fault(node.children[at], fmt::format("{}() takes {}, not {}", node.name, choice, found));
  } else {
    fault(node.children[at],
          fmt::format("argument {} of {}() is to be {}, not {}", at + (node.receiver ? 0 : 1), node.name, choice, found));
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
  const Type left = used(node.children[0]), right = used(node.children[1]);
  if (comparable(left, right)) return TypeKind::Bool;
  fault(node, fmt::format("{} and {} are never equal: {} wants one type on both sides", text(left), text(right),
                          info_of(node.function).name));
  return TypeKind::Bool;
}

Type Checker::membership(const Node& node) {
  const Type wanted = used(node.children[0]);
  const Type range = opened(used(node.children[1]));
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
