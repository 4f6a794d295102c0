#include "server/core/snapshots.h"

#include <fmt/format.h>

#include <utility>

#include "server/journal/chain.h"

namespace kvali::core {
namespace {

void toggle(journal::Hash& all, const journal::Hash& one) {
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(all[i] ^ one[i]);
}

}  // namespace

void StoredSnapshot::put(const std::string& key, const std::string& bytes) {
  erase(key);
  const journal::Hash hash = journal::row_hash("kvali state row 1", {key, bytes});
  hashes_[key] = hash;
  toggle(state_hash_, hash);
}

void StoredSnapshot::erase(const std::string& key) {
  const auto found = hashes_.find(key);
  if (found == hashes_.end()) return;
  toggle(state_hash_, found->second);
  hashes_.erase(found);
}

Result<StoredSnapshot> StoredSnapshot::of(const journal::Snapshot& snapshot, std::uint32_t fold_version) {
  if (snapshot.fold_version != fold_version)
    return fail(fmt::format("it is of version {} of the fold, this kvali folds by version {}", snapshot.fold_version, fold_version));
  StoredSnapshot stored;
  for (const journal::SnapshotRow& row : snapshot.rows) stored.put(row.key, row.bytes);
  if (stored.state_hash_ != snapshot.state_hash) return fail("its rows do not make the state's hash");
  stored.position_ = snapshot.position;
  return stored;
}

journal::SnapshotChange StoredSnapshot::change(journal::SnapshotChange::Scope scope, RowChanges changes, std::uint64_t position,
                                               std::uint32_t fold_version) {
  journal::SnapshotChange made;
  made.scope = scope;
  for (const std::string& key : changes.deletes) erase(key);
  for (Row& row : changes.upserts) {
    put(row.key, row.bytes);
    made.upserts.push_back({std::move(row.key), std::move(row.bytes)});
  }
  made.deletes = std::move(changes.deletes);
  made.state_hash = state_hash_;
  made.fold_version = fold_version;
  position_ = position;
  return made;
}

journal::SnapshotChange StoredSnapshot::whole(std::vector<Row> rows, std::uint64_t position, std::uint32_t fold_version) {
  *this = {};
  return change(journal::SnapshotChange::Scope::Whole, {std::move(rows), {}}, position, fold_version);
}

journal::SnapshotChange StoredSnapshot::changed(RowChanges changes, std::uint64_t position, std::uint32_t fold_version) {
  return change(journal::SnapshotChange::Scope::Changed, std::move(changes), position, fold_version);
}

std::vector<Row> rows_of(std::vector<journal::SnapshotRow> stored) {
  std::vector<Row> rows;
  rows.reserve(stored.size());
  for (journal::SnapshotRow& row : stored) rows.push_back({std::move(row.key), std::move(row.bytes)});
  return rows;
}

}  // namespace kvali::core
