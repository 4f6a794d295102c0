#include "server/journal/verify.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "engine/limits.h"
#include "server/journal/sqlite_reader.h"

namespace kvali::journal {
namespace {

class Verifier {
 public:
  Verifier(const sqlite::Connection& connection, std::string path) : connection_(connection), path_(std::move(path)) {}

  Report run() {
    const ReadTransaction transaction(connection_);
    if (!transaction.begun()) return unreadable(transaction.begun().error());
    if (auto ours = check_identity(connection_, path_); !ours) {
      found({}, 0, ours.error().message);
      return std::move(report_);
    }
    for (const std::string& damage : page_damage(connection_, "integrity_check"))
      found({}, 0, path_ + ": page damage: " + damage);
    check_schema();
    const auto streams = read_streams(connection_);
    if (!streams) return unreadable(streams.error());
    report_.streams = streams->size();
    for (const StreamRow& stream : *streams) check_stream(stream);
    check_owners("records", "holds records");
    check_owners("snapshot_rows", "holds snapshot rows");
    check_commits();
    return std::move(report_);
  }

 private:
  void found(std::string stream, std::uint64_t sequence, std::string sentence) {
    if (report_.findings.size() < limits::verify_findings_max) {
      report_.findings.push_back({std::move(stream), sequence, std::move(sentence)});
    } else {
      ++report_.more;
    }
  }

  Report unreadable(const Error& error) {
    found({}, 0, path_ + ": page damage: " + error.message);
    return std::move(report_);
  }

  // Altered table definitions could make good rows read wrong, so they are compared letter by letter.
  void check_schema() {
    const std::map<std::string, std::string> expected = {{"journal", journal_table},
                                                         {"streams", streams_table},
                                                         {"streams_by_due", streams_index},
                                                         {"records", records_table},
                                                         {"snapshot_rows", snapshot_rows_table},
                                                         {"sqlite_autoindex_streams_1", ""}};
    std::set<std::string> seen;
    each_row("SELECT name, coalesce(sql, '') FROM sqlite_schema", [&](const sqlite::Statement& row) {
      const std::string name(row.bytes(0));
      const auto known = expected.find(name);
      if (known == expected.end())
        return found({}, 0, path_ + ": holds a table or index that is not of a journal: " + name);
      seen.insert(name);
      if (known->second != row.bytes(1))
        found({}, 0, path_ + ": the definition of table or index " + name + " was altered");
    });
    for (const auto& [name, sql] : expected) {
      if (!seen.contains(name)) found({}, 0, path_ + ": table or index " + name + " is missing");
    }
  }

  void check_stream(const StreamRow& stream) {
    ids_.insert(stream.id);
    if (auto intact = check_intact(stream); !intact) found(stream.head.stream, 0, intact.error().message);
    if (auto finding = verify_chain(connection_, stream, report_.records)) {
      found(finding->stream, finding->sequence, finding->sentence);
    }
    check_snapshot(stream);
  }

  void check_snapshot(const StreamRow& stream) {
    const std::string& name = stream.head.stream;
    std::uint64_t rows = 0;
    each_row(
        "SELECT key, bytes, row_hash FROM snapshot_rows WHERE stream = ?1 ORDER BY key",
        [&](const sqlite::Statement& row) {
          ++rows;
          const SnapshotRow stored{std::string(row.bytes(0)), std::string(row.bytes(1))};
          if (hash_of(name, stored) != hash_of(row.bytes(2))) {
            found(name, 0, name + ": snapshot row " + stored.key + " does not match its hash");
          }
        },
        stream.id);
    report_.snapshot_rows += rows;
    if (!stream.mark && rows > 0) found(name, 0, name + ": has snapshot rows, but no snapshot");
    if (!stream.mark) return;
    each_row(
        "SELECT coalesce((SELECT hash FROM records WHERE stream = ?1 AND sequence = ?2), x'')",
        [&](const sqlite::Statement& row) {
          if (view(stream.mark->chain_head) == row.bytes(0)) return;
          found(
              name, 0,
              fmt::format("{}: its snapshot stands at record {}, whose hash is another", name, stream.mark->position));
        },
        stream.id, stream.mark->position);
  }

  // Rows whose stream is not in the streams table: a flipped key, or a lost row of that table.
  void check_owners(std::string_view table, std::string_view what) {
    each_row(fmt::format("SELECT stream, count(*) FROM {} GROUP BY stream", table), [&](const sqlite::Statement& row) {
      if (ids_.contains(row.integer(0))) return;
      found({}, 0,
            fmt::format("{}: table {} {} of stream number {}, which the streams table does not know ({} of them)",
                        path_, table, what, row.integer(0), row.integer(1)));
    });
  }

  // Each commit has records, so that a stream lost whole, its row with it, leaves a hole in the numbers.
  void check_commits() {
    each_row(
        "SELECT commit_number, (SELECT count(DISTINCT commit_number) FROM records), (SELECT "
        "coalesce(max(commit_number), 0) FROM records)"
        " FROM journal",
        [&](const sqlite::Statement& row) {
          if (row.integer(0) == row.integer(1) && row.integer(0) == row.integer(2)) return;
          found({}, 0,
                fmt::format("{}: the journal counts {} commits, its records show {} up to number {}", path_,
                            row.integer(0), row.integer(1), row.integer(2)));
        });
  }

  template <class Visit, class... Values>
  void each_row(std::string_view sql, const Visit& visit, const Values&... values) {
    auto statement = connection_.prepare(sql);
    if (!statement) return found({}, 0, path_ + ": page damage: " + statement.error().message);
    statement->with(values...);
    for (;;) {
      const auto row = statement->step();
      if (!row) return found({}, 0, path_ + ": page damage: " + row.error().message);
      if (!*row) return;
      visit(*statement);
    }
  }

  const sqlite::Connection& connection_;
  std::string path_;
  Report report_;
  std::set<std::int64_t> ids_;
};

}  // namespace

std::optional<Finding> verify_chain(const sqlite::Connection& connection, const StreamRow& stream,
                                    std::uint64_t& records) {
  std::uint64_t last = 0;
  const auto walked = walk(connection, stream, Head{stream.head.stream, 0, {}}, [&](const Record& record) {
    last = record.sequence;
    ++records;
    return Visit::Continue;
  });
  if (walked) return std::nullopt;
  return Finding{stream.head.stream, std::min(last, stream.head.sequence - 1) + 1, walked.error().message};
}

std::optional<Finding> verify_chain(const sqlite::Connection& connection, const std::string& stream) {
  const auto row = find_stream(connection, stream);
  if (!row) return Finding{stream, 0, row.error().message};
  if (!row->has_value()) return Finding{stream, 0, stream + ": the streams table does not know it"};
  std::uint64_t records = 0;
  return verify_chain(connection, **row, records);
}

Result<Report> verify_all(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) return fail(fmt::format("opening {}: {}", path, std::strerror(errno)));
  auto connection = sqlite::Connection::open({path, {}}, sqlite::Connection::Access::ReadOnly);
  if (!connection) return fail(connection.error());
  return Verifier(*connection, path).run();
}

}  // namespace kvali::journal
