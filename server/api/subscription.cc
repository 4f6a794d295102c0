#include "server/api/subscription.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

namespace kvali::api {
namespace {

constexpr const char* purpose = "cursor-1";  // with the version of the views: another one means a reset

}  // namespace

std::string seal(const Cursor& cursor, const vault::Vault& vault) {
  return vault.seal_token(purpose, fmt::format("{}\n{}\n{}\n{}", cursor.cohort, cursor.position, cursor.rights, cursor.topic));
}

std::optional<Cursor> open_cursor(std::string_view sealed, const vault::Vault& vault) {
  const auto clear = vault.open_token(purpose, sealed);
  if (!clear) return std::nullopt;
  std::vector<std::string> parts;
  std::size_t at = 0;
  for (std::size_t end = clear->find('\n'); end != std::string::npos; end = clear->find('\n', at)) {
    parts.push_back(clear->substr(at, end - at));
    at = end + 1;
  }
  parts.push_back(clear->substr(at));
  if (parts.size() != 4) return std::nullopt;
  Cursor cursor{parts[0], 0, parts[2], parts[3]};
  const auto [end, error] = std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), cursor.position);
  if (error != std::errc()) return std::nullopt;
  static_cast<void>(end);
  return cursor;
}

}  // namespace kvali::api
