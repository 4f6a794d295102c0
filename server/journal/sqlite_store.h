#pragma once
// The writing side of the SQLite journal, without threads: opens the file in the order that makes it trustworthy, and
// stores a group of batches in one transaction. Whoever calls it owns the file's only writing connection.
#include <map>
#include <span>

#include "server/journal/in_flight.h"
#include "server/journal/sqlite_schema.h"

namespace kvali::journal {

class Store {
 public:
  /// Opens or creates: identity, quick_check, the log written once more and then checkpointed whole, so that what is
  /// read from here on is what the disk has. Errors name the file and what was found.
  [[nodiscard]] static Result<Store> open(const sqlite::Connection::Place& place);

  /// Stores the group in one durable transaction and returns the answers in its order, one per batch (none per resume).
  /// `before_commit` runs when all is written and nothing is durable yet. After an error the store must not be used
  /// again.
  [[nodiscard]] Result<std::vector<Answer>> commit(std::span<Waiting> group,
                                                   const std::function<Result<void>()>& before_commit);

  /// Writes the log back into the file as far as readers allow; Whole: to its end, or it is an error.
  enum class Checkpoint { Possible, Whole };
  [[nodiscard]] Result<void> checkpoint(Checkpoint extent);
  /// Pages in the write-ahead log after the last commit.
  int wal_pages() const { return *wal_pages_; }

  struct Counts {
    std::uint64_t batches = 0;  // committed
    std::uint64_t conflicts = 0;
    std::uint64_t records = 0;
    std::uint64_t snapshot_rows = 0;  // written or deleted
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Stream {
    StreamRow row;  // as it will be at the end of the transaction; id 0: not stored yet
    bool changed = false;
  };
  using Streams = std::map<std::string, Stream>;

  [[nodiscard]] Result<void> create(const std::string& path);
  [[nodiscard]] Result<void> settle_log();
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> load(const Batch& batch, Streams& streams);
  [[nodiscard]] Result<Answer> store(Batch& batch, Streams& streams, std::uint64_t& commit_number);
  [[nodiscard]] Result<void> store(Part& part, StreamRow& stream, std::uint64_t commit_number);
  [[nodiscard]] Result<void> store(const SnapshotChange& change, StreamRow& stream);
  [[nodiscard]] Result<void> finish(const Streams& streams, std::uint64_t commit_number);

  sqlite::Connection connection_;
  sqlite::Statement begin_, commit_, last_commit_, set_commit_;
  sqlite::Statement find_stream_, add_stream_, set_stream_, add_record_;
  sqlite::Statement put_row_, delete_row_, delete_rows_;
  std::unique_ptr<int> wal_pages_ = std::make_unique<int>(0);  // SQLite's hook keeps its address
  ConflictRule rule_;
  Counts counts_;
};

}  // namespace kvali::journal
