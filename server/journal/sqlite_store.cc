#include "server/journal/sqlite_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/calendar/calendar.h"

namespace kvali::journal {

using sqlite::Blob;
using sqlite::Text;

// After a failed fsync the page cache shows frames of the log that the disk never got, and calls them clean. A
// checkpoint would copy them into the file and a power cut would bring the shorter log back over it. Written once more,
// the log on the disk is the log that was read.
Result<void> Store::settle_log() {
  sqlite3_file* log = nullptr;
  sqlite3_int64 size = 0;
  int code = sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (code == SQLITE_OK && (log == nullptr || log->pMethods == nullptr)) return {};  // no log yet
  if (code == SQLITE_OK) code = log->pMethods->xFileSize(log, &size);
  std::string chunk(64 * 1024, '\0');  // SQLite's own files take less than 128 KiB in one write
  for (sqlite3_int64 at = 0; at < size && code == SQLITE_OK; at += static_cast<sqlite3_int64>(chunk.size())) {
    const int bytes = static_cast<int>(std::min(size - at, static_cast<sqlite3_int64>(chunk.size())));
    code = log->pMethods->xRead(log, chunk.data(), bytes, at);
    if (code == SQLITE_OK) code = log->pMethods->xWrite(log, chunk.data(), bytes, at);
  }
  if (code == SQLITE_OK && size > 0) code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (code == SQLITE_OK) return {};
  return fail(fmt::format("making the log durable: {} (SQLite {})", sqlite3_errstr(code), code));
}

Result<Store> Store::open(const sqlite::Connection::Place& place) {
  auto connection = sqlite::Connection::open(place, sqlite::Connection::Access::ReadWrite);
  if (!connection) return fail(connection.error());
  Store store;
  store.connection_ = std::move(*connection);

  const auto tables = store.connection_.integer("SELECT count(*) FROM sqlite_schema");
  const auto program = store.connection_.integer("PRAGMA application_id");
  if (!tables) return fail(tables.error().within(place.path));
  if (!program) return fail(program.error().within(place.path));
  if (*tables == 0 && *program == 0) {
    if (auto created = store.create(place.path); !created) return fail(created.error());
  }
  if (auto ours = check_identity(store.connection_, place.path); !ours) return fail(ours.error());
  if (auto durable =
          store.connection_.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000");
      !durable) {
    return fail(durable.error().within(place.path));
  }
  const std::vector<std::string> damage = page_damage(store.connection_, "quick_check");
  if (!damage.empty())
    return fail(fmt::format("{}: page damage: {}; run `kvali verify` to see all of it", place.path, damage.front()));
  if (auto settled = store.settle_log(); !settled) return fail(settled.error().within(place.path));
  if (auto whole = store.checkpoint(Checkpoint::Whole); !whole) return fail(whole.error().within(place.path));
  if (auto ready = store.prepare(); !ready) return fail(ready.error().within(place.path));
  return store;
}

Result<void> Store::create(const std::string& path) {
  const std::string sql = fmt::format(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN; {}; {}; {}; {}; {}; INSERT INTO journal VALUES (1, 0);"
      "PRAGMA application_id={}; PRAGMA user_version={}; COMMIT",
      journal_table, streams_table, streams_index, records_table, snapshot_rows_table, application_id, schema_version);
  if (auto created = connection_.run(sql.c_str()); !created) return fail(created.error().within("creating " + path));
  return {};
}

Result<void> Store::prepare() {
  Error error;
  const auto statement = [&](sqlite::Statement& into, std::string_view sql) {
    auto prepared = connection_.prepare(sql);
    if (prepared) {
      into = std::move(*prepared);
    } else if (error.message.empty()) {
      error = prepared.error();
    }
  };
  statement(begin_, "BEGIN IMMEDIATE");
  statement(commit_, "COMMIT");
  statement(last_commit_, "SELECT commit_number FROM journal");
  statement(set_commit_, "UPDATE journal SET commit_number = ?1");
  statement(find_stream_, "SELECT " KVALI_STREAM_COLUMNS " FROM streams WHERE name = ?1");
  statement(add_stream_, "INSERT INTO streams (name, head, head_hash, row_hash) VALUES (?1, 0, x'', x'')");
  statement(
      set_stream_,
      "UPDATE streams SET head = ?2, head_hash = ?3, next_due_us = ?4, snapshot_position = ?5, snapshot_head = ?6,"
      " state_hash = ?7, fold_version = ?8, row_hash = ?9 WHERE id = ?1");
  statement(add_record_,
            "INSERT INTO records (stream, " KVALI_RECORD_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  statement(put_row_,
            "INSERT INTO snapshot_rows (stream, key, bytes, row_hash) VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT DO UPDATE SET bytes = ?3, row_hash = ?4");
  statement(delete_row_, "DELETE FROM snapshot_rows WHERE stream = ?1 AND key = ?2");
  statement(delete_rows_, "DELETE FROM snapshot_rows WHERE stream = ?1");
  if (!error.message.empty()) return fail(error);
  const auto count_pages = [](void* pages, sqlite3*, const char*, int now) {
    *static_cast<int*>(pages) = now;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.get(), count_pages, wal_pages_.get());
  return {};
}

Result<std::vector<Answer>> Store::commit(std::span<Waiting> group,
                                          const std::function<Result<void>()>& before_commit) {
  if (auto begun = begin_.run(); !begun) return fail(begun.error());
  const auto last = last_commit_.with().step();
  if (!last) return fail(last.error());
  auto commit_number = static_cast<std::uint64_t>(last_commit_.integer(0));
  last_commit_.reset();

  Streams streams;
  std::vector<Answer> answers;
  for (Waiting& each : group) {
    if (!each.answer) {
      rule_.resume(each.resumed);
      continue;
    }
    if (auto loaded = load(each.batch, streams); !loaded) return fail(loaded.error());
    auto answer = store(each.batch, streams, commit_number);
    if (!answer) return fail(answer.error());
    answers.push_back(std::move(*answer));
  }
  if (auto finished = finish(streams, commit_number); !finished) return fail(finished.error());
  if (before_commit) {
    if (auto ready = before_commit(); !ready) return fail(ready.error());
  }
  if (auto committed = commit_.run(); !committed) return fail(committed.error());
  return answers;
}

Result<void> Store::load(const Batch& batch, Streams& streams) {
  for (const Part& part : batch.parts) {
    const auto [slot, is_new] =
        streams.try_emplace(part.stream, Stream{{0, {part.stream, 0, {}}, {}, {}, true}, false});
    if (!is_new) continue;
    const auto row = find_stream_.with(Text{part.stream}).step();
    if (!row) return fail(row.error());
    if (!*row) continue;
    slot->second.row = stream_row(find_stream_);
    find_stream_.reset();
    if (auto intact = check_intact(slot->second.row); !intact) return intact;
  }
  return {};
}

Result<Answer> Store::store(Batch& batch, Streams& streams, std::uint64_t& commit_number) {
  if (auto conflict = rule_.judge(batch, [&](const std::string& name) { return streams.at(name).row.head.sequence; })) {
    ++counts_.conflicts;
    return *conflict;
  }
  if (std::any_of(batch.parts.begin(), batch.parts.end(), [](const Part& part) { return !part.records.empty(); }))
    ++commit_number;
  Committed committed{commit_number, {}};
  for (Part& part : batch.parts) {
    Stream& stream = streams.at(part.stream);
    stream.changed = true;
    if (auto stored = store(part, stream.row, commit_number); !stored) return fail(stored.error());
    committed.heads.push_back(stream.row.head);
  }
  ++counts_.batches;
  return committed;
}

Result<void> Store::store(Part& part, StreamRow& stream, std::uint64_t commit_number) {
  if (stream.id == 0) {
    if (auto added = add_stream_.with(Text{part.stream}).run(); !added) return added;
    stream.id = sqlite3_last_insert_rowid(connection_.get());
  }
  for (NewRecord& each : part.records) {
    Record record{part.stream,  stream.head.sequence + 1, each.instant_us, each.kind,
                  each.version, std::move(each.bytes),    commit_number,   {}};
    record.hash = record_hash(stream.head.hash, record);
    add_record_.with(stream.id, record.instant_us, record.kind, record.version, record.commit, Blob{view(record.hash)},
                     Blob{record.bytes}, record.sequence);
    if (auto added = add_record_.run(); !added) return added;
    stream.head.sequence = record.sequence;
    stream.head.hash = record.hash;
    ++counts_.records;
  }
  if (part.next_due_us) stream.next_due_us = *part.next_due_us;
  if (stream.next_due_us == calendar::never) stream.next_due_us.reset();
  if (part.snapshot) return store(*part.snapshot, stream);
  return {};
}

Result<void> Store::store(const SnapshotChange& change, StreamRow& stream) {
  if (change.scope == SnapshotChange::Scope::Whole) {
    if (auto deleted = delete_rows_.with(stream.id).run(); !deleted) return deleted;
  }
  for (const std::string& key : change.deletes) {
    if (auto deleted = delete_row_.with(stream.id, Text{key}).run(); !deleted) return deleted;
  }
  for (const SnapshotRow& row : change.upserts) {
    const Hash hash = hash_of(stream.head.stream, row);
    if (auto put = put_row_.with(stream.id, Text{row.key}, Blob{row.bytes}, Blob{view(hash)}).run(); !put) return put;
  }
  counts_.snapshot_rows += change.deletes.size() + change.upserts.size();
  stream.mark = SnapshotMark{stream.head.sequence, stream.head.hash, change.state_hash, change.fold_version};
  return {};
}

Result<void> Store::finish(const Streams& streams, std::uint64_t commit_number) {
  bool changed = false;
  for (const auto& [name, each] : streams) {
    if (!each.changed) continue;
    changed = true;
    const StreamRow& stream = each.row;
    const Hash hash = hash_of(stream);
    const Blob head{view(stream.head.hash)};
    if (const auto& mark = stream.mark) {
      set_stream_.with(stream.id, stream.head.sequence, head, stream.next_due_us, mark->position,
                       Blob{view(mark->chain_head)}, Blob{view(mark->state_hash)}, mark->fold_version,
                       Blob{view(hash)});
    } else {
      const std::optional<std::int64_t> none;
      set_stream_.with(stream.id, stream.head.sequence, head, stream.next_due_us, none, none, none, none,
                       Blob{view(hash)});
    }
    if (auto set = set_stream_.run(); !set) return set;
  }
  if (!changed) return {};  // only conflicts: nothing to write, nothing to wait for
  return set_commit_.with(commit_number).run();
}

Result<void> Store::checkpoint(Checkpoint extent) {
  const int mode = extent == Checkpoint::Whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, mode, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  if (code == SQLITE_BUSY && extent == Checkpoint::Possible) return {};  // a reader is still in the log; later
  return fail(connection_.error().within("checkpoint"));
}

}  // namespace kvali::journal
