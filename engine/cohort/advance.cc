#include "engine/cohort/advance.h"

#include <algorithm>

#include "engine/cohort/arming.h"

namespace kvali::cohort {
namespace {

using statechart::StateId;

/// Answers the step from the facts of one initiative and collects what its actions ask of the world.
class AdvanceHost final : public statechart::Host {
 public:
  AdvanceHost(const Facts& facts, const statechart::Chart& chart) : facts_(facts), chart_(chart) {}

  bool holds(statechart::ArrowId arrow, const statechart::Event*, statechart::Turn& turn) override {
    const Truth truth = facts_.holds(chart_.arrow(arrow).guard());
    if (!truth.error.empty()) turn.raise("error.execution");
    return truth.holds;
  }
  statechart::Acted act(const v1::Action& action, statechart::Site site, const statechart::Event*, statechart::Turn& turn) override {
    switch (action.kind_case()) {
      case v1::Action::kRaise: turn.raise(action.raise().event()); return statechart::Acted::Yes;
      case v1::Action::kTell: tells.push_back({&action.tell(), source_of(site)}); return statechart::Acted::Yes;
      case v1::Action::kOpenTask: opens.push_back(action.open_task().kind()); return statechart::Acted::Yes;
      case v1::Action::kSend:
      case v1::Action::kCancel:
      case v1::Action::kCancelExpression:
      case v1::Action::kAssign:
      case v1::Action::kChoose:
      case v1::Action::kForEach:
      case v1::Action::kLog:
      case v1::Action::KIND_NOT_SET: break;  // programs do not expand to these
    }
    turn.raise("error.execution");
    return statechart::Acted::Failed;
  }

  void entered(StateId state, statechart::Entry how) override {
    if (how == statechart::Entry::Remembered) brought_back.push_back(state);
  }

  struct Tell {
    const v1::TellEffect* effect;
    std::uint32_t state;
  };
  std::vector<Tell> tells;
  std::vector<std::string> opens;
  std::vector<StateId> brought_back;

 private:
  std::uint32_t source_of(statechart::Site site) const {
    return site.kind == statechart::Site::Kind::Arrow ? chart_.arrow(site.id).source() : site.id;
  }
  const Facts& facts_;
  const statechart::Chart& chart_;
};

bool contains(const std::vector<StateId>& sorted, StateId state) { return std::binary_search(sorted.begin(), sorted.end(), state); }

/// What was left, once each, that was active before; what was entered, in its last order, that is active at the end.
std::vector<StateId> net_left(const statechart::Macrostep& step, const std::vector<StateId>& before) {
  std::vector<StateId> net;
  for (const StateId state : step.left)
    if (contains(before, state) && std::find(net.begin(), net.end(), state) == net.end()) net.push_back(state);
  return net;
}

std::vector<StateId> net_entered(const statechart::Macrostep& step, const std::vector<StateId>& after) {
  std::vector<StateId> net;
  for (auto at = step.entered.rbegin(); at != step.entered.rend(); ++at)
    if (contains(after, *at) && std::find(net.begin(), net.end(), *at) == net.end()) net.push_back(*at);
  std::reverse(net.begin(), net.end());
  return net;
}

std::vector<std::string> recipients(const Sketch& sketch, const Initiative& initiative, const std::string& role) {
  std::vector<std::string> persons = holders(sketch.base(), initiative, role, sketch.now());
  // A letter that nobody would read goes to who runs the cohort.
  if (persons.empty()) persons = holders(sketch.base(), initiative, initiative.model->manager_role(), sketch.now());
  return persons;
}

void tell(google::protobuf::RepeatedPtrField<v1::Told>& told, const Sketch& sketch, const Initiative& initiative,
          const std::string& role, const std::string& message, std::uint32_t state, Instant due) {
  v1::Told* one = told.Add();
  one->set_message(message);
  one->set_role(role);
  one->set_state(state);
  one->set_due_us(due);
  for (std::string& person : recipients(sketch, initiative, role)) one->add_persons(std::move(person));
}

/// A letter that names no role goes to whoever is waited for.
std::vector<std::string> roles_told(const v1::TellEffect& effect, const statechart::Chart& chart, const std::vector<StateId>& active) {
  std::vector<std::string> roles(effect.roles().begin(), effect.roles().end());
  if (!roles.empty()) return roles;
  for (const StateId state : active)
    for (const std::string& role : chart.node(state).waits_for())
      if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
  return roles;
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
      *remaining = armed(timer);
      remaining->set_due_us(std::max<Instant>(0, timer.due - now));
    }
  }
}

/// The timers that history kept for `state`, when a history brought it back.
const std::vector<Timer>* remembered(const Instance& before, const statechart::Chart& chart, const AdvanceHost& host, StateId state) {
  if (std::find(host.brought_back.begin(), host.brought_back.end(), state) == host.brought_back.end()) return nullptr;
  for (const auto& [history, timers] : before.remaining) {
    const StateId parent = chart.parent(history);
    if (state == parent || chart.is_descendant(state, parent)) return &timers;
  }
  return nullptr;
}

v1::State::End end_of(const statechart::Chart& chart, const std::vector<StateId>& active) {
  for (const StateId state : active)
    if (chart.node(state).ends() != v1::State::END_UNSPECIFIED) return chart.node(state).ends();
  return v1::State::END_UNSPECIFIED;
}

struct Stepped {
  const Initiative& initiative;
  const Task* task;
  const Instance& before;
  const statechart::Chart& chart;
  statechart::Configuration after;
};

std::variant<Stepped, Refusal> run(Sketch& sketch, Bench& bench, Slot slot, const std::string& task_key, const Trigger& trigger,
                                   AdvanceHost& host, const statechart::Macrostep*& step) {
  const Initiative& initiative = sketch.initiative(slot);
  const Task* task = task_key.empty() ? nullptr : initiative.task(task_key);
  KVALI_CHECK(task_key.empty() || task != nullptr);
  const Instance& before = task ? task->at : initiative.at;
  const statechart::Chart& chart = task ? *initiative.model->task(task->kind)->chart : initiative.model->chart();
  Stepped stepped{initiative, task, before, chart, before.where};
  statechart::Stepper& stepper = bench.stepper(chart);
  if (trigger.arrow)
    step = &stepper.take(stepped.after, *trigger.arrow, host);
  else if (!trigger.what.empty())
    step = &stepper.dispatch(stepped.after, chart.event(trigger.what), host);
  else
    step = &stepper.settle(stepped.after, host);
  if (step->overflow) return refuse(Code::Limit, "overflow");
  return stepped;
}

/// What must hold all the same for arrows that no person makes: the checklist, a move's own needs.
std::optional<Refusal> unmet_needs(const statechart::Macrostep& step, const statechart::Chart& chart, const Facts& facts) {
  std::vector<Unmet> unmet;
  for (const statechart::ArrowId arrow : step.taken)
    for (const v1::Need& need : chart.arrow(arrow).needs())
      if (!facts.holds(need.when()).holds) unmet.push_back({Code::GuardFailed, "", need.why(), facts.will_hold_at(need.when())});
  if (unmet.empty()) return std::nullopt;
  Refusal refusal{Code::GuardFailed, unmet.front().why, {}, {}};
  refusal.unmet = std::move(unmet);
  return refusal;
}

void state_steps(v1::Advanced& record, const statechart::Macrostep& step, const Stepped& stepped, const AdvanceHost& host,
                 const Sketch& sketch) {
  for (const statechart::ArrowId arrow : step.taken) record.add_arrows(arrow);
  for (const StateId state : net_left(step, stepped.before.where.active)) record.add_left(state);
  keep_history(record, stepped.before, stepped.after, stepped.chart, sketch.now());
  for (const StateId state : net_entered(step, stepped.after.active)) {
    record.add_entered(state);
    for (const Timer& timer : timers_on_entry(sketch.base(), stepped.initiative, stepped.task, stepped.chart, state, sketch.now(),
                                              sketch.now(), remembered(stepped.before, stepped.chart, host, state)))
      *record.add_armed() = armed(timer);
  }
}

void state_timer(v1::Advanced& record, const Stepped& stepped, const Timer& fired, const Sketch& sketch) {
  record.mutable_fired()->set_state(fired.state);
  record.mutable_fired()->set_timer(fired.timer);
  if (!std::binary_search(stepped.after.active.begin(), stepped.after.active.end(), fired.state)) return;
  if (const auto next = next_repeat(sketch.base(), stepped.chart, fired, since(stepped.before, fired.state)))
    *record.add_armed() = armed(*next);
}

}  // namespace

statechart::Stepper& Bench::stepper(const statechart::Chart& chart) {
  std::unique_ptr<statechart::Stepper>& one = steppers_[&chart];
  if (!one) one = std::make_unique<statechart::Stepper>(chart);
  return *one;
}

std::vector<StateId> active_after(const Sketch& sketch, const Initiative& initiative, statechart::ArrowId arrow) {
  const statechart::Chart& chart = initiative.model->chart();
  const Facts facts(sketch.base(), &initiative, nullptr, sketch.now());
  AdvanceHost host(facts, chart);
  statechart::Configuration where = initiative.at.where;
  const statechart::Macrostep step = statechart::take(chart, where, arrow, host);
  return step.overflow || step.refusal != statechart::Refusal::None ? initiative.at.where.active : where.active;
}

std::variant<std::vector<v1::PlaceChange>, Refusal> place_changes(const Sketch& sketch, const Initiative& initiative,
                                                                  const std::vector<StateId>& active, const HeldDecision* kept) {
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
  const statechart::Chart& chart = task ? *before.model->task(task->kind)->chart : before.model->chart();
  const Facts facts(sketch.base(), &before, task, sketch.now());
  AdvanceHost host(facts, chart);
  const statechart::Macrostep* step = nullptr;
  auto ran = run(sketch, bench, slot, task_key, trigger, host, step);
  if (auto* refusal = std::get_if<Refusal>(&ran)) return *refusal;
  const Stepped& stepped = std::get<Stepped>(ran);
  Advance outcome;
  outcome.moved = !step->taken.empty();
  if (!outcome.moved && !trigger.fired) return outcome;
  if (auto refusal = unmet_needs(*step, chart, facts)) return *refusal;

  v1::Record record;
  v1::Advanced& advanced = *record.mutable_advanced();
  advanced.set_initiative(before.id);
  advanced.set_task(task_key);
  advanced.set_cause(trigger.cause);
  advanced.set_what(trigger.what);
  if (trigger.reason.kind_case() != v1::Value::KIND_NOT_SET) *advanced.mutable_reason() = trigger.reason;
  state_steps(advanced, *step, stepped, host, sketch);
  if (trigger.fired) state_timer(advanced, stepped, *trigger.fired, sketch);
  if (!task) {
    const auto& left = advanced.left();
    const bool decision_stays = before.held && std::find(left.begin(), left.end(), chart.arrow(before.held->arrow).source()) == left.end();
    auto places = place_changes(sketch, before, stepped.after.active, decision_stays ? &*before.held : nullptr);
    if (auto* refusal = std::get_if<Refusal>(&places)) return *refusal;
    for (v1::PlaceChange& change : std::get<std::vector<v1::PlaceChange>>(places)) {
      if (!change.taken()) outcome.freed.push_back({change.quota(), change.by()});
      *advanced.add_places() = std::move(change);
    }
    advanced.set_end(end_of(chart, stepped.after.active));
  }
  advanced.set_finished(task ? stepped.after.done : advanced.end() != v1::State::END_UNSPECIFIED);
  if (advanced.finished()) advanced.clear_armed();  // what has ended waits for nothing
  outcome.finished_task = task && stepped.after.done;
  for (const AdvanceHost::Tell& one : host.tells)
    for (const std::string& role : roles_told(*one.effect, chart, stepped.before.where.active))
      tell(*advanced.mutable_told(), sketch, before, role, one.effect->message(), one.state,
           trigger.fired ? trigger.fired->planned : 0);
  const Instant planned = trigger.fired ? trigger.fired->planned : sketch.now();
  const std::shared_ptr<const Model> model = before.model;
  sketch.add(std::move(record), slot);
  for (const std::string& kind : host.opens)
    if (const TaskModel* opened = model->task(kind)) open_task(sketch, bench, slot, *opened, planned, "", {});
  return outcome;
}

Start start_machine(Sketch& sketch, Bench& bench, const Initiative& initiative, const Task* task, const statechart::Chart& chart) {
  const Facts facts(sketch.base(), &initiative, task, sketch.now());
  AdvanceHost host(facts, chart);
  statechart::Configuration where;
  const statechart::Macrostep& step = bench.stepper(chart).start(where, host);
  Start start;
  start.entered = net_entered(step, where.active);
  start.finished = where.done;
  for (const StateId state : start.entered)
    for (Timer& timer : timers_on_entry(sketch.base(), initiative, task, chart, state, sketch.now(), sketch.now(), nullptr))
      start.timers.push_back(timer);
  return start;
}

std::string open_task(Sketch& sketch, Bench& bench, Slot slot, const TaskModel& kind, Instant planned, const std::string& by,
                      const std::vector<v1::FieldWritten>& fields) {
  const Initiative& initiative = sketch.initiative(slot);
  Task task;
  task.kind = kind.kind->name();
  task.number = 1 + static_cast<std::uint32_t>(std::count_if(initiative.tasks.begin(), initiative.tasks.end(),
                                                             [&](const Task& one) { return one.kind == task.kind; }));
  task.key = task.kind + "/" + std::to_string(task.number);
  task.planned = planned;
  const Start start = start_machine(sketch, bench, initiative, &task, *kind.chart);
  v1::Record record;
  v1::TaskOpened& opened = *record.mutable_task_opened();
  opened.set_initiative(initiative.id);
  opened.set_task(task.key);
  opened.set_kind(task.kind);
  opened.set_number(task.number);
  opened.set_planned_us(planned);
  opened.set_by(by);
  for (const v1::FieldWritten& field : fields) *opened.add_fields() = field;
  for (const StateId state : start.entered) opened.add_entered(state);
  for (const Timer& timer : start.timers) *opened.add_armed() = armed(timer);
  opened.set_finished(start.finished);
  sketch.add(std::move(record), slot);
  return task.key;
}

std::variant<v1::Excepted, Refusal> except(Sketch& sketch, Bench& bench, Slot slot, std::uint32_t state, std::vector<Freed>& freed) {
  const Initiative& before = sketch.initiative(slot);
  const statechart::Chart& chart = before.model->chart();
  const Facts facts(sketch.base(), &before, nullptr, sketch.now());
  AdvanceHost host(facts, chart);
  statechart::Configuration where = before.at.where;
  const StateId targets[] = {state};
  const statechart::Macrostep& step = bench.stepper(chart).enter(where, targets, host);
  if (step.refusal != statechart::Refusal::None || step.overflow)
    return refuse(Code::Precondition, "no_way", {{"name", chart.path(state)}});
  v1::Excepted record;
  record.set_initiative(before.id);
  for (const StateId one : net_left(step, before.at.where.active)) record.add_left(one);
  const std::vector<StateId> entered = net_entered(step, where.active);
  for (const StateId one : entered) record.add_entered(one);
  // What had ended waited for nothing; going on, the states it never left wait again.
  for (const StateId one : before.ended() ? where.active : entered)
    for (const Timer& timer : timers_on_entry(sketch.base(), before, nullptr, chart, one, sketch.now(), sketch.now(), nullptr))
      *record.add_armed() = armed(timer);
  auto places = place_changes(sketch, before, where.active);
  if (auto* refusal = std::get_if<Refusal>(&places)) return *refusal;
  for (v1::PlaceChange& change : std::get<std::vector<v1::PlaceChange>>(places)) {
    if (!change.taken()) freed.push_back({change.quota(), change.by()});
    *record.add_places() = std::move(change);
  }
  record.set_end(end_of(chart, where.active));
  if (record.end() != v1::State::END_UNSPECIFIED) record.clear_armed();
  tell(*record.mutable_told(), sketch, before, before.model->applicant_role(), "excepted", state, 0);
  return record;
}

}  // namespace kvali::cohort
