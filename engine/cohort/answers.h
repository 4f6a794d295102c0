#pragma once
// What commands were answered with, so that one that is sent again gets the same: found by its id, forgotten oldest first.
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "engine/calendar/calendar.h"
#include "engine/cohort/text_index.h"

namespace kvali::cohort {

struct Answered {
  std::string request_hash;
  std::uint64_t sequence = 0;
  std::string created;
};

class Answers {
 public:
  struct Entry {
    std::string command_id;
    calendar::Instant stamped_at = 0;
    Answered answer;
  };
  using const_iterator = std::deque<Entry>::const_iterator;

  /// What the command was answered with, or null.
  [[nodiscard]] const Answered* find(std::string_view command_id) const {
    const auto at = index_.find(command_id, [&](std::uint32_t position) { return of(position).command_id == command_id; });
    return at ? &of(*at).answer : nullptr;
  }
  /// False when the command is known: its first answer stays.
  bool add(Entry entry) {
    if (find(entry.command_id)) return false;
    index_.add(entry.command_id, first_ + static_cast<std::uint32_t>(in_order_.size()));
    in_order_.push_back(std::move(entry));
    return true;
  }
  /// In order of their adding.
  [[nodiscard]] bool empty() const { return in_order_.empty(); }
  [[nodiscard]] std::size_t size() const { return in_order_.size(); }
  [[nodiscard]] const_iterator begin() const { return in_order_.begin(); }
  [[nodiscard]] const_iterator end() const { return in_order_.end(); }
  [[nodiscard]] const Entry& oldest() const { return in_order_.front(); }
  void forget_oldest() {
    index_.remove(oldest().command_id, [&](std::uint32_t position) { return position == first_; });
    in_order_.pop_front();
    ++first_;
  }

 private:
  /// Positions go round at 2^32; there are never so many at once.
  [[nodiscard]] const Entry& of(std::uint32_t position) const { return in_order_[static_cast<std::uint32_t>(position - first_)]; }

  std::deque<Entry> in_order_;
  std::uint32_t first_ = 0;  // position of the oldest
  TextIndex index_;
};

}  // namespace kvali::cohort
