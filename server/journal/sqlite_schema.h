#pragma once
// The tables of a journal in SQLite, and what every side of it (writer, readers, verifier) must agree on about their
// rows.
//
//   journal        one row: the number of the last commit
//   streams        a row per stream: where it ends, when it is next due, where its snapshot stands
//   records        the truth, hash-chained per stream
//   snapshot_rows  disposable: folding gives them again
//
// Rows that are no records carry a hash over themselves, so that a flipped bit is named and not believed.
#include "server/journal/chain.h"
#include "server/journal/sqlite_handle.h"

namespace kvali::journal {

inline constexpr std::int64_t application_id = 0x6b76616c;  // "kval", for file(1) and for us
inline constexpr std::int64_t schema_version = 1;           // PRAGMA user_version; a newer one is refused

extern const char* const journal_table;
extern const char* const streams_table;
extern const char* const streams_index;
extern const char* const records_table;
extern const char* const snapshot_rows_table;

struct SnapshotMark {
  std::uint64_t position = 0;
  Hash chain_head{};
  Hash state_hash{};
  std::uint32_t fold_version = 0;
};

struct StreamRow {
  std::int64_t id = 0;
  Head head;
  std::optional<std::int64_t> next_due_us;  // absent: nothing is due
  std::optional<SnapshotMark> mark;
  bool intact = true;  // matched its hash when it was read
};

/// The columns that stream_row() reads, in its order.
#define KVALI_STREAM_COLUMNS \
  "id, name, head, head_hash, next_due_us, snapshot_position, snapshot_head, state_hash, fold_version, row_hash"

/// The stream of the statement's present row.
StreamRow stream_row(const sqlite::Statement& row);
/// An error when the row did not match its hash, and so nothing in it may be believed.
Result<void> check_intact(const StreamRow& row);
Hash hash_of(const StreamRow& row);
Hash hash_of(const std::string& stream, const SnapshotRow& row);

/// The record of a row of `instant_us, kind, version, commit_number, hash, bytes, sequence`.
#define KVALI_RECORD_COLUMNS "instant_us, kind, version, commit_number, hash, bytes, sequence"
void read_record(const sqlite::Statement& row, Record& into);

/// Whether the file is a journal that this program can read. Errors: another program's, a newer schema, an unknown one.
Result<void> check_identity(const sqlite::Connection& connection, const std::string& path);

/// What SQLite's own check finds: "quick_check" or "integrity_check"; empty when all is well.
std::vector<std::string> page_damage(const sqlite::Connection& connection, std::string_view pragma);

}  // namespace kvali::journal
