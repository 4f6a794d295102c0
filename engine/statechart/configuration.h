#pragma once
// Where an instance of a chart stands: the one value that a step changes.
#include <utility>
#include <vector>

#include "engine/statechart/chart.h"

namespace kvali::statechart {

/// A plain value. Two instances that will behave alike (given the same data) compare equal.
struct Configuration {
  std::vector<StateId> active;  // every active state but the root, in document order; empty before the start
  std::vector<std::pair<StateId, std::vector<StateId>>>
      history;        // by history state: what was active when its parent was left
  bool done = false;  // an end (Chart::is_end) is active; nothing more happens, except enter()
  bool operator==(const Configuration&) const = default;
};

/// Whether this is a configuration the chart can be in: one child of each active compound state, every child of each
/// active parallel one, sorted; histories that name states of their own; done exactly at an end.
bool legal(const Chart& chart, const Configuration& configuration);
bool is_active(const Configuration& configuration, StateId state);
/// The active states without children, in document order.
std::vector<StateId> atomic_states(const Chart& chart, const Configuration& configuration);
/// The arrows that are a person's moves from an active state, guards not asked, in document order of their sources.
std::vector<ArrowId> moves(const Chart& chart, const Configuration& configuration);

}  // namespace kvali::statechart
