#pragma once
// What is asked before many are decided for at once: who would be in, what each would be told, what a move for many would do, and
// what a body did.
#include <string>
#include <utility>
#include <variant>

#include "engine/cohort/decide.h"
#include "kvali/v1/frame.pb.h"
#include "server/core/core.h"

namespace kvali::api {

/// Who asks, in which language and how much at once. What it points to outlives the call.
struct ChoosingReader {
  core::Core& core;
  const cohort::Cohort& cohort;
  const std::string& person;
  const std::string& locale;
  std::int64_t now_us;
  std::uint32_t limit;  // lines of one page
};

/// The answer, or why there is none. Whoever calls has seen that the reader runs the cohort; of minutes, that she works in it.
using ChoosingAnswer = std::variant<v1::Answer, cohort::Refusal>;

ChoosingAnswer answer_ranking(const ChoosingReader& reader, const v1::RankingQuery& query);
ChoosingAnswer answer_bulk(const ChoosingReader& reader, const v1::BulkQuery& query, const std::string& page);
/// What publishing now would write to whom, word for word.
ChoosingAnswer answer_letters(const ChoosingReader& reader, const v1::LettersQuery& query);
/// Markdown: who sits in the body, each vote with who voted how, who was excused or in conflict, and how those decided on rank.
ChoosingAnswer answer_minutes(const ChoosingReader& reader, const v1::MinutesQuery& query);

}  // namespace kvali::api
