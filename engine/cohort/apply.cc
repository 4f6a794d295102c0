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
  initiative.held = HeldDecision{held.arrow(), held.move(), held.reason(), actor, std::move(claimed), 0};
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

void remember(Initiative& initiative, const std::string& what, const std::string& person) {
  const std::pair<std::string, std::string> maker(what, person);
  auto& makers = initiative.makers;
  if (!person.empty() && std::find(makers.begin(), makers.end(), maker) == makers.end()) makers.push_back(maker);
}

/// Who made a move that some `not_by` names: who asked for it or decided it, or whoever agreed or voted.
void remember_makers(Initiative& initiative, const v1::Advanced& record, const Task* task, const std::string& actor) {
  if (!task) {
    const statechart::Chart& chart = initiative.model->chart();
    const bool agreed = record.arrows_size() > 0 && !chart.arrow(record.arrows(0)).move().gate().empty();
    if (agreed || !initiative.model->remembers(record.what())) return;
    if (record.cause() == v1::Advanced::MOVE) remember(initiative, record.what(), actor);
    if (record.cause() == v1::Advanced::PUBLISHED && initiative.held) remember(initiative, record.what(), initiative.held->by);
    return;
  }
  const TaskModel* kind = initiative.model->task(task->kind);
  if (!kind || !kind->is_gate() || !initiative.model->remembers(kind->kind->gate().move())) return;
  if (std::find(record.entered().begin(), record.entered().end(), kind->made) == record.entered().end()) return;
  if (!kind->is_vote()) remember(initiative, kind->kind->gate().move(), task->by);
  for (const Voice& one : task->ballots)
    if (one.choice == v1::YES || one.choice == v1::NO || one.choice == v1::ABSTAIN) remember(initiative, kind->kind->gate().move(), one.person);
}

/// Who wrote a field last, where some `not_by` names it.
void remember_writers(Initiative& initiative, const google::protobuf::RepeatedPtrField<v1::FieldWritten>& written, const std::string& actor) {
  for (const v1::FieldWritten& one : written) {
    if (one.computed() || !initiative.model->remembers(one.name())) continue;
    std::erase_if(initiative.makers, [&](const auto& maker) { return maker.first == one.name(); });
    remember(initiative, one.name(), actor);
  }
}

void vote(Initiative& initiative, const v1::Voted& record) {
  Task* task = task_of(initiative, record.task());
  KVALI_CHECK(task != nullptr);
  for (Voice& one : task->ballots) {
    if (one.person != record.person()) continue;
    one.choice = record.choice();
    return;
  }
  task->ballots.push_back({record.person(), record.choice()});
}

void advance(Initiative& initiative, const v1::Advanced& record, Instant at, const std::string& actor) {
  Task* task = record.task().empty() ? nullptr : task_of(initiative, record.task());
  KVALI_CHECK(record.task().empty() || task != nullptr);
  remember_makers(initiative, record, task, actor);
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
  task.role = record.role();
  task.reason = record.reason();
  task.read_in = record.read_in();
  task.due = record.due_us();
  task.on_behalf_of = record.on_behalf_of();
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

/// She reads it no longer; what she scored stays.
void end_reading(Initiative& initiative, const std::string& review, const std::string& reader, const std::string& how, const v1::Value& reason) {
  for (Reading& one : initiative.readings.change()) {
    if (one.review != review || one.reader != reader || !one.ended.empty()) continue;
    one.ended = how;
    one.reason = reason;
  }
}

void assign_readers(Initiative& initiative, const v1::ReadersAssigned& record, Instant at) {
  v1::Value reason;
  reason.set_text(record.reason());
  for (const std::string& reader : record.ended()) end_reading(initiative, record.review(), reader, "replaced", reason);
  for (const std::string& reader : record.readers()) initiative.readings.push_back({record.review(), reader, at, {}, {}});
}

void decline_reading(Initiative& initiative, const v1::ReadingDeclined& record) {
  end_reading(initiative, record.review(), record.reader(), "declined", record.reason());
}

void translate(Initiative& initiative, const v1::FieldTranslated& record, Instant at, const std::string& by) {
  Translated made{record.field(), record.language(), record.text(), by, record.of_version(), at};
  for (Translated& one : initiative.translations.change()) {
    if (one.field != made.field || one.language != made.language) continue;
    one = std::move(made);
    return;
  }
  initiative.translations.push_back(std::move(made));
}

/// Readings go on under the new name of their review, or end; translations stand beside the field they were made of.
void carry_reviews(Initiative& initiative, const v1::Migrated& record) {
  std::map<std::string, std::string> reviews, fields;
  for (const v1::ReviewCarried& one : record.reviews()) reviews.emplace(one.from(), one.to());
  for (const v1::FieldRenamed& one : record.renamed()) fields.emplace(one.from(), one.to());
  if (!reviews.empty() && !initiative.readings.empty())
    for (Reading& one : initiative.readings.change()) {
      const auto found = reviews.find(one.review);
      if (found == reviews.end()) continue;
      if (!found->second.empty())
        one.review = found->second;
      else if (one.ended.empty())
        one.ended = "migrated";
    }
  if (!fields.empty() && !initiative.translations.empty())
    for (Translated& one : initiative.translations.change())
      if (const auto found = fields.find(one.field); found != fields.end()) one.field = found->second;
}

/// What the cohort keeps, of a person: nothing of the initiative changes.
bool is_waiver(const Record& record) { return record.has_waiver_proposed() || record.has_waiver_confirmed() || record.has_waiver_declined(); }
/// Who may look at it, and who reads it: nobody else may notice.
bool is_inner(const Record& record) { return is_waiver(record) || record.has_readers_assigned() || record.has_reading_declined(); }

void go_over(Initiative& initiative, const v1::Migrated& record, Instant at, const Library& library) {
  auto before = std::make_shared<Initiative>(initiative);
  before->before = before->before_bulk = nullptr;
  initiative.model = library.find_like(*initiative.model, record.version());
  KVALI_CHECK(initiative.model != nullptr);
  stand(initiative.at, record.at(), initiative.model->chart());
  carry_tasks(initiative, record.tasks(), *initiative.model);
  carry_reviews(initiative, record);
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
  const auto bringers = initiative.bringers;  // what was heard of them meanwhile stays
  initiative = *before;
  initiative.bringers = bringers;
  initiative.version = version;
  initiative.touches = touches;
  initiative.places = places;
  change_places(initiative, record.places());
  if (may_wake(initiative)) initiative.wake_at = at;
}

/// An initiative stands where it stood before a move made for many; it counts on.
void take_back(Initiative& initiative, const v1::MoveUndone& record, Instant at) {
  KVALI_CHECK(initiative.before_bulk != nullptr);
  const std::uint32_t version = initiative.version, touches = initiative.touches;
  const auto places = std::move(initiative.places);
  const auto before = initiative.before_bulk;
  initiative = *before;
  initiative.version = version;
  initiative.touches = touches;
  initiative.places = places;
  change_places(initiative, record.places());
  if (may_wake(initiative)) initiative.wake_at = at;
}

const std::string& bulk_of(const Record& record) {
  static const std::string none;
  if (record.has_advanced()) return record.advanced().bulk();
  if (record.has_decision_held()) return record.decision_held().bulk();
  if (record.has_task_opened()) return record.task_opened().bulk();
  return none;
}

/// What it was is kept while it has not changed since a move made for many.
void note_bulk(Initiative& initiative, const Record& record) {
  if (record.has_move_undone()) return;
  const std::string& bulk = bulk_of(record);
  if (bulk.empty()) {
    initiative.bulk.clear();
    initiative.before_bulk = nullptr;
  } else if (bulk != initiative.bulk) {
    auto before = std::make_shared<Initiative>(initiative);
    before->before = before->before_bulk = nullptr;
    before->bulk.clear();
    initiative.before_bulk = std::move(before);
    initiative.bulk = bulk;
  }
}

void move_timers(Initiative& initiative, const google::protobuf::RepeatedPtrField<v1::TimersMoved>& moved) {
  for (const v1::TimersMoved& one : moved)
    if (one.initiative() == initiative.id)
      for (const v1::TimerArmed& timer : one.timers()) arm(initiative.at, timer);
}

/// What is known of who carries it. What waits for a line of the checklist is tried again, and so is what goes on by itself.
template <class Known>
void carried_by(Initiative& initiative, const Known& record, Instant at) {
  initiative.bringers = record.has_bringers() ? std::make_shared<const v1::Bringers>(record.bringers()) : nullptr;
  for (Timer& timer : initiative.at.timers) timer.blocked = false;
  if (may_wake(initiative)) initiative.wake_at = at;
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
  // A decision that is held is nobody's to notice, not even by a number that moves on; nor that somebody assessed, agrees or votes.
  const TaskModel* opened = record.has_task_opened() ? initiative.model->task(record.task_opened().kind()) : nullptr;
  const std::string& key = record.advanced().task();
  const TaskModel* stepped = key.empty() ? nullptr : initiative.model->task(std::string_view(key).substr(0, key.find('/')));
  const bool hidden = record.has_decision_held() || record.has_decision_dropped() || record.has_exception_proposed() ||
                      record.has_exception_declined() || record.has_voted() || record.has_wake_set() || record.has_guard_failed() || record.has_migration_parked() || record.has_facts_noted() || is_inner(record) || (opened && (opened->kind->has_review() || opened->is_gate())) ||
                      (stepped && stepped->is_gate());
  if (!hidden) ++initiative.version;
  // What has changed since it went over does not go back.
  const bool is_change = !record.has_wake_set() && !record.has_migration_parked() && !record.has_facts_noted() && !is_waiver(record);
  if (is_change) note_bulk(initiative, record);
  if (is_change) ++initiative.touches;
  if (is_change && !record.has_migration_undone()) initiative.before = nullptr;
  switch (record.body_case()) {
    case Record::kInitiativeStarted: {
      const v1::InitiativeStarted& started = record.initiative_started();
      initiative.id = started.initiative();
      initiative.organisation = started.organisation();
      initiative.applicant = started.applicant();
      if (started.has_bringers()) initiative.bringers = std::make_shared<const v1::Bringers>(started.bringers());
      write(initiative.fields, started.fields());
      remember_writers(initiative, started.fields(), actor);
      change_places(initiative, started.places());
      move_to(initiative.at, initiative.model->chart(), std::vector<std::uint32_t>{}, started.entered(), started.armed(), at);
      if (may_wake(initiative)) initiative.wake_at = at;
      break;
    }
    case Record::kFieldsWritten: {
      Task* task = record.fields_written().task().empty() ? nullptr : task_of(initiative, record.fields_written().task());
      write(task ? task->fields : initiative.fields, record.fields_written().fields());
      if (!task) remember_writers(initiative, record.fields_written().fields(), actor);
      break;
    }
    case Record::kAdvanced: advance(initiative, record.advanced(), at, actor); break;
    case Record::kVoted: vote(initiative, record.voted()); break;
    case Record::kMoveUndone: take_back(initiative, record.move_undone(), at); break;
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
    case Record::kPartnersSet: carried_by(initiative, record.partners_set(), at); break;
    case Record::kFactsNoted: carried_by(initiative, record.facts_noted(), at); break;
    case Record::kOrganisationRenamed:
    case Record::kOrganisationChanged:
    case Record::kOrganisationSucceeded:
    case Record::kOrganisationsMerged:
    case Record::kFactWithdrawn:
    case Record::kFactAccepted:
    case Record::kAcceptanceRevoked:
    case Record::kReadersAssigned: assign_readers(initiative, record.readers_assigned(), at); break;
    case Record::kReadingDeclined: decline_reading(initiative, record.reading_declined()); break;
    case Record::kFieldTranslated: translate(initiative, record.field_translated(), at, actor); break;
    case Record::kWaiverProposed:
    case Record::kWaiverConfirmed:
    case Record::kWaiverDeclined: break;  // of the person: the cohort keeps them
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
    case Record::kTermBegun:
    case Record::kTermNoticed:
    case Record::kMinutesApproved:
    case Record::kBulkMoved:
    case Record::kBulkUndone:
    case Record::kCompetencesSet:
    case Record::kConflictDeclared:
    case Record::kAssignmentsDrawn:
    case Record::kCommandQuarantined:
    case Record::BODY_NOT_SET: KVALI_CHECK(false && "a record that is about no initiative");
  }
  if (!hidden) initiative.last_activity = at;
}

}  // namespace kvali::cohort
