#include "engine/statechart/entry_set.h"

#include <algorithm>

namespace kvali::statechart {

void EntrySet::begin(const Chart& chart, const Configuration* history) {
  chart_ = &chart;
  history_ = history;
  states_.clear();
  defaults_.clear();
  remembered_.clear();
  default_histories_.clear();
  domain_ = 0;
  met_history_ = false;
}

bool EntrySet::insert(std::vector<StateId>& sorted, StateId state) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), state);
  if (at != sorted.end() && *at == state) return false;
  sorted.insert(at, state);
  return true;
}

bool EntrySet::has_below(StateId state) const {
  const auto next = std::upper_bound(states_.begin(), states_.end(), state);
  return next != states_.end() && chart_->is_descendant(*next, state);
}

std::span<const StateId> EntrySet::history_targets(StateId history) const {
  if (history_ != nullptr) {
    for (const auto& [state, remembered] : history_->history) {
      if (state == history) return remembered;
    }
  }
  return chart_->states_[history].initial;
}

void EntrySet::add(StateId domain, std::span<const StateId> targets) {
  domain_ = domain;
  add_targets(domain, targets);
  if (chart_->kind(domain) == v1::Node::PARALLEL) complete_regions(domain);
}

void EntrySet::add_targets(StateId domain, std::span<const StateId> targets) {
  for (const StateId target : targets) descend(target);
  for (const StateId target : targets) ascend(target, domain);
}

void EntrySet::add_defaults(StateId state) {
  const auto& facts = chart_->states_[state];
  if (facts.kind == v1::Node::PARALLEL) {
    complete_regions(state);
  } else if (facts.kind == v1::Node::COMPOUND) {
    insert(defaults_, state);
    add_targets(state, facts.initial);
  }
}

void EntrySet::complete_regions(StateId parallel) {
  for (const StateId child : chart_->children(parallel)) {
    if (!has_below(child)) descend(child);
  }
}

void EntrySet::descend(StateId state) {
  if (chart_->is_history(state)) {
    met_history_ = true;
    const auto targets = history_targets(state);
    const StateId parent = chart_->parent(state);
    const bool by_default = targets.data() == chart_->states_[state].initial.data();
    if (by_default) {
      default_histories_.emplace_back(parent, state);
    } else {
      for (StateId back : targets) {
        for (; back != parent; back = chart_->parent(back)) insert(remembered_, back);
      }
      insert(remembered_, parent);
    }
    add_targets(parent, targets);
    return;
  }
  insert(states_, state);
  add_defaults(state);
}

void EntrySet::ascend(StateId state, StateId ancestor) {
  // A history may lie around the domain (an arrow back to where its own branch was): what is outside stays as it is.
  for (StateId above = chart_->parent(state); above != ancestor && chart_->is_descendant(above, domain_);
       above = chart_->parent(above)) {
    insert(states_, above);
    if (chart_->kind(above) == v1::Node::PARALLEL) complete_regions(above);
  }
}

}  // namespace kvali::statechart
