#pragma once
// Snapshots of streams: rows that a start folds from instead of from record 1. Only rows that changed are written again, so
// what is stored is remembered here, by its hashes. A snapshot is a convenience: whatever is wrong with one, its stream is
// folded from record 1, and the operator told.
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/rows.h"
#include "server/journal/journal.h"

namespace kvali::core {

/// The snapshot of one stream, as the journal has it or will have it once what is in flight is stored. The state's hash is the
/// exclusive or of the hashes of its rows, so that a row which changes needs no look at the others; a row is hashed with its
/// key, so that no two can hide each other.
class StoredSnapshot {
 public:
  /// The last record it covers; 0: there is none of use, and the next has to be whole.
  [[nodiscard]] std::uint64_t position() const { return position_; }

  /// Takes over what the journal has, whose rows are for the caller to decode. An error says why it must not be used: another
  /// version of the fold, a hash that is not that of its rows.
  [[nodiscard]] static Result<StoredSnapshot> of(const journal::Snapshot& snapshot, std::uint32_t fold_version);

  /// What the journal is to store of the state at `position`: all of it, or what changed since the last.
  [[nodiscard]] journal::SnapshotChange whole(std::vector<Row> rows, std::uint64_t position, std::uint32_t fold_version);
  [[nodiscard]] journal::SnapshotChange changed(RowChanges changes, std::uint64_t position, std::uint32_t fold_version);

 private:
  void put(const std::string& key, const std::string& bytes);
  void erase(const std::string& key);
  journal::SnapshotChange change(journal::SnapshotChange::Scope scope, RowChanges changes, std::uint64_t position, std::uint32_t fold_version);

  std::unordered_map<std::string, journal::Hash> hashes_;  // by key
  journal::Hash state_hash_{};
  std::uint64_t position_ = 0;
};

/// The stored rows in the engine's words.
std::vector<Row> rows_of(std::vector<journal::SnapshotRow> stored);

}  // namespace kvali::core
