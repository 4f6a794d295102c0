#include "server/main/web_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/web/assets.h"

namespace kvali::server {
namespace {

std::string type_of(const std::string& path) {
  static const std::map<std::string, std::string> types = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},             {".json", "application/json"},              {".woff2", "font/woff2"},
      {".png", "image/png"},                 {".ico", "image/x-icon"}};
  const auto found = types.find(std::filesystem::path(path).extension().string());
  return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace

WebFiles::WebFiles(std::string folder) : folder_(std::move(folder)) {}

std::optional<api::WebFile> WebFiles::find(const std::string& address) const {
  const std::string path = address == "/" ? "/index.html" : address;
  if (folder_.empty()) {
    const web::Asset* asset = web::find_asset(path);
    if (!asset) return std::nullopt;
    return api::WebFile{asset->bytes, asset->gzip, std::string(asset->content_type), std::string(asset->etag)};
  }
  if (path.find("..") != std::string::npos) return std::nullopt;
  std::ifstream file(folder_ + path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string& bytes = read_[path];
  bytes.assign(std::istreambuf_iterator<char>(file), {});
  return api::WebFile{bytes, {}, type_of(path), ""};
}

}  // namespace kvali::server
