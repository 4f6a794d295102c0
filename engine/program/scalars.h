#pragma once
// The kinds of plain values in a definition: each with one reader, one canonical form and one sentence that says what is
// expected.
#include <string>
#include <string_view>
#include <vector>

#include "kvali/v1/options.pb.h"

namespace kvali::program {

/// A plain value as it was read: its canonical form, or why it is none.
struct ScalarReading {
  std::string canonical;
  bool ok = true;
  std::string expected;    // when not ok: "a period such as `14 days`, …"
  std::string suggestion;  // when not ok and something near is right
};

/// Reads `text` as `kind`; SCALAR_UNSPECIFIED takes everything.
ScalarReading read_scalar(v1::Scalar kind, std::string_view text);

/// "a period such as `14 days`, `10 working days` or `P14D`".
std::string expected_scalar(v1::Scalar kind);

/// The regular expression that JSON Schema gives for `kind`, or "" where none helps.
std::string pattern_of(v1::Scalar kind);

/// a-z, then a-z 0-9 and _.
bool is_name(std::string_view text);

/// A name made of `text` where that is easy ("Per Locality" → "per_locality"), else "".
std::string as_name(std::string_view text);

/// "mentor" → "mentors": what guards call the persons of a role.
std::string plural_of(std::string_view name);

/// Words and states that an author may not use as names, because kvali gives them a meaning of its own.
const std::vector<std::string>& reserved_state_names();

}  // namespace kvali::program
