#include "engine/cohort/sketch.h"

#include <algorithm>

#include "engine/cohort/apply.h"

namespace kvali::cohort {

void Sketch::Memory::clear() {
  constexpr std::size_t enough = 8;
  for (Copy& copy : copies) {
    if (!copy.initiative || spare.size() == enough) continue;
    copy.initiative->fields = {};  // shared with the base, which may change them again
    copy.initiative->tasks = {};
    copy.initiative->aside = {};
    copy.initiative->before = nullptr;
    copy.initiative->before_bulk = nullptr;
    copy.initiative->model = nullptr;
    copy.initiative->bringers = nullptr;
    spare.push_back(std::move(copy.initiative));
  }
  about.clear();
  touched.clear();
  copies.clear();
  if (!places.empty()) places.clear();
}

Records Sketch::Memory::empty_records() {
  if (!lent.empty() && !lent.front().shared()) {
    lent.front().clear();
    lent.push_back(std::move(lent.front()));
    lent.pop_front();
    return lent.back();
  }
  Records made = Records::with_memory();
  if (lent.size() < lent_enough) lent.push_back(made);
  return made;
}

Sketch::Sketch(const Cohort& base, const World& world, Instant now, std::string actor, Memory* lent)
    : base_(base),
      world_(world),
      now_(now),
      actor_(std::move(actor)),
      own_(lent ? nullptr : std::make_unique<Memory>()),
      memory_(lent ? lent : own_.get()),
      records_(lent ? lent->empty_records() : Records()) {
  KVALI_CHECK(!std::exchange(memory_->used, true));
}

Sketch::~Sketch() {
  memory_->clear();
  memory_->used = false;
}

Sketch::Memory::Copy* Sketch::find_touched(Slot slot) {
  constexpr std::size_t few = 8;
  const std::vector<Slot>& touched = memory_->touched;
  if (touched.size() <= few) {
    for (std::size_t at = 0; at < touched.size(); ++at)
      if (touched[at] == slot) return &memory_->copies[at];
    return nullptr;
  }
  auto& places = memory_->places;
  while (places.size() < touched.size()) places.emplace(touched[places.size()], places.size());
  const auto at = places.find(slot);
  return at == places.end() ? nullptr : &memory_->copies[at->second];
}

std::unique_ptr<Initiative> Sketch::copy_of(const Initiative& initiative) {
  std::vector<std::unique_ptr<Initiative>>& spare = memory_->spare;
  if (spare.empty()) return std::make_unique<Initiative>(initiative);
  std::unique_ptr<Initiative> copy = std::move(spare.back());
  spare.pop_back();
  *copy = initiative;
  return copy;
}

/// Applies to the copy what was recorded since somebody looked last.
const Initiative& Sketch::brought_up(Memory::Copy& copy, Slot slot) {
  if (!copy.initiative) copy.initiative = copy_of(base_.initiatives[slot]);
  for (; copy.unapplied != Memory::none; copy.unapplied = memory_->about[copy.unapplied].next)
    apply_to(*copy.initiative, records_[copy.unapplied], memory_->about[copy.unapplied].at, actor_, world_.library);
  return *copy.initiative;
}

std::uint32_t Sketch::taken(const std::string& quota, const std::string& by) const {
  const std::string& other = base_.other_name(quota);
  return taken_as(quota, by) + (other.empty() ? 0 : taken_as(other, by));
}

std::uint32_t Sketch::taken_as(const std::string& quota, const std::string& by) const {
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
  memory_->about.push_back({now_, Memory::none});
}

void Sketch::note(const v1::Record& record, const Model& model) {
  does_.write_fields = does_.write_fields || record.has_fields_written();
  if (record.has_task_opened())
    does_.open_report = does_.open_report || model.is_report(record.task_opened().kind());
  else if (record.has_advanced() && !record.advanced().task().empty())
    does_.finish_task = does_.finish_task || record.advanced().finished();
  else if (record.has_migrated() || record.has_migration_undone())
    does_.change_version = true;
  else if (!record.has_fields_written() && !record.has_facts_noted() && !record.has_partners_set())
    does_.move = true;
}

void Sketch::add(v1::Record& record, Slot slot) {
  if (const auto* places = places_of(record))
    for (const v1::PlaceChange& one : *places) change_[{one.quota(), one.by()}] += one.taken() ? 1 : -1;
  const auto index = static_cast<std::uint32_t>(records_.size());
  note(record, *base_.initiatives[slot].model);
  add(record);
  Memory::Copy* copy = find(slot);
  if (!copy) {
    memory_->touched.push_back(slot);
    copy = &memory_->copies.emplace_back();
  } else {
    memory_->about[copy->last].next = index;
  }
  copy->last = index;
  copy->unsettled = true;
  if (copy->unapplied == Memory::none) copy->unapplied = index;
}

}  // namespace kvali::cohort
