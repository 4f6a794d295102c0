// Soundness in the sense of workflow nets: an end can always be come to, nothing is dead, nothing goes round for ever.
//
// One mistake shows in many places, and is told once: where an end is out of reach, what lies behind is not told as
// unreachable; where a state is never come to, the arrows into it are not told as dead.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/program/verify/proving.h"

namespace kvali::program::proof {

namespace {

/// Whether the state, or one around it, is among the sources of a cycle, where nothing else ever has its turn.
bool in_cycle(const Proving& proving, StateId state) {
  for (const Cycle& cycle : proving.found.cycles)
    for (const ArrowId arrow : cycle.arrows) {
      const StateId source = proving.chart.arrow(arrow).source();
      if (source == state || proving.chart.is_descendant(source, state)) return true;
    }
  return false;
}

/// The states that rest in the first spot from which no end can be come to; empty when there is none.
std::vector<StateId> check_option(const Proving& proving) {
  if (proving.program.forever() || !proving.found.complete) return {};
  std::vector<SpotId> cycles;  // what leads into one is told as such
  for (const Cycle& cycle : proving.found.cycles)
    if (cycle.from != none) cycles.push_back(cycle.from);
  const auto counts = [&](const Happening& what) { return what.kind != Happening::Kind::Move || !proving.is_anywhere(what.arrow); };
  const std::vector<bool> may = may_end(proving.found, counts, cycles);
  const auto stuck = std::find(may.begin(), may.end(), false);
  if (stuck == may.end()) return {};
  const auto spot = static_cast<SpotId>(stuck - may.begin());
  const statechart::Configuration where = proving.found.configuration(spot);
  std::vector<std::string> paths;
  StateId first = none;
  for (const StateId state : atomic_states(proving.chart, where)) {
    paths.push_back(fmt::format("`{}`", proving.chart.path(state)));
    if (first == none && proving.chart.kind(state) != v1::Node::FINAL) first = state;
  }
  const bool leaves = std::any_of(proving.found.edges.begin(), proving.found.edges.end(), [&](const Edge& edge) { return edge.from == spot; });
  proving.tell(Severity::Error, proving.path_of(first == none ? where.active.front() : first), "no-option-to-complete",
               fmt::format("from {} no end can be come to any more{}", fmt::join(paths, " with "), leaves ? "" : ": nothing leads on"),
               proving.trace_to(spot));
  return where.active;
}

/// What no end follows from is told there: arrows that wait for it to be done are no fault of their own.
class Dead {
 public:
  Dead(const Proving& proving, std::vector<StateId> stuck) : proving_(proving), stuck_(std::move(stuck)) {}

  void tell_unreachable() {
    for (StateId state = 1; state < chart().state_count(); ++state) {
      const StateId around = chart().parent(state);
      if (found().entered[state] || chart().is_history(state) || (around != 0 && !found().entered[around])) continue;
      if (follows(state)) continue;
      proving_.tell(Severity::Error, proving_.path_of(state), "unreachable-state",
                    fmt::format("nothing ever comes to `{}`{}", chart().path(state), blame(state)));
    }
  }

  void tell_never_resting() {
    for (StateId state = 1; state < chart().state_count(); ++state) {
      if (!found().entered[state] || found().first_at[state] != none || in_cycle(proving_, state)) continue;
      if (chart().parent(state) != 0 && found().first_at[chart().parent(state)] == none) continue;
      if (!awaits(state)) continue;
      passing_.push_back(state);
      const std::string said = fmt::format("`{}` is left as soon as it is entered", chart().path(state));
      const auto form = form_of(state);
      if (form.empty()) {
        proving_.tell(Severity::Error, proving_.path_of(state), "dead-transition", said + ", so nothing that waits there ever happens");
      } else {
        proving_.tell(Severity::Error, form, "unreachable-form", said + ", so nobody can ever fill this in");
      }
    }
  }

  void tell_dead() {
    std::map<std::string, std::vector<ArrowId>> by_path;  // one line of the program may have become several arrows
    for (ArrowId arrow = 0; arrow < chart().arrow_count(); ++arrow) by_path[proving_.path_of_arrow(arrow)].push_back(arrow);
    for (const auto& [path, arrows] : by_path) {
      if (!std::all_of(arrows.begin(), arrows.end(), [&](ArrowId arrow) { return is_dead(arrow); })) continue;
      proving_.tell(Severity::Error, path, "dead-transition",
                    fmt::format("{} can never happen{}", proving_.name_of(arrows.front()), reason(arrows.front())),
                    proving_.trace_to_state(chart().arrow(arrows.front()).source()));
    }
  }

 private:
  const statechart::Chart& chart() const { return proving_.chart; }
  const Exploration& found() const { return proving_.found; }

  /// Waits for something to be done that never is, as was told.
  bool waits_for_stuck(ArrowId arrow) const {
    const auto& events = chart().arrow(arrow).events();
    const bool done = std::any_of(events.begin(), events.end(), [](const std::string& event) { return event.starts_with("done."); });
    return done && std::find(stuck_.begin(), stuck_.end(), chart().arrow(arrow).source()) != stuck_.end();
  }

  std::vector<ArrowId> into(StateId state) const {
    std::vector<ArrowId> arrows;
    for (ArrowId arrow = 0; arrow < chart().arrow_count(); ++arrow)
      for (const StateId target : chart().arrow(arrow).targets()) {
        const StateId meant = chart().is_history(target) ? chart().parent(target) : target;
        if (meant == state || chart().is_descendant(meant, state)) arrows.push_back(arrow);
      }
    return arrows;
  }

  /// Whether it is never come to because of something told already: all ways to it begin where nothing ever is, wait for what is
  /// stuck, or stand in a cycle.
  bool follows(StateId state) const {
    const std::vector<ArrowId> ways = into(state);
    return std::all_of(ways.begin(), ways.end(), [&](ArrowId arrow) {
      const StateId source = chart().arrow(arrow).source();
      return !found().entered[source] || waits_for_stuck(arrow) || in_cycle(proving_, source);
    }) && !ways.empty();
  }

  std::string blame(StateId state) const {
    for (const ArrowId arrow : into(state))
      if (found().entered[chart().arrow(arrow).source()]) return fmt::format(": {} can never happen", proving_.name_of(arrow));
    return "";
  }

  /// Whether something there needs it to rest: a person's move, an event, something to be filled in.
  bool awaits(StateId state) const {
    const auto& arrows = chart().arrows_of(state);
    return chart().node(state).opens_size() > 0 || std::any_of(arrows.begin(), arrows.end(), [&](ArrowId arrow) {
             return chart().trigger(arrow) != statechart::Trigger::Eventless && !found().taken[arrow] &&
                    (chart().arrow(arrow).events().empty() || !chart().arrow(arrow).events(0).starts_with("done."));
           });
  }

  /// Where what is filled in in a state stands in the YAML; empty when there is nothing.
  std::string form_of(StateId state) const {
    const v1::Machine& machine = chart().machine();
    for (const v1::TaskKind& kind : machine.tasks()) {
      const bool opened = std::find(chart().node(state).opens().begin(), chart().node(state).opens().end(), kind.name()) !=
                          chart().node(state).opens().end();
      if (opened) return proving_.path_at(kind.place());
    }
    for (const v1::Timer& timer : chart().node(state).timers())
      if (timer.name().starts_with("series.")) return proving_.path_at(timer.place());
    return {};
  }

  bool is_dead(ArrowId arrow) const {
    const StateId source = chart().arrow(arrow).source();
    if (found().taken[arrow] || !found().entered[source] || waits_for_stuck(arrow) || in_cycle(proving_, source)) return false;
    for (const StateId state : passing_)
      if (source == state || chart().is_descendant(source, state)) return false;
    const auto& targets = chart().arrow(arrow).targets();
    return std::all_of(targets.begin(), targets.end(), [&](StateId target) {
      return found().entered[chart().is_history(target) ? chart().parent(target) : target];
    });
  }

  std::string reason(ArrowId arrow) const {
    if (chart().trigger(arrow) == statechart::Trigger::Eventless || !chart().arrow(arrow).freed().empty())
      return ": what stands before it always comes first";
    return chart().arrow(arrow).events().empty() ? ": what it needs never holds there" : ": what it waits for never comes";
  }

  const Proving& proving_;
  std::vector<StateId> stuck_;
  std::vector<StateId> passing_;  // told as left at once
};

}  // namespace

void check_cycles(const Proving& proving) {
  for (const Cycle& cycle : proving.found.cycles) {
    std::vector<std::string> names;
    names.reserve(cycle.arrows.size());
    for (const ArrowId arrow : cycle.arrows) names.push_back(proving.name_of(arrow));
    std::vector<TraceStep> trace = cycle.from == none ? std::vector<TraceStep>{} : proving.trace_to(cycle.from);
    trace.push_back(proving.step(cycle.happening, cycle.claims, {}));
    proving.tell(Severity::Error, proving.path_of_arrow(cycle.arrows.front()), "endless-cycle",
                 fmt::format("this goes round for ever by itself: {}", fmt::join(names, ", ")), std::move(trace));
  }
}

void check_soundness(const Proving& proving) {
  std::vector<StateId> stuck = check_option(proving);
  if (!proving.found.complete) return;
  Dead dead(proving, std::move(stuck));
  dead.tell_unreachable();
  dead.tell_never_resting();
  dead.tell_dead();
}

}  // namespace kvali::program::proof
