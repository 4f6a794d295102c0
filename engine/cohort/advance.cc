#include "engine/cohort/advance.h"

#include <algorithm>
#include <utility>

#include "engine/cohort/arming.h"
#include "engine/cohort/gate.h"
#include "engine/cohort/reading.h"
#include "engine/cohort/reasons.h"

namespace kvali::cohort {
namespace {

using statechart::StateId;

/// Answers the step from the facts of one initiative and collects what its actions ask of the world.
class AdvanceHost final : public statechart::Host {
 public:
  AdvanceHost(const Facts& facts, const MachineModel& machine, Asks& asks) : facts_(facts), machine_(machine), asks_(asks) { asks_.clear(); }

  bool holds(statechart::ArrowId arrow, const statechart::Event*, statechart::Turn& turn) override {
    const Truth truth = facts_.holds(*machine_.arrows[arrow].guard);
    if (!truth.error.empty()) fail(turn);
    if (truth.out_of_work) asks_.failed.push_back({arrow, truth.error});
    return truth.holds;
  }
  statechart::Acted act(const v1::Action& action, statechart::Site site, const statechart::Event*, statechart::Turn& turn) override {
    switch (action.kind_case()) {
      case v1::Action::kRaise: turn.raise(action.raise().event()); return statechart::Acted::Yes;
      case v1::Action::kTell: asks_.tells.push_back({&action.tell(), source_of(site)}); return statechart::Acted::Yes;
      case v1::Action::kOpenTask: asks_.opens.push_back(&action.open_task().kind()); return statechart::Acted::Yes;
      case v1::Action::kSend:
      case v1::Action::kCancel:
      case v1::Action::kCancelExpression:
      case v1::Action::kAssign:
      case v1::Action::kChoose:
      case v1::Action::kForEach:
      case v1::Action::kLog:
      case v1::Action::KIND_NOT_SET: break;  // programs do not expand to these
    }
    fail(turn);
    return statechart::Acted::Failed;
  }

  void entered(StateId state, statechart::Entry how) override {
    if (how == statechart::Entry::Remembered) asks_.brought_back.push_back(state);
  }

 private:
  /// Once in a macrostep: the event makes eventless arrows be asked again, and what could not be evaluated cannot be then.
  void fail(statechart::Turn& turn) {
    if (!std::exchange(has_failed_, true)) turn.raise("error.execution");
  }
  std::uint32_t source_of(statechart::Site site) const {
    return site.kind == statechart::Site::Kind::Arrow ? machine_.chart->arrow(site.id).source() : site.id;
  }
  const Facts& facts_;
  const MachineModel& machine_;
  Asks& asks_;
  bool has_failed_ = false;
};

bool contains(const std::vector<StateId>& sorted, StateId state) { return std::binary_search(sorted.begin(), sorted.end(), state); }

/// What was left, once each, that was active before; what was entered, in its last order, that is active at the end.
using States = google::protobuf::RepeatedField<std::uint32_t>;

void net_left(const statechart::Macrostep& step, const std::vector<StateId>& before, States& net) {
  for (const StateId state : step.left)
    if (contains(before, state) && std::find(net.begin(), net.end(), state) == net.end()) net.Add(state);
}

void net_entered(const statechart::Macrostep& step, const std::vector<StateId>& after, States& net) {
  for (auto at = step.entered.rbegin(); at != step.entered.rend(); ++at)
    if (contains(after, *at) && std::find(net.begin(), net.end(), *at) == net.end()) net.Add(*at);
  std::reverse(net.begin(), net.end());
}

/// Who has a conflict of interest is not told; of a review, only its readers who have not scored.
void tell(google::protobuf::RepeatedPtrField<v1::Told>& told, const Sketch& sketch, const Initiative& initiative,
          const std::string& role, const std::string& message, std::uint32_t state, Instant due, const std::string& review = {}) {
  v1::Told* one = told.Add();
  one->set_message(message);
  one->set_role(role);
  one->set_state(state);
  one->set_due_us(due);
  const auto add = [&](const std::string& to, const std::string& of) {
    for (std::string& person : hearers(sketch.base(), sketch.world(), initiative, to, sketch.now(), of)) one->add_persons(std::move(person));
  };
  add(role, review);
  if (one->persons_size() > 0) return;
  // A letter that nobody would read goes to who runs the cohort; to readers, when all have scored, there is nothing to say.
  if (review.empty())
    add(initiative.model->manager_role(), "");
  else
    told.RemoveLast();
}

/// A letter that names no role goes to whoever is waited for.
void tell_all(google::protobuf::RepeatedPtrField<v1::Told>& told, const Sketch& sketch, const Initiative& initiative,
              const Asks::Tell& letter, const statechart::Chart& chart, const std::vector<StateId>& active, Instant due) {
  const std::string& message = letter.effect->message();
  for (const std::string& role : letter.effect->roles()) tell(told, sketch, initiative, role, message, letter.state, due, letter.effect->review());
  if (letter.effect->roles_size() > 0) return;
  std::vector<const std::string*> roles;
  for (const StateId state : active)
    for (const std::string& role : chart.node(state).waits_for())
      if (std::none_of(roles.begin(), roles.end(), [&](const std::string* one) { return *one == role; })) roles.push_back(&role);
  for (const std::string* role : roles) tell(told, sketch, initiative, *role, message, letter.state, due);
}

Instant since(const Instance& instance, StateId state) {
  const auto found = std::find_if(instance.since.begin(), instance.since.end(), [&](const auto& one) { return one.first == state; });
  return found == instance.since.end() ? 0 : found->second;
}

/// The timers a history keeps: of states below its parent that are being left, with what remains of each.
void keep_history(v1::Advanced& record, const Instance& before, const statechart::Configuration& after, const statechart::Chart& chart,
                  Instant now) {
  for (const auto& entry : after.history) {
    if (std::find(before.where.history.begin(), before.where.history.end(), entry) != before.where.history.end()) continue;
    v1::HistoryKept* kept = record.add_history();
    kept->set_history(entry.first);
    for (const StateId state : entry.second) kept->add_states(state);
    const StateId parent = chart.parent(entry.first);
    for (const Timer& timer : before.timers) {
      if (timer.state != parent && !chart.is_descendant(timer.state, parent)) continue;
      v1::TimerArmed* remaining = kept->add_remaining();
      fill(*remaining, timer);
      remaining->set_due_us(std::max<Instant>(0, timer.due - now));
    }
  }
}

/// The timers that history kept for `state`, when a history brought it back.
const std::vector<Timer>* remembered(const Instance& before, const statechart::Chart& chart, const Asks& asks, StateId state) {
  if (std::find(asks.brought_back.begin(), asks.brought_back.end(), state) == asks.brought_back.end()) return nullptr;
  for (const auto& [history, timers] : before.remaining) {
    const StateId parent = chart.parent(history);
    if (state == parent || chart.is_descendant(state, parent)) return &timers;
  }
  return nullptr;
}

v1::State::End end_of(const statechart::Chart& chart, std::span<const StateId> active) {
  for (const StateId state : active)
    if (chart.node(state).ends() != v1::State::END_UNSPECIFIED) return chart.node(state).ends();
  return v1::State::END_UNSPECIFIED;
}

/// What is stepped, and where it then stands.
struct Stepped {
  const Initiative& initiative;
  const Task* task;
  const Instance& before;
  const MachineModel& machine;
  statechart::Configuration& after;
};

const statechart::Macrostep& run(Bench& bench, Stepped& stepped, const Trigger& trigger, AdvanceHost& host) {
  const statechart::Chart& chart = *stepped.machine.chart;
  statechart::Stepper& stepper = bench.stepper(chart);
  if (trigger.arrow) return stepper.take(stepped.after, *trigger.arrow, host);
  if (!trigger.what.empty()) return stepper.dispatch(stepped.after, chart.event(trigger.what), host);
  return stepper.settle(stepped.after, host);
}

/// What must hold all the same for arrows that no person makes: the checklist, a move's own needs.
/// The facts are told to who makes a move; of what goes on by itself nobody reads them.
std::optional<Refusal> unmet_needs(const statechart::Macrostep& step, const Stepped& stepped, const Facts& facts, const Sketch& sketch,
                                   v1::Advanced::Cause cause) {
  std::vector<Unmet> unmet;
  const Viewer viewer{cause == v1::Advanced::MOVE ? sketch.actor() : "", sketch.now()};
  for (const statechart::ArrowId arrow : step.taken)
    for (const NeedModel& need : stepped.machine.arrows[arrow].own_needs)
      if (!facts.holds(*need.when).holds)
        unmet.push_back(unmet_need({sketch.base(), sketch.world(), viewer, stepped.initiative, stepped.task}, facts, need));
  if (unmet.empty()) return std::nullopt;
  Refusal refusal{Code::GuardFailed, unmet.front().why, {}, {}};
  refusal.unmet = std::move(unmet);
  return refusal;
}

void state_steps(v1::Advanced& record, const statechart::Macrostep& step, const Stepped& stepped, const Asks& asks, const Sketch& sketch) {
  for (const statechart::ArrowId arrow : step.taken) record.add_arrows(arrow);
  net_left(step, stepped.before.where.active, *record.mutable_left());
  keep_history(record, stepped.before, stepped.after, *stepped.machine.chart, sketch.now());
  net_entered(step, stepped.after.active, *record.mutable_entered());
  for (const StateId state : record.entered())
    arm_on_entry(sketch.base(), stepped.initiative, stepped.task, stepped.machine, state, sketch.now(), sketch.now(),
                 remembered(stepped.before, *stepped.machine.chart, asks, state), *record.mutable_armed());
}

/// Records the guards that ran out of work, each once while its state is active, and tells the manager.
void tell_failed(Sketch& sketch, Slot slot, const std::string& task_key, const std::vector<Asks::Failed>& failed) {
  for (const Asks::Failed& one : failed) {
    const Initiative& initiative = sketch.initiative(slot);
    const Task* task = task_key.empty() ? nullptr : initiative.task(task_key);
    const Instance& instance = task ? task->at : initiative.at;
    if (std::find(instance.failed.begin(), instance.failed.end(), one.arrow) != instance.failed.end()) continue;
    const statechart::Chart& chart = task ? *initiative.model->task(task->kind)->machine.chart : initiative.model->chart();
    const v1::Arrow& arrow = chart.arrow(one.arrow);
    v1::Record& record = sketch.draft();
    v1::GuardFailed& guard = *record.mutable_guard_failed();
    guard.set_initiative(initiative.id);
    guard.set_task(task_key);
    guard.set_arrow(one.arrow);
    guard.set_guard(arrow.guard());
    guard.set_why(one.why);
    tell(*guard.mutable_told(), sketch, initiative, initiative.model->manager_role(), "guard_failed", arrow.source(), 0);
    sketch.add(record, slot);
  }
}

void state_timer(v1::Advanced& record, const Stepped& stepped, const Timer& fired, const Sketch& sketch) {
  record.mutable_fired()->set_state(fired.state);
  record.mutable_fired()->set_timer(fired.timer);
  if (!std::binary_search(stepped.after.active.begin(), stepped.after.active.end(), fired.state)) return;
  if (const auto next = next_repeat(sketch.base(), stepped.machine, fired, since(stepped.before, fired.state)))
    fill(*record.add_armed(), *next);
}

}  // namespace

statechart::Stepper& Bench::stepper(const statechart::Chart& chart) {
  std::unique_ptr<statechart::Stepper>& one = steppers_[&chart];
  if (!one) one = std::make_unique<statechart::Stepper>(chart);
  return *one;
}

std::vector<StateId> active_after(const Sketch& sketch, Bench& bench, const Initiative& initiative, statechart::ArrowId arrow) {
  const Facts facts(sketch.base(), &initiative, nullptr, sketch.now());
  AdvanceHost host(facts, initiative.model->machine(), bench.asks());
  statechart::Configuration where = initiative.at.where;
  const statechart::Macrostep& step = bench.stepper(initiative.model->chart()).take(where, arrow, host);
  if (step.overflow || step.refusal != statechart::Refusal::None) return initiative.at.where.active;
  return std::move(where.active);
}

std::variant<std::vector<v1::PlaceChange>, Refusal> place_changes(const Sketch& sketch, const Initiative& initiative,
                                                                  std::span<const StateId> active, const HeldDecision* kept) {
  std::vector<v1::PlaceChange> changes;
  const bool ends = end_of(initiative.model->chart(), active) != v1::State::END_UNSPECIFIED;
  for (const QuotaModel& quota : initiative.model->quotas()) {
    const std::string& name = quota.quota->name();
    const bool claimed = kept && std::any_of(kept->places.begin(), kept->places.end(), [&](const auto& one) { return one.first == name; });
    const bool holds = !ends && (claimed || std::any_of(active.begin(), active.end(), [&](StateId state) { return quota.holds[state]; }));
    const auto held = std::find_if(initiative.places.begin(), initiative.places.end(), [&](const auto& one) { return one.first == name; });
    if (holds == (held != initiative.places.end())) continue;
    v1::PlaceChange change;
    change.set_quota(name);
    change.set_taken(holds);
    if (!holds) {
      change.set_by(held->second);
      changes.push_back(change);
      continue;
    }
    if (!quota.by_field.empty()) {
      const v1::Value* by = initiative.field(quota.by_field);
      if (!by || by->text().empty()) return refuse(Code::Precondition, "needs_locality");
      change.set_by(by->text());
    }
    const std::uint32_t places = sketch.places(*quota.quota, change.by());
    if (sketch.taken(name, change.by()) >= places) {
      Refusal refusal = refuse(Code::QuotaFull, "quota_full", {{"places", std::to_string(places)}});
      if (quota.quota->has_why()) refusal.sentence = quota.quota->why();
      refusal.unmet.push_back({Code::QuotaFull, name, refusal.sentence, calendar::never});
      return refusal;
    }
    changes.push_back(change);
  }
  return changes;
}

std::variant<Advance, Refusal> advance(Sketch& sketch, Bench& bench, Slot slot, const std::string& task_key, const Trigger& trigger) {
  const Initiative& before = sketch.initiative(slot);
  const Task* task = task_key.empty() ? nullptr : before.task(task_key);
  KVALI_CHECK(task_key.empty() || task != nullptr);
  const MachineModel& machine = task ? before.model->task(task->kind)->machine : before.model->machine();
  const Instance& instance = task ? task->at : before.at;
  Stepped stepped{before, task, instance, machine, bench.where()};
  stepped.after = instance.where;
  const Facts facts(sketch.base(), &before, task, sketch.now());
  AdvanceHost host(facts, machine, bench.asks());
  const statechart::Macrostep& step = run(bench, stepped, trigger, host);
  const Asks& asks = bench.asks();
  if (step.overflow) return refuse(Code::Limit, "overflow");
  Advance outcome;
  outcome.moved = !step.taken.empty();
  if (!outcome.moved && !trigger.fired) {
    tell_failed(sketch, slot, task_key, asks.failed);
    return outcome;
  }
  if (auto refusal = unmet_needs(step, stepped, facts, sketch, trigger.cause)) return std::move(*refusal);

  v1::Record& record = sketch.draft(Records::Kind::kAdvanced);
  v1::Advanced& advanced = *record.mutable_advanced();
  advanced.set_initiative(before.id);
  if (task) advanced.set_task(task_key);
  advanced.set_cause(trigger.cause);
  advanced.set_what(trigger.what.data(), trigger.what.size());
  if (trigger.reason && trigger.reason->kind_case() != v1::Value::KIND_NOT_SET) *advanced.mutable_reason() = *trigger.reason;
  state_steps(advanced, step, stepped, asks, sketch);
  if (trigger.fired) state_timer(advanced, stepped, *trigger.fired, sketch);
  if (!task) {
    const auto& left = advanced.left();
    const bool decision_stays =
        before.held && std::find(left.begin(), left.end(), machine.chart->arrow(before.held->arrow).source()) == left.end();
    auto places = place_changes(sketch, before, stepped.after.active, decision_stays ? &*before.held : nullptr);
    if (auto* refusal = std::get_if<Refusal>(&places)) return std::move(*refusal);
    for (v1::PlaceChange& change : std::get<std::vector<v1::PlaceChange>>(places)) {
      if (!change.taken()) outcome.freed.push_back({change.quota(), change.by()});
      *advanced.add_places() = std::move(change);
    }
    advanced.set_end(end_of(*machine.chart, stepped.after.active));
  }
  if (!task) free_again(before, advanced.left(), outcome.freed);
  if (!sketch.bulk().id.empty()) {
    advanced.set_bulk(sketch.bulk().id);
    advanced.set_letters_wait_until_us(sketch.bulk().undo_until);
  }
  advanced.set_finished(task ? stepped.after.done : advanced.end() != v1::State::END_UNSPECIFIED);
  if (advanced.finished()) advanced.clear_armed();  // what has ended waits for nothing
  outcome.finished_task = task && stepped.after.done;
  const Instant planned = trigger.fired ? trigger.fired->planned : 0;
  for (const Asks::Tell& letter : asks.tells)
    tell_all(*advanced.mutable_told(), sketch, before, letter, *machine.chart, instance.where.active, planned);
  const Model& model = *before.model;
  const auto left = model.has_gates() && !task ? advanced.left() : States();
  const bool ends = !task && advanced.finished(), has_left = left.size() > 0;
  sketch.add(record, slot);
  tell_failed(sketch, slot, task_key, asks.failed);
  const std::vector<const std::string*> opens = asks.opens;  // what is opened is stepped too
  for (const std::string* kind : opens)
    if (const TaskModel* opened = model.task(*kind))
      open_task(sketch, bench, slot, *opened, trigger.fired ? planned : sketch.now(), "", sketch.draft(Records::Kind::kTaskOpened));
  // What follows may step this initiative again: nothing of the step above is used from here on.
  if (has_left || ends) lapse_left(sketch, bench, slot, left, ends);
  if (outcome.finished_task && model.has_gates()) after_vote(sketch, bench, slot, task_key, outcome.freed);
  return outcome;
}

void free_again(const Initiative& before, const google::protobuf::RepeatedField<std::uint32_t>& left, std::vector<Freed>& freed) {
  const statechart::Chart& chart = before.model->chart();
  for (const StateId state : left) {
    const std::string& quota = chart.node(state).standstill();
    const QuotaModel* known = quota.empty() ? nullptr : before.model->quota(quota);
    if (!known) continue;
    const v1::Value* by = known->by_field.empty() ? nullptr : before.field(known->by_field);
    freed.push_back({quota, by ? by->text() : ""});
  }
}

bool start_machine(Sketch& sketch, Bench& bench, const Initiative& initiative, const Task* task, const MachineModel& machine,
                   google::protobuf::RepeatedField<std::uint32_t>& entered, google::protobuf::RepeatedPtrField<v1::TimerArmed>& armed) {
  const Facts facts(sketch.base(), &initiative, task, sketch.now());
  AdvanceHost host(facts, machine, bench.asks());
  statechart::Configuration& where = bench.where();
  where.active.clear();
  where.history.clear();
  where.done = false;
  const statechart::Macrostep& step = bench.stepper(*machine.chart).start(where, host);
  net_entered(step, where.active, entered);
  for (const StateId state : entered)
    arm_on_entry(sketch.base(), initiative, task, machine, state, sketch.now(), sketch.now(), nullptr, armed);
  return where.done;
}

std::string open_task(Sketch& sketch, Bench& bench, Slot slot, const TaskModel& kind, Instant planned, const std::string& by,
                      v1::Record& draft) {
  const Initiative& initiative = sketch.initiative(slot);
  Task task;
  task.kind = kind.kind->name();
  task.number = 1 + static_cast<std::uint32_t>(std::count_if(initiative.tasks.begin(), initiative.tasks.end(),
                                                             [&](const Task& one) { return one.kind == task.kind; }));
  task.key = task.kind + "/" + std::to_string(task.number);
  task.planned = planned;
  v1::TaskOpened& opened = *draft.mutable_task_opened();
  opened.set_finished(start_machine(sketch, bench, initiative, &task, kind.machine, *opened.mutable_entered(), *opened.mutable_armed()));
  opened.set_initiative(initiative.id);
  opened.set_task(task.key);
  opened.set_kind(task.kind);
  opened.set_number(task.number);
  opened.set_planned_us(planned);
  if (!by.empty()) opened.set_by(by);
  if (!sketch.bulk().id.empty()) opened.set_bulk(sketch.bulk().id);
  for (const Asks::Tell& letter : bench.asks().tells) tell_all(*opened.mutable_told(), sketch, initiative, letter, *kind.chart, {}, 0);
  sketch.add(draft, slot);
  return task.key;
}

std::variant<v1::Excepted, Refusal> except(Sketch& sketch, Bench& bench, Slot slot, std::uint32_t state, std::vector<Freed>& freed) {
  const Initiative& before = sketch.initiative(slot);
  const MachineModel& machine = before.model->machine();
  const statechart::Chart& chart = *machine.chart;
  const Facts facts(sketch.base(), &before, nullptr, sketch.now());
  AdvanceHost host(facts, machine, bench.asks());
  statechart::Configuration where = before.at.where;
  const StateId targets[] = {state};
  const statechart::Macrostep& step = bench.stepper(chart).enter(where, targets, host);
  if (step.refusal != statechart::Refusal::None || step.overflow)
    return refuse(Code::Precondition, "no_way", {{"name", chart.path(state)}});
  v1::Excepted record;
  record.set_initiative(before.id);
  net_left(step, before.at.where.active, *record.mutable_left());
  net_entered(step, where.active, *record.mutable_entered());
  // What had ended waited for nothing; going on, the states it never left wait again.
  const std::vector<StateId> entered(record.entered().begin(), record.entered().end());
  for (const StateId one : before.ended() ? where.active : entered)
    arm_on_entry(sketch.base(), before, nullptr, machine, one, sketch.now(), sketch.now(), nullptr, *record.mutable_armed());
  auto places = place_changes(sketch, before, where.active);
  if (auto* refusal = std::get_if<Refusal>(&places)) return *refusal;
  for (v1::PlaceChange& change : std::get<std::vector<v1::PlaceChange>>(places)) {
    if (!change.taken()) freed.push_back({change.quota(), change.by()});
    *record.add_places() = std::move(change);
  }
  free_again(before, record.left(), freed);
  record.set_end(end_of(chart, where.active));
  if (record.end() != v1::State::END_UNSPECIFIED) record.clear_armed();
  tell(*record.mutable_told(), sketch, before, before.model->applicant_role(), "excepted", state, 0);
  return record;
}

}  // namespace kvali::cohort
