// Bare steps a second: the same machines and the same stories as step_bench.mjs gives to npm xstate. Prints one JSON
// line:
// {"flat": steps/s, "parallel": …, "whole": …, "deep": …}. A story is played from its beginning again and again; each event is
// looked up by its name, as xstate does, and each configuration starts as a copy.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/statechart/step.h"
#include "tests/bench/processor_time.h"

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
                  : kind == "history"       ? Node::HISTORY_DEEP
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
    if (from.contains("default")) machine.mutable_states(static_cast<int>(ids.at(path)))->add_initial(ids.at(from.at("default")));
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

/// Where a story ends has to be the same for everybody.
void expect_at(const Chart& chart, const Configuration& at, const json& ends) {
  std::vector<std::string> reached;
  for (const StateId state : atomic_states(chart, at)) reached.push_back(chart.path(state));
  std::sort(reached.begin(), reached.end());
  if (json(reached) == ends) return;
  fmt::print(stderr, "a story ends at {} instead of {}\n", json(reached).dump(), ends.dump());
  std::exit(1);
}

/// The story that is played once, from the start.
void play_once(const Chart& chart, const json& once) {
  Stepper stepper(chart);
  PlainHost host;
  Configuration at;
  stepper.start(at, host);
  for (const std::string& event : once.at("story").get<std::vector<std::string>>()) stepper.dispatch(at, Event{event}, host);
  expect_at(chart, at, once.at("ends"));
}

double steps_a_second(const Chart& chart, const Configuration& from, const std::vector<std::string>& story,
                      const json& ends) {
  Stepper stepper(chart);
  PlainHost host;
  Configuration at;
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const double begin = processor_seconds();
    std::size_t steps = 0;
    while (processor_seconds() - begin < 0.3) {
      for (int i = 0; i < 1000; ++i) {
        at = from;
        for (const std::string& event : story) stepper.dispatch(at, Event{event}, host);
      }
      steps += 1000 * story.size();
    }
    best = std::max(best, static_cast<double>(steps) / (processor_seconds() - begin));
  }
  expect_at(chart, at, ends);
  return best;
}

/// Adds the figures of one file's stories; false when its machine is none.
bool measure(const char* path, json& figures) {
  std::ifstream file(path);
  const json bench = json::parse(file);
  const auto chart = Chart::compile(machine_of(bench.at("states")));
  if (!chart) {
    fmt::print(stderr, "{}: {}\n", path, chart.error().message);
    return false;
  }
  if (bench.contains("once")) play_once(**chart, bench.at("once"));
  for (const auto& [name, story] : bench.at("stories").items()) {
    PlainHost host;
    Configuration from;
    const StateId target = (*chart)->find(bench.at("from").at(name).get<std::string>()).value();
    enter(**chart, from, std::array{target}, host);
    figures[name] = steps_a_second(**chart, from, story, bench.at("ends").at(name));
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: step_bench FILE.json…\n");
    return 2;
  }
  json figures;
  for (int i = 1; i < argc; ++i)
    if (!measure(argv[i], figures)) return 1;
  fmt::print("{}\n", figures.dump());
}
