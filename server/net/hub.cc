#include "server/net/hub.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include "engine/limits.h"
#include "server/net/http_session.h"
#include "server/net/socket_session.h"

namespace kvali::net {
namespace {

constexpr std::int64_t complaint_ms = 1'000;      // between two log lines about descriptors
constexpr std::int64_t tick_us_per_socket = 50;  // of the tick of writes: a send call takes some 11 µs, so at most a fourth of the thread
constexpr int turns_before_tick = 1'000;      // a flood does not stop time

std::int64_t system_now_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

Options with_defaults(Options options) {
  if (!options.clock_us) options.clock_us = system_now_us;
  return options;
}

/// How often deadlines are looked at: a fourth of the shortest, so that none is late by more than that.
std::chrono::milliseconds sweep_interval(const Deadlines& d, bool stopping) {
  const auto shortest = std::min({d.handshake_ms, d.idle_ms, d.message_ms, d.write_progress_ms, d.close_ms});
  return std::chrono::milliseconds(std::clamp<std::int64_t>(shortest / 4, 5, stopping ? 20 : 500));
}

bool out_of_descriptors(const error_code& error) {
  return error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system ||
         error == asio::error::no_buffer_space || error == asio::error::no_memory;
}

int open_reserve() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

/// Options that make a dead or stalled peer cheap; a kernel that knows one of them not serves without it.
void tune(Socket& socket, const Deadlines& deadlines) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::send_buffer_size(limits::socket_send_buffer_bytes), ignored);
  const auto timeout_ms = static_cast<unsigned>(deadlines.write_progress_ms);
  const auto unsent_bytes = static_cast<unsigned>(limits::socket_unsent_bytes_max);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof timeout_ms);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
}

}  // namespace

std::string words(const error_code& error) { return error.message(); }

Hub::Hub(Options options, Handler& handler)
    : options_(with_defaults(std::move(options))),
      handler_(handler),
      work_(asio::make_work_guard(context_)),
      acceptor_(context_.get_executor()),
      accept_timer_(context_.get_executor()),
      sweep_timer_(context_.get_executor()),
      tick_timer_(context_.get_executor()),
      flush_timer_(context_.get_executor()) {}

Hub::~Hub() {
  if (reserve_descriptor_ >= 0) ::close(reserve_descriptor_);
}

Result<void> Hub::open_tls() {
  if (options_.certificate_file.empty() && options_.key_file.empty()) return {};
  error_code error;
  tls_.emplace(asio::ssl::context::tls_server);
  tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                    error);
  tls_->use_certificate_chain_file(options_.certificate_file, error);
  if (error) return fail("reading the certificate " + options_.certificate_file + ": " + words(error));
  tls_->use_private_key_file(options_.key_file, asio::ssl::context::pem, error);
  if (error) return fail("reading the key " + options_.key_file + ": " + words(error));
  return {};
}

Result<void> Hub::open() {
  const std::string where = fmt::format("{} port {}", options_.address, options_.port);
  error_code error;
  const auto address = asio::ip::make_address(options_.address, error);
  if (error) return fail("listening on " + where + ": expected an IPv4 or IPv6 address");
  if (auto tls = open_tls(); !tls) return tls;
  const tcp::endpoint endpoint(address, options_.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (error) return fail("listening on " + where + ": " + words(error));
  reserve_descriptor_ = open_reserve();
  const auto self = shared_from_this();
  asio::co_spawn(context_, accept_all(self), asio::detached);
  asio::co_spawn(context_, sweep_always(self), asio::detached);
  if (options_.tick_ms > 0) asio::co_spawn(context_, tick_always(self), asio::detached);
  return {};
}

void Hub::run() {
  while (true) {
    try {
      context_.run();
      return;
    } catch (const std::exception& error) {
      log(std::string("an exception reached the network thread: ") + error.what());
    }
  }
}

void Hub::log(std::string sentence) const {
  if (options_.log) options_.log(std::move(sentence));
}

// --- in from other threads ------------------------------------------------------------------------------------------

Sent Hub::send(std::span<const std::uint64_t> connections, const std::shared_ptr<const std::string>& frame) {
  const std::size_t size = frame->size();
  Sent last = Sent::Gone;
  bool wake = false;
  {
    const std::scoped_lock lock(mutex_);
    wake = orders_.empty();
    for (const std::uint64_t connection : connections) {
      const auto found = gauges_.find(connection);
      last = Sent::Gone;
      if (found == gauges_.end()) continue;
      Gauge& gauge = found->second;
      Order order;
      order.connection = connection;
      if (gauge.queued > 0 && gauge.queued + size > options_.answers_queued_bytes_max) {
        gauges_.erase(found);
        order.kind = Order::Kind::CloseSlow;
      } else {
        gauge.queued += size;
        order.frame = frame;
        last = gauge.queued >= limits::queue_low_water_bytes ? Sent::BackPressure : Sent::Ok;
        gauge.told = gauge.told || last == Sent::BackPressure;
      }
      orders_.push_back(std::move(order));
    }
    wake = wake && !orders_.empty();
  }
  if (wake) wake_up();
  return last;
}

std::size_t Hub::queued_bytes(std::uint64_t connection) const {
  const std::scoped_lock lock(mutex_);
  const auto found = gauges_.find(connection);
  return found == gauges_.end() ? 0 : found->second.queued;
}

void Hub::give(Order order) {
  bool wake = false;
  {
    const std::scoped_lock lock(mutex_);
    wake = orders_.empty();
    orders_.push_back(std::move(order));
  }
  if (wake) wake_up();
}

/// Weak, because what is posted after the stop is never run and must not keep the Hub.
void Hub::wake_up() {
  asio::post(context_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->take_orders();
  });
}

void Hub::take_orders() {
  std::vector<Order> orders;
  {
    const std::scoped_lock lock(mutex_);
    orders.swap(orders_);
  }
  for (Order& order : orders) obey(order);
  flush_soon();
}

void Hub::obey(Order& order) {
  if (order.kind == Order::Kind::Stop) return begin_stop(order.deadline_ms);
  const auto found = sockets_.find(order.connection);
  if (found == sockets_.end()) return;
  const std::shared_ptr<SocketSession> session = found->second;
  switch (order.kind) {
    case Order::Kind::Send:
      session->queue(std::move(order.frame));
      if (!std::exchange(session->dirty, true)) dirty_.push_back(session);
      return;
    case Order::Kind::Close:
      return session->close(order.code, order.reason, SocketSession::Waiting::Keep);
    case Order::Kind::CloseSlow:
      return session->close(static_cast<std::uint16_t>(Close::Slow), "more answers wait than this connection may hold",
                            SocketSession::Waiting::Drop);
    case Order::Kind::Welcomed:
      return session->welcomed();
    case Order::Kind::Pause:
      return session->hold();
    case Order::Kind::Resume:
      return session->release();
    case Order::Kind::Stop:
      return;
  }
}

/// A lone frame leaves at once; what comes within a tick after it leaves together at the tick's end. The tick is as long as its
/// send calls are dear: few sockets, to which commands are answered, are not kept waiting as a thousand boards are.
void Hub::flush_soon() {
  if (dirty_.empty() || flush_armed_) return;
  const auto sockets = static_cast<std::int64_t>(dirty_.size());
  const auto due = last_flush_ + std::chrono::microseconds(std::min(limits::write_tick_us, sockets * tick_us_per_socket));
  if (SteadyTime::now() >= due) return flush_dirty();
  flush_armed_ = true;
  flush_timer_.expires_at(due);
  flush_timer_.async_wait([self = shared_from_this()](error_code) {
    self->flush_armed_ = false;
    self->flush_dirty();
  });
}

void Hub::flush_dirty() {
  const auto sessions = std::exchange(dirty_, {});
  for (const auto& session : sessions) {
    session->dirty = false;
    session->flush();
  }
  last_flush_ = SteadyTime::now();
}

// --- from sessions --------------------------------------------------------------------------------------------------

void Hub::upgrade(std::uint64_t id, const std::shared_ptr<SocketSession>& session) {
  sessions_[id] = session;
  if (stopping_) session->ask_to_end();
}

void Hub::opened(std::uint64_t id, const std::shared_ptr<SocketSession>& session) {
  sockets_[id] = session;
  const std::scoped_lock lock(mutex_);
  gauges_.try_emplace(id);
}

void Hub::refuse_more(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  gauges_.erase(id);
}

void Hub::written(std::uint64_t id, std::size_t payload_bytes) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = gauges_.find(id);
    if (found == gauges_.end()) return;
    Gauge& gauge = found->second;
    gauge.queued -= std::min(gauge.queued, payload_bytes);
    if (!gauge.told || gauge.queued >= limits::queue_low_water_bytes) return;
    gauge.told = false;
  }
  handler_.writable(id);
}

void Hub::ended(std::uint64_t id) {
  refuse_more(id);
  sockets_.erase(id);
  sessions_.erase(id);
  finish_if_empty();
}

// --- accepting ------------------------------------------------------------------------------------------------------

Awaitable<void> Hub::accept_all(std::shared_ptr<Hub> self) {
  while (!self->stopping_) {
    Socket socket(context_.get_executor());
    auto [error] = co_await acceptor_.async_accept(socket, as_value);
    if (stopping_ || error == asio::error::operation_aborted) co_return;
    if (!error) {
      take_socket(std::move(socket));
      continue;
    }
    if (!relieve(error)) continue;
    accept_timer_.expires_after(std::chrono::milliseconds(limits::accept_pause_ms));
    co_await accept_timer_.async_wait(as_value);
  }
}

/// Out of descriptors a connection can be neither taken nor refused: the reserve is spent on closing one, so that its
/// client hears it at once. Returns true when accepting should pause.
bool Hub::relieve(const error_code& error) {
  if (!out_of_descriptors(error)) return false;  // a client that left before it was accepted, for example
  if (const std::int64_t now = steady_ms(); now - accept_complained_ms_ >= complaint_ms) {
    accept_complained_ms_ = now;
    log("connections cannot be accepted: " + words(error) + "; raise the limit of open files");
  }
  if (reserve_descriptor_ >= 0) {
    ::close(reserve_descriptor_);
    const int refused = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (refused >= 0) ::close(refused);
  }
  reserve_descriptor_ = open_reserve();
  return true;
}

void Hub::take_socket(Socket socket) {
  if (sessions_.size() >= options_.connections_max + limits::refusals_at_once_max) return;  // closed, without words
  tune(socket, options_.deadlines);
  const auto admission =
      sessions_.size() >= options_.connections_max ? HttpSession::Admission::TooMany : HttpSession::Admission::Served;
  const std::uint64_t id = ++last_id_;
  const auto session = std::make_shared<HttpSession>(shared_from_this(), id, std::move(socket), admission);
  sessions_.emplace(id, session);
  asio::co_spawn(context_, HttpSession::run(session), asio::detached);
}

// --- time -----------------------------------------------------------------------------------------------------------

Awaitable<void> Hub::sweep_always(std::shared_ptr<Hub> self) {
  while (!self->finished_) {
    sweep_timer_.expires_after(sweep_interval(options_.deadlines, stopping_));
    co_await sweep_timer_.async_wait(as_value);
    const std::int64_t now = steady_ms();
    std::vector<std::shared_ptr<Session>> sessions;  // a session may leave the map while it is looked at
    sessions.reserve(sessions_.size());
    for (const auto& [id, session] : sessions_) sessions.push_back(session);
    for (const auto& session : sessions) {
      if (stopping_ && now >= stop_at_ms_)
        session->cut();
      else
        session->sweep(now);
    }
  }
}

Awaitable<void> Hub::tick_always(std::shared_ptr<Hub> self) {
  auto next = SteadyTime::now();
  while (!self->finished_) {
    next = std::max(next + std::chrono::milliseconds(options_.tick_ms), SteadyTime::now());
    tick_timer_.expires_at(next);
    co_await tick_timer_.async_wait(as_value);
    const std::int64_t now = now_us();
    for (int turn = 0; turn < turns_before_tick && anything_unread(); ++turn)
      co_await asio::post(context_.get_executor(), as_value);
    if (finished_) co_return;
    told_us_ = std::max(told_us_, now);
    handler_.tick(now);
  }
}

bool Hub::anything_unread() const {
  return std::ranges::any_of(sockets_, [](const auto& one) { return one.second->has_unread(); });
}

// --- the end --------------------------------------------------------------------------------------------------------

void Hub::begin_stop(std::int64_t deadline_ms) {
  if (stopping_) return;
  stopping_ = true;
  stop_at_ms_ = steady_ms() + deadline_ms;
  error_code ignored;
  acceptor_.close(ignored);
  accept_timer_.cancel();
  sweep_timer_.cancel();
  const auto sessions = sessions_;  // a session may leave the map while it is asked
  for (const auto& [id, session] : sessions) session->ask_to_end();
  finish_if_empty();
}

void Hub::finish_if_empty() {
  if (!stopping_ || finished_ || !sessions_.empty()) return;
  finished_ = true;
  sweep_timer_.cancel();
  tick_timer_.cancel();
  flush_timer_.cancel();
  work_.reset();
}

}  // namespace kvali::net
