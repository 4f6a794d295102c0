#include "server/journal/sqlite_schema.h"

#include <fmt/format.h>

namespace kvali::journal {

const char* const journal_table =
    "CREATE TABLE journal (one INTEGER PRIMARY KEY CHECK (one = 1), commit_number INTEGER NOT NULL) STRICT";
const char* const streams_table =
    "CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL, head_hash BLOB "
    "NOT NULL,"
    " next_due_us INTEGER, snapshot_position INTEGER, snapshot_head BLOB, state_hash BLOB, fold_version INTEGER,"
    " row_hash BLOB NOT NULL) STRICT";
const char* const streams_index = "CREATE INDEX streams_by_due ON streams (next_due_us) WHERE next_due_us IS NOT NULL";
const char* const records_table =
    "CREATE TABLE records (stream INTEGER NOT NULL, sequence INTEGER NOT NULL, instant_us INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, version INTEGER NOT NULL, commit_number INTEGER NOT NULL, hash BLOB NOT NULL,"
    " bytes BLOB NOT NULL, PRIMARY KEY (stream, sequence)) STRICT, WITHOUT ROWID";
const char* const snapshot_rows_table =
    "CREATE TABLE snapshot_rows (stream INTEGER NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, row_hash BLOB NOT "
    "NULL,"
    " PRIMARY KEY (stream, key)) STRICT, WITHOUT ROWID";

StreamRow stream_row(const sqlite::Statement& row) {
  StreamRow stream;
  stream.id = row.integer(0);
  stream.head = {std::string(row.bytes(1)), static_cast<std::uint64_t>(row.integer(2)), hash_of(row.bytes(3))};
  stream.next_due_us = row.optional_integer(4);
  if (const auto position = row.optional_integer(5)) {
    stream.mark = SnapshotMark{static_cast<std::uint64_t>(*position), hash_of(row.bytes(6)), hash_of(row.bytes(7)),
                               static_cast<std::uint32_t>(row.integer(8))};
  }
  stream.intact = hash_of(stream) == hash_of(row.bytes(9));
  return stream;
}

Result<void> check_intact(const StreamRow& row) {
  if (row.intact) return {};
  return fail(row.head.stream + ": its row in the streams table does not match its hash");
}

Hash hash_of(const StreamRow& row) {
  const SnapshotMark mark = row.mark.value_or(SnapshotMark{});
  const std::string numbers =
      fmt::format("{} {} {} {} {}", row.head.sequence, row.next_due_us ? fmt::to_string(*row.next_due_us) : "-",
                  row.mark.has_value() ? "snapshot" : "-", mark.position, mark.fold_version);
  return row_hash("kvali stream 1",
                  {row.head.stream, view(row.head.hash), numbers, view(mark.chain_head), view(mark.state_hash)});
}

Hash hash_of(const std::string& stream, const SnapshotRow& row) {
  return row_hash("kvali snapshot row 1", {stream, row.key, row.bytes});
}

void read_record(const sqlite::Statement& row, Record& into) {
  into.instant_us = row.integer(0);
  into.kind = static_cast<std::uint32_t>(row.integer(1));
  into.version = static_cast<std::uint32_t>(row.integer(2));
  into.commit = static_cast<std::uint64_t>(row.integer(3));
  into.hash = hash_of(row.bytes(4));
  into.bytes = row.bytes(5);
  into.sequence = static_cast<std::uint64_t>(row.integer(6));
}

Result<void> check_identity(const sqlite::Connection& connection, const std::string& path) {
  const auto program = connection.integer("PRAGMA application_id");
  const auto version = connection.integer("PRAGMA user_version");
  if (!program) return fail(program.error().within(path));
  if (!version) return fail(version.error().within(path));
  if (*program != application_id) return fail(path + ": not a journal of kvali, but a database of another program");
  if (*version > schema_version) {
    return fail(
        fmt::format("{}: written by a newer kvali (schema {}; this one knows schema {}); start that one instead", path,
                    *version, schema_version));
  }
  if (*version < schema_version)
    return fail(fmt::format("{}: unknown schema {}; this kvali knows schema {}", path, *version, schema_version));
  return {};
}

std::vector<std::string> page_damage(const sqlite::Connection& connection, std::string_view pragma) {
  std::vector<std::string> found;
  auto statement = connection.prepare(fmt::format("PRAGMA {}(20)", pragma));
  if (!statement) return {statement.error().message};
  for (;;) {
    const auto row = statement->step();
    if (!row) found.push_back(row.error().message);
    if (!row || !*row) return found;
    if (statement->bytes(0) != "ok") found.emplace_back(statement->bytes(0));
  }
}

}  // namespace kvali::journal
