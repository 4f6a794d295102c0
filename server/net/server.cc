#include "server/net/server.h"

#include <pthread.h>
#include <signal.h>

#include <thread>

#include "server/net/hub.h"

namespace kvali::net {

struct Server::Running {
  std::shared_ptr<Hub> hub;
  std::thread thread;
};

Server::Server(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Result<std::unique_ptr<Server>> Server::listen(Options options, Handler& handler) {
  auto running = std::make_unique<Running>();
  running->hub = std::make_shared<Hub>(std::move(options), handler);
  if (auto opened = running->hub->open(); !opened) return fail(opened.error());
  // Signals belong to main: the new thread inherits a mask that blocks them all.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  running->thread = std::thread([hub = running->hub] { hub->run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return std::unique_ptr<Server>(new Server(std::move(running)));
}

Server::~Server() { stop(0); }

std::uint16_t Server::port() const { return running_->hub->port(); }

Sent Server::send(std::uint64_t connection, const std::shared_ptr<const std::string>& frame) {
  KVALI_CHECK(frame != nullptr);
  return running_->hub->send(std::span(&connection, 1), frame);
}

void Server::send(std::span<const std::uint64_t> connections, const std::shared_ptr<const std::string>& frame) {
  KVALI_CHECK(frame != nullptr);
  running_->hub->send(connections, frame);
}

std::size_t Server::queued_bytes(std::uint64_t connection) const { return running_->hub->queued_bytes(connection); }

void Server::close(std::uint64_t connection, std::uint16_t code, std::string reason) {
  Hub::Order order;
  order.kind = Hub::Order::Kind::Close;
  order.connection = connection;
  order.code = code;
  order.reason = std::move(reason);
  running_->hub->give(std::move(order));
}

namespace {
Hub::Order order_for(Hub::Order::Kind kind, std::uint64_t connection) {
  Hub::Order order;
  order.kind = kind;
  order.connection = connection;
  return order;
}
}  // namespace

void Server::welcomed(std::uint64_t connection) {
  running_->hub->give(order_for(Hub::Order::Kind::Welcomed, connection));
}
void Server::pause(std::uint64_t connection) { running_->hub->give(order_for(Hub::Order::Kind::Pause, connection)); }
void Server::resume(std::uint64_t connection) { running_->hub->give(order_for(Hub::Order::Kind::Resume, connection)); }

void Server::stop(std::int64_t deadline_ms) {
  if (!running_->thread.joinable()) return;
  Hub::Order order;
  order.kind = Hub::Order::Kind::Stop;
  order.deadline_ms = deadline_ms;
  running_->hub->give(std::move(order));
  running_->thread.join();
}

}  // namespace kvali::net
