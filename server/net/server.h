#pragma once
// The door to the network: HTTP/1.1 and websockets on one port. Nothing outside this folder knows Beast or Asio.
//
// Threads. A Server owns one network thread; every call of the Handler happens on it, so an implementation must not
// block and posts to its own thread. Every member of Server may be called from any thread (also from a Handler call),
// except `stop` and the destructor, which wait for the network thread and so belong to whoever owns the Server.
// After `stop` returns the Handler is not called again.
//
// A connection is a number that is never used twice in the life of a Server. `connected` comes before anything else
// of that connection, `disconnected` after everything else, each exactly once. The queue of a connection, its
// deadlines and its limits (engine/limits.h) are kept here; what a frame means is not known here.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/limits.h"
#include "engine/result.h"

namespace kvali::net {

/// What the frames of a connection are: the websocket subprotocol it chose.
enum class Encoding { Proto, Json };  // kvali.v1.proto in binary frames, kvali.v1.json in text frames

/// Close codes of websockets that kvali gives a meaning (protocol.md): below 4500 a client may come back.
enum class Close : std::uint16_t {
  Shutdown = 4001,
  Slow = 4008,
  NoPong = 4012,
  Rate = 4013,
  RightsChanged = 4014,
  BadToken = 4500,
  BadFrame = 4501,
  NoHello = 4502,
  SignedOut = 4503,
  WrongEncoding = 4506,
  Origin = 4507,
};

/// Who opened a websocket. `origin` is empty for a client that is no browser; otherwise it passed the origin rule.
struct Peer {
  std::uint64_t connection = 0;
  Encoding encoding = Encoding::Proto;
  std::string address;  // without the port
  std::string origin;
  std::string cookie;  // as sent, unparsed; never logged here
};

/// One HTTP request, whole, that passed the gate. Header names are lower-case; a header sent twice is joined by ", "
/// (those that must be single are refused when doubled: host, origin, cookie, authorization, content-type and others).
struct Request {
  std::string method, target, body, address;
  std::vector<std::pair<std::string, std::string>> headers;
  std::int64_t received_at_us = 0;  // UTC, when its last byte was read

  /// The value of header `name` (lower-case), or empty. Lives as long as the request.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// The answer to a Request. Content-Length, Date and Connection are added here; a HEAD answer loses its body here.
struct Response {
  int status = 200;
  std::string content_type;                 // empty: no such header
  std::shared_ptr<const std::string> body;  // null is empty; may be shared by many answers
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Who is told what arrives. Called on the network thread only; must return quickly and throw nothing.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void connected(const Peer& peer) = 0;
  /// One whole websocket message. `received_at_us` (UTC) is when its last byte was read: within a connection it never
  /// goes back, and it is never before a `tick` already told.
  virtual void received(std::uint64_t connection, std::string frame, std::int64_t received_at_us) = 0;
  /// After `send` answered BackPressure: the queue is below limits::queue_low_water_bytes again.
  virtual void writable(std::uint64_t connection) = 0;
  virtual void disconnected(std::uint64_t connection) = 0;
  /// Everything of HTTP but the upgrade. `answer` is called once, from any thread; dropped uncalled it answers 500,
  /// not called for limits::http_answer_timeout_ms it answers 503.
  virtual void request(Request request, std::function<void(Response)> answer) = 0;
  /// Every Options::tick_ms, by the same clock and on the same thread as the stamps above: what was read before
  /// `now_us` has been handed over before this call (but for connections that are paused).
  virtual void tick(std::int64_t now_us) { static_cast<void>(now_us); }
};

/// How long things may take, in milliseconds. Tests shorten them.
struct Deadlines {
  std::int64_t handshake_ms = limits::handshake_timeout_ms;  // a request's header; a websocket until `welcomed`
  std::int64_t idle_ms = limits::idle_timeout_ms;            // nothing read; a websocket is pinged at half of it
  std::int64_t message_ms = limits::message_timeout_ms;      // a whole message or body, however many pieces
  std::int64_t write_progress_ms = limits::write_progress_timeout_ms;
  std::int64_t close_ms = limits::close_timeout_ms;
  std::int64_t answer_ms = limits::http_answer_timeout_ms;
};

struct Options {
  std::string address = "127.0.0.1";  // an IPv4 or IPv6 address, no name
  std::uint16_t port = 0;             // 0: any free one, told by Server::port
  /// Origins whose pages may open a websocket, exactly as browsers send them ("https://kvali.example"). A page of the
  /// server itself (its origin's host and port equal the Host header) and a client without Origin always may.
  std::vector<std::string> origins;
  /// When not empty: the only Host values served (with port where one is used); others get 421. Ends DNS rebinding.
  std::vector<std::string> hosts;
  std::size_t connections_max = limits::connections_max;
  std::size_t answers_queued_bytes_max = limits::answers_queued_bytes_max;
  std::size_t http_body_bytes_max = limits::http_body_bytes_max;
  std::int64_t tick_ms = 0;  // 0: Handler::tick is not called
  Deadlines deadlines;
  std::string certificate_file, key_file;  // PEM, both or neither; with both every connection is TLS 1.2 or 1.3
  std::function<std::int64_t()> clock_us;  // UTC; empty: the system's clock. Called on the network thread
  /// Told in whole sentences what an operator should know; on the network thread. Never holds a header's value.
  std::function<void(std::string)> log;
};

/// What became of a frame given to `send`.
enum class Sent {
  Ok,
  BackPressure,  // queued, and the queue is above its low-water mark: build no more until Handler::writable
  Gone,          // dropped: no such connection any more, or this frame was the one too many and it closes with 4008
};

class Server {
 public:
  /// Listens and serves until `stop`. `handler` must outlive the Server. Fails with a sentence when the address cannot
  /// be used or the certificate cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<Server>> listen(Options options, Handler& handler);
  ~Server();  // stops without waiting for anybody
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;

  /// Queues one frame; frames of one connection leave in the order of these calls. The buffer is shared, never copied
  /// (plain connections). A queue that would exceed answers_queued_bytes_max closes its connection with 4008, except
  /// that a single frame of any size may be queued by itself.
  Sent send(std::uint64_t connection, const std::shared_ptr<const std::string>& frame);
  /// The same frame to many; those gone are skipped, those slow are closed.
  void send(std::span<const std::uint64_t> connections, const std::shared_ptr<const std::string>& frame);
  /// Payload bytes handed to `send` and not yet to the kernel; 0 for a connection that is gone.
  [[nodiscard]] std::size_t queued_bytes(std::uint64_t connection) const;

  /// Sends what is queued, then a close frame. Nothing is received of the connection any more; `disconnected` follows
  /// when the other side answers or after Deadlines::close_ms. `reason` is cut to 123 bytes.
  void close(std::uint64_t connection, std::uint16_t code, std::string reason);
  void close(std::uint64_t connection, Close code, std::string reason) {
    close(connection, static_cast<std::uint16_t>(code), std::move(reason));
  }
  /// The connection has said who it is: messages up to limits::frame_bytes_max from the next one on, no 4502.
  void welcomed(std::uint64_t connection);
  /// Stops and continues reading, so that whoever asks faster than it is answered waits in its own kernel. A message
  /// under way when `pause` is called waits here. Reading also pauses by itself while half of the queue is full.
  void pause(std::uint64_t connection);
  void resume(std::uint64_t connection);

  /// Orderly: accepts nobody, lets running HTTP answers finish, closes websockets with 4001, waits up to
  /// `deadline_ms`, cuts the rest, ends the thread. A second call does nothing.
  void stop(std::int64_t deadline_ms);

 private:
  struct Running;
  explicit Server(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace kvali::net
