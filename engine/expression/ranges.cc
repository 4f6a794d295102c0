#include "engine/expression/ranges.h"

#include <algorithm>

namespace kvali::expression {

namespace {

bool opens(TokenKind kind) {
  return kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace;
}
bool closes(TokenKind kind) {
  return kind == TokenKind::RightParen || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace;
}

}  // namespace

Ranges::Ranges(const Tree& tree) : tree_(tree) {
  Faults none(tree.source);
  tokens_ = tokens_of(tree.source, none);
}

Range Ranges::of(const Node& node) const {
  const Span span = span_of(node);
  const std::uint32_t begin = tokens_[span.first].offset;
  return {begin, tokens_[span.last].end, position_of(tree_.source, begin)};
}

std::size_t Ranges::token_at(std::uint32_t offset) const {
  const auto found = std::upper_bound(tokens_.begin(), tokens_.end() - 1, offset,
                                      [](std::uint32_t at, const Token& token) { return at < token.offset; });
  return found == tokens_.begin() ? 0 : static_cast<std::size_t>(found - tokens_.begin()) - 1;
}

std::size_t Ranges::closing(std::size_t open) const {
  int depth = 0;
  for (std::size_t at = open; at + 1 < tokens_.size(); ++at) {
    depth += opens(tokens_[at].kind) ? 1 : closes(tokens_[at].kind) ? -1 : 0;
    if (depth == 0) return at;
  }
  return tokens_.size() - 1;
}

/// Widens a span until every bracket in it has its partner.
void Ranges::balance(Span& span) const {
  int depth = 0, unopened = 0;
  for (std::size_t at = span.first; at <= span.last; ++at) {
    depth += opens(tokens_[at].kind) ? 1 : closes(tokens_[at].kind) ? -1 : 0;
    unopened = std::max(unopened, -depth);
  }
  depth += unopened;
  while (depth > 0 && span.last + 2 < tokens_.size()) {
    const TokenKind kind = tokens_[++span.last].kind;
    depth += opens(kind) ? 1 : closes(kind) ? -1 : 0;
  }
  while (unopened > 0 && span.first > 0) {
    const TokenKind kind = tokens_[--span.first].kind;
    unopened += opens(kind) ? -1 : closes(kind) ? 1 : 0;
  }
}

Ranges::Span Ranges::span_of(const Node& node) const {
  const std::size_t own = token_at(node.offset);
  Span span{own, own};
  for (const Node& child : node.children) {
    const Span inner = span_of(child);
    span.first = std::min(span.first, inner.first);
    span.last = std::max(span.last, inner.last);
  }
  const auto kind_at = [&](std::size_t at) { return at < tokens_.size() ? tokens_[at].kind : TokenKind::End; };
  if (node.kind == NodeKind::Bind && span.first >= 2) span.first -= 2;         // cel . bind
  if (kind_at(span.last) == TokenKind::Dot) ++span.last;                       // x.`a b`
  if (kind_at(span.last) == TokenKind::Minus && node.children.empty()) ++span.last;  // -5
  const bool named_call = node.kind == NodeKind::Call && !node.name.empty();
  const bool folded = node.kind == NodeKind::Constant && !node.second_name.empty();
  if ((named_call || folded) && span.last == own) {  // f(), optional.none(), x.f(), timestamp("…")
    while (kind_at(span.last + 1) == TokenKind::Dot) span.last += 2;
    if (kind_at(span.last + 1) == TokenKind::LeftParen) span.last = closing(span.last + 1);
  }
  balance(span);
  if (node.kind != NodeKind::Has) return span;
  while (span.first > 0 && tokens_[span.first - 1].kind == TokenKind::LeftParen &&
         kind_at(span.last + 1) == TokenKind::RightParen) {
    --span.first;
    ++span.last;
    if (span.first > 0 && tokens_[span.first - 1].text == "has") {
      --span.first;
      break;
    }
  }
  return span;
}

}  // namespace kvali::expression
