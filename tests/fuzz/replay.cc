// Runs a fuzz target over a packed corpus, without libFuzzer, and packs and unpacks it. A packed corpus is its inputs
// one behind the other, each after its size as four bytes, the lowest first.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "tests/fuzz/target.h"

namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s cannot be read\n", path.c_str());
    std::exit(3);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> unpacked(const std::string& packed) {
  std::vector<std::string> inputs;
  for (std::size_t at = 0; at + 4 <= packed.size();) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{static_cast<unsigned char>(packed[at + i])} << (8 * i);
    at += 4;
    inputs.push_back(packed.substr(at, size));
    at += size;
  }
  return inputs;
}

int pack(const fs::path& packed, const fs::path& folder) {
  std::vector<std::string> inputs;
  for (const auto& entry : fs::directory_iterator(folder)) inputs.push_back(contents(entry.path()));
  std::sort(inputs.begin(), inputs.end());
  std::ofstream file(packed, std::ios::binary);
  for (const std::string& input : inputs) {
    for (std::size_t i = 0; i < 4; ++i) file.put(static_cast<char>(input.size() >> (8 * i)));
    file << input;
  }
  return file.flush() ? 0 : 3;
}

int unpack(const fs::path& packed, const fs::path& folder) {
  fs::create_directories(folder);
  const std::vector<std::string> inputs = unpacked(contents(packed));
  for (std::size_t i = 0; i < inputs.size(); ++i)
    std::ofstream(folder / std::to_string(i), std::ios::binary) << inputs[i];
  return 0;
}

int replay(const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }
  std::printf("%zu inputs\n", inputs.size());
  return inputs.empty() ? 1 : 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view verb = count > 1 ? words[1] : "";
  if (verb == "pack" && count == 4) return pack(words[2], words[3]);
  if (verb == "unpack" && count == 4) return unpack(words[2], words[3]);
  if (verb == "replay" && count == 3) return replay(unpacked(contents(words[2])));
  if (verb == "one" && count == 3) return replay({contents(words[2])});
  std::fputs("usage: replay PACKED | one FILE | pack PACKED FOLDER | unpack PACKED FOLDER\n", stderr);
  return 2;
}
