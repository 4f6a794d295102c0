// Moves of persons: one named transition, every unmet need at once; decisions that are held and published together.
#include <algorithm>

#include "engine/cohort/conflict.h"
#include "engine/cohort/form.h"
#include "engine/cohort/gate.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/reasons.h"

namespace kvali::cohort {
namespace {

using statechart::ArrowId;

const MachineModel& machine_of(const Initiative& initiative, const Task* task) {
  return task ? initiative.model->task(task->kind)->machine : initiative.model->machine();
}

}  // namespace

std::variant<ArrowId, Refusal> find_arrow(Sketch& sketch, const Initiative& initiative, const Task* task, const std::string& move,
                                          const std::string& from) {
  const MachineModel& machine = machine_of(initiative, task);
  const statechart::Chart& chart = *machine.chart;
  const statechart::Configuration& where = task ? task->at.where : initiative.at.where;
  const auto look = [&](statechart::StateId state) -> std::optional<ArrowId> {
    for (const ArrowId arrow : chart.arrows_of(state)) {
      if (chart.trigger(arrow) != statechart::Trigger::Move || chart.arrow(arrow).move().name() != move) continue;
      if (!from.empty() && chart.path(state) != from) continue;
      const expression::Expression* guard = machine.arrows[arrow].guard;
      if (!guard || Facts(sketch.base(), &initiative, task, sketch.now()).holds(*guard).holds) return arrow;
    }
    return std::nullopt;
  };
  if (!where.done && !where.active.empty()) {
    for (auto state = where.active.rbegin(); state != where.active.rend(); ++state)  // children stand after their parents
      if (const auto arrow = look(*state)) return *arrow;
    if (const auto arrow = look(0)) return *arrow;
  }
  return refuse(Code::Precondition, "no_move", {{"name", move}});
}

namespace {

void need_fields(const std::vector<FieldState>& fields, const ArrowModel& arrow, const Facts& facts, std::vector<Unmet>& unmet) {
  for (const FieldModel* required : arrow.required) {
    if (required->shown_when && !facts.holds(*required->shown_when).holds) continue;
    const FieldState* now = stored(fields, required->field->name());
    add_missing(*required->field, now ? &now->value : nullptr, unmet);
  }
  for (const FieldModel* table : arrow.tables) {
    if (table->shown_when && !facts.holds(*table->shown_when).holds) continue;
    const FieldState* now = stored(fields, table->field->name());
    add_missing_in_rows(*table->field, now ? &now->value : nullptr, unmet);
  }
}

v1::Text role_labels(const Model& model, const v1::Arrow& arrow) {
  v1::Text text;
  for (const std::string& language : model.program().languages()) {
    v1::Translation* one = text.add_translations();
    one->set_language(language);
    for (const std::string& name : arrow.move().by()) {
      const v1::Role* role = model.role(name);
      one->set_text(one->text() + (one->text().empty() ? "" : ", ") + (role ? in_language(role->label(), language) : name));
    }
  }
  return text;
}

/// What people call a move or a field.
v1::Text label_of_made(const Model& model, const std::string& name) {
  for (const v1::Arrow& arrow : model.chart().machine().arrows())
    if (arrow.move().name() == name) return label_or(arrow.move().label(), name);
  const v1::Field* field = model.field(name);
  return label_or(field ? field->label() : v1::Text(), name);
}

/// The arrow, or why there is none: what time took elsewhere just now is late, the rest was never possible.
std::variant<ArrowId, Refusal> arrow_in_time(const Case& c, Slot slot, const std::string& key, const std::string& move, const std::string& from) {
  const Initiative& now = c.sketch.initiative(slot);
  auto arrow = find_arrow(c.sketch, now, key.empty() ? nullptr : now.task(key), move, from);
  if (std::holds_alternative<ArrowId>(arrow)) return arrow;
  const Initiative& before = c.cohort().initiatives[slot];
  const Task* task = key.empty() ? nullptr : before.task(key);
  if (!key.empty() && !task) return arrow;
  const auto was = find_arrow(c.sketch, before, task, move, from);
  if (std::holds_alternative<ArrowId>(was)) return refuse(Code::DeadlinePassed, "too_late");
  return arrow;
}

/// What was written down stays as it is: with a move of an entry only what the move asks for is written.
Outcome check_entry(const Case& c, Slot slot, const v1::MakeMove& command, ArrowId id) {
  const Initiative& initiative = c.sketch.initiative(slot);
  const Task* task = command.task().empty() ? nullptr : initiative.task(command.task());
  if (!task || !initiative.model->task(task->kind)->kind->lasting()) return std::nullopt;
  const auto& asked = machine_of(initiative, task).chart->arrow(id).move().must_give();
  for (const v1::FieldInput& one : command.fields())
    if (std::find(asked.begin(), asked.end(), one.name()) == asked.end()) return refuse(Code::Precondition, "entry_stands");
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> take_move(Sketch& sketch, Bench& bench, Slot slot, const std::string& task_key, ArrowId id, const v1::Value& reason,
                                 std::vector<Freed>& freed) {
  const Initiative& initiative = sketch.initiative(slot);
  const Task* task = task_key.empty() ? nullptr : initiative.task(task_key);
  const v1::Arrow& arrow = machine_of(initiative, task).chart->arrow(id);
  if (!arrow.move().held()) {
    auto advanced = advance(sketch, bench, slot, task_key, {v1::Advanced::MOVE, arrow.move().name(), id, std::nullopt, &reason});
    if (auto* refusal = std::get_if<Refusal>(&advanced)) return std::move(*refusal);
    Advance& done = std::get<Advance>(advanced);
    if (!done.moved) return refuse(Code::Precondition, "no_move", {{"name", arrow.move().name()}});
    freed.insert(freed.end(), done.freed.begin(), done.freed.end());
    return std::nullopt;
  }
  auto places = place_changes(sketch, initiative, active_after(sketch, bench, initiative, id));
  if (auto* refusal = std::get_if<Refusal>(&places)) return *refusal;
  v1::Record& record = sketch.draft(Records::Kind::kDecisionHeld);
  v1::DecisionHeld& held = *record.mutable_decision_held();
  held.set_initiative(initiative.id);
  held.set_arrow(id);
  held.set_move(arrow.move().name());
  if (reason.kind_case() != v1::Value::KIND_NOT_SET) *held.mutable_reason() = reason;
  held.set_bulk(sketch.bulk().id);
  // Until it is published the initiative stands where it is, and keeps what it holds there.
  const auto holds_here = [&](const std::string& name) {
    const QuotaModel* quota = initiative.model->quota(name);
    return quota && std::any_of(initiative.at.where.active.begin(), initiative.at.where.active.end(), [&](auto state) { return quota->holds[state]; });
  };
  for (v1::PlaceChange& change : std::get<0>(places)) {
    if (!change.taken() && holds_here(change.quota())) continue;
    if (!change.taken()) freed.push_back({change.quota(), change.by()});
    *held.add_places() = std::move(change);
  }
  sketch.add(record, slot);
  return std::nullopt;
}

std::vector<Unmet> unmet_of(Sketch& sketch, Bench& bench, const Viewer& viewer, const Initiative& initiative, const Task* task, ArrowId id) {
  std::vector<Unmet> unmet;
  const MachineModel& machine = machine_of(initiative, task);
  const v1::Arrow& arrow = machine.chart->arrow(id);
  if (!may_as(sketch.base(), sketch.world(), viewer, initiative, arrow.move().by())) {
    const auto conflict = conflict_as(sketch.base(), sketch.world(), viewer, initiative, arrow.move().by());
    unmet.push_back(conflict ? Unmet{Code::ConflictOfInterest, "", sentence(sentence_key(conflict->kind)), calendar::never}
                             : Unmet{Code::Forbidden, "", sentence("not_yours", {{"roles", role_labels(*initiative.model, arrow)}}), calendar::never});
  }
  if (const std::string* made = made_by(initiative, arrow, viewer.person))
    unmet.push_back({Code::ConflictOfInterest, "", sentence("not_who_made", {{"name", label_of_made(*initiative.model, *made)}}), calendar::never});
  if (task && arrow.move().name() == "agree" && !may_agree(sketch.base(), sketch.world(), viewer, initiative, *task))
    unmet.push_back({Code::Forbidden, "", sentence("not_other_party"), calendar::never});
  const Facts facts(sketch.base(), &initiative, task, sketch.now());
  need_fields(task ? task->fields : initiative.fields, machine.arrows[id], facts, unmet);
  for (const NeedModel& need : machine.arrows[id].needs) {
    const Truth truth = facts.holds(*need.when);
    if (!truth.holds) unmet.push_back(unmet_need({sketch.base(), sketch.world(), viewer, initiative, task}, facts, need));
  }
  if (!task && arrow.targets_size() > 0) {
    // A preview: taking the arrow is what decides. States without children say already what they hold.
    const statechart::Chart& chart = *machine.chart;
    const auto& targets = arrow.targets();
    const bool plain = std::all_of(targets.begin(), targets.end(), [&](auto state) { return chart.is_atomic(state); });
    auto places = plain ? place_changes(sketch, initiative, {targets.data(), static_cast<std::size_t>(targets.size())})
                        : place_changes(sketch, initiative, active_after(sketch, bench, initiative, id));
    if (auto* refusal = std::get_if<Refusal>(&places)) unmet.push_back({refusal->code, "", refusal->sentence, calendar::never});
  }
  return unmet;
}

Outcome make_move(Case& c, const v1::MakeMove& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  if (command.has_if_version() && command.if_version() != c.sketch.initiative(slot).version) return refuse(Code::ConflictVersion, "moved_on");
  if (c.sketch.initiative(slot).ended()) return refuse_ended(c.sketch.initiative(slot));
  const Task* task = command.task().empty() ? nullptr : c.sketch.initiative(slot).task(command.task());
  if (!command.task().empty() && !task) return refuse(Code::NotFound, "no_task");
  if (task && task->finished) return refuse(Code::Precondition, "finished");
  if (task && task->by != c.asked.actor() && c.sketch.initiative(slot).model->task(task->kind)->is_gate()) return refuse(Code::Forbidden, "not_your_word");
  auto arrow = arrow_in_time(c, slot, command.task(), command.move(), command.from());
  if (auto* refusal = std::get_if<Refusal>(&arrow)) return *refusal;
  if (auto refusal = check_entry(c, slot, command, std::get<ArrowId>(arrow))) return refusal;
  if (command.fields_size() > 0) {
    v1::Record& record = c.sketch.draft(Records::Kind::kFieldsWritten);
    v1::FieldsWritten& written = *record.mutable_fields_written();
    if (auto refusal = write_down(c, *c.sketch.initiative(slot).model, &c.sketch.initiative(slot), task, command.fields(), *written.mutable_fields())) return refusal;
    written.set_initiative(command.initiative());
    if (task) written.set_task(command.task());
    const Written fields = command.task().empty() ? written.fields() : Written();
    c.sketch.add(record, slot);
    lapse_written(c.sketch, c.bench, slot, fields);
  }
  const Initiative& initiative = c.sketch.initiative(slot);
  task = command.task().empty() ? nullptr : initiative.task(command.task());
  std::vector<Unmet> unmet = unmet_of(c.sketch, c.bench, c.viewer, initiative, task, std::get<ArrowId>(arrow));
  if (machine_of(initiative, task).arrows[std::get<ArrowId>(arrow)].needs_reason && command.reason().sealed().size() == 0)
    unmet.push_back({Code::Invalid, "reason", sentence("reason_missing"), calendar::never});
  // Who may not make the move learns nothing else of it: what is full may be full of decisions that are held.
  const auto forbidden = std::find_if(unmet.begin(), unmet.end(),
                                      [](const Unmet& one) { return one.code == Code::Forbidden || one.code == Code::ConflictOfInterest; });
  if (forbidden != unmet.end()) return refuse_unmet({*forbidden});
  if (!unmet.empty()) return refuse_unmet(std::move(unmet));
  std::vector<Freed> freed;
  auto gate = pass_gate(c, slot, std::get<ArrowId>(arrow), command.reason());
  if (auto* refusal = std::get_if<Refusal>(&gate)) return *refusal;
  if (std::get<Gate>(gate) == Gate::Open)
    if (auto refusal = take_move(c.sketch, c.bench, slot, command.task(), std::get<ArrowId>(arrow), command.reason(), freed)) return refusal;
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

Outcome publish_decisions(Case& c, const v1::PublishDecisions& command) {
  if (auto refusal = must_manage(c)) return refusal;
  std::vector<Slot> held;
  for (const Slot slot : c.cohort().held)
    if (command.locality().empty() || locality_of(c.cohort().initiatives[slot]) == command.locality()) held.push_back(slot);
  if (held.empty()) return refuse(Code::Precondition, "no_decisions");
  std::vector<Freed> freed;
  for (const Slot slot : held)
    if (auto refusal = check_minutes(c, c.cohort().initiatives[slot])) return refusal;
  for (const Slot slot : held) {
    fire_due(c, slot);
    if (!c.sketch.initiative(slot).held) continue;  // time took it elsewhere
    const HeldDecision decision = *c.sketch.initiative(slot).held;
    auto advanced = advance(c.sketch, c.bench, slot, "", {v1::Advanced::PUBLISHED, decision.move, decision.arrow, std::nullopt, &decision.reason});
    if (auto* refusal = std::get_if<Refusal>(&advanced)) return *refusal;
    Advance& done = std::get<Advance>(advanced);
    freed.insert(freed.end(), done.freed.begin(), done.freed.end());
  }
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

Outcome drop_decision(Case& c, const v1::DropDecision& command) {
  if (auto refusal = must_manage(c)) return refusal;
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (auto refusal = must_manage(c, initiative)) return refusal;
  if (!initiative.held) return refuse(Code::Precondition, "no_decision");
  v1::Record& record = c.sketch.draft();
  record.mutable_decision_dropped()->set_initiative(initiative.id);
  std::vector<Freed> freed;
  auto places = place_changes(c.sketch, initiative, initiative.at.where.active);
  if (auto* refusal = std::get_if<Refusal>(&places)) return *refusal;
  for (v1::PlaceChange& change : std::get<0>(places)) {
    freed.push_back({change.quota(), change.by()});
    *record.mutable_decision_dropped()->add_places() = std::move(change);
  }
  c.sketch.add(record, slot);
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

}  // namespace kvali::cohort
