// describe, diff: a program in words, and two versions of it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/program/describe.h"
#include "engine/program/diff.h"
#include "engine/program/program.h"
#include "server/cli/commands.h"
#include "server/cli/files.h"

namespace kvali::cli {
namespace {

struct DescribeOptions {
  std::string file;
  std::string language;
  std::string audience = "everyone";
};

int describe(const DescribeOptions& options) {
  auto files = read_program_files(options.file);
  if (!files) return world_failed(files.error().message);
  const program::Loaded loaded = program::load(*files);
  for (const program::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", program::to_line(fault));
  if (!loaded.ok()) return exit_faults;
  const std::string language = options.language.empty() ? loaded.program.languages(0) : options.language;
  if (!program::describable(loaded.program, language)) {
    fmt::print(stderr, "kvali: neither kvali (en, lt, ka) nor the program ({}) has words in `{}`\n", fmt::join(loaded.program.languages(), ", "), language);
    return exit_usage;
  }
  const auto audience = options.audience == "applicant" ? program::Audience::Applicant : program::Audience::Everyone;
  fmt::print("{}", program::describe(loaded.program, language, audience));
  return 0;
}

struct DiffOptions {
  std::string was, now;
  std::string language = "en";
  bool json = false;
};

/// The programs of both files; what is wrong with them goes to the standard error.
int load_both(const DiffOptions& options, program::Loaded& was, program::Loaded& now) {
  for (const auto& [path, loaded] : {std::pair{&options.was, &was}, std::pair{&options.now, &now}}) {
    auto files = read_program_files(*path);
    if (!files) return world_failed(files.error().message);
    *loaded = program::load(*files);
    for (const program::Fault& fault : loaded->faults) fmt::print(stderr, "{}\n", program::to_line(fault));
  }
  return was.ok() && now.ok() ? 0 : exit_usage;
}

int diff(const DiffOptions& options) {
  program::Loaded was, now;
  if (const int failed = load_both(options, was, now); failed != 0) return failed;
  const program::Difference difference = program::difference(was.program, now.program, options.language);
  if (options.json) {
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const program::Change& change : difference.changes) {
      nlohmann::ordered_json made = {{"path", change.path}, {"meaning", program::to_string(change.meaning)}, {"sentence", change.sentence}};
      if (!change.running.empty()) made["running"] = change.running;
      changes.push_back(std::move(made));
    }
    fmt::print("{}\n", nlohmann::ordered_json({{"verdict", program::to_string(difference.verdict)}, {"changes", changes}}).dump(2));
  } else {
    fmt::print("{}", program::to_text(difference, options.language));
  }
  return difference.changes.empty() ? 0 : exit_faults;
}

}  // namespace

void add_describe(CLI::App& app, Run& run) {
  auto options = std::make_shared<DescribeOptions>();
  CLI::App* command = app.add_subcommand("describe", "Say a program back as prose, in Markdown");
  command->add_option("FILE", options->file, "program.yaml; texts/LANG.yaml beside it is read too")->required();
  command->add_option("--lang", options->language, "en, lt, ka or a language of the program; absent: the program's first");
  command->add_option("--for", options->audience, "everyone: all that it says; applicant: guidelines, without what is not hers to see")
      ->check(CLI::IsMember({"everyone", "applicant"}))
      ->capture_default_str();
  command->footer("Example: kvali describe workflows/socifaction-2017/program.yaml --lang lt --for applicant > guidelines.md");
  command->callback([options, &run] { run.code = describe(*options); });
}

void add_diff(CLI::App& app, Run& run) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = app.add_subcommand("diff", "Tell in words what differs between two versions of a program");
  command->add_option("OLD", options->was, "program.yaml of the old version, its texts beside it")->required();
  command->add_option("NEW", options->now, "program.yaml of the new version")->required();
  command->add_option("--lang", options->language, "Language of the sentences")->check(CLI::IsMember({"en", "lt", "ka"}))->capture_default_str();
  command->add_flag("--json", options->json, "A verdict (identical, texts, settings, structure) and the changes as JSON");
  command->footer("Example: kvali diff old/program.yaml workflows/socifaction-2017/program.yaml --lang lt\n"
                  "Exit codes: 0 the versions say the same, 1 they differ, 2 one of them has faults, 3 a file cannot be read");
  command->callback([options, &run] { run.code = diff(*options); });
}

}  // namespace kvali::cli
