#include "server/net/socket_session.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace kvali::net {
namespace {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

class Live;

/// What Beast takes for the socket. Reads pass the FrameWatch; writes (the answer to the upgrade, pongs) become pieces
/// of the Outbox, so that they never fall into the middle of another frame.
struct Wire {
  using executor_type = Executor;
  Live* session;
  executor_type get_executor() const;
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token);
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token);
};

class Live final : public SocketSession {
 public:
  Live(std::shared_ptr<Hub> hub, std::unique_ptr<Transport> transport, Peer peer)
      : hub_(std::move(hub)),
        transport_(std::move(transport)),
        peer_(std::move(peer)),
        outbox_(*transport_),
        watch_(peer_.encoding),
        stream_(Wire{this}),
        wake_timer_(hub_->context().get_executor()) {}

  static Awaitable<void> run(std::shared_ptr<Live> self, std::string head);

  void queue(std::shared_ptr<const std::string> frame) override;
  void flush() override;
  void close(std::uint16_t code, std::string_view reason, Waiting waiting) override;
  void welcomed() override;
  void hold() override { paused_ = true; }
  void release() override;
  [[nodiscard]] bool has_unread() const override { return !closing_ && !held() && watch_.messages() > delivered_; }
  void sweep(std::int64_t now_ms) override;
  void ask_to_end() override;
  void cut() override;

  // --- for Wire ---
  Transport& transport() { return *transport_; }
  Hub& hub() { return *hub_; }
  [[nodiscard]] bool faulty() const { return watch_.fault() != FrameWatch::Fault::None; }
  std::size_t watch(std::span<const std::uint8_t> bytes) { return watch_.take(bytes, last_read_ms_); }
  void has_read();
  void beast_writes(std::string bytes);

 private:
  struct Farewell {
    std::uint16_t code = 0;  // 0: nobody is there to be told
    std::string words;
  };
  Awaitable<bool> accept(std::string head);
  Awaitable<error_code> read_messages();
  Awaitable<error_code> read_message(std::string& frame);
  Awaitable<void> say_farewell(error_code error);
  [[nodiscard]] Farewell farewell(const error_code& error) const;
  Awaitable<void> woken();
  void wake() { wake_timer_.cancel(); }
  [[nodiscard]] bool held() const { return paused_ || outbox_.bytes() > hub_->options().answers_queued_bytes_max / 2; }
  void end_for(Close code, std::string_view reason, Waiting waiting = Waiting::Keep);
  void log(std::string_view what) const;

  std::shared_ptr<Hub> hub_;
  std::unique_ptr<Transport> transport_;
  Peer peer_;
  Outbox outbox_;
  FrameWatch watch_;
  websocket::stream<Wire, false> stream_;
  Timer wake_timer_;
  Outbox::Written written_;
  std::uint64_t delivered_ = 0;
  std::int64_t opened_ms_ = steady_ms(), last_read_ms_ = opened_ms_, last_read_us_ = 0, close_at_ms_ = 0;
  bool answered_ = false, connected_ = false, welcomed_ = false, paused_ = false, pinged_ = false, closing_ = false,
       cut_ = false;
};

// --- Wire -----------------------------------------------------------------------------------------------------------

template <class Buffers>
struct ReadOp {
  Live& session;
  Buffers buffers;
  enum class State { Begin, Reading, Refusing } state = State::Begin;

  template <class Self>
  void operator()(Self& self, error_code error = {}, std::size_t bytes = 0) {
    switch (state) {
      case State::Begin:
        if (session.faulty()) {
          state = State::Refusing;
          return asio::post(session.hub().context().get_executor(), std::move(self));
        } else {
          state = State::Reading;
          const Buffers into = buffers;  // this object moves into the operation
          return session.transport().async_read_some(into, std::move(self));
        }
      case State::Reading:
        return self.complete(error ? error : judge(bytes), bytes);
      case State::Refusing:
        return self.complete(refused(), 0);
    }
  }

  static error_code refused() { return make_error_code(boost::system::errc::protocol_error); }

  /// Shows the bytes to the watch and lowers `bytes` to what may pass.
  error_code judge(std::size_t& bytes) {
    session.has_read();
    std::size_t passed = 0, left = bytes;
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers) && left > 0; ++it) {
      const asio::mutable_buffer buffer = *it;
      const std::size_t size = std::min(left, buffer.size());
      const std::size_t good = session.watch({static_cast<const std::uint8_t*>(buffer.data()), size});
      passed += good;
      if (good < size) break;
      left -= size;
    }
    bytes = passed;
    return passed == 0 ? refused() : error_code();
  }
};

struct WriteOp {
  Live& session;
  std::string bytes;
  std::size_t size = 0;

  template <class Self>
  void operator()(Self& self) {
    if (size > 0 || bytes.empty()) return self.complete(error_code(), size);
    size = bytes.size();
    session.beast_writes(std::move(bytes));
    asio::post(session.hub().context().get_executor(), std::move(self));
  }
};

Executor Wire::get_executor() const { return session->hub().context().get_executor(); }

template <class Buffers, class Token>
auto Wire::async_read_some(const Buffers& buffers, Token&& token) {
  ReadOp<Buffers> operation{*session, buffers};
  return asio::async_compose<Token, void(error_code, std::size_t)>(std::move(operation), token, get_executor());
}

template <class Buffers, class Token>
auto Wire::async_write_some(const Buffers& buffers, Token&& token) {
  WriteOp operation{*session, {}};
  for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
    const asio::const_buffer buffer = *it;
    operation.bytes.append(static_cast<const char*>(buffer.data()), buffer.size());
  }
  return asio::async_compose<Token, void(error_code, std::size_t)>(std::move(operation), token, get_executor());
}

/// The end is ours: say_farewell drains and closes, Beast only reports.
template <class Handler>
void async_teardown(boost::beast::role_type, Wire& wire, Handler&& handler) {
  asio::post(wire.get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}
void beast_close_socket(Wire& wire) { wire.session->cut(); }

// --- the life of a connection ---------------------------------------------------------------------------------------

Awaitable<void> Live::run(std::shared_ptr<Live> self, std::string head) {
  self->written_ = [live = self.get()](std::size_t payload_bytes, error_code error) {
    if (error) return live->cut();
    live->hub_->written(live->peer_.connection, payload_bytes);
    live->wake();
  };
  try {
    if (co_await self->accept(std::move(head))) {
      if (!self->closing_) {  // a stop may have begun between the answer to the upgrade and this turn
        self->hub_->opened(self->peer_.connection, self);
        self->connected_ = true;
        self->hub_->handler().connected(self->peer_);
      }
      self->peer_.cookie = {};
      const error_code error = co_await self->read_messages();
      co_await self->say_farewell(error);
    }
  } catch (const std::exception& error) {
    self->log(error.what());
  }
  self->cut();
  self->hub_->ended(self->peer_.connection);
  if (self->connected_) self->hub_->handler().disconnected(self->peer_.connection);
}

Awaitable<bool> Live::accept(std::string head) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits::http_header_bytes_max) * 2);
  error_code parse_error;
  parser.put(asio::buffer(head), parse_error);
  if (parse_error || !parser.is_header_done()) co_return false;  // the gate has admitted what Beast cannot read
  const http::request<http::empty_body> request = parser.release();
  stream_.set_option(websocket::stream_base::decorator([encoding = peer_.encoding](websocket::response_type& response) {
    response.set(http::field::server, "kvali");
    response.set(http::field::sec_websocket_protocol, subprotocol(encoding));
  }));
  stream_.read_message_max(limits::frame_bytes_before_welcome_max);
  auto [error] = co_await stream_.async_accept(request, as_value);
  stream_.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
  co_return !error;
}

Awaitable<error_code> Live::read_messages() {
  while (true) {
    std::string frame;
    if (const error_code error = co_await read_message(frame); error) co_return error;
    if (held()) {
      while (held() && !closing_) co_await woken();
      last_read_ms_ = steady_ms();  // we did not read: the other side is not to blame
      watch_.forgive(last_read_ms_);
    }
    ++delivered_;
    if (!closing_) hub_->handler().received(peer_.connection, std::move(frame), hub_->stamp(last_read_us_));
  }
}

/// Reads one whole message. The first piece is small, because most connections wait here most of the time.
Awaitable<error_code> Live::read_message(std::string& frame) {
  constexpr std::size_t first_bytes = 256, step_bytes_min = 1'536, step_bytes_max = 64 * 1024;
  std::size_t step_bytes = first_bytes;
  while (true) {
    const std::size_t size = frame.size();
    frame.resize(size + step_bytes);
    auto [error, bytes] = co_await stream_.async_read_some(asio::buffer(frame.data() + size, step_bytes), as_value);
    frame.resize(size + bytes);
    if (error) co_return error;
    if (stream_.is_message_done()) {
      const bool cut_off = peer_.encoding == Encoding::Json && ends_inside_character(frame);
      co_return cut_off ? error_code(websocket::error::bad_frame_payload) : error;
    }
    step_bytes = std::clamp(frame.size(), step_bytes_min, step_bytes_max);
  }
}

/// What the end of reading means for the other side.
Live::Farewell Live::farewell(const error_code& error) const {
  const bool proto = peer_.encoding == Encoding::Proto;
  switch (watch_.fault()) {
    case FrameWatch::Fault::None:
      break;
    case FrameWatch::Fault::WrongEncoding:
      return {static_cast<std::uint16_t>(Close::WrongEncoding), proto
                                                                    ? "a text frame on kvali.v1.proto; expected binary"
                                                                    : "a binary frame on kvali.v1.json; expected text"};
    case FrameWatch::Fault::TooManyFragments:
      return {static_cast<std::uint16_t>(Close::BadFrame),
              fmt::format("a message in more than {} fragments", limits::fragments_per_message_max)};
    case FrameWatch::Fault::TooManyControls:
      return {static_cast<std::uint16_t>(Close::Rate),
              fmt::format("more than {} pings in {} s", limits::control_frames_max, limits::control_window_ms / 1000)};
  }
  if (error == websocket::error::closed) {
    const auto code = stream_.reason().code;
    return {code == websocket::close_code::none ? std::uint16_t{1005} : static_cast<std::uint16_t>(code), {}};
  }
  if (error == websocket::error::message_too_big) {
    const std::size_t bytes_max = welcomed_ ? limits::frame_bytes_max : limits::frame_bytes_before_welcome_max;
    return {1009, fmt::format("a message may have {} bytes{}", bytes_max, welcomed_ ? "" : " before Welcome")};
  }
  if (error == websocket::error::bad_frame_payload) return {1007, "the text is not UTF-8"};
  if (error == websocket::condition::protocol_violation) return {1002, words(error)};
  return {};
}

/// Sends the close frame if none has been, lets what waits leave, and reads until the other side is done, so that the
/// close frame is not lost in a reset. Deadlines::close_ms ends all of it, by cut().
Awaitable<void> Live::say_farewell(error_code error) {
  const Farewell last = farewell(error);
  if (last.code == 0 || cut_) co_return;
  const bool peer_closed = error == websocket::error::closed;
  if (!closing_ && !peer_closed) log(fmt::format("closed with {}: {}", last.code, last.words));
  close(last.code, last.words, Waiting::Keep);
  while (!outbox_.empty() && !cut_) co_await woken();
  if (cut_) co_return;
  if (transport_->secure()) {
    co_await transport_->tls().async_shutdown(as_value);
    co_return;
  }
  if (peer_closed) co_return;
  error_code ignored;
  transport_->socket().shutdown(asio::socket_base::shutdown_send, ignored);
  std::string discarded(limits::queue_low_water_bytes, '\0');
  while (true) {
    auto [end, bytes] = co_await transport_->async_read_some(asio::buffer(discarded), as_value);
    if (end) co_return;
  }
}

Awaitable<void> Live::woken() {
  wake_timer_.expires_at(SteadyTime::time_point::max());
  co_await wake_timer_.async_wait(as_value);
}

// --- writing --------------------------------------------------------------------------------------------------------

void Live::queue(std::shared_ptr<const std::string> frame) {
  if (closing_) return;
  std::string head = frame_header(peer_.encoding == Encoding::Proto ? Opcode::Binary : Opcode::Text, frame->size());
  outbox_.push(std::move(head), std::move(frame));
}

void Live::flush() { outbox_.flush(shared_from_this(), written_); }

void Live::beast_writes(std::string bytes) {
  // Beast's close frames carry no words: say_farewell sends ours. After ours nothing may follow.
  const auto opcode = static_cast<Opcode>(static_cast<std::uint8_t>(bytes.front()) & 0x0f);
  const bool answer_to_upgrade = !std::exchange(answered_, true);
  if (closing_ || (!answer_to_upgrade && opcode == Opcode::Close)) return;
  outbox_.push(std::move(bytes), nullptr);
  flush();
}

void Live::close(std::uint16_t code, std::string_view reason, Waiting waiting) {
  if (closing_) return;
  closing_ = true;
  close_at_ms_ = steady_ms() + hub_->options().deadlines.close_ms;
  hub_->refuse_more(peer_.connection);
  if (waiting == Waiting::Drop) outbox_.drop_waiting();
  outbox_.push(close_frame(code, reason), nullptr);
  flush();
  wake();
}

void Live::welcomed() {
  welcomed_ = true;
  stream_.read_message_max(limits::frame_bytes_max);
}

void Live::release() {
  paused_ = false;
  wake();
}

// --- deadlines ------------------------------------------------------------------------------------------------------

void Live::has_read() {
  last_read_ms_ = steady_ms();
  last_read_us_ = hub_->now_us();
  pinged_ = false;
}

void Live::sweep(std::int64_t now_ms) {
  const Deadlines& deadlines = hub_->options().deadlines;
  if (closing_) {
    if (now_ms >= close_at_ms_) cut();
    return;
  }
  if (!outbox_.empty() && now_ms - outbox_.progress_ms() >= deadlines.write_progress_ms) {
    log("cut: it has read nothing for too long");
    return cut();
  }
  if (!welcomed_ && now_ms - opened_ms_ >= deadlines.handshake_ms) return end_for(Close::NoHello, "no Hello in time");
  if (held()) return;
  if (watch_.open_since_ms() > 0 && now_ms - watch_.open_since_ms() >= deadlines.message_ms)
    return end_for(Close::Slow, "a message did not end in time");
  const std::int64_t silent_ms = now_ms - last_read_ms_;
  if (silent_ms >= deadlines.idle_ms) return end_for(Close::NoPong, "no pong");
  if (silent_ms < deadlines.idle_ms / 2 || pinged_) return;
  pinged_ = true;
  outbox_.push(frame_header(Opcode::Ping, 0), nullptr);
  flush();
}

void Live::end_for(Close code, std::string_view reason, Waiting waiting) {
  log(fmt::format("closed with {}: {}", static_cast<int>(code), reason));
  close(static_cast<std::uint16_t>(code), reason, waiting);
}

void Live::ask_to_end() {
  if (!answered_) return cut();  // a close frame means something only after the answer to the upgrade
  close(static_cast<std::uint16_t>(Close::Shutdown), "the server is stopping; come back in a moment", Waiting::Keep);
}

void Live::cut() {
  if (cut_) return;
  cut_ = true;
  closing_ = true;
  hub_->refuse_more(peer_.connection);
  error_code ignored;
  transport_->socket().close(ignored);
  wake();
}

void Live::log(std::string_view what) const {
  hub_->log(fmt::format("connection {} of {}: {}", peer_.connection, peer_.address, what));
}

}  // namespace

void open_socket(const std::shared_ptr<Hub>& hub, Upgrade upgrade) {
  const std::uint64_t id = upgrade.peer.connection;
  const auto session = std::make_shared<Live>(hub, std::move(upgrade.transport), std::move(upgrade.peer));
  hub->upgrade(id, session);
  asio::co_spawn(hub->context(), Live::run(session, std::move(upgrade.head)), asio::detached);
}

}  // namespace kvali::net
