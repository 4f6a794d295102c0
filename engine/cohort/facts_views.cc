#include "engine/cohort/facts_views.h"

#include <algorithm>

#include "engine/cohort/mentoring.h"
#include "engine/cohort/reading.h"
#include "engine/cohort/scoring.h"

namespace kvali::cohort {
namespace {

using expression::Value;

/// What a review has come to so far.
class ReviewView final : public expression::Struct {
 public:
  ReviewView(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind) : cohort_(cohort), initiative_(initiative), kind_(kind) {}
  std::optional<Value> get(std::string_view field) const override {
    const std::string& name = kind_.kind->name();
    if (field == "score") {
      const auto score = score_of(cohort_, initiative_, kind_);
      return score ? std::optional<Value>(Value::number(*score)) : std::nullopt;
    }
    if (field == "agreement") {
      const std::string_view word = agreement_of(cohort_, initiative_, kind_);
      return word.empty() ? std::nullopt : std::optional<Value>(Value::string(std::string(word)));
    }
    if (field == "count") return Value::integer(finished_reviews(initiative_, name));
    if (field == "readers") return Value::integer(static_cast<std::int64_t>(readings_of(initiative_, name).size()));
    if (field == "missing") {
      const auto readings = readings_of(initiative_, name);
      return Value::integer(std::count_if(readings.begin(), readings.end(), [&](const Reading* one) { return !has_scored(initiative_, name, one->reader); }));
    }
    return std::nullopt;
  }

 private:
  const Cohort& cohort_;
  const Initiative& initiative_;
  const TaskModel& kind_;
};

/// How a vote stands, in the machine of the vote itself.
class TallyView final : public expression::Struct {
 public:
  explicit TallyView(const Tally& tally) : tally_(tally) {}
  std::optional<Value> get(std::string_view field) const override {
    if (field == "decided") return Value::boolean(tally_.decided);
    if (field == "carried") return Value::boolean(tally_.carried);
    return std::nullopt;
  }

 private:
  Tally tally_;
};

/// How many assignments a person has, by role.
class HoldsView final : public expression::Struct {
 public:
  HoldsView(const Cohort& cohort, std::string person, Instant now) : cohort_(cohort), person_(std::move(person)), now_(now) {}
  std::optional<Value> get(std::string_view role) const override {
    const auto all = cohort_.assignments_of(person_);
    return Value::integer(std::count_if(all.begin(), all.end(), [&](std::uint32_t at) {
      return cohort_.assignments[at].role == role && now_ < cohort_.assignments[at].until;
    }));
  }

 private:
  const Cohort& cohort_;
  const std::string person_;
  Instant now_;
};

/// Minutes logged in the whole cohort by who holds a role for the initiative now, by role.
class LoggedView final : public expression::Struct {
 public:
  LoggedView(const Cohort& cohort, const Initiative& initiative, Instant now) : cohort_(cohort), initiative_(initiative), now_(now) {}
  std::optional<Value> get(std::string_view role) const override {
    std::int64_t minutes = 0;
    for (const std::string& person : holders(cohort_, initiative_, role, now_)) minutes += logged_by(cohort_, person).minutes;
    return Value::integer(minutes);
  }

 private:
  const Cohort& cohort_;
  const Initiative& initiative_;
  Instant now_;
};

}  // namespace

Value review_seen(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind) {
  return Value::structure(std::make_unique<ReviewView>(cohort, initiative, kind));
}
Value vote_seen(const Tally& tally) { return Value::structure(std::make_unique<TallyView>(tally)); }
Value holds_seen(const Cohort& cohort, const std::string& person, Instant now) { return Value::structure(std::make_unique<HoldsView>(cohort, person, now)); }
Value logged_seen(const Cohort& cohort, const Initiative& initiative, Instant now) { return Value::structure(std::make_unique<LoggedView>(cohort, initiative, now)); }

}  // namespace kvali::cohort
