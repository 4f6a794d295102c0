#include "engine/cohort/scoring.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace kvali::cohort {
namespace {

std::optional<double> mean(const std::vector<double>& scores) {
  if (scores.empty()) return std::nullopt;
  return std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
}

/// The marks of one finished review: their weighted sum, and the weights of those that were given.
struct Marks {
  std::int64_t sum = 0, weights = 0;
};

Marks marks_of(const Task& task, const v1::Review& review) {
  Marks marks;
  for (const v1::Criterion& criterion : review.criteria())
    if (const FieldState* field = stored(task.fields, criterion.name())) {
      marks.sum += field->value.number() * criterion.weight();
      marks.weights += criterion.weight();
    }
  return marks;
}

ReaderKey key_of(const Initiative& initiative, const std::string& review, const std::string& reader) {
  return {initiative.model->version() + "/" + review, reader};
}

/// A threshold, checked when the program was.
double figure(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

}  // namespace

std::optional<double> median(std::vector<double> scores) {
  if (scores.empty()) return std::nullopt;
  std::sort(scores.begin(), scores.end());
  const std::size_t middle = scores.size() / 2;
  return scores.size() % 2 == 1 ? scores[middle] : (scores[middle - 1] + scores[middle]) / 2;
}

std::optional<double> trimmed_mean(std::vector<double> scores, std::uint32_t trim) {
  if (scores.size() <= 2 * static_cast<std::size_t>(trim)) return median(std::move(scores));
  std::sort(scores.begin(), scores.end());
  return mean({scores.begin() + trim, scores.end() - trim});
}

double brought_to_all(double sum, const ReaderSums& own, const ReaderSums& all) {
  if (own.count < 2) return sum;
  // n² times the variance, from whole numbers.
  const auto spread = [](const ReaderSums& one) {
    const double n = static_cast<double>(one.count), total = static_cast<double>(one.sum);
    return std::sqrt(std::max(0.0, n * static_cast<double>(one.squares) - total * total)) / n;
  };
  const auto middle = [](const ReaderSums& one) { return static_cast<double>(one.sum) / static_cast<double>(one.count); };
  const double hers = spread(own);
  return middle(all) + (hers > 0 ? (sum - middle(own)) * spread(all) / hers : 0.0);
}

std::string_view agreement(const std::vector<double>& scores, double positive, double apart) {
  if (scores.empty()) return "";
  const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
  if (*low >= positive) return "positive";
  return *high >= positive && *high - *low >= apart ? "conflicting" : "mixed";
}

std::vector<ReaderScore> reader_scores(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind) {
  std::vector<ReaderScore> scores;
  const v1::Review& review = kind.kind->review();
  for (const Task& task : initiative.tasks) {
    if (task.kind != kind.kind->name() || !task.finished) continue;
    const Marks marks = marks_of(task, review);
    if (marks.weights == 0) continue;
    double sum = static_cast<double>(marks.sum);
    if (review.normalised()) {
      const auto own = cohort.marks.find(key_of(initiative, task.kind, task.by)), all = cohort.marks.find(key_of(initiative, task.kind, ""));
      if (own != cohort.marks.end() && all != cohort.marks.end()) sum = brought_to_all(sum, own->second, all->second);
    }
    scores.push_back({task.by, sum / static_cast<double>(marks.weights)});
  }
  return scores;
}

std::optional<double> score_of(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind) {
  const v1::Review& review = kind.kind->review();
  const bool plain = review.score() != v1::Review::MEDIAN && review.score() != v1::Review::TRIMMED_MEAN;
  if (plain && !review.normalised()) {
    // Whole numbers until the end: the same whatever the order.
    Marks all;
    for (const Task& task : initiative.tasks) {
      if (task.kind != kind.kind->name() || !task.finished) continue;
      const Marks marks = marks_of(task, review);
      all.sum += marks.sum;
      all.weights += marks.weights;
    }
    return all.weights == 0 ? std::nullopt : std::optional(static_cast<double>(all.sum) / static_cast<double>(all.weights));
  }
  std::vector<double> scores;
  for (const ReaderScore& one : reader_scores(cohort, initiative, kind)) scores.push_back(one.score);
  if (review.score() == v1::Review::MEDIAN) return median(std::move(scores));
  if (review.score() == v1::Review::TRIMMED_MEAN) return trimmed_mean(std::move(scores), review.trim() == 0 ? 1 : review.trim());
  return mean(scores);
}

std::string_view agreement_of(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind) {
  if (!kind.kind->review().has_agreement()) return "";
  std::vector<double> scores;
  for (const ReaderScore& one : reader_scores(cohort, initiative, kind)) scores.push_back(one.score);
  const v1::Agreement& rule = kind.kind->review().agreement();
  return agreement(scores, figure(rule.positive()), figure(rule.apart()));
}

std::vector<std::pair<ReaderKey, std::int64_t>> marks_of(const Initiative& initiative) {
  std::vector<std::pair<ReaderKey, std::int64_t>> made;
  if (!initiative.model->normalises()) return made;
  for (const Task& task : initiative.tasks) {
    const TaskModel* kind = initiative.model->task(task.kind);
    if (!kind || !kind->kind->review().normalised() || !task.finished) continue;
    made.emplace_back(key_of(initiative, task.kind, task.by), marks_of(task, kind->kind->review()).sum);
  }
  return made;
}

void count_marks(std::map<ReaderKey, ReaderSums>& sums, const std::vector<std::pair<ReaderKey, std::int64_t>>& before,
                 const std::vector<std::pair<ReaderKey, std::int64_t>>& after) {
  const auto count = [&](const std::vector<std::pair<ReaderKey, std::int64_t>>& marks, std::int64_t sign) {
    for (const auto& [key, sum] : marks)
      for (const ReaderKey& one : {key, ReaderKey{key.first, ""}}) {
        ReaderSums& to = sums[one];
        to.count += sign;
        to.sum += sign * sum;
        to.squares += sign * sum * sum;
        if (to.count == 0) sums.erase(one);
      }
  };
  count(before, -1);
  count(after, 1);
}

}  // namespace kvali::cohort
