#pragma once
// Which initiatives have a timer due, the earliest first: one entry each, moved whenever its timers change. A heap whose
// outdated entries are dropped when they come to the top or are more than the others, so that moving an entry touches little.
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/calendar/calendar.h"

namespace kvali::cohort {

class DueIndex {
 public:
  using Slot = std::uint32_t;
  using Entry = std::pair<calendar::Instant, Slot>;

  /// From now on `slot` is due at `at`; never: not at all.
  void set(Slot slot, calendar::Instant at);
  [[nodiscard]] calendar::Instant of(Slot slot) const { return slot < due_.size() ? due_[slot] : calendar::never; }
  /// The earliest, or never.
  [[nodiscard]] calendar::Instant next() const { return heap_.empty() ? calendar::never : heap_.front().first; }
  /// All that are due at `now` or before, in order of their instants, then of their slots.
  [[nodiscard]] std::vector<Entry> until(calendar::Instant now) const;

 private:
  [[nodiscard]] bool is_current(const Entry& entry) const { return due_[entry.second] == entry.first; }
  void drop_outdated();

  std::vector<calendar::Instant> due_;  // by slot
  std::vector<Entry> heap_;             // every current entry, perhaps more than once, and outdated ones; a current one on top
  std::size_t count_ = 0;               // of slots that are due at some time
};

}  // namespace kvali::cohort
