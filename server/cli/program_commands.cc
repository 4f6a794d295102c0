// check, draw, eval, step, schema: what can be said of a program without a server.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/expression/json.h"
#include "engine/program/draw.h"
#include "engine/program/expression_types.h"
#include "engine/program/given.h"
#include "engine/program/print_machine.h"
#include "engine/program/program.h"
#include "engine/program/schema.h"
#include "engine/program/subjects.h"
#include "engine/program/verify/verify.h"
#include "engine/statechart/json_value.h"
#include "engine/statechart/step_lines.h"
#include "server/cli/commands.h"
#include "server/cli/files.h"
#include "server/cli/zones.h"

namespace kvali::cli {

nlohmann::ordered_json to_json(const program::Fault& fault) {
  nlohmann::ordered_json made = {{"file", fault.file},       {"line", fault.line},       {"column", fault.column},
                                 {"code", fault.code}, {"message", fault.message}};
  if (!fault.suggestion.empty()) made["suggestion"] = fault.suggestion;
  return made;
}

namespace {

nlohmann::ordered_json json_of(const program::Finding& finding) {
  nlohmann::ordered_json made = to_json(finding.fault);
  made["severity"] = finding.severity == program::Severity::Error ? "error" : "warning";
  made["at"] = finding.at;
  if (!finding.why.empty()) made["accepted"] = finding.why;
  if (finding.trace.empty()) return made;
  made["steps"] = nlohmann::ordered_json::array();
  made["words"] = nlohmann::ordered_json::array();
  for (const program::TraceStep& step : finding.trace) {
    if (!step.line.empty()) made["steps"].push_back(nlohmann::ordered_json::parse(step.line));
    made["words"].push_back(step.words);
  }
  return made;
}

void print(const program::Finding& finding) {
  fmt::print("{}\n", program::to_line(finding));
  if (finding.why.empty() && !finding.trace.empty()) fmt::print("{}\n", indented(program::to_words(finding.trace)));
}

struct CheckOptions {
  std::vector<std::string> files;
  std::string explain;
  bool expand = false;
  bool json = false;
};

/// What check says of one program; how many faults and findings there are that are no mere warnings.
std::size_t check_one(const CheckOptions& options, const std::string& path, const program::Loaded& loaded, nlohmann::ordered_json& answer) {
  for (const program::Fault& fault : loaded.faults) {
    if (options.json)
      answer["faults"].push_back(to_json(fault));
    else
      fmt::print("{}\n", program::to_line(fault));
  }
  if (!loaded.ok()) return loaded.faults.size();
  if (options.expand && !options.json) {
    fmt::print("{}", program::print_machine(loaded.machine));
    return 0;
  }
  const program::Verdict verdict = program::verify(loaded);
  std::size_t errors = verdict.kind == program::Verdict::Kind::Inconclusive ? 1 : 0;
  for (const auto* some : {&verdict.findings, &verdict.accepted}) {
    for (const program::Finding& finding : *some) {
      if (some == &verdict.findings && finding.severity == program::Severity::Error) ++errors;
      if (options.json)
        answer["findings"].push_back(json_of(finding));
      else
        print(finding);
    }
  }
  static constexpr std::string_view kinds[] = {"sound", "unsound", "inconclusive"};
  if (options.json) {
    answer["verdicts"].push_back({{"file", path}, {"verdict", kinds[static_cast<std::size_t>(verdict.kind)]},
                                  {"configurations", verdict.counts.configurations}, {"transitions", verdict.counts.transitions}});
  } else {
    fmt::print("{}: {}; {} states, {} moves, {} languages\n", path, program::to_line(verdict), loaded.machine.states_size() - 1,
               loaded.machine.arrows_size(), loaded.program.languages_size());
  }
  return errors;
}

int explain(const std::string& code) {
  const std::string page = program::explain_code(code);
  if (!page.empty()) {
    fmt::print("{}", page);
    return 0;
  }
  fmt::print(stderr, "kvali: there is no finding `{}`; there are {}\n", code, fmt::join(program::explained_codes(), ", "));
  return exit_usage;
}

int check(const CheckOptions& options) {
  if (!options.explain.empty()) return explain(options.explain);
  if (options.files.empty()) {
    fmt::print(stderr, "kvali: which program? give its FILE, or --explain CODE\n");
    return exit_usage;
  }
  nlohmann::ordered_json answer = {{"faults", nlohmann::ordered_json::array()}, {"findings", nlohmann::ordered_json::array()},
                                   {"verdicts", nlohmann::ordered_json::array()}};
  std::size_t count = 0;
  for (const std::string& path : options.files) {
    auto files = read_program_files(path);
    if (!files) return world_failed(files.error().message);
    count += check_one(options, path, program::load(*files), answer);
  }
  if (options.json) fmt::print("{}\n", answer.dump(2));
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

/// Answers every line, each at once. Faults, if one was answered with an error: a script need not read them all to know.
template <class Answer>
int answer_lines(Answer answer) {
  bool failed = false;
  for (std::string line; std::getline(std::cin, line);) {
    const std::string answered = answer(line);
    std::cout << answered << std::endl;
    failed = failed || nlohmann::json::parse(answered, nullptr, false).contains("error");
  }
  return failed ? exit_faults : 0;
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
  return answer_lines([&](const std::string& line) { return expression::evaluate_line(line, zones, explaining); });
}

/// Whether what a line binds, or gives to a move, is of the types that the program declares. What is no such line is read later.
Result<void> fits(const expression::Declarations& names, const nlohmann::json& line) {
  const auto each = [](const nlohmann::json& all, const auto& look) -> Result<void> {
    if (!all.is_object()) return {};
    for (const auto& [name, json] : all.items())
      if (const auto value = statechart::value_of(json))
        if (auto fit = look(name, *value); !fit) return fit;
    return {};
  };
  if (!line.is_object()) return {};
  if (line.contains("bind")) return each(line["bind"], [&](const std::string& name, const expression::Value& value) { return program::fits(names, name, value); });
  if (!line.contains("move") || !line.contains("data")) return {};
  return each(line["data"], [&](const std::string& name, const expression::Value& value) -> Result<void> {
    if (name == "reason") return {};
    auto made = expression::Value::map({{expression::Value::string(name), value}});
    return made ? program::fits(names, "initiative", *made) : Result<void>();
  });
}

/// The program, or the small one of its kind of subject `subject`; tells which there are when there is none of the name.
std::optional<program::Loaded> part_named(program::Loaded loaded, const std::string& subject) {
  if (subject.empty()) {
    loaded.program = program::without_subjects(loaded.program);
    return loaded;
  }
  std::vector<std::string> known;
  for (int i = 0; i < loaded.program.subjects_size(); ++i) {
    known.push_back(loaded.program.subjects(i).name());
    if (known.back() == subject) return program::part_of(loaded, i);
  }
  fmt::print(stderr, "kvali: the program has no subject `{}`; it has {}\n", subject, known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", ")));
  return std::nullopt;
}

int step(const std::string& path, const std::string& subject) {
  auto files = read_program_files(path);
  if (!files) return world_failed(files.error().message);
  const program::Loaded loaded = program::load(*files);
  for (const program::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", program::to_line(fault));
  if (!loaded.ok()) return exit_faults;
  const auto part = part_named(loaded, subject);
  if (!part) return exit_usage;
  auto chart = statechart::Chart::compile(part->machine);
  if (!chart) return world_failed(chart.error().message);
  fmt::print(stderr, "kvali: step plays the machine alone; kvali step --help says what it does not look at\n");
  const expression::Declarations names = program::declared_by(part->program, program::Names(part->program));
  statechart::StepLines lines(*chart);
  std::string line;
  bool started = false;
  while (std::getline(std::cin, line)) {
    const auto read = nlohmann::json::parse(line, nullptr, false);
    if (const auto fit = fits(names, read); !fit) {
      std::cout << nlohmann::json{{"error", fit.error().message}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
      continue;
    }
    // What guards and deadlines read may be bound, and what is to hold assumed, before anything is entered.
    if (!started && (read.contains("bind") || (read.size() == 1 && read.contains("assume")))) {
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
  auto* files = command->add_option("FILE", options->files, "program.yaml; texts/LANG.yaml beside it is read too");
  auto* page = command->add_option("--explain", options->explain, "Say what a finding of this code means and how to mend it")->type_name("CODE");
  files->excludes(page);
  command->add_flag("--expand", options->expand, "Print the core machine with its lines");
  command->add_flag("--json", options->json, "Faults and findings as JSON; `steps` of a finding are lines for kvali step");
  command->footer("Ends with 1 also where a proof is inconclusive: nothing was found, but not all was tried.\n"
                  "Example: kvali check workflows/*/program.yaml\n"
                  "Example: kvali check --explain no-option-to-complete");
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
                  "With --check: {\"expr\": \"size(x)\", \"types\": {\"x\": \"list(int)\"}} is answered with {\"type\": \"int\", \"work_units_max\": 2}\n"
                  "Every line is answered; the exit code is 1 when one of the answers is an error.");
  command->callback([options, &run] { run.code = options->check ? answer_lines(expression::check_line) : eval(*options); });
}

void add_step(CLI::App& app, Run& run) {
  auto file = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("step", "Play a program by hand: a JSON line in, where it stands out");
  command->add_option("FILE", *file, "program.yaml")->required();
  command->footer("Example: echo '{\"move\":\"submit\",\"by\":\"applicant\"}' | kvali step workflows/socifaction-2017/program.yaml\n"
                  "Lines: {\"move\":…,\"by\":…,\"data\":{…}}, {\"event\":…}, {\"advance\":\"P1D\"}, {\"bind\":{\"cohort\":{…}}}\n"
                  "{\"assume\":{\"GUARD\":true}} takes a guard or need to hold, whatever the facts; also beside a move, event or freed.\n"
                  "While time advances, what is due happens at its instant, and so do moves that nobody makes.\n"
                  "Only the machine is played. Not looked at: fields that a move requires (required_for), what one must meet\n"
                  "to begin (initiative.needs), the checklist of the cohort, places of quotas, who holds a role. Values that\n"
                  "are bound or given to a move have to be of the type of their field.");
  auto subject = std::make_shared<std::string>();
  command->add_option("--subject", *subject, "Play this kind of subject of the program; absent: an initiative")->type_name("NAME");
  command->callback([file, subject, &run] { run.code = step(*file, *subject); });
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
