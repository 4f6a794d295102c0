#pragma once
// The words of an expression, as the CEL specification (section Syntax) spells them.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/faults.h"

namespace kvali::expression {

enum class TokenKind : std::uint8_t {
  End,
  Identifier,
  EscapedIdentifier,
  Int,
  Uint,
  Double,
  String,
  Bytes,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Not,
  And,
  Or,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Question,
  Colon,
  Comma,
  Dot,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Unreadable,  // told as a fault already
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::uint32_t offset = 0;  // bytes from the beginning of the source
  std::uint32_t end = 0;
  std::string text;  // of names and numbers as written; of texts and bytes with their escapes resolved
};

/// The tokens of `source`, an End as the last. What cannot be read is told in `faults`, and the rest is still read.
std::vector<Token> tokens_of(std::string_view source, Faults& faults);

}  // namespace kvali::expression
