#pragma once
// Who reads an initiative for a review, and how far they are.
#include <string>
#include <vector>

#include "engine/cohort/sketch.h"

namespace kvali::cohort {

/// Those who read it now, in the order they were assigned.
std::vector<const Reading*> readings_of(const Initiative& initiative, const std::string& review);
bool is_assigned(const Initiative& initiative, const std::string& review);
bool reads(const Initiative& initiative, const std::string& review, const std::string& person);
/// Whether she has handed in her score.
bool has_scored(const Initiative& initiative, const std::string& review, const std::string& person);
/// Scores handed in.
std::uint32_t finished_reviews(const Initiative& initiative, const std::string& review);
/// Whether it stands where the review is held.
bool is_under_review(const Initiative& initiative, const std::string& review);
/// Until when scores are due where it stands now; never where no day is named, or the review is not held there.
Instant review_due(const Cohort& cohort, const Initiative& initiative, const std::string& review);
/// What she can judge covers what the review needs: for each field, its value, or every one of its values.
bool is_competent(const Cohort& cohort, const Initiative& initiative, const v1::Review& review, const std::string& person);
/// Holders of `role` for the initiative who are told of it: none with a conflict of interest; of a letter about a review, only its
/// readers who have not scored. In the order of each_holder.
std::vector<std::string> hearers(const Cohort& cohort, const World& world, const Initiative& initiative, const std::string& role, Instant now,
                                 const std::string& review = {});
/// Roles that may put a translation beside an answer.
google::protobuf::RepeatedPtrField<std::string> translators_of(const Model& model);
bool is_language(const Model& model, const std::string& language);

}  // namespace kvali::cohort
