// Moves that others have to agree to, or a body votes on.
#include <algorithm>

#include "engine/cohort/gate.h"
#include "engine/cohort/parts.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

using statechart::ArrowId;

v1::Text labels_of(const Model& model, const std::vector<std::string>& roles) {
  v1::Text text;
  for (const std::string& language : model.program().languages()) {
    v1::Translation& one = *text.add_translations();
    one.set_language(language);
    for (const std::string& name : roles) {
      const v1::Role* role = model.role(name);
      one.set_text(one.text() + (one.text().empty() ? "" : ", ") + (role ? in_language(role->label(), language) : name));
    }
  }
  return text;
}

Outcome check_room(const Initiative& initiative) {
  if (initiative.tasks.size() < limits::items_per_initiative_max) return std::nullopt;
  return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::items_per_initiative_max)}});
}

void open_item(Case& c, Slot slot, const TaskModel& gate, const std::string& role, const v1::Value& reason) {
  v1::Record& record = c.sketch.draft();
  record.mutable_task_opened()->set_role(role);
  if (reason.kind_case() != v1::Value::KIND_NOT_SET) *record.mutable_task_opened()->mutable_reason() = reason;
  c.created = open_task(c.sketch, c.bench, slot, gate, c.sketch.now(), c.asked.actor(), record);
}

std::variant<Gate, Refusal> agree(Case& c, Slot slot, const TaskModel& gate, const v1::Arrow& arrow, const v1::Value& reason) {
  const Initiative& initiative = c.sketch.initiative(slot);
  for (const Task* one : open_items(initiative, gate))
    if (one->by == c.asked.actor()) return refuse(Code::Precondition, "agreed_already");
  const std::vector<std::string> missing = missing_parties(initiative, gate, arrow);
  // Whoever is one of two parties speaks for one of them only: nobody agrees with herself.
  const std::vector<std::string> own = roles_for(c.cohort(), c.world(), c.viewer, initiative);
  const auto party = std::find_if(missing.begin(), missing.end(), [&](const std::string& role) { return std::find(own.begin(), own.end(), role) != own.end(); });
  if (party == missing.end()) return refuse(Code::Forbidden, "agreement_of_others", {{"roles", labels_of(*initiative.model, missing)}});
  if (auto refusal = check_room(initiative)) return *refusal;
  open_item(c, slot, gate, gate.kind->gate().parties().empty() ? "" : *party, reason);
  if (!missing_parties(c.sketch.initiative(slot), gate, arrow).empty()) return Gate::Shut;
  std::vector<std::string> given;
  for (const Task* one : open_items(c.sketch.initiative(slot), gate)) given.push_back(one->key);
  for (const std::string& key : given) {
    auto advanced = advance(c.sketch, c.bench, slot, key, {v1::Advanced::DONE, "gate.made", std::nullopt, std::nullopt});
    if (auto* refusal = std::get_if<Refusal>(&advanced)) return std::move(*refusal);
  }
  return Gate::Open;
}

std::variant<Gate, Refusal> call_vote(Case& c, Slot slot, const TaskModel& gate, const v1::Arrow& arrow, const v1::Value& reason) {
  const Initiative& initiative = c.sketch.initiative(slot);
  if (carried_vote(initiative, gate)) return Gate::Open;
  if (!open_items(initiative, gate).empty()) return refuse(Code::Precondition, "vote_open");
  const v1::Body* body = body_of(c.cohort(), *initiative.model, gate.kind->gate().body());
  if (!body) return refuse(Code::Precondition, "no_body", {{"name", gate.kind->gate().body()}});
  std::uint32_t members = 0;
  each_holder(c.cohort(), initiative, body->role(), c.sketch.now(), [&](const std::string& person) {
    if (!conflict_of(c.sketch, initiative, arrow, person)) ++members;
  });
  if (members < quorum_of(*body))
    return refuse(Code::Precondition, "no_quorum", {{"name", label_or(body->label(), body->name())}, {"count", std::to_string(members)}, {"quorum", std::to_string(quorum_of(*body))}});
  if (auto refusal = check_room(initiative)) return *refusal;
  open_item(c, slot, gate, "", reason);
  return Gate::Shut;
}

/// The vote that is meant: by its key, or the only one that is open.
std::variant<const Task*, Refusal> vote_of(const Initiative& initiative, const std::string& key) {
  const Task* found = nullptr;
  for (const Task& task : initiative.tasks) {
    const TaskModel* kind = initiative.model->task(task.kind);
    if (!kind || !kind->is_vote() || (key.empty() ? task.finished : task.key != key)) continue;
    if (found) return refuse(Code::Invalid, "which_vote");
    found = &task;
  }
  if (!found) return refuse(key.empty() ? Code::Precondition : Code::NotFound, "no_vote");
  if (found->finished) return refuse(Code::Precondition, "finished");
  return found;
}

}  // namespace

std::variant<Gate, Refusal> pass_gate(Case& c, Slot slot, ArrowId id, const v1::Value& reason) {
  const Model& model = *c.sketch.initiative(slot).model;
  if (id >= model.machine().arrows.size() || !model.machine().arrows[id].gate) return Gate::Open;
  const TaskModel& gate = *model.machine().arrows[id].gate;
  const v1::Arrow& arrow = model.chart().arrow(id);
  return gate.is_vote() ? call_vote(c, slot, gate, arrow, reason) : agree(c, slot, gate, arrow, reason);
}

Outcome cast_vote(Case& c, const v1::CastVote& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (initiative.ended()) return refuse_ended(initiative);
  auto vote = vote_of(initiative, command.task());
  if (auto* refusal = std::get_if<Refusal>(&vote)) return *refusal;
  const Task& task = *std::get<const Task*>(vote);
  const TaskModel& gate = *initiative.model->task(task.kind);
  const v1::Body* body = body_of(c.cohort(), *initiative.model, gate.kind->gate().body());
  if (!body) return refuse(Code::Precondition, "no_body", {{"name", gate.kind->gate().body()}});
  const std::string person = command.person().empty() ? c.asked.actor() : command.person();
  const bool for_other = person != c.asked.actor();
  if (command.choice() == v1::BALLOT_UNSPECIFIED || !v1::Ballot_IsValid(command.choice())) return refuse(Code::Invalid, "no_command");
  const std::vector<std::string> members = holders(c.cohort(), initiative, body->role(), c.sketch.now());
  if (std::find(members.begin(), members.end(), person) == members.end())
    return refuse(Code::Forbidden, "members_only", {{"name", label_or(body->label(), body->name())}});
  // Nobody votes for another; that somebody is not there may be written down by who runs the cohort.
  if (for_other && (command.choice() != v1::EXCUSED || !may(c.cohort(), c.world(), c.viewer, Action::Manage))) return refuse(Code::Forbidden, "not_for_others");
  const bool votes = command.choice() == v1::YES || command.choice() == v1::NO || command.choice() == v1::ABSTAIN;
  const auto arrow = arrow_of(initiative, gate);
  if (votes && arrow)
    if (auto refusal = conflict_of(c.sketch, initiative, initiative.model->chart().arrow(*arrow), person)) return refusal;
  const auto before = std::find_if(task.ballots.begin(), task.ballots.end(), [&](const Voice& one) { return one.person == person; });
  if (before != task.ballots.end() && before->choice == command.choice()) return refuse(Code::Precondition, "twice");
  if (votes && before != task.ballots.end() && before->choice == v1::IN_CONFLICT) return refuse(Code::ConflictOfInterest, "conflict_declared");
  const std::string key = task.key;
  v1::Record& record = c.sketch.draft();
  v1::Voted& voted = *record.mutable_voted();
  voted.set_initiative(command.initiative());
  voted.set_task(key);
  voted.set_person(person);
  voted.set_choice(command.choice());
  c.sketch.add(record, slot);
  std::vector<Freed> freed;
  auto advanced = advance(c.sketch, c.bench, slot, key, {v1::Advanced::DONE, "", std::nullopt, std::nullopt});
  if (auto* done = std::get_if<Advance>(&advanced)) freed = std::move(done->freed);
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

}  // namespace kvali::cohort
