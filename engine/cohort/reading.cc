#include "engine/cohort/reading.h"

#include <algorithm>

#include "engine/cohort/arming.h"
#include "engine/cohort/conflict.h"
#include "engine/cohort/facts.h"
#include "engine/directory/directory.h"

namespace kvali::cohort {

std::vector<const Reading*> readings_of(const Initiative& initiative, const std::string& review) {
  std::vector<const Reading*> found;
  for (const Reading& one : initiative.readings)
    if (one.ended.empty() && one.review == review) found.push_back(&one);
  return found;
}

bool is_assigned(const Initiative& initiative, const std::string& review) {
  return std::any_of(initiative.readings.begin(), initiative.readings.end(),
                     [&](const Reading& one) { return one.ended.empty() && one.review == review; });
}

bool reads(const Initiative& initiative, const std::string& review, const std::string& person) {
  return std::any_of(initiative.readings.begin(), initiative.readings.end(),
                     [&](const Reading& one) { return one.ended.empty() && one.review == review && one.reader == person; });
}

bool has_scored(const Initiative& initiative, const std::string& review, const std::string& person) {
  return std::any_of(initiative.tasks.begin(), initiative.tasks.end(), [&](const Task& one) { return one.kind == review && one.by == person; });
}

std::uint32_t finished_reviews(const Initiative& initiative, const std::string& review) {
  return static_cast<std::uint32_t>(std::count_if(initiative.tasks.begin(), initiative.tasks.end(),
                                                  [&](const Task& one) { return one.kind == review && one.finished; }));
}

namespace {

/// The active state that opens the review.
std::optional<statechart::StateId> state_of(const Initiative& initiative, const std::string& review) {
  const statechart::Chart& chart = initiative.model->chart();
  for (const statechart::StateId state : initiative.at.where.active) {
    const auto& opens = chart.node(state).opens();
    if (std::find(opens.begin(), opens.end(), review) != opens.end()) return state;
  }
  return std::nullopt;
}

}  // namespace

bool is_under_review(const Initiative& initiative, const std::string& review) { return state_of(initiative, review).has_value(); }

Instant review_due(const Cohort& cohort, const Initiative& initiative, const std::string& review) {
  const auto state = state_of(initiative, review);
  if (!state) return calendar::never;
  const std::string name = review + ".due";
  const auto& rules = initiative.model->chart().node(*state).timers();
  const auto is_it = [&](const Timer& one) { return one.state == *state && rules.Get(static_cast<int>(one.timer)).name() == name; };
  for (const Timer& one : initiative.at.timers)
    if (is_it(one)) return one.due;
  // It has fired, or was past when the state was entered.
  for (const auto& [entered, since] : initiative.at.since) {
    if (entered != *state) continue;
    for (const Timer& one : timers_on_entry(cohort, initiative, nullptr, initiative.model->machine(), *state, since, since, nullptr))
      if (is_it(one)) return one.due;
  }
  return calendar::never;
}

bool is_competent(const Cohort& cohort, const Initiative& initiative, const v1::Review& review, const std::string& person) {
  const auto found = cohort.competences.find(person);
  const auto knows = [&](const std::string& field, const std::string& value) {
    return found != cohort.competences.end() && std::any_of(found->second.begin(), found->second.end(), [&](const v1::Competence& one) {
      return one.field() == field && std::find(one.values().begin(), one.values().end(), value) != one.values().end();
    });
  };
  return std::all_of(review.needs().begin(), review.needs().end(), [&](const std::string& field) {
    const v1::Value* value = initiative.field(field);
    if (!value || value->kind_case() == v1::Value::kEmpty) return true;  // nothing was said that she would have to know
    if (!value->has_list()) return knows(field, value->text());
    const auto& all = value->list().values();
    return std::all_of(all.begin(), all.end(), [&](const v1::Value& one) { return knows(field, one.text()); });
  });
}

std::vector<std::string> hearers(const Cohort& cohort, const World& world, const Initiative& initiative, const std::string& role, Instant now,
                                 const std::string& review) {
  std::vector<std::string> persons;
  const auto late = [&](const std::string& person) {
    if (has_scored(initiative, review, person)) return false;
    return !is_assigned(initiative, review) || reads(initiative, review, person);
  };
  each_holder(cohort, initiative, role, now, [&](const std::string& person) {
    if (!is_kept_away(cohort, world, {person, now}, initiative, role) && (review.empty() || late(person))) persons.push_back(person);
  });
  return persons;
}

google::protobuf::RepeatedPtrField<std::string> translators_of(const Model& model) {
  google::protobuf::RepeatedPtrField<std::string> roles = model.program().initiative().translated_by();
  if (roles.empty()) roles.Add(std::string(model.manager_role()));
  return roles;
}

bool is_language(const Model& model, const std::string& language) {
  const auto& languages = model.program().languages();
  return std::find(languages.begin(), languages.end(), language) != languages.end();
}

}  // namespace kvali::cohort
