#pragma once
// Random expressions as the parser would have built them, of mostly fitting types, and values to bind to their names.
// Everything is drawn from a string of bytes: the same bytes make the same tree, so a fuzzer can bend them, and a test
// hands in the bytes of a seeded generator.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/expression.h"
#include "engine/expression/tree.h"

namespace kvali::expression::testing {

/// What is chosen next, byte by byte; when the bytes are used up, always the first choice.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}
  std::size_t below(std::size_t count) {
    if (at_ == bytes_.size()) return 0;
    return static_cast<unsigned char>(bytes_[at_++]) % count;
  }
  bool one_in(std::size_t count) { return !used_up() && below(count) == 0; }
  bool used_up() const { return at_ == bytes_.size(); }
  template <class List>
  const auto& any(const List& list) {
    return list[below(list.size())];
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

/// A tree of at most `depth` levels, with the paths, slots and prepared constants that reading its text would give it.
Tree random_tree(Choices& choices, int depth);

/// Values for the names that random trees use; some stay unbound.
NamedValues random_bindings(Choices& choices);

/// Whether two trees are the same but for the places of their nodes in a source (and their depth, which is counted
/// before constants are made of calls, and what is prepared of lists).
bool same_tree(const Node& a, const Node& b);

}  // namespace kvali::expression::testing
