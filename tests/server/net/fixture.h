#pragma once
// A server that echoes, on a free port, for one test.
#include "tests/server/net/client.h"
#include "tests/server/net/echo.h"

namespace kvali::net {

struct Serving {
  explicit Serving(Options options = {}) {
    options.log = [this](std::string sentence) { echo.note([&] { echo.logged_.push_back(std::move(sentence)); }); };
    auto listening = Server::listen(std::move(options), echo);
    if (!listening) ADD_FAILURE() << listening.error().message;
    server = std::move(listening.value());
    echo.attach(*server);
  }
  ~Serving() { server->stop(0); }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  Client client(int receive_bytes = 0) const { return Client(server->port(), receive_bytes); }
  Client socket(std::string_view protocol = "kvali.v1.json", int receive_bytes = 0) const {
    Client client(server->port(), receive_bytes);
    EXPECT_EQ(client.open_socket(protocol).substr(0, 12), "HTTP/1.1 101");
    return client;
  }

  Echo echo;
  std::unique_ptr<Server> server;
};

}  // namespace kvali::net
