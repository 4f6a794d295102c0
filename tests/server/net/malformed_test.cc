// One row per request that must not be served, said over a real socket: whoever finds a new one adds a row.
#include <gmock/gmock.h>

#include "tests/server/net/fixture.h"

namespace kvali::net {
namespace {

using testing::HasSubstr;

struct Row {
  const char* what;
  std::string request;
  int status;
  const char* words;  // a part of the sentence that is answered
};

std::string get(const std::string& headers) { return "GET / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n"; }
std::string post(const std::string& headers, const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
}
std::string chunked(const std::string& body) { return post("Transfer-Encoding: chunked\r\n", body); }
/// A request for a websocket with one header replaced by `instead`.
std::string upgrade(const std::string& name, const std::string& instead, const std::string& first = "GET /v1/socket") {
  std::string out = first + " HTTP/1.1\r\n";
  for (const std::string line :
       {"Host: localhost", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: kvali.v1.json"})
    out += line.starts_with(name + ":") ? instead : line + "\r\n";
  return out + "\r\n";
}
std::string repeated(const std::string& text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method"},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "begins"},
      {"TLS on a plain port", std::string("\x16\x03\x01\x02\x00\x01", 6), 400, "begins"},
      {"one word", "GET\r\n\r\n", 400, "METHOD TARGET"},
      {"two words", "GET /\r\n\r\n", 400, "METHOD TARGET"},
      {"a method with a bracket", "G[T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method"},
      {"a long method", std::string(40, 'G') + " / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method"},
      {"a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"},
      {"a target without a slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"},
      {"an absolute target", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"},
      {"a fragment in the target", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"},
      {"a byte over 127 in the target", "GET /\xc4 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"},
      {"a NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28), 400, "NUL"},
      {"a star without OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"},
      {"a long target", "GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "at most"},
      {"CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "CONNECT"},
      {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "TRACE"},
      {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.1"},
      {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505, "HTTP/1.1"},
      {"a lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "version"},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "Host"},
      {"no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 400, "Host"},
      {"an empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, "Host"},
      {"a doubled Host", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400, "twice"},
      {"a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, "Host"},
      {"a list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, "Host"},
      {"obs-fold", get("X: a\r\n b\r\n"), 400, "obs-fold"},
      {"obs-fold with a tab", get("X: a\r\n\tb\r\n"), 400, "obs-fold"},
      {"a fold before any header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "obs-fold"},
      {"a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "colon"},
      {"a header without a name", get(": a\r\n"), 400, "name"},
      {"a header without a colon", get("X\r\n"), 400, "no colon"},
      {"a bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400, "bare"},
      {"a bare LF in a header", get("X: a\nY: b\r\n"), 400, "bare"},
      {"a bare CR in a header", get("X: a\rY: b\r\n"), 400, "bare"},
      {"a NUL in a header", get(std::string("X: a\0b\r\n", 8)), 400, "NUL"},
      {"an escape in a header", get("X: \x1b[2J\r\n"), 400, "control"},
      {"too many headers", get(repeated("X: a\r\n", 101)), 431, "more than 100"},
      {"a header that is too large", get("X: " + std::string(17'000, 'a') + "\r\n"), 431, "bytes"},
      {"a header without end", "GET / HTTP/1.1\r\nX: " + std::string(30'000, 'a'), 431, "bytes"},
      {"a doubled Cookie", get("Cookie: a\r\nCookie: b\r\n"), 400, "twice"},
      {"a doubled Authorization", get("Authorization: a\r\nAuthorization: b\r\n"), 400, "twice"},
      {"a doubled Origin", get("Origin: a\r\nOrigin: a\r\n"), 400, "twice"},
      {"a doubled Content-Length", post("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400, "twice"},
      {"a list of lengths", post("Content-Length: 1, 1\r\n", "a"), 400, "digits"},
      {"a signed length", post("Content-Length: +1\r\n", "a"), 400, "digits"},
      {"a negative length", post("Content-Length: -1\r\n", "a"), 400, "digits"},
      {"a hexadecimal length", post("Content-Length: 0x1\r\n", "a"), 400, "digits"},
      {"an empty length", post("Content-Length:\r\n", ""), 400, "empty"},
      {"a length that is too large", post("Content-Length: 1048577\r\n", ""), 413, "at most"},
      {"a length that overflows", post("Content-Length: 18446744073709551617\r\n", ""), 413, "at most"},
      {"length and encoding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, "both"},
      {"encoding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400, "both"},
      {"an encoding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
       "HTTP/1.0"},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, "exactly chunked"},
      {"chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501, "exactly chunked"},
      {"two encodings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"), 400,
       "twice"},
      {"xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501, "exactly chunked"},
      {"a quoted encoding", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501, "exactly chunked"},
      {"chunked with a vertical tab", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"), 400, "control"},
      {"an empty encoding", post("Transfer-Encoding:\r\n", ""), 400, "empty"},
      {"a chunk size that is no number", chunked("zz\r\n"), 400, "cannot be read"},
      {"a chunk size with a sign", chunked("+1\r\na\r\n0\r\n\r\n"), 400, "cannot be read"},
      {"a chunk size that overflows", chunked("fffffffffffffffff\r\n"), 400, "cannot be read"},
      {"a chunk longer than said", chunked("1\r\nab\r\n0\r\n\r\n"), 400, "cannot be read"},
      {"a chunk over the limit", chunked("100001\r\n"), 413, "more than"},
      {"chunks over the limit together", chunked(repeated("10000\r\n" + std::string(65'536, 'a') + "\r\n", 17)), 413,
       "more than"},
      {"a large chunk extension", chunked("1;" + std::string(21'000, 'x') + "\r\na\r\n0\r\n\r\n"), 400, "extensions"},
      {"a chunk extension without end", chunked("1;" + std::string(60'000, 'x')), 400, "extensions"},
      {"large extensions together", chunked(repeated("1;" + std::string(500, 'x') + "\r\na\r\n", 50)), 400,
       "extensions"},
      {"another expectation", get("Expect: tea\r\n"), 417, "100-continue"},
      {"a websocket elsewhere", upgrade("", "", "GET /elsewhere"), 404, "/v1/socket"},
      {"a websocket with a query", upgrade("", "", "GET /v1/socket?token=a"), 404, "/v1/socket"},
      {"a websocket by POST", upgrade("", "", "POST /v1/socket"), 400, "GET"},
      {"the socket without upgrade", upgrade("Upgrade", ""), 426, "websocket"},
      {"the socket without Connection", upgrade("Connection", ""), 426, "websocket"},
      {"an old websocket version", upgrade("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8\r\n"), 426, "13"},
      {"no websocket version", upgrade("Sec-WebSocket-Version", ""), 426, "13"},
      {"no key", upgrade("Sec-WebSocket-Key", ""), 400, "16 bytes"},
      {"a short key", upgrade("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n"), 400, "16 bytes"},
      {"a long key", upgrade("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + std::string(200, 'A') + "\r\n"), 400,
       "16 bytes"},
      {"a key that is no base64", upgrade("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbX!sZSBub25jZQ==\r\n"), 400,
       "16 bytes"},
      {"two keys", upgrade("Sec-WebSocket-Key", repeated("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 2)), 400,
       "twice"},
      {"no subprotocol", upgrade("Sec-WebSocket-Protocol", ""), 400, "kvali.v1.proto"},
      {"another subprotocol", upgrade("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: chat\r\n"), 400,
       "kvali.v1.proto"},
      {"a foreign origin", upgrade("Upgrade", "Upgrade: websocket\r\nOrigin: https://evil.example\r\n"), 403,
       "may not"},
      {"the origin null", upgrade("Upgrade", "Upgrade: websocket\r\nOrigin: null\r\n"), 403, "may not"},
      {"a websocket with a body", upgrade("Upgrade", "Upgrade: websocket\r\nContent-Length: 1\r\n") + "a", 400, "body"},
      {"frames before the answer", upgrade("", "") + Client::frame(0x81, "early"), 400, "before"},
  };
  return table;
}

TEST(Malformed, EachRequestIsAnsweredInWordsAndTheConnectionCloses) {
  const Serving serving;
  for (const Row& row : rows()) {
    Client client = serving.client();
    client.write(row.request);
    const std::string answer = client.read_all();  // until the server closes
    EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 " + std::to_string(row.status) + " ")) << row.what;
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n")) << row.what;
    const auto body = answer.find("\r\n\r\n");
    ASSERT_NE(body, std::string::npos) << row.what;
    EXPECT_THAT(answer.substr(body), HasSubstr(row.words)) << row.what;
  }
  EXPECT_GE(rows().size(), 80u);
}

TEST(Malformed, NoneOfThemReachesTheHandler) {
  Serving serving;
  for (const Row& row : rows()) {
    Client client = serving.client();
    client.write(row.request);
    client.read_all();
  }
  EXPECT_TRUE(serving.echo.look([&] { return serving.echo.stamps_.empty() && serving.echo.peers_.empty(); }));
}

}  // namespace
}  // namespace kvali::net
