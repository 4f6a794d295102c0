#include "tests/engine/program/files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kvali::program::testing {

namespace {
const std::filesystem::path root = KVALI_SOURCE_DIR;
}

std::string read_file(const std::string& path_from_root) {
  std::ifstream in(root / path_from_root, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path_from_root;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<SourceFile> workflow(const std::string& name) {
  const std::string folder = "workflows/" + name;
  std::vector<SourceFile> files{{folder + "/program.yaml", read_file(folder + "/program.yaml")}};
  if (std::filesystem::exists(root / folder / "texts")) {
    for (const auto& entry : std::filesystem::directory_iterator(root / folder / "texts")) {
      const std::string path = folder + "/texts/" + entry.path().filename().string();
      files.push_back({path, read_file(path)});
    }
  }
  std::sort(files.begin() + 1, files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string> lines_of(const std::vector<Fault>& faults) {
  std::vector<std::string> lines;
  for (const Fault& fault : faults) lines.push_back(to_line(fault));
  return lines;
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = "tests/engine/program/golden/" + name;
  if (std::getenv("KVALI_WRITE_GOLDEN") != nullptr) {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << text;
  }
  EXPECT_EQ(text, read_file(path)) << "KVALI_WRITE_GOLDEN=1 writes " << path << " anew";
}

}  // namespace kvali::program::testing
