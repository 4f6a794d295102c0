#pragma once
// The browser application, built from server/web and compiled into the binary: one file to copy, nothing to find on the disk.

#include <span>
#include <string_view>

namespace kvali::web {

/// One file of the bundle. Everything lives as long as the program.
struct Asset {
  std::string_view path;          // as asked for: "/index.html", "/assets/app.js"
  std::string_view content_type;  // with its charset where it is text
  std::string_view bytes;
  std::string_view gzip;          // the same, compressed; empty where that is no smaller
  std::string_view etag;          // strong, in its quotes: SHA-256 of `bytes`
};

/// All files, in order of their paths.
std::span<const Asset> assets();

/// The file at `path`, or null; "/" is the page itself.
const Asset* find_asset(std::string_view path);

}  // namespace kvali::web
