#include "engine/statechart/chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/statechart/chart_check.h"
#include "engine/statechart/entry_set.h"

namespace kvali::statechart {
namespace {

// "a.b.*", "a.b." and "a.b" are one descriptor; "*" alone is empty.
std::string_view bare(std::string_view descriptor) {
  if (descriptor == "*") return {};
  if (descriptor.ends_with(".*")) descriptor.remove_suffix(2);
  while (descriptor.ends_with('.')) descriptor.remove_suffix(1);
  return descriptor;
}

// Descriptors match whole tokens from the left: "a.b" matches "a.b" and "a.b.c", not "a.bc". A state's path is one
// token, dots and all: else `done.state.mentoring` would match the end of its region, done.state.mentoring.sessions,
// and a deadline its own reminders. Returns the next shorter descriptor that matches `name`.
std::string_view shorter(std::string_view name) {
  for (const std::string_view led : {std::string_view("done.state."), std::string_view("due.")}) {
    if (name.starts_with(led)) return led.substr(0, led.size() - 1);
  }
  const auto dot = name.rfind('.');
  return name.substr(0, dot == std::string_view::npos ? 0 : dot);
}

bool matches(std::string_view descriptor, std::string_view name) {
  while (name != descriptor && !name.empty()) name = shorter(name);
  return name == descriptor;
}

}  // namespace

Result<std::shared_ptr<const Chart>> Chart::compile(v1::Machine machine) {
  const auto faults = faults_of(machine);
  if (!faults.empty()) return fail(fmt::format("{}", fmt::join(faults, "\n")));
  return std::shared_ptr<const Chart>(new Chart(std::move(machine)));
}

Chart::Chart(v1::Machine machine) : machine_(std::move(machine)) {
  read_states();
  read_events();
  read_arrows();
}

void Chart::read_states() {
  const auto count = static_cast<StateId>(machine_.states_size());
  states_.resize(count);
  for (StateId id = 0; id < count; ++id) {
    const v1::Node& from = node(id);
    State& state = states_[id];
    state.parent = from.parent();
    state.kind = from.kind();
    state.atomic = from.kind() == v1::Node::ATOMIC || from.kind() == v1::Node::FINAL;
    state.end = from.kind() == v1::Node::FINAL && (from.parent() == 0 || from.ends() != v1::State::END_UNSPECIFIED);
    state.enters_quietly = from.on_entry().empty();
    state.leaves_quietly = from.on_exit().empty();
    state.initial.assign(from.initial().begin(), from.initial().end());
    for (StateId above = id;; above = states_[above].parent) {
      states_[above].last = id;
      if (above == 0) break;
    }
    if (id == 0) continue;
    paths_.emplace(path(id), id);
    auto& siblings = is_history(id) ? states_[state.parent].histories : states_[state.parent].children;
    siblings.push_back(id);
    has_histories_ = has_histories_ || is_history(id);
  }
  for (State& state : states_) {
    if (state.initial.empty() && state.kind == v1::Node::COMPOUND) state.initial = {state.children.front()};
  }
  for (State& state : states_) {  // a history without a default is its parent's own beginning
    const bool history = state.kind == v1::Node::HISTORY_SHALLOW || state.kind == v1::Node::HISTORY_DEEP;
    if (!history || !state.initial.empty()) continue;
    const State& parent = states_[state.parent];
    state.initial = parent.children;
    if (parent.kind == v1::Node::COMPOUND) state.initial.resize(1);
  }
}

// Names that match the same descriptors behave alike. The longest descriptor that matches a name has all the others as
// its own prefixes, so it stands for the name: one row of arrows for each descriptor.
void Chart::read_events() {
  event_names_ = {"", ""};
  for (const v1::Arrow& arrow : machine_.arrows()) {
    for (const std::string& descriptor : arrow.events()) {
      const std::string_view name = bare(descriptor);
      if (name.empty() || events_.contains(name)) continue;
      event_names_.emplace_back(name);
      events_.emplace(event_names_.back(), static_cast<EventId>(event_names_.size() - 1));
    }
  }
  rows_.resize(event_names_.size());
  for (StateId state = 0; state < states_.size(); ++state) {
    states_[state].done_event = state == 0 ? "done.state" : "done.state." + path(state);
    states_[state].done_id = event_id(states_[state].done_event);
  }
}

EventId Chart::event_id(std::string_view name) const {
  while (!name.empty()) {
    const auto found = events_.find(name);
    if (found != events_.end()) return found->second;
    name = shorter(name);
  }
  return any;
}

void Chart::read_arrows() {
  arrows_.resize(static_cast<std::size_t>(machine_.arrows_size()));
  EntrySet entry;
  for (ArrowId id = 0; id < arrows_.size(); ++id) {
    const v1::Arrow& from = arrow(id);
    ArrowFacts& facts = arrows_[id];
    facts.source = from.source();
    facts.guarded = !from.guard().empty();
    facts.acts = !from.actions().empty();
    facts.targetless = from.targets().empty();
    facts.trigger = from.has_move()         ? Trigger::Move
                    : !from.freed().empty() ? Trigger::Freed
                    : from.events().empty() ? Trigger::Eventless
                                            : Trigger::Event;
    states_[facts.source].arrows.push_back(id);
    if (facts.targetless) continue;
    const std::vector<StateId> targets(from.targets().begin(), from.targets().end());
    facts.domain = domain(id, targets);
    entry.begin(*this, nullptr);
    entry.add(facts.domain, targets);
    facts.by_history = entry.met_history();
    if (facts.by_history) continue;
    facts.entry = entry.states();
    facts.defaults = entry.defaults();
  }
  for (EventId id = 0; id < rows_.size(); ++id) {
    for (StateId state = 0; state < states_.size(); ++state) {
      Row& row = rows_[id];
      const auto begin = static_cast<std::uint32_t>(row.arrows.size());
      for (const ArrowId arrow_id : states_[state].arrows) {
        const auto& events = arrow(arrow_id).events();
        const bool meant = id == eventless
                               ? trigger(arrow_id) == Trigger::Eventless
                               : trigger(arrow_id) == Trigger::Event &&
                                     std::any_of(events.begin(), events.end(), [&](const std::string& descriptor) {
                                       return matches(bare(descriptor), event_names_[id]);
                                     });
        if (meant) row.arrows.push_back(arrow_id);
      }
      const auto end = static_cast<std::uint32_t>(row.arrows.size());
      if (begin != end) row.cells.push_back({state, begin, end});
    }
  }
}

StateId Chart::domain(ArrowId arrow_id, std::span<const StateId> targets) const {
  const StateId source = arrow(arrow_id).source();
  const auto holds_all = [&](StateId state) {
    return std::all_of(targets.begin(), targets.end(), [&](StateId target) { return is_descendant(target, state); });
  };
  if (arrow(arrow_id).internal() && kind(source) == v1::Node::COMPOUND && holds_all(source)) return source;
  StateId around = parent(source);
  while (around != 0 && !holds_all(around)) around = parent(around);
  return around;
}

std::optional<StateId> Chart::find(std::string_view path) const {
  if (path.empty()) return 0;
  const auto found = paths_.find(path);
  if (found == paths_.end()) return std::nullopt;
  return found->second;
}

std::span<const ArrowId> Chart::arrows_on(StateId state, EventId id) const {
  const Row& row = rows_[id];
  const auto cell = std::lower_bound(row.cells.begin(), row.cells.end(), state,
                                     [](const Row::Cell& left, StateId right) { return left.state < right; });
  if (cell == row.cells.end() || cell->state != state) return {};
  return std::span<const ArrowId>(row.arrows).subspan(cell->begin, cell->end - cell->begin);
}

}  // namespace kvali::statechart
