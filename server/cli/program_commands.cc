// check, draw, eval, step, schema: what can be said of a program without a server.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/expression/json.h"
#include "engine/program/draw.h"
#include "engine/program/print_machine.h"
#include "engine/program/program.h"
#include "engine/program/schema.h"
#include "engine/statechart/step_lines.h"
#include "server/cli/commands.h"
#include "server/cli/files.h"
#include "server/cli/zones.h"

namespace kvali::cli {
namespace {

nlohmann::ordered_json json_of(const program::Fault& fault) {
  nlohmann::ordered_json made = {{"file", fault.file},       {"line", fault.line},       {"column", fault.column},
                                 {"code", fault.code}, {"message", fault.message}};
  if (!fault.suggestion.empty()) made["suggestion"] = fault.suggestion;
  return made;
}

struct CheckOptions {
  std::vector<std::string> files;
  bool expand = false;
  bool json = false;
};

int check(const CheckOptions& options) {
  nlohmann::ordered_json faults = nlohmann::ordered_json::array();
  std::size_t count = 0;
  for (const std::string& path : options.files) {
    auto files = read_program_files(path);
    if (!files) return world_failed(files.error().message);
    const program::Loaded loaded = program::load(*files);
    count += loaded.faults.size();
    for (const program::Fault& fault : loaded.faults) {
      if (options.json)
        faults.push_back(json_of(fault));
      else
        fmt::print("{}\n", program::to_line(fault));
    }
    if (options.json || !loaded.ok()) continue;
    if (options.expand)
      fmt::print("{}", program::print_machine(loaded.machine));
    else
      fmt::print("{}: sound ({} states, {} moves, {} languages)\n", path, loaded.machine.states_size() - 1, loaded.machine.arrows_size(),
                 loaded.program.languages_size());
  }
  if (options.json) fmt::print("{}\n", nlohmann::ordered_json({{"faults", faults}}).dump(2));
  return count == 0 ? 0 : exit_faults;
}

struct DrawOptions {
  std::string file;
  std::string from;
  std::string as = "mermaid";
  std::string language;
};

int draw(const DrawOptions& options) {
  auto files = read_program_files(options.file);
  if (!files) return world_failed(files.error().message);
  const program::Loaded loaded = program::load(*files);
  for (const program::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", program::to_line(fault));
  if (!loaded.ok()) return exit_faults;
  const std::string language = options.language.empty() ? loaded.program.languages(0) : options.language;
  program::Picture picture;
  if (options.from.empty()) {
    picture = program::picture_of(loaded.program, loaded.machine, language);
  } else {
    auto before = read_program_files(options.from);
    if (!before) return world_failed(before.error().message);
    const program::Loaded was = program::load(*before);
    for (const program::Fault& fault : was.faults) fmt::print(stderr, "{}\n", program::to_line(fault));
    if (!was.ok()) return exit_faults;
    picture = program::picture_since({was.program, was.machine}, {loaded.program, loaded.machine}, language);
  }
  if (options.as == "mermaid") fmt::print("{}", program::mermaid_of(picture));
  if (options.as == "dot") fmt::print("{}", program::dot_of(picture));
  if (options.as == "svg") fmt::print("{}", program::svg_of(picture));
  return 0;
}

int check_expressions() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << expression::check_line(line) << std::endl;
  return 0;
}

struct EvalOptions {
  bool zones = false;
  bool explain = false;
  bool check = false;
};

int eval(const EvalOptions& options) {
  std::vector<calendar::Zone> zones;
  if (options.zones) {
    auto all = load_all_zones();
    if (!all) return world_failed(all.error().message);
    zones = std::move(*all);
  }
  const auto explaining = options.explain ? expression::Explaining::Yes : expression::Explaining::No;
  std::string line;
  while (std::getline(std::cin, line)) std::cout << expression::evaluate_line(line, zones, explaining) << std::endl;
  return 0;
}

int step(const std::string& path) {
  auto files = read_program_files(path);
  if (!files) return world_failed(files.error().message);
  const program::Loaded loaded = program::load(*files);
  for (const program::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", program::to_line(fault));
  if (!loaded.ok()) return exit_faults;
  auto chart = statechart::Chart::compile(loaded.machine);
  if (!chart) return world_failed(chart.error().message);
  statechart::StepLines lines(*chart);
  std::string line;
  bool started = false;
  while (std::getline(std::cin, line)) {
    // What guards and deadlines read may be bound before anything is entered.
    if (!started && nlohmann::json::parse(line, nullptr, false).contains("bind")) {
      std::cout << lines.step_line(line) << std::endl;
      continue;
    }
    if (!started) std::cout << lines.start().dump() << std::endl;
    started = true;
    std::cout << lines.step_line(line) << std::endl;
  }
  if (!started) std::cout << lines.start().dump() << std::endl;
  return 0;
}

}  // namespace

void add_check(CLI::App& app, Run& run) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Prove programs sound, or name every fault with its place");
  command->add_option("FILE", options->files, "program.yaml; texts/LANG.yaml beside it is read too")->required();
  command->add_flag("--expand", options->expand, "Print the core machine with its lines");
  command->add_flag("--json", options->json, "Faults as JSON");
  command->footer("Example: kvali check workflows/*/program.yaml");
  command->callback([options, &run] { run.code = check(*options); });
}

void add_draw(CLI::App& app, Run& run) {
  auto options = std::make_shared<DrawOptions>();
  CLI::App* command = app.add_subcommand("draw", "Draw a program's states and moves");
  command->add_option("FILE", options->file, "program.yaml")->required();
  command->add_option("--as", options->as, "mermaid, dot or svg")->check(CLI::IsMember({"mermaid", "dot", "svg"}))->capture_default_str();
  command->add_option("--lang", options->language, "Language of the labels; absent: the program's first");
  command->add_option("--from", options->from, "program.yaml of an older version: marks what is new (+), changed (±) and gone (−) since");
  command->footer("Example: kvali draw workflows/socifaction-2017/program.yaml --as svg --lang lt > program.svg");
  command->callback([options, &run] { run.code = draw(*options); });
}

void add_eval(CLI::App& app, Run& run) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "Evaluate CEL: a JSON line in, a JSON line out");
  command->add_flag("--zones", options->zones, "Expressions may name the time zones of the system");
  command->add_flag("--explain", options->explain, "Say why what is false is false, as a tree and in sentences");
  command->add_flag("--check", options->check, "Tell the type instead of the value");
  command->footer("Example: echo '{\"expr\": \"mentors >= 1\", \"given\": \"{\\\"mentors\\\": 0}\"}' | kvali eval --explain\n"
                  "The facts are an expression too (given), or values in CEL's JSON (bindings); `now` among them is the moment.\n"
                  "Example: echo '{\"expr\": \"x + 1\", \"bindings\": {\"x\": {\"int64Value\": \"1\"}}}' | kvali eval\n"
                  "Answers: {\"value\": {\"int64Value\":\"2\"}} or {\"error\": \"sentence\", \"at\": [line, column]}\n"
                  "With --check: {\"expr\": \"size(x)\", \"types\": {\"x\": \"list(int)\"}} is answered with {\"type\": \"int\", \"work_units_max\": 2}");
  command->callback([options, &run] { run.code = options->check ? check_expressions() : eval(*options); });
}

void add_step(CLI::App& app, Run& run) {
  auto file = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("step", "Play a program by hand: a JSON line in, where it stands out");
  command->add_option("FILE", *file, "program.yaml")->required();
  command->footer("Example: echo '{\"move\":\"submit\",\"by\":\"applicant\"}' | kvali step workflows/socifaction-2017/program.yaml\n"
                  "Lines: {\"move\":…,\"by\":…,\"data\":{…}}, {\"event\":…}, {\"advance\":\"P1D\"}, {\"bind\":{\"cohort\":{…}}}");
  command->callback([file, &run] { run.code = step(*file); });
}

void add_schema(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("schema", "Print the JSON Schema of programs, for editors");
  command->footer("Example: kvali schema > workflows/program.schema.json");
  command->callback([&run] {
    fmt::print("{}", program::program_schema());
    run.code = 0;
  });
}

int world_failed(const std::string& sentence) {
  fmt::print(stderr, "kvali: {}\n", sentence);
  return exit_world;
}

}  // namespace kvali::cli
