#include "server/core/touches.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/cohort/apply.h"
#include "engine/limits.h"
#include "kvali/v1/snapshot.pb.h"

namespace kvali::core {
namespace {

constexpr const char* head_key = "touched";
constexpr std::string_view prefix = "touches/";

}  // namespace

const google::protobuf::RepeatedPtrField<v1::TimersMoved>* moved_by(const v1::Record& record) {
  if (record.has_deadline_extended()) return &record.deadline_extended().moved();
  if (record.has_parameter_changed()) return &record.parameter_changed().moved();
  return nullptr;
}

bool changes_everything(const v1::Record& record) {
  return record.has_migration_started() || record.has_migration_reversed() || record.has_migration_ended();
}

void Touches::note(const cohort::Cohort& state, const v1::Record& record) {
  if (const std::string& id = cohort::initiative_of(record); !id.empty() && !record.has_wake_set()) add(state, id);
  if (const auto* moved = moved_by(record))
    for (const v1::TimersMoved& one : *moved) add(state, one.initiative());
  while (touches_.size() > limits::touches_remembered_max) forget_oldest();
  if (!changes_everything(record)) return;
  while (!touches_.empty()) forget_oldest();
  forgotten_ = state.sequence + 1;  // nobody goes on from before it
}

void Touches::forget_oldest() {
  forgotten_ = touches_.front().sequence;
  stale_.insert(row_of_sequence(forgotten_));
  touches_.pop_front();
}

void Touches::add(const cohort::Cohort& state, const std::string& initiative) {
  const auto slot = state.find(initiative);
  stale_.insert(row_of_sequence(state.sequence + 1));
  touches_.push_back({state.sequence + 1, initiative, slot ? cohort::locality_of(state.initiatives[*slot]) : std::string(), !slot});
}

std::optional<std::vector<Touches::Touch>> Touches::since(std::uint64_t position) const {
  if (position < forgotten_) return std::nullopt;
  const auto first = std::upper_bound(touches_.begin(), touches_.end(), position,
                                      [](std::uint64_t at, const Touch& one) { return at < one.sequence; });
  return std::vector<Touch>(first, touches_.end());
}

Row Touches::head_row() const {
  v1::KeptTouched kept;
  kept.set_forgotten(forgotten_);
  return {head_key, kept.SerializeAsString()};
}

/// Row `number`; without bytes when all of it is forgotten.
Row Touches::row(std::uint64_t number) const {
  auto at = std::partition_point(touches_.begin(), touches_.end(), [&](const Touch& one) { return row_of_sequence(one.sequence) < number; });
  v1::KeptTouches kept;
  for (; at != touches_.end() && row_of_sequence(at->sequence) == number; ++at) {
    const auto& [sequence, initiative, locality_before, started] = *at;
    v1::KeptTouch& one = *kept.add_touches();
    one.set_sequence(sequence);
    one.set_initiative(initiative);
    one.set_locality_before(locality_before);
    one.set_started(started);
  }
  return {fmt::format("{}{:016}", prefix, number), kept.SerializeAsString()};
}

std::vector<Row> Touches::encode() const {
  std::vector<Row> rows = {head_row()};
  std::optional<std::uint64_t> last;
  for (const Touch& one : touches_)
    if (const std::uint64_t number = row_of_sequence(one.sequence); std::exchange(last, number) != number) rows.push_back(row(number));
  return rows;
}

RowChanges Touches::encode_stale() const {
  RowChanges changes;
  changes.upserts.push_back(head_row());
  for (const std::uint64_t number : stale_) {
    Row made = row(number);
    if (made.bytes.empty())
      changes.deletes.push_back(std::move(made.key));
    else
      changes.upserts.push_back(std::move(made));
  }
  return changes;
}

Result<Touches> Touches::decode(std::vector<Row>& rows) {
  const auto own = std::stable_partition(rows.begin(), rows.end(), [](const Row& row) { return row.key != head_key && !row.key.starts_with(prefix); });
  Touches made;
  v1::KeptTouched head;
  if (own == rows.end() || own->key != head_key) return fail(fmt::format("row {} is missing", head_key));
  if (!head.ParseFromString(own->bytes)) return fail(fmt::format("row {} cannot be read", head_key));
  made.forgotten_ = head.forgotten();
  for (auto at = std::next(own); at != rows.end(); ++at) {
    v1::KeptTouches kept;
    if (!kept.ParseFromString(at->bytes)) return fail(fmt::format("row {} cannot be read", at->key));
    for (const v1::KeptTouch& one : kept.touches())
      made.touches_.push_back({one.sequence(), one.initiative(), one.locality_before(), one.started()});
  }
  rows.erase(own, rows.end());
  return made;
}

}  // namespace kvali::core
