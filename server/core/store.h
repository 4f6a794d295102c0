#pragma once
// Everything that is folded from the journal: the directory, the published programs, the cohorts. Owned by the core thread;
// read there by queries and views, changed there by apply alone.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/cohort/apply.h"
#include "engine/cohort/sketch.h"
#include "engine/directory/directory.h"
#include "server/core/snapshots.h"
#include "server/core/touches.h"
#include "server/journal/journal.h"

namespace kvali::core {

/// A stream of a cohort: folded, or quarantined with the sentence that says why. The others serve.
struct CohortEntry {
  cohort::Cohort state;
  Touches touches;          // of its last records
  std::string quarantined;  // empty: it serves
};

/// What a record changed, by what people look at: rows that are dirty from now on.
struct Changed {
  std::string cohort;
  std::uint64_t position_before = 0;     // the cohort's sequence before the commit
  std::vector<std::string> initiatives;  // ids, each once
  std::vector<std::string> places;       // localities and the like in which a place was taken or given back; "": of the whole
  bool head = false;                     // the cohort's own row, localities, roles
  bool rules = false;                    // what every move is judged by: parameters, places, roles, a rehearsal's clock
  bool everything = false;               // the stream was folded again, or goes by another version of its program
};

/// A command that published, and where.
struct Published : cohort::Answered {
  std::string stream;
};

/// By which road a state comes back: from its snapshot and the records behind it, or from record 1.
enum class Road { Snapshots, FirstRecord };

class Store {
 public:
  /// Called after each record that was applied.
  using Seen = std::function<void(const std::string& stream, std::uint64_t sequence)>;

  directory::Directory directory;
  cohort::Library library;
  std::map<std::string, CohortEntry> cohorts;  // by id
  std::map<std::string, Published> publications; // command id → what it published; few, so none is forgotten

  /// Folds every stream of the journal: programs first, since cohorts name them. An error is of the world; a cohort that
  /// does not fold is quarantined, a snapshot that is of no use passed over, and `notices` tell of both.
  [[nodiscard]] Result<void> replay(const journal::Journal& journal, std::vector<std::string>& notices, Road road = Road::Snapshots,
                                    const Seen& seen = {});
  /// Drops one stream and folds it again.
  [[nodiscard]] Result<void> refold(const journal::Journal& journal, const std::string& stream, std::vector<std::string>& notices);
  /// Applies one record of `stream`, live or in replay.
  [[nodiscard]] Result<void> apply(const std::string& stream, const v1::Record& record);
  [[nodiscard]] std::uint64_t sequence(const std::string& stream) const;
  [[nodiscard]] cohort::World world() const { return {directory, library}; }

  /// Every row of the stream's state; none of a program's, whose record is all there is, or of a cohort in quarantine.
  [[nodiscard]] std::vector<Row> rows(const std::string& stream) const;
  /// How many records its snapshot does not cover; 0 of a stream that has none.
  [[nodiscard]] std::uint64_t behind_snapshot(const std::string& stream) const;
  /// What the journal is to store for a snapshot of the state as it is; from here on it counts as stored. Of a stream that has
  /// rows.
  [[nodiscard]] journal::SnapshotChange take_snapshot(const std::string& stream);

 private:
  [[nodiscard]] Result<void> fold(const journal::Journal& journal, const std::string& stream, std::vector<std::string>& notices, Road road,
                                  const Seen& seen);
  [[nodiscard]] Result<bool> fold_from_snapshot(const journal::Journal& journal, const std::string& stream, const Seen& seen);
  [[nodiscard]] Result<void> fold_records(const journal::Journal& journal, const std::string& stream, const journal::Head& after, const Seen& seen);
  void drop(const std::string& stream);
  [[nodiscard]] RowChanges stale_rows(const std::string& stream) const;

  std::map<std::string, std::uint64_t> program_sequence_;
  std::map<std::string, StoredSnapshot> snapshots_;  // by stream
};

inline constexpr const char* directory_stream = "directory";
std::string cohort_stream(const std::string& cohort);
std::string program_stream(const std::string& program);
/// "cohort/x" → "x"; empty when it is no cohort's.
std::string cohort_of(const std::string& stream);
/// The version of the fold of the stream's kind.
std::uint32_t fold_version_of(const std::string& stream);

/// The version of every kind of record so far. A kind that changes gets the next one, and an applier of its own.
inline constexpr std::uint32_t record_version = 1;
/// The kind of a record in the journal: the number of its field in Record.body.
std::uint32_t kind_of(const v1::Record& record);
/// What of the screens the records of one commit change.
Changed changes_of(const std::string& stream, const Records& records);

}  // namespace kvali::core
