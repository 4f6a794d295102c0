#include "server/net/http_session.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "server/net/answer.h"
#include "server/net/socket_session.h"

namespace kvali::net {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t read_bytes = 8 * 1024;
// What a body may leave unused in the buffer: one line of a chunk with its extension, then it is too long.
constexpr std::size_t unused_bytes_max = limits::http_chunk_extension_bytes_max + read_bytes;

std::string address_of(const Socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string("unknown") : endpoint.address().to_string();
}

Refusal too_slow(std::string_view what, std::int64_t patience_ms) {
  return Refusal{
      408, fmt::format("the {} did not arrive within {} s", what, static_cast<double>(patience_ms) / 1000), {}};
}

}  // namespace

/// Carries one answer from whichever thread back to its session. Whoever drops it unanswered answers 500.
class HttpSession::Slot {
 public:
  Slot(const std::shared_ptr<Hub>& hub, const std::shared_ptr<HttpSession>& session) : hub_(hub), session_(session) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { give(in_words(500, "the request was dropped unanswered")); }

  void give(Response response) {
    if (given_.exchange(true)) return;
    const auto hub = hub_.lock();
    if (!hub) return;
    asio::post(hub->context(), [session = session_, response = std::move(response)]() mutable {
      if (const auto alive = session.lock()) alive->answered(std::move(response));
    });
  }

 private:
  std::weak_ptr<Hub> hub_;
  std::weak_ptr<HttpSession> session_;
  std::atomic<bool> given_ = false;
};

HttpSession::HttpSession(std::shared_ptr<Hub> hub, std::uint64_t id, Socket socket, Admission admission)
    : hub_(std::move(hub)),
      id_(id),
      transport_(std::make_unique<Transport>(std::move(socket))),
      address_(address_of(transport_->socket())),
      admission_(admission),
      answer_timer_(hub_->context().get_executor()) {
  enter(Phase::Idle, hub_->options().deadlines.handshake_ms);
}

void HttpSession::enter(Phase phase, std::int64_t patience_ms) {
  phase_ = phase;
  deadline_ms_ = steady_ms() + patience_ms;
  expired_ = false;
}

Awaitable<void> HttpSession::run(std::shared_ptr<HttpSession> self) {
  Next next = Next::Close;
  try {
    if (co_await self->begin_tls()) {
      do next = co_await self->serve_one();
      while (next == Next::Request && !self->hub_->stopping());
    }
  } catch (const std::exception& error) {
    next = Next::Close;
    self->hub_->log(fmt::format("connection {}: {}", self->id_, error.what()));
  }
  if (next != Next::Upgraded) self->hub_->ended(self->id_);
}

Awaitable<bool> HttpSession::begin_tls() {
  if (hub_->tls() == nullptr) co_return true;
  auto& tls = transport_->begin_tls(*hub_->tls());
  auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::server, as_value);
  co_return !error;
}

// --- one request ----------------------------------------------------------------------------------------------------

struct HttpSession::Body {
  http::request_parser<http::string_body> parser;
};

Awaitable<HttpSession::Next> HttpSession::serve_one() {
  if (auto refusal = co_await read_head_bytes()) {
    if (refusal->status != 0) co_await refuse(*refusal);
    co_return Next::Close;
  }
  const std::string_view bytes(buffer_.data(), head_bytes_);
  const auto head = read_head(bytes, hub_->options().http_body_bytes_max);
  if (!head) {
    co_await refuse(head.error());
    co_return Next::Close;
  }
  if (const auto refusal = admit(*head)) {
    co_await refuse(*refusal);
    co_return Next::Close;
  }
  if (head->websocket || head->target == "/v1/socket") co_return co_await upgrade(*head);
  auto body = std::make_unique<Body>();
  if (auto refusal = co_await read_body(*head, *body)) {
    if (refusal->status != 0) co_await refuse(*refusal);
    co_return Next::Close;
  }
  std::string text = std::move(body->parser.get().body());
  body.reset();
  co_await answer_by_handler(*head, std::move(text));
  if (cut_ || !answer_) co_return Next::Close;
  const Response response = *std::exchange(answer_, std::nullopt);
  const bool keep_alive = head->keep_alive && !hub_->stopping();
  const AnswerShape shape{keep_alive, head->method == "HEAD"};
  if (!co_await write(response, shape)) co_return Next::Close;
  if (!keep_alive) co_await linger();
  co_return keep_alive ? Next::Request : Next::Close;
}

/// Refuses what this server as a whole does not serve, whoever handles the rest.
std::optional<Refusal> HttpSession::admit(const Head& head) const {
  if (admission_ == Admission::TooMany)
    return Refusal{503, "too many connections are open; try again in a few seconds", {{"Retry-After", "5"}}};
  const auto& hosts = hub_->options().hosts;
  if (!hosts.empty() && std::ranges::find(hosts, head.header("host")) == hosts.end())
    return Refusal{421, "this server is not known under that Host", {}};
  return std::nullopt;
}

Awaitable<HttpSession::Next> HttpSession::upgrade(const Head& head) {
  std::optional<Refusal> refusal;
  Upgrade next;
  if (!head.websocket) {
    refusal = Refusal{426,
                      "/v1/socket is a websocket; expected Connection: Upgrade and Upgrade: websocket",
                      {{"Upgrade", "websocket"}}};
  } else if (const auto encoding = admit_socket(head, hub_->options().origins); !encoding) {
    refusal = encoding.error();
  } else if (buffer_.size() > head_bytes_) {
    refusal = Refusal{400, "bytes follow the request for a websocket before it is answered", {}};
  } else {
    next.peer.encoding = *encoding;
  }
  if (refusal) {
    co_await refuse(*refusal);
    co_return Next::Close;
  }
  next.transport = std::move(transport_);
  next.peer.connection = id_;
  next.peer.address = address_;
  next.peer.origin = head.header("origin");
  next.peer.cookie = head.header("cookie");
  next.head = std::move(buffer_);
  open_socket(hub_, std::move(next));
  co_return Next::Upgraded;
}

/// Reads until buffer_ begins with a whole head and says in head_bytes_ how long it is. A refusal of status 0 is a
/// connection that ended or idled between two requests: nobody is there to be told.
Awaitable<std::optional<Refusal>> HttpSession::read_head_bytes() {
  const Deadlines& deadlines = hub_->options().deadlines;
  if (!buffer_.empty())
    enter(Phase::Reading, deadlines.handshake_ms);
  else
    enter(Phase::Idle, std::exchange(first_, false) ? deadlines.handshake_ms : deadlines.idle_ms);
  std::size_t searched = 0;
  while (true) {
    const auto end = end_of_head(buffer_, searched);
    if (!end) co_return end.error();
    if (*end > 0) {
      head_bytes_ = *end;
      co_return std::nullopt;
    }
    searched = buffer_.size();
    const error_code error = co_await read_more();
    if (expired_ && phase_ == Phase::Reading && !buffer_.empty())
      co_return too_slow("header of the request", deadlines.handshake_ms);
    if (error) co_return Refusal{0, {}, {}};
    if (phase_ == Phase::Idle) enter(Phase::Reading, deadlines.handshake_ms);
  }
}

/// Lets Beast parse head and body. Returns why not, with status 0 when the connection ended.
Awaitable<std::optional<Refusal>> HttpSession::read_body(const Head& head, Body& body) {
  auto& parser = body.parser;
  const std::size_t body_bytes_max = hub_->options().http_body_bytes_max;
  parser.header_limit(static_cast<std::uint32_t>(limits::http_header_bytes_max) * 2);
  parser.body_limit(body_bytes_max);
  std::size_t extension_bytes = 0;
  auto count_extensions = [&extension_bytes](std::uint64_t, boost::beast::string_view extensions, error_code& error) {
    extension_bytes += extensions.size();
    if (extension_bytes > limits::http_chunk_extension_bytes_max) error = http::error::bad_chunk_extension;
  };
  parser.on_chunk_header(count_extensions);
  error_code error;
  parser.put(asio::buffer(buffer_.data(), head_bytes_), error);
  if (error && error != http::error::need_more)
    co_return Refusal{400, "the header cannot be read: " + words(error), {}};
  buffer_.erase(0, head_bytes_);
  parser.eager(true);
  if (head.expects_continue && !parser.is_done() && buffer_.empty()) {
    if (!co_await write_bytes("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return Refusal{0, {}, {}};
  }
  enter(Phase::Reading, hub_->options().deadlines.message_ms);
  while (!parser.is_done()) {
    const std::size_t used = parser.put(asio::buffer(buffer_), error);
    buffer_.erase(0, used);
    if (parser.is_done() && !error) break;
    if (error == http::error::body_limit)
      co_return Refusal{413, fmt::format("the body has more than {} bytes", body_bytes_max), {}};
    if (error == http::error::bad_chunk_extension || buffer_.size() > unused_bytes_max)
      co_return Refusal{400, "the chunks of the body carry more than 20 KB of extensions", {}};
    if (error && error != http::error::need_more)
      co_return Refusal{400, "the body cannot be read: " + words(error), {}};
    if (const error_code read_error = co_await read_more(); read_error)
      co_return expired_ ? too_slow("body of the request", hub_->options().deadlines.message_ms) : Refusal{0, {}, {}};
  }
  co_return std::nullopt;
}

/// Hands the request over and waits for answer_; none comes when the connection is cut meanwhile.
Awaitable<void> HttpSession::answer_by_handler(const Head& head, std::string body) {
  Request request{head.method, head.target, std::move(body), address_, head.headers, hub_->stamp(last_read_us_)};
  enter(Phase::Answering, hub_->options().deadlines.answer_ms);
  answer_.reset();
  const auto self = std::static_pointer_cast<HttpSession>(shared_from_this());
  std::function<void(Response)> answer = [slot = std::make_shared<Slot>(hub_, self)](Response response) {
    slot->give(std::move(response));
  };
  hub_->handler().request(std::move(request), std::move(answer));
  while (!answer_ && !cut_ && !expired_) {
    answer_timer_.expires_at(SteadyTime::time_point::max());
    co_await answer_timer_.async_wait(as_value);
  }
  if (!answer_ && expired_) answer_ = in_words(503, "no answer was found in time; try again later");
}

void HttpSession::answered(Response response) {
  if (phase_ != Phase::Answering || answer_) return;  // too late: 503 is on its way
  answer_ = std::move(response);
  answer_timer_.cancel();
}

// --- bytes ----------------------------------------------------------------------------------------------------------

Awaitable<error_code> HttpSession::read_more() {
  const std::size_t size = buffer_.size();
  buffer_.resize(size + read_bytes);
  auto [error, bytes] = co_await transport_->async_read_some(asio::buffer(buffer_.data() + size, read_bytes), as_value);
  buffer_.resize(size + bytes);
  last_read_us_ = hub_->now_us();
  co_return error;
}

Awaitable<bool> HttpSession::write(const Response& response, AnswerShape shape) {
  auto head = answer_head(response, shape, hub_->now_us());
  if (!head) {
    hub_->log("an answer was not sent: " + head.error().message);
    const Response instead = in_words(500, "the answer could not be sent");
    shape.keep_alive = false;
    const std::string text = answer_head(instead, shape, hub_->now_us()).value();
    co_await write_bytes(text, shape.to_head ? std::string_view() : std::string_view(*instead.body));
    co_return false;
  }
  co_return co_await write_bytes(*head,
                                 carries_body(response, shape) ? std::string_view(*response.body) : std::string_view());
}

/// Writes both; gives up when nothing leaves for the write deadline.
Awaitable<bool> HttpSession::write_bytes(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    enter(Phase::Writing, hub_->options().deadlines.write_progress_ms);
    const std::array buffers = {asio::buffer(head), asio::buffer(body)};
    // TLS takes one buffer at a time, and an empty first one would write nothing.
    auto [error, bytes] = co_await transport_->async_write_some(
        std::span(buffers).subspan(head.empty() ? 1 : 0, head.empty() || transport_->secure() ? 1 : 2), as_value);
    if (error) co_return false;
    const std::size_t of_head = std::min(bytes, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(bytes - of_head);
  }
  co_return true;
}

Awaitable<void> HttpSession::refuse(const Refusal& refusal) {
  Response response = in_words(refusal.status, refusal.sentence);
  response.headers.insert(response.headers.end(), refusal.headers.begin(), refusal.headers.end());
  const AnswerShape shape{.keep_alive = false, .to_head = false};
  if (co_await write(response, shape)) co_await linger();
}

/// Closing with bytes unread would reset the connection and lose the answer on its way: reads for a while first.
Awaitable<void> HttpSession::linger() {
  enter(Phase::Ending, limits::http_linger_timeout_ms);
  if (transport_->secure()) {
    co_await transport_->tls().async_shutdown(as_value);
    co_return;
  }
  error_code ignored;
  transport_->socket().shutdown(asio::socket_base::shutdown_send, ignored);
  std::size_t discarded = 0;
  while (discarded < limits::http_linger_bytes_max && !expired_) {
    buffer_.clear();
    if (const error_code error = co_await read_more(); error) co_return;
    discarded += buffer_.size();
  }
}

// --- from outside ---------------------------------------------------------------------------------------------------

void HttpSession::sweep(std::int64_t now_ms) {
  if (!transport_ || now_ms < deadline_ms_) return;
  expired_ = true;
  answer_timer_.cancel();
  error_code ignored;
  transport_->socket().cancel(ignored);
}

void HttpSession::ask_to_end() {
  if (phase_ == Phase::Idle) cut();
}

void HttpSession::cut() {
  if (!transport_) return;
  cut_ = true;
  answer_timer_.cancel();
  error_code ignored;
  transport_->socket().close(ignored);
}

}  // namespace kvali::net
