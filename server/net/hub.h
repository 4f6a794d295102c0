#pragma once
// What all connections of a Server share: the io_context, who is connected, the way in for other threads, the tick
// that gathers writes, the sweep that enforces deadlines. Inside server/net only.
//
// Threads: everything is of the network thread, except what stands under "any thread", which touches only what
// `mutex_` guards and then posts.
#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>

#include "server/net/asio.h"
#include "server/net/gate.h"

namespace kvali::net {

class SocketSession;

/// What a Hub can do with any connection, HTTP or websocket.
class Session : public std::enable_shared_from_this<Session> {
 public:
  virtual ~Session() = default;
  virtual void sweep(std::int64_t now_ms) = 0;  // are all deadlines kept?
  virtual void ask_to_end() = 0;                // an orderly stop has begun
  virtual void cut() = 0;                       // close the socket now
};

class Hub : public std::enable_shared_from_this<Hub> {
 public:
  Hub(Options options, Handler& handler);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  Result<void> open();
  void run();  // until the stop is complete

  // --- any thread ---
  Sent send(std::span<const std::uint64_t> connections, const std::shared_ptr<const std::string>& frame);
  [[nodiscard]] std::size_t queued_bytes(std::uint64_t connection) const;
  struct Order {
    enum class Kind { Send, Close, CloseSlow, Welcomed, Pause, Resume, Stop } kind = Kind::Send;
    std::uint64_t connection = 0;
    std::shared_ptr<const std::string> frame;
    std::uint16_t code = 0;
    std::string reason;
    std::int64_t deadline_ms = 0;
  };
  void give(Order order);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // --- for sessions ---
  const Options& options() const { return options_; }
  Handler& handler() { return handler_; }
  asio::io_context& context() { return context_; }
  asio::ssl::context* tls() { return tls_ ? &*tls_ : nullptr; }
  [[nodiscard]] bool stopping() const { return stopping_; }
  [[nodiscard]] std::int64_t now_us() const { return options_.clock_us(); }
  /// What a message read at `read_us` is stamped with: time that was told is not taken back.
  [[nodiscard]] std::int64_t stamp(std::int64_t read_us) const { return std::max(read_us, told_us_); }
  void log(std::string sentence) const;
  void upgrade(std::uint64_t id, const std::shared_ptr<SocketSession>& session);  // takes the place of its HTTP session
  void ended(std::uint64_t id);
  void opened(std::uint64_t id, const std::shared_ptr<SocketSession>& session);  // may be sent to from now on
  void written(std::uint64_t id, std::size_t payload_bytes);
  void refuse_more(std::uint64_t id);  // `send` answers Gone from now on

 private:
  struct Gauge {
    std::size_t queued = 0;
    bool told = false;  // BackPressure was answered: `writable` is owed
  };
  Awaitable<void> accept_all(std::shared_ptr<Hub> self);
  bool relieve(const error_code& error);
  void take_socket(Socket socket);
  Awaitable<void> sweep_always(std::shared_ptr<Hub> self);
  Awaitable<void> tick_always(std::shared_ptr<Hub> self);
  void wake_up();
  void take_orders();
  void obey(Order& order);
  [[nodiscard]] bool anything_unread() const;
  void flush_soon();
  void flush_dirty();
  void begin_stop(std::int64_t deadline_ms);
  void finish_if_empty();
  Result<void> open_tls();

  const Options options_;
  Handler& handler_;
  asio::io_context context_{1};
  std::optional<asio::executor_work_guard<Executor>> work_;
  std::optional<asio::ssl::context> tls_;
  Acceptor acceptor_;
  Timer accept_timer_, sweep_timer_, tick_timer_, flush_timer_;
  std::uint16_t port_ = 0;
  int reserve_descriptor_ = -1;
  std::int64_t accept_complained_ms_ = 0;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<Session>> sessions_;
  std::unordered_map<std::uint64_t, std::shared_ptr<SocketSession>> sockets_;
  std::vector<std::shared_ptr<SocketSession>> dirty_;
  SteadyTime::time_point last_flush_;
  bool flush_armed_ = false;
  bool stopping_ = false, finished_ = false;
  std::int64_t stop_at_ms_ = 0, told_us_ = 0;

  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Gauge> gauges_;  // guarded by mutex_
  std::vector<Order> orders_;                        // guarded by mutex_
};

/// Why `error` happened, in words without a number.
std::string words(const error_code& error);

}  // namespace kvali::net
