// simulate: whole cohorts played through a program before anybody lives one.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>

#include "engine/cohort/zone_table.h"
#include "engine/limits.h"
#include "engine/program/program.h"
#include "engine/simulate/change.h"
#include "engine/simulate/learn.h"
#include "engine/simulate/report.h"
#include "engine/simulate/simulate.h"
#include "server/cli/commands.h"
#include "server/cli/files.h"
#include "server/cli/zones.h"
#include "server/core/store.h"
#include "server/demo/short_form.h"
#include "server/journal/read_only.h"

namespace kvali::cli {
namespace {

struct SimulateOptions {
  std::string file;
  std::uint32_t initiatives = 0, cohorts = 1;
  std::uint64_t seed = 0;
  std::vector<std::string> from, with;
  bool json = false;
  std::string svg;
};

int wrong_usage(const std::string& sentence) {
  fmt::print(stderr, "kvali: {}\n", sentence);
  return exit_usage;
}

/// cohort.yaml beside the program, as `kvali serve --demo` reads it; nothing when there is none.
Result<std::optional<v1::OpenCohort>> opening_beside(const std::string& file, const calendar::Zone& zone) {
  const std::filesystem::path path = std::filesystem::path(file).parent_path() / "cohort.yaml";
  if (!std::filesystem::exists(path)) return std::optional<v1::OpenCohort>();
  auto text = read_file(path.string());
  if (!text) return fail(text.error());
  v1::OpenCohort opening;
  // YAML comes from outside, and its library throws: this is the edge.
  try {
    const demo::Shorthand shorthand{zone, [](const std::string& key) -> Result<std::string> { return key; }};
    if (auto filled = demo::fill(opening, YAML::Load(*text), shorthand, path.string()); !filled) return fail(filled.error());
  } catch (const YAML::Exception& error) {
    return fail(fmt::format("{}:{}:{}: {}", path.string(), error.mark.line + 1, error.mark.column + 1, error.msg));
  }
  return std::optional(std::move(opening));
}

/// What --from names: a data folder, and of its cohorts one or, without a name, all of the program.
struct Past {
  std::string folder, cohort;
};
Past past_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || std::filesystem::exists(text)) return {text, ""};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

Result<void> learn_stream(const journal::Journal& journal, const std::string& stream, core::Store& store, const std::string& program,
                          simulate::Learner* learner) {
  std::optional<Error> failed;
  auto read = journal.read(stream, 1, [&](const journal::Record& stored) {
    v1::Record record;
    if (!record.ParseFromString(stored.bytes)) failed = Error{fmt::format("{}: record {} is unreadable", stream, stored.sequence)};
    if (!failed)
      if (auto applied = store.apply(stream, record); !applied) failed = applied.error();
    if (failed) return journal::Visit::Stop;
    if (!learner) return journal::Visit::Continue;
    const cohort::Cohort& state = store.cohorts.at(stream.substr(7)).state;
    if (state.model->name() != program) return journal::Visit::Stop;
    learner->see(state, record, state.rehearsal ? state.clock : state.commit.recorded_at_us());
    return journal::Visit::Continue;
  });
  if (failed) return fail(*failed);
  return read;
}

Result<void> learn_from(const std::string& text, const cohort::Model& model, simulate::Learner& learner) {
  const Past past = past_of(text);
  auto journal = journal::ReadOnlyJournal::open(past.folder + "/journal.sqlite");
  if (!journal) return fail(journal.error());
  auto heads = journal->streams();
  if (!heads) return fail(heads.error());
  core::Store store;
  for (const journal::Head& head : *heads)
    if (head.stream.starts_with("program/"))
      if (auto read = learn_stream(*journal, head.stream, store, model.name(), nullptr); !read) return read;
  std::size_t found = 0;
  for (const journal::Head& head : *heads) {
    if (!head.stream.starts_with("cohort/") || (!past.cohort.empty() && head.stream != "cohort/" + past.cohort)) continue;
    if (auto read = learn_stream(*journal, head.stream, store, model.name(), &learner); !read) return read;
    const cohort::Cohort& state = store.cohorts.at(head.stream.substr(7)).state;
    if (state.model->name() != model.name()) {
      if (!past.cohort.empty()) return fail(fmt::format("{}: the cohort {} is of the program {}", past.folder, past.cohort, state.model->name()));
      continue;
    }
    learner.end(state);
    ++found;
  }
  if (found > 0) return {};
  if (past.cohort.empty()) return fail(fmt::format("{}: there is no cohort of the program {}", past.folder, model.name()));
  return fail(fmt::format("{}: there is no cohort {}", past.folder, past.cohort));
}

Result<void> write_pictures(const std::string& folder, const simulate::Report& report) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(fmt::format("{}: {}", folder, error.message()));
  for (const simulate::Picture& picture : simulate::draw(report)) {
    const std::string path = folder + "/" + picture.name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << picture.svg;
    file.close();
    if (!file) return fail(fmt::format("{}: cannot be written", path));
  }
  return {};
}

/// Everything but the seed's luck: the program, its cohort, its people.
struct Prepared {
  simulate::Setting setting;
  std::vector<std::string> notes;
};

Result<Prepared> prepare(const SimulateOptions& options, const program::Loaded& loaded) {
  Prepared made;
  auto model = cohort::Model::compile(loaded.program, loaded.machine, std::string(64, '0'));
  if (!model) return fail(model.error());
  made.setting.model = *model;
  auto zone = load_zone((*model)->program().timezone());
  if (!zone) return fail(zone.error());
  auto opening = opening_beside(options.file, *zone);
  if (!opening) return fail(opening.error());
  made.setting.opening = *opening ? **opening : simulate::usual_opening(**model, *zone, made.notes);
  made.setting.opening.set_program((*model)->name());
  made.setting.opening.clear_version();
  *made.setting.opening.mutable_zone() = cohort::table_of(*zone);
  made.setting.initiatives = options.initiatives;
  made.setting.cohorts = options.cohorts;
  made.setting.seed = options.seed;
  simulate::Learner learner(**model);
  for (const std::string& past : options.from)
    if (auto learned = learn_from(past, **model, learner); !learned) return fail(learned.error());
  made.setting.habits = learner.habits();
  if (options.from.empty()) {
    made.notes.emplace_back("What people do is assumed, not learned: give --from with the data of a past cohort.");
  } else {
    const auto [learned, all] = learner.learned();
    made.notes.push_back(fmt::format("What people do was learned from {} cohort{} in {} of the {} states in which somebody acts, and is assumed in the others.",
                                     made.setting.habits.learned_cohorts, made.setting.habits.learned_cohorts == 1 ? "" : "s", learned, all));
  }
  return made;
}

int run_simulation(const SimulateOptions& options) {
  auto files = read_program_files(options.file);
  if (!files) return world_failed(files.error().message);
  program::Loaded loaded = program::load(*files);
  for (const program::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", program::to_line(fault));
  if (!loaded.ok()) return exit_faults;
  auto prepared = prepare(options, loaded);
  if (!prepared) return world_failed(prepared.error().message);
  simulate::Setting changed_setting = prepared->setting;
  for (const std::string& text : options.with)
    if (auto changed = simulate::change(changed_setting, text); !changed) return wrong_usage("--with " + text + ": " + changed.error().message);
  auto base = simulate::simulate(prepared->setting);
  if (!base) return world_failed(base.error().message);
  base->notes.insert(base->notes.begin(), prepared->notes.begin(), prepared->notes.end());
  simulate::Report report{*prepared->setting.model, *base, nullptr, options.with};
  Result<simulate::Findings> changed = simulate::Findings{};
  if (!options.with.empty()) {
    changed = simulate::simulate(changed_setting);
    if (!changed) return wrong_usage(changed.error().within("with the changes").message);
    report.changed = &*changed;
  }
  fmt::print("{}", options.json ? simulate::to_json(report) : simulate::to_text(report));
  if (options.svg.empty()) return 0;
  if (auto written = write_pictures(options.svg, report); !written) return world_failed(written.error().message);
  return 0;
}

}  // namespace

void add_simulate(CLI::App& app, Run& run) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand("simulate", "Play whole cohorts through a program, from a seed");
  command->add_option("FILE", options->file, "program.yaml; cohort.yaml beside it says dates and localities")->required();
  command->add_option("--initiatives", options->initiatives, "How many arrive in a cohort")
      ->required()
      ->check(CLI::Range(std::uint32_t{1}, static_cast<std::uint32_t>(limits::initiatives_per_cohort_max)));
  command->add_option("--seed", options->seed, "The same seed gives the same result, byte for byte")->required()->check(CLI::NonNegativeNumber);
  command->add_option("--cohorts", options->cohorts, "How many cohorts are played; figures are then means of one")
      ->check(CLI::Range(std::uint32_t{1}, static_cast<std::uint32_t>(limits::simulated_cohorts_max)))
      ->capture_default_str();
  command->add_option("--from", options->from, "Learn what people do from past cohorts: DATA for all of a data folder, DATA:COHORT for one");
  command->add_option("--with", options->with, "What if: cohort.PARAMETER=VALUE, quota.NAME=PLACES, quota.NAME.LOCALITY=PLACES, initiatives=NUMBER; shown beside the rest")
      ->expected(1, static_cast<int>(limits::simulated_changes_max));
  command->add_flag("--json", options->json, "Findings as JSON: sums over all cohorts");
  command->add_option("--svg", options->svg, "Write stages.svg, times.svg, places.svg and people.svg into this folder");
  command->footer("Example: kvali simulate workflows/socifaction-2017/program.yaml --initiatives 68 --seed 1 --with quota.per_locality=6");
  command->callback([options, &run] { run.code = run_simulation(*options); });
}

}  // namespace kvali::cli
