#include "server/net/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kvali::net {
namespace {

constexpr std::string_view socket_target = "/v1/socket";

/// A header that says who somebody is, where a message ends or what it becomes: two of it are two opinions.
constexpr std::array<std::string_view, 16> single_headers = {"authorization",
                                                             "content-length",
                                                             "content-type",
                                                             "cookie",
                                                             "expect",
                                                             "host",
                                                             "if-match",
                                                             "if-none-match",
                                                             "if-range",
                                                             "origin",
                                                             "range",
                                                             "sec-websocket-key",
                                                             "sec-websocket-version",
                                                             "transfer-encoding",
                                                             "upgrade",
                                                             "content-encoding"};

bool is_token_char(unsigned char c) {
  if (c >= '0' && c <= '9') return true;
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Calls `use` with each element of a comma-separated list until it answers true.
template <class Use>
bool any_element(std::string_view list, const Use& use) {
  while (true) {
    const auto comma = list.find(',');
    if (use(trim(list.substr(0, comma)))) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

/// What was found, fit for a sentence: short, and nothing in it but printable ASCII.
std::string shown(std::string_view text) {
  std::string out = "“";
  for (const char c : text.substr(0, 40)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + (text.size() > 40 ? "…”" : "”");
}

tl::unexpected<Refusal> refuse(int status, std::string sentence, Headers headers = {}) {
  return tl::unexpected<Refusal>(Refusal{status, std::move(sentence), std::move(headers)});
}

using Step = tl::expected<void, Refusal>;

Step read_request_line(std::string_view line, Head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return refuse(400, "the request line is " + shown(line) + "; expected METHOD TARGET HTTP/1.1");
  const std::string_view method = line.substr(0, first), target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method) || method.size() > 32)
    return refuse(400, "the method is " + shown(method) + "; expected a word such as GET");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool other = version.size() == 8 && version.starts_with("HTTP/");
    return refuse(other ? 505 : 400, "the version is " + shown(version) + "; expected HTTP/1.1");
  }
  if (method == "CONNECT" || method == "TRACE")
    return refuse(405, "the method " + std::string(method) + " is not served here");
  if (target.size() > limits::http_target_bytes_max)
    return refuse(
        414, fmt::format("the target has {} bytes; at most {} are read", target.size(), limits::http_target_bytes_max));
  const bool printable = std::ranges::all_of(target, [](char c) { return c > ' ' && c <= '~' && c != '#'; });
  if (!printable || !(target.starts_with('/') || (target == "*" && method == "OPTIONS")))
    return refuse(400, "the target is " + shown(target) + "; expected a path that begins with /");
  head.method = method;
  head.target = target;
  head.minor = version.back() - '0';
  return {};
}

Step add_header(std::string_view line, Head& head) {
  if (line.front() == ' ' || line.front() == '\t')
    return refuse(400, "a header continues on the next line (obs-fold); expected each header on one line");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return refuse(400, "a header line has no colon: " + shown(line));
  const std::string_view raw_name = line.substr(0, colon);
  if (!is_token(raw_name))
    return refuse(400, "a header's name is " + shown(raw_name) + "; expected a word directly before the colon");
  const std::string_view value = trim(line.substr(colon + 1));
  const std::string name = lower(raw_name);
  const bool clean = std::ranges::all_of(
      value, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f'); });
  if (!clean) return refuse(400, "the header " + name + " holds a control character");
  const auto known = std::ranges::find(head.headers, name, &Headers::value_type::first);
  if (known == head.headers.end()) {
    head.headers.emplace_back(name, value);
  } else if (std::ranges::find(single_headers, name) != single_headers.end()) {
    return refuse(400, "the header " + name + " is sent twice; expected once");
  } else {
    known->second.append(", ").append(value);
  }
  return {};
}

Step read_host(const Head& head) {
  const std::string_view host = head.header("host");
  if (host.empty()) return refuse(400, "there is no Host header, or it is empty; expected exactly one");
  // A name, an address or [an IPv6 address], and perhaps a port (RFC 3986 §3.2.2); no user, no list.
  const bool plain = std::ranges::all_of(host, [](char c) {
    return std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:[]").find(c) !=
           std::string_view::npos;
  });
  if (!plain) return refuse(400, "the Host is " + shown(host) + "; expected a name and perhaps a port");
  return {};
}

Step read_framing(Head& head, std::size_t body_bytes_max) {
  const bool has_length = !head.header("content-length").empty();
  const std::string_view encoding = head.header("transfer-encoding");
  for (const auto& [name, value] : head.headers) {
    if (value.empty() && (name == "content-length" || name == "transfer-encoding"))
      return refuse(400, "the header " + name + " is empty");
  }
  if (!encoding.empty()) {
    if (head.minor == 0) return refuse(400, "Transfer-Encoding is not part of HTTP/1.0");
    if (has_length) return refuse(400, "Content-Length and Transfer-Encoding are both sent; expected one of them");
    if (lower(encoding) != "chunked")
      return refuse(501, "the Transfer-Encoding is " + shown(encoding) + "; expected exactly chunked");
    head.chunked = true;
  }
  if (has_length) {
    const std::string_view digits = head.header("content-length");
    if (!is_digits(digits)) return refuse(400, "the Content-Length is " + shown(digits) + "; expected digits");
    std::uint64_t length = 0;
    for (const char c : digits.substr(0, std::min<std::size_t>(digits.size(), 19)))
      length = length * 10 + static_cast<std::uint64_t>(c - '0');
    if (digits.size() > 19 || length > body_bytes_max)
      return refuse(413,
                    fmt::format("the body has {} bytes; at most {} are read", digits.substr(0, 24), body_bytes_max));
    head.content_length = length;
  }
  return {};
}

Step read_connection(Head& head) {
  const std::string_view connection = head.header("connection");
  head.keep_alive = head.minor == 1 && !has_token(connection, "close");
  if (const std::string_view expect = head.header("expect"); !expect.empty()) {
    if (lower(expect) != "100-continue")
      return refuse(417, "the Expect header is " + shown(expect) + "; only 100-continue is met");
    head.expects_continue = head.minor == 1;
  }
  head.websocket = has_token(connection, "upgrade") && has_token(head.header("upgrade"), "websocket");
  return {};
}

/// "https://kvali.example:8443" → "kvali.example:8443"; empty when it is no such origin.
std::string_view host_of_origin(std::string_view origin) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  return {};
}

}  // namespace

std::string_view Head::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &Headers::value_type::first);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view Request::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &Headers::value_type::first);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

tl::expected<std::size_t, Refusal> end_of_head(std::string_view bytes, std::size_t searched) {
  if (!bytes.empty() && !is_token_char(static_cast<unsigned char>(bytes.front())))
    return refuse(400, "the request begins with neither a method nor a letter; expected METHOD TARGET HTTP/1.1");
  for (auto at = bytes.find('\n', searched); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (at == 0 || bytes[at - 1] != '\r') return refuse(400, "a line of the header ends in a bare LF; expected CR LF");
    if (at >= 3 && bytes[at - 2] == '\n') return at + 1;
  }
  if (bytes.size() > limits::http_header_bytes_max)
    return refuse(431, fmt::format("the header has more than {} bytes", limits::http_header_bytes_max));
  return 0;
}

tl::expected<Head, Refusal> read_head(std::string_view bytes, std::size_t body_bytes_max) {
  if (bytes.size() > limits::http_header_bytes_max)
    return refuse(
        431, fmt::format("the header has {} bytes; at most {} are read", bytes.size(), limits::http_header_bytes_max));
  Head head;
  std::size_t lines = 0;
  bytes.remove_suffix(std::min<std::size_t>(2, bytes.size()));  // the empty line; each line now ends in CR LF
  while (!bytes.empty()) {
    const auto end = bytes.find("\r\n");
    const std::string_view line = bytes.substr(0, end);
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
      return refuse(400, "a line of the header holds a bare CR, LF or NUL; expected lines ending in CR LF");
    if (line.empty()) return refuse(400, "the request begins with an empty line");
    const Step step = lines == 0 ? read_request_line(line, head) : add_header(line, head);
    if (!step) return tl::unexpected<Refusal>(step.error());
    if (++lines > limits::http_header_fields_max + 1)
      return refuse(431, fmt::format("the request has more than {} headers", limits::http_header_fields_max));
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 2);
  }
  if (lines == 0) return refuse(400, "the request is empty");
  if (Step step = read_host(head); !step) return tl::unexpected<Refusal>(step.error());
  if (Step step = read_framing(head, body_bytes_max); !step) return tl::unexpected<Refusal>(step.error());
  if (Step step = read_connection(head); !step) return tl::unexpected<Refusal>(step.error());
  return head;
}

tl::expected<Encoding, Refusal> admit_socket(const Head& head, const std::vector<std::string>& origins) {
  if (head.target != socket_target) return refuse(404, "websockets are served at /v1/socket");
  if (head.method != "GET" || head.minor != 1) return refuse(400, "a websocket is opened by GET and HTTP/1.1");
  if (head.chunked || head.content_length.value_or(0) > 0) return refuse(400, "a request for a websocket has no body");
  if (head.header("sec-websocket-version") != "13")
    return refuse(426, "the Sec-WebSocket-Version is " + shown(head.header("sec-websocket-version")) + "; expected 13",
                  {{"Sec-WebSocket-Version", "13"}});
  if (!is_websocket_key(head.header("sec-websocket-key")))
    return refuse(400, "the Sec-WebSocket-Key is not 16 bytes of base64");
  const std::string origin = lower(head.header("origin"));
  const bool own = !origin.empty() && host_of_origin(origin) == lower(head.header("host"));
  const auto allowed = [&](const std::string& one) { return lower(one) == origin; };
  if (!origin.empty() && !own && std::ranges::none_of(origins, allowed))
    return refuse(403, "pages of " + shown(origin) + " may not open a websocket here");
  std::optional<Encoding> chosen;
  const auto choose = [&](std::string_view name) {
    for (const Encoding encoding : {Encoding::Proto, Encoding::Json})
      if (name == subprotocol(encoding)) chosen = encoding;
    return chosen.has_value();
  };
  if (!any_element(head.header("sec-websocket-protocol"), choose))
    return refuse(400, "the Sec-WebSocket-Protocol is " + shown(head.header("sec-websocket-protocol")) +
                           "; expected kvali.v1.proto or kvali.v1.json");
  return *chosen;
}

std::string_view subprotocol(Encoding encoding) {
  return encoding == Encoding::Proto ? "kvali.v1.proto" : "kvali.v1.json";
}

bool is_websocket_key(std::string_view value) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (value.size() != 24 || !value.ends_with("==")) return false;
  value.remove_suffix(2);
  if (!std::ranges::all_of(value, [&](char c) { return alphabet.find(c) != std::string_view::npos; })) return false;
  return std::string_view("AQgw").find(value.back()) != std::string_view::npos;  // the last character carries two bits
}

bool has_token(std::string_view list, std::string_view token) {
  return any_element(list, [&](std::string_view element) { return lower(element) == token; });
}

}  // namespace kvali::net
