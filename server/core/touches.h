#pragma once
// Which initiatives a cohort's last records touched, and where each stood before: enough to bring a reader who was away
// for a moment, or for a restart, up to date without a snapshot. Noted by the fold itself, so replay rebuilds it; a start
// that begins at stored rows finds its own among them.
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/cohort/state.h"
#include "engine/rows.h"

namespace kvali::core {

class Touches {
 public:
  struct Touch {
    std::uint64_t sequence;       // of the record
    std::string initiative;       // id
    std::string locality_before;  // where the initiative stood before it
    bool started;                 // it did not exist before
  };
  /// Notes whom `record` touches; `state` is as it was before it.
  void note(const cohort::Cohort& state, const v1::Record& record);
  /// Touches after `position`, oldest first; nothing when some of them are forgotten.
  [[nodiscard]] std::optional<std::vector<Touch>> since(std::uint64_t position) const;

  /// The rows that stand with the cohort's: `touched`, and one `touches/N` for each 1,024 sequences. By key.
  [[nodiscard]] std::vector<Row> encode() const;
  /// Those that may have changed since written() was called.
  [[nodiscard]] RowChanges encode_stale() const;
  void written() { stale_.clear(); }
  /// Takes its own out of `rows`. An error names the row that is missing or cannot be read.
  [[nodiscard]] static Result<Touches> decode(std::vector<Row>& rows);

 private:
  [[nodiscard]] Row head_row() const;
  [[nodiscard]] Row row(std::uint64_t number) const;
  void add(const cohort::Cohort& state, const std::string& initiative);
  void forget_oldest();

  std::deque<Touch> touches_;
  std::uint64_t forgotten_ = 0;  // touches up to here are not remembered
  std::set<std::uint64_t> stale_;  // numbers of rows
};

/// Whether a record changes how everything of its cohort is looked at: by another version of the program, with other roles.
bool changes_everything(const v1::Record& record);
/// Initiatives whose timers a record of the whole cohort moved; nothing when it moves none.
const google::protobuf::RepeatedPtrField<v1::TimersMoved>* moved_by(const v1::Record& record);

}  // namespace kvali::core
