#pragma once
// The records of one commit. They lie in one piece of memory that goes with them, so that making and forgetting a decision
// costs a few allocations instead of one for each text in it. Copies share the records; whoever has been given some does not
// change them. One thread at a time, like everything of the engine.
#include <google/protobuf/arena.h>

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

 private:
  struct Memory {
    google::protobuf::Arena arena{options()};
    List* list = google::protobuf::Arena::CreateMessage<List>(&arena);
  };
  static google::protobuf::ArenaOptions options() {
    constexpr std::size_t block_bytes = 1'024;  // a move needs two or three; what is larger malloc no longer keeps at hand
    google::protobuf::ArenaOptions made;
    made.start_block_size = made.max_block_size = block_bytes;
    return made;
  }

  [[nodiscard]] const List& list() const {
    static const List none;
    return memory_ ? *memory_->list : none;
  }
  Memory& memory() {
    if (!memory_) memory_ = std::make_shared<Memory>();
    return *memory_;
  }

  std::shared_ptr<Memory> memory_;
};

}  // namespace kvali
