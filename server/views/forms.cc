// Check answers: a form as a move would find it, with what is missing, in the words in which the move would be refused.
#include <algorithm>

#include "engine/cohort/conflict.h"
#include "engine/cohort/decide.h"
#include "server/views/views.h"

namespace kvali::views {
namespace {

using cohort::Code;
using cohort::Initiative;

bool contains(const std::vector<const cohort::FieldModel*>& list, const cohort::FieldModel* one) { return std::find(list.begin(), list.end(), one) != list.end(); }

/// The sections of the form with the names of their fields: those of the program, then what stands in none.
std::vector<std::pair<v1::CheckedSection, std::vector<std::string>>> sections_of(const Initiative& one, const cohort::MachineModel& machine, bool of_task) {
  std::vector<std::pair<v1::CheckedSection, std::vector<std::string>>> sections;
  std::vector<std::string> rest;
  for (const cohort::FieldModel& form : machine.form) rest.push_back(form.field->name());
  if (!of_task)
    for (const v1::Section& section : one.model->program().initiative().sections()) {
      v1::CheckedSection made;
      made.set_name(section.name());
      *made.mutable_label() = section.label();
      *made.mutable_help() = section.help();
      sections.emplace_back(std::move(made), std::vector<std::string>(section.fields().begin(), section.fields().end()));
      for (const std::string& name : section.fields()) std::erase(rest, name);
    }
  sections.emplace_back(v1::CheckedSection(), std::move(rest));
  return sections;
}

}  // namespace

std::variant<Views::Form, cohort::Refusal> Views::form_of(const std::string& initiative, const std::string& task) const {
  const auto slot = cohort_.find(initiative);
  if (!slot || !sees(initiative)) return cohort::refuse(Code::NotFound, "no_initiative");
  const Initiative& one = cohort_.initiatives[*slot];
  if (!cohort::may(cohort_, world_, viewer_, cohort::Action::See, &one)) {
    const auto conflict = cohort::conflict_of(cohort_, world_, viewer_, one);
    return conflict ? cohort::refuse(Code::ConflictOfInterest, cohort::sentence_key(conflict->kind)) : cohort::refuse(Code::Forbidden, "forbidden");
  }
  const cohort::Task* found = task.empty() ? nullptr : one.task(task);
  if (!task.empty() && (!found || !sees_task(one, *found))) return cohort::refuse(Code::NotFound, "no_task");
  return Form{*slot, &one, found};
}

std::variant<v1::CheckedAnswers, cohort::Refusal> Views::check_answers(const v1::CheckAnswersQuery& query) const {
  auto meant = form_of(query.initiative(), query.task());
  if (auto* refusal = std::get_if<cohort::Refusal>(&meant)) return std::move(*refusal);
  const auto [slot, initiative, task] = std::get<Form>(meant);
  if (initiative->ended()) return cohort::refuse(Code::Precondition, "ended");
  if (task && task->finished) return cohort::refuse(Code::Precondition, "finished");
  cohort::Sketch sketch(cohort_, world_, viewer_.now, viewer_.person);
  cohort::Bench bench;
  auto found = cohort::find_arrow(sketch, *initiative, task, query.move(), query.from());
  if (auto* refusal = std::get_if<cohort::Refusal>(&found)) return std::move(*refusal);
  const statechart::ArrowId id = std::get<statechart::ArrowId>(found);
  const cohort::MachineModel& machine = task ? initiative->model->task(task->kind)->machine : initiative->model->machine();
  std::vector<cohort::Unmet> unmet = cohort::unmet_of(sketch, bench, viewer_, *initiative, task, id);
  for (cohort::Unmet& one : unmet)  // who may not make it learns nothing else of it
    if (one.code == Code::Forbidden || one.code == Code::ConflictOfInterest) return cohort::Refusal{one.code, one.why, {one}, {}};
  v1::CheckedAnswers checked;
  checked.set_move(query.move());
  *checked.mutable_label() = machine.chart->arrow(id).move().label();
  checked.set_possible(unmet.empty());
  const cohort::Facts facts(cohort_, initiative, task, viewer_.now);
  for (auto& [section, names] : sections_of(*initiative, machine, task != nullptr)) {
    for (const std::string& name : names) {
      const auto form = std::find_if(machine.form.begin(), machine.form.end(), [&](const cohort::FieldModel& one) { return one.field->name() == name; });
      if (form == machine.form.end() || !sees_field(*initiative, task, *form->field)) continue;
      v1::CheckedField& made = *section.add_fields();
      *made.mutable_answer() = answer(*initiative, task, *form, facts);
      made.set_needed(!made.answer().hidden() && contains(machine.arrows[id].required, &*form));
      for (const cohort::Unmet& one : unmet)
        if (one.field == name) *made.add_unmet() = view_of(one);
      std::erase_if(unmet, [&name = name](const cohort::Unmet& one) { return one.field == name; });
    }
    if (section.fields_size() > 0) *checked.add_sections() = std::move(section);
  }
  for (const cohort::Unmet& one : unmet) *checked.add_unmet() = view_of(one);
  return checked;
}

}  // namespace kvali::views
