#include "engine/program/migrate/crossing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/expression/expression.h"
#include "engine/limits.h"
#include "engine/program/expression_types.h"
#include "engine/program/migrate/reached.h"
#include "engine/program/names.h"
#include "engine/program/subjects.h"
#include "engine/program/suggest.h"

namespace kvali::program {
namespace {

using statechart::Chart;
using statechart::Configuration;
using statechart::StateId;

/// Tells what is wrong at a path of the plan.
struct Teller {
  const Positions& positions;
  std::vector<Fault>& faults;
  void operator()(std::string_view path, std::string code, std::string message, std::string suggestion = {}) const {
    const Position at = position_of(positions, path);
    faults.push_back({at.file, at.line, at.column, std::move(code), std::move(message), std::move(suggestion)});
  }
};

/// A state of a version, as its author names it; nothing is told when it is one.
std::optional<StateId> find_state(const Version& version, const Names& names, const std::string& target, std::string_view which, std::string_view path,
                                  const Teller& tell) {
  const Resolution found = names.resolve(0, target);
  switch (found.problem) {
    case Resolution::Problem::None: return version.chart.find(names[found.spot].machine_path);
    case Resolution::Problem::Ambiguous:
      tell(path, "ambiguous-target", fmt::format("`{}` is more than one state of the {} version; write its path", target, which), names[found.spot].path);
      return std::nullopt;
    case Resolution::Problem::Region: return version.chart.find(names[found.spot].machine_path);
    case Resolution::Problem::Unknown: break;
  }
  std::vector<std::string> all;
  for (const Spot& spot : names.spots()) all.push_back(spot.path);
  const std::string near = nearest(target, all);
  tell(path, "unknown-target", fmt::format("the {} version has no state `{}`", which, target), near.empty() ? names.suggestion(0, target) : near);
  return std::nullopt;
}

/// What of one kind has a name in both versions.
struct Kinds {
  std::string list;                  // key of the plan
  std::string one;                   // "field"
  std::vector<std::string> was, is;  // names
};

template <class List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& one : list) names.push_back(one.name());
  return names;
}

/// Kinds of tasks that an author names; agreements and votes follow their move.
std::vector<std::string> task_names(const v1::Machine& machine) {
  std::vector<std::string> names;
  for (const v1::TaskKind& kind : machine.tasks())
    if (!kind.has_gate()) names.push_back(kind.name());
  return names;
}

bool among(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

/// The names that change, old → new, or to "" where they are dropped.
std::map<std::string, std::string> renamed(const google::protobuf::RepeatedPtrField<v1::Renamed>& plan, const Kinds& kinds, bool all, const Teller& tell) {
  std::map<std::string, std::string> changes, taken;
  for (const v1::Renamed& one : plan) {
    const std::string path = join_path(kinds.list, one.from());
    if (!among(kinds.was, one.from()))
      tell(path, "not-in-version", fmt::format("the old version has no {} `{}`", kinds.one, one.from()), nearest(one.from(), kinds.was));
    if (one.to().empty() != one.drop()) tell(path, "to-or-drop", fmt::format("`{}` needs its new name, or `drop: true`; one of them", one.from()));
    if (one.to().empty()) {
      changes[one.from()] = "";
      continue;
    }
    if (!among(kinds.is, one.to()))
      tell(path, "not-in-version", fmt::format("the new version has no {} `{}`", kinds.one, one.to()), nearest(one.to(), kinds.is));
    changes[one.from()] = one.to();
  }
  for (const std::string& name : kinds.was) {
    const auto change = changes.find(name);
    const std::string& now = change == changes.end() ? name : change->second;
    if (change == changes.end() && !among(kinds.is, name)) {
      changes[name] = "";
      if (all)
        tell(kinds.list, "gone",
             fmt::format("the new version has no {0} `{1}`: write `{1}: NEW_NAME` under `{2}`, or `{1}: {{drop: true}}`", kinds.one, name, kinds.list));
      continue;
    }
    if (now.empty()) continue;
    const auto [first, is_new] = taken.emplace(now, name);
    if (!is_new) tell(join_path(kinds.list, name), "two-in-one", fmt::format("`{}` and `{}` would both be the {} `{}`", first->second, name, kinds.one, now));
  }
  return changes;
}

template <class List>
const auto* named(const List& list, const std::string& name) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name() == name; });
  return at == list.end() ? nullptr : &*at;
}

/// Fields that have the same values: a whole number that may be negative takes a count.
bool same_values(const v1::Field& was, const v1::Field& is) {
  const bool whole = was.type() == v1::Field::COUNT && is.type() == v1::Field::WHOLE_NUMBER;
  // Rows keep what they say; of what the new version has no name for, the rows that say it wait for a manager.
  for (const v1::Field& one : was.fields())
    if (const v1::Field* now = named(is.fields(), one.name()); now && !same_values(one, *now)) return false;
  return (was.type() == is.type() || whole) && was.personal() == is.personal() && was.currency() == is.currency();
}

const std::string& after(const std::map<std::string, std::string>& changes, const std::string& name) {
  const auto found = changes.find(name);
  return found == changes.end() ? name : found->second;
}

std::string words(const Chart& chart, const Configuration& at) {
  std::vector<std::string> paths;
  for (const StateId state : atomic_states(chart, at)) paths.push_back(fmt::format("`{}`", chart.path(state)));
  return fmt::format("{}", fmt::join(paths, " with "));
}

void check_fields(const google::protobuf::RepeatedPtrField<v1::Field>& was, const google::protobuf::RepeatedPtrField<v1::Field>& is,
                  const std::map<std::string, std::string>& changes, const std::string& path, const Teller& tell) {
  for (const v1::Field& field : was) {
    const std::string& name = after(changes, field.name());
    const v1::Field* now = name.empty() ? nullptr : named(is, name);
    if (now && !same_values(field, *now))
      tell(path, "other-type", fmt::format("`{}` is another type of field in the new version; give it another name there, and drop it here", field.name()));
  }
}

}  // namespace

Crossing::Crossing(const v1::MigrationPlan& plan, const Positions& positions, Version from, Version to, std::vector<Fault>& faults)
    : from_(from), to_(to), new_(Reached::find(to)) {
  const Teller tell{positions, faults};
  for (const Version* one : {&from_, &to_})
    if (one->program.name() != plan.program())
      tell("program", "other-program", fmt::format("the plan is for `{}`, the versions are of `{}`", plan.program(), one->program.name()));
  resolve_states(plan, positions, faults);
  const v1::Program &was = from.program, &is = to.program;
  fields_ = renamed(plan.fields(), {"fields", "field", names_of(was.initiative().fields()), names_of(is.initiative().fields())}, true, tell);
  tasks_ = renamed(plan.tasks(), {"tasks", "kind of task", task_names(from.chart.machine()), task_names(to.chart.machine())}, true, tell);
  roles_ = renamed(plan.roles(), {"roles", "role", names_of(was.roles()), names_of(is.roles())}, true, tell);
  quotas_ = renamed(plan.quotas(), {"quotas", "quota", names_of(was.cohort().quotas()), names_of(is.cohort().quotas())}, true, tell);
  parameters_ = renamed(plan.parameters(), {"parameters", "parameter", names_of(was.cohort().parameters()), names_of(is.cohort().parameters())}, false, tell);
  check_fields(was.initiative().fields(), is.initiative().fields(), fields_, "fields", tell);
  for (const v1::TaskKind& kind : from.chart.machine().tasks()) {
    if (kind.has_gate()) continue;
    const v1::TaskKind* now = named(to.chart.machine().tasks(), task(kind.name()));
    if (!now) continue;
    if (now->report() != kind.report() || now->has_review() != kind.has_review() || now->lasting() != kind.lasting())
      tell("tasks", "other-kind", fmt::format("`{}` is another kind of task in the new version; give it another name there, and drop it here", kind.name()));
    check_fields(kind.fields(), now->fields(), {}, join_path("tasks", kind.name()), tell);
  }
  for (const v1::Quota& quota : was.cohort().quotas()) {
    const v1::Quota* now = named(is.cohort().quotas(), this->quota(quota.name()));
    const std::string prefix = noun_of(was) + ".";
    const std::string by = quota.of().starts_with(prefix) ? prefix + field(quota.of().substr(prefix.size())) : quota.of();
    if (now && now->of() != by)
      tell("quotas", "other-count", fmt::format("places of `{}` are counted by `{}`, in the new version by `{}`; what is taken could not be told", quota.name(), quota.of(), now->of()));
  }
  if (!plan.only().empty()) {
    const expression::Declarations declared = declared_by(was, Names(was));
    if (const auto compiled = expression::compile(plan.only(), &declared); !compiled)
      for (const expression::Fault& fault : compiled.error()) tell("only", "expression", fmt::format("`{}`: {}", plan.only(), fault.message));
  }
}

void Crossing::resolve_states(const v1::MigrationPlan& plan, const Positions& positions, std::vector<Fault>& faults) {
  const Teller tell{positions, faults};
  const Names was(from_.program), is(to_.program);
  std::map<StateId, std::optional<StateId>> said;  // by state of the old version; nothing: parked
  for (const v1::StateMapped& one : plan.states()) {
    const std::string path = join_path("states", one.from());
    const auto state = find_state(from_, was, one.from(), "old", path, tell);
    if (one.to().empty() == one.park().empty()) tell(path, "to-or-park", fmt::format("`{}` needs where it leads, or why it waits (`park`); one of them", one.from()));
    std::optional<StateId> target;
    if (!one.to().empty()) target = find_state(to_, is, one.to(), "new", path, tell);
    if (!state || (!target && one.park().empty())) continue;
    if (target && to_.chart.is_end(*target))
      tell(path, "leads-to-end", fmt::format("`{}` is an end; nobody's initiative ends by a migration: park it, and let a person say so", one.to()));
    said[*state] = target;
    if (!one.park().empty()) parked_[*state] = one.park();
  }
  states_.resize(from_.chart.state_count());
  for (StateId state = 0; state < from_.chart.state_count(); ++state) {
    // The nearest that the plan speaks of, around the state or itself.
    StateId around = state;
    while (around != 0 && !said.contains(around)) around = from_.chart.parent(around);
    const auto found = said.find(around);
    const std::string& path = from_.chart.path(state);
    if (found == said.end()) {
      states_[state] = to_.chart.find(path);
    } else if (!found->second) {
      if (state != around) parked_[state] = parked_[around];
    } else {
      // What is in it by the same name, else what it leads to as a whole.
      const std::string below = path.substr(from_.chart.path(around).size());
      const auto same = to_.chart.find(to_.chart.path(*found->second) + below);
      states_[state] = same ? same : found->second;
    }
  }
  for (const v1::TimerMapped& one : plan.timers()) {
    const std::string path = join_path("timers", one.timer());
    if ((one.then() == v1::TimerMapped::SHIFT) == one.by().empty())
      tell(path, "shift-by", one.by().empty() ? "`shift` needs `by`, a period such as `7 days`" : "only `shift` has `by`");
    std::optional<StateId> state;
    std::string name;
    for (std::size_t dot = one.timer().find('.'); dot != std::string::npos && !state; dot = one.timer().find('.', dot + 1)) {
      const Resolution found = is.resolve(0, one.timer().substr(0, dot));
      if (found.problem != Resolution::Problem::None) continue;
      const auto candidate = to_.chart.find(is[found.spot].machine_path);
      name = one.timer().substr(dot + 1);
      const auto& timers = to_.chart.node(*candidate).timers();
      if (std::any_of(timers.begin(), timers.end(), [&](const v1::Timer& timer) { return timer.name() == name && timer.of().empty(); })) state = candidate;
    }
    if (!state) {
      tell(path, "unknown-timer", fmt::format("the new version has no timer `{}`; it is written STATE.deadline, STATE.series.FORM or STATE.move.NAME", one.timer()));
      continue;
    }
    timers_[fmt::format("{}.{}", to_.chart.path(*state), name)] = one;
  }
}

void Crossing::prove(const Positions& positions, std::vector<Fault>& faults) {
  if (!old_) old_ = Reached::find(from_);
  const Teller tell{positions, faults};
  std::set<std::pair<std::vector<StateId>, StateId>> told;
  for (proof::SpotId spot = 0; spot < old_->found.spots.size() && faults.size() < limits::definition_faults_max; ++spot) {
    if (old_->found.spots[spot].done) continue;
    const Configuration at = old_->found.configuration(spot);
    const auto landed = land(at);
    const auto* nowhere = std::get_if<NowhereToGo>(&landed);
    if (!nowhere || nowhere->why == NowhereToGo::Why::Parked || nowhere->why == NowhereToGo::Why::Unknown) continue;
    const bool by_state = nowhere->why == NowhereToGo::Why::Gone || nowhere->why == NowhereToGo::Why::Ends;
    if (!told.insert({by_state ? std::vector<StateId>() : at.active, by_state ? nowhere->state : 0}).second) continue;
    const std::string way = fmt::format("{}", fmt::join(old_->way_to(spot), "; "));
    const std::string from = words(from_.chart, at);
    switch (nowhere->why) {
      case NowhereToGo::Why::Gone:
        tell("states", "gone",
             fmt::format("the new version has no `{0}`, where an initiative can be ({1}): write under `states` where it leads, or `{0}: {{park: WHY}}`",
                         from_.chart.path(nowhere->state), way));
        break;
      case NowhereToGo::Why::Ends:
        tell("states", "leads-to-end", fmt::format("`{}` is an end in the new version, and none in the old; park it, and let a person say so", from_.chart.path(nowhere->state)));
        break;
      case NowhereToGo::Why::NotTogether:
        tell("states", "not-together", fmt::format("an initiative can be in {} ({}); where they lead cannot be together in the new version", from, way));
        break;
      case NowhereToGo::Why::Unreachable:
        tell("states", "never-there",
             fmt::format("an initiative can be in {} ({}); that leads to {}, where the new version never is", from, way, words(to_.chart, place(at).value_or(Configuration()))));
        break;
      case NowhereToGo::Why::Parked:
      case NowhereToGo::Why::Unknown: break;
    }
  }
}

std::optional<Configuration> Crossing::place(const Configuration& old) const {
  std::vector<StateId> targets;
  for (const StateId state : atomic_states(from_.chart, old))
    if (states_[state]) targets.push_back(*states_[state]);
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return configuration_with(to_.chart, targets);
}

void Crossing::carry_history(const Configuration& old, Configuration& made) const {
  for (const auto& [history, remembered] : old.history) {
    const auto parent = states_[from_.chart.parent(history)];
    if (!parent || to_.chart.histories(*parent).empty()) continue;
    const StateId now = to_.chart.histories(*parent).front();
    std::vector<StateId> targets;
    for (const StateId state : remembered)
      if (states_[state]) targets.push_back(*states_[state]);
    if (targets.size() != remembered.size()) continue;  // what it remembers is gone: it is as if it had never been left
    const auto there = configuration_with(to_.chart, targets);
    if (!there) continue;
    std::vector<StateId> value;
    const bool deep = to_.chart.kind(now) == v1::Node::HISTORY_DEEP;
    for (const StateId state : there->active)
      if (to_.chart.is_descendant(state, *parent) && (deep ? to_.chart.is_atomic(state) : to_.chart.parent(state) == *parent)) value.push_back(state);
    if (new_->remembers(now, value)) made.history.emplace_back(now, std::move(value));
  }
  std::sort(made.history.begin(), made.history.end());
}

std::variant<Configuration, NowhereToGo> Crossing::land(const Configuration& old) const {
  for (const StateId state : atomic_states(from_.chart, old)) {
    if (const auto parked = parked_.find(state); parked != parked_.end()) return NowhereToGo{NowhereToGo::Why::Parked, state, parked->second};
    if (!states_[state]) return NowhereToGo{NowhereToGo::Why::Gone, state, {}};
    if (to_.chart.is_end(*states_[state])) return NowhereToGo{NowhereToGo::Why::Ends, state, {}};
  }
  auto made = place(old);
  if (!made) return NowhereToGo{NowhereToGo::Why::NotTogether, 0, {}};
  carry_history(old, *made);
  if (const auto why = unreachable(*made)) return NowhereToGo{*why, 0, {}};
  return std::move(*made);
}

std::optional<NowhereToGo::Why> Crossing::unreachable(const Configuration& at) const {
  if (at.done) return NowhereToGo::Why::Ends;
  if (new_->spot_at(at) != proof::none) return std::nullopt;
  return new_->found.complete ? NowhereToGo::Why::Unreachable : NowhereToGo::Why::Unknown;
}

std::optional<StateId> Crossing::state(StateId old) const { return states_[old]; }
const std::string& Crossing::field(const std::string& old) const { return after(fields_, old); }
const std::string& Crossing::task(const std::string& old) const { return after(tasks_, old); }
const std::string& Crossing::role(const std::string& old) const { return after(roles_, old); }
const std::string& Crossing::quota(const std::string& old) const { return after(quotas_, old); }
const std::string& Crossing::parameter(const std::string& old) const { return after(parameters_, old); }

const v1::TimerMapped* Crossing::timer(StateId state, std::string_view name) const {
  const auto found = timers_.find(fmt::format("{}.{}", to_.chart.path(state), name));
  return found == timers_.end() ? nullptr : &found->second;
}

std::vector<std::string> Crossing::way_in_old(const Configuration& at) const {
  if (!old_) return {};
  return old_->way_to(old_->spot_at(at));
}

std::vector<std::string> Crossing::way_in_new(const Configuration& at) const { return new_->way_to(new_->spot_at(at)); }

std::pair<proof::Counts, proof::Counts> Crossing::counts() const {
  return {old_ ? old_->found.counts : proof::Counts{}, new_->found.counts};
}

}  // namespace kvali::program
