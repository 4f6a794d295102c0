#include "server/api/choosing.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "engine/cohort/bulk.h"
#include "engine/cohort/conflict.h"
#include "engine/cohort/ranking.h"
#include "engine/limits.h"
#include "engine/program/expression_types.h"
#include "engine/program/names.h"
#include "server/core/effects.h"
#include "server/core/seal.h"

namespace kvali::api {
namespace {

using cohort::RankedLine;

std::string title_of(const ChoosingReader& reader, const cohort::Initiative& initiative) {
  return core::title_of(reader.cohort, initiative, reader.core.vault());
}

v1::Ranking::Line::Verdict verdict_of(RankedLine::Verdict verdict) {
  switch (verdict) {
    case RankedLine::Verdict::In: return v1::Ranking::Line::IN;
    case RankedLine::Verdict::Reserve: return v1::Ranking::Line::RESERVE;
    case RankedLine::Verdict::Out: return v1::Ranking::Line::OUT;
  }
  return v1::Ranking::Line::VERDICT_UNSPECIFIED;
}

std::variant<cohort::RankingAsked, cohort::Refusal> asked_of(const ChoosingReader& reader, const v1::RankingQuery& query) {
  cohort::RankingAsked asked;
  asked.move = query.move();
  asked.by = query.by();
  if (query.has_places()) asked.places = query.places();
  if (query.has_cut_off()) asked.cut_off = query.cut_off();
  asked.reserves_max = query.reserves_max();
  const cohort::Model& model = *reader.cohort.model;
  if (!query.ranked_by().empty()) {
    const expression::Declarations declared = program::declared_by(model.program(), program::Names(model.program()));
    auto compiled = expression::compile(query.ranked_by(), &declared);
    if (!compiled) return cohort::refuse(cohort::Code::Invalid, "bad_filter", {{"fault", compiled.error().front().message}});
    asked.ranked_by = std::make_shared<const expression::Expression>(std::move(*compiled));
  }
  if (query.weights_size() > 0) {
    auto weighed = cohort::with_weights(model, query.weights());
    if (!weighed) return cohort::refuse(cohort::Code::Invalid, "bad_filter", {{"fault", weighed.error().message}});
    asked.weighed = std::move(*weighed);
  }
  return asked;
}

void add_line(const ChoosingReader& reader, const RankedLine& line, v1::Ranking::Group& group) {
  const cohort::Initiative& initiative = reader.cohort.initiatives[line.slot];
  v1::Ranking::Line& made = *group.add_lines();
  made.set_initiative(initiative.id);
  made.set_title(title_of(reader, initiative));
  made.set_rank(line.rank);
  if (line.value) made.set_value(*line.value);
  made.set_tied(line.tied);
  made.set_verdict(verdict_of(line.verdict));
  made.set_version(initiative.touches);
  if (initiative.held) made.set_held(initiative.held->move);
  if (line.why_not) made.set_why_not(cohort::in_language(line.why_not->why, reader.locale));
}

std::size_t place_of(const std::string& page) {
  std::size_t place = 0;
  std::from_chars(page.data(), page.data() + page.size(), place);
  return place;
}

}  // namespace

ChoosingAnswer answer_ranking(const ChoosingReader& reader, const v1::RankingQuery& query) {
  auto asked = asked_of(reader, query);
  if (auto* refusal = std::get_if<cohort::Refusal>(&asked)) return std::move(*refusal);
  const cohort::Viewer viewer{reader.person, cohort::instant_in(reader.cohort, reader.now_us)};
  const cohort::World world = reader.core.store().world();  // the sketch looks at it as long as it lives
  cohort::Sketch sketch(reader.cohort, world, viewer.now, reader.person);
  auto found = cohort::ranking(sketch, reader.core.bench(), viewer, std::get<cohort::RankingAsked>(asked));
  if (auto* refusal = std::get_if<cohort::Refusal>(&found)) return std::move(*refusal);
  v1::Answer answer;
  for (const cohort::RankedGroup& group : std::get<0>(found)) {
    v1::Ranking::Group& made = *answer.mutable_ranking()->add_groups();
    made.set_quota(group.quota);
    made.set_by(group.by);
    made.set_places(group.places);
    made.set_taken(group.taken);
    made.set_frozen_below(group.frozen_below);
    for (const RankedLine& line : group.lines) add_line(reader, line, made);
  }
  return answer;
}

ChoosingAnswer answer_bulk(const ChoosingReader& reader, const v1::BulkQuery& query, const std::string& page) {
  v1::Asked asked;
  asked.set_actor(reader.person);
  asked.set_now_us(reader.now_us);
  *asked.mutable_command()->mutable_bulk_move() = query.move();
  auto found = cohort::preview_bulk(reader.cohort, reader.core.store().world(), asked, reader.core.bench());
  if (auto* refusal = std::get_if<cohort::Refusal>(&found)) return std::move(*refusal);
  const auto& lines = std::get<std::vector<cohort::BulkLine>>(found);
  v1::Answer answer;
  v1::BulkReport& report = *answer.mutable_bulk();
  const cohort::Instant now = cohort::instant_in(reader.cohort, reader.now_us), until = cohort::undo_until(reader.cohort, now);
  report.set_undo_within_us(until == 0 ? 0 : until - now);
  for (const cohort::BulkLine& line : lines) {
    if (line.possible)
      report.set_possible(report.possible() + 1);
    else
      report.set_impossible(report.impossible() + 1);
  }
  for (std::size_t i = place_of(page); i < lines.size(); ++i) {
    if (static_cast<std::uint32_t>(report.lines_size()) == reader.limit) {
      answer.set_next_page(std::to_string(i));
      break;
    }
    const cohort::Initiative& initiative = reader.cohort.initiatives[lines[i].slot];
    v1::BulkReport::Line& made = *report.add_lines();
    made.set_initiative(initiative.id);
    made.set_title(title_of(reader, initiative));
    made.set_version(initiative.version);
    made.set_possible(lines[i].possible);
    if (lines[i].to != 0) made.set_to(initiative.model->chart().path(lines[i].to));
    for (const cohort::Unmet& unmet : lines[i].unmet) made.add_why_not(cohort::in_language(unmet.why, reader.locale));
  }
  return answer;
}

ChoosingAnswer answer_letters(const ChoosingReader& reader, const v1::LettersQuery& query) {
  v1::Asked asked;
  asked.set_actor(reader.person);
  asked.set_now_us(reader.now_us);
  asked.mutable_command()->mutable_publish_decisions()->set_locality(query.locality());
  auto verdict = cohort::decide(reader.cohort, reader.core.store().world(), asked, reader.core.bench());
  if (auto* refusal = std::get_if<cohort::Refusal>(&verdict)) return std::move(*refusal);
  v1::Answer answer;
  const cohort::Viewer viewer{reader.person, cohort::instant_in(reader.cohort, reader.now_us)};
  for (const v1::Record& record : std::get<cohort::Decision>(verdict).records) {
    const auto slot = reader.cohort.find(cohort::initiative_of(record));
    if (slot && cohort::conflict_of(reader.cohort, reader.core.store().world(), viewer, reader.cohort.initiatives[*slot])) continue;
    for (const core::Message& letter : core::letters_of(reader.core, reader.cohort, record)) {
      if (static_cast<std::size_t>(answer.letters_size()) == limits::query_rows_max) return answer;
      v1::LetterView& made = *answer.add_letters();
      made.mutable_person()->set_id(letter.person);
      made.mutable_person()->set_name(letter.name);
      made.set_language(letter.language);
      made.set_subject(letter.subject);
      made.set_body(letter.body);
      made.set_initiative(cohort::initiative_of(record));
    }
  }
  return answer;
}

}  // namespace kvali::api
