#include "engine/cohort/gate.h"

#include <algorithm>

#include "engine/cohort/decide.h"
#include "engine/cohort/parts.h"
#include "engine/directory/directory.h"

namespace kvali::cohort {
namespace {

using statechart::ArrowId;

struct Counts {
  std::uint32_t yes = 0, no = 0, abstain = 0;
};

/// Whether the counts carry a motion; `chair` is how the chair voted.
bool carries(const v1::Body& body, const Counts& counts, v1::Ballot chair) {
  if (counts.yes + counts.no + counts.abstain < quorum_of(body)) return false;
  switch (body.majority()) {
    case v1::Body::OF_ALL_SEATS: return 2 * counts.yes > body.seats();
    case v1::Body::TWO_THIRDS: return counts.yes > 0 && 3 * counts.yes >= 2 * (counts.yes + counts.no);
    default: break;
  }
  if (counts.yes != counts.no || counts.yes == 0) return counts.yes > counts.no;
  return body.tie() == v1::Body::CARRIED || (body.tie() == v1::Body::CHAIR && chair == v1::YES);
}

/// Whether it stays as it is whatever those say who have not spoken. The chair may be one of them.
bool is_certain(const v1::Body& body, const Counts& now, std::uint32_t awaited, v1::Ballot chair) {
  const bool carried = carries(body, now, chair);
  for (std::uint32_t yes = 0; yes <= awaited; ++yes)
    for (std::uint32_t no = 0; yes + no <= awaited; ++no)
      for (std::uint32_t abstain = 0; yes + no + abstain <= awaited; ++abstain)
        for (const v1::Ballot word : {v1::YES, v1::NO}) {
          const bool known = chair != v1::BALLOT_UNSPECIFIED;
          if (carries(body, {now.yes + yes, now.no + no, now.abstain + abstain}, known ? chair : word) != carried) return false;
        }
  return true;
}

bool contains(const std::vector<std::string>& list, const std::string& one) { return std::find(list.begin(), list.end(), one) != list.end(); }

Instant since(const Initiative& initiative, std::uint32_t state) {
  for (const auto& [active, at] : initiative.at.since)
    if (active == state) return at;
  return calendar::never;
}

void void_item(Sketch& sketch, Bench& bench, Slot slot, const std::string& task) {
  (void)advance(sketch, bench, slot, task, {v1::Advanced::DONE, "gate.lapsed", std::nullopt, std::nullopt});
}

/// The keys of open items of gates for which `is_void` holds.
template <class IsVoid>
std::vector<std::string> open_keys(const Initiative& initiative, IsVoid is_void) {
  std::vector<std::string> keys;
  for (const Task& task : initiative.tasks) {
    const TaskModel* kind = initiative.model->task(task.kind);
    if (!task.finished && kind && kind->is_gate() && is_void(kind->kind->gate())) keys.push_back(task.key);
  }
  return keys;
}

}  // namespace

const v1::Body* body_of(const Cohort& cohort, const Model& model, const std::string& name) {
  const v1::Body* body = cohort.model->body(name);
  return body ? body : model.body(name);
}

std::uint32_t quorum_of(const v1::Body& body) { return body.quorum() ? body.quorum() : body.seats() / 2 + 1; }

Tally tally_of(const Cohort& cohort, const Initiative& initiative, const Task& task, const v1::Body& body, Instant now) {
  Tally tally;
  tally.quorum = quorum_of(body);
  std::vector<std::string> chairs;
  if (body.tie() == v1::Body::CHAIR) chairs = holders(cohort, initiative, body.chair(), now);
  v1::Ballot chair = body.tie() == v1::Body::CHAIR && chairs.empty() ? v1::ABSTAIN : v1::BALLOT_UNSPECIFIED;  // nobody is the chair
  const auto has_spoken = [&](const std::string& person) {
    return std::any_of(task.ballots.begin(), task.ballots.end(), [&](const Voice& one) { return one.person == person; });
  };
  for (const Voice& one : task.ballots) {
    switch (one.choice) {
      case v1::YES: ++tally.yes; break;
      case v1::NO: ++tally.no; break;
      case v1::ABSTAIN: ++tally.abstain; break;
      case v1::EXCUSED: ++tally.excused; break;
      case v1::IN_CONFLICT: ++tally.in_conflict; break;
      default: break;
    }
    if (contains(chairs, one.person)) chair = one.choice;
  }
  tally.cast = tally.yes + tally.no + tally.abstain;
  each_holder(cohort, initiative, body.role(), now, [&](const std::string& person) {
    if (person != initiative.applicant && !has_spoken(person)) ++tally.awaited;
  });
  // Who says "excused" may come after all; until everybody has spoken she is not waited for.
  const Counts counts{tally.yes, tally.no, tally.abstain};
  tally.carried = carries(body, counts, chair);
  tally.decided = is_certain(body, counts, tally.awaited, chair);
  return tally;
}

std::vector<const Task*> open_items(const Initiative& initiative, const TaskModel& gate) {
  std::vector<const Task*> items;
  for (const Task& task : initiative.tasks)
    if (!task.finished && task.kind == gate.kind->name()) items.push_back(&task);
  return items;
}

const Task* carried_vote(const Initiative& initiative, const TaskModel& gate) {
  if (!gate.is_vote()) return nullptr;
  const Task* last = nullptr;
  for (const Task& task : initiative.tasks)
    if (task.kind == gate.kind->name()) last = &task;
  const bool carried = last && last->finished && active(last->at, gate.made) && last->opened_at >= since(initiative, gate.kind->gate().state());
  return carried ? last : nullptr;
}

std::vector<std::string> missing_parties(const Initiative& initiative, const TaskModel& gate, const v1::Arrow& arrow) {
  std::vector<std::string> missing;
  const auto given = open_items(initiative, gate);
  const v1::Gate& rule = gate.kind->gate();
  if (gate.is_vote()) return missing;
  if (rule.parties().empty()) {
    if (given.size() < rule.persons()) missing.assign(arrow.move().by().begin(), arrow.move().by().end());
    return missing;
  }
  for (const std::string& role : rule.parties())
    if (std::none_of(given.begin(), given.end(), [&](const Task* one) { return one->role == role; })) missing.push_back(role);
  return missing;
}

const std::string* made_by(const Initiative& initiative, const v1::Arrow& arrow, const std::string& person) {
  for (const std::string& what : arrow.move().not_by())
    for (const auto& [made, by] : initiative.makers)
      if (made == what && by == person) return &what;
  return nullptr;
}

v1::Text label_of_made(const Model& model, const std::string& name) {
  for (const v1::Arrow& arrow : model.chart().machine().arrows())
    if (arrow.move().name() == name) return label_or(arrow.move().label(), name);
  const v1::Field* field = model.field(name);
  return label_or(field ? field->label() : v1::Text(), name);
}

std::optional<Refusal> conflict_of(const Sketch& sketch, const Initiative& initiative, const v1::Arrow& arrow, const std::string& person) {
  if (initiative.applicant == person) return refuse(Code::ConflictOfInterest, "conflict_own");
  if (!initiative.organisation.empty() && sketch.world().directory.related(person, "member", initiative.organisation, sketch.now()))
    return refuse(Code::ConflictOfInterest, "conflict_organisation");
  if (const std::string* made = made_by(initiative, arrow, person)) return refuse(Code::ConflictOfInterest, "not_who_made", {{"name", label_of_made(*initiative.model, *made)}});
  return std::nullopt;
}

std::optional<ArrowId> arrow_of(const Initiative& initiative, const TaskModel& gate) {
  const statechart::Chart& chart = initiative.model->chart();
  const std::uint32_t state = gate.kind->gate().state();
  if (!active(initiative.at, state)) return std::nullopt;
  for (const ArrowId arrow : chart.arrows_of(state))
    if (chart.arrow(arrow).move().gate() == gate.kind->name()) return arrow;
  return std::nullopt;
}

void lapse_left(Sketch& sketch, Bench& bench, Slot slot, const google::protobuf::RepeatedField<std::uint32_t>& left, bool all) {
  const Initiative& initiative = sketch.initiative(slot);
  if (!initiative.model->has_gates()) return;
  const auto is_void = [&](const v1::Gate& gate) { return all || std::find(left.begin(), left.end(), gate.state()) != left.end(); };
  for (const std::string& key : open_keys(initiative, is_void)) void_item(sketch, bench, slot, key);
}

void lapse_written(Sketch& sketch, Bench& bench, Slot slot, const google::protobuf::RepeatedPtrField<v1::FieldWritten>& written) {
  const Initiative& initiative = sketch.initiative(slot);
  if (!initiative.model->has_gates()) return;
  const auto is_void = [&](const v1::Gate& gate) {
    return std::any_of(written.begin(), written.end(), [&](const v1::FieldWritten& one) {
      return std::find(gate.rests_on().begin(), gate.rests_on().end(), one.name()) != gate.rests_on().end();
    });
  };
  for (const std::string& key : open_keys(initiative, is_void)) void_item(sketch, bench, slot, key);
}

void after_vote(Sketch& sketch, Bench& bench, Slot slot, const std::string& task_key, std::vector<Freed>& freed) {
  const Initiative& initiative = sketch.initiative(slot);
  const Task* task = initiative.task(task_key);
  const TaskModel* gate = task ? initiative.model->task(task->kind) : nullptr;
  if (!gate || !gate->is_vote() || initiative.ended()) return;
  if (!active(task->at, gate->made)) {
    const auto lost = gate->chart->find("lost");
    if (!lost || !active(task->at, *lost)) return;
    auto advanced = advance(sketch, bench, slot, "", {v1::Advanced::DONE, gate->lost, std::nullopt, std::nullopt});
    if (auto* done = std::get_if<Advance>(&advanced)) freed.insert(freed.end(), done->freed.begin(), done->freed.end());
    return;
  }
  const auto arrow = arrow_of(initiative, *gate);
  if (!arrow) return;
  const ArrowModel& model = initiative.model->machine().arrows[*arrow];
  const Facts facts(sketch.base(), &initiative, nullptr, sketch.now());
  if (model.guard && !facts.holds(*model.guard).holds) return;
  if (!std::all_of(model.needs.begin(), model.needs.end(), [&](const NeedModel& need) { return facts.holds(*need.when).holds; })) return;
  const v1::Value reason = task->reason;
  std::vector<Freed> more;
  if (take_move(sketch, bench, slot, "", *arrow, reason, more)) return;
  freed.insert(freed.end(), more.begin(), more.end());
}

}  // namespace kvali::cohort
