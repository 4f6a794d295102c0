#include "engine/statechart/step.h"

#include <algorithm>
#include <utility>

#include "engine/limits.h"

namespace kvali::statechart {

void Turn::raise(std::string_view name, std::uint64_t data) { stepper_.queue({name, data, event_unknown}); }
bool Turn::in(StateId state) const { return is_active(*stepper_.configuration_, state); }
const Configuration& Turn::configuration() const { return *stepper_.configuration_; }

Acted PlainHost::act(const v1::Action& action, Site, const Event*, Turn& turn) {
  if (action.has_raise()) turn.raise(action.raise().event());
  return Acted::Yes;
}

Stepper::Stepper(const Chart& chart) : chart_(chart), verdicts_(chart.arrow_count()) {}

void Stepper::begin(Configuration& configuration, Host& host, const Event* event) {
  configuration_ = &configuration;
  host_ = &host;
  event_ = event;
  out_.taken.clear();
  out_.left.clear();
  out_.entered.clear();
  out_.microsteps = 0;
  out_.nothing_enabled = out_.overflow = false;
  out_.refusal = Refusal::None;
  queue_.clear();
  next_in_queue_ = 0;
  names_.clear();
}

const Macrostep& Stepper::start(Configuration& configuration, Host& host) {
  KVALI_CHECK(configuration.active.empty() && !configuration.done);
  begin(configuration, host, nullptr);
  host.starting(turn_);
  run(chart_.node(0).on_entry(), {Site::Kind::Entry, 0});
  entry_.begin(chart_, configuration_);
  entry_.add_defaults(0);
  if (chart_.kind(0) == v1::Node::COMPOUND) run(chart_.node(0).initial_actions(), {Site::Kind::Initial, 0});
  enter_all(entry_.states(), entry_.defaults());
  run_to_stability();
  return out_;
}

const Macrostep& Stepper::dispatch(Configuration& configuration, const Event& event, Host& host) {
  Event known = event;
  if (known.id == event_unknown) known.id = chart_.event_id(known.name);
  KVALI_CHECK(known.id < chart_.rows_.size());
  begin(configuration, host, &known);
  if (configuration.done) {
    out_.refusal = Refusal::Finished;
    out_.nothing_enabled = true;
    return out_;
  }
  if (select(known.id)) {
    microstep();
  } else {
    out_.nothing_enabled = true;
  }
  run_to_stability();
  event_ = nullptr;
  return out_;
}

const Macrostep& Stepper::take(Configuration& configuration, ArrowId arrow, Host& host, const Event* event) {
  KVALI_CHECK(arrow < chart_.arrow_count());
  begin(configuration, host, event);
  if (configuration.done) {
    out_.refusal = Refusal::Finished;
  } else if (!is_active(configuration, chart_.arrows_[arrow].source)) {
    out_.refusal = Refusal::NotActive;
  } else if (chart_.has_guard(arrow) && !host.holds(arrow, event, turn_)) {
    out_.refusal = Refusal::GuardFalse;
  } else {
    chosen_.assign(1, chosen(arrow));
    microstep();
    run_to_stability();
  }
  event_ = nullptr;
  return out_;
}

const Macrostep& Stepper::settle(Configuration& configuration, Host& host) {
  begin(configuration, host, nullptr);
  if (configuration.done) {
    out_.refusal = Refusal::Finished;
  } else {
    run_to_stability();
  }
  out_.nothing_enabled = out_.taken.empty();
  return out_;
}

// Eventless arrows before internal events, one internal event at a time, until both have run out.
void Stepper::run_to_stability() {
  while (!configuration_->done) {
    if (out_.microsteps >= limits::microsteps_max) out_.overflow = true;
    if (out_.overflow) return;
    if (select(Chart::eventless)) {
      microstep();
      continue;
    }
    if (next_in_queue_ == queue_.size()) return;
    internal_ = queue_[next_in_queue_++];
    event_ = &internal_;
    if (select(internal_.id)) {
      microstep();
    } else {
      ++out_.microsteps;
    }
  }
  end_session();
}

// SCXML runs the exit content of what is active when the session ends. The configuration stays: it says how it ended.
void Stepper::end_session() {
  for (std::size_t i = configuration_->active.size(); i-- > 0;) {
    const StateId state = configuration_->active[i];
    run(chart_.node(state).on_exit(), {Site::Kind::Exit, state});
  }
  run(chart_.node(0).on_exit(), {Site::Kind::Exit, 0});
}

// SCXML's selectTransitions: for each atomic state in document order, the first arrow on the way up whose guard holds.
// Fills chosen_ and says whether there is any.
bool Stepper::select(EventId id) {
  chosen_.clear();
  if (chart_.rows_[id].cells.empty()) return false;
  ++selection_;
  const auto take_first = [&](StateId state) {
    for (const ArrowId arrow : chart_.arrows_on(state, id)) {
      if (!holds(arrow)) continue;
      choose(arrow);
      return true;
    }
    return false;
  };
  for (const StateId leaf : configuration_->active) {
    if (!chart_.is_atomic(leaf)) continue;
    StateId state = leaf;
    while (!take_first(state) && state != 0) state = chart_.parent(state);
  }
  return !chosen_.empty();
}

bool Stepper::holds(ArrowId arrow) {
  if (!chart_.has_guard(arrow)) return true;
  Verdict& verdict = verdicts_[arrow];
  if (verdict.selection != selection_) {
    verdict.selection = selection_;
    verdict.holds = host_->holds(arrow, event_, turn_);
  }
  return verdict.holds;
}

Stepper::Chosen Stepper::chosen(ArrowId arrow) {
  const auto& facts = chart_.arrows_[arrow];
  if (!facts.by_history) return {arrow, facts.domain};
  std::vector<StateId> targets;  // what the histories among them stand for now
  for (const StateId target : chart_.arrow(arrow).targets()) {
    if (!chart_.is_history(target)) {
      targets.push_back(target);
      continue;
    }
    entry_.begin(chart_, configuration_);
    const auto meant = entry_.history_targets(target);
    targets.insert(targets.end(), meant.begin(), meant.end());
  }
  return {arrow, chart_.domain(arrow, targets)};
}

// SCXML's removeConflictingTransitions. Exit sets are what is active below a domain, and domains lie in one tree: two
// arrows conflict exactly when one's domain is the other's or around it. Then the one whose source lies deeper wins,
// else the one chosen first.
void Stepper::choose(ArrowId arrow) {
  if (std::exchange(verdicts_[arrow].chosen_in, selection_) == selection_) return;
  const Chosen candidate = chosen(arrow);
  const auto& facts = chart_.arrows_[arrow];
  if (!facts.targetless && !chosen_.empty()) {
    const auto conflicts = [&](const Chosen& other) {
      return !chart_.arrows_[other.arrow].targetless &&
             (other.domain == candidate.domain || chart_.is_descendant(other.domain, candidate.domain) ||
              chart_.is_descendant(candidate.domain, other.domain));
    };
    const auto yields = [&](const Chosen& other) {
      return conflicts(other) && chart_.is_descendant(facts.source, chart_.arrows_[other.arrow].source);
    };
    for (const Chosen& other : chosen_) {
      if (conflicts(other) && !yields(other)) return;
    }
    std::erase_if(chosen_, yields);
  }
  chosen_.push_back(candidate);
}

void Stepper::microstep() {
  ++out_.microsteps;
  for (const Chosen& each : chosen_) out_.taken.push_back(each.arrow);
  // The domains of arrows taken together lie apart, so leaving them from the last to the first is document order
  // reversed.
  by_domain_ = chosen_;
  std::erase_if(by_domain_, [&](const Chosen& each) { return chart_.arrows_[each.arrow].targetless; });
  if (by_domain_.size() > 1) {
    std::sort(by_domain_.begin(), by_domain_.end(),
              [](const Chosen& a, const Chosen& b) { return a.domain < b.domain; });
  }
  if (chart_.has_histories_) {
    for (const Chosen& each : by_domain_) remember_below(each.domain);
  }
  for (auto each = by_domain_.rbegin(); each != by_domain_.rend(); ++each) leave_below(each->domain);
  for (const Chosen& each : chosen_) {
    if (chart_.arrows_[each.arrow].acts) run(chart_.arrow(each.arrow).actions(), {Site::Kind::Arrow, each.arrow});
  }
  for (const Chosen& each : by_domain_) {
    const auto& facts = chart_.arrows_[each.arrow];
    entry_.begin(chart_, configuration_);
    if (!facts.by_history) {
      enter_all(facts.entry, facts.defaults);
      continue;
    }
    const auto& targets = chart_.arrow(each.arrow).targets();
    entry_.add(each.domain, {targets.data(), static_cast<std::size_t>(targets.size())});
    enter_all(entry_.states(), entry_.defaults());
  }
}

void Stepper::remember_below(StateId domain) {
  for (const StateId state : configuration_->active) {
    if (chart_.is_descendant(state, domain)) remember(state);
  }
}

void Stepper::remember(StateId state) {
  for (const StateId history : chart_.histories(state)) {
    std::vector<StateId> value;
    for (const StateId below : configuration_->active) {
      if (!chart_.is_descendant(below, state)) continue;
      const bool meant =
          chart_.kind(history) == v1::Node::HISTORY_DEEP ? chart_.is_atomic(below) : chart_.parent(below) == state;
      if (meant) value.push_back(below);
    }
    auto& all = configuration_->history;
    const auto at = std::lower_bound(all.begin(), all.end(), history,
                                     [](const auto& left, StateId right) { return left.first < right; });
    if (at != all.end() && at->first == history) {
      at->second = std::move(value);
    } else {
      all.emplace(at, history, std::move(value));
    }
  }
}

void Stepper::leave_below(StateId domain) {
  const auto& active = configuration_->active;
  const auto first = std::upper_bound(active.begin(), active.end(), domain) - active.begin();
  const auto end = std::upper_bound(active.begin() + first, active.end(), chart_.states_[domain].last) - active.begin();
  for (auto index = end; index-- > first;) leave(static_cast<std::size_t>(index));
}

void Stepper::leave(std::size_t index) {
  const StateId state = configuration_->active[index];
  if (!chart_.states_[state].leaves_quietly) run(chart_.node(state).on_exit(), {Site::Kind::Exit, state});
  configuration_->active.erase(configuration_->active.begin() + static_cast<std::ptrdiff_t>(index));
  out_.left.push_back(state);
  host_->left(state);
}

void Stepper::enter_all(std::span<const StateId> entry, std::span<const StateId> defaults) {
  for (const StateId state : entry) enter_state(state, std::binary_search(defaults.begin(), defaults.end(), state));
}

void Stepper::enter_state(StateId state, bool by_default) {
  auto& active = configuration_->active;
  active.insert(std::lower_bound(active.begin(), active.end(), state), state);
  out_.entered.push_back(state);
  const bool remembered = std::binary_search(entry_.remembered().begin(), entry_.remembered().end(), state);
  host_->entered(state, remembered ? Entry::Remembered : Entry::Afresh);
  if (!chart_.states_[state].enters_quietly) run(chart_.node(state).on_entry(), {Site::Kind::Entry, state});
  if (by_default) run(chart_.node(state).initial_actions(), {Site::Kind::Initial, state});
  for (const auto& [parent, history] : entry_.default_histories()) {
    if (parent == state) run(chart_.node(history).initial_actions(), {Site::Kind::Initial, history});
  }
  if (chart_.kind(state) == v1::Node::FINAL) reach_final(state);
}

void Stepper::reach_final(StateId state) {
  if (chart_.is_end(state)) {
    configuration_->done = true;
    return;
  }
  const StateId parent = chart_.parent(state);
  const std::uint64_t data = chart_.node(state).done_data().empty() ? 0 : host_->done_data(state, event_, turn_);
  queue({chart_.states_[parent].done_event, data, chart_.states_[parent].done_id});
  const StateId around = chart_.parent(parent);
  if (chart_.kind(around) != v1::Node::PARALLEL || !in_final(around)) return;
  if (around == 0) {
    configuration_->done = true;
  } else {
    queue({chart_.states_[around].done_event, 0, chart_.states_[around].done_id});
  }
}

bool Stepper::in_final(StateId state) const {
  const auto& children = chart_.children(state);
  const auto ended = [&](StateId child) {
    return chart_.kind(child) == v1::Node::FINAL ? is_active(*configuration_, child) : in_final(child);
  };
  switch (chart_.kind(state)) {
    case v1::Node::COMPOUND:
      return std::any_of(children.begin(), children.end(), [&](StateId child) {
        return chart_.kind(child) == v1::Node::FINAL && is_active(*configuration_, child);
      });
    case v1::Node::PARALLEL:
      return std::all_of(children.begin(), children.end(), ended);
    default:
      return false;
  }
}

void Stepper::queue(Event event) {
  // Each internal event is at least one microstep, so a queue this long cannot come to its end.
  if (queue_.size() >= limits::microsteps_max) {
    out_.overflow = true;
    return;
  }
  if (event.id == event_unknown) {
    event.id = chart_.event_id(event.name);
    const std::string& known = chart_.event_names_[event.id];
    event.name = known == event.name ? std::string_view(known) : std::string_view(names_.emplace_back(event.name));
  }
  queue_.push_back(event);
  host_->raised(event);
}

void Stepper::run(const google::protobuf::RepeatedPtrField<v1::Block>& blocks, Site site) {
  for (const v1::Block& block : blocks) run(block.actions(), site);
}

void Stepper::run(const google::protobuf::RepeatedPtrField<v1::Action>& actions, Site site) {
  for (const v1::Action& action : actions) {
    if (host_->act(action, site, event_, turn_) == Acted::Failed) return;
  }
}

Macrostep start(const Chart& chart, Configuration& configuration, Host& host) {
  return Stepper(chart).start(configuration, host);
}
Macrostep dispatch(const Chart& chart, Configuration& configuration, const Event& event, Host& host) {
  return Stepper(chart).dispatch(configuration, event, host);
}
Macrostep take(const Chart& chart, Configuration& configuration, ArrowId arrow, Host& host, const Event* event) {
  return Stepper(chart).take(configuration, arrow, host, event);
}
Macrostep settle(const Chart& chart, Configuration& configuration, Host& host) {
  return Stepper(chart).settle(configuration, host);
}
Macrostep enter(const Chart& chart, Configuration& configuration, std::span<const StateId> targets, Host& host) {
  return Stepper(chart).enter(configuration, targets, host);
}

}  // namespace kvali::statechart
