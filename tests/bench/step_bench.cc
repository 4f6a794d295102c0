// Bare steps a second: the same machine and the same stories as step_bench.mjs gives to npm xstate. Prints one JSON
// line:
// {"flat": steps/s, "parallel": …, "whole": …}. A story is played from its beginning again and again; each event is
// looked up by its name, as xstate does, and each configuration starts as a copy.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/statechart/step.h"

namespace {

using namespace kvali::statechart;
using kvali::v1::Machine;
using kvali::v1::Node;
using nlohmann::json;

void add_states(Machine& machine, const json& states, StateId parent) {
  for (const json& from : states) {
    const auto id = static_cast<StateId>(machine.states_size());
    Node& node = *machine.add_states();
    const std::string& above = machine.states(static_cast<int>(parent)).path();
    node.set_name(from.at("name"));
    node.set_path(parent == 0 ? node.name() : above + "." + node.name());
    node.set_parent(parent);
    const std::string kind = from.value("kind", "");
    node.set_kind(kind == "parallel"        ? Node::PARALLEL
                  : kind == "final"         ? Node::FINAL
                  : from.contains("states") ? Node::COMPOUND
                                            : Node::ATOMIC);
    add_states(machine, from.value("states", json::array()), id);
  }
}

void add_arrows(Machine& machine, const json& states, const std::string& above,
                const std::map<std::string, StateId>& ids) {
  for (const json& from : states) {
    const std::string path = above + from.at("name").get<std::string>();
    const auto guarded = from.value("if", std::vector<std::string>{});
    const auto add = [&](const std::string& event, const std::string& target) {
      auto& arrow = *machine.add_arrows();
      arrow.set_source(ids.at(path));
      arrow.add_events(event);
      arrow.add_targets(ids.at(target));
      if (std::find(guarded.begin(), guarded.end(), event) != guarded.end()) arrow.set_guard("true");
    };
    const json on = from.value("on", json::object());
    for (const auto& [event, target] : on.items()) add(event, target);
    if (from.contains("done")) add("done.state." + path, from.at("done"));
    add_arrows(machine, from.value("states", json::array()), path + ".", ids);
  }
}

Machine machine_of(const json& states) {
  Machine machine;
  machine.add_states()->set_kind(Node::COMPOUND);
  add_states(machine, states, 0);
  std::map<std::string, StateId> ids;
  for (int id = 0; id < machine.states_size(); ++id) ids[machine.states(id).path()] = static_cast<StateId>(id);
  add_arrows(machine, states, "", ids);
  return machine;
}

double steps_a_second(const Chart& chart, const Configuration& from, const std::vector<std::string>& story,
                      const json& ends) {
  using Clock = std::chrono::steady_clock;
  Stepper stepper(chart);
  PlainHost host;
  Configuration at;
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const auto begin = Clock::now();
    std::size_t steps = 0;
    while (Clock::now() - begin < std::chrono::milliseconds(300)) {
      for (int i = 0; i < 1000; ++i) {
        at = from;
        for (const std::string& event : story) stepper.dispatch(at, Event{event}, host);
      }
      steps += 1000 * story.size();
    }
    const std::chrono::duration<double> seconds = Clock::now() - begin;
    best = std::max(best, static_cast<double>(steps) / seconds.count());
  }
  std::vector<std::string> reached;
  for (const StateId state : atomic_states(chart, at)) reached.push_back(chart.path(state));
  std::sort(reached.begin(), reached.end());
  if (json(reached) != ends) {
    fmt::print(stderr, "a story ends at {} instead of {}\n", json(reached).dump(), ends.dump());
    std::exit(1);
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: step_bench step_bench.json\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  const json bench = json::parse(file);
  const auto chart = Chart::compile(machine_of(bench.at("states")));
  if (!chart) {
    fmt::print(stderr, "{}\n", chart.error().message);
    return 1;
  }
  json figures;
  for (const auto& [name, story] : bench.at("stories").items()) {
    PlainHost host;
    Configuration from;
    const StateId target = (*chart)->find(bench.at("from").at(name).get<std::string>()).value();
    enter(**chart, from, std::array{target}, host);
    figures[name] = steps_a_second(**chart, from, story, bench.at("ends").at(name));
  }
  fmt::print("{}\n", figures.dump());
}
