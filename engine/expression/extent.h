#pragma once
// How large a value can become: what the bound of an expression's work is reckoned with. Every figure is an upper one and
// stays at its largest when it would overflow.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/expression/type.h"
#include "engine/expression/value.h"

namespace kvali::expression {

std::uint64_t sum_of(std::uint64_t a, std::uint64_t b);
std::uint64_t product_of(std::uint64_t a, std::uint64_t b);

struct Extent {
  using Field = std::pair<std::string, Extent>;

  std::uint64_t bytes = 0;        // of a text or bytes
  std::uint64_t items = 0;        // of a list or map
  std::uint64_t values = 1;       // in it, itself and keys included
  std::uint64_t bytes_in_all = 0;  // of every text in it
  std::uint64_t depth = 0;        // how deep values lie in one another
  std::uint64_t working_days = 0;  // of a period
  std::shared_ptr<const Extent> key, item;  // of a map; of a list, map or optional. Without item: nothing is known, each is as
                                            // large as the whole
  std::shared_ptr<const std::vector<Field>> fields;  // of a record

  static Extent text(std::uint64_t bytes);
  static Extent list(std::uint64_t items, const Extent& item);
  static Extent map(std::uint64_t items, const Extent& key, const Extent& value);

  /// The largest element, key or field: itself where nothing is known.
  const Extent& largest_item() const { return item ? *item : *this; }
  const Extent& largest_key() const { return key ? *key : *this; }
  const Extent& field(std::string_view name) const;
  /// The same in so many optionals.
  Extent within(std::uint64_t optionals) const;
  /// Bytes of it written as text.
  std::uint64_t shown() const;
};

/// At most as large as the one or the other.
Extent either(const Extent& a, const Extent& b);
/// Both behind one another: texts or lists that are added.
Extent chained(const Extent& a, const Extent& b);
Extent extent_of(const Value& constant);
/// The largest value of a type. What does not say its size has at most limits::text_bytes_max bytes, or
/// limits::items_per_initiative_max items; dyn has so many values and bytes in all.
Extent extent_of(const Type& type);

}  // namespace kvali::expression
