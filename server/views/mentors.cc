// Who could take a role, and what its holders do.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/cohort/facts.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/refusal.h"
#include "server/views/views.h"

namespace kvali::views {

using cohort::Hindrance;
using cohort::Initiative;

namespace {

v1::CandidateRow::Hindrance hindrance_of(Hindrance one) {
  switch (one) {
    case Hindrance::None: return v1::CandidateRow::HINDRANCE_UNSPECIFIED;
    case Hindrance::InConflict: return v1::CandidateRow::IN_CONFLICT;
    case Hindrance::AtLimit: return v1::CandidateRow::AT_LIMIT;
    case Hindrance::NotSoFar: return v1::CandidateRow::NOT_SO_FAR;
    case Hindrance::HasIt: return v1::CandidateRow::HAS_IT;
  }
  return v1::CandidateRow::HINDRANCE_UNSPECIFIED;
}

v1::Text why(const cohort::Candidate& one) {
  const auto number = [](std::uint32_t figure) { return std::to_string(figure); };
  switch (one.hindrance) {
    case Hindrance::InConflict: return cohort::sentence("candidate_conflict", {{"why", cohort::sentence(std::string("candidate_") + cohort::sentence_key(one.conflict->kind))}});
    case Hindrance::AtLimit: return cohort::sentence("candidate_at_limit", {{"load", number(one.load)}, {"max", number(one.load_max)}});
    case Hindrance::NotSoFar: return cohort::sentence("candidate_not_so_far");
    case Hindrance::HasIt: return cohort::sentence("candidate_has_it");
    case Hindrance::None: break;
  }
  return cohort::sentence(one.load_max == 0 ? "candidate_fits" : "candidate_fits_max",
                          {{"meets", number(one.meets)}, {"needs", number(one.needs)}, {"load", number(one.load)}, {"max", number(one.load_max)}});
}

using Rows = std::map<std::string, v1::MentorRow>;  // by person

/// Entries that count minutes, to whose they are.
void add_sessions(const Initiative& initiative, Rows& by_person) {
  for (const cohort::Task& task : initiative.tasks) {
    const cohort::TaskModel& kind = *initiative.model->task(task.kind);
    const auto found = kind.kind->minutes().empty() ? by_person.end() : by_person.find(task.author());
    if (found == by_person.end()) continue;
    v1::MentorRow& row = found->second;
    const cohort::FieldState* minutes = cohort::stored(task.fields, kind.kind->minutes());
    row.set_sessions(row.sessions() + 1);
    row.set_minutes(row.minutes() + static_cast<std::uint64_t>(minutes ? std::max<std::int64_t>(0, minutes->value.number()) : 0));
    row.set_last_us(std::max(row.last_us(), task.opened_at));
  }
}

void add_open_items(const Initiative& initiative, v1::MentorRow& row) {
  for (const cohort::Task& task : initiative.tasks) {
    const cohort::TaskModel& kind = *initiative.model->task(task.kind);
    if (task.finished || !kind.kind->lasting()) continue;
    row.set_open_items(row.open_items() + 1);
    for (const auto state : task.at.where.active)
      if (kind.chart->node(state).name() == "overdue") row.set_overdue(row.overdue() + 1);
  }
}

}  // namespace

std::vector<v1::CandidateRow> Views::candidates(const v1::CandidatesQuery& query, const std::string& locale) const {
  std::vector<v1::CandidateRow> rows;
  const v1::Role* role = cohort_.model->role(query.role());
  const auto slot = query.initiative().empty() ? std::nullopt : cohort_.find(query.initiative());
  if (!role || (!slot && !cohort_.locality(query.locality()))) return rows;
  const Initiative* initiative = slot ? &cohort_.initiatives[*slot] : nullptr;
  // Who has a conflict of interest with it is not told who else has.
  if (!cohort::may(cohort_, world_, viewer_, cohort::Action::Assign, initiative)) return rows;
  for (const cohort::Candidate& one : cohort::ranked_candidates(cohort_, world_, *role, {initiative, slot ? "" : query.locality()}, viewer_.now)) {
    v1::CandidateRow& row = rows.emplace_back();
    *row.mutable_person() = person(one.person, query.role());
    row.set_meets(one.meets);
    row.set_needs(one.needs);
    for (const v1::Field* field : one.missing) *row.add_missing() = field->label();
    row.set_load(one.load);
    row.set_load_max(one.load_max);
    row.set_hindrance(hindrance_of(one.hindrance));
    row.set_why(cohort::in_language(why(one), locale));
  }
  return rows;
}

std::vector<v1::MentorRow> Views::mentors(const std::string& role) const {
  const v1::Role* known = cohort_.model->role(role);
  if (!known) return {};
  const bool all = cohort::may(cohort_, world_, viewer_, cohort::Action::Manage);
  std::vector<std::string> persons;
  std::map<std::string, bool> substitute;
  std::map<std::string, std::set<std::string>> localities;
  for (const cohort::Assignment& one : cohort_.assignments) {
    if (one.role != role || one.ended || viewer_.now >= one.until || (!all && one.person != viewer_.person)) continue;
    const auto [at, is_new] = substitute.emplace(one.person, true);
    if (is_new) persons.push_back(one.person);
    at->second = at->second && !one.substitute_for.empty();
    if (one.initiative.empty() && !one.locality.empty()) localities[one.person].insert(one.locality);
  }
  Rows by_person;
  for (const std::string& one : persons) {
    v1::MentorRow& row = by_person[one];
    *row.mutable_person() = person(one, role);
    row.set_localities(static_cast<std::uint32_t>(localities[one].size()));
    row.set_load(cohort::load_of(cohort_, role, one, viewer_.now));
    row.set_load_max(cohort::load_max_of(cohort_, *known, one, viewer_.now));
    row.set_substitute(substitute[one]);
  }
  // Nothing of what she is kept from is counted for her.
  for (cohort::Slot slot = 0; slot < cohort_.initiatives.size(); ++slot) {
    const Initiative& one = cohort_.initiatives[slot];
    if (!one.kind().empty() || is_kept_from(slot)) continue;
    add_sessions(one, by_person);
    if (one.ended()) continue;
    cohort::each_holder(cohort_, one, role, viewer_.now, [&](const std::string& holder) {
      const auto found = by_person.find(holder);
      if (found == by_person.end()) return;
      v1::MentorRow& row = found->second;
      row.set_initiatives(row.initiatives() + 1);
      if (cohort::logged_by(one, holder).sessions == 0) row.set_silent(row.silent() + 1);
      add_open_items(one, row);
    });
  }
  std::vector<v1::MentorRow> rows;
  for (const std::string& one : persons) rows.push_back(std::move(by_person[one]));
  std::stable_sort(rows.begin(), rows.end(), [](const v1::MentorRow& a, const v1::MentorRow& b) {
    return std::tuple(a.last_us(), b.silent()) < std::tuple(b.last_us(), a.silent());
  });
  return rows;
}

std::vector<v1::Unattended> Views::unattended(const std::string& role) const {
  std::vector<v1::Unattended> found;
  if (!cohort_.model->role(role)) return found;
  for (const Initiative& one : cohort_.initiatives) {
    if (!cohort::calls_for(one, role) || !manages(one) || !cohort::holders(cohort_, one, role, viewer_.now).empty()) continue;
    v1::Unattended& row = found.emplace_back();
    row.set_initiative(one.id);
    if (const v1::Value* title = one.field(one.model->title_field())) row.set_title(text(*title));
    row.set_locality(cohort::locality_of(one));
  }
  return found;
}

}  // namespace kvali::views
