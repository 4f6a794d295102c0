#pragma once
// What waits to be written to one websocket, in order: header and shared payload of each frame, gathered so that all
// frames of a tick leave in one send call (protocol.md: one call per delivery is the dearest part of a push). Plain
// callbacks, no coroutine: a connection that writes nothing costs nothing. Network thread only.
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/net/asio.h"

namespace kvali::net {

class Outbox {
 public:
  /// `transport` must outlive the Outbox and every write in flight; `owner` keeps both alive while one is.
  explicit Outbox(Transport& transport) : transport_(transport) {}

  /// Queues one frame. `payload` may be null: then `head` is all of it.
  void push(std::string head, std::shared_ptr<const std::string> payload);
  /// Forgets what is queued and not begun, so that a close frame can follow at once. What is half on the wire stays
  /// whole.
  void drop_waiting();

  /// Bytes that wait, headers and control frames included.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] bool empty() const { return !queue_; }
  /// When bytes last left or, the queue having been empty, last came (steady ms).
  [[nodiscard]] std::int64_t progress_ms() const { return progress_ms_; }

  /// Told after each write, with the payload bytes of frames that left whole (or were dropped), and the error if any.
  using Written = std::function<void(std::size_t payload_bytes, error_code)>;
  /// Writes until nothing waits; a call while a write is under way does nothing. `owner` is whatever must live.
  void flush(const std::shared_ptr<void>& owner, const Written& written);

 private:
  struct Piece {
    std::string head;  // at most 10 bytes before a payload, which fit the string itself
    std::shared_ptr<const std::string> payload;
    [[nodiscard]] std::size_t size() const { return head.size() + (payload ? payload->size() : 0); }
  };
  void gather();
  std::size_t consume(std::size_t bytes);

  Transport& transport_;
  std::optional<std::deque<Piece>> queue_;  // none while idle; a deque, so that a push moves nothing in flight
  std::size_t flying_ = 0;                  // pieces named by the write under way
  std::size_t offset_ = 0;                  // bytes of the first piece that have left
  std::vector<asio::const_buffer> buffers_;
  std::string joined_;  // TLS takes one buffer
  std::size_t bytes_ = 0;
  std::int64_t progress_ms_ = 0;
  bool writing_ = false;
};

}  // namespace kvali::net
