#pragma once
// How much work an expression can cost at most, known before it is evaluated: the same units as Outcome::work_units, reckoned
// from the largest sizes that its declarations say. So a guard that could run out of work is refused when its program is
// loaded, not years later when somebody has 2,000 meetings.
#include <cstdint>
#include <string>

#include "engine/expression/expression.h"

namespace kvali::expression {

struct Bound {
  std::uint64_t work_units = 0;  // no evaluation takes more, with bindings as declared; the largest number when it overflows
  std::uint32_t offset = 0;      // of the part that makes it dear
  std::string dear;              // what that part does and which sizes were assumed: "exists() walks up to 2000 items of calls"
};

/// The bound of an expression that was compiled with `names`. Sizes that nobody declared are those of extent_of(Type).
Bound bound_of(const Expression& expression, const Declarations& names);

/// What is told of an expression whose bound is above `work_units_max`, at the part that makes it dear; nothing otherwise.
std::optional<Fault> too_dear(const Expression& expression, const Declarations& names,
                              std::uint64_t work_units_max = limits::guard_work_units_max);

}  // namespace kvali::expression
