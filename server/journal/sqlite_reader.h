#pragma once
// The reading side of the SQLite journal: plain functions over a read-only connection, each in one read transaction,
// used by the running journal and by the verifier alike. What they mean is said in journal.h.
#include <functional>

#include "server/journal/sqlite_schema.h"

namespace kvali::journal {

/// Everything read between construction and destruction is of one moment.
class ReadTransaction {
 public:
  explicit ReadTransaction(const sqlite::Connection& connection)
      : connection_(connection), begun_(connection.run("BEGIN")) {}
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction() {
    if (begun_) static_cast<void>(connection_.run("ROLLBACK"));
  }
  const Result<void>& begun() const { return begun_; }

 private:
  const sqlite::Connection& connection_;
  Result<void> begun_;
};

/// The stream's row, intact; nothing when it has no records.
Result<std::optional<StreamRow>> find_stream(const sqlite::Connection& connection, const std::string& name);

/// Visits the records after `before`, which is where the walk starts, and checks them against the stream's row.
Result<void> walk(const sqlite::Connection& connection, const StreamRow& stream, Head before, const Visitor& visit);

Result<void> read_records(const sqlite::Connection& connection, const std::string& stream, std::uint64_t from_sequence,
                          const Visitor& visit);
/// Every row, intact or not: whoever then reads a damaged stream is told.
Result<std::vector<StreamRow>> read_streams(const sqlite::Connection& connection);
Result<std::vector<Due>> read_due(const sqlite::Connection& connection, std::int64_t instant_us, std::int64_t rows_max);
Result<std::optional<Snapshot>> read_snapshot(const sqlite::Connection& connection, const std::string& stream);

}  // namespace kvali::journal
