#pragma once
// Where the keys live: one file of their own, so that a backup of the data alone opens nothing, and a list of erasures
// beside it that outlives every backup. Keys are stored in the clear behind a checksum: a wrapping key on the same disk
// would guard nothing, and a key that is overwritten here is gone as far as the disk overwrites in place.
//
//   row 0        the root secret, from which ids, hashes and tokens are keyed
//   row 1, 2, …  a subject and its key, or that it was erased
//
// A row has 128 bytes, so that none spans two sectors: state, length and bytes of the subject (padded to 64), key (32),
// BLAKE2b over the row's number and those 96 bytes (32).
//
// Threads: sync() may run beside add(); the vault guards the rest.
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/result.h"

namespace kvali::vault {

using Key = std::array<unsigned char, 32>;

class KeyFile {
 public:
  struct Paths {
    std::string keys;      // created with mode 0600
    std::string erasures;  // a subject a line; belongs outside every backup of the data and of the keys
  };
  struct Contents {
    bool created = false;  // there was no key file: beside a journal with records that is a loss, not a beginning
    Key root{};
    std::unordered_map<std::string, Key> keys;
    std::vector<std::string> notices;  // what was repaired: a torn tail, an erasure that was finished
  };

  KeyFile() = default;
  /// Reads both files, creating what is missing with `fresh_root`. A tail torn by a crash is cut off (no record can use
  /// its keys) and told; a damaged row before it is an error that names it. Erased subjects found with a key lose it
  /// now.
  [[nodiscard]] Result<Contents> open(const Paths& paths, const Key& fresh_root);
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;
  ~KeyFile();

  /// Writes a new row at the end; durable after sync().
  [[nodiscard]] Result<void> add(const std::string& subject, const Key& key);
  /// Makes every added row durable. After an error the process has to stop: a second fsync would lie.
  [[nodiscard]] Result<void> sync();
  /// Lists the subject as erased, then overwrites its key; both durable on return. Erasing twice changes nothing.
  [[nodiscard]] Result<void> erase(const std::string& subject);
  bool erased(const std::string& subject) const { return erased_.contains(subject); }

 private:
  [[nodiscard]] Result<void> read_erasures(Contents& contents);
  [[nodiscard]] Result<void> read_rows(Contents& contents, const Key& fresh_root);
  [[nodiscard]] Result<void> take_row(const std::string& bytes, std::uint64_t number, Contents& contents);
  [[nodiscard]] Result<void> overwrite(const std::string& subject, std::uint64_t number);

  Paths paths_;
  int keys_ = -1;
  int erasures_ = -1;
  std::uint64_t rows_ = 0;  // in the file, the first one included
  std::unordered_map<std::string, std::uint64_t> row_of_;
  std::unordered_set<std::string> erased_;
};

}  // namespace kvali::vault
