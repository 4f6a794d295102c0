// The limit that durable commands are measured against: the records of a journal appended to a bare SQLite table, in
// transactions of a given size. Usage: wire_bench_raw JOURNAL COUNT FILE; for each line BATCH of standard input it appends the
// journal's newest COUNT records and prints how many seconds that took.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "engine/limits.h"
#include "server/journal/sqlite_handle.h"

namespace kvali {
namespace {

using Clock = std::chrono::steady_clock;

/// The newest records' bytes, oldest first.
std::vector<std::string> payloads_of(const std::string& journal, std::size_t count) {
  const auto connection = std::move(*sqlite::Connection::open({journal, {}}, sqlite::Connection::Access::ReadOnly));
  auto rows = std::move(*connection.prepare("SELECT bytes FROM records ORDER BY commit_number DESC LIMIT ?1"));
  rows.with(static_cast<std::int64_t>(count));
  std::vector<std::string> payloads;
  while (*rows.step()) payloads.emplace_back(rows.bytes(0));
  return {payloads.rbegin(), payloads.rend()};
}

/// Appends `payloads`, `batch` in a transaction, each durable before the next.
void append(const sqlite::Connection& connection, sqlite::Statement& insert, const std::vector<std::string>& payloads, std::size_t batch) {
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    if (i % batch == 0) KVALI_CHECK(connection.run("BEGIN IMMEDIATE"));
    KVALI_CHECK(insert.with(sqlite::Blob{payloads[i]}).run());
    if (i % batch == batch - 1 || i + 1 == payloads.size()) KVALI_CHECK(connection.run("COMMIT"));
  }
}

/// Answers each BATCH with the seconds that appending `payloads` in transactions of so many rows takes.
void serve(const std::string& path, const std::vector<std::string>& payloads) {
  std::fclose(std::fopen(path.c_str(), "w"));
  const auto connection = std::move(*sqlite::Connection::open({path, {}}, sqlite::Connection::Access::ReadWrite));
  KVALI_CHECK(
      connection.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"
                     "CREATE TABLE raw (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT"));
  auto insert = std::move(*connection.prepare("INSERT INTO raw (bytes) VALUES (?1)"));
  // As with a server that has run for a while, the log has its full length and is written over; one that grows is slower.
  while (std::filesystem::file_size(path + "-wal") < std::uintmax_t{limits::journal_wal_pages_max} * 4096)
    append(connection, insert, payloads, limits::journal_group_records_max);
  KVALI_CHECK(connection.run("PRAGMA wal_checkpoint(RESTART)"));
  sqlite3_wal_autocheckpoint(connection.get(), limits::journal_wal_pages_max);
  for (std::size_t batch = 0; std::cin >> batch && batch > 0;) {
    const auto start = Clock::now();
    append(connection, insert, payloads, batch);
    fmt::print("{}\n", std::chrono::duration<double>(Clock::now() - start).count());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace kvali

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  kvali::serve(argv[3], kvali::payloads_of(argv[1], std::strtoull(argv[2], nullptr, 10)));
}
