#include "server/api/migration.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/cohort/may.h"
#include "server/api/codec.h"
#include "server/core/seal.h"

namespace kvali::api {
namespace {

using Verdict = cohort::MigrationLine::Verdict;

v1::MigrationLine::Verdict verdict_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Moves: return v1::MigrationLine::MOVES;
    case Verdict::Parked: return v1::MigrationLine::PARKED;
    case Verdict::LeftOut: return v1::MigrationLine::LEFT_OUT;
    case Verdict::ToCome: return v1::MigrationLine::TO_COME;
  }
  return v1::MigrationLine::VERDICT_UNSPECIFIED;
}

v1::MigrationLine line_of(const MigrationReader& reader, const cohort::MigrationLine& line) {
  const cohort::Initiative& initiative = reader.cohort.initiatives[line.slot];
  v1::MigrationLine made;
  made.set_initiative(initiative.id);
  made.set_title(core::title_of(reader.cohort, initiative, reader.core.vault()));
  made.set_verdict(verdict_of(line.verdict));
  for (const std::string& path : line.from) made.add_from(path);
  for (const std::string& path : line.to) made.add_to(path);
  made.set_why(cohort::in_language(line.why, reader.locale));
  for (const std::string& step : line.trace) made.add_trace(step);
  for (const v1::Text& note : line.notes) made.add_notes(cohort::in_language(note, reader.locale));
  return made;
}

/// Whether a conflict of interest keeps the reader away: then she is told nothing of it, and it is not counted.
bool is_kept_away(const MigrationReader& reader, const cohort::MigrationLine& line) {
  const cohort::Viewer viewer{reader.person, cohort::instant_in(reader.cohort, reader.now_us)};
  return !cohort::may(reader.cohort, reader.core.store().world(), viewer, cohort::Action::See, &reader.cohort.initiatives[line.slot]);
}

/// The counts of all and the lines of one page.
void tell(const MigrationReader& reader, const cohort::MigrationPreview& preview, std::size_t from, v1::Answer& answer) {
  v1::MigrationReport& report = *answer.mutable_migration();
  report.set_version(preview.version);
  for (const cohort::MigrationLine& line : preview.lines) {
    if (is_kept_away(reader, line)) continue;
    switch (line.verdict) {
      case Verdict::Moves: report.set_moved(report.moved() + 1); break;
      case Verdict::Parked: report.set_parked(report.parked() + 1); break;
      case Verdict::LeftOut: report.set_left_out(report.left_out() + 1); break;
      case Verdict::ToCome: report.set_to_come(report.to_come() + 1); break;
    }
  }
  for (std::size_t i = from; i < preview.lines.size(); ++i) {
    if (static_cast<std::uint32_t>(report.lines_size()) == reader.limit) return answer.set_next_page(std::to_string(i));
    if (!is_kept_away(reader, preview.lines[i])) *report.add_lines() = line_of(reader, preview.lines[i]);
  }
}

/// What stands in the way of a plan: each part of it, or the whole in one sentence.
void tell(const MigrationReader& reader, const cohort::Refusal& refusal, v1::MigrationReport& report) {
  for (const cohort::Unmet& unmet : refusal.unmet) *report.add_faults() = violation_of(unmet, reader.locale);
  if (!refusal.unmet.empty()) return;
  v1::Violation& whole = *report.add_faults();
  whole.set_code(std::string(to_string(refusal.code)));
  whole.set_sentence(cohort::in_language(refusal.sentence, reader.locale));
}

std::size_t place_of(const std::string& page) {
  std::size_t place = 0;
  std::from_chars(page.data(), page.data() + page.size(), place);
  return place;
}

void answer_last(const MigrationReader& reader, std::size_t from, v1::Answer& answer) {
  v1::MigrationReport& report = *answer.mutable_migration();
  const cohort::Migration& last = reader.cohort.migration;
  if (last.id.empty()) return;
  tell(reader, cohort::migration_so_far(reader.cohort), from, answer);
  report.set_migration(last.id);
  report.set_running(last.running());
  report.set_paused(last.paused && !last.ended);
  report.set_undone(last.undone);
}

void answer_dry_run(const MigrationReader& reader, const v1::MigrationQuery& query, std::size_t from, v1::Answer& answer) {
  const std::string of = fmt::format("{}/{}/{}/{}", reader.cohort.id, reader.cohort.sequence, reader.cohort.commit.command_id(), query.SerializeAsString());
  if (from == 0 || reader.last.of != of) {
    reader.last = {};
    v1::StartMigration command;
    command.set_version(query.version());
    *command.mutable_plan() = query.plan();
    *command.mutable_parameters() = query.parameters();
    auto found = cohort::preview_migration(reader.cohort, reader.core.store().world(), command, cohort::instant_in(reader.cohort, reader.now_us),
                                           reader.core.bench());
    if (const auto* refusal = std::get_if<cohort::Refusal>(&found)) return tell(reader, *refusal, *answer.mutable_migration());
    reader.last = {of, std::move(std::get<cohort::MigrationPreview>(found))};
  }
  tell(reader, reader.last.preview, from, answer);
  if (from == 0) *answer.mutable_migration()->mutable_seen() = {reader.last.preview.seen.begin(), reader.last.preview.seen.end()};
  if (answer.next_page().empty()) reader.last = {};
}

}  // namespace

v1::Answer answer_migration(const MigrationReader& reader, const v1::Query& query) {
  v1::Answer answer;
  answer.mutable_migration();
  const std::size_t from = place_of(query.page());
  if (query.migration().has_plan())
    answer_dry_run(reader, query.migration(), from, answer);
  else
    answer_last(reader, from, answer);
  return answer;
}

}  // namespace kvali::api
