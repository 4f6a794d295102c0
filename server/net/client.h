#pragma once
// The other side of the wire, for the command line: one websocket in JSON and single HTTP requests, blocking, with deadlines.
// Any thread, one at a time.
#include <cstdint>
#include <memory>
#include <string>

#include "engine/result.h"

namespace kvali::net {

class WireClient {
 public:
  /// Opens ws://ADDRESS:PORT/v1/socket with the subprotocol kvali.v1.json.
  [[nodiscard]] static Result<WireClient> open(const std::string& address, std::uint16_t port);
  WireClient(WireClient&&) noexcept;
  WireClient& operator=(WireClient&&) noexcept;
  ~WireClient();

  [[nodiscard]] Result<void> send(const std::string& text);
  /// The next message, waited for at most `timeout_ms`. A closed connection is an error with its code and reason.
  [[nodiscard]] Result<std::string> receive(std::int64_t timeout_ms = 10'000);

 private:
  struct Socket;
  explicit WireClient(std::unique_ptr<Socket> socket);
  std::unique_ptr<Socket> socket_;
};

struct Answer {
  int status = 0;
  std::string body;
};
/// POSTs a JSON body with a bearer token.
[[nodiscard]] Result<Answer> post(const std::string& address, std::uint16_t port, const std::string& path, const std::string& bearer,
                                  const std::string& body);
[[nodiscard]] Result<Answer> get(const std::string& address, std::uint16_t port, const std::string& path);

}  // namespace kvali::net
