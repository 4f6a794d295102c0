#include "server/core/uuid.h"

#include <fmt/format.h>

namespace kvali::core {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::int64_t> uuid_v7_instant_us(std::string_view uuid) {
  if (uuid.size() != 36 || uuid[14] != '7') return std::nullopt;
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (uuid[i] == '-')) return std::nullopt;
    if (dash) continue;
    const int value = digit(uuid[i]);
    if (value < 0) return std::nullopt;
    if (i < 13) milliseconds = milliseconds * 16 + value;
  }
  const int variant = digit(uuid[19]);
  if (variant < 8 || variant > 11) return std::nullopt;
  return milliseconds * 1000;
}

std::string make_uuid_v7(std::int64_t now_us, std::uint64_t random_high, std::uint64_t random_low) {
  const auto milliseconds = static_cast<std::uint64_t>(now_us / 1000);
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", (milliseconds >> 16) & 0xffffffffu, milliseconds & 0xffffu,
                     random_high & 0xfffu, 0x8000u | ((random_high >> 12) & 0x3fffu), random_low & 0xffffffffffffu);
}

}  // namespace kvali::core
