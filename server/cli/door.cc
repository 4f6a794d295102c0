#include "server/cli/door.h"

#include <fmt/format.h>
#include <sodium.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "server/core/uuid.h"
#include "server/net/client.h"

namespace kvali::cli {

using nlohmann::json;

Result<Door> find_door(const std::string& data) {
  std::ifstream file(data + "/operator");
  Door door;
  int port = 0;
  if (!(file >> door.address >> port >> door.token))
    return fail(fmt::format("{}/operator: no server has served this folder yet, or it may not be read by you", data));
  door.port = static_cast<std::uint16_t>(port);
  return door;
}

Result<json> ask_token(const Door& door, const std::string& name, bool bearer) {
  auto answer = net::post(door.address, door.port, "/v1/token", door.token, json{{"as", name}, {"bearer", bearer}}.dump());
  if (!answer) return fail(answer.error());
  const json body = json::parse(answer->body, nullptr, false);
  if (answer->status != 200) return fail(body.is_object() ? body.value("error", answer->body) : answer->body);
  return body;
}

std::string fresh_key() {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::uint64_t random[2];
  randombytes_buf(random, sizeof random);
  return core::make_uuid_v7(now, random[0], random[1]);
}

/// One message over the socket as `person`: the answer to it, or an error.
Result<json> exchange(const Door& door, const std::string& person, json message) {
  auto bearer = ask_token(door, person, true);
  if (!bearer) return fail(bearer.error());
  auto client = net::WireClient::open(door.address, door.port);
  if (!client) return fail(client.error());
  const char* language = std::getenv("LANG");
  const json hello = {{"id", 1}, {"hello", {{"protocol", 1}, {"client", "kvali"}, {"bearer", (*bearer)["bearer"]},
                                            {"locale", language ? std::string(language).substr(0, 2) : "en"}}}};
  message["id"] = 2;
  if (auto sent = client->send(json{{"messages", {hello, message}}}.dump()); !sent) return fail(sent.error());
  while (true) {
    auto received = client->receive();
    if (!received) return fail(received.error());
    for (const json& one : json::parse(*received, nullptr, false).value("messages", json::array()))
      if (one.value("id", 0) == 2) return one;
  }
}

}  // namespace kvali::cli
