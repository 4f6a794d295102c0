// What no rule foresaw: late admission and any other legal state, with a reason and a second person. Invariants still hold.
#include "engine/cohort/gate.h"
#include "engine/cohort/organisations.h"
#include "engine/cohort/parts.h"

namespace kvali::cohort {
namespace {

bool may_propose(const Case& c, const Initiative& initiative) {
  return may(c.cohort(), c.world(), c.viewer, Action::Manage, &initiative) ||
         speaks_for(c.cohort(), c.world(), c.viewer, &initiative, c.cohort().model->applicant_role());
}

}  // namespace

Outcome propose_exception(Case& c, const v1::ProposeException& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (!may_propose(c, initiative)) return refuse(Code::Forbidden, "forbidden");
  const auto state = initiative.model->find_state(command.to());
  if (!state) return refuse(Code::Invalid, "no_state", {{"name", command.to()}});
  if (command.reason().sealed().size() == 0)
    return refuse_unmet({{Code::Invalid, "reason", sentence("reason_missing"), calendar::never}});
  // Tried at once, so that nobody is asked to confirm what cannot be.
  std::vector<Freed> freed;
  auto excepted = except(c.sketch, c.bench, slot, *state, freed);
  if (auto* refusal = std::get_if<Refusal>(&excepted)) return *refusal;
  v1::Record& record = c.sketch.draft();
  record.mutable_exception_proposed()->set_initiative(initiative.id);
  record.mutable_exception_proposed()->set_to(*state);
  *record.mutable_exception_proposed()->mutable_reason() = command.reason();
  c.sketch.add(record, slot);
  return std::nullopt;
}

Outcome confirm_exception(Case& c, const v1::ConfirmException& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (auto refusal = must_manage(c, initiative)) return refusal;
  if (!initiative.proposal) return refuse(Code::Precondition, "no_exception");
  if (initiative.proposal->by == c.asked.actor()) return refuse(Code::Forbidden, "same_person");
  const Proposal proposal = *initiative.proposal;
  std::vector<Freed> freed;
  auto excepted = except(c.sketch, c.bench, slot, proposal.to, freed);
  if (auto* refusal = std::get_if<Refusal>(&excepted)) return *refusal;
  v1::Record& record = c.sketch.draft();
  v1::Excepted& made = *record.mutable_excepted();
  made = std::move(std::get<v1::Excepted>(excepted));
  made.set_proposed_by(proposal.by);
  *made.mutable_reason() = proposal.reason;
  const auto left = made.left();
  const bool ends = made.end() != v1::State::END_UNSPECIFIED;
  c.sketch.add(record, slot);
  note_facts(c.sketch, slot);  // of one that had ended nothing was heard meanwhile
  lapse_left(c.sketch, c.bench, slot, left, ends);
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

Outcome decline_exception(Case& c, const v1::DeclineException& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Slot slot = std::get<Slot>(found);
  if (auto refusal = must_manage(c, c.sketch.initiative(slot))) return refusal;
  if (!c.sketch.initiative(slot).proposal) return refuse(Code::Precondition, "no_exception");
  v1::Record& record = c.sketch.draft();
  record.mutable_exception_declined()->set_initiative(command.initiative());
  c.sketch.add(record, slot);
  return std::nullopt;
}

}  // namespace kvali::cohort
