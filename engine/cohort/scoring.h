#pragma once
// What the scores of several readers come to: one score, and whether they agree. Pure arithmetic over what is finished.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/cohort/state.h"

namespace kvali::cohort {

/// The middle one, or the mean of the two in the middle; nothing of none.
std::optional<double> median(std::vector<double> scores);
/// The mean without the `trim` highest and the `trim` lowest; where that leaves nothing, the median.
std::optional<double> trimmed_mean(std::vector<double> scores, std::uint32_t trim);
/// `sum`, one of those in `own`, as it would be if its reader scored as all do: with the mean and the spread (the standard deviation) of
/// `all`. Who scored once stays as she is; who gave the same to each has no spread, and is moved to the mean alone.
double brought_to_all(double sum, const ReaderSums& own, const ReaderSums& all);
/// "positive", "mixed", "conflicting", or "" of none: v1::Agreement says when.
std::string_view agreement(const std::vector<double>& scores, double positive, double apart);

/// What one reader's marks come to.
struct ReaderScore {
  std::string reader;
  double score = 0;  // the weighted mean, as it counts: normalised where the program says so
};
/// Of the finished reviews of `kind`, oldest first.
std::vector<ReaderScore> reader_scores(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind);
/// All of them together, as the program says; nothing while there is none.
std::optional<double> score_of(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind);
/// "" where the program does not ask, or nobody has scored.
std::string_view agreement_of(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind);

/// The weighted sums of the finished reviews that are normalised, for the cohort's index: each under its reader.
std::vector<std::pair<ReaderKey, std::int64_t>> marks_of(const Initiative& initiative);
/// Brings the cohort's sums from `before` to `after`.
void count_marks(std::map<ReaderKey, ReaderSums>& sums, const std::vector<std::pair<ReaderKey, std::int64_t>>& before,
                 const std::vector<std::pair<ReaderKey, std::int64_t>>& after);

}  // namespace kvali::cohort
