// Stepper::enter: an instance put where a person or a migration says, rather than where an arrow leads.
#include <algorithm>

#include "engine/statechart/step.h"

namespace kvali::statechart {
namespace {

// Finds the configuration nearest to `now` in which all `targets` are active.
class Fit {
 public:
  Fit(const Chart& chart, const Configuration& now, EntrySet& entry) : chart_(chart), now_(now), entry_(entry) {}

  /// The states wanted are then in the entry set; false: no configuration has them all.
  bool find(std::span<const StateId> targets) {
    entry_.begin(chart_, &now_);
    for (const StateId target : targets) {
      if (target == 0 || target >= chart_.state_count()) return false;
      if (!chart_.is_history(target)) {
        want(target);
        continue;
      }
      for (const StateId meant : entry_.history_targets(target)) want(meant);
    }
    return fit(0);
  }

 private:
  void want(StateId target) {
    wanted_.push_back(target);
    for (StateId state = target; state != 0; state = chart_.parent(state)) required_.push_back(state);
  }
  static bool among(const std::vector<StateId>& states, StateId state) {
    return std::find(states.begin(), states.end(), state) != states.end();
  }

  bool fit(StateId state) {
    const auto& children = chart_.children(state);
    const auto keep = [&](StateId child) {
      entry_.add_one(child);
      return fit(child);
    };
    if (chart_.is_atomic(state)) return true;
    if (chart_.kind(state) == v1::Node::PARALLEL) return std::all_of(children.begin(), children.end(), keep);
    const auto required = [&](StateId child) { return among(required_, child); };
    const auto count = std::count_if(children.begin(), children.end(), required);
    if (count > 1) return false;
    if (count == 1) return keep(*std::find_if(children.begin(), children.end(), required));
    const auto active =
        std::find_if(children.begin(), children.end(), [&](StateId child) { return is_active(now_, child); });
    if (active != children.end() && !among(wanted_, state)) return keep(*active);
    entry_.add_defaults(state);
    return true;
  }

  const Chart& chart_;
  const Configuration& now_;
  EntrySet& entry_;
  std::vector<StateId> wanted_;
  std::vector<StateId> required_;  // the targets and all around them
};

}  // namespace

std::optional<Configuration> configuration_with(const Chart& chart, std::span<const StateId> targets) {
  EntrySet entry;
  const Configuration nowhere;
  if (!Fit(chart, nowhere, entry).find(targets)) return std::nullopt;
  Configuration made;
  made.active = entry.states();
  made.done = std::any_of(made.active.begin(), made.active.end(), [&](StateId state) { return chart.is_end(state); });
  return made;
}

const Macrostep& Stepper::enter(Configuration& configuration, std::span<const StateId> targets, Host& host) {
  begin(configuration, host, nullptr);
  Fit fit(chart_, configuration, entry_);
  if (!fit.find(targets)) {
    out_.refusal = Refusal::NotTogether;
    return out_;
  }
  const bool fresh = configuration.active.empty();
  const auto& wanted = entry_.states();
  std::vector<StateId> missing;
  std::set_difference(wanted.begin(), wanted.end(), configuration.active.begin(), configuration.active.end(),
                      std::back_inserter(missing));
  configuration.done = false;
  const auto stays = [&](StateId state) { return std::binary_search(wanted.begin(), wanted.end(), state); };
  for (const StateId state : configuration.active) {
    if (!stays(state)) remember(state);
  }
  for (std::size_t index = configuration.active.size(); index-- > 0;) {
    if (!stays(configuration.active[index])) leave(index);
  }
  if (fresh) run(chart_.node(0).on_entry(), {Site::Kind::Entry, 0});
  enter_all(missing, entry_.defaults());
  const bool at_an_end = std::any_of(configuration.active.begin(), configuration.active.end(),
                                     [&](StateId state) { return chart_.is_end(state); });
  configuration.done = configuration.done || at_an_end;
  run_to_stability();
  return out_;
}

}  // namespace kvali::statechart
