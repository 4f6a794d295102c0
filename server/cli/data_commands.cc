// log, verify, doctor: what can be said of a data folder.
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/limits.h"
#include "kvali/v1/record.pb.h"
#include "server/cli/commands.h"
#include "server/cli/zones.h"
#include "server/core/publish.h"
#include "server/core/verify.h"
#include "server/journal/read_only.h"
#include "server/journal/verify.h"

namespace kvali::cli {
namespace {

std::string journal_path(const std::string& data) { return data + "/journal.sqlite"; }

struct LogOptions {
  std::string data = "data", stream;
  std::uint64_t from = 1;
};

int log(const LogOptions& options) {
  auto reader = journal::ReadOnlyJournal::open(journal_path(options.data));
  if (!reader) return world_failed(reader.error().message);
  auto heads = reader->streams();
  if (!heads) return world_failed(heads.error().message);
  for (const journal::Head& head : *heads) {
    if (!options.stream.empty() && head.stream != options.stream) continue;
    auto read = reader->read(head.stream, options.from, [](const journal::Record& stored) {
      v1::Record record;
      std::string json;
      if (record.ParseFromString(stored.bytes)) static_cast<void>(google::protobuf::util::MessageToJsonString(record, &json));
      fmt::print("{} {} {} {}\n", stored.stream, stored.sequence, calendar::to_string(stored.instant_us), json.empty() ? "unreadable" : json);
      return journal::Visit::Continue;
    });
    if (!read) return world_failed(read.error().message);
  }
  return 0;
}

/// The fold of every stream: what the hashes cannot say. A journal that cannot be folded at all is a finding too.
core::FoldReport verify_fold(const std::string& data) {
  auto reader = journal::ReadOnlyJournal::open(journal_path(data));
  auto report = reader ? core::verify_fold(*reader) : Result<core::FoldReport>(fail(reader.error()));
  return report ? std::move(*report) : core::FoldReport{{report.error().message}, 0, {}};
}

int verify(const std::string& data, bool json) {
  auto report = journal::verify_all(journal_path(data));
  if (!report) return world_failed(report.error().message);
  core::FoldReport fold;
  std::vector<std::string> sentences;
  for (const journal::Finding& finding : report->findings) sentences.push_back(finding.sentence);
  if (report->clean()) {
    fold = verify_fold(data);
    sentences = fold.findings;
  }
  if (json) {
    fmt::print("{}\n", nlohmann::ordered_json({{"findings", sentences}, {"streams", report->streams}, {"records", report->records},
                                               {"snapshot_rows", fold.rows}, {"snapshots_passed_over", fold.passed_over}}).dump(2));
  } else {
    for (const std::string& sentence : sentences) fmt::print("{}\n", sentence);
    for (const std::string& stream : fold.passed_over) fmt::print("{}: its snapshot is of another version of the fold; no server of this version reads it\n", stream);
    if (sentences.empty())
      fmt::print("clean: {} records in {} streams, every hash and every fold; {} snapshot rows are what the records fold to\n", report->records,
                 report->streams, fold.rows);
  }
  return sentences.empty() ? 0 : exit_faults;
}

/// What today's checks find in what was published. Running work goes by what was checked then, so none of it is a fault.
void tell_programs(const std::string& data) {
  auto reader = journal::ReadOnlyJournal::open(journal_path(data));
  auto heads = reader ? reader->streams() : Result<std::vector<journal::Head>>(fail(reader.error()));
  if (!heads) return;  // told as a fault of the journal
  for (const journal::Head& head : *heads) {
    if (!head.stream.starts_with("program/")) continue;
    const auto read = reader->read(head.stream, 1, [](const journal::Record& stored) {
      v1::Record record;
      if (!record.ParseFromString(stored.bytes)) return journal::Visit::Continue;
      v1::PublishProgram again;
      *again.mutable_files() = record.program_published().files();
      const core::Publication made = core::prepare(again);
      const std::string name = fmt::format("version {} of {}", stored.sequence, record.program_published().name());
      fmt::print("{} {}: today's checks say: {}\n", made.loaded.ok() && made.verdict.kind == program::Verdict::Kind::Sound ? "ok   " : "NOTE ", name,
                 made.loaded.ok() ? program::to_line(made.verdict) : fmt::format("{} faults", made.loaded.faults.size()));
      for (const program::Fault& fault : made.loaded.faults) fmt::print("      {}\n", program::to_line(fault));
      for (const program::Finding& finding : made.verdict.findings) fmt::print("      {}\n", program::to_line(finding));
      return journal::Visit::Continue;
    });
    if (!read) return;  // as above
  }
}

int doctor(const std::string& data) {
  int faults = 0;
  const auto tell = [&](bool good, const std::string& what, const std::string& advice) {
    fmt::print("{} {}\n", good ? "ok   " : "FAULT", what);
    if (!good) fmt::print("      {}\n", advice);
    faults += good ? 0 : 1;
  };
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::exists(data) ? data : ".", error);
  tell(!error && space.available > limits::disk_reserve_bytes, fmt::format("{} MiB free for {}", space.available >> 20, data),
       "Free some space: below 64 MiB nothing is written any more.");
  const auto zone = load_zone("Europe/Vilnius");
  tell(zone.has_value(), zone ? "time zones of the system: " + zone->version : zone.error().message, "Install the package tzdata.");
  const bool has_journal = std::filesystem::exists(journal_path(data));
  tell(has_journal, "journal at " + journal_path(data), "Start the server once: kvali serve --data " + data);
  if (has_journal) {
    tell(std::filesystem::exists(data + "/keys"), "keys at " + data + "/keys", "Put the key file back from its backup: without it nothing sealed can be read.");
    auto report = journal::verify_all(journal_path(data));
    const bool folds = report && report->clean() && verify_fold(data).findings.empty();
    tell(folds, report ? fmt::format("{} records, chained and folded", report->records) : report.error().message,
         "kvali verify --data " + data + " names what is wrong.");
    if (folds) tell_programs(data);
  }
  return faults == 0 ? 0 : exit_faults;
}

}  // namespace

void add_log(CLI::App& app, Run& run) {
  auto options = std::make_shared<LogOptions>();
  CLI::App* command = app.add_subcommand("log", "Print records as lines: stream, sequence, instant, JSON");
  command->add_option("--data", options->data, "The data folder")->capture_default_str();
  command->add_option("--stream", options->stream, "directory, program/NAME or cohort/ID; absent: all");
  command->add_option("--from", options->from, "First sequence")->capture_default_str();
  command->footer("Example: kvali log --data data --stream cohort/season-2017 | tail -3");
  command->callback([options, &run] { run.code = log(*options); });
}

void add_verify(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>("data");
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("verify", "Prove the journal: every hash, gap, page and fold");
  command->add_option("--data", *data, "The data folder; the server may be running")->capture_default_str();
  command->add_flag("--json", *json, "Findings as JSON");
  command->footer("Example: kvali verify --data data");
  command->callback([data, json, &run] { run.code = verify(*data, *json); });
}

void add_doctor(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>("data");
  CLI::App* command = app.add_subcommand("doctor", "Look at the machine and the data folder, and say what to do");
  command->add_option("--data", *data, "The data folder")->capture_default_str();
  command->footer("Example: kvali doctor --data data");
  command->callback([data, &run] { run.code = doctor(*data); });
}

}  // namespace kvali::cli
