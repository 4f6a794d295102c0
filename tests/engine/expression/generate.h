#pragma once
// Well-typed expressions at random, and values at random for the names in them: what the checker promises and the bound are
// held against the evaluator with these.
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/expression/expression.h"

namespace kvali::expression::testing {

/// Writes expressions of a wanted type over declared names.
class Generator {
 public:
  Generator(std::uint64_t seed, std::vector<std::pair<std::string, Type>> names)
      : random_(seed), names_(std::move(names)) {}

  std::string expression(const Type& type, int depth);
  /// bool, int, …, a list or map of them.
  Type any_type(int depth = 2);
  /// A value of the type, within its sizes.
  Value value(const Type& type);
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }

 private:
  std::string leaf(const Type& type);
  std::string wrapped(const Type& type, int depth);
  std::string boolean(int depth);
  std::string whole(int depth);
  std::string number(const Type& type, int depth);
  std::string text(int depth);
  std::string time(const Type& type, int depth);
  std::string list(const Type& type, int depth);
  std::string map(const Type& type, int depth);
  /// `body` of a macro over a list of `item`, with its variable in scope under the name it is given.
  template <class Body>
  std::string walked(const Type& item, int depth, Body body);
  std::string pick(std::initializer_list<const char*> texts) { return *(texts.begin() + below(texts.size())); }

  std::mt19937_64 random_;
  std::vector<std::pair<std::string, Type>> names_;
  int macros_ = 0, variables_ = 0;
};

/// Whether a value is one of the type; null where null may stand.
bool conforms(const Value& value, const Type& type);

/// The names that the properties use, with sizes.
std::vector<std::pair<std::string, Type>> generated_names();

}  // namespace kvali::expression::testing
