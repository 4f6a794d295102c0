// One initiative as its reader may see it: fields, moves with what stands in their way, tasks, timeline.
#include <algorithm>

#include "engine/cohort/migrate.h"
#include "engine/cohort/organisations.h"
#include "engine/cohort/reading.h"
#include "server/core/seal.h"
#include "server/core/versions.h"
#include "server/core/words.h"
#include "server/views/views.h"

namespace kvali::views {
namespace {

using cohort::Initiative;
using cohort::Slot;

std::string channel_word(v1::Channel channel) {
  std::string word = v1::Channel_Name(channel);
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return channel == v1::CHANNEL_UNSPECIFIED ? std::string() : word;
}

/// Who assesses or supports the cohort as a whole is not one of an initiative's people: its applicant is not told their names.
bool of_whole_cohort(const cohort::Assignment& assignment) { return assignment.locality.empty() && assignment.initiative.empty(); }

/// The move and the states by the names of the version they are of.
void name_what_moved(const cohort::Happening& happening, const cohort::Model& then, v1::TimelineEntry& entry) {
  const cohort::TaskModel* kind = happening.task.empty() ? nullptr : then.task(happening.task.substr(0, happening.task.find('/')));
  const statechart::Chart& chart = kind ? *kind->chart : then.chart();
  if (happening.arrow != UINT32_MAX && happening.arrow < chart.arrow_count())
    *entry.mutable_label() = chart.arrow(happening.arrow).has_move() ? chart.arrow(happening.arrow).move().label() : chart.arrow(happening.arrow).label();
  else if (kind)
    *entry.mutable_label() = kind->kind->label();
  for (const std::uint32_t state : happening.entered)
    if (state < chart.state_count() && chart.is_atomic(state)) entry.add_entered(chart.path(state));
}

/// The facts that have changed, by the labels that the program gives them, in each of its languages.
v1::Text facts_label(const std::string& names, const cohort::Model& model) {
  v1::Text label;
  for (const std::string& language : model.program().languages()) {
    std::string words;
    for (const v1::OrganisationFact& fact : model.program().initiative().facts())
      if (("," + names + ",").find("," + fact.name() + ",") != std::string::npos) words.append(words.empty() ? "" : ", ").append(cohort::in_language(fact.label(), language));
    if (words.empty()) continue;
    label.add_translations()->set_language(language);
    label.mutable_translations()->rbegin()->set_text(words);
  }
  return label;
}

}  // namespace

v1::Unmet view_of(const cohort::Unmet& unmet) {
  v1::Unmet made;
  made.set_code(std::string(to_string(unmet.code)));
  made.set_field(unmet.field);
  *made.mutable_why() = unmet.why;
  if (unmet.facts.translations_size() > 0) *made.mutable_facts() = unmet.facts;
  if (unmet.will_hold_at != calendar::never) made.set_will_hold_at_us(unmet.will_hold_at);
  return made;
}

v1::FieldView view_of(const v1::Field& field) {
  v1::FieldView view;
  view.set_name(field.name());
  *view.mutable_label() = field.label();
  view.set_type(field.type());
  *view.mutable_help() = field.help();
  view.set_at_least(field.at_least());
  view.set_at_most(field.at_most());
  *view.mutable_choices() = field.choices();
  *view.mutable_required_for() = field.required_for();
  view.set_required(field.required() && field.shown_when().empty());  // whether it is asked for is known when the others are there
  view.set_computed(!field.computed().empty());
  *view.mutable_example() = field.example();
  for (const v1::Field& one : field.fields()) *view.add_fields() = view_of(one);
  *view.mutable_accepts() = field.accepts();
  return view;
}

v1::FieldView view_of(const v1::Field& field, const cohort::TaskModel& kind) {
  v1::FieldView view = view_of(field);
  const v1::Review& review = kind.kind->review();
  for (const v1::Criterion& one : review.criteria())
    if (one.name() == field.name()) *view.mutable_points() = one.points().empty() ? review.points() : one.points();
  return view;
}

bool Views::sees_field(const Initiative& one, const cohort::Task* task, const v1::Field& field) const {
  if (task) return cohort::may_field_of(cohort_, world_, viewer_, one, *task, field);
  return cohort::may_field(cohort_, world_, viewer_, cohort::Action::SeeField, one, field);
}

v1::FieldValueView Views::answer(const Initiative& one, const cohort::Task* task, const cohort::FieldModel& form, const cohort::Facts& facts) const {
  const v1::Field& field = *form.field;
  v1::FieldValueView view;
  *view.mutable_field() = task ? view_of(field, *one.model->task(task->kind)) : view_of(field);
  // No condition asks for the time, so the moment does not matter.
  view.set_hidden(form.shown_when && !facts.holds(*form.shown_when).holds);
  if (const cohort::FieldState* state = cohort::stored(task ? task->fields : one.fields, field.name())) {
    *view.mutable_value() = core::opened(state->value, core_.vault());
    view.set_version(state->version);
  }
  if (!task) add_translations(one, field, view);
  const bool may_write = task ? !task->finished && !form.computed && !one.model->task(task->kind)->kind->lasting()
                              : cohort::may_field(cohort_, world_, viewer_, cohort::Action::Write, one, field);
  view.set_may_write(may_write && !one.ended());
  return view;
}

std::optional<v1::Row> Views::detail(const std::string& id) const {
  const auto slot = cohort_.find(id);
  if (!slot || !sees(id)) return std::nullopt;
  const Initiative& one = cohort_.initiatives[*slot];
  v1::Row row;
  row.set_key("initiative/" + id);
  row.set_version(version(*slot));
  v1::InitiativeDetail& detail = *row.mutable_detail();
  *detail.mutable_row() = initiative(*slot);
  if (detail.row().has_conflict()) return row;
  add_fields(one, detail);
  if (!one.ended()) add_moves(*slot, nullptr, *detail.mutable_moves());
  add_tasks(*slot, detail);
  add_timeline(*slot, detail);
  add_states(one, detail.row().rank(), detail);
  add_timers(one, detail);
  add_people(one, detail);
  if (sees_organisation(one)) add_organisations(one, detail);
  add_readings(one, detail);
  add_conflicts(one, detail);
  add_feedback(one, detail);
  if (one.proposal && manages(one)) {
    *detail.mutable_exception()->mutable_by() = person(one.proposal->by, "");
    detail.mutable_exception()->set_to(one.model->chart().path(one.proposal->to));
    detail.mutable_exception()->set_reason(text(one.proposal->reason));
  }
  return row;
}

void Views::add_fields(const Initiative& one, v1::InitiativeDetail& detail) const {
  const cohort::Facts facts(cohort_, &one, nullptr, cohort_.clock);
  for (const cohort::FieldModel& form : one.model->machine().form) {
    const v1::Field& field = *form.field;
    if (!sees_field(one, nullptr, field)) continue;
    *detail.add_fields() = answer(one, nullptr, form, facts);
  }
}

void Views::add_moves(Slot slot, const cohort::Task* task, google::protobuf::RepeatedPtrField<v1::MoveView>& moves) const {
  cohort::Sketch sketch(cohort_, world_, viewer_.now, viewer_.person);
  const Initiative& one = cohort_.initiatives[slot];
  const cohort::MachineModel& machine = task ? one.model->task(task->kind)->machine : one.model->machine();
  const statechart::Chart& chart = *machine.chart;
  cohort::Bench bench;
  for (const statechart::ArrowId id : statechart::moves(chart, task ? task->at.where : one.at.where)) {
    const v1::Arrow& arrow = chart.arrow(id);
    const expression::Expression* guard = machine.arrows[id].guard;
    if (guard && !cohort::Facts(cohort_, &one, task, viewer_.now).holds(*guard).holds) continue;
    v1::MoveView& view = *moves.Add();
    view.set_name(arrow.move().name());
    view.set_from(chart.path(arrow.source()));
    if (task) view.set_task(task->key);
    *view.mutable_label() = arrow.move().label();
    *view.mutable_confirm() = arrow.move().confirm();
    const std::vector<cohort::Unmet> all = cohort::unmet_of(sketch, bench, viewer_, one, task, id);
    const bool forbidden = std::any_of(all.begin(), all.end(), [](const cohort::Unmet& unmet) {
      return unmet.code == cohort::Code::Forbidden || unmet.code == cohort::Code::ConflictOfInterest;
    });
    for (const cohort::Unmet& unmet : all) {
      // That the places are taken may be what a held decision says: it is told to who could make the move.
      if (forbidden && unmet.code == cohort::Code::QuotaFull) continue;
      if (unmet.code == cohort::Code::Forbidden) view.add_unmet()->set_code("NOT_YOURS");
      else *view.add_unmet() = view_of(unmet);
      if (unmet.code == cohort::Code::Forbidden) *view.mutable_unmet(view.unmet_size() - 1)->mutable_why() = unmet.why;
    }
    view.set_possible(view.unmet_size() == 0);
    *view.mutable_must_give() = arrow.move().must_give();
    view.set_held(arrow.move().held());
    if (arrow.targets_size() > 0) {
      view.set_to(chart.path(arrow.targets(0)));
      *view.mutable_to_label() = chart.node(arrow.targets(0)).label();
    }
    *view.mutable_by() = arrow.move().by();
    if (!task && machine.arrows[id].gate && sees_gate(one, *machine.arrows[id].gate)) add_gate(one, *machine.arrows[id].gate, arrow, view);
  }
}

bool Views::sees_task(const Initiative& one, const cohort::Task& task) const {
  const cohort::TaskModel& kind = *one.model->task(task.kind);
  // A review is its reader's and the manager's until decisions are out.
  if (kind.kind->has_review() && !manages(one) && task.by != viewer_.person) return false;
  return !kind.is_gate() || sees_gate(one, kind);
}

void Views::add_tasks(Slot slot, v1::InitiativeDetail& detail) const {
  const Initiative& one = cohort_.initiatives[slot];
  for (const cohort::Task& task : one.tasks) {
    const cohort::TaskModel& kind = *one.model->task(task.kind);
    if (!sees_task(one, task)) continue;
    v1::TaskView& view = *detail.add_tasks();
    view.set_key(task.key);
    view.set_kind(task.kind);
    view.set_number(task.number);
    *view.mutable_kind_label() = kind.kind->label();
    for (const statechart::StateId state : statechart::atomic_states(*kind.chart, task.at.where)) {
      view.set_state(kind.chart->path(state));
      *view.mutable_state_label() = kind.chart->node(state).label();
      view.set_overdue(kind.chart->node(state).name() == "overdue");
    }
    view.set_planned_us(kind.kind->report() ? task.planned : 0);
    for (const cohort::Timer& timer : task.at.timers)
      if (kind.chart->node(timer.state).timers(static_cast<int>(timer.timer)).name() == "deadline") view.set_due_us(timer.due);
    view.set_finished(task.finished);
    if (!task.by.empty()) *view.mutable_by() = person(task.author(), "");
    view.set_at_us(task.opened_at);
    view.set_read_in(task.read_in);
    view.set_late(task.due != 0 && task.opened_at >= task.due);
    const cohort::Facts facts(cohort_, &one, &task, cohort_.clock);
    for (const cohort::FieldModel& form : kind.machine.form) {
      const v1::Field& field = *form.field;
      if (!sees_field(one, &task, field)) continue;
      *view.add_fields() = answer(one, &task, form, facts);
    }
    if (kind.is_gate()) add_vote(one, task, view);
    // What somebody agreed to is hers alone to take back.
    if (!task.finished && !one.ended() && (!kind.is_gate() || task.by == viewer_.person)) add_moves(slot, &task, *view.mutable_moves());
  }
  if (one.ended()) return;
  for (const cohort::TaskModel& kind : one.model->tasks()) {
    // Nobody reviews twice: what she has done is not offered again.
    const bool reviewed = kind.kind->has_review() && std::any_of(one.tasks.begin(), one.tasks.end(), [&](const cohort::Task& task) {
      return task.kind == kind.kind->name() && task.by == viewer_.person;
    });
    const bool others = kind.kind->has_review() && cohort::is_assigned(one, kind.kind->name()) && !cohort::reads(one, kind.kind->name(), viewer_.person);
    if (!kind.kind->report() && !reviewed && !others && open_task_here(one, kind.kind->name()) &&
        cohort::may_as(cohort_, world_, viewer_, one, kind.kind->by()))
      detail.add_opens(kind.kind->name());
  }
}

bool Views::open_task_here(const Initiative& one, const std::string& kind) const {
  return std::any_of(one.at.where.active.begin(), one.at.where.active.end(), [&](statechart::StateId state) {
    const auto& opens = one.model->chart().node(state).opens();
    return std::find(opens.begin(), opens.end(), kind) != opens.end();
  });
}

void Views::add_timeline(Slot slot, v1::InitiativeDetail& detail) const {
  const Initiative& one = cohort_.initiatives[slot];
  const core::Versions versions(cohort_, world_.library, slot);
  const cohort::History& happenings = cohort_.happenings[slot];
  for (auto at = happenings.rbegin(); at != happenings.rend(); ++at) {
    if (!sees(one, *at)) continue;
    v1::TimelineEntry& entry = *detail.add_timeline();
    entry.set_sequence(at->sequence);
    entry.set_at_us(at->at);
    const auto is_hidden = [&](const std::string& id) { return id == one.applicant && is_blind_to(one, "applicant"); };
    if (!at->actor.empty() && !is_hidden(at->actor)) *entry.mutable_actor() = person(at->actor, "");
    if (!at->on_behalf_of.empty() && !is_hidden(at->on_behalf_of)) *entry.mutable_on_behalf_of() = person(at->on_behalf_of, "");
    entry.set_channel(channel_word(at->channel));
    entry.set_kind(at->kind);
    if (const cohort::Model* then = versions.at(at->sequence)) name_what_moved(*at, *then, entry);
    if (at->kind == "facts") *entry.mutable_label() = facts_label(at->what, *one.model);
    const auto parked = cohort_.migration.parked.find(slot);
    if (at->kind == "migration_parked" && parked != cohort_.migration.parked.end() && parked->second.why == at->what)
      *entry.mutable_label() = cohort::sentence_of({parked->second.why, parked->second.words, {}});
    entry.set_reason(text(at->reason));
    entry.set_task(at->task);
    for (const std::string& role : at->told) entry.add_told(role);
  }
}

void Views::add_states(const Initiative& one, std::uint32_t rank, v1::InitiativeDetail& detail) const {
  for (const auto& [state, since] : one.at.since) {
    const v1::Node& node = one.model->chart().node(state);
    if (node.implied() && node.label().translations_size() == 0) continue;
    v1::StateView& view = *detail.add_states();
    view.set_path(node.path());
    *view.mutable_label() = node.label();
    for (const v1::Translation& translation : node.applicant().translations()) {
      const auto known = [&](const std::string& name) {
        if (name == "rank") return std::optional(std::to_string(rank));
        return core::word_of(core_.store(), cohort_, one, viewer_, name, translation.language(), core_.vault());
      };
      v1::Translation& filled = *view.mutable_applicant()->add_translations();
      filled.set_language(translation.language());
      filled.set_text(core::filled(translation.text(), known));
    }
    view.set_since_us(since);
  }
  std::sort(detail.mutable_states()->begin(), detail.mutable_states()->end(),
            [](const v1::StateView& a, const v1::StateView& b) { return a.path().size() < b.path().size(); });
}

void Views::add_timers(const Initiative& one, v1::InitiativeDetail& detail) const {
  if (one.ended()) return;
  for (const cohort::Timer& timer : one.at.timers) {
    const v1::Timer& rule = one.model->chart().node(timer.state).timers(static_cast<int>(timer.timer));
    v1::TimerView& view = *detail.add_timers();
    view.set_state(one.model->chart().path(timer.state));
    view.set_name(rule.name());
    view.set_due_us(timer.due);
    const statechart::Chart& chart = one.model->chart();
    for (const statechart::ArrowId id : chart.arrows_of(timer.state)) {
      const v1::Arrow& arrow = chart.arrow(id);
      const bool taken = std::find(arrow.events().begin(), arrow.events().end(), rule.event()) != arrow.events().end();
      if (taken && arrow.has_label()) *view.mutable_label() = arrow.label();
    }
  }
}

void Views::add_organisations(const Initiative& one, v1::InitiativeDetail& detail) const {
  const auto fill = [&](const std::string& id, v1::PartnerRef& ref) {
    ref.set_id(world_.directory.kept(id));
    if (const directory::Organisation* known = world_.directory.organisation(id)) ref.set_name(known->name);
  };
  if (!one.organisation.empty()) fill(one.organisation, *detail.mutable_organisation());
  for (const std::string& partner : cohort::partners_of(one)) fill(partner, *detail.add_partners());
}

void Views::add_people(const Initiative& one, v1::InitiativeDetail& detail) const {
  if (!is_blind_to(one, "applicant")) *detail.add_people() = person(one.applicant, cohort_.model->applicant_role());
  for (const cohort::Assignment& assignment : cohort_.assignments)
    if (cohort::covers(assignment, one, viewer_.now) && (assignment.role == cohort_.model->manager_role() || !of_whole_cohort(assignment)))
      *detail.add_people() = person(assignment.person, assignment.role);
}

}  // namespace kvali::views
