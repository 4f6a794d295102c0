#include "server/access/sessions.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <vector>

namespace kvali::access {
namespace {

constexpr std::int64_t minute_us = 60'000'000;

struct Rule {
  const char* name;
  std::int64_t life_us;
  bool once;
};

Rule rule_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::Link: return {"link", 7 * 24 * 60 * minute_us, true};
    case Purpose::Session: return {"session", 30LL * 24 * 60 * minute_us, false};
    case Purpose::Ticket: return {"ticket", minute_us / 2, true};
    case Purpose::Bearer: return {"bearer", 90LL * 24 * 60 * minute_us, false};
    case Purpose::Operator: return {"operator", 365LL * 24 * 60 * minute_us, false};
  }
  return {"", 0, true};
}

struct Claims {
  std::string person, nonce;
  std::int64_t until_us = 0;
};

std::optional<Claims> claims_of(const std::string& clear) {
  const std::size_t first = clear.find('\n'), second = clear.find('\n', first == std::string::npos ? 0 : first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  Claims claims{clear.substr(0, first), clear.substr(first + 1, second - first - 1), 0};
  const auto [end, error] = std::from_chars(clear.data() + second + 1, clear.data() + clear.size(), claims.until_us);
  if (error != std::errc() || end != clear.data() + clear.size()) return std::nullopt;
  return claims;
}

}  // namespace

Result<Sessions> Sessions::open(vault::Vault& vault, std::string used_file) {
  Sessions sessions(vault, std::move(used_file));
  if (sessions.used_file_.empty()) return sessions;
  std::ifstream file(sessions.used_file_);
  std::string nonce;
  std::int64_t until = 0;
  while (file >> nonce >> until) sessions.used_[nonce] = until;
  return sessions;
}

std::string Sessions::make(Purpose purpose, const std::string& person, std::int64_t now_us) {
  const Rule rule = rule_of(purpose);
  const std::string nonce = vault_->fresh_id(rule.name, fmt::format("{}\n{}\n{}", person, now_us, ++count_));
  return vault_->seal_token(rule.name, fmt::format("{}\n{}\n{}", person, nonce, now_us + rule.life_us));
}

std::optional<std::string> Sessions::take(Purpose purpose, std::string_view token, std::int64_t now_us) {
  const Rule rule = rule_of(purpose);
  const auto clear = vault_->open_token(rule.name, token);
  if (!clear) return std::nullopt;
  const auto claims = claims_of(*clear);
  if (!claims || now_us >= claims->until_us || used_.contains(claims->nonce)) return std::nullopt;
  if (rule.once && !use_up(claims->nonce, claims->until_us, now_us, purpose == Purpose::Link)) return std::nullopt;
  return claims->person;
}

void Sessions::end(std::string_view session, std::int64_t now_us) {
  const auto clear = vault_->open_token(rule_of(Purpose::Session).name, session);
  const auto claims = clear ? claims_of(*clear) : std::nullopt;
  if (claims) use_up(claims->nonce, claims->until_us, now_us, true);
}

bool Sessions::use_up(const std::string& nonce, std::int64_t until_us, std::int64_t now_us, bool durably) {
  std::erase_if(used_, [&](const auto& one) { return one.second < now_us; });
  used_[nonce] = until_us;
  if (!durably || used_file_.empty()) return true;
  const int file = ::open(used_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const std::string line = fmt::format("{} {}\n", nonce, until_us);
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
  ::close(file);
  return written;
}

}  // namespace kvali::access
