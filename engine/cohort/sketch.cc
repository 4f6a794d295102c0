#include "engine/cohort/sketch.h"

#include <algorithm>

#include "engine/cohort/apply.h"

namespace kvali::cohort {

Sketch::Sketch(const Cohort& base, const World& world, Instant now, std::string actor)
    : base_(base), world_(world), now_(now), actor_(std::move(actor)) {}

Sketch::Copy* Sketch::find(Slot slot) {
  constexpr std::size_t few = 8;
  if (touched_.size() <= few) {
    const auto at = std::find(touched_.begin(), touched_.end(), slot);
    return at == touched_.end() ? nullptr : copies_[static_cast<std::size_t>(at - touched_.begin())].get();
  }
  while (places_.size() < touched_.size()) places_.emplace(touched_[places_.size()], places_.size());
  const auto at = places_.find(slot);
  return at == places_.end() ? nullptr : copies_[at->second].get();
}

const Initiative& Sketch::initiative(Slot slot) {
  Copy* copy = find(slot);
  if (!copy) return base_.initiatives[slot];
  if (!copy->initiative) copy->initiative = base_.initiatives[slot];
  for (; copy->unapplied != none; copy->unapplied = about_[copy->unapplied].next)
    apply_to(*copy->initiative, records_[copy->unapplied], about_[copy->unapplied].at, actor_);
  return *copy->initiative;
}

std::uint32_t Sketch::taken(const std::string& quota, const std::string& by) const {
  const auto held = base_.taken.find({quota, by});
  const auto change = change_.find({quota, by});
  const std::int64_t places = (held == base_.taken.end() ? 0 : held->second) + (change == change_.end() ? 0 : change->second);
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, places));
}

std::uint32_t Sketch::places(const v1::Quota& quota, const std::string& by) const {
  const v1::QuotaPlaces* all = nullptr;
  for (const v1::QuotaPlaces& one : quotas_) {
    if (one.quota() != quota.name()) continue;
    if (one.by() == by) return one.places();
    if (one.by().empty()) all = &one;
  }
  const auto own = [&](const v1::QuotaPlaces& one) { return one.quota() == quota.name() && one.by() == by && !by.empty(); };
  if (all && std::none_of(base_.quotas.begin(), base_.quotas.end(), own)) return all->places();
  return base_.places(quota, by);
}

void Sketch::add(v1::Record& record) {
  if (record.has_quota_changed()) quotas_.push_back(record.quota_changed().places());
  records_.add(record);
  about_.push_back({now_, none});
}

void Sketch::add(v1::Record& record, Slot slot) {
  if (const auto* places = places_of(record))
    for (const v1::PlaceChange& one : *places) change_[{one.quota(), one.by()}] += one.taken() ? 1 : -1;
  const auto index = static_cast<std::uint32_t>(records_.size());
  records_.add(record);
  about_.push_back({now_, none});
  Copy* copy = find(slot);
  if (!copy) {
    touched_.push_back(slot);
    copy = copies_.emplace_back(std::make_unique<Copy>()).get();
  } else {
    about_[copy->last].next = index;
  }
  copy->last = index;
  if (copy->unapplied == none) copy->unapplied = index;
}

}  // namespace kvali::cohort
