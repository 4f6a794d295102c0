// The limit that durable commands are measured against: the records of a journal appended to a bare SQLite table, in
// transactions of a given size. Usage: wire_bench_raw JOURNAL BATCH COUNT FILE; prints rows a second.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

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

double rows_a_second(const std::string& path, const std::vector<std::string>& payloads, std::size_t batch) {
  std::fclose(std::fopen(path.c_str(), "w"));
  const auto connection = std::move(*sqlite::Connection::open({path, {}}, sqlite::Connection::Access::ReadWrite));
  KVALI_CHECK(
      connection.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"
                     "CREATE TABLE raw (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT"));
  sqlite3_wal_autocheckpoint(connection.get(), limits::journal_wal_pages_max);
  auto insert = std::move(*connection.prepare("INSERT INTO raw (bytes) VALUES (?1)"));
  const auto start = Clock::now();
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    if (i % batch == 0) KVALI_CHECK(connection.run("BEGIN IMMEDIATE"));
    KVALI_CHECK(insert.with(sqlite::Blob{payloads[i]}).run());
    if (i % batch == batch - 1 || i + 1 == payloads.size()) KVALI_CHECK(connection.run("COMMIT"));
  }
  return static_cast<double>(payloads.size()) / std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace
}  // namespace kvali

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto payloads = kvali::payloads_of(argv[1], std::strtoull(argv[3], nullptr, 10));
  fmt::print("{:.0f}\n", kvali::rows_a_second(argv[4], payloads, std::strtoull(argv[2], nullptr, 10)));
}
