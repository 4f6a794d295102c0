#pragma once
// The web application's files: those built into the binary, or a folder's while developing.
#include <map>
#include <optional>
#include <string>

#include "server/api/http.h"

namespace kvali::server {

class WebFiles {
 public:
  /// An empty folder serves the built-in files. A folder is read anew at every request.
  explicit WebFiles(std::string folder);
  /// The file at the address `path` ("/" is index.html).
  [[nodiscard]] std::optional<api::WebFile> find(const std::string& path) const;

 private:
  std::string folder_;
  mutable std::map<std::string, std::string> read_;  // of the folder: path → bytes, alive until it is read again
};

}  // namespace kvali::server
