#include "engine/cohort/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/cohort/zone_table.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

using v1::Record;

void insert_sorted(std::vector<statechart::StateId>& active, statechart::StateId state) {
  const auto at = std::lower_bound(active.begin(), active.end(), state);
  if (at == active.end() || *at != state) active.insert(at, state);
}

void arm(Instance& instance, const v1::TimerArmed& armed) {
  std::erase_if(instance.timers, [&](const Timer& one) { return one.state == armed.state() && one.timer == armed.timer(); });
  instance.timers.push_back({armed.state(), armed.timer(), armed.due_us(), armed.planned_us(), armed.fired(), false});
}

void note_end(Instance& instance, const statechart::Chart& chart) {
  const auto& active = instance.where.active;
  instance.where.done = std::any_of(active.begin(), active.end(), [&](statechart::StateId state) { return chart.is_end(state); });
}

template <class Left, class Entered, class Armed>
void move_to(Instance& instance, const statechart::Chart& chart, const Left& left, const Entered& entered, const Armed& armed,
             Instant at) {
  for (const std::uint32_t state : left) {
    std::erase(instance.where.active, state);
    std::erase_if(instance.since, [&](const auto& one) { return one.first == state; });
    std::erase_if(instance.timers, [&](const Timer& one) { return one.state == state; });
    std::erase_if(instance.failed, [&](statechart::ArrowId arrow) { return chart.arrow(arrow).source() == state; });
  }
  instance.where.active.reserve(instance.where.active.size() + static_cast<std::size_t>(entered.size()));
  instance.since.reserve(instance.since.size() + static_cast<std::size_t>(entered.size()));
  instance.timers.reserve(instance.timers.size() + static_cast<std::size_t>(armed.size()));
  for (const std::uint32_t state : entered) {
    insert_sorted(instance.where.active, state);
    instance.since.emplace_back(state, at);
  }
  for (const v1::TimerArmed& one : armed) arm(instance, one);
  note_end(instance, chart);
}

void keep_history(Instance& instance, const google::protobuf::RepeatedPtrField<v1::HistoryKept>& kept) {
  for (const v1::HistoryKept& one : kept) {
    std::vector<statechart::StateId> states(one.states().begin(), one.states().end());
    std::erase_if(instance.where.history, [&](const auto& entry) { return entry.first == one.history(); });
    const auto at = std::find_if(instance.where.history.begin(), instance.where.history.end(),
                                 [&](const auto& entry) { return entry.first > one.history(); });
    instance.where.history.insert(at, {one.history(), std::move(states)});
    std::erase_if(instance.remaining, [&](const auto& entry) { return entry.first == one.history(); });
    std::vector<Timer> timers;
    for (const v1::TimerArmed& timer : one.remaining())
      timers.push_back({timer.state(), timer.timer(), timer.due_us(), timer.planned_us(), timer.fired(), false});
    instance.remaining.emplace_back(one.history(), std::move(timers));
  }
}

void write(SharedList<FieldState>& shared, const google::protobuf::RepeatedPtrField<v1::FieldWritten>& written) {
  if (!written.empty()) write(shared.change(), written);
}

void change_places(Initiative& initiative, const google::protobuf::RepeatedPtrField<v1::PlaceChange>& changes) {
  for (const v1::PlaceChange& one : changes) {
    std::pair<std::string, std::string> place(one.quota(), one.by());
    std::erase(initiative.places, place);
    if (one.taken()) initiative.places.push_back(std::move(place));
  }
}

/// A decision claims the places it takes, and those that the decision before it had claimed and it does not give back.
void hold_decision(Initiative& initiative, const v1::DecisionHeld& held, const std::string& actor) {
  std::vector<std::pair<std::string, std::string>> claimed;
  if (initiative.held) claimed = std::move(initiative.held->places);
  change_places(initiative, held.places());
  for (const v1::PlaceChange& one : held.places())
    if (one.taken()) claimed.emplace_back(one.quota(), one.by());
  std::erase_if(claimed, [&](const auto& one) { return std::find(initiative.places.begin(), initiative.places.end(), one) == initiative.places.end(); });
  initiative.held = HeldDecision{held.arrow(), held.move(), held.reason(), actor, std::move(claimed)};
}

/// A decision is over when the state it was made in is left; a reminder that fires meanwhile changes nothing of it.
void end_decision(Initiative& initiative, const google::protobuf::RepeatedField<std::uint32_t>& left) {
  if (!initiative.held) return;
  const std::uint32_t source = initiative.model->chart().arrow(initiative.held->arrow).source();
  if (std::find(left.begin(), left.end(), source) != left.end()) initiative.held.reset();
}

Task* task_of(Initiative& initiative, const std::string& key) {
  for (std::size_t at = initiative.tasks.size(); at-- > 0;)  // what changes is mostly among the last
    if (initiative.tasks[at].key == key) return &initiative.tasks.change(at);
  return nullptr;
}

const statechart::Chart& chart_of(const Initiative& initiative, const Task& task) {
  const TaskModel* model = initiative.model->task(task.kind);
  KVALI_CHECK(model != nullptr);
  return *model->chart;
}

void advance(Initiative& initiative, const v1::Advanced& record, Instant at) {
  Task* task = record.task().empty() ? nullptr : task_of(initiative, record.task());
  KVALI_CHECK(record.task().empty() || task != nullptr);
  Instance& instance = task ? task->at : initiative.at;
  keep_history(instance, record.history());
  if (record.has_fired())
    std::erase_if(instance.timers, [&](const Timer& one) {
      return one.state == record.fired().state() && one.timer == record.fired().timer();
    });
  move_to(instance, task ? chart_of(initiative, *task) : initiative.model->chart(), record.left(), record.entered(), record.armed(), at);
  write(task ? task->fields : initiative.fields, record.fields());
  change_places(initiative, record.places());
  if (task) {
    task->finished = record.finished();
  } else {
    end_decision(initiative, record.left());
    if (record.end() != v1::State::END_UNSPECIFIED) initiative.end = record.end();
  }
}

void open_task(Initiative& initiative, const v1::TaskOpened& record, Instant at) {
  Task& task = initiative.tasks.add();
  task.key = record.task();
  task.kind = record.kind();
  task.number = record.number();
  task.planned = record.planned_us();
  task.by = record.by();
  task.opened_at = at;
  task.finished = record.finished();
  write(task.fields, record.fields());
  move_to(task.at, chart_of(initiative, task), std::vector<std::uint32_t>{}, record.entered(), record.armed(), at);
}

void except(Initiative& initiative, const v1::Excepted& record, Instant at) {
  move_to(initiative.at, initiative.model->chart(), record.left(), record.entered(), record.armed(), at);
  change_places(initiative, record.places());
  initiative.proposal.reset();
  initiative.held.reset();
  initiative.end = record.end();
}

/// A guard of a state that this very commit has left is told of, and then over.
void note_failed(Initiative& initiative, const v1::GuardFailed& record) {
  Task* task = record.task().empty() ? nullptr : task_of(initiative, record.task());
  KVALI_CHECK(record.task().empty() || task != nullptr);
  Instance& instance = task ? task->at : initiative.at;
  const statechart::Chart& chart = task ? chart_of(initiative, *task) : initiative.model->chart();
  const auto& active = instance.where.active;
  if (std::binary_search(active.begin(), active.end(), chart.arrow(record.arrow()).source())) instance.failed.push_back(record.arrow());
}

void stand(Instance& instance, const v1::Standing& at, const statechart::Chart& chart) {
  instance = {};
  instance.where.active.assign(at.active().begin(), at.active().end());
  for (const v1::StateSince& one : at.since()) instance.since.emplace_back(one.state(), one.entered_us());
  for (const v1::TimerArmed& one : at.armed()) arm(instance, one);
  keep_history(instance, at.history());
  note_end(instance, chart);
}

/// Tasks that go on stand first, in the order of the record; the others are kept, and no longer seen.
void carry_tasks(Initiative& initiative, const google::protobuf::RepeatedPtrField<v1::TaskStanding>& standing, const Model& model) {
  const SharedItems<Task> known = std::exchange(initiative.tasks, {});
  std::vector<bool> goes_on(known.size());
  for (const v1::TaskStanding& one : standing) {
    std::size_t at = 0;
    while (at < known.size() && known[at].key != one.task()) ++at;
    const TaskModel* kind = model.task(one.kind());
    KVALI_CHECK(at < known.size() && kind != nullptr);
    goes_on[at] = true;
    Task& task = initiative.tasks.add();
    task = known[at];
    task.key = one.now();
    task.kind = one.kind();
    stand(task.at, one.at(), *kind->chart);
    task.finished = one.finished();
  }
  for (std::size_t at = 0; at < known.size(); ++at)
    if (!goes_on[at]) initiative.aside.push_back(known[at]);
}

void go_over(Initiative& initiative, const v1::Migrated& record, Instant at, const Library& library) {
  auto before = std::make_shared<Initiative>(initiative);
  before->before = nullptr;
  initiative.model = library.find_like(*initiative.model, record.version());
  KVALI_CHECK(initiative.model != nullptr);
  stand(initiative.at, record.at(), initiative.model->chart());
  carry_tasks(initiative, record.tasks(), *initiative.model);
  if (record.renamed_size() > 0) rename_fields(initiative.fields.change(), record.renamed());
  write(initiative.fields, record.fields());
  change_places(initiative, record.places());
  if (initiative.held) initiative.held->arrow = record.held();
  if (initiative.proposal) initiative.proposal->to = record.proposed();
  initiative.wake_at = may_wake(initiative) ? at : calendar::never;
  initiative.migration = record.migration();
  initiative.before = std::move(before);
}

void go_back(Initiative& initiative, const v1::MigrationUndone& record, Instant at) {
  KVALI_CHECK(initiative.before != nullptr);
  const std::uint32_t version = initiative.version, touches = initiative.touches;
  const auto places = std::move(initiative.places);
  const auto before = initiative.before;
  initiative = *before;
  initiative.version = version;
  initiative.touches = touches;
  initiative.places = places;
  change_places(initiative, record.places());
  if (may_wake(initiative)) initiative.wake_at = at;
}

void move_timers(Initiative& initiative, const google::protobuf::RepeatedPtrField<v1::TimersMoved>& moved) {
  for (const v1::TimersMoved& one : moved)
    if (one.initiative() == initiative.id)
      for (const v1::TimerArmed& timer : one.timers()) arm(initiative.at, timer);
}

}  // namespace

void rename_fields(std::vector<FieldState>& fields, const google::protobuf::RepeatedPtrField<v1::FieldRenamed>& renamed) {
  std::map<std::string, std::string> names;
  for (const v1::FieldRenamed& one : renamed) names.emplace(one.from(), one.to());
  // What another takes the name of is older than it, and gone: a value that an earlier version dropped.
  std::erase_if(fields, [&](const FieldState& one) {
    return !names.contains(one.name) && std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.second == one.name; });
  });
  for (FieldState& one : fields)
    if (const auto name = names.find(one.name); name != names.end()) one.name = name->second;
}

void apply_to(Initiative& initiative, const Record& record, Instant at, const std::string& actor, const Library& library) {
  // A decision that is held is nobody's to notice, not even by a number that moves on.
  // Nor is it told that somebody assessed.
  const TaskModel* opened = record.has_task_opened() ? initiative.model->task(record.task_opened().kind()) : nullptr;
  const bool hidden = record.has_decision_held() || record.has_decision_dropped() || record.has_exception_proposed() ||
                      record.has_exception_declined() || record.has_wake_set() || record.has_guard_failed() || record.has_migration_parked() || (opened && opened->kind->has_review());
  if (!hidden) ++initiative.version;
  // What has changed since it went over does not go back.
  const bool is_change = !record.has_wake_set() && !record.has_migration_parked();
  if (is_change) ++initiative.touches;
  if (is_change && !record.has_migration_undone()) initiative.before = nullptr;
  switch (record.body_case()) {
    case Record::kInitiativeStarted: {
      const v1::InitiativeStarted& started = record.initiative_started();
      initiative.id = started.initiative();
      initiative.organisation = started.organisation();
      initiative.applicant = started.applicant();
      write(initiative.fields, started.fields());
      move_to(initiative.at, initiative.model->chart(), std::vector<std::uint32_t>{}, started.entered(), started.armed(), at);
      if (may_wake(initiative)) initiative.wake_at = at;
      break;
    }
    case Record::kFieldsWritten: {
      Task* task = record.fields_written().task().empty() ? nullptr : task_of(initiative, record.fields_written().task());
      write(task ? task->fields : initiative.fields, record.fields_written().fields());
      break;
    }
    case Record::kAdvanced: advance(initiative, record.advanced(), at); break;
    case Record::kTaskOpened: open_task(initiative, record.task_opened(), at); break;
    case Record::kDecisionHeld: {
      hold_decision(initiative, record.decision_held(), actor);
      break;
    }
    case Record::kDecisionDropped:
      initiative.held.reset();
      change_places(initiative, record.decision_dropped().places());
      break;
    case Record::kDeadlineExtended: move_timers(initiative, record.deadline_extended().moved()); break;
    case Record::kParameterChanged: move_timers(initiative, record.parameter_changed().moved()); break;
    case Record::kExceptionProposed:
      initiative.proposal = Proposal{record.exception_proposed().to(), actor, record.exception_proposed().reason()};
      break;
    case Record::kExcepted: except(initiative, record.excepted(), at); break;
    case Record::kExceptionDeclined: initiative.proposal.reset(); break;
    case Record::kBlocked:
      for (Timer& timer : initiative.at.timers)
        if (timer.state == record.blocked().timer().state() && timer.timer == record.blocked().timer().timer()) timer.blocked = true;
      break;
    case Record::kWakeSet: initiative.wake_at = record.wake_set().wake_us(); break;
    case Record::kGuardFailed: note_failed(initiative, record.guard_failed()); break;
    case Record::kMigrated: go_over(initiative, record.migrated(), at, library); break;
    case Record::kMigrationUndone: go_back(initiative, record.migration_undone(), at); break;
    case Record::kMigrationParked: break;
    case Record::kPersonRegistered:
    case Record::kOrganisationRegistered:
    case Record::kRelationGranted:
    case Record::kRelationEnded:
    case Record::kFactRecorded:
    case Record::kProgramPublished:
    case Record::kCohortOpened:
    case Record::kQuotaChanged:
    case Record::kRoleAssigned:
    case Record::kRoleEnded:
    case Record::kClockMoved:
    case Record::kEffectReported:
    case Record::kMigrationStarted:
    case Record::kMigrationPaused:
    case Record::kMigrationResumed:
    case Record::kMigrationReversed:
    case Record::kMigrationEnded:
    case Record::kCommandQuarantined:
    case Record::BODY_NOT_SET: KVALI_CHECK(false && "a record that is about no initiative");
  }
  if (!hidden) initiative.last_activity = at;
}

const std::string& initiative_of(const Record& record) {
  static const std::string none;
  switch (record.body_case()) {
    case Record::kInitiativeStarted: return record.initiative_started().initiative();
    case Record::kFieldsWritten: return record.fields_written().initiative();
    case Record::kAdvanced: return record.advanced().initiative();
    case Record::kTaskOpened: return record.task_opened().initiative();
    case Record::kDecisionHeld: return record.decision_held().initiative();
    case Record::kDecisionDropped: return record.decision_dropped().initiative();
    case Record::kExceptionProposed: return record.exception_proposed().initiative();
    case Record::kExcepted: return record.excepted().initiative();
    case Record::kExceptionDeclined: return record.exception_declined().initiative();
    case Record::kBlocked: return record.blocked().initiative();
    case Record::kWakeSet: return record.wake_set().initiative();
    case Record::kGuardFailed: return record.guard_failed().initiative();
    case Record::kMigrated: return record.migrated().initiative();
    case Record::kMigrationParked: return record.migration_parked().initiative();
    case Record::kMigrationUndone: return record.migration_undone().initiative();
    default: return none;  // every other kind is the cohort's; apply_to refuses them by name
  }
}

const google::protobuf::RepeatedPtrField<v1::PlaceChange>* places_of(const Record& record) {
  if (record.has_advanced()) return &record.advanced().places();
  if (record.has_decision_held()) return &record.decision_held().places();
  if (record.has_decision_dropped()) return &record.decision_dropped().places();
  if (record.has_excepted()) return &record.excepted().places();
  if (record.has_migrated()) return &record.migrated().places();
  if (record.has_migration_undone()) return &record.migration_undone().places();
  return nullptr;
}

}  // namespace kvali::cohort
