#pragma once
// The strict gate in front of the HTTP parser: what may be read in two ways by two programs is refused in words, so
// that nothing can be smuggled past a proxy. Pure: bytes in, a Head or a refusal out.
// Source: RFC 9112 (message syntax), RFC 9110 §5 (fields), RFC 6455 §4.2.1 (the websocket handshake).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "server/net/server.h"

namespace kvali::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Why a request is not served: the status and one sentence for its author.
struct Refusal {
  int status = 400;
  std::string sentence;
  Headers headers;  // beyond the usual, as Upgrade for 426
};

/// The head of a request, whole and unambiguous.
struct Head {
  std::string method, target;
  int minor = 1;    // HTTP/1.minor
  Headers headers;  // names lower-case, values trimmed, in order of first appearance, doubled ones joined by ", "
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool websocket = false;  // asks for an upgrade to a websocket

  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Where the head of a request ends in `bytes` (just past the empty line); 0 while it has not ended. `searched` says
/// how far an earlier call has looked, so that a head arriving byte by byte costs no more than one arriving whole.
/// Refuses at once, with 400, what can no longer become a head, so that nobody waits for a deadline.
tl::expected<std::size_t, Refusal> end_of_head(std::string_view bytes, std::size_t searched);

/// Reads a head that ends with its empty line. Refuses with 400, 405, 413, 414, 417, 431, 501 or 505.
tl::expected<Head, Refusal> read_head(std::string_view bytes, std::size_t body_bytes_max);

/// What a websocket at /v1/socket will speak, or why it may not open: 400, 403, 404, 426.
tl::expected<Encoding, Refusal> admit_socket(const Head& head, const std::vector<std::string>& origins);

/// The name of `encoding` as a websocket subprotocol.
std::string_view subprotocol(Encoding encoding);

/// The 16 bytes of base64, in their one canonical spelling, that RFC 6455 asks of Sec-WebSocket-Key.
bool is_websocket_key(std::string_view value);

/// True when `list`, separated by commas, has the element `token` in any case (RFC 9110 §5.6.1).
bool has_token(std::string_view list, std::string_view token);

}  // namespace kvali::net
