// What the SCXML suites talk to: JSON lines on standard input and output. {"machine": …} begins a new instance,
// anything else is a line of `kvali step`.
#include <google/protobuf/util/json_util.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/statechart/step_lines.h"

namespace {

using kvali::statechart::Chart;
using kvali::statechart::StepLines;
using nlohmann::json;

json begin(const json& machine_json, std::optional<StepLines>& instance) {
  kvali::v1::Machine machine;
  const auto read = google::protobuf::util::JsonStringToMessage(machine_json.dump(), &machine);
  if (!read.ok()) return {{"error", read.ToString()}};
  auto chart = Chart::compile(std::move(machine));
  if (!chart) return {{"error", chart.error().message}};
  instance.emplace(*chart);
  return instance->start();
}

}  // namespace

int main() {
  std::optional<StepLines> instance;
  for (std::string text; std::getline(std::cin, text);) {
    const json line = json::parse(text, nullptr, false);
    json answer = {{"error", "no machine yet"}};
    if (line.is_object() && line.contains("machine")) {
      answer = begin(line.at("machine"), instance);
    } else if (instance) {
      answer = instance->step_line(line);
    }
    std::cout << answer.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
  }
}
