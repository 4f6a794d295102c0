#pragma once
// The records of one commit. They lie in one piece of memory that goes with them, so that making and forgetting a decision
// costs a few allocations instead of one for each text in it. Copies share the records; whoever has been given some does not
// change them. One thread at a time, like everything of the engine.
#include <google/protobuf/arena.h>

#include <array>
#include <memory>

#include "engine/result.h"
#include "kvali/v1/record.pb.h"

namespace kvali {

class Records {
 public:
  using List = google::protobuf::RepeatedPtrField<v1::Record>;
  using value_type = v1::Record;
  using const_iterator = List::const_iterator;

  [[nodiscard]] bool empty() const { return list().empty(); }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(list().size()); }
  const v1::Record& operator[](std::size_t index) const { return list()[static_cast<int>(index)]; }
  [[nodiscard]] const v1::Record& front() const { return list()[0]; }
  [[nodiscard]] const_iterator begin() const { return list().begin(); }
  [[nodiscard]] const_iterator end() const { return list().end(); }

  /// An empty record in the same memory, not yet one of these; forgotten with them if it never becomes one.
  v1::Record& draft() { return *google::protobuf::Arena::CreateMessage<v1::Record>(&memory().arena); }
  /// Puts a draft of these at the end.
  void add(v1::Record& draft) {
    KVALI_CHECK(draft.GetArena() == &memory().arena);
    memory().list->UnsafeArenaAddAllocated(&draft);
  }
  /// An empty record at the end.
  v1::Record& add() { return *memory().list->Add(); }
  /// To complete what was made; for whoever made it.
  v1::Record& mutable_front() { return *memory().list->Mutable(0); }

  /// Forgets the records and keeps their memory, where nobody else has them; otherwise leaves both to who has. Then there are none.
  void clear() {
    if (memory_ && memory_.use_count() == 1)
      memory_->clear();
    else
      memory_.reset();
  }

 private:
  struct Memory {
    void clear() {
      arena.Reset();
      list = google::protobuf::Arena::CreateMessage<List>(&arena);
    }
    alignas(8) std::array<char, 3'072> first;  // most decisions need no more
    google::protobuf::Arena arena{within(first)};
    List* list = google::protobuf::Arena::CreateMessage<List>(&arena);
  };
  static google::protobuf::ArenaOptions within(std::array<char, 3'072>& first) {
    constexpr std::size_t block_bytes = 1'024;  // what is larger malloc no longer keeps at hand
    google::protobuf::ArenaOptions made;
    made.initial_block = first.data();
    made.initial_block_size = first.size();
    made.start_block_size = made.max_block_size = block_bytes;
    return made;
  }

  [[nodiscard]] const List& list() const {
    static const List none;
    return memory_ ? *memory_->list : none;
  }
  Memory& memory() {
    if (!memory_) memory_ = std::make_shared_for_overwrite<Memory>();
    return *memory_;
  }

  std::shared_ptr<Memory> memory_;
};

}  // namespace kvali
