// What the answers of a form were when they were handed in, and who has changed them since. Nothing of it is kept beside the initiative:
// its timeline says which records are about it, and the journal has the values.
#include <algorithm>
#include <map>

#include "engine/limits.h"
#include "server/core/seal.h"
#include "server/core/versions.h"
#include "server/views/views.h"

namespace kvali::views {
namespace {

using cohort::Code;
using cohort::Happening;
using cohort::Initiative;
using cohort::Refusal;

struct Answer {
  v1::Value value;
  std::vector<std::pair<const Happening*, bool>> edits;  // all of its life, oldest first; whether it followed from others
};
using Forms = std::map<std::string, std::map<std::string, Answer>>;  // by task ("" is the initiative's), then by field

/// The forms of one initiative as record after record wrote them, and as they were at the points that are compared: by the names that
/// tasks and fields have now.
class Past {
 public:
  Forms now, was, then;  // `then`: at the second point

  void take_in(const Happening& happening, const v1::Record& record) {
    if (const std::string& bulk = bulk_of(record); bulk != bulk_) {
      bulk_ = bulk;
      before_bulk_ = now;
    }
    if (record.has_initiative_started()) write("", record.initiative_started().fields(), happening);
    if (record.has_fields_written()) write(record.fields_written().task(), record.fields_written().fields(), happening);
    if (record.has_advanced()) write(record.advanced().task(), record.advanced().fields(), happening);
    if (record.has_task_opened()) write(record.task_opened().task(), record.task_opened().fields(), happening);
    if (record.has_migrated()) go_over(happening, record.migrated());
    if (record.has_migration_undone()) go_back();
    if (record.has_move_undone()) now = before_bulk_;
  }

  /// What the timeline alone knows of a record that is on its way to the disk: which fields were written.
  void take_in(const Happening& happening) {
    if (happening.kind != "saved") return;
    for (std::size_t at = 0; at < happening.what.size();) {
      const std::size_t end = std::min(happening.what.find(',', at), happening.what.size());
      now[happening.task][happening.what.substr(at, end - at)].edits.emplace_back(&happening, false);
      at = end + 1;
    }
  }

 private:
  using Names = std::vector<std::pair<std::string, std::string>>;  // before, after

  void write(const std::string& task, const google::protobuf::RepeatedPtrField<v1::FieldWritten>& fields, const Happening& happening) {
    for (const v1::FieldWritten& one : fields) {
      Answer& answer = now[task][one.name()];
      answer.value = one.value();
      answer.edits.emplace_back(&happening, one.computed());
    }
  }

  /// All at once, since names may change places.
  template <class Map>
  static void rename(Map& map, const Names& names) {
    Map renamed;
    for (const auto& [before, after] : names)
      if (auto node = map.extract(before); !node.empty()) {
        node.key() = after;
        renamed.insert(std::move(node));
      }
    for (auto& [name, value] : renamed) map[name] = std::move(value);
  }

  void go_over(const Happening& happening, const v1::Migrated& record) {
    before_ = now;
    fields_.clear();
    tasks_.clear();
    for (const v1::FieldRenamed& one : record.renamed()) fields_.emplace_back(one.from(), one.to());
    for (const v1::TaskStanding& one : record.tasks()) tasks_.emplace_back(one.task(), one.now());
    for (Forms* forms : {&now, &was, &then}) {
      rename((*forms)[""], fields_);
      rename(*forms, tasks_);
    }
    write("", record.fields(), happening);
  }

  void go_back() {
    now = before_;
    for (Names* names : {&fields_, &tasks_})
      for (auto& [before, after] : *names) std::swap(before, after);
    for (Forms* forms : {&was, &then}) {
      rename((*forms)[""], fields_);
      rename(*forms, tasks_);
    }
  }

  static const std::string& bulk_of(const v1::Record& record) {
    static const std::string none;
    return record.has_advanced() ? record.advanced().bulk() : record.has_task_opened() ? record.task_opened().bulk() : none;
  }

  Forms before_, before_bulk_;
  Names fields_, tasks_;  // as the last migration renamed them
  std::string bulk_;
};

/// Kinds of happenings whose records may write into a form.
bool may_write(const Happening& one) {
  for (const char* kind : {"started", "saved", "move", "time", "published", "freed", "done", "task", "migrated", "migration_undone", "move_undone"})
    if (one.kind == kind) return true;
  return false;
}

const Answer* answer_in(const Forms& forms, const std::string& task, const std::string& field) {
  const auto form = forms.find(task);
  if (form == forms.end()) return nullptr;
  const auto answer = form->second.find(field);
  return answer == form->second.end() ? nullptr : &answer->second;
}

bool is_empty(const v1::Value& value) { return value.kind_case() == v1::Value::kEmpty || value.kind_case() == v1::Value::KIND_NOT_SET; }

/// As it is read: an answer that was sealed anew may say what it said before.
v1::Value read(const v1::Value* value, const vault::Vault& vault) { return !value || is_empty(*value) ? v1::Value() : core::opened(*value, vault); }

/// The record of one happening; nothing while it is on its way to the disk.
Result<std::optional<v1::Record>> record_of(const core::Core& core, const std::string& cohort, const Happening& happening) {
  std::optional<v1::Record> found;
  const auto read = core.journal().read(core::cohort_stream(cohort), happening.sequence, [&](const journal::Record& stored) {
    v1::Record record;
    if (record.ParseFromString(stored.bytes)) found = std::move(record);
    return journal::Visit::Stop;
  });
  if (!read) return fail(read.error());
  return found;
}

/// A move that needed answers, by the version it was made under.
bool hands_in(const Happening& one, const cohort::Model& then) {
  const cohort::TaskModel* kind = one.task.empty() ? nullptr : then.task(one.task.substr(0, one.task.find('/')));
  if (!one.task.empty() && !kind) return false;
  const auto& arrows = (kind ? kind->machine : then.machine()).arrows;
  return one.kind == "move" && one.arrow < arrows.size() && (kind || !arrows[one.arrow].required.empty());
}

/// Takes in the whole history, and keeps what stood after the records `was` and `then`.
void fold(const core::Core& core, const std::string& cohort, const std::vector<const Happening*>& history, std::uint64_t was, std::uint64_t then, Past& past, Result<void>& read) {
  bool was_reached = false, then_reached = false;
  const auto reach = [&](std::uint64_t sequence) {
    if (!was_reached && sequence > was) past.was = past.now;
    if (!then_reached && sequence > then) past.then = past.now;
    was_reached = was_reached || sequence > was;
    then_reached = then_reached || sequence > then;
  };
  for (const Happening* one : history) {
    reach(one->sequence);
    const auto record = record_of(core, cohort, *one);
    if (!record) {
      read = fail(record.error());
      return;
    }
    if (*record) past.take_in(*one, **record);
    else past.take_in(*one);
  }
  if (!was_reached) past.was = past.now;
  if (!then_reached) past.then = past.now;
}

}  // namespace

bool Views::hides_person(const Initiative& one, const std::string& person) const {
  return person.empty() || (person == one.applicant && is_blind_to(one, "applicant"));
}

void Views::add_revisions(const Form& form, const std::string& task, v1::Revisions& revisions) const {
  const core::Versions versions(cohort_, world_.library, form.slot);
  for (const Happening& one : cohort_.happenings[form.slot]) {
    const cohort::Model* then = one.kind == "move" && one.task == task ? versions.at(one.sequence) : nullptr;
    if (!then || !hands_in(one, *then) || !sees(*form.initiative, one)) continue;
    v1::Revision& made = *revisions.add_revisions();
    made.set_sequence(one.sequence);
    made.set_at_us(one.at);
    made.set_move(one.what);
    const cohort::TaskModel* kind = task.empty() ? nullptr : then->task(task.substr(0, task.find('/')));
    *made.mutable_label() = (kind ? *kind->chart : then->chart()).arrow(one.arrow).move().label();
    if (!hides_person(*form.initiative, one.actor)) *made.mutable_actor() = person(one.actor, "");
  }
}

Result<std::variant<v1::Revisions, Refusal>> Views::revisions(const v1::RevisionsQuery& query) const {
  using Told = std::variant<v1::Revisions, Refusal>;
  auto meant = form_of(query.initiative(), query.task());
  if (auto* refusal = std::get_if<Refusal>(&meant)) return Told(std::move(*refusal));
  const Form& form = std::get<Form>(meant);
  v1::Revisions told;
  add_revisions(form, query.task(), told);
  const std::uint64_t last = query.now_sequence() == 0 ? UINT64_MAX : query.now_sequence();
  std::uint64_t first = query.was_sequence();
  for (const v1::Revision& one : told.revisions())
    if (query.was_sequence() == 0 && one.sequence() < last) first = one.sequence();
  if (first >= last) return Told(cohort::refuse(Code::Invalid, "revisions_order"));
  std::vector<const Happening*> history;
  for (const Happening& one : cohort_.happenings[form.slot])
    if (may_write(one)) history.push_back(&one);
  if (history.size() > limits::answer_records_max) return Told(cohort::refuse(Code::Limit, "too_much_history"));
  Past past;
  Result<void> journal;
  fold(core_, cohort_.id, history, first, last, past, journal);
  if (!journal) return fail(journal.error());
  told.set_was_sequence(first);
  told.set_now_sequence(query.now_sequence());
  const auto& [slot, initiative, task] = form;
  const cohort::MachineModel& machine = task ? initiative->model->task(task->kind)->machine : initiative->model->machine();
  for (const cohort::FieldModel& one : machine.form) {
    const v1::Field& field = *one.field;
    if (!sees_field(*initiative, task, field)) continue;
    const Answer* before = answer_in(past.was, query.task(), field.name());
    const Answer* after = answer_in(past.then, query.task(), field.name());
    const cohort::FieldState* stands = cohort::stored(task ? task->fields : initiative->fields, field.name());
    const v1::Value was = read(before ? &before->value : nullptr, core_.vault());
    const v1::Value now = read(query.now_sequence() != 0 ? (after ? &after->value : nullptr) : stands ? &stands->value : nullptr, core_.vault());
    if (was.SerializeAsString() == now.SerializeAsString()) continue;
    v1::AnswerChange& change = *told.add_changes();
    *change.mutable_field() = task ? view_of(field, *initiative->model->task(task->kind)) : view_of(field);
    if (!is_empty(was)) *change.mutable_was() = was;
    if (!is_empty(now)) *change.mutable_now() = now;
    if (after) add_edits(*initiative, after->edits, first, change);
  }
  return Told(std::move(told));
}

void Views::add_edits(const Initiative& one, const std::vector<std::pair<const Happening*, bool>>& edits, std::uint64_t since, v1::AnswerChange& change) const {
  for (const auto& [happening, computed] : edits) {
    if (happening->sequence <= since) continue;
    v1::Edit& made = *change.add_edits();
    made.set_sequence(happening->sequence);
    made.set_at_us(happening->at);
    if (!hides_person(one, happening->actor)) *made.mutable_actor() = person(happening->actor, "");
    if (!hides_person(one, happening->on_behalf_of)) *made.mutable_on_behalf_of() = person(happening->on_behalf_of, "");
    made.set_computed(computed);
  }
}

}  // namespace kvali::views
