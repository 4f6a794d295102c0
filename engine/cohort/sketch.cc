#include "engine/cohort/sketch.h"

#include <algorithm>

#include "engine/cohort/apply.h"

namespace kvali::cohort {
namespace {

constexpr Slot none = UINT32_MAX;

}  // namespace

Sketch::Sketch(const Cohort& base, const World& world, Instant now, std::string actor)
    : base_(base), world_(world), now_(now), actor_(std::move(actor)) {}

const Initiative& Sketch::initiative(Slot slot) {
  if (std::find(touched_.begin(), touched_.end(), slot) == touched_.end()) return base_.initiatives[slot];
  auto [at, fresh] = copies_.try_emplace(slot, Copy{slot, {}, 0});
  if (fresh) at->second.initiative = base_.initiatives[slot];
  Copy& copy = at->second;
  for (; copy.applied < records_.size(); ++copy.applied)
    if (record_of_[copy.applied].first == slot)
      apply_to(copy.initiative, records_[copy.applied], record_of_[copy.applied].second, actor_);
  return copy.initiative;
}

std::uint32_t Sketch::taken(const std::string& quota, const std::string& by) const {
  const auto held = base_.taken.find({quota, by});
  const auto change = change_.find({quota, by});
  const std::int64_t places = (held == base_.taken.end() ? 0 : held->second) + (change == change_.end() ? 0 : change->second);
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, places));
}

void Sketch::add(v1::Record record) {
  records_.push_back(std::move(record));
  record_of_.emplace_back(none, now_);
}

void Sketch::add(v1::Record record, Slot slot) {
  if (const auto* places = places_of(record))
    for (const v1::PlaceChange& one : *places) change_[{one.quota(), one.by()}] += one.taken() ? 1 : -1;
  records_.push_back(std::move(record));
  record_of_.emplace_back(slot, now_);
  if (std::find(touched_.begin(), touched_.end(), slot) == touched_.end()) touched_.push_back(slot);
}

}  // namespace kvali::cohort
