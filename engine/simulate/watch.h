#pragma once
// Counts what happens in a cohort that is played, from its records alone.
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/cohort/state.h"
#include "engine/simulate/findings.h"
#include "engine/simulate/scene.h"

namespace kvali::simulate {

class Watch {
 public:
  /// Prepares `findings` for the scene; what is counted is added to it. Both outlive the watch.
  Watch(const Scene& scene, Findings& findings);

  /// A cohort begins.
  void begin();
  /// To be told of each record before it is applied; `at` is its instant.
  void see(const cohort::Cohort& before, const v1::Record& record, cohort::Slot slot, calendar::Instant at);
  /// The cohort has come to its end at `at`.
  void finish(calendar::Instant at);

 private:
  void pass_weeks(calendar::Instant at);
  void advanced(const cohort::Initiative& initiative, const v1::Advanced& record, cohort::Slot slot, calendar::Instant at);
  void change_stage(const cohort::Initiative& initiative, const v1::Advanced& record, cohort::Slot slot);
  void move_load(std::uint32_t stage, std::uint32_t locality, int by);
  void places(const google::protobuf::RepeatedPtrField<v1::PlaceChange>& changes);

  const Scene& scene_;
  Findings& findings_;
  std::vector<std::size_t> stage_index_;            // by StateId of a stage
  std::vector<std::vector<std::size_t>> waits_for_;  // by StateId: quotas whose freed place it waits for
  // Of the cohort that is watched:
  std::uint32_t week_ = 0;
  calendar::Instant next_week_ = 0;
  std::vector<std::vector<std::uint32_t>> load_now_;  // by role, then locality (the last: none): initiatives
  std::vector<std::uint32_t> stage_, locality_;       // by slot; stage 0: it has ended
  std::vector<std::uint32_t> taken_, waiting_, most_taken_;  // by quota
  std::map<std::pair<std::size_t, std::string>, std::uint32_t> taken_by_;
  std::map<std::uint32_t, std::uint64_t> ends_;
};

}  // namespace kvali::simulate
