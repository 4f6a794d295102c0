#pragma once
// What a cohort would be after the records a decision has made so far: the base stays as it is, what is touched is copied.
// So one decision may make many steps (due timers, then the command, then a freed place) and each sees the ones before,
// while decide itself changes nothing.
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/cohort/state.h"
#include "engine/records.h"

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
  /// What a sketch works with, kept from one to the next so that each allocates little. Of one sketch at a time.
  class Memory {
    friend class Sketch;
    static constexpr std::uint32_t none = UINT32_MAX;
    static constexpr std::size_t lent_enough = 64;  // decisions whose commit is on its way have their records still
    struct About {
      Instant at = 0;             // when the record happens
      std::uint32_t next = none;  // the next record about the same initiative
    };
    struct Copy {
      std::unique_ptr<Initiative> initiative;  // copied when it is first looked at
      std::uint32_t last = none;               // its last record
      std::uint32_t unapplied = none;          // the first that is not in the copy
      bool unsettled = true;                   // nobody has looked yet at what follows from the last
    };
    void clear();
    /// Empty records, in memory that was lent to an earlier decision and that nobody needs any more.
    Records empty_records();

    std::vector<About> about;   // of the records
    std::vector<Slot> touched;  // in the order in which they were
    std::vector<Copy> copies;   // of touched
    std::unordered_map<Slot, std::size_t> places;  // slot → index in touched, once they are many
    std::vector<std::unique_ptr<Initiative>> spare;
    std::deque<Records> lent;   // oldest first: they come back in this order
    bool used = false;
  };

  /// `actor` is who the records are of; `now` what their instant will be. What the sketch works with is `lent` to it, or its own.
  Sketch(const Cohort& base, const World& world, Instant now, std::string actor, Memory* lent = nullptr);
  ~Sketch();
  Sketch(const Sketch&) = delete;
  Sketch& operator=(const Sketch&) = delete;

  [[nodiscard]] const Cohort& base() const { return base_; }
  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] const std::string& actor() const { return actor_; }
  [[nodiscard]] Instant now() const { return now_; }
  /// A rehearsal goes from one due instant to the next within one decision.
  void set_now(Instant now) { now_ = now; }
  /// A move for many that may be taken back until an instant: of what its records are part. Empty: none is made.
  struct PartOf {
    std::string id;
    Instant undo_until = 0;
  };
  [[nodiscard]] const PartOf& bulk() const { return bulk_; }
  void set_bulk(PartOf bulk) { bulk_ = std::move(bulk); }
  /// The initiative with the records of this decision applied.
  [[nodiscard]] const Initiative& initiative(Slot slot) {
    Memory::Copy* copy = find(slot);
    return copy ? brought_up(*copy, slot) : base_.initiatives[slot];
  }
  /// Places taken of a quota, with this decision's changes, under each of its names.
  [[nodiscard]] std::uint32_t taken(const std::string& quota, const std::string& by) const;

  /// Places there are of a quota, with this decision's changes.
  [[nodiscard]] std::uint32_t places(const v1::Quota& quota, const std::string& by) const;

  /// Adds a record of the cohort, of the initiative at `slot`, or of one that starts with it.
  void add(v1::Record& record);
  void add(v1::Record& record, Slot slot);
  /// An empty record, to be filled and added; nothing happens when it is not.
  [[nodiscard]] v1::Record& draft(Records::Kind kind = Records::Kind::BODY_NOT_SET) { return records_.draft(kind); }
  [[nodiscard]] Records take_records() { return std::exchange(records_, {}); }
  [[nodiscard]] const Records& records() const { return records_; }
  /// What the records so far do, to any initiative: open a report, finish a task, move one that is no task, take it over to another
  /// version or back.
  struct Does {
    bool open_report = false, finish_task = false, move = false, change_version = false, write_fields = false;
  };
  [[nodiscard]] const Does& does() const { return does_; }
  [[nodiscard]] const std::vector<Slot>& touched() const { return memory_->touched; }
  [[nodiscard]] bool touches(Slot slot) { return find(slot) != nullptr; }
  /// Whether what follows for the one at `index` of touched() is still to be looked at. It counts as looked at from then on, until
  /// it gets another record.
  [[nodiscard]] bool take_unsettled(std::size_t index) { return std::exchange(memory_->copies[index].unsettled, false); }

 private:
  void note(const v1::Record& record, const Model& model);
  [[nodiscard]] std::uint32_t taken_as(const std::string& quota, const std::string& by) const;
  /// Null while nothing was recorded of it, as of most that are looked at.
  [[nodiscard]] Memory::Copy* find(Slot slot) { return memory_->touched.empty() ? nullptr : find_touched(slot); }
  [[nodiscard]] Memory::Copy* find_touched(Slot slot);
  const Initiative& brought_up(Memory::Copy& copy, Slot slot);
  [[nodiscard]] std::unique_ptr<Initiative> copy_of(const Initiative& initiative);

  const Cohort& base_;
  const World& world_;
  Instant now_;
  std::string actor_;
  std::unique_ptr<Memory> own_;  // where none was lent
  Memory* memory_;
  Records records_;
  Does does_;
  PartOf bulk_;
  std::map<std::pair<std::string, std::string>, std::int64_t> change_;  // quota, by → places more or fewer
  std::vector<v1::QuotaPlaces> quotas_;                                 // changed in this decision
};

}  // namespace kvali::cohort
