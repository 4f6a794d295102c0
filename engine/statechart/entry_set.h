#pragma once
// Which states an arrow enters: SCXML's computeEntrySet. At compile time for arrows without history, at the step for
// the rest.
#include <span>
#include <utility>
#include <vector>

#include "engine/statechart/configuration.h"

namespace kvali::statechart {

/// Collects the states to enter. Working memory: kept and reused.
class EntrySet {
 public:
  /// Forgets what was collected. `history` (null: every history takes its default) must outlive the collecting.
  void begin(const Chart& chart, const Configuration* history);
  /// Adds what entering `targets` below `domain` enters.
  void add(StateId domain, std::span<const StateId> targets);
  /// Adds what the default entry of `state` (active, or added already) enters below it.
  void add_defaults(StateId state);
  void add_one(StateId state) { insert(states_, state); }

  /// What a history stands for now.
  std::span<const StateId> history_targets(StateId history) const;

  const std::vector<StateId>& states() const { return states_; }      // sorted: document order
  const std::vector<StateId>& defaults() const { return defaults_; }  // those whose initial actions run, sorted
  /// (parent, history): on entering the parent, the history's default actions run.
  const std::vector<std::pair<StateId, StateId>>& default_histories() const { return default_histories_; }
  /// Those that a history brings back as they were left, sorted.
  const std::vector<StateId>& remembered() const { return remembered_; }
  bool met_history() const { return met_history_; }

 private:
  void add_targets(StateId domain, std::span<const StateId> targets);
  static bool insert(std::vector<StateId>& sorted, StateId state);
  bool has_below(StateId state) const;
  void descend(StateId state);
  void ascend(StateId state, StateId ancestor);
  void complete_regions(StateId parallel);

  const Chart* chart_ = nullptr;
  const Configuration* history_ = nullptr;
  StateId domain_ = 0;
  std::vector<StateId> states_;
  std::vector<StateId> defaults_;
  std::vector<StateId> remembered_;
  std::vector<std::pair<StateId, StateId>> default_histories_;
  bool met_history_ = false;
};

}  // namespace kvali::statechart
