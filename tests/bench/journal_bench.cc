// How much of the disk's speed the journal keeps: records a second with 64 appends in flight, beside raw SQLite inserts
// of the same bytes in transactions of the size that the journal really reached. Usage: journal_bench [FOLDER]
// [RECORDS].
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "server/journal/sqlite.h"

namespace kvali::journal {
namespace {

using Clock = std::chrono::steady_clock;

struct Measured {
  double seconds = 0;
  std::uint64_t transactions = 0;
  std::uint64_t checkpoints = 0;
};

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// `streams` cohorts take turns, one record a commit, never more than 64 unanswered.
Measured through_the_journal(const std::string& path, const std::vector<std::string>& payloads, std::size_t streams) {
  SqliteJournal::Options options;
  options.path = path;
  auto journal = std::move(*SqliteJournal::open(std::move(options)));
  std::mutex mutex;
  std::condition_variable answered;
  std::size_t in_flight = 0;
  std::vector<std::uint64_t> heads(streams);
  const auto start = Clock::now();
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    {
      std::unique_lock guard(mutex);
      answered.wait(guard, [&] { return in_flight < 64; });
      ++in_flight;
    }
    Part part;
    part.stream = fmt::format("cohort/{}", i % streams);
    part.expected_sequence = heads[i % streams]++;
    part.records = {{static_cast<std::int64_t>(i), 1, 1, payloads[i]}};
    part.next_due_us = static_cast<std::int64_t>(i + 1'000'000);
    journal->append(Batch{{std::move(part)}}, [&](const Answer& answer) {
      KVALI_CHECK(std::holds_alternative<Committed>(answer));
      const std::lock_guard guard(mutex);
      --in_flight;
      answered.notify_one();
    });
  }
  std::unique_lock guard(mutex);
  answered.wait(guard, [&] { return in_flight == 0; });
  guard.unlock();
  Measured measured{since(start), 0, 0};
  measured.transactions = journal->stats().transactions;
  measured.checkpoints = journal->stats().checkpoints;
  KVALI_CHECK(journal->close());
  return measured;
}

double raw(const std::string& path, const std::vector<std::string>& payloads, std::size_t batch) {
  std::fclose(std::fopen(path.c_str(), "w"));
  auto connection = std::move(*sqlite::Connection::open({path, {}}, sqlite::Connection::Access::ReadWrite));
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
  return since(start);
}

}  // namespace

int bench(const std::string& folder, std::size_t count) {
  std::filesystem::create_directories(folder);
  for (const std::size_t size : {100U, 400U}) {
    std::mt19937_64 random(1);
    std::vector<std::string> payloads(count, std::string(size, '\0'));
    for (std::string& payload : payloads) {
      for (char& byte : payload) byte = static_cast<char>(random());
    }
    for (const std::size_t streams : {1U, 16U}) {
      const std::string path = folder + "/bench.db";
      const std::string raw_path = folder + "/raw.db";
      const auto rate = [&](double seconds) { return static_cast<double>(count) / seconds; };
      for (int round = 0; round < 3; ++round) {  // the disk is shared: its speed changes from one second to the next
        const Measured journal = through_the_journal(path, payloads, streams);
        const std::size_t batch = std::max<std::size_t>(1, count / journal.transactions);
        const double beside = raw(raw_path, payloads, batch);
        fmt::print(
            "{} bytes, {:2} streams: journal {:7.0f} records/s ({} in a transaction, {} checkpoints), raw {:7.0f} "
            "rows/s, ratio {:.2f}\n",
            size, streams, rate(journal.seconds), batch, journal.checkpoints, rate(beside),
            rate(journal.seconds) / rate(beside));
        for (const std::string& made : {path, raw_path}) {
          for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(made + suffix);
        }
      }
    }
  }
  return 0;
}

}  // namespace kvali::journal

int main(int argc, char** argv) {
  return kvali::journal::bench(argc > 1 ? argv[1] : "journal_bench_files",
                               argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000);
}
