// migrate: a plan that leads running work to another version of its program: checked against both versions without a server;
// looked at, started, paused, gone on with and taken back in a running one.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/calendar/calendar.h"
#include "engine/program/migrate/crossing.h"
#include "engine/program/migrate/plan.h"
#include "engine/program/program.h"
#include "server/cli/commands.h"
#include "server/cli/door.h"
#include "server/cli/files.h"

namespace kvali::cli {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// --- check

struct CheckOptions {
  std::string was, now, plan;
  bool json = false;
};

/// One version as it lies in a folder.
struct Lying {
  program::Loaded loaded;
  std::shared_ptr<const statechart::Chart> chart;  // null where it has faults
  [[nodiscard]] program::Version version() const { return {loaded.program, *chart}; }
};

Result<Lying> lying(program::Loaded loaded) {
  Lying made{std::move(loaded), nullptr};
  if (!made.loaded.ok()) return made;
  auto chart = statechart::Chart::compile(made.loaded.machine);
  if (!chart) return fail(chart.error());
  made.chart = *chart;
  return made;
}

Result<Lying> read_version(const std::string& path) {
  std::error_code error;
  auto files = read_program_files(std::filesystem::is_directory(path, error) ? path + "/program.yaml" : path);
  if (!files) return fail(files.error());
  return lying(program::load(*files));
}

using Counts = std::pair<program::proof::Counts, program::proof::Counts>;

/// What the plan says of one kind of subject, or of initiatives, is proved; what was tried is added to `counts`.
void prove(const v1::MigrationPlan& plan, const program::Positions& positions, const Lying& was, const Lying& now, std::vector<program::Fault>& faults,
           Counts& counts) {
  program::Crossing crossing(plan, positions, was.version(), now.version(), faults);
  if (faults.empty()) crossing.prove(positions, faults);
  counts.first.configurations += crossing.counts().first.configurations;
  counts.second.configurations += crossing.counts().second.configurations;
}

/// The other kinds of subject that both versions have, each as a program of its own. Those of a kind that the new version has not wait for
/// a manager.
Result<void> prove_subjects(const program::PlanRead& plan, const Lying& was, const Lying& now, std::vector<program::Fault>& faults, Counts& counts) {
  program::check_subjects_of_plan(plan.plan, plan.positions, was.loaded.program, faults);
  for (int i = 0; i < was.loaded.program.subjects_size(); ++i)
    for (int j = 0; j < now.loaded.program.subjects_size(); ++j) {
      const std::string& name = was.loaded.program.subjects(i).name();
      if (now.loaded.program.subjects(j).name() != name) continue;
      auto from = lying(program::part_of(was.loaded, i));
      auto to = lying(program::part_of(now.loaded, j));
      if (!from || !to) return fail((from ? to : from).error());
      prove(program::plan_of(plan.plan, name), program::positions_of_plan(plan.positions, name), *from, *to, faults, counts);
    }
  return {};
}

/// `proved`: what was tried of both versions, where nothing was found.
int print_check(const CheckOptions& options, const std::vector<program::Fault>& faults, const Counts& proved) {
  const auto [was, now] = std::pair(proved.first.configurations, proved.second.configurations);
  if (options.json) {
    ordered_json list = ordered_json::array();
    for (const program::Fault& fault : faults) list.push_back(to_json(fault));
    ordered_json answer = {{"faults", list}, {"sound", faults.empty()}};
    if (faults.empty()) answer.update({{"old_configurations", was}, {"new_configurations", now}});
    fmt::print("{}\n", answer.dump(2, ' ', false, ordered_json::error_handler_t::replace));
  } else {
    for (const program::Fault& fault : faults) fmt::print("{}\n", program::to_line(fault));
    if (faults.empty()) fmt::print("sound: each of the {} configurations of the old version leads to one of the {} of the new\n", was, now);
  }
  return faults.empty() ? 0 : exit_faults;
}

int check(const CheckOptions& options) {
  auto was = read_version(options.was);
  if (!was) return world_failed(was.error().message);
  auto now = read_version(options.now);
  if (!now) return world_failed(now.error().message);
  auto text = read_file(options.plan);
  if (!text) return world_failed(text.error().message);
  program::PlanRead plan = program::read_plan({options.plan, std::move(*text)});
  std::vector<program::Fault> faults;
  for (const auto* some : {&was->loaded.faults, &now->loaded.faults, &plan.faults}) faults.insert(faults.end(), some->begin(), some->end());
  if (!faults.empty()) return print_check(options, faults, {});
  Counts counts;
  prove(plan.plan, plan.positions, *was, *now, faults, counts);
  if (auto done = prove_subjects(plan, *was, *now, faults, counts); !done) return world_failed(done.error().message);
  return print_check(options, faults, counts);
}

// --- over the wire

struct WireOptions {
  std::string data = "data", as, cohort, initiative, plan, version, reason;
  std::vector<std::string> parameters, to;
  bool json = false;
  bool all = false;  // every initiative, not those alone that wait
};

int wrong_usage(const std::string& sentence) {
  fmt::print(stderr, "kvali: {}\n", sentence);
  return exit_usage;
}

/// "spring=2017-03-01" as a named value: a date, a whole number, yes or no, else a text.
Result<json> parameter_of(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == 0 || at == std::string::npos) return fail("--parameter " + text + ": expected NAME=VALUE");
  const std::string value = text.substr(at + 1);
  const auto named = [&](json made) { return json{{"name", text.substr(0, at)}, {"value", std::move(made)}}; };
  if (const auto date = calendar::parse_date(value); date && value.size() == 10)
    return named({{"date", {{"year", date->year}, {"month", date->month}, {"day", date->day}}}});
  if (!value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) return named({{"number", value}});
  if (value == "yes" || value == "no") return named({{"flag", value == "yes"}});
  return named({{"text", value}});
}

/// What a dry run and the start have in common; or the code of the exit, and why on the standard error.
std::variant<json, int> plan_of(const WireOptions& options) {
  json made = {{"version", options.version}};
  for (const std::string& one : options.parameters) {
    auto parameter = parameter_of(one);
    if (!parameter) return wrong_usage(parameter.error().message);
    made["parameters"].push_back(std::move(*parameter));
  }
  auto text = read_file(options.plan);
  if (!text) return world_failed(text.error().message);
  made["plan"] = {{"path", options.plan}, {"text", std::move(*text)}};
  return made;
}

/// An answer of the server that is none of ours: its sentence, and the code of the exit.
struct Refused {
  std::string sentence;
  int code = exit_faults;
};

Refused refused(const json& error) {
  std::string sentence = error.value("sentence", std::string("the server did not answer"));
  for (const json& one : error.value("violations", json::array())) sentence += "\n" + one.value("sentence", std::string());
  return {std::move(sentence), error.value("retryable", false) ? exit_world : exit_faults};
}

int tell(const Refused& refused) {
  fmt::print(stderr, "kvali: {}\n", refused.sentence);
  return refused.code;
}

/// The report on all initiatives: its pages together.
std::variant<json, Refused> ask_report(const Door& door, const WireOptions& options, json query) {
  query["cohort"] = options.cohort;
  json report;
  std::string page;
  do {
    auto answer = exchange(door, options.as, {{"query", {{"limit", 1'000}, {"page", page}, {"migration", query}}}});
    if (!answer) return Refused{answer.error().message, exit_world};
    if (!answer->contains("answer")) return refused(answer->value("error", json::object()));
    const json& body = (*answer)["answer"];
    json part = body.value("migration", json::object());
    if (report.is_null())
      report = std::move(part);
    else
      for (json& line : part["lines"]) report["lines"].push_back(std::move(line));
    page = body.value("nextPage", std::string());
  } while (!page.empty());
  return report;
}

std::string joined(const json& line, const char* key) {
  return fmt::format("{}", fmt::join(line.value(key, std::vector<std::string>()), " + "));
}

bool is(const json& line, const char* verdict) { return line.value("verdict", std::string()) == verdict; }

/// "37 move, 4 need a decision, 2 left out".
std::string counts_of(const json& report, const char* moved) {
  std::vector<std::string> parts = {fmt::format("{} {}", report.value("moved", 0), moved)};
  if (const int parked = report.value("parked", 0); parked > 0) parts.push_back(fmt::format("{} need{} a decision", parked, parked == 1 ? "s" : ""));
  if (const int left = report.value("leftOut", 0); left > 0) parts.push_back(fmt::format("{} left out", left));
  if (const int to_come = report.value("toCome", 0); to_come > 0) parts.push_back(fmt::format("{} to come", to_come));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// How many go from where to where, most first; and what happens to deadlines and tasks on the way.
void print_ways(const json& report) {
  std::map<std::string, int> ways, notes;
  for (const json& line : report.value("lines", json::array())) {
    if (!is(line, "MOVES")) continue;
    const std::string from = joined(line, "from"), to = joined(line, "to");
    ++ways[from.empty() || from == to ? to : fmt::format("{} → {}", from, to)];
    for (const json& note : line.value("notes", json::array())) ++notes[note.get<std::string>()];
  }
  for (const auto* some : {&ways, &notes}) {
    std::vector<std::pair<int, std::string>> lines;
    for (const auto& [words, count] : *some) lines.emplace_back(count, words);
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [count, words] : lines) fmt::print("{:>7}  {}\n", count, words);
  }
}

/// Each that waits, with why and the way that leads to where it stands; with --all the others too.
void print_lines(const json& report, bool all) {
  for (const json& line : report.value("lines", json::array())) {
    const bool parked = is(line, "PARKED");
    if (!parked && !all) continue;
    const std::string name = fmt::format("{} ({})", line.value("title", std::string()), line.value("initiative", std::string()));
    const std::string from = joined(line, "from"), to = joined(line, "to");
    const std::string way = fmt::format("{}{}{}", from, !from.empty() && !to.empty() ? " → " : "", to);
    if (parked)
      fmt::print("needs a decision: {}, {}\n    {}\n", name, from, line.value("why", std::string()));
    else
      fmt::print("{}: {}{}{}\n", is(line, "MOVES") ? "moves" : is(line, "LEFT_OUT") ? "left out" : "to come", name, way.empty() ? "" : ", ", way);
    for (const json& step : line.value("trace", json::array())) fmt::print("      {}\n", step.get<std::string>());
    for (const json& note : line.value("notes", json::array())) fmt::print("    {}\n", note.get<std::string>());
  }
}

/// The faults of a plan; false: it has none.
bool print_faults(const json& report) {
  const json faults = report.value("faults", json::array());
  for (const json& fault : faults) fmt::print("{}\n", fault.value("sentence", std::string()));
  return !faults.empty();
}

/// A dry run on the screen, or as it came; whether it can be started.
bool show_preview(const WireOptions& options, const json& report) {
  const bool faulty = report.contains("faults") && !report["faults"].empty();
  if (options.json) {
    fmt::print("{}\n", report.dump(2));
  } else if (!print_faults(report)) {
    fmt::print("{}\n", counts_of(report, "move"));
    print_ways(report);
    print_lines(report, options.all);
  }
  return !faulty;
}

int preview(const WireOptions& options) {
  auto query = plan_of(options);
  if (const int* code = std::get_if<int>(&query)) return *code;
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  auto asked = ask_report(*door, options, std::move(std::get<json>(query)));
  if (const auto* no = std::get_if<Refused>(&asked)) return tell(*no);
  return show_preview(options, std::get<json>(asked)) ? 0 : exit_faults;
}

/// Sends a command for the cohort: 0 and `said`, or why not.
int command(const Door& door, const WireOptions& options, json body, const std::string& said) {
  body.update({{"id", fresh_key()}, {"cohort", options.cohort}, {"channel", "SCRIPT"}});
  auto answer = exchange(door, options.as, {{"call", {{"command", std::move(body)}}}});
  if (!answer) return world_failed(answer.error().message);
  if (!answer->contains("result")) return tell(refused(answer->value("error", json::object())));
  if (options.json)
    fmt::print("{}\n", (*answer)["result"].dump(2));
  else
    fmt::print("{}\n", said);
  return 0;
}

int command(const WireOptions& options, json body, const std::string& said) {
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  return command(*door, options, std::move(body), said);
}

/// Shows what will happen and starts exactly that: what has changed when its turn comes waits for a decision.
int start(const WireOptions& options) {
  auto plan = plan_of(options);
  if (const int* code = std::get_if<int>(&plan)) return *code;
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  auto asked = ask_report(*door, options, std::get<json>(plan));
  if (const auto* no = std::get_if<Refused>(&asked)) return tell(*no);
  const json& report = std::get<json>(asked);
  WireOptions quiet = options;
  quiet.json = false;
  if (const bool good = options.json ? !report.contains("faults") : show_preview(quiet, report); !good) {
    if (options.json) show_preview(options, report);
    return exit_faults;
  }
  json body = std::move(std::get<json>(plan));
  body["version"] = report.value("version", options.version);  // of the newest: the one that was looked at
  body["reason"] = options.reason;
  body["seen"] = report.value("seen", json::array());
  return command(*door, options, {{"startMigration", std::move(body)}},
                 fmt::format("started; how far it is: kvali migrate status {} --as '{}' --data {}", options.cohort, options.as, options.data));
}

int status(const WireOptions& options) {
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  auto asked = ask_report(*door, options, json::object());
  if (const auto* no = std::get_if<Refused>(&asked)) return tell(*no);
  const json& report = std::get<json>(asked);
  if (options.json) {
    fmt::print("{}\n", report.dump(2));
    return 0;
  }
  if (report.value("migration", std::string()).empty()) {
    fmt::print("there was no migration\n");
    return 0;
  }
  const char* state = report.value("undone", false)    ? "taken back"
                      : report.value("paused", false)  ? "paused"
                      : report.value("running", false) ? "running"
                                                       : "ended";
  fmt::print("{}: {}\n", state, counts_of(report, "gone over"));
  print_lines(report, options.all);
  return 0;
}

int move(const WireOptions& options) {
  json body = {{"initiative", options.initiative}, {"reason", options.reason}};
  for (const std::string& path : options.to) body["to"].push_back(path);
  return command(options, {{"migrateInitiative", std::move(body)}}, "moved");
}

using Action = int (*)(const WireOptions&);

CLI::App* add_action(CLI::App& migrate, Run& run, const std::shared_ptr<WireOptions>& options, const char* name, const char* help, const char* example,
                     Action action) {
  CLI::App* made = migrate.add_subcommand(name, help);
  made->add_option("COHORT", options->cohort, "The cohort")->required();
  made->add_option("--as", options->as, "Who asks, a manager of the cohort: name, e-mail address or id")->required();
  made->add_option("--data", options->data, "The data folder of the running server")->capture_default_str();
  made->add_flag("--json", options->json, "What the server answers, as JSON");
  made->footer(fmt::format("Example: kvali migrate {} season-2017{} --as 'Onutė Varpelytė'", name, example));
  made->callback([options, action, &run] { run.code = action(*options); });
  return made;
}

void add_plan(CLI::App& action, WireOptions& options) {
  action.add_option("PLAN", options.plan, "The plan, in YAML")->required();
  action.add_option("--version", options.version, "Of the program, hexadecimal; absent: the newest");
  action.add_option("--parameter", options.parameters, "NAME=VALUE that the new version asks for and the cohort does not have")->expected(1);
  action.add_flag("--all", options.all, "Tell of every initiative, not only of those that need a decision");
}

}  // namespace

void add_migrate(CLI::App& app, Run& run) {
  CLI::App* migrate = app.add_subcommand("migrate", "Lead running work to another version of its program: check, look, start, take back");
  migrate->require_subcommand(1);
  migrate->footer("A plan says where states, timers, fields, tasks, roles and quotas of the old version are in the new one; what keeps its name\n"
                  "need not be said. `check` proves it against both versions, `preview` tries it on everything that runs and changes nothing.\n"
                  "Example: kvali migrate check old/program.yaml new/program.yaml plan.yaml\n"
                  "Example: kvali migrate preview season-2017 plan.yaml --as 'Onutė Varpelytė'");

  auto files = std::make_shared<CheckOptions>();
  CLI::App* check_it = migrate->add_subcommand("check", "Prove a plan: every configuration of the old version leads to one of the new");
  check_it->add_option("OLD", files->was, "program.yaml of the old version, or its folder")->required();
  check_it->add_option("NEW", files->now, "program.yaml of the new version, or its folder")->required();
  check_it->add_option("PLAN", files->plan, "The plan, in YAML")->required();
  check_it->add_flag("--json", files->json, "Faults as JSON");
  check_it->footer("Example: kvali migrate check old/program.yaml new/program.yaml plan.yaml\n"
                   "Exit codes: 0 sound, 1 the plan or one of the versions has faults, 3 a file cannot be read");
  check_it->callback([files, &run] { run.code = check(*files); });

  const auto options = std::make_shared<WireOptions>();
  const auto add = [&](const char* name, const char* help, const char* example, Action action) {
    return add_action(*migrate, run, options, name, help, example, action);
  };
  add_plan(*add("preview", "Say what a migration would do with each initiative; changes nothing", " plan.yaml", preview), *options);
  CLI::App* started = add("start", "Show the same and start it; what has changed since is parked", " plan.yaml --reason 'Screening is called checking'", start);
  add_plan(*started, *options);
  add("status", "Say how far the last migration is and what waits for a decision", "", status)->add_flag("--all", options->all, "Tell of every initiative");
  add("pause", "Stop after the batch that is under way", "",
      [](const WireOptions& o) { return command(o, {{"pauseMigration", json::object()}}, "paused"); });
  add("resume", "Go on", "", [](const WireOptions& o) { return command(o, {{"resumeMigration", json::object()}}, "goes on"); });
  CLI::App* undone = add("undo", "Take back what has not changed since it went over", " --reason 'Not yet'", [](const WireOptions& o) {
    return command(o, {{"undoMigration", {{"reason", o.reason}}}}, "is being taken back");
  });
  CLI::App* moved = add("move", "Decide where an initiative goes that is parked", " INITIATIVE --to application.draft --reason 'It begins anew'", move);
  moved->add_option("INITIATIVE", options->initiative, "Its id, as the list of those parked says it")->required();
  moved->add_option("--to", options->to, "Where it goes: a path in the new version; absent: as the plan says")->expected(1);
  for (CLI::App* one : {started, undone, moved}) one->add_option("--reason", options->reason, "Why; stays in the journal")->required();
}

}  // namespace kvali::cli
