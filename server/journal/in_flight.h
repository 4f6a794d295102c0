#pragma once
// Who conflicts: the one rule of append that every journal shares. What was decided on top of a commit that never came
// must not slip in because another writer happened to bring the stream to the expected sequence.
#include <set>
#include <string>

#include "engine/limits.h"
#include "server/journal/journal.h"

namespace kvali::journal {

/// Stops a caller that breaks the words of append(): an empty or doubled stream, a record too large.
inline void check_shape(const Batch& batch) {
  KVALI_CHECK(!batch.parts.empty());
  std::set<std::string> seen;
  for (const Part& part : batch.parts) {
    KVALI_CHECK(!part.stream.empty() && part.stream.size() <= limits::stream_name_bytes_max);
    KVALI_CHECK(seen.insert(part.stream).second);
    KVALI_CHECK(part.expected_sequence > 0 || !part.records.empty());
    for (const NewRecord& record : part.records) KVALI_CHECK(record.bytes.size() <= limits::record_bytes_max);
  }
}

/// What waits its turn in a journal: a batch with its callback, or, without one, the stream to resume.
struct Waiting {
  Batch batch;
  Callback answer;
  std::string resumed;
};

class ConflictRule {
 public:
  /// The conflict of `batch`, if any; its streams then conflict until resume(). `head_of(stream)` answers the sequence.
  template <class HeadOf>
  std::optional<Conflict> judge(const Batch& batch, HeadOf&& head_of) {
    for (const Part& part : batch.parts) {
      const std::uint64_t head = head_of(part.stream);
      if (head == part.expected_sequence && !dropped_.contains(part.stream)) continue;
      for (const Part& each : batch.parts) dropped_.insert(each.stream);
      return Conflict{part.stream, head};
    }
    return std::nullopt;
  }
  void resume(const std::string& stream) { dropped_.erase(stream); }

 private:
  std::set<std::string> dropped_;
};

}  // namespace kvali::journal
