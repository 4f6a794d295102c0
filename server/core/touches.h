#pragma once
// Which initiatives a cohort's last records touched, and where each stood before: enough to bring a reader who was away
// for a moment, or for a restart, up to date without a snapshot. Noted by the fold itself, so replay rebuilds it.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/cohort/state.h"

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

 private:
  void add(const cohort::Cohort& state, const std::string& initiative);

  std::deque<Touch> touches_;
  std::uint64_t forgotten_ = 0;  // touches up to here are not remembered
};

/// Initiatives whose timers a record of the whole cohort moved; nothing when it moves none.
const google::protobuf::RepeatedPtrField<v1::TimersMoved>* moved_by(const v1::Record& record);

}  // namespace kvali::core
