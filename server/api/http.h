#pragma once
// Plain HTTP beside the socket: the web application, signing in, health, the proto files. No sockets here; core thread only.
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/access/sessions.h"
#include "server/core/core.h"

namespace kvali::api {

struct HttpRequest {
  std::string method, target, body;
  std::string host, origin, cookie, authorization, content_type, if_none_match, accept_encoding;
  bool secure = false;  // came over TLS
  std::int64_t now_us = 0;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// A file of the web application: its bytes live as long as the server.
struct WebFile {
  std::string_view bytes;
  std::string_view gzip;  // the same, compressed; empty: not kept so
  std::string content_type;
  std::string etag;       // strong, in its quotes; empty: not known
};

/// The answer that carries `file`, compressed for who takes gzip; 304 for who has these very bytes (RFC 9110, 12.5.3 and
/// 13.1.2). Names of files do not change with their content, so a reader asks each time whether hers is still good.
HttpResponse file_answer(const WebFile& file, const HttpRequest& request);

struct HttpOptions {
  core::Core& core;
  access::Sessions& sessions;
  /// The file at a path ("/", "/assets/index.js"); nothing when there is none.
  std::function<std::optional<WebFile>(const std::string& path)> web;
  /// The proto files, for GET /v1/schema.
  std::string schema;
  /// Figures for GET /metrics, in Prometheus' text form.
  std::function<std::string()> metrics;
  /// A sentence when the server cannot serve everything; empty when it can.
  std::function<std::string()> trouble;
  /// Somebody confirms that the clock is right after it jumped.
  std::function<void()> confirm_clock;
};

class Http {
 public:
  explicit Http(HttpOptions options) : options_(std::move(options)) {}
  HttpResponse answer(const HttpRequest& request);

 private:
  HttpResponse open_session(const HttpRequest& request);
  HttpResponse end_session(const HttpRequest& request);
  HttpResponse make_ticket(const HttpRequest& request);
  HttpResponse make_token(const HttpRequest& request);
  HttpResponse confirm_clock(const HttpRequest& request);
  HttpResponse web(const HttpRequest& request, const std::string& path);
  std::optional<std::string> person_called(const std::string& name) const;

  HttpOptions options_;
};

}  // namespace kvali::api
