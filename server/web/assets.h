#pragma once
// The browser application, built into the binary: every file of dist/ with its type and a tag of its content.
#include <span>
#include <string_view>

namespace kvali::web {

struct Asset {
  std::string_view path;          // "/index.html", "/assets/index-….js"
  std::string_view content_type;
  std::string_view etag;          // quoted, as HTTP wants it
  std::string_view bytes;
};

/// All of them, by path; they live as long as the process.
std::span<const Asset> assets();

}  // namespace kvali::web
