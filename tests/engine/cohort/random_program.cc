#include "tests/engine/cohort/random_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace kvali::cohort::testing {
namespace {

using State = RandomProgram::State;
using Stage = RandomProgram::Stage;

class Dice {
 public:
  explicit Dice(std::mt19937_64& random) : random_(random) {}
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class List>
  auto& one_of(List& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937_64& random_;
};

/// A row of states, each with a move to the next; the last leads to `end`.
std::vector<State> row(Dice& dice, const std::string& prefix, std::size_t count, const std::string& end) {
  std::vector<State> states(count);
  for (std::size_t i = 0; i < count; ++i) states[i].name = fmt::format("{}{}", prefix, i + 1);
  for (std::size_t i = 0; i < count; ++i) {
    State& state = states[i];
    if (dice.chance(50)) state.days = static_cast<int>(5 + dice.below(30));
    state.lapses = dice.chance(30);
    state.moves.push_back({prefix == "in" ? "go" : "on", dice.chance(50) && i + 1 < count ? "applicant" : "manager", i + 1 < count ? states[i + 1].name : end, 0});
    if (i > 0 && dice.chance(50)) state.moves.push_back({prefix == "in" ? "return" : "back", "manager", states[dice.below(i)].name, dice.chance(30) ? 3 : 0});
  }
  return states;
}

void write_states(std::string& out, const std::vector<State>& states, int depth) {
  const std::string pad(static_cast<std::size_t>(depth), ' ');
  for (const State& state : states) {
    if (state.name == "closed") {
      out += fmt::format("{}closed: {{label: closed, final: true}}\n", pad);
      continue;
    }
    out += fmt::format("{}{}:\n{}  label: {}\n", pad, state.name, pad, state.name);
    if (!state.inside.empty()) {
      out += fmt::format("{}  remembers: true\n{}  states:\n", pad, pad);
      write_states(out, state.inside, depth + 4);
      out += fmt::format("{}  moves:\n", pad);
    } else {
      out += fmt::format("{}  waits_for: {}\n", pad, state.moves.front().by);
      if (state.days == 0) out += fmt::format("{}  no_deadline: nobody hurries\n", pad);
      if (state.days > 0)
        out += fmt::format("{}  deadline: {{within: {} days, remind: [2 days before], then: {}}}\n", pad, state.days, state.lapses ? "lapsed" : "{tell: manager}");
      if (state.logs) out += fmt::format("{}  log: {{visits: {{label: Visit, by: [manager], fields: {{minutes: {{type: count, label: Minutes}}}}}}}}\n", pad);
      out += fmt::format("{}  moves:\n", pad);
    }
    for (const RandomProgram::Move& move : state.moves)
      out += fmt::format("{}    {}: {{label: {}, by: {}, to: {}{}}}\n", pad, move.name, move.name, move.by, move.to,
                         move.at_least > 0 ? fmt::format(", if: \"has(initiative.SIZE) && initiative.SIZE >= {}\"", move.at_least) : "");
  }
}

/// Every state, innermost included, with its path.
void each(std::vector<State>& states, const std::string& prefix, const std::function<void(State&, const std::string&)>& visit) {
  for (State& state : states) {
    visit(state, prefix + state.name);
    each(state.inside, prefix + state.name + ".", visit);
  }
}

void each(RandomProgram& program, const std::function<void(State&, const std::string&)>& visit) {
  for (Stage& stage : program.stages) {
    each(stage.states, stage.name + ".", visit);
    for (std::size_t part = 0; part < stage.parts.size(); ++part) each(stage.parts[part], fmt::format("{}.part{}.", stage.name, part + 1), visit);
  }
}

std::vector<std::string> paths_of(RandomProgram program) {
  std::vector<std::string> paths;
  each(program, [&](State& state, const std::string& path) {
    if (state.name != "closed") paths.push_back(path);
  });
  return paths;
}

void lead_elsewhere(std::vector<State>& states, const std::string& from, const std::string& to) {
  for (State& state : states) {
    for (RandomProgram::Move& move : state.moves)
      if (move.to == from) move.to = to;
    lead_elsewhere(state.inside, from, to);
  }
}

}  // namespace

RandomProgram random_program(std::mt19937_64& random) {
  Dice dice(random);
  RandomProgram program;
  const std::size_t stages = 2;
  for (std::size_t i = 0; i < stages; ++i) {
    Stage& stage = program.stages.emplace_back();
    stage.name = fmt::format("stage{}", i + 1);
    const std::string next = i + 1 < stages ? fmt::format("stage{}", i + 2) : "grown";
    if (dice.chance(35)) {
      for (int part = 1; part <= 2; ++part) {
        std::vector<State> states = row(dice, fmt::format("p{}", part), 1 + dice.below(2), "closed");
        states.push_back({"closed", 0, false, {}, false, {}});
        stage.parts.push_back(std::move(states));
      }
      continue;
    }
    stage.states = row(dice, "s", 2 + dice.below(3), next);
    if (dice.chance(40)) {
      State& outer = stage.states[dice.below(stage.states.size())];
      outer.days = 0;
      outer.inside = row(dice, "in", 2, "PAUSE");
      outer.inside.back().moves.front().to = outer.inside.front().name;
      outer.moves.push_back({"pause", "applicant", "paused", 0});
      stage.states.push_back({"paused", 20, true, {{"resume", "applicant", outer.name, 0}}, false, {}});
    }
  }
  Stage& first = program.stages.front();
  State* state = first.states.empty() ? &first.parts.front().front() : &first.states.front();
  while (!state->inside.empty()) state = &state->inside.front();
  state->logs = true;
  if (state->days == 0) state->days = 10;
  if (dice.chance(30)) program.places = static_cast<int>(1 + dice.below(3));
  return program;
}

std::string RandomProgram::yaml() const {
  std::string out = R"(program: garden
title: Garden
languages: [en]
timezone: Europe/Vilnius
roles:
  manager:   {label: Manager, scope: cohort, assigns: true, speaks_for: [applicant]}
  applicant: {label: Applicant, scope: initiative}
cohort:
  parameters: {spring: {type: date, label: Spring begins}}
)";
  out += fmt::format("  quotas:\n    tools: {{label: Tools, at_most: 60, held_while: [{}]}}\n", stages.back().name);
  if (places > 0) out += fmt::format("    beds: {{label: Beds, at_most: {}, held_while: [{}], why: All beds are taken}}\n", places, stages.back().name);
  out += R"(initiative:
  brought_by: [person]
  fields:
    title: {type: text, at_most: 40, label: Title}
    SIZE: {type: count, label: Size}
stages:
)";
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Stage& stage = stages[i];
    out += fmt::format("  {}:\n    label: {}\n", stage.name, stage.name);
    if (stage.parts.empty()) {
      out += "    states:\n";
      write_states(out, stage.states, 6);
      continue;
    }
    out += "    alongside:\n";
    for (std::size_t part = 0; part < stage.parts.size(); ++part) {
      out += fmt::format("      part{}:\n        label: part{}\n        states:\n", part + 1, part + 1);
      write_states(out, stage.parts[part], 10);
    }
    out += fmt::format("    when_done: {}\n", i + 1 < stages.size() ? stages[i + 1].name : "grown");
  }
  out += R"(anywhere:
  leave: {label: Leave, by: applicant, to: left}
outcomes:
  grown: {label: Grown, ends: success}
  left: {label: Left, ends: withdrawn}
)";
  if (out.find("then: lapsed") != std::string::npos) out += "  lapsed: {label: Lapsed, ends: lapsed}\n";
  for (std::size_t at = out.find("SIZE"); at != std::string::npos; at = out.find("SIZE", at)) out.replace(at, 4, size);
  return out;
}

RandomChange random_change(const RandomProgram& program, std::mt19937_64& random) {
  Dice dice(random);
  RandomChange change{program, "program: garden\n"};
  std::string states, timers;
  RandomProgram& then = change.then;
  for (Stage& stage : then.stages) {
    for (std::size_t i = 0; i < stage.states.size(); ++i) {
      State& state = stage.states[i];
      const std::string old = state.name;
      if (old == "paused") continue;
      const std::size_t what = dice.below(100);
      if (what < 20) {  // it has another name
        state.name = "new_" + old;
        lead_elsewhere(stage.states, old, state.name);
        if (dice.chance(85)) states += fmt::format("  {}.{}: {}.{}\n", stage.name, old, stage.name, state.name);
      } else if (what < 45 && i > 0 && i + 1 < stage.states.size() && state.inside.empty() && stage.states[i + 1].name != "paused") {  // it is gone
        lead_elsewhere(stage.states, old, stage.states[i + 1].name);
        stage.states.erase(stage.states.begin() + static_cast<std::ptrdiff_t>(i--));
        if (dice.chance(60)) states += fmt::format("  {}.{}: {{park: somebody has to look}}\n", stage.name, old);
        else if (dice.chance(85)) states += fmt::format("  {}.{}: GONE\n", stage.name, old);
      } else if (what < 55 && state.inside.empty()) {  // something comes before it leads on
        State between{"between_" + old, 9, false, {{"on", "manager", state.moves.front().to, 0}}, false, {}};
        state.moves.front().to = between.name;
        stage.states.insert(stage.states.begin() + static_cast<std::ptrdiff_t>(i + 1), between);
        ++i;
      }
    }
    for (auto& part : stage.parts)
      if (dice.chance(20)) {
        const std::string old = part.front().name;
        part.front().name = "new_" + old;
        lead_elsewhere(part, old, part.front().name);
        const std::string path = fmt::format("{}.part{}", stage.name, &part - stage.parts.data() + 1);
        if (dice.chance(85)) states += fmt::format("  {}.{}: {}.{}\n", path, old, path, part.front().name);
      }
  }
  each(then, [&](State& state, const std::string& path) {
    if (state.days > 0 && dice.chance(30)) state.days += 7;
    if (state.days > 0 && state.inside.empty() && dice.chance(25)) {
      const char* rule = dice.chance(50) ? "rearm" : "{then: shift, by: 3 days}";
      timers += fmt::format("  {}.deadline: {}\n", path, rule);
    }
  });
  const std::vector<std::string> targets = paths_of(then);
  for (std::size_t at = states.find("GONE"); at != std::string::npos; at = states.find("GONE", at)) states.replace(at, 4, dice.one_of(targets));
  if (!states.empty()) change.plan += "states:\n" + states;
  if (!timers.empty()) change.plan += "timers:\n" + timers;
  if (dice.chance(25)) {
    then.size = "metres";
    change.plan += "fields: {size: metres}\n";
  }
  if (dice.chance(15)) change.plan += "only: has(initiative.size) && initiative.size >= 2\n";
  if (dice.chance(10)) then.places = then.places > 0 ? 0 : 2;
  if (program.places > 0 && then.places == 0) change.plan += "quotas: {beds: {drop: true}}\n";
  return change;
}

}  // namespace kvali::cohort::testing
