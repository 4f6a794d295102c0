#include "server/cli/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kvali::cli {

std::string indented(std::string lines) {
  static constexpr std::string_view indent = "    ";
  lines.insert(0, indent);
  for (std::size_t at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 1)) lines.insert(at + 1, indent);
  return lines;
}

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(fmt::format("{}: {}", path, std::strerror(errno)));
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (file.bad() || errno == EISDIR) return fail(fmt::format("{}: {}", path, std::strerror(errno ? errno : EIO)));
  return bytes;
}

Result<std::vector<program::SourceFile>> read_program_files(const std::string& path) {
  auto text = read_file(path);
  if (!text) return fail(text.error());
  std::vector<program::SourceFile> files = {{path, std::move(*text)}};
  const std::filesystem::path folder = std::filesystem::path(path).parent_path() / "texts";
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().string());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    auto translation = read_file(name);
    if (!translation) return fail(translation.error());
    files.push_back({name, std::move(*translation)});
  }
  return files;
}

}  // namespace kvali::cli
