#pragma once
// The parser's hands: where it stands in the tokens, which variables of macros are in sight, and how it goes on after a
// fault. Included by the parser's sources only.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/faults.h"
#include "engine/expression/lexer.h"
#include "engine/expression/tree.h"

namespace kvali::expression {

class Parser {
 public:
  Parser(const std::vector<Token>& tokens, Faults& faults) : tokens_(tokens), faults_(faults) {}
  Tree run(std::string source);

 private:
  // Grammar, loosest first.
  Node expression();
  Node disjunction();
  Node conjunction();
  Node relation();
  Node sum();
  Node product();
  Node unary();
  Node member();
  Node primary();
  Node number(const Token* minus);
  Node name(bool absolute);
  Node list();
  Node map();
  Node selection(Node base, const Token& name, const Token& dot, bool optional, bool escaped);
  Node junction(TokenKind sign, NodeKind kind, Node (Parser::*part)());
  Node operation(Function (Parser::*sign)() const, Node (Parser::*part)());
  Function relation_sign() const;
  Function sum_sign() const;
  Function product_sign() const;

  // Calls and macros.
  Node plain_call(const Token& name);
  Node receiver_call(Node target, const Token& name);
  Node has_macro(const Token& name);
  Node comprehension(Macro macro, int variables, std::size_t arguments, Node range, const Token& name);
  Node bind_macro(const Token& name);
  Node optional_map(Node target, const Token& name);
  std::vector<Node> arguments(std::size_t open_offset);
  std::size_t count_arguments() const;
  std::optional<std::string> variable(const Token& macro);

  std::optional<std::uint16_t> slot_of(std::string_view name) const;
  std::uint16_t declare(std::string name);
  void forget(std::size_t variables) { variables_.resize(variables_.size() - variables); }

  // Tokens.
  const Token& token() const { return tokens_[at_]; }
  const Token& take() { return tokens_[tokens_[at_].kind == TokenKind::End ? at_ : at_++]; }
  bool is(TokenKind kind) const { return token().kind == kind; }
  bool is_word(std::string_view word) const { return is(TokenKind::Identifier) && token().text == word; }

  // Faults. After one, `failed_` holds until the next comma or closing bracket of the same list.
  void fault(std::string message) { fault_at(token().offset, std::move(message)); }
  void fault_at(std::size_t offset, std::string message);
  void unexpected(std::string expected);
  void expect(TokenKind kind, const char* message);
  void close(TokenKind kind, std::size_t open_offset, const char* open, const char* closing);
  bool separated(TokenKind closing);
  bool skip_to(TokenKind closing, bool or_comma);
  void too_deep(std::size_t offset);
  Node finished(Node node);

  const std::vector<Token>& tokens_;
  Faults& faults_;
  std::size_t at_ = 0;
  bool failed_ = false;
  bool stopped_ = false;  // after a limit: nothing more is read
  std::size_t nesting_ = 0;
  std::size_t macros_ = 0;
  const Token* negative_literal_ = nullptr;  // the minus of the number that primary() reads next
  std::vector<std::string> variables_;       // in sight; the index is the slot
  std::size_t slots_max_ = 0;
};

}  // namespace kvali::expression
