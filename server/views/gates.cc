// Who has agreed and who is still missing, how a vote stands, who sits in a body: each as its reader may know it.
#include <algorithm>

#include "engine/cohort/gate.h"
#include "server/views/views.h"

namespace kvali::views {
namespace {

using cohort::Initiative;

template <class List, class One>
bool contains(const List& list, const One& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

const cohort::Voice* voice_of(const cohort::Task& task, const std::string& person) {
  const auto found = std::find_if(task.ballots.begin(), task.ballots.end(), [&](const cohort::Voice& one) { return one.person == person; });
  return found == task.ballots.end() ? nullptr : &*found;
}

v1::Text role_label(const cohort::Model& model, const std::string& name) {
  const v1::Role* role = model.role(name);
  return role ? role->label() : v1::Text();
}

}  // namespace

bool Views::sees_gate(const Initiative& one, const cohort::TaskModel& gate) const {
  if (cohort::may(cohort_, world_, viewer_, cohort::Action::Manage)) return true;
  const std::vector<std::string> own = cohort::roles_for(cohort_, world_, viewer_, one);
  const auto& concerned = gate.chart->node(1).waits_for();  // of what is given, or of the open vote
  return std::any_of(own.begin(), own.end(), [&](const std::string& role) { return contains(concerned, role); });
}

bool Views::may_answer(const Initiative& one, const cohort::Task& task) const {
  const cohort::TaskModel& gate = *one.model->task(task.kind);
  if (!gate.is_gate() || task.finished || one.ended()) return false;
  const auto arrow = cohort::arrow_of(one, gate);
  if (!arrow) return false;
  const v1::Arrow& move = one.model->chart().arrow(*arrow);
  if (cohort::made_by(one, move, viewer_.person)) return false;
  const std::vector<std::string> own = cohort::roles_for(cohort_, world_, viewer_, one);
  if (gate.is_vote()) {
    const v1::Body* body = cohort::body_of(cohort_, *one.model, gate.kind->gate().body());
    return body && contains(own, body->role()) && !voice_of(task, viewer_.person) && one.applicant != viewer_.person;
  }
  const auto given = cohort::open_items(one, gate);
  if (std::any_of(given.begin(), given.end(), [&](const cohort::Task* item) { return item->by == viewer_.person; })) return false;
  const auto missing = cohort::missing_parties(one, gate, move);
  return std::any_of(missing.begin(), missing.end(), [&](const std::string& role) { return contains(own, role); });
}

void Views::add_gate(const Initiative& one, const cohort::TaskModel& gate, const v1::Arrow& arrow, v1::MoveView& view) const {
  v1::GateView& made = *view.mutable_gate();
  const auto items = cohort::open_items(one, gate);
  for (const cohort::Task* item : items) made.set_mine(made.mine() || may_answer(one, *item));
  if (gate.is_vote()) {
    if (!items.empty()) made.set_vote(items.back()->key);
    return;
  }
  const auto add = [&](const std::string& role, const cohort::Task* item) {
    v1::GateView::Party& party = *made.add_parties();
    party.set_role(role);
    *party.mutable_label() = role_label(*cohort_.model, role);
    if (!item) return;
    *party.mutable_person() = person(item->by, role);
    party.set_task(item->key);
    party.set_at_us(item->opened_at);
  };
  for (const cohort::Task* item : items) add(item->role, item);
  const auto missing = cohort::missing_parties(one, gate, arrow);
  if (!gate.kind->gate().parties().empty())
    for (const std::string& role : missing) add(role, nullptr);
  const std::size_t needed = gate.kind->gate().persons();
  made.set_missing(static_cast<std::uint32_t>(needed - std::min(needed, items.size())));
}

void Views::add_vote(const Initiative& one, const cohort::Task& task, v1::TaskView& view) const {
  const cohort::TaskModel& gate = *one.model->task(task.kind);
  view.set_role(task.role);
  if (!gate.is_vote()) return;
  const v1::Body* body = cohort::body_of(cohort_, *one.model, gate.kind->gate().body());
  if (!body) return;
  const cohort::Tally tally = cohort::tally_of(cohort_, one, task, *body, viewer_.now);
  v1::VoteView& vote = *view.mutable_vote();
  vote.set_move(gate.kind->gate().move());
  vote.set_body(body->name());
  *vote.mutable_body_label() = body->label();
  vote.set_open(!task.finished);
  vote.set_carried(task.finished && cohort::active(task.at, gate.made));
  vote.set_until_us(view.due_us());
  vote.set_cast(tally.cast);
  vote.set_members(static_cast<std::uint32_t>(cohort::holders(cohort_, one, body->role(), viewer_.now).size()));
  vote.set_quorum(tally.quorum);
  vote.set_secret(body->secret());
  // Of a secret vote nobody learns the counts while it is open: two looks would tell how one voted between them.
  if (task.finished || !body->secret()) {
    vote.set_yes(tally.yes);
    vote.set_no(tally.no);
    vote.set_abstain(tally.abstain);
  }
  vote.set_excused(tally.excused);
  vote.set_in_conflict(tally.in_conflict);
  for (const cohort::Voice& voice : task.ballots) {
    v1::BallotView& ballot = *vote.add_ballots();
    *ballot.mutable_person() = person(voice.person, body->role());
    const bool tells = !body->secret() || voice.choice == v1::EXCUSED || voice.choice == v1::IN_CONFLICT;
    if (tells) ballot.set_choice(voice.choice);
    if (voice.person == viewer_.person) vote.set_mine(voice.choice);
  }
}

void Views::add_bodies(v1::CohortRow& row) const {
  if (!works_here()) return;
  for (const v1::Body& body : cohort_.model->program().bodies()) {
    v1::BodyView& view = *row.add_bodies();
    view.set_name(body.name());
    *view.mutable_label() = body.label();
    view.set_seats(body.seats());
    for (const cohort::Assignment& one : cohort_.assignments)
      if (!one.ended && one.role == body.role() && viewer_.now < one.until) *view.add_members() = person(one.person, one.role);
    view.set_taken(static_cast<std::uint32_t>(view.members_size()));
    if (const cohort::Term* term = cohort_.term(body.name())) {
      view.set_term(term->number);
      view.set_until_us(term->until);
      view.set_over(viewer_.now >= term->until);
    }
  }
}

}  // namespace kvali::views
