#include "engine/expression/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "engine/expression/lexer.h"
#include "engine/expression/numbers.h"
#include "engine/expression/parser_state.h"
#include "engine/expression/utf8.h"

namespace kvali::expression {

namespace {

constexpr std::array reserved_words{"as",        "break",  "const",  "continue", "else", "for",
                                    "function",  "if",     "import", "let",      "loop", "package",
                                    "namespace", "return", "var",    "void",     "while"};

Node leaf(NodeKind kind, const Token& token) {
  Node node;
  node.kind = kind;
  node.offset = token.offset;
  return node;
}

Node constant(Value value, const Token& token) {
  Node node = leaf(NodeKind::Constant, token);
  node.constant = std::move(value);
  return node;
}

}  // namespace

Node Parser::expression() {
  if (++nesting_ > limits::guard_depth_max + 1) {
    too_deep(token().offset);
    --nesting_;
    return {};
  }
  Node condition = disjunction();
  if (!failed_ && is(TokenKind::Question)) {
    const Token& question = take();
    Node yes = disjunction();
    expect(TokenKind::Colon, "expected : and the value for \"no\" after condition ? value");
    Node no = failed_ ? Node{} : expression();
    Node node = leaf(NodeKind::Conditional, question);
    node.children.push_back(std::move(condition));
    node.children.push_back(std::move(yes));
    node.children.push_back(std::move(no));
    condition = finished(std::move(node));
  }
  --nesting_;
  return condition;
}

/// `a || b || c`, or with the other sign `a && b && c`, as one node.
Node Parser::junction(TokenKind sign, NodeKind kind, Node (Parser::*part)()) {
  Node first = (this->*part)();
  if (failed_ || !is(sign)) return first;
  Node node = leaf(kind, token());
  node.children.push_back(std::move(first));
  while (!failed_ && is(sign)) {
    take();
    node.children.push_back((this->*part)());
  }
  return finished(std::move(node));
}

Node Parser::disjunction() { return junction(TokenKind::Or, NodeKind::Or, &Parser::conjunction); }
Node Parser::conjunction() { return junction(TokenKind::And, NodeKind::And, &Parser::relation); }

/// `a + b - c`: operators of one level, read from the left.
Node Parser::operation(Function (Parser::*sign)() const, Node (Parser::*part)()) {
  Node left = (this->*part)();
  while (!failed_) {
    const Function function = (this->*sign)();
    if (function == Function::Unknown) break;
    Node node = leaf(NodeKind::Call, take());
    node.function = function;
    node.children.push_back(std::move(left));
    node.children.push_back((this->*part)());
    left = finished(std::move(node));
  }
  return left;
}

Function Parser::relation_sign() const {
  switch (token().kind) {
    case TokenKind::Less:
      return Function::Less;
    case TokenKind::LessEqual:
      return Function::LessEqual;
    case TokenKind::Greater:
      return Function::Greater;
    case TokenKind::GreaterEqual:
      return Function::GreaterEqual;
    case TokenKind::Equal:
      return Function::Equal;
    case TokenKind::NotEqual:
      return Function::NotEqual;
    default:
      return is_word("in") ? Function::In : Function::Unknown;
  }
}

Function Parser::sum_sign() const {
  return is(TokenKind::Plus) ? Function::Add : is(TokenKind::Minus) ? Function::Subtract : Function::Unknown;
}

Function Parser::product_sign() const {
  if (is(TokenKind::Star)) return Function::Multiply;
  if (is(TokenKind::Slash)) return Function::Divide;
  return is(TokenKind::Percent) ? Function::Modulo : Function::Unknown;
}

Node Parser::relation() { return operation(&Parser::relation_sign, &Parser::sum); }
Node Parser::sum() { return operation(&Parser::sum_sign, &Parser::product); }
Node Parser::product() { return operation(&Parser::product_sign, &Parser::unary); }

Node Parser::unary() {
  if (!is(TokenKind::Not) && !is(TokenKind::Minus)) return member();
  const TokenKind sign = token().kind;
  std::vector<const Token*> signs;
  while (is(sign)) signs.push_back(&take());
  // The last minus before a number is part of the number, so that the smallest int can be written.
  const bool number = is(TokenKind::Int) || is(TokenKind::Double);
  const bool joined = sign == TokenKind::Minus && number;
  if (joined) {
    negative_literal_ = signs.back();
    signs.pop_back();
  }
  Node operand = member();
  for (auto it = signs.rbegin(); it != signs.rend() && !failed_; ++it) {
    Node node = leaf(NodeKind::Call, **it);
    node.function = sign == TokenKind::Not ? Function::Not : Function::Negate;
    node.children.push_back(std::move(operand));
    operand = finished(std::move(node));
  }
  return operand;
}

Node Parser::member() {
  Node node = primary();
  while (!failed_) {
    if (is(TokenKind::Dot)) {
      const Token& dot = take();
      const bool optional = is(TokenKind::Question);
      if (optional) take();
      const bool escaped = is(TokenKind::EscapedIdentifier);
      const bool keyword = is_word("in") || is_word("true") || is_word("false") || is_word("null");
      if (!escaped && (!is(TokenKind::Identifier) || keyword)) {
        fault("expected the name of a field or function after the point");
        break;
      }
      const Token& name = take();
      if (is(TokenKind::LeftParen) && !optional && !escaped) {
        node = receiver_call(std::move(node), name);
      } else {
        node = selection(std::move(node), name, dot, optional, escaped);
      }
    } else if (is(TokenKind::LeftBracket)) {
      Node index = leaf(NodeKind::Index, take());
      index.optional = is(TokenKind::Question);
      if (index.optional) take();
      index.children.push_back(std::move(node));
      index.children.push_back(expression());
      close(TokenKind::RightBracket, index.offset, "[", "]");
      node = finished(std::move(index));
    } else if (is(TokenKind::LeftBrace) && !node.path.empty()) {
      fault(fmt::format("{}{{…}} would make a message; expressions here make maps with {{\"key\": value}}", node.path));
    } else {
      break;
    }
  }
  return node;
}

Node Parser::selection(Node base, const Token& name, const Token& dot, bool optional, bool escaped) {
  Node node = leaf(NodeKind::Select, escaped ? dot : name);
  node.name = name.text;
  node.optional = optional;
  const bool bare = base.kind == NodeKind::Name || base.kind == NodeKind::Select;
  if (bare && !base.path.empty() && !optional && !escaped) node.path = base.path + "." + name.text;
  node.absolute = base.absolute;
  node.children.push_back(std::move(base));
  return finished(std::move(node));
}

Node Parser::primary() {
  const Token* minus = std::exchange(negative_literal_, nullptr);
  switch (token().kind) {
    case TokenKind::Int:
    case TokenKind::Uint:
    case TokenKind::Double:
      return number(minus);
    case TokenKind::String: {
      const Token& text = take();
      if (utf8::first_invalid(text.text) != std::string::npos) fault_at(text.offset, "the text is not valid UTF-8");
      return constant(Value::string(text.text), text);
    }
    case TokenKind::Bytes: {
      const Token& text = take();
      return constant(Value::bytes(text.text), text);
    }
    case TokenKind::Dot:
      take();
      if (is(TokenKind::Identifier) && !is_word("true") && !is_word("false") && !is_word("null")) return name(true);
      fault("expected a name after the point");
      return {};
    case TokenKind::Identifier:
      return name(false);
    case TokenKind::LeftParen: {
      const Token& open = take();
      Node inner = expression();
      close(TokenKind::RightParen, open.offset, "(", ")");
      return inner;
    }
    case TokenKind::LeftBracket:
      return list();
    case TokenKind::LeftBrace:
      return map();
    default:
      break;
  }
  fault(is(TokenKind::End) ? "the expression ends where a value is expected" : "expected a value here");
  return {};
}

Node Parser::number(const Token* minus) {
  const Token& token = take();
  Token place = token;
  if (minus != nullptr) place.offset = minus->offset;
  std::string text = minus != nullptr ? "-" : "";
  text += token.text;
  if (token.kind == TokenKind::Double) {
    const auto value = double_of(text);
    if (!value) fault_at(token.offset, "the number is too large for a double");
    return constant(Value::number(value.value_or(0)), place);
  }
  const bool hexadecimal = token.text.size() > 2 && (token.text[1] == 'x' || token.text[1] == 'X');
  std::string digits = token.kind == TokenKind::Int && minus != nullptr ? "-" : "";
  digits.append(token.text, hexadecimal ? 2 : 0);
  std::int64_t value = 0;
  std::uint64_t unsigned_value = 0;
  const char* last = digits.data() + digits.size();
  const auto result = token.kind == TokenKind::Uint
                          ? std::from_chars(digits.data(), last, unsigned_value, hexadecimal ? 16 : 10)
                          : std::from_chars(digits.data(), last, value, hexadecimal ? 16 : 10);
  if (result.ec != std::errc{}) {
    fault_at(token.offset, token.kind == TokenKind::Uint ? "a uint is at most 18446744073709551615"
                                                         : "an int is -9223372036854775808 to 9223372036854775807");
  }
  return constant(token.kind == TokenKind::Uint ? Value::unsigned_integer(unsigned_value) : Value::integer(value),
                  place);
}

Node Parser::name(bool absolute) {
  const Token& word = take();
  if (!absolute) {
    if (word.text == "true" || word.text == "false") return constant(Value::boolean(word.text == "true"), word);
    if (word.text == "null") return constant(Value(), word);
  }
  const bool reserved =
      word.text == "in" || std::find(reserved_words.begin(), reserved_words.end(), word.text) != reserved_words.end();
  if (reserved) {
    const bool chooses = word.text == "if" || word.text == "else";
    fault_at(word.offset, fmt::format("\"{}\" is a reserved word and names nothing{}", word.text,
                                      chooses ? "; a choice is written condition ? value : other" : ""));
    return {};
  }
  if (is(TokenKind::LeftParen)) return plain_call(word);
  if (const auto slot = absolute ? std::nullopt : slot_of(word.text)) {
    Node node = leaf(NodeKind::Local, word);
    node.name = word.text;
    node.slot = *slot;
    return node;
  }
  const bool now = !absolute && word.text == "now";
  Node node = leaf(now ? NodeKind::Now : NodeKind::Name, word);
  node.name = word.text;
  if (!now) node.path = word.text;
  node.absolute = absolute;
  return node;
}

Node Parser::list() {
  Node node = leaf(NodeKind::List, take());
  while (!is(TokenKind::RightBracket) && !is(TokenKind::End) && !stopped_) {
    const bool optional = is(TokenKind::Question);
    if (optional) take();
    node.children.push_back(expression());
    node.marked.push_back(optional);
    if (!separated(TokenKind::RightBracket)) break;
  }
  close(TokenKind::RightBracket, node.offset, "[", "]");
  return finished(std::move(node));
}

Node Parser::map() {
  Node node = leaf(NodeKind::Map, take());
  while (!is(TokenKind::RightBrace) && !is(TokenKind::End) && !stopped_) {
    const bool optional = is(TokenKind::Question);
    if (optional) take();
    node.children.push_back(expression());
    if (!failed_) expect(TokenKind::Colon, "expected : and a value after the key of a map");
    node.children.push_back(failed_ ? Node{} : expression());
    node.marked.push_back(optional);
    if (!separated(TokenKind::RightBrace)) break;
  }
  close(TokenKind::RightBrace, node.offset, "{", "}");
  return finished(std::move(node));
}

Tree Parser::run(std::string source) {
  Tree tree;
  if (is(TokenKind::End)) {
    fault("the expression is empty");
    return tree;
  }
  tree.root = expression();
  if (!failed_ && !is(TokenKind::End)) unexpected("expected an operator or the end of the expression");
  tree.source = std::move(source);
  tree.slots = slots_max_;
  return tree;
}

Tree parse(std::string source, Faults& faults) {
  const std::vector<Token> tokens = tokens_of(source, faults);
  return Parser(tokens, faults).run(std::move(source));
}

}  // namespace kvali::expression
