#pragma once
// The hash chain of a stream: how a record is hashed, and one walker for everybody who reads records, so that every
// journal and the verifier name damage in the same words.
#include <string_view>

#include "server/journal/journal.h"

namespace kvali::journal {

/// BLAKE2b-256 over `previous` (the hash of the record before) and every field of `record` but its hash. The commit
/// number is covered too: readers stop at ends of commits, so it is history like the rest.
Hash record_hash(const Hash& previous, const Record& record);

/// BLAKE2b-256 over length-prefixed fields under a purpose, for rows that are no records.
Hash row_hash(std::string_view purpose, std::initializer_list<std::string_view> fields);

inline std::string_view view(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }
/// The hash of 32 stored bytes; zeros when their number is another (what compares unequal is then named).
Hash hash_of(std::string_view bytes);

/// Walks along one stream.
class Chain {
 public:
  /// Starts after `before`; Head{stream} starts at record 1.
  explicit Chain(Head before) : head_(std::move(before)) {}

  /// Takes the next record, or names it: missing, or not matching its hash.
  [[nodiscard]] Result<void> follow(const Record& record);
  /// Compares where the walk ended with where the stream is said to end.
  [[nodiscard]] Result<void> ends_at(const Head& head) const;
  const Head& head() const { return head_; }

 private:
  Head head_;
};

/// "cohort/abc record 17"
std::string place(const std::string& stream, std::uint64_t sequence);

}  // namespace kvali::journal
