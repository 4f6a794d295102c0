#pragma once
// What a cohort would be after the records a decision has made so far: the base stays as it is, what is touched is copied.
// So one decision may make many steps (due timers, then the command, then a freed place) and each sees the ones before,
// while decide itself changes nothing.
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/cohort/state.h"

namespace kvali::directory {
struct Directory;
}

namespace kvali::cohort {

/// What decide may read beside the cohort.
struct World {
  const directory::Directory& directory;
  const Library& library;
};

class Sketch {
 public:
  /// `actor` is who the records are of; `now` what their instant will be.
  Sketch(const Cohort& base, const World& world, Instant now, std::string actor);

  [[nodiscard]] const Cohort& base() const { return base_; }
  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] const std::string& actor() const { return actor_; }
  [[nodiscard]] Instant now() const { return now_; }
  /// A rehearsal goes from one due instant to the next within one decision.
  void set_now(Instant now) { now_ = now; }
  /// The initiative with the records of this decision applied.
  [[nodiscard]] const Initiative& initiative(Slot slot);
  /// Places taken of a quota, with this decision's changes.
  [[nodiscard]] std::uint32_t taken(const std::string& quota, const std::string& by) const;

  /// Places there are of a quota, with this decision's changes.
  [[nodiscard]] std::uint32_t places(const v1::Quota& quota, const std::string& by) const;

  /// Adds a record of the cohort, of the initiative at `slot`, or of one that starts with it.
  void add(v1::Record record);
  void add(v1::Record record, Slot slot);
  [[nodiscard]] std::vector<v1::Record> take_records() { return std::move(records_); }
  [[nodiscard]] const std::vector<v1::Record>& records() const { return records_; }
  [[nodiscard]] const std::vector<Slot>& touched() const { return touched_; }

 private:
  struct Copy {
    std::optional<Initiative> initiative;                    // copied when it is first looked at
    std::vector<std::pair<std::size_t, Instant>> records;  // in records_, and at which instant
    std::size_t applied = 0;                                // so many of them are in the copy
  };
  const Cohort& base_;
  const World& world_;
  Instant now_;
  std::string actor_;
  std::vector<v1::Record> records_;
  std::vector<Slot> touched_;
  std::unordered_map<Slot, Copy> copies_;  // of touched_
  std::map<std::pair<std::string, std::string>, std::int64_t> change_;  // quota, by → places more or fewer
  std::vector<v1::QuotaPlaces> quotas_;                                 // changed in this decision
};

}  // namespace kvali::cohort
