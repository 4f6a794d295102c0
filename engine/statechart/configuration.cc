#include "engine/statechart/configuration.h"

#include <algorithm>

namespace kvali::statechart {

bool is_active(const Configuration& configuration, StateId state) {
  return state == 0 ? !configuration.active.empty()
                    : std::binary_search(configuration.active.begin(), configuration.active.end(), state);
}

std::vector<StateId> atomic_states(const Chart& chart, const Configuration& configuration) {
  std::vector<StateId> atomic;
  for (const StateId state : configuration.active) {
    if (chart.is_atomic(state)) atomic.push_back(state);
  }
  return atomic;
}

std::vector<ArrowId> moves(const Chart& chart, const Configuration& configuration) {
  std::vector<ArrowId> found;
  if (configuration.done || configuration.active.empty()) return found;
  const auto add = [&](StateId state) {
    for (const ArrowId arrow : chart.arrows_of(state)) {
      if (chart.trigger(arrow) == Trigger::Move) found.push_back(arrow);
    }
  };
  add(0);
  for (const StateId state : configuration.active) add(state);
  return found;
}

namespace {

// Whether the active children of `state` are as many as its kind wants, and theirs too; counts what it has seen.
bool whole(const Chart& chart, const Configuration& configuration, StateId state, std::size_t& seen) {
  std::size_t active = 0;
  for (const StateId child : chart.children(state)) {
    if (!is_active(configuration, child)) continue;
    ++active;
    ++seen;
    if (!whole(chart, configuration, child, seen)) return false;
  }
  if (chart.is_atomic(state)) return true;
  return active == (chart.kind(state) == v1::Node::PARALLEL ? chart.children(state).size() : 1);
}

bool history_fits(const Chart& chart, StateId history, const std::vector<StateId>& remembered) {
  if (history >= chart.state_count() || !chart.is_history(history) || remembered.empty()) return false;
  const StateId parent = chart.parent(history);
  return std::all_of(remembered.begin(), remembered.end(), [&](StateId state) {
    if (state >= chart.state_count() || chart.is_history(state)) return false;
    return chart.kind(history) == v1::Node::HISTORY_SHALLOW
               ? chart.parent(state) == parent
               : chart.is_atomic(state) && chart.is_descendant(state, parent);
  });
}

}  // namespace

bool legal(const Chart& chart, const Configuration& configuration) {
  std::size_t seen = 0;
  if (!whole(chart, configuration, 0, seen) || seen != configuration.active.size()) return false;
  if (!std::is_sorted(configuration.active.begin(), configuration.active.end())) return false;
  const bool at_an_end = std::any_of(configuration.active.begin(), configuration.active.end(),
                                     [&](StateId state) { return chart.is_end(state); });
  if (at_an_end != configuration.done) return false;
  StateId last = 0;
  for (const auto& [history, remembered] : configuration.history) {
    if (history <= last || !history_fits(chart, history, remembered)) return false;
    last = history;
  }
  return true;
}

}  // namespace kvali::statechart
