// Initiatives begin, fields are written, items are recorded.
#include <algorithm>

#include "engine/cohort/arming.h"
#include "engine/cohort/eligible.h"
#include "engine/cohort/form.h"
#include "engine/cohort/gate.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/organisations.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/reading.h"
#include "engine/directory/directory.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

void write_all(SharedList<FieldState>& fields, const Written& written) {
  if (!written.empty()) write(fields.change(), written);
}

std::string applicant_of(const Case& c, const v1::StartInitiative& command) {
  if (!command.applicant().empty()) return command.applicant();
  return c.asked.command().on_behalf_of().empty() ? c.asked.actor() : c.asked.command().on_behalf_of();
}

using Inputs = google::protobuf::RepeatedPtrField<v1::FieldInput>;

/// A figure that is part of another is never more than it, whichever of the two is written.
void check_part(const v1::Field& field, const v1::Field& whole_field, const std::vector<FieldState>& fields, const Inputs& inputs,
                std::vector<Unmet>& unmet) {
  const bool written = std::any_of(inputs.begin(), inputs.end(),
                                   [&](const v1::FieldInput& one) { return one.name() == field.name() || one.name() == field.of(); });
  if (!written) return;
  const auto value = [&](const std::string& name) -> std::optional<std::int64_t> {
    for (const v1::FieldInput& input : inputs)
      if (input.name() == name) return input.value().kind_case() == v1::Value::kNumber ? std::optional(input.value().number()) : std::nullopt;
    const FieldState* now = stored(fields, name);
    return now && now->value.kind_case() == v1::Value::kNumber ? std::optional(now->value.number()) : std::nullopt;
  };
  const auto part = value(field.name()), whole = value(field.of());
  if (part && whole && *part > *whole)
    unmet.push_back({Code::Invalid, field.name(),
                     sentence("part_too_large", {{"label", label_or(field.label(), field.name())}, {"whole", label_or(whole_field.label(), whole_field.name())}}), calendar::never});
}

template <class Fields>
void check_parts(const Fields& all, const std::vector<FieldState>& before, const Inputs& inputs, std::vector<Unmet>& unmet) {
  for (const v1::Field& field : all) {
    if (field.of().empty()) continue;
    for (const v1::Field& whole : all)
      if (whole.name() == field.of()) check_part(field, whole, before, inputs, unmet);
  }
}

/// A person or an organisation that the directory does not have.
std::optional<Unmet> unknown(const Case& c, const v1::Field& field, const v1::Value& value) {
  if (value.has_table()) return first_in_rows(field, value.table(), [&](const v1::Field& inner, const v1::Value& one) { return unknown(c, inner, one); });
  if (value.kind_case() != v1::Value::kText) return std::nullopt;
  const bool of_person = field.type() == v1::Field::PERSON;
  if (!of_person && field.type() != v1::Field::ORGANISATION) return std::nullopt;
  if (of_person ? c.world().directory.person(value.text()) != nullptr : c.world().directory.organisation(value.text()) != nullptr) return std::nullopt;
  return Unmet{Code::Invalid, field.name(), sentence(of_person ? "no_person" : "no_organisation"), calendar::never};
}

/// Whether a place that the initiative holds is counted by the field's value, which would become another.
bool counts_its_place(const Initiative& initiative, const v1::FieldInput& input) {
  return std::any_of(initiative.places.begin(), initiative.places.end(), [&](const auto& place) {
    const QuotaModel* quota = initiative.model->quota(place.first);
    return quota && quota->by_field == input.name() && input.value().text() != place.second;
  });
}

}  // namespace

const v1::Field* form_field(const TaskModel& kind, const std::string& name) {
  for (const v1::Field& field : kind.kind->fields())
    if (field.name() == name) return &field;
  return nullptr;
}

Outcome write_down(Case& c, const Model& model, const Initiative* initiative, const Task* task,
                   const google::protobuf::RepeatedPtrField<v1::FieldInput>& inputs, Written& fields) {
  static const std::vector<FieldState> nothing;
  const std::vector<FieldState>& before = task ? task->fields : initiative ? initiative->fields : nothing;
  const TaskModel* kind = task ? model.task(task->kind) : nullptr;
  std::vector<Unmet> unmet;
  std::vector<FieldConflict> conflicts;
  for (const v1::FieldInput& input : inputs) {
    const v1::Field* field = kind ? form_field(*kind, input.name()) : model.field(input.name());
    if (!field) return refuse(Code::Invalid, "no_field", {{"name", input.name()}});
    const auto label = [&] { return label_or(field->label(), field->name()); };  // copied only for a sentence
    if (!field->computed().empty())
      unmet.push_back({Code::Invalid, field->name(), sentence("computed", {{"label", label()}}), calendar::never});
    else if (!task && initiative && !may_field(c.cohort(), c.world(), c.viewer, Action::Write, *initiative, *field))
      unmet.push_back({Code::Forbidden, field->name(), sentence("field_forbidden", {{"label", label()}}), calendar::never});
    if (auto fault = fault_of(c.cohort(), *field, input.value())) unmet.push_back(*fault);
    if (auto fault = unknown(c, *field, input.value())) unmet.push_back(*fault);
    if (!task && initiative && counts_its_place(*initiative, input))
      unmet.push_back({Code::Precondition, field->name(), sentence("place_is_of", {{"label", label()}}), calendar::never});
    const FieldState* now = stored(before, input.name());
    const std::uint32_t version = now ? now->version : 0;
    if (input.has_if_version() && input.if_version() != version)
      conflicts.push_back({input.name(), now ? now->value : v1::Value(), version});
    v1::FieldWritten& made = *fields.Add();
    made.set_name(input.name());
    *made.mutable_value() = input.value();
    made.set_version(version + 1);
  }
  if (kind)
    check_parts(kind->kind->fields(), before, inputs, unmet);
  else
    check_parts(model.program().initiative().fields(), before, inputs, unmet);
  if (!unmet.empty()) return refuse_unmet(std::move(unmet));
  if (conflicts.empty()) return std::nullopt;
  Refusal stale = refuse(Code::ConflictVersion, "field_moved_on");
  stale.conflicts = std::move(conflicts);
  return stale;
}

namespace {

bool is_brought_by(const v1::Subject& subject, bool by_person) {
  return std::any_of(subject.brought_by().begin(), subject.brought_by().end(),
                     [&](int one) { return (one == v1::InitiativeRules::PERSON) == by_person; });
}

/// Who may begin a subject of another kind than an initiative, and for whom.
Outcome check_subject(const Case& c, const v1::Subject& subject, const v1::StartInitiative& command) {
  if (!may_begin(c.cohort(), c.world(), c.viewer, subject)) return refuse(Code::Forbidden, "forbidden");
  if (!command.organisation().empty() && !is_brought_by(subject, false)) return refuse(Code::Invalid, "brought_by_none");
  if (!command.applicant().empty() && subject.brought_by().empty()) return refuse(Code::Invalid, "brought_by_none");
  return std::nullopt;
}

/// States in `record` how the subject `made` begins: computed values, states entered, timers armed, places taken. What begins by
/// itself takes none: nobody could be told that there is none left, and the check refuses a program that would have it.
Outcome begin(Case& c, Initiative& made, v1::Record& record) {
  v1::InitiativeStarted& started = *record.mutable_initiative_started();
  write_all(made.fields, started.fields());
  compute(c, made, *started.mutable_fields());
  start_machine(c.sketch, c.bench, made, nullptr, made.model->machine(), *started.mutable_entered(), *started.mutable_armed());
  if (const v1::Subject* subject = made.model->subject(); !subject || subject->of() == v1::Subject::EACH_UNSPECIFIED) {
    const std::vector<statechart::StateId> entered(started.entered().begin(), started.entered().end());
    auto places = place_changes(c.sketch, made, entered);
    if (auto* refusal = std::get_if<Refusal>(&places)) return std::move(*refusal);
    for (v1::PlaceChange& change : std::get<std::vector<v1::PlaceChange>>(places)) *started.add_places() = std::move(change);
  }
  started.set_initiative(made.id);
  started.set_version(made.model->version());
  if (!made.organisation.empty()) started.set_organisation(made.organisation);
  if (!made.applicant.empty()) started.set_applicant(made.applicant);
  if (!made.kind().empty()) started.set_subject(made.kind());
  if (made.bringers) *started.mutable_bringers() = *made.bringers;
  c.sketch.add(record);
  return std::nullopt;
}

}  // namespace

void begin_subjects(Case& c) {
  std::size_t count = 0;
  for (const auto& [kind, locality] : c.cohort().to_begin(limits::subjects_begun_per_commit_max)) {
    Initiative made;
    made.id = c.asked.fresh_id() + std::to_string(++count);
    made.model = of_kind(c.cohort().model, kind);
    v1::Record& record = c.sketch.draft(Records::Kind::kInitiativeStarted);
    if (!locality.empty()) {
      v1::FieldWritten& written = *record.mutable_initiative_started()->add_fields();
      written.set_name(made.model->locality_field());
      written.mutable_value()->set_text(locality);
      written.set_version(1);
    }
    begin(c, made, record);
  }
}

Outcome start_initiative(Case& c, const v1::StartInitiative& command) {
  const auto kind = of_kind(c.cohort().model, command.subject());
  if (!kind || (kind->subject() && kind->subject()->of() != v1::Subject::EACH_UNSPECIFIED))
    return refuse(Code::Invalid, "no_subject", {{"name", command.subject()}});
  const Model& model = *kind;
  if (model.subject())
    if (auto refusal = check_subject(c, *model.subject(), command)) return refusal;
  const bool has_applicant = !model.subject() || is_brought_by(*model.subject(), true) || is_brought_by(*model.subject(), false);
  const std::string applicant = has_applicant ? applicant_of(c, command) : "";
  if (has_applicant && !c.world().directory.person(applicant)) return refuse(Code::NotFound, "no_person");
  if (!command.organisation().empty() && !c.world().directory.organisation(command.organisation()))
    return refuse(Code::NotFound, "no_organisation");
  if (has_applicant && applicant != c.asked.actor() && !speaks_for(c.cohort(), c.world(), c.viewer, nullptr, model.applicant_role()))
    return refuse(Code::Forbidden, "not_for_others");
  if (!model.subject() && !may_ask(c.cohort(), c.world(), c.viewer, command.organisation())) return refuse(Code::Forbidden, "not_member");
  if (auto eligible = eligibility(c.cohort(), c.world(), c.viewer, command.organisation(), model, applicant); !eligible.unmet.empty()) {
    const Code code = eligible.unmet.front().code;  // what has nothing to do with her comes first, and alone
    if (code == Code::DeadlinePassed || code == Code::Limit) return Refusal{code, eligible.unmet.front().why, {}, {}};
    return refuse_unmet(std::move(eligible.unmet));
  }
  if (auto refusal = check_partners(c.world(), command.organisation(), command.partners())) return *refusal;
  v1::Record& record = c.sketch.draft(Records::Kind::kInitiativeStarted);
  v1::InitiativeStarted& started = *record.mutable_initiative_started();
  if (auto refusal = write_down(c, model, nullptr, nullptr, command.fields(), *started.mutable_fields())) return refusal;
  Initiative made;
  made.id = c.asked.fresh_id();
  made.model = kind;
  made.organisation = command.organisation();
  made.applicant = applicant;
  made.bringers = bringers_of(c.world().directory, model, made.organisation, {command.partners().begin(), command.partners().end()});
  if (auto refusal = begin(c, made, record)) return refusal;
  c.created = made.id;
  return std::nullopt;
}

namespace {

/// What is computed once `fields` are written; the initiative and its task themselves stay as they are.
void compute_after(const Case& c, const Initiative& initiative, const Task* task, Written& fields) {
  const Model& model = *initiative.model;
  if (!(task ? model.task(task->kind)->machine : model.machine()).computes) return;
  if (task) {
    Task then = *task;
    write_all(then.fields, fields);
    compute(c, initiative, then, fields);
  } else {
    Initiative then = initiative;
    write_all(then.fields, fields);
    compute(c, then, fields);
  }
}

}  // namespace

Outcome save_fields(Case& c, const v1::SaveFields& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (initiative.ended()) return refuse_ended(initiative);
  const Task* task = command.task().empty() ? nullptr : initiative.task(command.task());
  if (!command.task().empty() && !task) return refuse(Code::NotFound, "no_task");
  if (task && task->finished) return refuse(Code::Precondition, "finished");
  if (task && initiative.model->task(task->kind)->kind->lasting()) return refuse(Code::Precondition, "entry_stands");
  if (task && task->by != c.asked.actor()) {
    google::protobuf::RepeatedPtrField<std::string> roles;
    const TaskModel* kind = initiative.model->task(task->kind);
    for (const v1::Arrow& arrow : kind->chart->machine().arrows()) roles.MergeFrom(arrow.move().by());
    if (!may_as(c.cohort(), c.world(), c.viewer, initiative, roles)) return refuse(Code::Forbidden, "forbidden");
  }
  v1::Record& record = c.sketch.draft(Records::Kind::kFieldsWritten);
  v1::FieldsWritten& written = *record.mutable_fields_written();
  if (auto refusal = write_down(c, *initiative.model, &initiative, task, command.fields(), *written.mutable_fields())) return refusal;
  if (written.fields().empty()) return refuse(Code::Invalid, "no_command");
  compute_after(c, initiative, task, *written.mutable_fields());
  written.set_initiative(initiative.id);
  written.set_task(command.task());
  const Written fields = task ? Written() : written.fields();
  c.sketch.add(record, slot);
  lapse_written(c.sketch, c.bench, slot, fields);
  settle(c.sketch, c.bench, {});
  return std::nullopt;
}

namespace {

/// Who was given the application reads it, where readers were given to it; and nobody scores twice.
Outcome check_reader(const Case& c, const Initiative& initiative, const TaskModel& kind) {
  if (is_assigned(initiative, kind.kind->name()) && !reads(initiative, kind.kind->name(), c.asked.actor()))
    return refuse(Code::Forbidden, "not_its_reader");
  if (has_scored(initiative, kind.kind->name(), c.asked.actor())) return refuse(Code::Precondition, "twice");
  return std::nullopt;
}

bool opens_here(const Initiative& initiative, const std::string& kind) {
  for (const statechart::StateId state : initiative.at.where.active) {
    const auto& opens = initiative.model->chart().node(state).opens();
    if (std::find(opens.begin(), opens.end(), kind) != opens.end()) return true;
  }
  return false;
}

}  // namespace

namespace {

/// Whose entry it is, where another writes it down for her; and of one that two agree on, for whom its author speaks.
void note_author(const Case& c, const Initiative& initiative, const TaskModel& kind, v1::TaskOpened& opened) {
  const std::string& other = c.asked.command().on_behalf_of();
  const bool is_entry = !kind.kind->has_review() && !kind.kind->report();
  if (is_entry && !other.empty() && other != c.asked.actor()) opened.set_on_behalf_of(other);
  if (kind.kind->agreed_by().empty()) return;
  if (const std::string* party = party_of(c.cohort(), c.world(), {other.empty() ? c.asked.actor() : other, c.sketch.now()}, initiative, *kind.kind))
    opened.set_role(*party);
  else if (const std::string* spoken = party_of(c.cohort(), c.world(), c.viewer, initiative, *kind.kind))
    opened.set_role(*spoken);
}

}  // namespace

Outcome open_task_item(Case& c, const v1::OpenTaskItem& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (initiative.ended()) return refuse_ended(initiative);
  const TaskModel* kind = initiative.model->task(command.kind());
  if (!kind || !opens_here(initiative, command.kind())) return refuse(Code::Precondition, "no_kind", {{"name", kind ? label_or(kind->kind->label(), command.kind()) : label_or({}, command.kind())}});
  if (auto refusal = must_be(c, initiative, kind->kind->by())) return refusal;
  if (initiative.tasks.size() >= limits::items_per_initiative_max)
    return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::items_per_initiative_max)}});
  if (kind->kind->has_review())
    if (auto refusal = check_reader(c, initiative, *kind)) return refusal;
  if (!command.read_in().empty() && (!kind->kind->has_review() || !is_language(*initiative.model, command.read_in())))
    return refuse(Code::Invalid, "no_language", {{"name", command.read_in()}});
  Task task;
  task.kind = command.kind();
  v1::Record& record = c.sketch.draft(Records::Kind::kTaskOpened);
  Written& fields = *record.mutable_task_opened()->mutable_fields();
  if (auto refusal = write_down(c, *initiative.model, &initiative, &task, command.fields(), fields)) return refusal;
  std::vector<Unmet> unmet;
  if (kind->machine.reads_form) write_all(task.fields, fields);
  const Facts facts(c.cohort(), &initiative, &task, c.sketch.now());
  for (const FieldModel& form : kind->machine.form) {
    const v1::Field& field = *form.field;
    const auto written = std::find_if(fields.begin(), fields.end(), [&](const v1::FieldWritten& one) {
      return one.name() == field.name() && one.value().kind_case() != v1::Value::kEmpty;
    });
    const bool is_table = field.type() == v1::Field::TABLE;
    const bool given = written != fields.end() && (!is_table || is_answered(&written->value()));
    const bool asked = field.required() && (!form.shown_when || facts.holds(*form.shown_when).holds);
    if (asked && !given)
      unmet.push_back({Code::Invalid, field.name(), sentence("field_missing", {{"label", label_or(field.label(), field.name())}}), calendar::never});
    if (given && is_table && asked) add_missing(field, &written->value(), unmet);
    if (given && is_table && !asked) add_missing_in_rows(field, &written->value(), unmet);
  }
  if (!unmet.empty()) return refuse_unmet(std::move(unmet));
  compute(c, initiative, task, fields);
  if (kind->kind->has_review()) {
    if (!command.read_in().empty()) record.mutable_task_opened()->set_read_in(command.read_in());
    if (const Instant due = review_due(c.cohort(), initiative, command.kind()); due != calendar::never) record.mutable_task_opened()->set_due_us(due);
  }
  note_author(c, initiative, *kind, *record.mutable_task_opened());
  c.created = open_task(c.sketch, c.bench, slot, *kind, c.sketch.now(), c.asked.actor(), record);
  settle(c.sketch, c.bench, {});
  return std::nullopt;
}

}  // namespace kvali::cohort
