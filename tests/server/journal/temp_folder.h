#pragma once
// A folder that goes away with the test that made it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/result.h"

namespace kvali {

/// A new empty folder, removed with all it holds.
class TempFolder {
 public:
  TempFolder() {
    // In memory where there is such a folder and no other was asked for: no test here depends on a real fsync.
    const bool in_memory = std::getenv("TEST_TMPDIR") == nullptr && std::filesystem::is_directory("/dev/shm");
    std::string name = (in_memory ? "/dev/shm/" : testing::TempDir()) + "kvali_XXXXXX";
    KVALI_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { std::filesystem::remove_all(path_); }
  /// The path of `name` inside.
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace kvali
