#include "engine/cohort/sketch.h"

#include <algorithm>

#include "engine/cohort/apply.h"

namespace kvali::cohort {

Sketch::Sketch(const Cohort& base, const World& world, Instant now, std::string actor)
    : base_(base), world_(world), now_(now), actor_(std::move(actor)) {}

const Initiative& Sketch::initiative(Slot slot) {
  const auto found = copies_.find(slot);
  if (found == copies_.end()) return base_.initiatives[slot];
  Copy& copy = found->second;
  if (!copy.initiative) copy.initiative = base_.initiatives[slot];
  for (; copy.applied < copy.records.size(); ++copy.applied) {
    const auto& [record, at] = copy.records[copy.applied];
    apply_to(*copy.initiative, records_[record], at, actor_);
  }
  return *copy.initiative;
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

void Sketch::add(v1::Record record) {
  if (record.has_quota_changed()) quotas_.push_back(record.quota_changed().places());
  records_.push_back(std::move(record));
}

void Sketch::add(v1::Record record, Slot slot) {
  if (const auto* places = places_of(record))
    for (const v1::PlaceChange& one : *places) change_[{one.quota(), one.by()}] += one.taken() ? 1 : -1;
  const auto [at, fresh] = copies_.try_emplace(slot);
  if (fresh) touched_.push_back(slot);
  at->second.records.emplace_back(records_.size(), now_);
  records_.push_back(std::move(record));
}

}  // namespace kvali::cohort
