#pragma once
// The records of one commit, in memory that goes with them. What the next decision makes is written over what the last one left,
// kind by kind, so that most records cost no allocation. Copies share the records; whoever has been given some does not change
// them. One thread at a time, like everything of the engine.
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "engine/result.h"
#include "kvali/v1/record.pb.h"

namespace kvali {

class Records {
 public:
  using Kind = v1::Record::BodyCase;
  using List = google::protobuf::RepeatedPtrField<v1::Record>;
  using value_type = v1::Record;
  using const_iterator = List::const_iterator;

  /// None yet, and the memory for them: copies made from now on share what is added.
  static Records with_memory() {
    Records made;
    made.memory();
    return made;
  }
  [[nodiscard]] bool empty() const { return list().empty(); }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(list().size()); }
  const v1::Record& operator[](std::size_t index) const { return list()[static_cast<int>(index)]; }
  [[nodiscard]] const v1::Record& front() const { return list()[0]; }
  [[nodiscard]] const_iterator begin() const { return list().begin(); }
  [[nodiscard]] const_iterator end() const { return list().end(); }

  /// An empty record in the same memory, not yet one of these; forgotten with them if it never becomes one. Its body is of `kind`
  /// and empty, or not set.
  v1::Record& draft(Kind kind = Kind::BODY_NOT_SET) { return memory().draft(kind); }
  /// Puts a draft of these at the end.
  void add(v1::Record& draft) { memory().add(draft); }
  /// An empty record at the end.
  v1::Record& add() {
    v1::Record& made = draft();
    add(made);
    return made;
  }
  /// To complete what was made; for whoever made it. The commit of the first, which has none yet, is empty.
  v1::Record& mutable_front() { return *memory().list.Mutable(0); }
  v1::Commit& first_commit() { return memory().first_commit(); }

  /// Whether somebody else has them too.
  [[nodiscard]] bool shared() const { return memory_ && memory_.use_count() > 1; }
  /// Forgets the records and keeps their memory, where nobody else has them; otherwise leaves both to who has. Then there are none.
  void clear() {
    if (shared())
      memory_.reset();
    else if (memory_)
      memory_->clear();
  }

 private:
  /// The kinds that are made most keep their body between decisions, with the memory of its texts and lists.
  static constexpr std::array kept_kinds{Kind::BODY_NOT_SET, Kind::kAdvanced,          Kind::kFieldsWritten, Kind::kTaskOpened,
                                         Kind::kWakeSet,     Kind::kInitiativeStarted, Kind::kDecisionHeld};
  static std::size_t shelf_of(Kind kind) {
    for (std::size_t at = 1; at < kept_kinds.size(); ++at)
      if (kept_kinds[at] == kind) return at;
    return 0;  // empty ones, for any kind
  }

  struct Memory {
    static constexpr std::size_t spare_enough = 64;  // of each kind: a season's decisions published together need no more
    List list;
    std::vector<std::unique_ptr<v1::Record>> drafts;  // not yet in the list
    std::array<std::vector<std::unique_ptr<v1::Record>>, kept_kinds.size()> spare;  // empty, by their body's kind
    std::unique_ptr<v1::Commit> spare_commit;

    v1::Record& draft(Kind kind) {
      auto& shelf = spare[shelf_of(kind)];
      if (shelf.empty()) {
        set_body(*drafts.emplace_back(std::make_unique<v1::Record>()), kind);
      } else {
        drafts.push_back(std::move(shelf.back()));
        shelf.pop_back();
      }
      return *drafts.back();
    }
    void add(v1::Record& draft) {
      auto at = drafts.rbegin();
      while (at != drafts.rend() && at->get() != &draft) ++at;
      KVALI_CHECK(at != drafts.rend());
      list.AddAllocated(at->release());
      drafts.erase(std::prev(at.base()));
    }
    v1::Commit& first_commit() {
      v1::Record& first = *list.Mutable(0);
      if (spare_commit) first.set_allocated_commit(spare_commit.release());
      return *first.mutable_commit();
    }
    void clear() {
      while (!list.empty()) put_by(std::unique_ptr<v1::Record>(list.ReleaseLast()));
      for (std::unique_ptr<v1::Record>& one : drafts) put_by(std::move(one));
      drafts.clear();
    }
    void put_by(std::unique_ptr<v1::Record> record) {
      if (record->has_commit()) {
        spare_commit.reset(record->release_commit());
        spare_commit->Clear();
      }
      auto& shelf = spare[shelf_of(record->body_case())];
      if (shelf.size() == spare_enough) return;
      empty_body(*record);
      shelf.push_back(std::move(record));
    }
  };

  static void empty_body(v1::Record& record) {
    switch (record.body_case()) {
      case Kind::kAdvanced: record.mutable_advanced()->Clear(); break;
      case Kind::kFieldsWritten: record.mutable_fields_written()->Clear(); break;
      case Kind::kTaskOpened: record.mutable_task_opened()->Clear(); break;
      case Kind::kInitiativeStarted: record.mutable_initiative_started()->Clear(); break;
      case Kind::kDecisionHeld: record.mutable_decision_held()->Clear(); break;
      case Kind::kWakeSet: record.mutable_wake_set()->Clear(); break;
      default: record.Clear(); break;
    }
  }
  static void set_body(v1::Record& record, Kind kind) {
    switch (kind) {
      case Kind::kAdvanced: record.mutable_advanced(); break;
      case Kind::kFieldsWritten: record.mutable_fields_written(); break;
      case Kind::kTaskOpened: record.mutable_task_opened(); break;
      case Kind::kInitiativeStarted: record.mutable_initiative_started(); break;
      case Kind::kDecisionHeld: record.mutable_decision_held(); break;
      case Kind::kWakeSet: record.mutable_wake_set(); break;
      default: break;  // whoever fills it sets it
    }
  }

  [[nodiscard]] const List& list() const {
    static const List none;
    return memory_ ? memory_->list : none;
  }
  Memory& memory() {
    if (!memory_) memory_ = std::make_shared<Memory>();
    return *memory_;
  }

  std::shared_ptr<Memory> memory_;
};

}  // namespace kvali
