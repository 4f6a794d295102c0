#pragma once
// The journal: where what was decided becomes durable. Append-only streams, each hash-chained, appended to atomically
// over several streams, each with its expected sequence. One of the few interfaces of the house, because the disk is
// outside: memory.h and sqlite.h obey the same words (tests/server/journal/journal_test.cc).
//
// Threads: one thread appends and resumes. Answers may come on another thread (the journal's writer): post them to
// yourself. The reading calls may come from any thread; they see only what is durable.
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/result.h"

namespace kvali::journal {

using Hash = std::array<std::uint8_t, 32>;  // BLAKE2b-256; all zero before the first record of a stream

/// A record before it has its place: opaque bytes of a kind and a version of that kind.
struct NewRecord {
  std::int64_t instant_us = 0;  // UTC
  std::uint32_t kind = 0;
  std::uint32_t version = 0;
  std::string bytes;  // at most limits::record_bytes_max
};

/// A stored record. `sequence` counts from 1 without a gap in its stream; `commit` counts the commits of the whole
/// journal, so that the records of one commit are known by their number in every stream. The hash covers the hash of
/// the stream's record before and every other field.
struct Record {
  std::string stream;
  std::uint64_t sequence = 0;
  std::int64_t instant_us = 0;
  std::uint32_t kind = 0;
  std::uint32_t version = 0;
  std::string bytes;
  std::uint64_t commit = 0;
  Hash hash{};
  bool operator==(const Record&) const = default;
};

/// Where a stream ends: the sequence and the hash of its last record; 0 and zeros when it has none.
struct Head {
  std::string stream;
  std::uint64_t sequence = 0;
  Hash hash{};
  bool operator==(const Head&) const = default;
};

struct SnapshotRow {
  std::string key;
  std::string bytes;
  bool operator==(const SnapshotRow&) const = default;
};

/// What a commit changes in the snapshot of a stream. It stands at the end of the part that carries it.
struct SnapshotChange {
  enum class Scope { Changed, Whole };  // Whole: rows stored before and not named here are deleted
  Scope scope = Scope::Changed;
  std::vector<SnapshotRow> upserts;
  std::vector<std::string> deletes;  // keys
  Hash state_hash{};                 // of the folded state, as the fold defines it
  std::uint32_t fold_version = 0;
};

/// A stored snapshot: fold its rows, then the records after `position`. `chain_head` is the hash of the record at it.
struct Snapshot {
  std::uint64_t position = 0;
  Hash chain_head{};
  Hash state_hash{};
  std::uint32_t fold_version = 0;
  std::vector<SnapshotRow> rows;  // by key
  bool operator==(const Snapshot&) const = default;
};

/// What one commit adds to one stream, which has to end at `expected_sequence`.
struct Part {
  std::string stream;  // "cohort/abc", "directory", "program/NAME"
  std::uint64_t expected_sequence = 0;
  std::vector<NewRecord> records;           // may be empty once the stream exists: a snapshot or a due instant alone
  std::optional<std::int64_t> next_due_us;  // absent: as it was; calendar::never: nothing is due
  std::optional<SnapshotChange> snapshot;
};

/// One commit: all parts or none. A stream occurs once. A batch without records takes no commit number.
struct Batch {
  std::vector<Part> parts;
};

/// On disk, for ever. `heads` in the order of the parts.
struct Committed {
  std::uint64_t commit = 0;
  std::vector<Head> heads;
};

/// Another writer was first: nothing of the batch is stored. Drop every stream of the batch, fold it again, resume()
/// it.
struct Conflict {
  std::string stream;               // the first part that did not fit
  std::uint64_t head_sequence = 0;  // where that stream really ends
};

/// The disk failed: whether the batch is stored is known only after a restart. The process has to stop; every later
/// append fails with the same sentence.
struct Failed {
  std::string sentence;
};

using Answer = std::variant<Committed, Conflict, Failed>;
using Callback = std::function<void(Answer)>;

struct Due {
  std::string stream;
  std::int64_t due_us = 0;
  bool operator==(const Due&) const = default;
};

enum class Visit { Continue, Stop };
using Visitor = std::function<Visit(const Record&)>;

class Journal {
 public:
  virtual ~Journal() = default;

  /// Stores the batch and answers, in the order of the appends. Many may be in flight; a later one may expect the
  /// sequence that an earlier one will make. When one conflicts, everything appended to its streams conflicts until
  /// resume().
  virtual void append(Batch batch, Callback answer) = 0;

  /// The caller has dropped and folded `stream` again after a Conflict: what is appended from here on is judged afresh.
  virtual void resume(std::string stream) = 0;

  /// An error is a sentence for READ_ONLY: the disk's reserve is reached or the journal failed. What is in flight goes
  /// on.
  [[nodiscard]] virtual Result<void> writable() const = 0;

  /// Visits the durable records of a stream from `from_sequence` (at least 1) to its head, checking the chain; a stream
  /// without records visits nothing. An error names the record: "cohort/abc record 17: its hash does not match its
  /// bytes".
  [[nodiscard]] virtual Result<void> read(const std::string& stream, std::uint64_t from_sequence,
                                          const Visitor& visit) const = 0;

  /// Every stream that has records, by name.
  [[nodiscard]] virtual Result<std::vector<Head>> streams() const = 0;
  [[nodiscard]] virtual Result<Head> head(const std::string& stream) const = 0;

  /// The streams whose next due instant is at or before `instant_us`, the earliest first; and the earliest of all.
  [[nodiscard]] virtual Result<std::vector<Due>> due_at(std::int64_t instant_us) const = 0;
  [[nodiscard]] virtual Result<std::optional<Due>> next_due() const = 0;

  /// The stored snapshot; nothing when none was written. A damaged one is an error: fold from record 1 instead.
  [[nodiscard]] virtual Result<std::optional<Snapshot>> snapshot(const std::string& stream) const = 0;

  /// Stores and answers what is in flight, then lets go of the files. Nothing may be called afterwards.
  [[nodiscard]] virtual Result<void> close() = 0;
};

}  // namespace kvali::journal
