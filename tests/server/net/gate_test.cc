#include "server/net/gate.h"

#include <gmock/gmock.h>

#include <random>

namespace kvali::net {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

constexpr std::size_t body_bytes_max = 1024;

const std::string upgrade_head =
    "GET /v1/socket HTTP/1.1\r\nHost: kvali.example\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

tl::expected<Encoding, Refusal> admit(const std::string& more, const std::vector<std::string>& origins = {}) {
  const auto head = read_head(upgrade_head + more + "\r\n", body_bytes_max);
  if (!head) return tl::unexpected<Refusal>(head.error());
  return admit_socket(*head, origins);
}

TEST(Gate, ReadsAnOrdinaryHead) {
  const auto head = read_head(
      "POST /v1/session?x=1 HTTP/1.1\r\nHOST: kvali.example:8443\r\nAccept: a\r\naccept:  b \r\nContent-Length: 12\r\n"
      "Expect: 100-Continue\r\n\r\n",
      body_bytes_max);
  ASSERT_TRUE(head) << head.error().sentence;
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->target, "/v1/session?x=1");
  EXPECT_EQ(head->header("host"), "kvali.example:8443");
  EXPECT_EQ(head->header("accept"), "a, b");
  EXPECT_EQ(head->content_length, 12u);
  EXPECT_TRUE(head->keep_alive);
  EXPECT_TRUE(head->expects_continue);
  EXPECT_FALSE(head->chunked);
  EXPECT_FALSE(head->websocket);
}

TEST(Gate, ClosesAfterHttp10AndAfterConnectionClose) {
  EXPECT_FALSE(read_head("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 0)->keep_alive);
  EXPECT_FALSE(read_head("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n", 0)->keep_alive);
}

TEST(Gate, FindsTheEndOfAHeadHoweverItArrives) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nnext";
  std::size_t searched = 0;
  for (std::size_t size = 0; size < bytes.size() - 4; ++size) {
    ASSERT_EQ(end_of_head(bytes.substr(0, size), searched), 0u) << size;
    searched = size;
  }
  EXPECT_EQ(end_of_head(bytes, searched), bytes.size() - 4);
  EXPECT_EQ(end_of_head(bytes, 0), bytes.size() - 4);
}

TEST(Gate, RefusesAtOnceWhatCannotBecomeAHead) {
  EXPECT_EQ(end_of_head("\x16\x03\x01", 0).error().status, 400);  // TLS on a plain port
  EXPECT_EQ(end_of_head("\r\n", 0).error().status, 400);
  EXPECT_EQ(end_of_head("GET / HTTP/1.1\n", 0).error().status, 400);
  EXPECT_EQ(end_of_head(std::string(limits::http_header_bytes_max + 1, 'a'), 0).error().status, 431);
}

TEST(Gate, KnowsTheCanonicalWebsocketKeyOnly) {
  EXPECT_TRUE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_TRUE(is_websocket_key("AAAAAAAAAAAAAAAAAAAAAA=="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZR=="));  // bits that belong to no byte
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25j"));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ== "));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZS-ub25jZQ=="));
  EXPECT_FALSE(is_websocket_key(""));
}

TEST(Gate, ChoosesTheFirstSubprotocolItKnows) {
  EXPECT_EQ(admit("Sec-WebSocket-Protocol: kvali.v1.proto\r\n"), Encoding::Proto);
  EXPECT_EQ(admit("Sec-WebSocket-Protocol: other, kvali.v1.json ,kvali.v1.proto\r\n"), Encoding::Json);
  EXPECT_EQ(admit("Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: kvali.v1.proto\r\n"), Encoding::Proto);
  EXPECT_THAT(admit("Sec-WebSocket-Protocol: kvali.v2.proto\r\n").error().sentence, HasSubstr("kvali.v1.json"));
  EXPECT_EQ(admit("").error().status, 400);
}

TEST(Gate, LetsInOwnAndListedOriginsAndClientsWithoutOne) {
  const std::string protocol = "Sec-WebSocket-Protocol: kvali.v1.proto\r\n";
  const std::vector<std::string> origins = {"https://app.example", "http://localhost:5173"};
  for (const char* good : {"", "Origin: https://kvali.example\r\n", "Origin: http://KVALI.example\r\n",
                           "Origin: https://app.example\r\n", "Origin: http://localhost:5173\r\n"})
    EXPECT_TRUE(admit(protocol + good, origins)) << good;
  for (const char* foreign :
       {"https://evil.example", "https://app.example:444", "http://app.example", "https://app.example.evil.example",
        "https://evilapp.example", "https://app.example/", "https://kvali.example.evil.example",
        "https://kvali.example:1", "null", "file://", "https://", "http://localhost",
        "https://app.example https://kvali.example", "kvali.example"})
    EXPECT_EQ(admit(protocol + "Origin: " + foreign + "\r\n", origins).error().status, 403) << foreign;
}

TEST(Gate, ServesWebsocketsAtOnePlace) {
  auto head = read_head(upgrade_head + "\r\n", body_bytes_max).value();
  head.target = "/v1/socket?token=1";
  EXPECT_EQ(admit_socket(head, {}).error().status, 404);
  head.target = "/v1/socket";
  for (auto& [name, value] : head.headers)
    if (name == "sec-websocket-version") value = "8";
  const auto refusal = admit_socket(head, {}).error();
  EXPECT_EQ(refusal.status, 426);
  EXPECT_THAT(refusal.headers, Contains(Pair("Sec-WebSocket-Version", "13")));
}

// What the gate lets through is unambiguous, whatever it was made from.
TEST(Gate, LetsNoAmbiguousHeadThroughAmongManyMutations) {
  const std::string seed_head = upgrade_head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nCookie: a\r\n\r\n";
  std::mt19937 random(20'170'401);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  std::size_t passed = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = seed_head;
    const auto lines = pick(4);
    for (std::size_t i = 0; i < lines; ++i) {  // drop or double a line
      const auto at = bytes.find("\r\n", pick(bytes.size()));
      if (at == std::string::npos || at + 4 >= bytes.size()) continue;
      const auto end = bytes.find("\r\n", at + 2);
      if (pick(2) == 0)
        bytes.erase(at, end - at);
      else
        bytes.insert(at, bytes.substr(at, end - at));
    }
    for (auto flips = pick(3); flips > 0; --flips) bytes[pick(bytes.size())] = static_cast<char>(pick(256));
    const auto end = end_of_head(bytes, 0);
    if (!end || *end == 0) continue;
    const auto head = read_head(std::string_view(bytes).substr(0, *end), body_bytes_max);
    if (!head) {
      ASSERT_GE(head.error().status, 400);
      ASSERT_FALSE(head.error().sentence.empty());
      continue;
    }
    ++passed;
    ASSERT_FALSE(head->header("host").empty());
    ASSERT_FALSE(head->chunked && head->content_length);
    for (const auto& [name, value] : head->headers)
      ASSERT_EQ(value.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos) << name;
  }
  EXPECT_GT(passed, 100u);
}

}  // namespace
}  // namespace kvali::net
