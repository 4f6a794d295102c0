#pragma once
// The head of an HTTP answer as text (RFC 9112 §4, RFC 9110 §6.6, §8.6). Pure.
#include <cstdint>
#include <string>

#include "server/net/server.h"

namespace kvali::net {

/// How the answer ends, and what it answers.
struct AnswerShape {
  bool keep_alive = true;
  bool to_head = false;  // a HEAD request: the length of the body, but no body
};

/// True for what has a body that is sent after the head: not for HEAD, 204 and 304.
bool carries_body(const Response& response, AnswerShape shape);

/// Status line, headers and empty line; `now_us` (UTC) makes the Date. A header name or value that holds a control
/// character would split the answer: then the whole is an error that names the header.
Result<std::string> answer_head(const Response& response, AnswerShape shape, std::int64_t now_us);

/// An answer of our own: one sentence as plain text.
Response in_words(int status, std::string sentence);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string http_date(std::int64_t now_us);

}  // namespace kvali::net
