// What people do: each act as the command that a client would send.
#include <algorithm>

#include "engine/cohort/facts.h"
#include "engine/simulate/fields.h"
#include "engine/simulate/play.h"

namespace kvali::simulate {
namespace {

constexpr std::uint32_t reason_characters = 40;

bool is_there(const cohort::SharedList<cohort::FieldState>& fields, const std::string& name) {
  return std::any_of(fields.begin(), fields.end(), [&](const cohort::FieldState& one) {
    return one.name == name && one.value.kind_case() != v1::Value::kEmpty && one.value.kind_case() != v1::Value::KIND_NOT_SET;
  });
}

}  // namespace

std::uint32_t Player::some_locality(Random& random) const {
  const auto& localities = scene_.opened.localities;
  if (locality_weight_ == 0) return static_cast<std::uint32_t>(random.under(localities.size()));
  auto drawn = static_cast<std::uint32_t>(random.under(locality_weight_));
  for (const auto& [id, weight] : setting_.habits.localities) {
    if (drawn >= weight) {
      drawn -= weight;
      continue;
    }
    for (std::uint32_t i = 0; i < localities.size(); ++i)
      if (localities[i].id() == id) return i;
  }
  return static_cast<std::uint32_t>(random.under(localities.size()));
}

/// Who of the first of `roles` that somebody holds; `number` tells those of one role apart.
std::optional<Player::Actor> Player::actor_for(const google::protobuf::RepeatedPtrField<std::string>& roles, cohort::Slot slot, std::uint32_t number) {
  for (const std::string& name : roles)
    for (std::size_t i = 0; i < scene_.cast.size(); ++i) {
      const Cast& cast = scene_.cast[i];
      if (cast.role->name() != name) continue;
      if (i == applicant_role_) return Actor{i, &scene_.applicants[number_[slot]]};
      if (cast.people.empty()) continue;
      if (cast.role->scope() == v1::Role::COHORT) return Actor{i, &cast.people[(number_[slot] + number) % cast.people.size()]};
      if (cast.role->scope() == v1::Role::INITIATIVE) return Actor{i, &cast.people[number_[slot] % cast.people.size()]};
      if (places_[number_[slot]] < cast.people.size()) return Actor{i, &cast.people[places_[number_[slot]]]};
    }
  return std::nullopt;
}

// --- forms

void Player::write(Inputs& inputs, int at, const v1::Field& field, cohort::Slot slot, const std::string& person) {
  std::int64_t whole = -1;
  if (!field.of().empty())
    for (int i = 0; i < at; ++i)
      if (inputs[i].name() == field.of()) whole = inputs[i].value().number();
  v1::FieldInput& input = at < inputs.size() ? inputs[at] : *inputs.Add();
  input.set_name(field.name());
  const std::uint32_t number = number_[slot];
  static const std::string nowhere;
  const std::string& locality = places_[number] < scene_.opened.localities.size() ? scene_.opened.localities[places_[number]].id() : nowhere;
  write_value(field, {cohort_, locality, person, scene_.organisation, now_}, whole, chance_[number], *input.mutable_value());
}

bool Player::may_write(const v1::Field& field, std::size_t role) const {
  const auto& by = field.written_by();
  return by.empty() ? role == applicant_role_ : std::find(by.begin(), by.end(), scene_.cast[role].role->name()) != by.end();
}

/// What a move needs and its maker may not write, by who may.
void Player::save_first(const cohort::ArrowModel& arrow, const Intent& intent, const Actor& actor) {
  for (const cohort::FieldModel* required : arrow.required) {
    const v1::Field& field = *required->field;
    const cohort::Initiative& initiative = cohort_.initiatives[intent.slot];
    if (!field.computed().empty() || may_write(field, actor.role) || is_there(initiative.fields, field.name())) continue;
    google::protobuf::RepeatedPtrField<std::string> writers = field.written_by();
    if (writers.empty()) *writers.Add() = scene_.model->applicant_role();
    const auto writer = actor_for(writers, intent.slot, 0);
    if (!writer) continue;
    v1::SaveFields& save = *command().mutable_save_fields();
    save.set_initiative(initiative.id);
    write(*save.mutable_fields(), field, intent.slot, *writer->person);
    const std::string person = *writer->person;
    if (const auto code = ask(person)) ++findings_.refused[{field.name(), *code}];
  }
}

/// What a move needs and is not there yet, with it; a task's form is filled in whole.
void Player::write_missing(const cohort::MachineModel& machine, statechart::ArrowId arrow, const Intent& intent, const Actor& actor) {
  const cohort::Initiative& initiative = cohort_.initiatives[intent.slot];
  Inputs& inputs = *asked_->mutable_command()->mutable_make_move()->mutable_fields();
  if (intent.task != 0) {
    const cohort::Task& task = initiative.tasks[intent.task - 1];
    // Of an entry that stays open only what its closing asks for: the rest stays as it was written down.
    const bool lasting = initiative.model->task(task.kind)->kind->lasting();
    const auto& asked = machine.chart->arrow(arrow).move().must_give();
    const auto writes = [&](const std::string& name) { return !lasting || std::find(asked.begin(), asked.end(), name) != asked.end(); };
    for (const cohort::FieldModel& one : machine.form)
      if (one.field->computed().empty() && writes(one.field->name()) && !is_there(task.fields, one.field->name())) write(inputs, *one.field, intent.slot, *actor.person);
    return;
  }
  for (const cohort::FieldModel* one : machine.arrows[arrow].required)
    if (one->field->computed().empty() && may_write(*one->field, actor.role) && !is_there(initiative.fields, one->field->name()))
      write(inputs, *one->field, intent.slot, *actor.person);
}

// --- acts

void Player::arrive(const Intent& intent) {
  const auto slot = static_cast<cohort::Slot>(cohort_.initiatives.size());
  const std::uint32_t number = intent.slot;
  number_.resize(slot);
  number_.push_back(number);
  v1::StartInitiative& start = *command().mutable_start_initiative();
  start.set_organisation(scene_.organisation);
  for (const v1::Field* field : first_fields_) {
    if (field->type() == v1::Field::LOCALITY && scene_.opened.localities.empty()) continue;
    write(*start.mutable_fields(), *field, slot, scene_.applicants[number]);
  }
  asked_->set_fresh_id(ids_[number]);
  if (const auto code = ask(scene_.applicants[number])) {
    ++findings_.never_began[*code];
    return;
  }
  ++findings_.roles[applicant_role_].acts;
  for (std::size_t i = 0; i < scene_.cast.size(); ++i) {
    const Cast& cast = scene_.cast[i];
    if (i == applicant_role_ || cast.role->scope() != v1::Role::INITIATIVE || cast.people.empty()) continue;
    v1::AssignRole& assign = *command().mutable_assign_role();
    assign.set_person(cast.people[number % cast.people.size()]);
    assign.set_role(cast.role->name());
    assign.set_initiative(ids_[number]);
    asked_->set_fresh_id(ids_[number] + "/" + cast.role->name());
    if (const auto code = ask(scene_.manager)) ++findings_.refused[{cast.role->name(), *code}];
  }
}

/// What a screen shows before anybody asks, by the engine's own facts: the needs of a move that do not hold. Asking all the same
/// would be refused, with sentences that nobody reads here.
std::optional<cohort::Code> Player::plainly_impossible(const cohort::Initiative& initiative, const cohort::Task* task,
                                                       const cohort::MachineModel& machine, statechart::ArrowId arrow) const {
  if (machine.arrows[arrow].needs.empty()) return std::nullopt;
  const cohort::Facts facts(cohort_, &initiative, task, now_);
  for (const cohort::NeedModel& need : machine.arrows[arrow].needs)
    if (!facts.holds(*need.when).holds) return cohort::Code::GuardFailed;
  return std::nullopt;
}

void Player::move(const Intent& intent) {
  const cohort::Instance* instance = instance_of(intent);
  if (!instance || (intent.state != 0 && (!cohort::active(*instance, intent.state) || entered_at(*instance, intent.state) != intent.since))) return;
  const cohort::Initiative& initiative = cohort_.initiatives[intent.slot];
  const cohort::Task* task = intent.task == 0 ? nullptr : &initiative.tasks[intent.task - 1];
  const cohort::MachineModel& machine = task ? initiative.model->task(task->kind)->machine : initiative.model->machine();
  const MoveHabit& habit = habit_of(intent, initiative).moves[intent.pick];
  const v1::Arrow& arrow = machine.chart->arrow(habit.arrow);
  const auto actor = actor_for(arrow.move().by(), intent.slot, intent.tries);
  if (!actor) return refused(intent, cohort::Code::Forbidden, arrow.move().name());
  if (const auto code = plainly_impossible(initiative, task, machine, habit.arrow)) return refused(intent, *code, arrow.move().name());
  if (!task && !machine.arrows[habit.arrow].required.empty()) save_first(machine.arrows[habit.arrow], intent, *actor);
  v1::MakeMove& move = *again(moving_).mutable_make_move();
  move.Clear();
  move.set_initiative(initiative.id);
  if (task) move.set_task(task->key);
  move.set_move(arrow.move().name());
  if (intent.state != 0) move.set_from(machine.chart->path(intent.state));
  if (machine.arrows[habit.arrow].needs_reason) move.mutable_reason()->mutable_sealed()->set_size(reason_characters);
  write_missing(machine, habit.arrow, intent, *actor);
  if (const auto code = ask(*actor->person)) return refused(intent, *code, arrow.move().name());
  ++findings_.roles[actor->role].acts;
}

void Player::open(const Intent& intent) {
  const cohort::Instance* instance = instance_of(intent);
  if (!instance || !cohort::active(*instance, intent.state) || entered_at(*instance, intent.state) != intent.since) return;
  const cohort::Initiative& initiative = cohort_.initiatives[intent.slot];
  const std::size_t number = habit_of(intent, initiative).opens[intent.pick].kind;
  const cohort::TaskModel& kind = initiative.model->tasks()[number];
  const auto actor = actor_for(kind.kind->by(), intent.slot, intent.tries);
  if (!actor) {
    ++findings_.refused[{kind.kind->name(), cohort::Code::Forbidden}];
    return;
  }
  v1::OpenTaskItem& item = *again(opening_[number]).mutable_open_task();
  item.set_initiative(initiative.id);
  item.set_kind(kind.kind->name());
  int at = 0;
  for (const v1::Field& field : kind.kind->fields())
    if (field.computed().empty()) write(*item.mutable_fields(), at++, field, intent.slot, *actor->person);
  if (const auto code = ask(*actor->person)) {
    ++findings_.refused[{kind.kind->name(), *code}];
    return;
  }
  ++findings_.roles[actor->role].acts;
}

void Player::publish(const Intent&) {
  publishing_ = false;
  if (cohort_.held.empty()) return;
  command().mutable_publish_decisions();
  if (const auto code = ask(scene_.manager)) {
    ++findings_.refused[{"publish", *code}];
    return;
  }
  ++findings_.roles[manager_role_].acts;
}

}  // namespace kvali::simulate
