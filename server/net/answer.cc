#include "server/net/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace kvali::net {
namespace {

/// RFC 9110 §15. The phrase is for people only; a status that is not here goes without.
constexpr std::pair<int, std::string_view> phrases[] = {{200, "OK"},
                                                        {201, "Created"},
                                                        {202, "Accepted"},
                                                        {204, "No Content"},
                                                        {206, "Partial Content"},
                                                        {302, "Found"},
                                                        {303, "See Other"},
                                                        {304, "Not Modified"},
                                                        {400, "Bad Request"},
                                                        {401, "Unauthorized"},
                                                        {403, "Forbidden"},
                                                        {404, "Not Found"},
                                                        {405, "Method Not Allowed"},
                                                        {408, "Request Timeout"},
                                                        {409, "Conflict"},
                                                        {413, "Content Too Large"},
                                                        {414, "URI Too Long"},
                                                        {415, "Unsupported Media Type"},
                                                        {416, "Range Not Satisfiable"},
                                                        {417, "Expectation Failed"},
                                                        {421, "Misdirected Request"},
                                                        {426, "Upgrade Required"},
                                                        {429, "Too Many Requests"},
                                                        {431, "Request Header Fields Too Large"},
                                                        {500, "Internal Server Error"},
                                                        {501, "Not Implemented"},
                                                        {503, "Service Unavailable"},
                                                        {505, "HTTP Version Not Supported"}};

std::string_view phrase(int status) {
  const auto* const found = std::ranges::find(phrases, status, &std::pair<int, std::string_view>::first);
  return found == std::end(phrases) ? std::string_view() : found->second;
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
      return fail("the header " + (clean(name) ? name : "(unprintable)") +
                  " of an answer holds a character that would split it");
    add(name, value);
  }
  if (!has_no_content(response.status))
    add("Content-Length", fmt::to_string(response.body ? response.body->size() : 0));
  if (!shape.keep_alive) add("Connection", "close");
  return out + "\r\n";
}

Response in_words(int status, std::string sentence) {
  return Response{status,
                  "text/plain; charset=utf-8",
                  std::make_shared<const std::string>(std::move(sentence) + "\n"),
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
