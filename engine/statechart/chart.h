#pragma once
// A chart: a core machine made ready for stepping. Ancestors, domains, entry sets and event tables are worked out once,
// so that a step does nothing but look up. Immutable; shared by every instance and every thread.
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/result.h"
#include "kvali/v1/machine.pb.h"

namespace kvali::statechart {

using StateId = std::uint32_t;  // index into Machine.states, which is document order; 0 is the root
using ArrowId = std::uint32_t;  // index into Machine.arrows, which is document order
using EventId = std::uint32_t;  // all names that match the same descriptors of one chart share an id

inline constexpr EventId event_unknown = ~EventId{0};  // not looked up yet

/// Something that happens: its name, and whatever number the host needs to find its data again (0: none).
struct Event {
  std::string_view name;       // "due.application.draft.deadline"; must outlive the call it is given to
  std::uint64_t data = 0;      // the host's own; the step passes it on
  EventId id = event_unknown;  // filled in by Chart::event; otherwise found by name at each dispatch
};

/// What makes an arrow be taken.
enum class Trigger : std::uint8_t {
  Eventless,  // as soon as its guard holds
  Event,      // a broadcast event that one of its descriptors matches
  Move,       // a person, by name
  Freed,      // the engine, by name, when a place of its quota is free
};

class Chart {
 public:
  /// Reads and keeps `machine`. Refuses an ill-formed one with every fault, one a line, each with its place in the
  /// source.
  static Result<std::shared_ptr<const Chart>> compile(v1::Machine machine);

  const v1::Machine& machine() const { return machine_; }
  std::size_t state_count() const { return states_.size(); }
  std::size_t arrow_count() const { return arrows_.size(); }
  const v1::Node& node(StateId state) const { return machine_.states(static_cast<int>(state)); }
  const v1::Arrow& arrow(ArrowId arrow) const { return machine_.arrows(static_cast<int>(arrow)); }

  /// "application.draft"; empty for the root.
  const std::string& path(StateId state) const { return node(state).path(); }
  std::optional<StateId> find(std::string_view path) const;
  StateId parent(StateId state) const { return states_[state].parent; }
  v1::Node::Kind kind(StateId state) const { return states_[state].kind; }
  bool is_history(StateId state) const {
    return kind(state) == v1::Node::HISTORY_SHALLOW || kind(state) == v1::Node::HISTORY_DEEP;
  }
  /// No children: atomic or final.
  bool is_atomic(StateId state) const { return states_[state].atomic; }
  /// Proper descent: a state is no descendant of itself.
  bool is_descendant(StateId state, StateId of) const { return of < state && state <= states_[of].last; }
  /// A final state in which the whole instance ends: below the root, or one that says how it ended (`ends`).
  bool is_end(StateId state) const { return states_[state].end; }
  /// In document order, histories not among them.
  const std::vector<StateId>& children(StateId state) const { return states_[state].children; }
  const std::vector<StateId>& histories(StateId state) const { return states_[state].histories; }
  /// Arrows that start at `state` itself, in document order.
  const std::vector<ArrowId>& arrows_of(StateId state) const { return states_[state].arrows; }
  Trigger trigger(ArrowId arrow) const { return arrows_[arrow].trigger; }
  bool has_guard(ArrowId arrow) const { return arrows_[arrow].guarded; }

  /// The event with its id looked up, for whoever dispatches it often. The name must outlive the event.
  Event event(std::string_view name, std::uint64_t data = 0) const { return {name, data, event_id(name)}; }
  /// Descriptors match whole tokens, "*" everything. What follows "done.state." or "due." is one token (a state's
  /// path).
  EventId event_id(std::string_view name) const;
  /// Arrows of `state` itself that an event of `id` may take, in document order.
  std::span<const ArrowId> arrows_on(StateId state, EventId id) const;
  std::span<const ArrowId> eventless_of(StateId state) const { return arrows_on(state, eventless); }

 private:
  friend class Stepper;
  friend class EntrySet;
  static constexpr EventId eventless = 0;  // the table's row of arrows without event
  static constexpr EventId any = 1;        // names that only "*" matches

  struct State {
    StateId parent = 0;
    StateId last = 0;  // the last descendant, or the state itself: descendants are one range
    v1::Node::Kind kind = v1::Node::KIND_UNSPECIFIED;
    bool atomic = false;
    bool end = false;
    bool enters_quietly = true;  // no entry blocks
    bool leaves_quietly = true;  // no exit blocks
    std::vector<StateId> children;
    std::vector<StateId> histories;
    std::vector<StateId> initial;  // targets of the default entry, or of a history's default
    std::vector<ArrowId> arrows;
    std::string done_event;  // "done.state.PATH"
    EventId done_id = event_unknown;
  };
  struct ArrowFacts {
    StateId source = 0;
    StateId domain = 0;  // everything active below it is left; meaningless without targets
    Trigger trigger = Trigger::Eventless;
    bool guarded = false;
    bool acts = false;
    bool targetless = false;
    bool by_history = false;        // targets depend on history: domain and entry are found at each step
    std::vector<StateId> entry;     // what it enters, document order
    std::vector<StateId> defaults;  // those of them that are entered by default, sorted
  };
  struct Row {  // of one event: which arrows of which state
    struct Cell {
      StateId state;
      std::uint32_t begin, end;  // into arrows
    };
    std::vector<Cell> cells;  // by state
    std::vector<ArrowId> arrows;
  };

  explicit Chart(v1::Machine machine);
  void read_states();
  void read_events();
  void read_arrows();
  /// SCXML's transition domain: the nearest state around source and targets, which is not itself left. Where that is a
  /// parallel state SCXML's text goes on to the compound state around it; we stay, as its suites expect: all regions
  /// are left and entered again, the parallel state (and its timers) is not.
  StateId domain(ArrowId arrow, std::span<const StateId> targets) const;

  v1::Machine machine_;
  std::vector<State> states_;
  std::vector<ArrowFacts> arrows_;
  std::vector<Row> rows_;                                 // by EventId
  std::deque<std::string> event_names_;                   // by EventId
  std::unordered_map<std::string_view, EventId> events_;  // descriptors without ".*"
  std::unordered_map<std::string_view, StateId> paths_;
  bool has_histories_ = false;
};

}  // namespace kvali::statechart
