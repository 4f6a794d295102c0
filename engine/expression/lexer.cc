#include "engine/expression/lexer.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "engine/expression/utf8.h"

namespace kvali::expression {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::array<std::pair<std::string_view, TokenKind>, 23> marks{{
    {"&&", TokenKind::And},         {"||", TokenKind::Or},        {"==", TokenKind::Equal},
    {"!=", TokenKind::NotEqual},    {"<=", TokenKind::LessEqual}, {">=", TokenKind::GreaterEqual},
    {"<", TokenKind::Less},         {">", TokenKind::Greater},    {"!", TokenKind::Not},
    {"+", TokenKind::Plus},         {"-", TokenKind::Minus},      {"*", TokenKind::Star},
    {"/", TokenKind::Slash},        {"%", TokenKind::Percent},    {"?", TokenKind::Question},
    {":", TokenKind::Colon},        {",", TokenKind::Comma},      {".", TokenKind::Dot},
    {"(", TokenKind::LeftParen},    {")", TokenKind::RightParen}, {"[", TokenKind::LeftBracket},
    {"]", TokenKind::RightBracket}, {"{", TokenKind::LeftBrace},
}};

/// Signs of other languages, with how the same is written here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> foreign_marks{{
    {"===", "equality is written =="},
    {"!==", "inequality is written !="},
    {"<>", "inequality is written !="},
    {"=<", "\"at most\" is written <="},
    {"=>", "CEL has no implication: \"if a then b\" is written !a || b, \"at least\" >="},
    {"->", "CEL has no implication: \"if a then b\" is written !a || b"},
}};

/// How a text is written: '…', """…""", r'…' without escapes, b'…' of bytes.
struct Quoting {
  bool raw = false;
  bool bytes = false;
  std::string_view quote;  // ' or " or three of them
};

class Lexer {
 public:
  Lexer(std::string_view source, Faults& faults) : source_(source), faults_(faults) {}

  std::vector<Token> run() {
    for (;;) {
      skip_blanks();
      if (at_ == source_.size()) break;
      next();
    }
    add(TokenKind::End, at_, {});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }
  std::string_view rest() const { return source_.substr(at_); }

  void add(TokenKind kind, std::size_t begin, std::string text) {
    tokens_.push_back({kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), std::move(text)});
  }

  void skip_blanks() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (rest().starts_with("//")) {
        while (at_ < source_.size() && source_[at_] != '\n' && source_[at_] != '\r') ++at_;
      } else {
        return;
      }
    }
  }

  void next() {
    if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) return number();
    if (const std::size_t prefix = quote_begins(); prefix != std::string_view::npos) return text(prefix);
    if (is_letter(peek())) {
      const std::size_t begin = at_;
      while (is_letter(peek()) || is_digit(peek())) ++at_;
      return add(TokenKind::Identifier, begin, std::string(source_.substr(begin, at_ - begin)));
    }
    if (peek() == '`') return escaped_identifier();
    mark();
  }

  void mark() {
    const std::size_t begin = at_;
    for (const auto& [spelling, hint] : foreign_marks) {
      if (!rest().starts_with(spelling)) continue;
      at_ += spelling.size();
      faults_.add(begin, fmt::format("{} means nothing here; {}", spelling, hint));
      return add(TokenKind::Unreadable, begin, {});
    }
    for (const auto& [spelling, kind] : marks) {
      if (!rest().starts_with(spelling)) continue;
      at_ += spelling.size();
      return add(kind, begin, {});
    }
    if (peek() == '}') {
      ++at_;
      return add(TokenKind::RightBrace, begin, {});
    }
    at_ += std::min(utf8::width(peek()), source_.size() - at_);
    const std::string_view found = source_.substr(begin, at_ - begin);
    std::string hint;
    if (found == "=") hint = "; equality is written ==";
    if (found == "&") hint = "; \"and\" is written &&";
    if (found == "|") hint = "; \"or\" is written ||";
    if (found == "“" || found == "”" || found == "„" || found == "’") hint = "; texts stand in ' or \"";
    add(TokenKind::Unreadable, begin, {});
    const bool control = static_cast<unsigned char>(found[0]) < 0x20;
    faults_.add(begin, fmt::format("{} means nothing here{}", control ? "a control character" : found, hint));
  }

  void number() {
    const std::size_t begin = at_;
    TokenKind kind = TokenKind::Int;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && hex_value(peek(2)) >= 0) {
      at_ += 2;
      while (hex_value(peek()) >= 0) ++at_;
    } else {
      while (is_digit(peek())) ++at_;
      if (peek() == '.' && is_digit(peek(1))) {
        kind = TokenKind::Double;
        ++at_;
        while (is_digit(peek())) ++at_;
      }
      const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
        kind = TokenKind::Double;
        at_ += 1 + sign;
        while (is_digit(peek())) ++at_;
      }
    }
    std::string digits(source_.substr(begin, at_ - begin));
    if (kind == TokenKind::Int && (peek() == 'u' || peek() == 'U')) {
      kind = TokenKind::Uint;
      ++at_;
    }
    add(kind, begin, std::move(digits));
  }

  void escaped_identifier() {
    const std::size_t begin = at_++;
    const auto fits = [](char c) {
      return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '/' || c == ' ';
    };
    while (fits(peek())) ++at_;
    std::string name(source_.substr(begin + 1, at_ - begin - 1));
    if (peek() != '`' || name.empty()) {
      faults_.add(begin, "a name in ` ` holds letters, digits, _ - . / and blanks, and ends with `");
      return add(TokenKind::Unreadable, begin, {});
    }
    ++at_;
    add(TokenKind::EscapedIdentifier, begin, std::move(name));
  }

  /// How many letters stand before the quote of a text that begins here: r, b, br, in any case; npos: no text begins.
  std::size_t quote_begins() const {
    std::size_t letters = 0;
    bool raw = false, bytes = false;
    for (; letters < 2; ++letters) {
      const char c = peek(letters);
      if ((c == 'r' || c == 'R') && !raw) {
        raw = true;
      } else if ((c == 'b' || c == 'B') && !bytes && !raw) {
        bytes = true;
      } else {
        break;
      }
    }
    const char quote = peek(letters);
    return quote == '\'' || quote == '"' ? letters : std::string_view::npos;
  }

  void text(std::size_t prefix) {
    const std::size_t begin = at_;
    Quoting quoting;
    for (std::size_t i = 0; i < prefix; ++i, ++at_) {
      (peek() == 'r' || peek() == 'R' ? quoting.raw : quoting.bytes) = true;
    }
    const bool triple = peek(1) == peek() && peek(2) == peek();
    quoting.quote = source_.substr(at_, triple ? 3 : 1);
    at_ += quoting.quote.size();
    std::string value;
    while (!rest().starts_with(quoting.quote)) {
      if (at_ == source_.size() || (!triple && (peek() == '\n' || peek() == '\r'))) {
        faults_.add(begin, fmt::format("a text begins here that does not end with {}{}", quoting.quote,
                                       triple ? "" : " on the same line"));
        break;
      }
      if (peek() == '\\' && !quoting.raw) {
        escape(value, quoting);
      } else {
        value.push_back(source_[at_++]);
      }
    }
    if (rest().starts_with(quoting.quote)) at_ += quoting.quote.size();
    add(quoting.bytes ? TokenKind::Bytes : TokenKind::String, begin, std::move(value));
  }

  void escape(std::string& value, const Quoting& quoting) {
    const std::size_t begin = at_;
    const char letter = peek(1);
    at_ += at_ + 1 < source_.size() ? 2 : 1;
    switch (letter) {
      case 'a':
        value.push_back('\a');
        return;
      case 'b':
        value.push_back('\b');
        return;
      case 'f':
        value.push_back('\f');
        return;
      case 'n':
        value.push_back('\n');
        return;
      case 'r':
        value.push_back('\r');
        return;
      case 't':
        value.push_back('\t');
        return;
      case 'v':
        value.push_back('\v');
        return;
      case '\\':
      case '?':
      case '"':
      case '\'':
      case '`':
        value.push_back(letter);
        return;
      case 'x':
      case 'X':
        return coded(value, quoting, begin, 16, 2);
      case 'u':
        return coded(value, quoting, begin, 16, 4);
      case 'U':
        return coded(value, quoting, begin, 16, 8);
      case '0':
      case '1':
      case '2':
      case '3':
        --at_;
        return coded(value, quoting, begin, 8, 3);
      default:
        break;
    }
    faults_.add(begin, "there is no such escape in a text; \\\\ writes a backslash itself");
  }

  /// Reads `digits` digits of an escape that names a character (in bytes: \x and octal name a byte).
  void coded(std::string& value, const Quoting& quoting, std::size_t begin, int base, int digits) {
    char32_t code = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = hex_value(peek());
      if (digit < 0 || digit >= base) {
        faults_.add(begin, fmt::format("this escape needs {} {} digits", digits, base == 16 ? "hexadecimal" : "octal"));
        return;
      }
      code = code * static_cast<char32_t>(base) + static_cast<char32_t>(digit);
      ++at_;
    }
    const bool names_character = digits >= 4;
    if (quoting.bytes && names_character) {
      faults_.add(begin, "bytes know no \\u; write \\x and two digits for each byte");
    } else if (quoting.bytes) {
      value.push_back(static_cast<char>(static_cast<unsigned char>(code)));
    } else if (!utf8::is_character(code)) {
      faults_.add(begin, "this escape names no character");
    } else {
      utf8::append(value, code);
    }
  }

  std::string_view source_;
  Faults& faults_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source, Faults& faults) { return Lexer(source, faults).run(); }

}  // namespace kvali::expression
