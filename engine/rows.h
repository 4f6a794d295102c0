#pragma once
// The rows a state is kept in as a snapshot: bytes under keys, one row for each thing that changes by itself, so that a later
// snapshot writes only what changed. Which rows a state has, and what stands in them, is its fold's to say.
#include <cstdint>
#include <string>
#include <vector>

#include "engine/limits.h"

namespace kvali {

struct Row {
  std::string key;  // ASCII; rows are in the order of their keys
  std::string bytes;
  bool operator==(const Row&) const = default;
};

/// What became of rows since they were last written.
struct RowChanges {
  std::vector<Row> upserts;
  std::vector<std::string> deletes;  // keys; there may be no such row
};

/// Numbers of the things whose rows are stale. Marked by apply, forgotten by who has written them. No part of a state: two
/// that are equal may differ in it.
class Stale {
 public:
  void mark(std::size_t number) {
    if (number >= marked_.size()) marked_.resize(number + 1);
    marked_[number] = true;
  }
  void clear() { marked_.clear(); }
  template <class Visit>
  void each(const Visit& visit) const {
    for (std::size_t number = 0; number < marked_.size(); ++number)
      if (marked_[number]) visit(number);
  }

 private:
  std::vector<bool> marked_;
};

/// Which row keeps what is small and comes with the record `sequence`: an answer, a touch.
inline std::uint64_t row_of_sequence(std::uint64_t sequence) { return sequence / limits::snapshot_sequences_per_row; }

}  // namespace kvali
