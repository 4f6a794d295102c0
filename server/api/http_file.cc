#include <algorithm>

#include "server/api/http.h"

namespace kvali::api {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// Calls `look` with each element of a list header, without the blanks around it, until it says yes.
template <class Look>
bool any_of_list(std::string_view list, Look look) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (look(trimmed(list.substr(0, comma)))) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// "gzip", or "gzip;q=0.8"; a weight of zero ("q=0", "q=0.000") means: not that.
bool takes_gzip(std::string_view accept_encoding) {
  return any_of_list(accept_encoding, [](std::string_view element) {
    const std::size_t parameter = std::min(element.find(';'), element.size());
    if (trimmed(element.substr(0, parameter)) != "gzip") return false;
    const std::string_view weight = element.substr(parameter);
    const std::size_t q = weight.find("q=");
    return q == std::string_view::npos || weight.find_first_of("123456789", q) != std::string_view::npos;
  });
}

/// Each representation has a tag of its own: a strong tag promises the same bytes.
std::string packed_tag(std::string etag) {
  if (!etag.empty()) etag.insert(etag.size() - 1, "-gzip");
  return etag;
}

}  // namespace

HttpResponse file_answer(const WebFile& file, const HttpRequest& request) {
  const bool packed = !file.gzip.empty() && takes_gzip(request.accept_encoding);
  const std::string etag = packed ? packed_tag(file.etag) : file.etag;
  HttpResponse response;
  if (!etag.empty()) response.headers.emplace_back("ETag", etag);
  if (!file.gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back("Cache-Control", "no-cache");
  const bool known = !etag.empty() && any_of_list(request.if_none_match, [&](std::string_view one) {
    return one == "*" || one == etag || (one.starts_with("W/") && one.substr(2) == etag);
  });
  if (known) {
    response.status = 304;
    return response;
  }
  response.content_type = file.content_type;
  response.body = packed ? file.gzip : file.bytes;
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace kvali::api
