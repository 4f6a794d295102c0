// Reviews as people look at them: the reader's queue, who reads what, what has come of it, and who is kept away.
#include <algorithm>
#include <map>

#include "engine/cohort/conflict.h"
#include "engine/cohort/reading.h"
#include "engine/cohort/scoring.h"
#include "server/core/seal.h"
#include "server/views/views.h"

namespace kvali::views {

using cohort::Action;
using cohort::Initiative;
using cohort::Slot;

bool Views::manages(const Initiative& one) const {
  return cohort::may(cohort_, world_, viewer_, Action::Manage) && cohort::may(cohort_, world_, viewer_, Action::Manage, &one);
}

bool Views::is_blind_to(const Initiative& one, const std::string& field) const { return cohort::is_blind_to(cohort_, world_, viewer_, one, field); }

const std::vector<Slot>& Views::kept_from() const {
  if (kept_from_) return *kept_from_;
  kept_from_.emplace();
  const std::vector<std::string> held = roles();
  const auto binds = [&](const std::string& role) { return !cohort_.model->conflicts(role).empty(); };
  const bool possible = cohort_.conflicts_of.contains(viewer_.person) || !cohort_.migration.id.empty() || std::any_of(held.begin(), held.end(), binds);
  for (Slot slot = 0; possible && slot < cohort_.initiatives.size(); ++slot)
    if (cohort::conflict_of(cohort_, world_, viewer_, cohort_.initiatives[slot])) kept_from_->push_back(slot);
  return *kept_from_;
}

bool Views::is_kept_from(Slot slot) const { return std::binary_search(kept_from().begin(), kept_from().end(), slot); }

std::optional<v1::InitiativeRow> Views::title_alone(const Initiative& one) const {
  const auto conflict = cohort::conflict_of(cohort_, world_, viewer_, one);
  if (!conflict) return std::nullopt;
  v1::InitiativeRow row;
  row.set_id(one.id);
  row.set_subject(one.kind());
  row.set_title(core::title_of(cohort_, one, core_.vault()));
  row.mutable_conflict()->set_kind(conflict->kind);
  *row.mutable_conflict()->mutable_why() = cohort::sentence(cohort::sentence_key(conflict->kind));
  const cohort::Waiver* waiver = cohort::waiver_of(cohort_, viewer_.person, one.id);
  row.mutable_conflict()->set_waiver_proposed(waiver && waiver->confirmed_by.empty());
  return row;
}

void Views::add_reviews(v1::CohortRow& row) const {
  for (const cohort::TaskModel& kind : cohort_.model->tasks()) {
    if (!kind.kind->has_review()) continue;
    v1::ReviewView& view = *row.add_reviews();
    view.set_name(kind.kind->name());
    *view.mutable_label() = kind.kind->label();
    view.set_by(kind.kind->review().by());
    view.set_each(kind.kind->review().each());
    view.set_load(kind.kind->review().load());
    *view.mutable_needs() = kind.kind->review().needs();
  }
}

v1::ReviewResult Views::result(const Initiative& one, const cohort::TaskModel& kind) const {
  v1::ReviewResult result;
  result.set_review(kind.kind->name());
  *result.mutable_label() = kind.kind->label();
  result.set_finished(cohort::finished_reviews(one, kind.kind->name()));
  result.set_assigned(static_cast<std::uint32_t>(cohort::readings_of(one, kind.kind->name()).size()));
  if (const auto score = cohort::score_of(cohort_, one, kind)) result.set_score(*score);
  result.set_agreement(std::string(cohort::agreement_of(cohort_, one, kind)));
  return result;
}

void Views::add_results(const Initiative& one, v1::InitiativeRow& row) const {
  const bool runs = manages(one);
  for (const cohort::TaskModel& kind : one.model->tasks()) {
    if (!kind.kind->has_review()) continue;
    const std::string& name = kind.kind->name();
    if (runs && (cohort::finished_reviews(one, name) > 0 || cohort::is_assigned(one, name))) *row.add_results() = result(one, kind);
    if (!cohort::reads(one, name, viewer_.person)) continue;
    const v1::ReadingView mine = reading(one, kind, viewer_.person);
    v1::MyReading& view = *row.add_readings();
    view.set_review(name);
    *view.mutable_label() = kind.kind->label();
    view.set_due_us(mine.due_us());
    view.set_late(mine.late());
    view.set_done(mine.done());
    row.set_mine(row.mine() || (!mine.done() && cohort::is_under_review(one, name)));
  }
}

v1::ReadingView Views::reading(const Initiative& one, const cohort::TaskModel& kind, const std::string& reader) const {
  v1::ReadingView view;
  view.set_review(kind.kind->name());
  *view.mutable_reader() = person(reader, kind.kind->review().by());
  const cohort::Instant due = cohort::review_due(cohort_, one, kind.kind->name());
  if (due != calendar::never) view.set_due_us(due);
  view.set_late(viewer_.now >= due);
  for (const cohort::Task& task : one.tasks) {
    if (task.kind != kind.kind->name() || task.by != reader) continue;
    view.set_done(task.finished);
    if (task.due != 0) view.set_due_us(task.due);
    view.set_late(task.due != 0 && task.opened_at >= task.due);
  }
  return view;
}

void Views::add_readings(const Initiative& one, v1::InitiativeDetail& detail) const {
  if (!manages(one)) return;
  for (const cohort::Reading& each : one.readings) {
    const cohort::TaskModel* kind = one.model->task(each.review);
    if (!kind) continue;  // of a review that its version does not have
    v1::ReadingView& view = *detail.add_readings();
    view = reading(one, *kind, each.reader);
    view.set_assigned_us(each.assigned_at);
    view.set_ended(each.ended);
    view.set_reason(text(each.reason));
    for (const cohort::ReaderScore& score : cohort::reader_scores(cohort_, one, *kind))
      if (score.reader == each.reader) view.set_score(score.score);
  }
}

void Views::add_conflicts(const Initiative& one, v1::InitiativeDetail& detail) const {
  const bool runs = manages(one);
  std::vector<std::string> persons;
  const auto add = [&](const std::string& id) {
    if ((runs || id == viewer_.person) && std::find(persons.begin(), persons.end(), id) == persons.end()) persons.push_back(id);
  };
  for (const cohort::Assignment& assignment : cohort_.assignments)
    if (cohort::covers(assignment, one, viewer_.now)) add(assignment.person);
  add(viewer_.person);
  for (const std::string& id : persons) {
    const cohort::Viewer who{id, viewer_.now};
    std::optional<cohort::ConflictFound> found;
    for (const std::string& role : cohort::given_roles(cohort_, world_, who, one))
      if (!found) found = cohort::conflict_in(cohort_, world_, who, one, role);
    if (!found) continue;
    v1::ConflictView& view = *detail.add_conflicts();
    *view.mutable_person() = person(id, "");
    view.set_kind(found->kind);
    *view.mutable_why() = cohort::sentence(cohort::sentence_key(found->kind));
    if (found->declared) {
      view.set_note(text(found->declared->note));
      *view.mutable_by() = person(found->declared->by, "");
    }
    const cohort::Waiver* waiver = cohort::waiver_of(cohort_, id, one.id);
    if (!waiver) continue;
    *view.mutable_waiver_by() = person(waiver->proposed_by, "");
    view.set_waiver_reason(text(waiver->reason));
    if (!waiver->confirmed_by.empty()) *view.mutable_waived_by() = person(waiver->confirmed_by, "");
  }
}

void Views::add_feedback(const Initiative& one, v1::InitiativeDetail& detail) const {
  if (one.applicant != viewer_.person) return;
  for (const cohort::TaskModel& kind : one.model->tasks()) {
    const auto& shows = kind.kind->review().shows();
    const auto is_shown = [&](v1::Review::Shown what) { return std::find(shows.begin(), shows.end(), what) != shows.end(); };
    if (shows.empty() || cohort::is_under_review(one, kind.kind->name())) continue;
    bool first = true;
    for (const cohort::Task& task : one.tasks) {
      if (task.kind != kind.kind->name() || !task.finished) continue;
      v1::FeedbackView view;
      view.set_review(kind.kind->name());
      *view.mutable_label() = kind.kind->label();
      const cohort::FieldState* said = cohort::stored(task.fields, "feedback");
      if (said && is_shown(v1::Review::FEEDBACK)) view.set_text(text(said->value));
      if (is_shown(v1::Review::READERS)) *view.mutable_reader() = person(task.by, "");
      if (const auto score = cohort::score_of(cohort_, one, kind); score && first && is_shown(v1::Review::SCORE)) view.set_score(*score);
      first = false;
      if (!view.text().empty() || view.has_reader() || view.has_score()) *detail.add_feedback() = std::move(view);
    }
  }
}

void Views::add_translations(const Initiative& one, const v1::Field& field, v1::FieldValueView& view) const {
  for (const cohort::Translated& each : one.translations) {
    if (each.field != field.name()) continue;
    v1::TranslationView& made = *view.add_translations();
    made.set_language(each.language);
    made.set_text(text(each.text));
    made.set_at_us(each.at);
    made.set_outdated(each.of_version != view.version());
    if (manages(one)) *made.mutable_by() = person(each.by, "");
  }
  view.set_may_translate(field.type() == v1::Field::TEXT && view.has_value() && cohort::may_as(cohort_, world_, viewer_, one, cohort::translators_of(*one.model)));
}

std::vector<v1::QueueRow> Views::queue(const std::string& review, const std::string& locale) const {
  struct Entry {
    bool done;
    std::uint32_t finished;
    std::int64_t due;
    v1::QueueRow row;
  };
  std::vector<Entry> found;
  for (const Initiative& one : cohort_.initiatives) {
    if (one.ended()) continue;
    for (const cohort::TaskModel& kind : one.model->tasks()) {
      const std::string& name = kind.kind->name();
      if (!kind.kind->has_review() || (!review.empty() && name != review) || !cohort::is_under_review(one, name)) continue;
      const bool assigned = cohort::reads(one, name, viewer_.person), done = cohort::has_scored(one, name, viewer_.person);
      google::protobuf::RepeatedPtrField<std::string> by;
      by.Add(std::string(kind.kind->review().by()));
      const bool may = cohort::may_as(cohort_, world_, viewer_, one, by);
      const auto conflict = may ? std::nullopt : cohort::conflict_as(cohort_, world_, viewer_, one, by);
      const bool open = may && !cohort::is_assigned(one, name);
      if (!assigned && !done && !open) continue;
      Entry& entry = found.emplace_back();
      entry.done = done;
      entry.finished = cohort::finished_reviews(one, name);
      const v1::ReadingView mine = reading(one, kind, viewer_.person);
      entry.due = mine.due_us() == 0 ? INT64_MAX : mine.due_us();
      entry.row.set_initiative(one.id);
      const std::string& field = one.model->title_field();
      if (const v1::Value* title = one.field(field); title && !is_blind_to(one, field)) entry.row.set_title(text(*title));
      entry.row.set_review(name);
      *entry.row.mutable_label() = kind.kind->label();
      entry.row.set_due_us(mine.due_us());
      entry.row.set_late(mine.late());
      entry.row.set_done(done);
      entry.row.set_assigned(assigned);
      if (conflict) entry.row.set_conflict(cohort::in_language(cohort::sentence(cohort::sentence_key(conflict->kind)), locale));
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Entry& a, const Entry& b) { return std::tie(a.done, a.finished, a.due) < std::tie(b.done, b.finished, b.due); });
  std::vector<v1::QueueRow> rows;
  for (Entry& one : found) rows.push_back(std::move(one.row));
  return rows;
}

std::vector<v1::ReadersRow> Views::readers(const std::string& review) const {
  std::vector<v1::ReadersRow> rows;
  for (const Initiative& one : cohort_.initiatives) {
    const cohort::TaskModel* kind = one.model->task(review);
    if (!kind || !kind->kind->has_review() || !manages(one)) continue;
    const bool under = !one.ended() && cohort::is_under_review(one, review);
    if (!under && !cohort::is_assigned(one, review) && cohort::finished_reviews(one, review) == 0) continue;
    v1::ReadersRow& row = rows.emplace_back();
    row.set_initiative(one.id);
    if (const v1::Value* title = one.field(one.model->title_field())) row.set_title(text(*title));
    v1::InitiativeDetail detail;
    add_readings(one, detail);
    for (v1::ReadingView& each : *detail.mutable_readings())
      if (each.review() == review) *row.add_readings() = std::move(each);
    *row.mutable_result() = result(one, *kind);
    const std::uint32_t wanted = kind->kind->review().each();
    if (under && row.result().assigned() < wanted) row.set_missing(wanted - row.result().assigned());
  }
  return rows;
}

std::vector<v1::ReaderLoad> Views::loads(const std::string& review) const {
  std::vector<v1::ReaderLoad> loads;
  std::map<std::string, std::size_t> places;
  for (const v1::ReadersRow& row : readers(review))
    for (const v1::ReadingView& one : row.readings()) {
      if (!one.ended().empty()) continue;
      const auto [at, is_new] = places.emplace(one.reader().id(), loads.size());
      if (is_new) *loads.emplace_back().mutable_reader() = one.reader();
      v1::ReaderLoad& load = loads[at->second];
      load.set_assigned(load.assigned() + 1);
      load.set_done(load.done() + (one.done() ? 1 : 0));
      load.set_late(load.late() + (one.late() && !one.done() ? 1 : 0));
    }
  return loads;
}

}  // namespace kvali::views
