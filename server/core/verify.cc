#include "server/core/verify.h"

#include <fmt/format.h>

#include <map>

#include "engine/limits.h"
#include "server/core/store.h"

namespace kvali::core {
namespace {

class Comparison {
 public:
  Comparison(const std::string& stream, const journal::Snapshot& snapshot, FoldReport& report)
      : name_(fmt::format("{}: its snapshot at record {}", stream, snapshot.position)), report_(report) {}

  /// Walks along both lists, which are in the order of their keys.
  void compare(const std::vector<journal::SnapshotRow>& stored, const std::vector<Row>& folded) {
    auto left = stored.begin();
    auto right = folded.begin();
    while (left != stored.end() || right != folded.end()) {
      const bool surplus = right == folded.end() || (left != stored.end() && left->key < right->key);
      const bool missing = left == stored.end() || (right != folded.end() && right->key < left->key);
      if (surplus)
        found(fmt::format("row {} is of nothing that the records fold to", left->key));
      else if (missing)
        found(fmt::format("row {} is missing", right->key));
      else if (left->bytes != right->bytes)
        found(fmt::format("row {} is not what the records fold to", left->key));
      else
        ++report_.rows;
      if (!missing) ++left;
      if (!surplus) ++right;
    }
  }
  void found(const std::string& what) {
    if (report_.findings.size() < limits::verify_findings_max) report_.findings.push_back(fmt::format("{}: {}", name_, what));
  }

 private:
  std::string name_;
  FoldReport& report_;
};

}  // namespace

Result<FoldReport> verify_fold(const journal::Journal& journal) {
  const auto heads = journal.streams();
  if (!heads) return fail(heads.error());
  FoldReport report;
  std::map<std::string, journal::Snapshot> snapshots;  // that were not met yet
  for (const journal::Head& head : *heads) {
    auto found = journal.snapshot(head.stream);
    if (!found)
      report.findings.push_back(found.error().message);
    else if (*found && (*found)->fold_version == fold_version_of(head.stream))
      snapshots[head.stream] = std::move(**found);
    else if (*found)
      report.passed_over.push_back(head.stream);
  }
  Store store;
  const auto seen = [&](const std::string& stream, std::uint64_t sequence) {
    const auto at = snapshots.find(stream);
    if (at == snapshots.end() || at->second.position != sequence) return;
    Comparison comparison(stream, at->second, report);
    if (const auto fits = StoredSnapshot::of(at->second, at->second.fold_version); !fits) comparison.found(fits.error().message);
    comparison.compare(at->second.rows, store.rows(stream));
    snapshots.erase(at);
  };
  if (auto replayed = store.replay(journal, report.findings, Road::FirstRecord, seen); !replayed) return fail(replayed.error());
  for (const auto& [stream, snapshot] : snapshots)
    report.findings.push_back(fmt::format("{}: its snapshot stands at record {}, which was not reached", stream, snapshot.position));
  return report;
}

}  // namespace kvali::core
