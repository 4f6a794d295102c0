#include "server/journal/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/calendar/calendar.h"
#include "server/journal/sqlite_reader.h"

namespace kvali::journal {
namespace {

Result<std::uint64_t> ask_file_system(const std::string& path) {
  std::error_code error;
  const std::filesystem::space_info space =
      std::filesystem::space(std::filesystem::absolute(path).parent_path(), error);
  if (error) return fail("free space beside " + path + ": " + error.message());
  return space.available;
}

/// Creates the file, readable by its owner only (SQLite gives the log the same rights), and makes its name durable.
Result<void> ensure_file(const std::string& path) {
  const auto failed = [](const std::string& what) { return fail(fmt::format("{}: {}", what, std::strerror(errno))); };
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return failed("opening " + path);
  ::close(file);
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return failed("opening " + folder);
  const int synced = ::fsync(directory);
  ::close(directory);
  return synced == 0 ? Result<void>() : failed("making " + path + " durable");
}

std::size_t bytes_of(const Batch& batch) {
  std::size_t bytes = 0;
  for (const Part& part : batch.parts) {
    for (const NewRecord& record : part.records) bytes += record.bytes.size();
    if (!part.snapshot) continue;
    for (const SnapshotRow& row : part.snapshot->upserts) bytes += row.bytes.size();
  }
  return bytes;
}

std::size_t rows_of(const Batch& batch) {
  std::size_t rows = 0;
  for (const Part& part : batch.parts)
    rows += part.records.size() + (part.snapshot ? part.snapshot->upserts.size() : 0);
  return rows;
}

}  // namespace

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(Options options) {
  auto lock = InstanceLock::take(options.path + ".lock");
  if (!lock) return fail(lock.error());
  if (auto there = ensure_file(options.path); !there) return fail(there.error());
  auto store = Store::open({options.path, options.vfs});
  if (!store) return fail(store.error());
  if (!options.free_bytes) options.free_bytes = ask_file_system;
  return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::move(options), std::move(*lock), std::move(*store)));
}

SqliteJournal::SqliteJournal(Options options, InstanceLock lock, Store store)
    : options_(std::move(options)), lock_(std::move(lock)), store_(std::move(store)) {
  measure_disk();
  writer_ = std::thread([this] { write(); });
}

SqliteJournal::~SqliteJournal() {
  if (writer_.joinable()) static_cast<void>(close());
}

void SqliteJournal::append(Batch batch, Callback answer) {
  check_shape(batch);
  KVALI_CHECK(answer);
  const std::lock_guard guard(mutex_);
  KVALI_CHECK(!closing_);
  waiting_.push_back({std::move(batch), std::move(answer), {}});
  arrived_.notify_one();
}

void SqliteJournal::resume(std::string stream) {
  const std::lock_guard guard(mutex_);
  waiting_.push_back({{}, nullptr, std::move(stream)});
  arrived_.notify_one();
}

void SqliteJournal::write() {
  for (;;) {
    std::vector<Waiting> group = take();
    if (group.empty()) return;
    store(std::move(group));
  }
}

std::vector<Waiting> SqliteJournal::take() {
  std::unique_lock guard(mutex_);
  arrived_.wait(guard, [this] { return closing_ || !waiting_.empty(); });
  std::vector<Waiting> group;
  std::size_t bytes = 0;
  std::size_t rows = 0;
  while (!waiting_.empty() && rows < limits::journal_group_records_max && bytes < limits::journal_group_bytes_max) {
    rows += rows_of(waiting_.front().batch);
    bytes += bytes_of(waiting_.front().batch);
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return group;
}

void SqliteJournal::store(std::vector<Waiting> group) {
  std::vector<Answer> answers;
  if (!failed()) {
    auto stored = store_.commit(group, options_.before_commit);
    if (stored) {
      answers = std::move(*stored);
    } else {
      fail_for_ever(stored.error());
    }
  }
  measure_disk();
  {
    const std::lock_guard guard(mutex_);
    if (failure_.empty()) ++stats_.transactions;
    stats_.stored = store_.counts();
  }
  std::size_t next = 0;
  for (Waiting& each : group) {
    if (!each.answer) continue;
    each.answer(next < answers.size() ? std::move(answers[next]) : Answer(Failed{failure_}));
    ++next;
  }
  if (failed() || store_.wal_pages() < options_.checkpoint_pages) return;
  // After the answers, so that nobody waits for it; its failure is the journal's, though what was answered is durable.
  if (auto done = store_.checkpoint(Store::Checkpoint::Possible); !done) return fail_for_ever(done.error());
  const std::lock_guard guard(mutex_);
  ++stats_.checkpoints;
}

void SqliteJournal::measure_disk() const {
  const auto bytes = options_.free_bytes(options_.path);
  free_bytes_ = bytes.value_or(0);
}

bool SqliteJournal::failed() const {
  const std::lock_guard guard(mutex_);
  return !failure_.empty();
}

void SqliteJournal::fail_for_ever(const Error& error) {
  const std::lock_guard guard(mutex_);
  failure_ = error.within("the journal " + options_.path + " failed and takes nothing more until a restart").message;
}

Result<void> SqliteJournal::writable() const {
  {
    const std::lock_guard guard(mutex_);
    if (!failure_.empty()) return fail(failure_);
  }
  if (free_bytes_ >= limits::disk_reserve_bytes) return {};
  measure_disk();  // nothing is written any more, so nobody else would see that room was made
  if (free_bytes_ >= limits::disk_reserve_bytes) return {};
  constexpr std::uint64_t mebibyte = 1024 * 1024;
  return fail(fmt::format("the disk of {} has {} MiB left; below {} MiB nothing new is accepted", options_.path,
                          free_bytes_ / mebibyte, limits::disk_reserve_bytes / mebibyte));
}

template <class Read>
auto SqliteJournal::reading(const Read& read) const {
  using Answered = decltype(read(std::declval<const sqlite::Connection&>()));
  sqlite::Connection connection;
  {
    const std::lock_guard guard(mutex_);
    if (!readers_.empty()) {
      connection = std::move(readers_.back());
      readers_.pop_back();
    }
  }
  if (connection.get() == nullptr) {
    auto opened = sqlite::Connection::open({options_.path, options_.vfs}, sqlite::Connection::Access::ReadOnly);
    if (!opened) return Answered(fail(opened.error()));
    connection = std::move(*opened);
  }
  Answered answered = read(connection);
  if (!answered) return answered;
  const std::lock_guard guard(mutex_);
  if (readers_.size() < limits::journal_readers_idle_max) readers_.push_back(std::move(connection));
  return answered;
}

Result<void> SqliteJournal::read(const std::string& stream, std::uint64_t from_sequence, const Visitor& visit) const {
  return reading(
      [&](const sqlite::Connection& connection) { return read_records(connection, stream, from_sequence, visit); });
}

Result<std::vector<Head>> SqliteJournal::streams() const {
  return reading([](const sqlite::Connection& connection) -> Result<std::vector<Head>> {
    auto rows = read_streams(connection);
    if (!rows) return fail(rows.error());
    std::vector<Head> heads;
    for (StreamRow& row : *rows) heads.push_back(std::move(row.head));
    return heads;
  });
}

Result<Head> SqliteJournal::head(const std::string& stream) const {
  return reading([&](const sqlite::Connection& connection) -> Result<Head> {
    auto row = find_stream(connection, stream);
    if (!row) return fail(row.error());
    return *row ? (*row)->head : Head{stream, 0, {}};
  });
}

Result<std::vector<Due>> SqliteJournal::due_at(std::int64_t instant_us) const {
  return reading([&](const sqlite::Connection& connection) { return read_due(connection, instant_us, -1); });
}

Result<std::optional<Due>> SqliteJournal::next_due() const {
  return reading([](const sqlite::Connection& connection) -> Result<std::optional<Due>> {
    auto due = read_due(connection, calendar::never, 1);
    if (!due) return fail(due.error());
    return due->empty() ? std::nullopt : std::optional(std::move(due->front()));
  });
}

Result<std::optional<Snapshot>> SqliteJournal::snapshot(const std::string& stream) const {
  return reading([&](const sqlite::Connection& connection) { return read_snapshot(connection, stream); });
}

Result<void> SqliteJournal::close() {
  {
    const std::lock_guard guard(mutex_);
    KVALI_CHECK(!closing_);
    closing_ = true;
    arrived_.notify_one();
  }
  writer_.join();
  readers_.clear();
  Result<void> closed;
  if (!failure_.empty()) {
    closed = fail(failure_);
  } else if (auto whole = store_.checkpoint(Store::Checkpoint::Whole); !whole) {
    closed = fail(whole.error().within(options_.path));
  }
  store_ = {};
  lock_ = {};
  return closed;
}

SqliteJournal::Stats SqliteJournal::stats() const {
  const std::lock_guard guard(mutex_);
  return stats_;
}

}  // namespace kvali::journal
