// The parser's part about calls: functions in both forms, and the macros, whose variables get their slots here.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/expression/parser_state.h"
#include "engine/limits.h"

namespace kvali::expression {

std::string_view macro_name(Macro macro) {
  switch (macro) {
    case Macro::All:
      return "all";
    case Macro::Exists:
      return "exists";
    case Macro::ExistsOne:
      return "exists_one";
    case Macro::Map:
      return "map";
    case Macro::Filter:
      return "filter";
    case Macro::TransformList:
      return "transformList";
    case Macro::TransformMap:
      return "transformMap";
    case Macro::TransformMapEntry:
      return "transformMapEntry";
  }
  return "";
}

namespace {

struct MacroForm {
  std::string_view name;
  Macro macro;
  std::size_t arguments;
  int variables;
};
constexpr auto macro_forms = std::to_array<MacroForm>({
    {"all", Macro::All, 2, 1},
    {"all", Macro::All, 3, 2},
    {"exists", Macro::Exists, 2, 1},
    {"exists", Macro::Exists, 3, 2},
    {"exists_one", Macro::ExistsOne, 2, 1},
    {"exists_one", Macro::ExistsOne, 3, 2},
    {"existsOne", Macro::ExistsOne, 2, 1},
    {"existsOne", Macro::ExistsOne, 3, 2},
    {"map", Macro::Map, 2, 1},
    {"map", Macro::Map, 3, 1},
    {"filter", Macro::Filter, 2, 1},
    {"transformList", Macro::TransformList, 3, 2},
    {"transformList", Macro::TransformList, 4, 2},
    {"transformMap", Macro::TransformMap, 3, 2},
    {"transformMap", Macro::TransformMap, 4, 2},
    {"transformMapEntry", Macro::TransformMapEntry, 3, 2},
    {"transformMapEntry", Macro::TransformMapEntry, 4, 2},
});

/// The function of a call by its name, form and number of arguments.
Function function_for(const Node& call) {
  const FunctionInfo* info = find_function(call.name, call.receiver);
  const std::size_t count = call.children.size();
  if (info == nullptr || count < info->arguments_min) return Function::Unknown;
  return count <= info->arguments_max || info->arguments_max == any_number ? info->function : Function::Unknown;
}

}  // namespace

void Parser::fault_at(std::size_t offset, std::string message) {
  const bool told = is(TokenKind::Unreadable) && offset == token().offset;
  if (!failed_ && !stopped_ && !told) faults_.add(offset, std::move(message));
  failed_ = true;
}

void Parser::too_deep(std::size_t offset) {
  fault_at(offset, fmt::format("the expression nests deeper than {} levels", limits::guard_depth_max));
  stopped_ = true;
}

/// Tells what stands where an expression could have gone on: a word that other languages have for a sign, or else `expected`.
void Parser::unexpected(std::string expected) {
  const auto spells = [](const Token& word, std::string_view lower) {
    return word.kind == TokenKind::Identifier && word.text.size() == lower.size() &&
           std::equal(lower.begin(), lower.end(), word.text.begin(), [](char a, char b) { return a == b || a == b - 'A' + 'a'; });
  };
  const Token& next = tokens_[is(TokenKind::End) ? at_ : at_ + 1];
  const bool denies = spells(next, "not");
  if (at_ > 0 && spells(tokens_[at_ - 1], "not")) return fault_at(tokens_[at_ - 1].offset, "\"not x\" is written !x here");
  if (spells(token(), "and")) return fault("\"and\" is written && here");
  if (spells(token(), "or")) return fault("\"or\" is written || here");
  if (spells(token(), "not")) return fault(spells(next, "in") ? "\"a not in b\" is written !(a in b) here" : "\"not\" is written ! here");
  if (spells(token(), "is")) return fault(denies ? "\"is not\" is written != here" : "\"is\" is written == here");
  if (spells(token(), "contains")) return fault("\"a contains b\" is written b in a here, of texts a.contains(b)");
  fault(std::move(expected));
}

void Parser::expect(TokenKind kind, const char* message) {
  if (failed_) return;
  if (!is(kind)) return unexpected(message);
  take();
}

/// Skips what cannot be read, to the end of the bracket (or its next comma); false when that is not found.
bool Parser::skip_to(TokenKind closing, bool or_comma) {
  int inner = 0;
  for (; !is(TokenKind::End); take()) {
    const TokenKind kind = token().kind;
    if (inner == 0 && (kind == closing || (or_comma && kind == TokenKind::Comma))) {
      failed_ = false;
      return true;
    }
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace) ++inner;
    if (kind == TokenKind::RightParen || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace) --inner;
    if (inner < 0) return false;
  }
  return false;
}

/// Ends a bracket that began at `open_offset`. What stands wrong inside is told, and reading goes on behind the
/// bracket.
void Parser::close(TokenKind kind, std::size_t open_offset, const char* open, const char* closing) {
  if (stopped_) return;
  if (!failed_ && is(TokenKind::End))
    return fault_at(open_offset, fmt::format("{} is not closed with {}", open, closing));
  if (!failed_ && !is(kind)) unexpected(fmt::format("expected {} to close the {} before it", closing, open));
  if (failed_ && !skip_to(kind, false)) return;
  take();
}

/// Behind an element of a list: true when a comma follows and another element may. After a fault, skips to it first.
bool Parser::separated(TokenKind closing) {
  if (stopped_ || (failed_ && !skip_to(closing, true)) || !is(TokenKind::Comma)) return false;
  take();
  return true;
}

/// Takes the depth of a node with its children, and refuses the one that is too deep.
Node Parser::finished(Node node) {
  for (const Node& child : node.children) {
    node.depth = std::max<std::uint16_t>(node.depth, static_cast<std::uint16_t>(child.depth + 1));
  }
  if (node.depth > limits::guard_depth_max) too_deep(node.offset);
  return node;
}

std::optional<std::uint16_t> Parser::slot_of(std::string_view name) const {
  for (std::size_t slot = variables_.size(); slot > 0; --slot) {
    if (variables_[slot - 1] == name) return static_cast<std::uint16_t>(slot - 1);
  }
  return std::nullopt;
}

std::uint16_t Parser::declare(std::string name) {
  variables_.push_back(std::move(name));
  slots_max_ = std::max(slots_max_, variables_.size());
  return static_cast<std::uint16_t>(variables_.size() - 1);
}

std::vector<Node> Parser::arguments(std::size_t open_offset) {
  std::vector<Node> list;
  const bool none = is(TokenKind::RightParen) || is(TokenKind::End);
  while (!none && !stopped_) {
    list.push_back(expression());
    if (!separated(TokenKind::RightParen)) break;
  }
  close(TokenKind::RightParen, open_offset, "(", ")");
  return list;
}

/// How many arguments stand between the parenthesis just taken and its closing one.
std::size_t Parser::count_arguments() const {
  std::size_t count = is(TokenKind::RightParen) ? 0 : 1;
  int inner = 0;
  for (std::size_t at = at_; tokens_[at].kind != TokenKind::End && inner >= 0; ++at) {
    switch (tokens_[at].kind) {
      case TokenKind::LeftParen:
      case TokenKind::LeftBracket:
      case TokenKind::LeftBrace:
        ++inner;
        break;
      case TokenKind::RightParen:
      case TokenKind::RightBracket:
      case TokenKind::RightBrace:
        --inner;
        break;
      case TokenKind::Comma:
        count += inner == 0 ? 1 : 0;
        break;
      default:
        break;
    }
  }
  return count;
}

Node Parser::plain_call(const Token& name) {
  const std::size_t open_offset = take().offset;
  if (name.text == "has") return has_macro(name);
  Node node;
  node.kind = NodeKind::Call;
  node.offset = name.offset;
  node.name = name.text;
  node.children = arguments(open_offset);
  node.function = function_for(node);
  return finished(std::move(node));
}

Node Parser::receiver_call(Node target, const Token& name) {
  const Token& open = take();
  const bool qualified = target.kind == NodeKind::Name || (target.kind == NodeKind::Select && !target.path.empty());
  if (qualified && target.path == "cel" && name.text == "bind") return bind_macro(name);
  Node node;
  node.kind = NodeKind::Call;
  node.offset = name.offset;
  if (qualified) {
    const std::string path = target.path + "." + name.text;
    if (find_function(path, false) != nullptr) {
      node.offset = target.offset;
      node.name = path;
      node.children = arguments(open.offset);
      node.function = function_for(node);
      return finished(std::move(node));
    }
  }
  const std::size_t count = count_arguments();
  const auto form = std::find_if(macro_forms.begin(), macro_forms.end(), [&](const MacroForm& known) {
    return known.name == name.text && known.arguments == count;
  });
  if (form != macro_forms.end()) return comprehension(form->macro, form->variables, count, std::move(target), name);
  if ((name.text == "optMap" || name.text == "optFlatMap") && count == 2) return optional_map(std::move(target), name);
  node.name = name.text;
  node.receiver = true;
  node.children.push_back(std::move(target));
  for (Node& argument : arguments(open.offset)) node.children.push_back(std::move(argument));
  node.function = function_for(node);
  return finished(std::move(node));
}

Node Parser::has_macro(const Token& name) {
  Node node;
  node.kind = NodeKind::Has;
  node.offset = name.offset;
  const std::size_t begin = token().offset;
  Node asked = expression();
  if (!failed_ && is(TokenKind::Comma)) fault("has() asks one thing");
  close(TokenKind::RightParen, name.offset, "(", ")");
  if (failed_) return node;
  node.name = asked.name;
  node.path = asked.path;
  node.absolute = asked.absolute;
  node.depth = asked.depth;
  if (asked.kind == NodeKind::Select && !asked.optional) {
    node.offset = asked.offset;
    node.children = std::move(asked.children);
  } else if (asked.kind == NodeKind::Name) {
    node.offset = asked.offset;
  } else if (faults_.empty()) {
    fault_at(begin, "has() asks for a name or a field, as in has(initiative.title)");
  }
  return node;
}

/// The name that a macro gives to a variable, with the comma behind it.
std::optional<std::string> Parser::variable(const Token& macro) {
  static constexpr std::array constants{"true", "false", "null", "in"};
  const bool constant = std::find(constants.begin(), constants.end(), token().text) != constants.end();
  if (!is(TokenKind::Identifier) || constant || tokens_[at_ + 1].kind != TokenKind::Comma) {
    fault(fmt::format("{} names its variable here; expected a simple name and a comma", macro.text));
    return std::nullopt;
  }
  std::string name = take().text;
  take();
  return name;
}

Node Parser::comprehension(Macro macro, int variables, std::size_t arguments, Node range, const Token& name) {
  Node node;
  node.kind = NodeKind::Comprehension;
  node.macro = macro;
  node.offset = name.offset;
  node.variables = static_cast<std::uint8_t>(variables);
  node.has_filter = (macro == Macro::Map && arguments == 3) || arguments == 4;
  node.children.push_back(std::move(range));
  if (++macros_ > limits::guard_macro_depth_max) {
    fault_at(name.offset, fmt::format("macros such as all, exists and map stand at most {} deep in one another",
                                      limits::guard_macro_depth_max));
  }
  std::vector<std::string> names;
  for (int i = 0; i < variables && !failed_; ++i) {
    if (auto named = variable(name)) names.push_back(std::move(*named));
  }
  if (names.size() == 2 && names[0] == names[1]) fault_at(name.offset, "the two variables need two names");
  for (std::size_t i = 0; i < names.size(); ++i) {
    (i == 0 ? node.name : node.second_name) = names[i];
    const std::uint16_t slot = declare(names[i]);
    if (i == 0) node.slot = slot;
  }
  while (!failed_ && !stopped_) {
    node.children.push_back(expression());
    if (!separated(TokenKind::RightParen)) break;
  }
  close(TokenKind::RightParen, name.offset, "(", ")");
  forget(names.size());
  --macros_;
  return finished(std::move(node));
}

Node Parser::bind_macro(const Token& name) {
  Node node;
  node.kind = NodeKind::Bind;
  node.offset = name.offset;
  const std::size_t count = count_arguments();
  if (count != 3) fault_at(name.offset, "cel.bind() takes a name, its value and the expression that uses it");
  if (auto named = failed_ ? std::nullopt : variable(name)) {
    node.name = *named;
    node.children.push_back(expression());
    if (separated(TokenKind::RightParen)) {
      node.slot = declare(*named);
      node.children.push_back(expression());
      forget(1);
    }
  }
  close(TokenKind::RightParen, name.offset, "(", ")");
  return finished(std::move(node));
}

Node Parser::optional_map(Node target, const Token& name) {
  Node node;
  node.kind = NodeKind::OptionalMap;
  node.optional = name.text == "optFlatMap";
  node.offset = name.offset;
  node.children.push_back(std::move(target));
  if (auto named = variable(name)) {
    node.name = *named;
    node.slot = declare(*named);
    node.children.push_back(expression());
    forget(1);
  }
  close(TokenKind::RightParen, name.offset, "(", ")");
  return finished(std::move(node));
}

}  // namespace kvali::expression
