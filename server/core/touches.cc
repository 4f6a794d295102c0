#include "server/core/touches.h"

#include <algorithm>

#include "engine/cohort/apply.h"
#include "engine/limits.h"

namespace kvali::core {

const google::protobuf::RepeatedPtrField<v1::TimersMoved>* moved_by(const v1::Record& record) {
  if (record.has_deadline_extended()) return &record.deadline_extended().moved();
  if (record.has_parameter_changed()) return &record.parameter_changed().moved();
  return nullptr;
}

void Touches::note(const cohort::Cohort& state, const v1::Record& record) {
  if (const std::string& id = cohort::initiative_of(record); !id.empty()) add(state, id);
  if (const auto* moved = moved_by(record))
    for (const v1::TimersMoved& one : *moved) add(state, one.initiative());
  while (touches_.size() > limits::touches_remembered_max) {
    forgotten_ = touches_.front().sequence;
    touches_.pop_front();
  }
}

void Touches::add(const cohort::Cohort& state, const std::string& initiative) {
  const auto slot = state.find(initiative);
  touches_.push_back({state.sequence + 1, initiative, slot ? cohort::locality_of(state.initiatives[*slot]) : std::string(), !slot});
}

std::optional<std::vector<Touches::Touch>> Touches::since(std::uint64_t position) const {
  if (position < forgotten_) return std::nullopt;
  const auto first = std::upper_bound(touches_.begin(), touches_.end(), position,
                                      [](std::uint64_t at, const Touch& one) { return at < one.sequence; });
  return std::vector<Touch>(first, touches_.end());
}

}  // namespace kvali::core
