#pragma once
// UUIDv7 (RFC 9562): the idempotency keys of commands. Its first 48 bits say when it was made, so that an old key can be
// refused without being remembered.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kvali::core {

/// When the key was made, µs UTC in steps of a millisecond; nothing when it is no UUIDv7 in its usual form.
std::optional<std::int64_t> uuid_v7_instant_us(std::string_view uuid);
/// A key made at `now_us` with 74 bits of `random`.
std::string make_uuid_v7(std::int64_t now_us, std::uint64_t random_high, std::uint64_t random_low);

}  // namespace kvali::core
