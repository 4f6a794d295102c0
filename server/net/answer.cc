#include "server/net/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace kvali::net {
namespace {

/// RFC 9110 §15. The phrase is for people only; a status that is not here goes without.
std::string_view phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

bool clean(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
}

bool has_no_content(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

bool carries_body(const Response& response, AnswerShape shape) {
  return !shape.to_head && !has_no_content(response.status) && response.body != nullptr && !response.body->empty();
}

Result<std::string> answer_head(const Response& response, AnswerShape shape, std::int64_t now_us) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\nServer: kvali\r\nDate: {}\r\n", response.status,
                                phrase(response.status), http_date(now_us));
  const auto add = [&](std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
  };
  if (!clean(response.content_type)) return fail("the content type of an answer holds a control character");
  if (!response.content_type.empty()) add("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) {
    if (name.empty() || !clean(name) || name.find_first_of(": ") != std::string::npos || !clean(value))
      return fail("the header " + (clean(name) ? name : "(unprintable)") + " of an answer holds a character that would split it");
    add(name, value);
  }
  if (!has_no_content(response.status))
    add("Content-Length", fmt::to_string(response.body ? response.body->size() : 0));
  if (!shape.keep_alive) add("Connection", "close");
  return out + "\r\n";
}

Response in_words(int status, std::string sentence) {
  return Response{status, "text/plain; charset=utf-8", std::make_shared<const std::string>(std::move(sentence) + "\n"),
                  {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}};
}

std::string http_date(std::int64_t now_us) {
  using namespace std::chrono;
  constexpr std::array days_of_week = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_time<microseconds> instant{microseconds{now_us}};
  const sys_days day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(instant - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days_of_week[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace kvali::net
