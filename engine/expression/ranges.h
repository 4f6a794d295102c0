#pragma once
// Where the nodes of a tree stand in its source, from the first to the last byte: the parser keeps only the word that
// names a node.
#include <vector>

#include "engine/expression/explain.h"
#include "engine/expression/lexer.h"
#include "engine/expression/tree.h"

namespace kvali::expression {

class Ranges {
 public:
  explicit Ranges(const Tree& tree);
  /// The source of `node` without parentheses around it.
  Range of(const Node& node) const;

 private:
  /// First and last token.
  struct Span {
    std::size_t first = 0, last = 0;
  };
  Span span_of(const Node& node) const;
  std::size_t token_at(std::uint32_t offset) const;
  /// The bracket that closes the one at `open`.
  std::size_t closing(std::size_t open) const;
  void balance(Span& span) const;

  const Tree& tree_;
  std::vector<Token> tokens_;
};

}  // namespace kvali::expression
