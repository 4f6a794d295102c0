#pragma once
// Proves a stored journal, or names what is wrong with it: pages, rows, every hash from record 1, gaps, cut tails.
// Reads only, and may run beside the server. The fold of the records is the core's to compare; here they are bytes.
#include "server/journal/sqlite_schema.h"

namespace kvali::journal {

struct Finding {
  std::string stream;          // empty: the file as a whole
  std::uint64_t sequence = 0;  // 0: not one record
  std::string sentence;        // names both: "cohort/abc record 17: its hash does not match its bytes"
};

struct Report {
  std::vector<Finding> findings;  // at most limits::verify_findings_max; empty: the journal is whole
  std::uint64_t more = 0;         // findings that did not fit
  std::uint64_t streams = 0;
  std::uint64_t records = 0;  // that were found good
  std::uint64_t snapshot_rows = 0;
  bool clean() const { return findings.empty(); }
};

/// Walks one stream from record 1 and names its first bad record; nothing when it is whole. `records` counts the good
/// ones.
std::optional<Finding> verify_chain(const sqlite::Connection& connection, const StreamRow& stream,
                                    std::uint64_t& records);
std::optional<Finding> verify_chain(const sqlite::Connection& connection, const std::string& stream);

/// Everything that can be said of the file. An error only where there is nothing to look at: no file, no permission.
[[nodiscard]] Result<Report> verify_all(const std::string& path);

}  // namespace kvali::journal
