// Reviews: criteria and their points, how scores are taken, whom readers have to be.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/limits.h"
#include "engine/program/check.h"
#include "engine/program/reviews.h"

namespace kvali::program {

namespace {

/// Whether a scale has so few points that each can be given its meaning.
bool is_short(const v1::Scale& scale) { return std::int64_t{scale.to()} - scale.from() < limits::scale_points_told_max; }

/// Meanings are complete, so that no reader is left to guess: each point, or of a long scale both ends.
void check_points(const Checking& checking, const google::protobuf::RepeatedPtrField<v1::Point>& points, const v1::Scale& scale, const std::string& path) {
  if (points.empty() || scale.from() >= scale.to()) return;
  std::set<std::int64_t> told;
  for (const v1::Point& one : points) {
    double figure = 0;
    const bool whole = read_figure(one.point(), figure) && one.point().find('.') == std::string::npos;
    if (!whole || figure < scale.from() || figure > scale.to()) {
      checking.tell(path + "." + one.point(), "no-point",
                    fmt::format("`{}` is no point of the scale {} to {}", one.point(), scale.from(), scale.to()));
      return;
    }
    told.insert(static_cast<std::int64_t>(figure));
  }
  std::vector<std::string> missing;
  for (std::int64_t at = scale.from(); at <= scale.to(); at += is_short(scale) ? 1 : std::int64_t{scale.to()} - scale.from())
    if (!told.contains(at)) missing.push_back(std::to_string(at));
  if (missing.empty()) return;
  checking.tell(path, "points-missing", fmt::format("nobody says what {} means; readers are told all points, or none", fmt::join(missing, ", ")));
}

void check_criteria(const Checking& checking, const ReviewAt& at) {
  const v1::Review& review = *at.review;
  std::int64_t weights = 0;
  for (const v1::Criterion& criterion : review.criteria()) {
    const std::string path = at.yaml_path + ".criteria." + criterion.name();
    weights += criterion.weight();
    if (criterion.weight() == 0) {
      checking.tell(path, "no-weight", fmt::format("the criterion `{}` has no weight and would count for nothing", criterion.name()));
    }
    if (criterion.name() == "feedback" || criterion.name() == "comment") {
      checking.tell(path, "duplicate-name", fmt::format("`{}` is what a reader writes, so no criterion has that name", criterion.name()));
    }
    check_points(checking, criterion.points(), review.scale(), path + ".points");
  }
  check_points(checking, review.points(), review.scale(), at.yaml_path + ".points");
  const std::int64_t bound = std::max(std::abs(std::int64_t{review.scale().from()}), std::abs(std::int64_t{review.scale().to()}));
  if (weights > 0 && bound > limits::weighted_mark_max / weights) {
    checking.tell(at.yaml_path + ".scale", "scale-too-wide",
                  fmt::format("a mark times all weights is {} at most; this comes to more", limits::weighted_mark_max));
  }
}

void check_agreement(const Checking& checking, const ReviewAt& at) {
  if (!at.review->has_agreement()) return;
  const std::string path = at.yaml_path + ".agreement";
  const v1::Scale& scale = at.review->scale();
  double positive = 0, apart = 0;
  const v1::Agreement& rule = at.review->agreement();
  for (const auto& [key, text, figure] : {std::tuple("positive", &rule.positive(), &positive), std::tuple("apart", &rule.apart(), &apart)}) {
    if (text->empty() || read_figure(*text, *figure)) continue;
    checking.tell(fmt::format("{}.{}", path, key), "no-figure", fmt::format("`{}` expects a figure such as 3.5, found `{}`", key, *text));
    return;
  }
  if (rule.positive().empty() || rule.apart().empty() || scale.from() >= scale.to()) return;
  if (positive < scale.from() || positive > scale.to()) {
    checking.tell(path + ".positive", "beyond-scale", fmt::format("no score is ever {}: the scale is {} to {}", rule.positive(), scale.from(), scale.to()));
  }
  if (apart <= 0 || apart > scale.to() - scale.from()) {
    checking.tell(path + ".apart", "beyond-scale",
                  fmt::format("two scores are never {} apart: the scale is {} to {}", rule.apart(), scale.from(), scale.to()));
  }
}

void check_needs(const Checking& checking, const ReviewAt& at) {
  for (int i = 0; i < at.review->needs_size(); ++i) {
    const v1::Field* field = checking.initiative_field(at.review->needs(i));
    if (field == nullptr) continue;  // told as an unknown name
    const bool fits = field->type() == v1::Field::CHOICE || field->type() == v1::Field::CHOICES || field->type() == v1::Field::LOCALITY;
    if (fits && !field->personal()) continue;
    checking.tell(fmt::format("{}.needs.{}", at.yaml_path, i + 1), "need-of-no-choice",
                  fmt::format("readers are competent for a choice or a locality, and `{}` is none", field->name()));
  }
}

void check_due(const Checking& checking, const ReviewAt& at) {
  if (!at.review->has_due()) return;
  const v1::ReviewDue& due = at.review->due();
  const std::string path = at.yaml_path + ".due";
  const bool unread = (due.by().empty() && checking.written(path + ".by")) || (due.within().empty() && checking.written(path + ".within"));
  if (due.by().empty() == due.within().empty() && !unread) {
    checking.tell(path, "deadline-when", due.by().empty() ? "a deadline says when: `by` a date, or `within` a period" : "a deadline has `by` or `within`, not both");
  }
}

void check_review(const Checking& checking, const ReviewAt& at) {
  const v1::Review& review = *at.review;
  check_criteria(checking, at);
  check_agreement(checking, at);
  check_needs(checking, at);
  check_due(checking, at);
  if (review.each() == 0) checking.tell(at.yaml_path, "no-readers", "`each` says how many readers an application has, from 1");
  if (review.trim() > 0 && review.score() != v1::Review::TRIMMED_MEAN) {
    checking.tell(at.yaml_path + ".trim", "trims-nothing", "`trim` is of a trimmed mean; say `score: trimmed mean`");
  }
  const std::uint32_t trim = review.trim() == 0 ? 1 : review.trim();
  if (review.score() == v1::Review::TRIMMED_MEAN && review.each() > 0 && review.each() <= 2 * trim) {
    checking.tell(at.yaml_path + ".score", "trims-all",
                  fmt::format("of {} readers a trimmed mean leaves nobody; it needs `each: {}` or more", review.each(), 2 * trim + 1));
  }
  const bool feedback = std::find(review.shows().begin(), review.shows().end(), v1::Review::FEEDBACK) != review.shows().end();
  if (feedback && !review.has_feedback()) {
    checking.tell(at.yaml_path + ".shows", "shows-nothing", "the applicant is shown feedback, and readers are asked for none: say `feedback`");
  }
  if (review.has_feedback() && !feedback) {
    checking.tell(at.yaml_path + ".feedback", "feedback-unseen", "nobody shows the applicant what is written for her: say `shows: feedback`, or call it a `comment`");
  }
}

}  // namespace

void check_reviews(const Checking& checking) {
  for (const ReviewAt& at : reviews_of(checking.names)) check_review(checking, at);
}

}  // namespace kvali::program
