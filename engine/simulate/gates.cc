// What others do once somebody has asked for a move that is agreed or voted on: they agree, and members vote.
#include <algorithm>

#include "engine/cohort/gate.h"
#include "engine/simulate/play.h"

namespace kvali::simulate {
namespace {

constexpr std::uint64_t yes_in_100 = 85;                         // of members who vote; a guess, like every habit
constexpr calendar::Instant answers_within_us = 5 * calendar::day_us;  // where no deadline says when

bool has_spoken(const cohort::Task& task, const std::string& person) {
  return std::any_of(task.ballots.begin(), task.ballots.end(), [&](const cohort::Voice& one) { return one.person == person; });
}

}  // namespace

/// One intent for each person who may be missing; who is not needed any more does nothing.
void Player::plan_answers(cohort::Slot slot, std::uint32_t position) {
  const cohort::Initiative& initiative = cohort_.initiatives[slot];
  const cohort::Task& task = initiative.tasks[position - 1];
  const cohort::TaskModel* gate = initiative.model->task(task.kind);
  if (!gate || !gate->is_gate() || task.finished) return;
  const v1::Body* body = gate->is_vote() ? cohort::body_of(cohort_, *initiative.model, gate->kind->gate().body()) : nullptr;
  calendar::Instant allowed = answers_within_us;
  for (const cohort::Timer& timer : task.at.timers) allowed = std::min(allowed, timer.due - now_);
  const std::uint32_t people = body ? body->seats() : 1;
  for (std::uint32_t i = 0; i < people; ++i) {
    Intent intent;
    intent.what = What::Answer;
    intent.slot = slot;
    intent.task = position;
    intent.pick = static_cast<std::uint16_t>(i);
    intent.at = now_ + calendar::second_us + static_cast<calendar::Instant>(chance_[number_[slot]].under(static_cast<std::uint64_t>(std::max<calendar::Instant>(1, allowed / 2))));
    add(intent);
  }
}

void Player::answer(const Intent& intent) {
  const cohort::Initiative& initiative = cohort_.initiatives[intent.slot];
  if (initiative.ended()) return;
  const cohort::Task& task = initiative.tasks[intent.task - 1];
  const cohort::TaskModel* gate = initiative.model->task(task.kind);
  if (task.finished || !gate) return;
  const v1::Body* body = gate->is_vote() ? cohort::body_of(cohort_, *initiative.model, gate->kind->gate().body()) : nullptr;
  if (body) return vote(intent, task, *body);
  agree(intent, *gate);
}

void Player::agree(const Intent& intent, const cohort::TaskModel& gate) {
  const cohort::Initiative& initiative = cohort_.initiatives[intent.slot];
  const auto arrow = cohort::arrow_of(initiative, gate);
  if (!arrow) return;
  const v1::Arrow& move = initiative.model->chart().arrow(*arrow);
  const auto given = cohort::open_items(initiative, gate);
  const auto missing = cohort::missing_parties(initiative, gate, move);
  for (std::size_t role = 0; role < scene_.cast.size(); ++role) {
    const Cast& cast = scene_.cast[role];
    if (std::find(missing.begin(), missing.end(), cast.role->name()) == missing.end()) continue;
    std::vector<std::string> people = cast.people;
    if (role == applicant_role_) people = {scene_.applicants[number_[intent.slot]]};
    const auto other = std::find_if(people.begin(), people.end(), [&](const std::string& person) {
      return std::none_of(given.begin(), given.end(), [&](const cohort::Task* one) { return one->by == person; });
    });
    if (other == people.end()) continue;
    v1::MakeMove& make = *command().mutable_make_move();
    make.set_initiative(initiative.id);
    make.set_move(move.move().name());
    if (initiative.model->machine().arrows[*arrow].needs_reason) make.mutable_reason()->mutable_sealed()->set_size(40);
    const std::string person = *other;
    if (const auto code = ask(person))
      ++findings_.refused[{move.move().name(), *code}];
    else
      ++findings_.roles[role].acts;
    return;
  }
}

void Player::vote(const Intent& intent, const cohort::Task& task, const v1::Body& body) {
  for (std::size_t role = 0; role < scene_.cast.size(); ++role) {
    const Cast& cast = scene_.cast[role];
    if (cast.role->name() != body.role() || intent.pick >= cast.people.size() || has_spoken(task, cast.people[intent.pick])) continue;
    v1::CastVote& cast_vote = *command().mutable_cast_vote();
    cast_vote.set_initiative(cohort_.initiatives[intent.slot].id);
    cast_vote.set_task(task.key);
    cast_vote.set_choice(chance_[number_[intent.slot]].under(100) < yes_in_100 ? v1::YES : v1::NO);
    if (const auto code = ask(cast.people[intent.pick]))
      ++findings_.refused[{body.name(), *code}];
    else
      ++findings_.roles[role].acts;
    return;
  }
}

}  // namespace kvali::simulate
