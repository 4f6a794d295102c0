#include "server/api/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/core/seal.h"

namespace kvali::api {
namespace {

using nlohmann::json;

HttpResponse sentence(int status, const std::string& text) {
  return {status, "application/json", json{{"error", text}}.dump(), {}};
}

HttpResponse object(const json& value) { return {200, "application/json", value.dump(), {}}; }

std::string cookie_name(bool secure) { return secure ? "__Host-kvali" : "kvali"; }

std::string cookie_of(const HttpRequest& request) {
  const std::string name = cookie_name(request.secure) + "=";
  std::size_t at = 0;
  while (at < request.cookie.size()) {
    std::size_t end = request.cookie.find(';', at);
    if (end == std::string::npos) end = request.cookie.size();
    const std::size_t from = request.cookie.find_first_not_of(' ', at);
    if (from != std::string::npos && request.cookie.compare(from, name.size(), name) == 0)
      return request.cookie.substr(from + name.size(), end - from - name.size());
    at = end + 1;
  }
  return {};
}

std::string set_cookie(const HttpRequest& request, const std::string& value, std::int64_t max_age_s) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", cookie_name(request.secure), value, max_age_s,
                     request.secure ? "; Secure" : "");
}

/// A page of this server, or no page at all: what changes something must come from nowhere else.
bool own_page(const HttpRequest& request) {
  if (request.origin.empty()) return true;
  const std::size_t scheme = request.origin.find("://");
  return scheme != std::string::npos && request.origin.substr(scheme + 3) == request.host;
}

std::string bearer_of(const HttpRequest& request) {
  constexpr std::string_view scheme = "Bearer ";
  return request.authorization.starts_with(scheme) ? request.authorization.substr(scheme.size()) : std::string();
}

constexpr std::int64_t session_seconds = 30LL * 24 * 3600;

/// Headers of every answer: nothing is framed, sniffed, or loaded from elsewhere.
void harden(HttpResponse& response) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                                "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

}  // namespace

HttpResponse Http::answer(const HttpRequest& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const bool reads = request.method == "GET" || request.method == "HEAD";
  HttpResponse response;
  if (!reads && !own_page(request)) {
    response = sentence(403, "This request came from another site");
  } else if (path == "/v1/session" && request.method == "POST") {
    response = open_session(request);
  } else if (path == "/v1/session" && request.method == "DELETE") {
    response = end_session(request);
  } else if (path == "/v1/ticket" && request.method == "POST") {
    response = make_ticket(request);
  } else if (path == "/v1/token" && request.method == "POST") {
    response = make_token(request);
  } else if (path == "/v1/clock" && request.method == "POST") {
    response = confirm_clock(request);
  } else if (path == "/livez" && reads) {
    response = {200, "text/plain; charset=utf-8", "alive\n", {}};
  } else if (path == "/readyz" && reads) {
    const std::string trouble = options_.trouble ? options_.trouble() : std::string();
    response = {trouble.empty() ? 200 : 503, "text/plain; charset=utf-8", (trouble.empty() ? "ready" : trouble) + "\n", {}};
  } else if (path == "/metrics" && reads) {
    response = {200, "text/plain; version=0.0.4; charset=utf-8", options_.metrics ? options_.metrics() : std::string(), {}};
  } else if (path == "/v1/schema" && reads) {
    response = {200, "text/plain; charset=utf-8", options_.schema, {}};
  } else if (reads && !path.starts_with("/v1/")) {
    response = web(request, path);
  } else {
    response = sentence(404, fmt::format("There is nothing at {} {}", request.method, path));
  }
  harden(response);
  return response;
}

HttpResponse Http::open_session(const HttpRequest& request) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("token") || !body["token"].is_string())
    return sentence(400, "Expected {\"token\": \"…\"} as the link carries it");
  const auto person = options_.sessions.take(access::Purpose::Link, body["token"].get<std::string>(), request.now_us);
  if (!person) return sentence(401, "This link was used before or is over; ask for a new one");
  HttpResponse response = object({{"person", *person}});
  const std::string session = options_.sessions.make(access::Purpose::Session, *person, request.now_us);
  response.headers.emplace_back("Set-Cookie", set_cookie(request, session, session_seconds));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HttpResponse Http::end_session(const HttpRequest& request) {
  options_.sessions.end(cookie_of(request), request.now_us);
  HttpResponse response = object({{"ended", true}});
  response.headers.emplace_back("Set-Cookie", set_cookie(request, "", 0));
  return response;
}

HttpResponse Http::make_ticket(const HttpRequest& request) {
  const auto person = options_.sessions.take(access::Purpose::Session, cookie_of(request), request.now_us);
  if (!person) return sentence(401, "Sign in with your link first");
  HttpResponse response = object({{"ticket", options_.sessions.make(access::Purpose::Ticket, *person, request.now_us)}});
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

std::optional<std::string> Http::person_called(const std::string& name) const {
  const directory::Directory& directory = options_.core.store().directory;
  if (directory.person(name)) return name;
  for (const directory::Person& person : directory.persons)
    if (core::open(person.name, options_.core.vault()) == name || core::open(person.email, options_.core.vault()) == name) return person.id;
  return std::nullopt;
}

HttpResponse Http::make_token(const HttpRequest& request) {
  if (!options_.sessions.take(access::Purpose::Operator, bearer_of(request), request.now_us))
    return sentence(401, "Only who can read the data folder makes links");
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("as") || !body["as"].is_string()) return sentence(400, "Expected {\"as\": \"NAME\"}");
  const std::string name = body["as"].get<std::string>();
  const auto person = person_called(name);
  if (!person) return sentence(404, fmt::format("Nobody here is called {}; a name, an e-mail address or an id is expected", name));
  const bool bearer = body.value("bearer", false);
  const std::string token = options_.sessions.make(bearer ? access::Purpose::Bearer : access::Purpose::Link, *person, request.now_us);
  HttpResponse response = object({{"person", *person}, {bearer ? "bearer" : "token", token}});
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HttpResponse Http::confirm_clock(const HttpRequest& request) {
  if (!options_.sessions.take(access::Purpose::Operator, bearer_of(request), request.now_us))
    return sentence(401, "Only who can read the data folder confirms the clock");
  if (options_.confirm_clock) options_.confirm_clock();
  return object({{"confirmed", true}});
}

HttpResponse Http::web(const HttpRequest& request, const std::string& path) {
  // Every address of the application is the application: its own router shows what was linked.
  auto file = options_.web ? options_.web(path) : std::nullopt;
  const bool page = !file && path.find('.') == std::string::npos;
  if (page && options_.web) file = options_.web("/");
  if (!file) return sentence(404, fmt::format("There is nothing at {}", path));
  return file_answer(*file, request);
}

}  // namespace kvali::api
