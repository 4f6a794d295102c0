// apply for a whole cohort: what a record changes beyond its initiative, and the indexes that follow from the state.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/cohort/apply.h"
#include "engine/cohort/happening.h"
#include "engine/cohort/scoring.h"
#include "engine/cohort/zone_table.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

using v1::Record;

Result<void> open(Cohort& cohort, const v1::CohortOpened& opened, const Library& library) {
  if (cohort.open()) return fail("the cohort is opened twice");
  cohort.model = library.find(opened.program(), opened.version());
  if (!cohort.model) return fail(fmt::format("program {} has no version {}", opened.program(), opened.version()));
  cohort.id = opened.cohort();
  cohort.title = opened.title();
  cohort.parameters.assign(opened.parameters().begin(), opened.parameters().end());
  cohort.localities.assign(opened.localities().begin(), opened.localities().end());
  for (const v1::Date& date : opened.holidays()) cohort.holidays.push_back(date_of(date));
  std::sort(cohort.holidays.begin(), cohort.holidays.end());
  cohort.zone = zone_of(opened.zone());
  cohort.rehearsal = opened.rehearsal();
  cohort.clock = cohort.clock_target = opened.clock_us();
  cohort.quotas.assign(opened.quotas().begin(), opened.quotas().end());
  return {};
}

void start(Cohort& cohort, const v1::InitiativeStarted& started, std::shared_ptr<const Model> model) {
  const Slot slot = static_cast<Slot>(cohort.initiatives.size());
  Initiative& initiative = cohort.initiatives.emplace_back();
  initiative.id = started.initiative();
  initiative.model = std::move(model);
  cohort.slots.add(initiative.id, slot);
  cohort.indexed.emplace_back();
  if (!started.applicant().empty()) ++cohort.applicants[started.applicant()];
  if (!initiative.kind().empty()) cohort.subjects[initiative.kind()].push_back(slot);
  cohort.happenings.emplace_back();
}

void change_taken(Cohort& cohort, const google::protobuf::RepeatedPtrField<v1::PlaceChange>& changes) {
  for (const v1::PlaceChange& one : changes) {
    std::uint32_t& taken = cohort.taken[{one.quota(), one.by()}];
    if (one.taken())
      ++taken;
    else if (taken > 0)
      --taken;
  }
}

void list(std::unordered_map<std::string, std::set<Slot>>& index, const std::string& locality, Slot slot, bool is_in) {
  if (is_in)
    index[locality].insert(slot);
  else
    index[locality].erase(slot);
}

void move_locality(Cohort& cohort, Slot slot, const std::string& before, const std::string& locality) {
  if (!before.empty()) std::erase(cohort.by_locality[before], slot);
  if (!locality.empty()) {
    std::vector<Slot>& slots = cohort.by_locality[locality];
    slots.insert(std::lower_bound(slots.begin(), slots.end(), slot), slot);
  }
  Indexed& indexed = cohort.indexed[slot];  // what is listed by locality is listed anew
  if (std::exchange(indexed.blocked, false)) list(cohort.blocked, before, slot, false);
  if (std::exchange(indexed.waiting, false)) list(cohort.waiting, before, slot, false);
}

/// Brings the indexes up to what the initiative now is.
void index_changes(Cohort& cohort, Slot slot) {
  const Initiative& initiative = cohort.initiatives[slot];
  Indexed& indexed = cohort.indexed[slot];
  cohort.due.set(slot, earliest_due(initiative));
  if (const bool blocked = is_blocked(initiative); blocked != indexed.blocked)
    list(cohort.blocked, locality_of(initiative), slot, indexed.blocked = blocked);
  if (const bool waiting = is_waiting(initiative); waiting != indexed.waiting)
    list(cohort.waiting, locality_of(initiative), slot, indexed.waiting = waiting);
  if (auto marks = marks_of(initiative); marks != indexed.marks) {
    count_marks(cohort.marks, indexed.marks, marks);
    indexed.marks = std::move(marks);
  }
  if (const bool held = initiative.held.has_value(); held != indexed.held) {
    indexed.held = held;
    if (held)
      cohort.held.insert(slot);
    else
      cohort.held.erase(slot);
  }
}

void reindex(Cohort& cohort, Slot slot) {
  if (cohort.remembers) cohort.stale.initiatives.mark(slot);
  index_changes(cohort, slot);
}

void entrust(Cohort& cohort, const v1::RoleAssigned& assigned) {
  cohort.assignments.push_back({assigned.assignment(), assigned.person(), assigned.role(), assigned.locality(), assigned.initiative(),
                                assigned.substitute_for(), assigned.load_max(),
                                assigned.until_us() ? assigned.until_us() : calendar::never, false});
  index_assignment(cohort, static_cast<std::uint32_t>(cohort.assignments.size() - 1));
}

void end_assignment(Cohort& cohort, const std::string& id) {
  for (std::uint32_t at = 0; at < cohort.assignments.size(); ++at) {
    Assignment& one = cohort.assignments[at];
    if (one.id != id || std::exchange(one.ended, true)) continue;
    std::erase(cohort.entrusted.by_person[one.person], at);
    if (!one.initiative.empty())
      std::erase(cohort.entrusted.by_initiative[one.initiative], at);
    else if (!one.locality.empty())
      std::erase(cohort.entrusted.by_locality[one.locality], at);
    else
      std::erase(cohort.entrusted.everywhere, at);
  }
}

void remember_answer(Cohort& cohort, const v1::Commit& commit) {
  if (commit.command_id().empty()) return;
  const std::uint64_t sequence = cohort.sequence + commit.records() - 1;
  cohort.answered.add({commit.command_id(), commit.stamped_at_us(), {commit.request_hash(), sequence, commit.created()}});
  cohort.stale.answers.insert(row_of_sequence(sequence));
  while (cohort.answered.oldest().stamped_at + limits::idempotency_window_us < commit.stamped_at_us()) {
    cohort.stale.answers.insert(row_of_sequence(cohort.answered.oldest().answer.sequence));
    cohort.answered.forget_oldest();
  }
}

/// How far the migration has come, and what of it waits.
void note_migration(Cohort& cohort, const Record& record, Slot slot) {
  Migration& migration = cohort.migration;
  if (record.has_migration_parked()) {
    Parked& parked = migration.parked[slot];
    parked = {record.migration_parked().why(), {}};
    for (const v1::ParkedWord& one : record.migration_parked().words()) parked.words.emplace_back(one.mark(), one.word());
  } else if (record.has_migrated() || record.has_migration_undone()) {
    migration.parked.erase(slot);
  } else {
    return;
  }
  // One that a manager put somewhere herself is not the next in line.
  if (record.migrated().by_hand().empty()) migration.next = slot + 1;
}

void note_waiver(Cohort& cohort, const Record& record) {
  const auto is_of = [](const auto& said) { return [&said](const Waiver& one) { return one.person == said.person() && one.initiative == said.initiative(); }; };
  if (record.has_waiver_proposed()) {
    const v1::WaiverProposed& said = record.waiver_proposed();
    cohort.waivers.push_back({said.person(), said.initiative(), said.reason(), cohort.commit.actor(), {}, instant_of(cohort)});
  } else if (record.has_waiver_confirmed()) {
    const auto found = std::find_if(cohort.waivers.begin(), cohort.waivers.end(), is_of(record.waiver_confirmed()));
    if (found == cohort.waivers.end()) return;
    found->confirmed_by = cohort.commit.actor();
    found->at = instant_of(cohort);
  } else if (record.has_waiver_declined()) {
    std::erase_if(cohort.waivers, is_of(record.waiver_declined()));
  }
}

void declare_conflict(Cohort& cohort, const v1::ConflictDeclared& said) {
  cohort.conflicts_of[said.person()].push_back(static_cast<std::uint32_t>(cohort.conflicts.size()));
  cohort.conflicts.push_back({said.conflict(), said.person(), said.initiative(), said.organisation(), said.kind(), said.note(),
                              cohort.commit.actor(), instant_of(cohort)});
}

void set_competences(Cohort& cohort, const v1::CompetencesSet& set) {
  if (set.competences().empty())
    cohort.competences.erase(set.person());
  else
    cohort.competences[set.person()].assign(set.competences().begin(), set.competences().end());
}

Result<void> start_migration(Cohort& cohort, const v1::MigrationStarted& started, const Library& library) {
  auto model = library.find(cohort.model->name(), started.version());
  if (!model) return fail(fmt::format("program {} has no version {}", cohort.model->name(), started.version()));
  cohort.model = std::move(model);
  Migration made;
  made.id = started.migration();
  made.version = started.version();
  made.from = started.from();
  made.plan = started.plan();
  made.initiatives = started.initiatives();
  made.seen.assign(started.seen().begin(), started.seen().end());
  cohort.migration = std::move(made);
  for (const v1::NamedValue& one : started.parameters()) {
    std::erase_if(cohort.parameters, [&](const auto& old) { return old.name() == one.name(); });
    cohort.parameters.push_back(one);
  }
  for (const v1::RoleAssigned& one : started.assigned()) entrust(cohort, one);
  cohort.quotas.insert(cohort.quotas.end(), started.quotas().begin(), started.quotas().end());
  for (const v1::CompetencesSet& one : started.competences()) set_competences(cohort, one);
  for (const v1::ExtensionCarried& one : started.extensions()) cohort.extensions.push_back({one.locality(), one.state(), one.to_us()});
  return {};
}

Result<void> reverse_migration(Cohort& cohort, const Library& library) {
  auto model = library.find(cohort.model->name(), cohort.migration.from);
  if (!model) return fail(fmt::format("program {} has no version {}", cohort.model->name(), cohort.migration.from));
  cohort.model = std::move(model);
  Migration& migration = cohort.migration;
  migration.undone = true;
  migration.ended = migration.paused = false;
  migration.next = 0;
  migration.parked.clear();
  return {};
}

bool writes_fields(const Record& record) {
  return record.has_fields_written() || record.has_initiative_started() || record.advanced().fields_size() > 0 || record.has_migrated() ||
         record.has_migration_undone() || record.has_move_undone();
}

/// Which initiatives a move made for many has changed.
void note_part(Cohort& cohort, const Initiative& initiative, Slot slot) {
  if (initiative.bulk.empty() || cohort.bulks.empty() || cohort.bulks.back().id != initiative.bulk) return;
  std::vector<Slot>& slots = cohort.bulks.back().slots;
  const auto at = std::lower_bound(slots.begin(), slots.end(), slot);
  if (at == slots.end() || *at != slot) slots.insert(at, slot);
}

void begin_term(Cohort& cohort, const v1::TermBegun& begun) {
  for (const std::string& one : begun.roles_ended()) end_assignment(cohort, one);
  auto term = std::find_if(cohort.terms.begin(), cohort.terms.end(), [&](const Term& one) { return one.body == begun.body(); });
  if (term == cohort.terms.end()) term = cohort.terms.insert(term, Term{});
  *term = {begun.body(), begun.number(), begun.from_us(), begun.until_us(), {begun.notices_us().begin(), begun.notices_us().end()}};
}

void notice_term(Cohort& cohort, const v1::TermNoticed& noticed) {
  for (Term& one : cohort.terms)
    if (one.body == noticed.body()) std::erase_if(one.notices, [&](Instant notice) { return notice <= noticed.notice_us(); });
}

/// The last of them may be taken back; those whose time is over are forgotten.
void begin_bulk(Cohort& cohort, const v1::BulkMoved& moved) {
  std::erase_if(cohort.bulks, [&](const Bulk& one) { return one.undo_until <= instant_of(cohort); });
  if (moved.undo_until_us() > 0) cohort.bulks.push_back({moved.bulk(), moved.move(), cohort.commit.actor(), moved.undo_until_us(), {}});
}

Result<void> apply_initiative(Cohort& cohort, const Record& record, const std::string& id, const Library& library) {
  if (record.has_initiative_started()) {
    const v1::InitiativeStarted& started = record.initiative_started();
    auto model = of_kind(library.find(cohort.model->name(), started.version()), started.subject());
    if (!model) return fail("the program's version of " + id + " was never published");
    if (cohort.find(id)) return fail(id + " is started twice");
    start(cohort, record.initiative_started(), std::move(model));
  }
  const auto slot = cohort.find(id);
  if (!slot) return fail("no initiative " + id);
  Initiative& initiative = cohort.initiatives[*slot];
  if (record.has_migrated() && !library.find_like(*initiative.model, record.migrated().version()))
    return fail(fmt::format("program {} has no version {}", cohort.model->name(), record.migrated().version()));
  if (record.has_move_undone() && !initiative.before_bulk) return fail(id + " cannot go back to before a move made for many: nothing is known of it");
  if (record.has_migration_undone() && !initiative.before) return fail(id + " cannot go back to a version: nothing is known of it");
  if (writes_fields(record)) {
    const std::string before = locality_of(initiative);
    apply_to(initiative, record, instant_of(cohort), cohort.commit.actor(), library);
    if (const std::string& locality = locality_of(initiative); locality != before) move_locality(cohort, *slot, before, locality);
  } else {
    apply_to(initiative, record, instant_of(cohort), cohort.commit.actor(), library);
  }
  if (record.has_decision_held()) initiative.held->sequence = cohort.sequence;
  if (const auto* places = places_of(record)) change_taken(cohort, *places);
  reindex(cohort, *slot);
  note_part(cohort, initiative, *slot);
  note_migration(cohort, record, *slot);
  note_waiver(cohort, record);
  if (cohort.remembers && !record.has_wake_set()) note_happening(cohort, record, cohort.happenings[*slot].emplace_back());
  return {};
}

void apply_moved(Cohort& cohort, const Record& record, const google::protobuf::RepeatedPtrField<v1::TimersMoved>& moved,
                 const std::string& kind, const Library& library) {
  for (const v1::TimersMoved& one : moved) {
    const auto slot = cohort.find(one.initiative());
    if (!slot) continue;
    Initiative& initiative = cohort.initiatives[*slot];
    apply_to(initiative, record, instant_of(cohort), cohort.commit.actor(), library);
    reindex(cohort, *slot);
    if (!cohort.remembers) continue;
    Happening& made = cohort.happenings[*slot].emplace_back();
    note_happening(cohort, record, made);
    made.kind = kind;
  }
}

/// What waits for a line of the checklist or for a place is due again when a parameter, a quota or a role has changed, and so is
/// what goes on by itself by what they say: time tries it, and lets it wait again where nothing is better.
void try_again(Cohort& cohort) {
  std::vector<Slot> slots;
  for (const auto& [locality, blocked] : cohort.blocked) slots.insert(slots.end(), blocked.begin(), blocked.end());
  for (const Slot slot : slots) {
    for (Timer& timer : cohort.initiatives[slot].at.timers) timer.blocked = false;
    reindex(cohort, slot);
  }
  for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) {
    if (!may_wake(cohort.initiatives[slot])) continue;
    cohort.initiatives[slot].wake_at = instant_of(cohort);
    reindex(cohort, slot);
  }
}

Result<void> apply_body(Cohort& cohort, const Record& record, const Library& library) {
  if (const std::string& id = initiative_of(record); !id.empty()) return apply_initiative(cohort, record, id, library);
  switch (record.body_case()) {
    case Record::kCohortOpened: return open(cohort, record.cohort_opened(), library);
    case Record::kParameterChanged: {
      const v1::ParameterChanged& changed = record.parameter_changed();
      std::erase_if(cohort.parameters, [&](const auto& one) { return one.name() == changed.name(); });
      v1::NamedValue& made = cohort.parameters.emplace_back();
      made.set_name(changed.name());
      *made.mutable_value() = changed.value();
      apply_moved(cohort, record, changed.moved(), "extended", library);
      try_again(cohort);
      return {};
    }
    case Record::kQuotaChanged: {
      const v1::QuotaPlaces& places = record.quota_changed().places();
      std::erase_if(cohort.quotas, [&](const auto& one) { return one.quota() == places.quota() && one.by() == places.by(); });
      cohort.quotas.push_back(places);
      try_again(cohort);
      return {};
    }
    case Record::kRoleAssigned:
      entrust(cohort, record.role_assigned());
      try_again(cohort);
      return {};
    case Record::kRoleEnded:
      end_assignment(cohort, record.role_ended().assignment());
      try_again(cohort);
      return {};
    case Record::kDeadlineExtended: {
      const v1::DeadlineExtended& extended = record.deadline_extended();
      if (extended.initiative().empty()) cohort.extensions.push_back({extended.locality(), extended.state(), extended.to_us()});
      apply_moved(cohort, record, extended.moved(), "extended", library);
      return {};
    }
    case Record::kClockMoved:
      cohort.clock = record.clock_moved().to_us();
      cohort.clock_target = record.clock_moved().target_us();
      return {};
    case Record::kEffectReported:
      cohort.effects_sent = std::max(cohort.effects_sent, record.effect_reported().sequence());
      return {};
    case Record::kMigrationStarted: {
      auto started = start_migration(cohort, record.migration_started(), library);
      if (started) try_again(cohort);
      return started;
    }
    case Record::kMigrationReversed: {
      auto reversed = reverse_migration(cohort, library);
      if (reversed) try_again(cohort);
      return reversed;
    }
    case Record::kMigrationPaused: cohort.migration.paused = true; return {};
    case Record::kMigrationResumed: cohort.migration.paused = false; return {};
    case Record::kMigrationEnded:
      cohort.migration.ended = true;
      for (const std::string& one : record.migration_ended().roles_ended()) end_assignment(cohort, one);
      return {};
    case Record::kTermBegun:
      begin_term(cohort, record.term_begun());
      try_again(cohort);
      return {};
    case Record::kTermNoticed: notice_term(cohort, record.term_noticed()); return {};
    case Record::kMinutesApproved: cohort.minutes[record.minutes_approved().body()] = record.minutes_approved().up_to(); return {};
    case Record::kBulkMoved: begin_bulk(cohort, record.bulk_moved()); return {};
    case Record::kBulkUndone:
      std::erase_if(cohort.bulks, [&](const Bulk& one) { return one.id == record.bulk_undone().bulk(); });
      return {};
    case Record::kCompetencesSet: set_competences(cohort, record.competences_set()); return {};
    case Record::kConflictDeclared: declare_conflict(cohort, record.conflict_declared()); return {};
    case Record::kAssignmentsDrawn:  // what it came to are records of their own
    case Record::kCommandQuarantined: return {};
    default: return fail(fmt::format("record kind {} does not belong to a cohort", static_cast<int>(record.body_case())));
  }
}

}  // namespace

void index_initiative(Cohort& cohort, Slot slot) {
  const Initiative& initiative = cohort.initiatives[slot];
  cohort.slots.add(initiative.id, slot);
  if (!initiative.applicant.empty()) ++cohort.applicants[initiative.applicant];
  if (!initiative.kind().empty()) cohort.subjects[initiative.kind()].push_back(slot);
  if (const std::string& locality = locality_of(initiative); !locality.empty()) cohort.by_locality[locality].push_back(slot);
  cohort.indexed.resize(slot + 1);
  index_changes(cohort, slot);
}

void index_assignment(Cohort& cohort, std::uint32_t at) {
  const Assignment& one = cohort.assignments[at];
  if (one.ended) return;
  cohort.entrusted.by_person[one.person].push_back(at);
  if (!one.initiative.empty())
    cohort.entrusted.by_initiative[one.initiative].push_back(at);
  else if (!one.locality.empty())
    cohort.entrusted.by_locality[one.locality].push_back(at);
  else
    cohort.entrusted.everywhere.push_back(at);
}

Result<void> apply(Cohort& cohort, const Record& record, const Library& library) {
  ++cohort.sequence;
  if (record.has_commit()) {
    cohort.commit = record.commit();
    remember_answer(cohort, record.commit());
  }
  if (!cohort.open() && !record.has_cohort_opened()) return fail("the stream does not begin with CohortOpened");
  if (auto applied = apply_body(cohort, record, library); !applied)
    return fail(applied.error().within(fmt::format("record {}", cohort.sequence)));
  if (!cohort.rehearsal) cohort.clock = std::max(cohort.clock, cohort.commit.recorded_at_us());
  return {};
}

}  // namespace kvali::cohort
