#include "engine/program/verify/explore.h"

#include <algorithm>
#include <set>

namespace kvali::program::proof {

using statechart::Configuration;
using statechart::Macrostep;
using statechart::Trigger;

GuardTexts::GuardTexts(const v1::Machine& machine, const std::vector<std::string>& others) {
  for (const v1::Arrow& arrow : machine.arrows()) {
    add(arrow.guard());
    for (const v1::Need& need : arrow.move().needs()) add(need.when());
    for (const v1::Need& need : arrow.needs()) add(need.when());
  }
  for (const std::string& other : others) add(other);
}

void GuardTexts::add(const std::string& source) {
  if (source.empty()) return;
  const auto [at, is_new] = ids_.emplace(source, static_cast<GuardId>(sources_.size()));
  if (is_new) sources_.push_back(&at->first);
}

namespace {

/// A configuration and the timers of its active states that have fired and do not repeat.
struct Situation {
  Configuration at;
  std::vector<std::pair<StateId, std::uint32_t>> spent;  // sorted
};

void put(std::string& key, std::uint32_t number) {
  for (; number >= 0x80; number >>= 7) key += static_cast<char>(0x80 | (number & 0x7F));
  key += static_cast<char>(number);
}

std::uint32_t get(std::string_view& key) {
  std::uint32_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(key.front());
    key.remove_prefix(1);
    number |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return number;
  }
}

void put_list(std::string& key, const std::vector<StateId>& states) {
  put(key, static_cast<std::uint32_t>(states.size()));
  for (const StateId state : states) put(key, state);
}

std::vector<StateId> get_list(std::string_view& key) {
  std::vector<StateId> states(get(key));
  for (StateId& state : states) state = get(key);
  return states;
}

std::string write(const Situation& situation) {
  std::string key;
  put(key, situation.at.done ? 1 : 0);
  put_list(key, situation.at.active);
  put(key, static_cast<std::uint32_t>(situation.at.history.size()));
  for (const auto& [history, states] : situation.at.history) {
    put(key, history);
    put_list(key, states);
  }
  for (const auto& [state, timer] : situation.spent) {
    put(key, state);
    put(key, timer);
  }
  return key;
}

Situation read(std::string_view key) {
  Situation situation;
  situation.at.done = get(key) != 0;
  situation.at.active = get_list(key);
  situation.at.history.resize(get(key));
  for (auto& [history, states] : situation.at.history) {
    history = get(key);
    states = get_list(key);
  }
  while (!key.empty()) {
    const StateId state = get(key);
    situation.spent.emplace_back(state, get(key));
  }
  return situation;
}

/// Answers guards by claims made before, and makes new ones: what may hold and may not is claimed to hold, and the other way
/// is kept to be tried later.
class Asked final : public statechart::Host {
 public:
  Asked(const statechart::Chart& chart, const GuardTexts& texts, Oracle& oracle, std::vector<Claim> given, std::vector<std::vector<Claim>>& open)
      : chart_(chart), texts_(texts), oracle_(oracle), claims(std::move(given)), open_(open) {}

  bool holds(ArrowId arrow, const statechart::Event*, statechart::Turn&) override { return ask(texts_.of(chart_.arrow(arrow).guard())); }

  bool ask(GuardId guard) {
    for (const Claim& claim : claims)
      if (claim.guard == guard) return claim.holds;
    claims.push_back({guard, false});
    const bool may_fail = oracle_.possible(claims);
    claims.back().holds = true;
    const bool may_hold = oracle_.possible(claims);
    if (may_hold && may_fail) {
      open_.push_back(claims);
      open_.back().back().holds = false;
    }
    claims.back().holds = may_hold;
    return may_hold;
  }

  /// Takes all `needs` to hold; false when they cannot.
  bool need(const google::protobuf::RepeatedPtrField<v1::Need>& needs) {
    for (const v1::Need& one : needs) {
      const GuardId guard = texts_.of(one.when());
      const auto same = std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) { return claim.guard == guard; });
      if (same != claims.end() && !same->holds) return false;
      if (same != claims.end()) continue;
      claims.push_back({guard, true});
      if (!oracle_.possible(claims)) return false;
    }
    return true;
  }

  statechart::Acted act(const v1::Action& action, statechart::Site, const statechart::Event*, statechart::Turn& turn) override {
    if (action.has_raise()) turn.raise(action.raise().event());
    return statechart::Acted::Yes;
  }
  void entered(StateId state, statechart::Entry how) override {
    if (how == statechart::Entry::Afresh) fresh.push_back(state);
  }

 private:
  const statechart::Chart& chart_;
  const GuardTexts& texts_;
  Oracle& oracle_;

 public:
  std::vector<Claim> claims;
  std::vector<StateId> fresh;  // entered with new timers

 private:
  std::vector<std::vector<Claim>>& open_;
};

class Explorer {
 public:
  Explorer(const statechart::Chart& chart, const GuardTexts& texts, std::span<const Outside> outside, Oracle& oracle, const Bounds& bounds)
      : chart_(chart), texts_(texts), oracle_(oracle), bounds_(bounds), stepper_(chart) {
    out_.taken.assign(chart.arrow_count(), false);
    out_.entered.assign(chart.state_count(), false);
    out_.first_at.assign(chart.state_count(), none);
    list_happenings(outside);
  }

  Exploration run() {
    tries(none, Situation{}, 0);
    for (SpotId spot = 0; spot < out_.spots.size() && out_.complete; ++spot) expand(spot);
    out_.counts.configurations = out_.spots.size();
    return std::move(out_);
  }

 private:
  // --- what may happen ------------------------------------------------------------------------------------------------

  /// In the order of states: what stands first in the file is tried first, persons before time.
  void list_happenings(std::span<const Outside> outside) {
    by_state_.resize(chart_.state_count());
    add({Happening::Kind::Start, none, {}, 0, none});
    by_state_[0].clear();
    for (StateId state = 0; state < chart_.state_count(); ++state) {
      std::set<std::string> freed;
      bool asks = false;
      for (const ArrowId arrow : chart_.arrows_of(state)) {
        const Trigger trigger = chart_.trigger(arrow);
        if (trigger == Trigger::Move) add({Happening::Kind::Move, arrow, {}, state, none});
        const std::string& quota = chart_.arrow(arrow).freed();
        if (trigger == Trigger::Freed && freed.insert(quota).second) add({Happening::Kind::Freed, none, quota, state, none});
        asks = asks || (trigger == Trigger::Eventless && chart_.has_guard(arrow));
      }
      if (asks) add({Happening::Kind::Settle, none, {}, state, none});
      for (int timer = 0; timer < chart_.node(state).timers_size(); ++timer)
        add({Happening::Kind::Event, none, chart_.node(state).timers(timer).event(), state, static_cast<std::uint32_t>(timer)});
      for (const Outside& one : outside)
        if (one.while_active == state) add({Happening::Kind::Event, none, one.event, state, none});
    }
    leads_.resize(out_.happenings.size());
    for (std::size_t i = 0; i < leads_.size(); ++i) leads_[i] = out_.happenings[i].kind == Happening::Kind::Event && leads(out_.happenings[i]);
  }

  void add(Happening happening) {
    by_state_[happening.state].push_back(static_cast<std::uint32_t>(out_.happenings.size()));
    out_.happenings.push_back(std::move(happening));
  }

  /// Whether some arrow that goes somewhere waits for the event: whether it has passed makes a difference then.
  bool leads(const Happening& event) const {
    const auto id = chart_.event_id(event.event);
    for (StateId state = 0; state < chart_.state_count(); ++state)
      for (const ArrowId arrow : chart_.arrows_on(state, id))
        if (!chart_.arrow(arrow).targets().empty()) return true;
    return false;
  }

  bool repeats(const Happening& event) const { return !chart_.node(event.state).timers(static_cast<int>(event.timer)).every().empty(); }

  // --- trying ---------------------------------------------------------------------------------------------------------

  void expand(SpotId spot) {
    if (out_.spots[spot].done) return;
    const Situation situation = read(*out_.spots[spot].key);
    for (const std::uint32_t happening : by_state_[0]) tries(spot, situation, happening);
    for (const StateId state : situation.at.active)
      for (const std::uint32_t happening : by_state_[state]) tries(spot, situation, happening);
  }

  void tries(SpotId from, const Situation& before, std::uint32_t happening) {
    const Happening& what = out_.happenings[happening];
    if (what.timer != none && std::binary_search(before.spent.begin(), before.spent.end(), std::pair(what.state, what.timer))) return;
    std::vector<std::vector<Claim>> open{{}};
    while (!open.empty()) {
      if (out_.counts.transitions >= bounds_.transitions || out_.spots.size() > bounds_.configurations) {
        out_.complete = false;
        return;
      }
      std::vector<Claim> given = std::move(open.back());
      open.pop_back();
      ++out_.counts.transitions;
      Situation now = before;
      Asked host(chart_, texts_, oracle_, std::move(given), open);
      if (const Macrostep* step = make(what, now, host)) note(from, now, happening, *step, host);
    }
  }

  /// The macrostep; null when the happening finds nobody.
  const Macrostep* make(const Happening& what, Situation& now, Asked& host) {
    switch (what.kind) {
      case Happening::Kind::Start: return &stepper_.start(now.at, host);
      case Happening::Kind::Settle: return &stepper_.settle(now.at, host);
      case Happening::Kind::Event: return &stepper_.dispatch(now.at, chart_.event(what.event), host);
      case Happening::Kind::Move: {
        const Macrostep& step = stepper_.take(now.at, what.arrow, host);
        return step.refusal == statechart::Refusal::None && host.need(chart_.arrow(what.arrow).move().needs()) ? &step : nullptr;
      }
      case Happening::Kind::Freed: break;
    }
    for (const ArrowId arrow : chart_.arrows_of(what.state)) {
      if (chart_.trigger(arrow) != Trigger::Freed || chart_.arrow(arrow).freed() != what.event) continue;
      if (chart_.has_guard(arrow) && !host.ask(texts_.of(chart_.arrow(arrow).guard()))) continue;
      return &stepper_.take(now.at, arrow, host);
    }
    return nullptr;
  }

  void note(SpotId from, Situation& now, std::uint32_t happening, const Macrostep& step, Asked& host) {
    if (step.overflow) return note_cycle(from, happening, step, host);
    for (const ArrowId arrow : step.taken)
      if (!host.need(chart_.arrow(arrow).needs())) return;  // blocked: nothing happened
    for (const ArrowId arrow : step.taken) out_.taken[arrow] = true;
    for (const StateId state : step.entered) out_.entered[state] = true;
    spend(now, happening, host);
    const SpotId to = find(from, now, happening, host);
    if (to == from || from == none) return;
    const bool again = !out_.edges.empty() && out_.edges.back().from == from && out_.edges.back().to == to && out_.edges.back().happening == happening;
    if (!again) out_.edges.push_back({from, to, happening});
  }

  /// Forgets the timers of what was left or begun afresh, and remembers the one that fired.
  void spend(Situation& now, std::uint32_t happening, const Asked& host) const {
    const auto afresh = [&](StateId state) { return std::find(host.fresh.begin(), host.fresh.end(), state) != host.fresh.end(); };
    const Happening& what = out_.happenings[happening];
    if (what.timer != none && leads_[happening] && !repeats(what)) now.spent.emplace_back(what.state, what.timer);
    if (now.spent.empty()) return;
    std::erase_if(now.spent, [&](const auto& timer) {
      return now.at.done || afresh(timer.first) || (!is_active(now.at, timer.first) && !remembered(timer.first));
    });
    std::sort(now.spent.begin(), now.spent.end());
  }

  bool remembered(StateId state) const {
    for (StateId at = state; at != 0; at = chart_.parent(at))
      if (!chart_.histories(at).empty()) return true;
    return false;
  }

  SpotId find(SpotId from, const Situation& now, std::uint32_t happening, const Asked& host) {
    const auto [at, is_new] = out_.known.try_emplace(write(now), static_cast<SpotId>(out_.spots.size()));
    if (!is_new) return at->second;
    out_.spots.push_back({&at->first, from, happening, host.claims, now.at.done});
    for (const StateId state : now.at.active)
      if (!now.at.done && out_.first_at[state] == none) out_.first_at[state] = at->second;
    return at->second;
  }

  void note_cycle(SpotId from, std::uint32_t happening, const Macrostep& step, const Asked& host) {
    // The last half of what was taken goes round and round.
    std::set<ArrowId> arrows(step.taken.begin() + static_cast<std::ptrdiff_t>(step.taken.size() / 2), step.taken.end());
    std::vector<ArrowId> sorted(arrows.begin(), arrows.end());
    for (const ArrowId arrow : step.taken) out_.taken[arrow] = true;
    for (const StateId state : step.entered) out_.entered[state] = true;
    for (const Cycle& known : out_.cycles)
      if (known.arrows == sorted) return;
    out_.cycles.push_back({from, happening, host.claims, std::move(sorted)});
  }

  const statechart::Chart& chart_;
  const GuardTexts& texts_;
  Oracle& oracle_;
  const Bounds bounds_;
  statechart::Stepper stepper_;
  Exploration out_;
  std::vector<std::vector<std::uint32_t>> by_state_;  // happenings while a state is active
  std::vector<bool> leads_;                           // by happening
};

}  // namespace

Configuration Exploration::configuration(SpotId spot) const { return read(*spots[spot].key).at; }

bool Exploration::rests_in(SpotId spot, StateId state) const {
  std::string_view key = *spots[spot].key;
  if (get(key) != 0) return false;
  for (std::uint32_t left = get(key); left > 0; --left)
    if (const StateId active = get(key); active >= state) return active == state;
  return false;
}

std::vector<bool> may_end(const Exploration& found, const std::function<bool(const Happening&)>& counts, std::span<const SpotId> others) {
  std::vector<std::vector<SpotId>> before(found.spots.size());
  for (const Edge& edge : found.edges)
    if (counts(found.happenings[edge.happening])) before[edge.to].push_back(edge.from);
  std::vector<bool> may(found.spots.size(), false);
  std::vector<SpotId> open;
  const auto add = [&](SpotId spot) {
    if (!may[spot]) open.push_back(spot);
    may[spot] = true;
  };
  for (SpotId spot = 0; spot < found.spots.size(); ++spot)
    if (found.spots[spot].done) add(spot);
  for (const SpotId spot : others) add(spot);
  while (!open.empty()) {
    const SpotId to = open.back();
    open.pop_back();
    for (const SpotId from : before[to]) add(from);
  }
  return may;
}

Exploration explore(const statechart::Chart& chart, const GuardTexts& texts, std::span<const Outside> outside, Oracle& oracle,
                    const Bounds& bounds) {
  return Explorer(chart, texts, outside, oracle, bounds).run();
}

}  // namespace kvali::program::proof
