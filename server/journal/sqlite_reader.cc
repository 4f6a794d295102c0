#include "server/journal/sqlite_reader.h"

namespace kvali::journal {

using sqlite::Text;

namespace {

/// The hash of one record, as the start of a walk that begins after it.
Result<Head> head_at(const sqlite::Connection& connection, const StreamRow& stream, std::uint64_t sequence) {
  if (sequence == 0) return Head{stream.head.stream, 0, {}};
  auto statement = connection.prepare("SELECT hash FROM records WHERE stream = ?1 AND sequence = ?2");
  if (!statement) return fail(statement.error());
  const auto row = statement->with(stream.id, sequence).step();
  if (!row) return fail(row.error());
  if (!*row) return fail(place(stream.head.stream, sequence) + ": missing");
  return Head{stream.head.stream, sequence, hash_of(statement->bytes(0))};
}

}  // namespace

Result<std::optional<StreamRow>> find_stream(const sqlite::Connection& connection, const std::string& name) {
  auto statement = connection.prepare("SELECT " KVALI_STREAM_COLUMNS " FROM streams WHERE name = ?1");
  if (!statement) return fail(statement.error());
  const auto row = statement->with(Text{name}).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  StreamRow stream = stream_row(*statement);
  if (auto intact = check_intact(stream); !intact) return fail(intact.error());
  return stream;
}

Result<void> walk(const sqlite::Connection& connection, const StreamRow& stream, Head before, const Visitor& visit) {
  auto statement = connection.prepare("SELECT " KVALI_RECORD_COLUMNS
                                      " FROM records WHERE stream = ?1 AND sequence > ?2 ORDER BY sequence");
  if (!statement) return fail(statement.error());
  Chain chain(std::move(before));
  Record record;
  record.stream = stream.head.stream;
  statement->with(stream.id, chain.head().sequence);
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error().within("after " + place(stream.head.stream, chain.head().sequence)));
    if (!*row) return chain.ends_at(stream.head);
    read_record(*statement, record);
    if (auto fits = chain.follow(record); !fits) return fits;
    if (visit(record) == Visit::Stop) return {};
  }
}

Result<void> read_records(const sqlite::Connection& connection, const std::string& stream, std::uint64_t from_sequence,
                          const Visitor& visit) {
  KVALI_CHECK(from_sequence >= 1);
  const ReadTransaction transaction(connection);
  if (!transaction.begun()) return transaction.begun();
  const auto row = find_stream(connection, stream);
  if (!row) return fail(row.error());
  if (!row->has_value() || from_sequence > (*row)->head.sequence) return {};
  auto before = head_at(connection, **row, from_sequence - 1);
  if (!before) return fail(before.error());
  return walk(connection, **row, std::move(*before), visit);
}

Result<std::vector<StreamRow>> read_streams(const sqlite::Connection& connection) {
  auto statement = connection.prepare("SELECT " KVALI_STREAM_COLUMNS " FROM streams ORDER BY name");
  if (!statement) return fail(statement.error());
  std::vector<StreamRow> streams;
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return streams;
    streams.push_back(stream_row(*statement));
  }
}

Result<std::vector<Due>> read_due(const sqlite::Connection& connection, std::int64_t instant_us,
                                  std::int64_t rows_max) {
  auto statement = connection.prepare(
      "SELECT name, next_due_us FROM streams WHERE next_due_us IS NOT NULL AND next_due_us <= ?1 ORDER BY next_due_us, "
      "name LIMIT ?2");
  if (!statement) return fail(statement.error());
  std::vector<Due> due;
  statement->with(instant_us, rows_max);
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return due;
    due.push_back({std::string(statement->bytes(0)), statement->integer(1)});
  }
}

Result<std::optional<Snapshot>> read_snapshot(const sqlite::Connection& connection, const std::string& stream) {
  const ReadTransaction transaction(connection);
  if (!transaction.begun()) return fail(transaction.begun().error());
  const auto found = find_stream(connection, stream);
  if (!found) return fail(found.error());
  if (!found->has_value() || !(*found)->mark) return std::nullopt;
  const SnapshotMark& mark = *(*found)->mark;
  Snapshot snapshot{mark.position, mark.chain_head, mark.state_hash, mark.fold_version, {}};
  auto statement = connection.prepare("SELECT key, bytes, row_hash FROM snapshot_rows WHERE stream = ?1 ORDER BY key");
  if (!statement) return fail(statement.error());
  statement->with((*found)->id);
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return snapshot;
    snapshot.rows.push_back({std::string(statement->bytes(0)), std::string(statement->bytes(1))});
    if (hash_of(stream, snapshot.rows.back()) != hash_of(statement->bytes(2))) {
      return fail(stream + ": snapshot row " + snapshot.rows.back().key + " does not match its hash");
    }
  }
}

}  // namespace kvali::journal
