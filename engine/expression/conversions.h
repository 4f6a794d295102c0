#pragma once
// Values from text and as text: what timestamp("…"), duration("…") and string(x) do, without an evaluation.
#include <re2/re2.h>

#include <optional>
#include <string>
#include <string_view>

#include "engine/expression/functions.h"
#include "engine/expression/value.h"
#include "engine/result.h"

namespace kvali::expression {

/// The value that timestamp(text), duration(text), period(text) or date(text) makes.
Result<Value> read_constant(Function function, std::string_view text);
/// RFC 3339 with at most nine decimals, in the years 0001 to 9999.
Result<Timestamp> parse_timestamp(std::string_view text);
/// As Go writes durations: "1h30m", "-1.5s", "100ms"; nanoseconds, at most about 292 years.
Result<std::int64_t> parse_duration(std::string_view text);
/// "2017-01-11T18:00:00.5Z" and "90.5s".
std::string timestamp_text(Timestamp timestamp);
std::string duration_text(std::int64_t nanoseconds);

/// Whether the seconds lie in the years 0001 to 9999.
bool in_range(std::int64_t seconds);

/// Standard base64; padding may be missing. Nothing when it is not that.
std::optional<std::string> base64_decoded(std::string_view text);
std::string base64_encoded(std::string_view bytes);

/// Regular expressions are bounded in memory and write no log.
const RE2::Options& pattern_options();

}  // namespace kvali::expression
