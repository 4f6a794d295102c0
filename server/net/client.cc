#include "server/net/client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/format.h>

#include <chrono>

namespace kvali::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;

constexpr auto request_timeout = std::chrono::seconds(10);

/// Runs what was started until it is done; the stream's own deadline ends it if need be.
void finish(asio::io_context& io) {
  io.restart();
  io.run();
}

beast::error_code connect(asio::io_context& io, beast::tcp_stream& stream, const std::string& address, std::uint16_t port) {
  beast::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return error;
  stream.expires_after(request_timeout);
  stream.async_connect(tcp::endpoint(ip, port), [&](beast::error_code ec) { error = ec; });
  finish(io);
  return error;
}

Result<Answer> ask(const std::string& address, std::uint16_t port, const http::request<http::string_body>& request) {
  asio::io_context io;
  beast::tcp_stream stream(io);
  if (const auto error = connect(io, stream, address, port))
    return fail(fmt::format("nobody answers at {}:{}: {}; is the server running?", address, port, error.message()));
  beast::error_code error;
  stream.expires_after(request_timeout);
  http::async_write(stream, request, [&](beast::error_code ec, std::size_t) { error = ec; });
  finish(io);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  if (!error) {
    http::async_read(stream, buffer, response, [&](beast::error_code ec, std::size_t) { error = ec; });
    finish(io);
  }
  if (error) return fail(fmt::format("{}:{}: {}", address, port, error.message()));
  // Beast moves messages only while it parses them; the analyzer takes it for this one.
  return Answer{static_cast<int>(response.result_int()), response.body()};  // NOLINT(clang-analyzer-cplusplus.Move)
}

http::request<http::string_body> request_for(http::verb verb, const std::string& address, std::uint16_t port, const std::string& path) {
  http::request<http::string_body> request(verb, path, 11);
  request.set(http::field::host, fmt::format("{}:{}", address, port));
  request.set(http::field::connection, "close");
  return request;
}

}  // namespace

struct WireClient::Socket {
  asio::io_context io;
  websocket::stream<beast::tcp_stream> stream{io};
  beast::flat_buffer buffer;
};

WireClient::WireClient(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}
WireClient::WireClient(WireClient&&) noexcept = default;
WireClient& WireClient::operator=(WireClient&&) noexcept = default;
WireClient::~WireClient() = default;

Result<WireClient> WireClient::open(const std::string& address, std::uint16_t port) {
  auto socket = std::make_unique<Socket>();
  if (const auto error = connect(socket->io, beast::get_lowest_layer(socket->stream), address, port))
    return fail(fmt::format("nobody answers at {}:{}: {}; is the server running?", address, port, error.message()));
  beast::get_lowest_layer(socket->stream).expires_never();
  socket->stream.set_option(websocket::stream_base::decorator(
      [](websocket::request_type& request) { request.set(http::field::sec_websocket_protocol, "kvali.v1.json"); }));
  socket->stream.read_message_max(16 * 1024 * 1024);
  beast::error_code error;
  socket->stream.async_handshake(fmt::format("{}:{}", address, port), "/v1/socket", [&](beast::error_code ec) { error = ec; });
  finish(socket->io);
  if (error) return fail(fmt::format("{}:{} does not speak kvali.v1.json: {}", address, port, error.message()));
  return WireClient(std::move(socket));
}

Result<void> WireClient::send(const std::string& text) {
  beast::error_code error;
  socket_->stream.text(true);
  socket_->stream.async_write(asio::buffer(text), [&](beast::error_code ec, std::size_t) { error = ec; });
  finish(socket_->io);
  if (error) return fail("the connection ended while sending: " + error.message());
  return {};
}

Result<std::string> WireClient::receive(std::int64_t timeout_ms) {
  beast::error_code error = asio::error::timed_out;
  beast::get_lowest_layer(socket_->stream).expires_after(std::chrono::milliseconds(timeout_ms));
  socket_->stream.async_read(socket_->buffer, [&](beast::error_code ec, std::size_t) { error = ec; });
  finish(socket_->io);
  beast::get_lowest_layer(socket_->stream).expires_never();
  if (error == websocket::error::closed)
    return fail(fmt::format("the server closed the connection: {} {}", static_cast<int>(socket_->stream.reason().code),
                            std::string(socket_->stream.reason().reason.c_str())));
  if (error) return fail("no answer: " + error.message());
  std::string text = beast::buffers_to_string(socket_->buffer.data());
  socket_->buffer.consume(socket_->buffer.size());
  return text;
}

Result<Answer> post(const std::string& address, std::uint16_t port, const std::string& path, const std::string& bearer,
                    const std::string& body) {
  auto request = request_for(http::verb::post, address, port, path);
  request.set(http::field::content_type, "application/json");
  if (!bearer.empty()) request.set(http::field::authorization, "Bearer " + bearer);
  request.body() = body;
  request.prepare_payload();
  return ask(address, port, request);
}

Result<Answer> get(const std::string& address, std::uint16_t port, const std::string& path) {
  return ask(address, port, request_for(http::verb::get, address, port, path));
}

}  // namespace kvali::net
