#pragma once
// Who is asking. Until accounts come a person signs in by a link: its token is exchanged once for a session, and a session
// for a ticket that opens one socket. Everything is sealed by the server's root secret and carries its own end, so nothing
// is kept but the tokens that were used up. What a person may do is asked of engine/cohort/may.h, never here.
//
// Threads: the core thread.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "server/vault/vault.h"

namespace kvali::access {

/// What a token is good for. One kind never passes for another.
enum class Purpose {
  Link,      // in the fragment of a link: once, for a session
  Session,   // in the cookie
  Ticket,    // in Hello: once, within 30 s
  Bearer,    // for scripts, in Hello or the Authorization header
  Operator,  // whoever can read the data folder: makes links
};

class Sessions {
 public:
  /// `used_file` remembers the links that were used up, across restarts; empty: in memory only. The vault outlives it.
  [[nodiscard]] static Result<Sessions> open(vault::Vault& vault, std::string used_file);

  /// A token for `person`, good until now_us plus the purpose's life.
  std::string make(Purpose purpose, const std::string& person, std::int64_t now_us);
  /// Whom the token stands for; nothing when it is not ours, not for this, over, or used up. Links and tickets are used up by
  /// this call: durably before it returns.
  std::optional<std::string> take(Purpose purpose, std::string_view token, std::int64_t now_us);
  /// Signs out: the session is good no more.
  void end(std::string_view session, std::int64_t now_us);

 private:
  Sessions(vault::Vault& vault, std::string used_file) : vault_(&vault), used_file_(std::move(used_file)) {}
  bool use_up(const std::string& nonce, std::int64_t until_us, std::int64_t now_us, bool durably);

  vault::Vault* vault_;
  std::string used_file_;
  std::map<std::string, std::int64_t> used_;  // nonce → until when it has to be remembered, µs UTC
  std::uint64_t count_ = 0;
};

}  // namespace kvali::access
