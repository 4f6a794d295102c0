#pragma once
// The journal in SQLite: one thread owns the only writing connection, takes everything that waits into one transaction
// (group commit: an fsync costs the same for one batch as for a thousand), answers, and checkpoints between groups.
// Readers have read-only connections of their own and never checkpoint, which keeps clear of SQLite's WAL-reset fault.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "server/journal/instance_lock.h"
#include "server/journal/sqlite_store.h"

namespace kvali::journal {

class SqliteJournal final : public Journal {
 public:
  struct Options {
    std::string path;  // the file; beside it live PATH-wal, PATH-shm and PATH.lock
    /// Runs on the writer thread before a transaction becomes durable: what its records need elsewhere (keys) goes to
    /// disk first. Its error fails the journal.
    std::function<Result<void>()> before_commit;
    std::function<Result<std::uint64_t>(const std::string& path)> free_bytes;  // absent: asks the file system
    std::string vfs;                                                           // absent: SQLite's own
    int checkpoint_pages = limits::journal_wal_pages_max;                      // of the log, then they go into the file
  };
  struct Stats {
    std::uint64_t transactions = 0;  // groups stored, each with one fsync of the log
    std::uint64_t checkpoints = 0;
    Store::Counts stored;
  };

  /// Lock, open, check, checkpoint, ready to be read. Errors say what stands in the way.
  [[nodiscard]] static Result<std::unique_ptr<SqliteJournal>> open(Options options);
  ~SqliteJournal() override;

  void append(Batch batch, Callback answer) override;
  void resume(std::string stream) override;
  Result<void> writable() const override;
  Result<void> read(const std::string& stream, std::uint64_t from_sequence, const Visitor& visit) const override;
  Result<std::vector<Head>> streams() const override;
  Result<Head> head(const std::string& stream) const override;
  Result<std::vector<Due>> due_at(std::int64_t instant_us) const override;
  Result<std::optional<Due>> next_due() const override;
  Result<std::optional<Snapshot>> snapshot(const std::string& stream) const override;
  Result<void> close() override;

  Stats stats() const;

 private:
  SqliteJournal(Options options, InstanceLock lock, Store store);
  void write();                 // the writer thread
  std::vector<Waiting> take();  // what waits, up to the limits of a group; empty when the journal closes
  void store(std::vector<Waiting> group);
  void measure_disk() const;
  bool failed() const;
  void fail_for_ever(const Error& error);
  template <class Read>
  auto reading(const Read& read) const;

  Options options_;
  InstanceLock lock_;
  Store store_;  // the writer thread's, until it has ended
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Waiting> waiting_;
  bool closing_ = false;
  std::string failure_;
  Stats stats_;
  mutable std::atomic<std::uint64_t> free_bytes_{0};
  mutable std::vector<sqlite::Connection> readers_;  // idle ones
  std::thread writer_;
};

}  // namespace kvali::journal
