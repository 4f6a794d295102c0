#include "engine/cohort/due_index.h"

#include <algorithm>
#include <functional>

namespace kvali::cohort {

void DueIndex::set(Slot slot, calendar::Instant at) {
  if (slot >= due_.size()) due_.resize(slot + 1, calendar::never);
  const calendar::Instant before = std::exchange(due_[slot], at);
  if (before == at) return;
  if (before != calendar::never) --count_;
  if (at != calendar::never) {
    ++count_;
    heap_.emplace_back(at, slot);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  drop_outdated();
}

void DueIndex::drop_outdated() {
  constexpr std::size_t few = 64;
  if (heap_.size() > 2 * count_ + few) {
    std::erase_if(heap_, [&](const Entry& entry) { return !is_current(entry); });
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  while (!heap_.empty() && !is_current(heap_.front())) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    heap_.pop_back();
  }
}

std::vector<DueIndex::Entry> DueIndex::until(calendar::Instant now) const {
  std::vector<Entry> due;
  std::vector<std::size_t> open;  // places in the heap yet to be looked at; below one that is later everything is
  if (heap_.empty() || next() > now) return due;
  constexpr std::size_t few = 16;
  due.reserve(few);
  open.reserve(few);
  open.push_back(0);
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (heap_[at].first > now) continue;
    if (is_current(heap_[at])) due.push_back(heap_[at]);
    for (const std::size_t below : {2 * at + 1, 2 * at + 2})
      if (below < heap_.size()) open.push_back(below);
  }
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return due;
}

}  // namespace kvali::cohort
