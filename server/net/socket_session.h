#pragma once
// One websocket, from its upgrade to its end. Beast reads (fragments, masks, UTF-8, control frames); Outbox writes.
// Network thread only.
#include "server/net/frame.h"
#include "server/net/hub.h"
#include "server/net/outbox.h"

namespace kvali::net {

class SocketSession : public Session {
 public:
  virtual void queue(std::shared_ptr<const std::string> frame) = 0;
  virtual void flush() = 0;
  /// Drop: what waits is forgotten first, for a reader that would never come to it.
  enum class Waiting { Keep, Drop };
  virtual void close(std::uint16_t code, std::string_view reason, Waiting waiting) = 0;
  virtual void welcomed() = 0;
  virtual void hold() = 0;
  virtual void release() = 0;
  /// Messages have been read whole that the Handler has not seen, and nothing but a turn of the loop is in the way.
  [[nodiscard]] virtual bool has_unread() const = 0;
  bool dirty = false;  // stands in the Hub's list of those to flush
};

/// Everything the websocket needs from the HTTP connection it was. `head` is the request as it was read.
struct Upgrade {
  std::unique_ptr<Transport> transport;
  Peer peer;
  std::string head;
};

/// Takes over the connection: replaces its HTTP session in the hub and starts a coroutine of its own.
void open_socket(const std::shared_ptr<Hub>& hub, Upgrade upgrade);

}  // namespace kvali::net
