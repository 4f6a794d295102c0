// apply for a whole cohort: what a record changes beyond its initiative, and the indexes that follow from the state.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/cohort/apply.h"
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
  cohort.initiatives.emplace_back().model = std::move(model);
  cohort.slots.emplace(started.initiative(), slot);
  cohort.due_of.push_back(calendar::never);
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

void reindex(Cohort& cohort, Slot slot, const std::string& locality_before) {
  cohort.stale.initiatives.mark(slot);
  const Initiative& initiative = cohort.initiatives[slot];
  const Instant due = earliest_due(initiative);
  if (due != cohort.due_of[slot]) {
    cohort.due.erase({cohort.due_of[slot], slot});
    if (due != calendar::never) cohort.due.emplace(due, slot);
    cohort.due_of[slot] = due;
  }
  std::string locality = locality_of(initiative);
  if (locality == locality_before) return;
  if (!locality_before.empty()) std::erase(cohort.by_locality[locality_before], slot);
  if (!locality.empty()) {
    std::vector<Slot>& slots = cohort.by_locality[locality];
    slots.insert(std::lower_bound(slots.begin(), slots.end(), slot), slot);
  }
}

/// When the record before us happened. A rehearsal's clock may move on several times within one commit.
Instant instant_of(const Cohort& cohort) { return cohort.rehearsal ? cohort.clock : cohort.commit.recorded_at_us(); }

Happening happening(const Cohort& cohort, const Record& record) {
  Happening made;
  made.sequence = cohort.sequence;
  made.at = instant_of(cohort);
  made.actor = cohort.commit.actor();
  made.on_behalf_of = cohort.commit.on_behalf_of();
  made.channel = cohort.commit.channel();
  const auto tell = [&](const auto& told) {
    for (const v1::Told& one : told) made.told.push_back(one.role());
  };
  if (record.has_initiative_started()) {
    made.kind = "started";
    made.entered.assign(record.initiative_started().entered().begin(), record.initiative_started().entered().end());
  } else if (record.has_fields_written()) {
    made.kind = "saved";
    made.task = record.fields_written().task();
    for (const v1::FieldWritten& field : record.fields_written().fields()) made.what += (made.what.empty() ? "" : ",") + field.name();
  } else if (record.has_advanced()) {
    const v1::Advanced& advanced = record.advanced();
    made.kind = advanced.cause() == v1::Advanced::MOVE ? "move" : advanced.cause() == v1::Advanced::PUBLISHED ? "published" : "time";
    if (advanced.cause() == v1::Advanced::FREED) made.kind = "freed";
    if (advanced.cause() == v1::Advanced::DONE) made.kind = "done";
    made.what = advanced.what();
    made.task = advanced.task();
    if (advanced.arrows_size() > 0) made.arrow = advanced.arrows(0);
    made.entered.assign(advanced.entered().begin(), advanced.entered().end());
    made.reason = advanced.reason();
    tell(advanced.told());
  } else if (record.has_task_opened()) {
    made.kind = "task";
    made.what = record.task_opened().kind();
    made.task = record.task_opened().task();
  } else if (record.has_decision_held()) {
    made.kind = "held";
    made.what = record.decision_held().move();
    made.arrow = record.decision_held().arrow();
    made.reason = record.decision_held().reason();
  } else if (record.has_decision_dropped()) {
    made.kind = "dropped";
  } else if (record.has_exception_proposed()) {
    made.kind = "exception_proposed";
    made.entered.push_back(record.exception_proposed().to());
    made.reason = record.exception_proposed().reason();
  } else if (record.has_excepted()) {
    made.kind = "excepted";
    made.entered.assign(record.excepted().entered().begin(), record.excepted().entered().end());
    made.reason = record.excepted().reason();
    tell(record.excepted().told());
  } else if (record.has_exception_declined()) {
    made.kind = "exception_declined";
  } else if (record.has_blocked()) {
    made.kind = "blocked";
    made.what = record.blocked().quota();
    tell(record.blocked().told());
  }
  return made;
}

void remember_answer(Cohort& cohort, const v1::Commit& commit) {
  if (commit.command_id().empty()) return;
  const Answered answer{commit.request_hash(), cohort.sequence + commit.records() - 1, commit.created()};
  if (!cohort.answered.emplace(commit.command_id(), answer).second) return;  // its first answer is the one that was given
  cohort.answered_order.emplace_back(commit.stamped_at_us(), commit.command_id());
  cohort.stale.answers.insert(row_of_sequence(answer.sequence));
  while (cohort.answered_order.front().first + limits::idempotency_window_us < commit.stamped_at_us()) {
    const auto oldest = cohort.answered.find(cohort.answered_order.front().second);
    cohort.stale.answers.insert(row_of_sequence(oldest->second.sequence));
    cohort.answered.erase(oldest);
    cohort.answered_order.pop_front();
  }
}

Result<void> apply_initiative(Cohort& cohort, const Record& record, const std::string& id, const Library& library) {
  if (record.has_initiative_started()) {
    auto model = library.find(cohort.model->name(), record.initiative_started().version());
    if (!model) return fail("the program's version of " + id + " was never published");
    if (cohort.find(id)) return fail(id + " is started twice");
    start(cohort, record.initiative_started(), std::move(model));
  }
  const auto slot = cohort.find(id);
  if (!slot) return fail("no initiative " + id);
  Initiative& initiative = cohort.initiatives[*slot];
  const std::string locality_before = locality_of(initiative);
  apply_to(initiative, record, instant_of(cohort), cohort.commit.actor());
  if (const auto* places = places_of(record)) change_taken(cohort, *places);
  reindex(cohort, *slot, locality_before);
  cohort.happenings[*slot].push_back(happening(cohort, record));
  return {};
}

void apply_moved(Cohort& cohort, const Record& record, const google::protobuf::RepeatedPtrField<v1::TimersMoved>& moved,
                 const std::string& kind) {
  for (const v1::TimersMoved& one : moved) {
    const auto slot = cohort.find(one.initiative());
    if (!slot) continue;
    Initiative& initiative = cohort.initiatives[*slot];
    apply_to(initiative, record, instant_of(cohort), cohort.commit.actor());
    reindex(cohort, *slot, locality_of(initiative));
    Happening made = happening(cohort, record);
    made.kind = kind;
    cohort.happenings[*slot].push_back(std::move(made));
  }
}

/// What waits for a line of the checklist or for a place is due again when a parameter, a quota or a role has changed: time
/// tries it, and blocks it again where nothing is better.
void unblock(Cohort& cohort) {
  for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) {
    bool any = false;
    for (Timer& timer : cohort.initiatives[slot].at.timers) any = std::exchange(timer.blocked, false) || any;
    if (any) reindex(cohort, slot, locality_of(cohort.initiatives[slot]));
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
      apply_moved(cohort, record, changed.moved(), "extended");
      unblock(cohort);
      return {};
    }
    case Record::kQuotaChanged: {
      const v1::QuotaPlaces& places = record.quota_changed().places();
      std::erase_if(cohort.quotas, [&](const auto& one) { return one.quota() == places.quota() && one.by() == places.by(); });
      cohort.quotas.push_back(places);
      unblock(cohort);
      return {};
    }
    case Record::kRoleAssigned: {
      const v1::RoleAssigned& assigned = record.role_assigned();
      cohort.assignments.push_back({assigned.assignment(), assigned.person(), assigned.role(), assigned.locality(),
                                    assigned.initiative(), assigned.substitute_for(), assigned.load_max(),
                                    assigned.until_us() ? assigned.until_us() : calendar::never, false});
      unblock(cohort);
      return {};
    }
    case Record::kRoleEnded:
      for (Assignment& one : cohort.assignments)
        if (one.id == record.role_ended().assignment()) one.ended = true;
      return {};
    case Record::kDeadlineExtended: {
      const v1::DeadlineExtended& extended = record.deadline_extended();
      if (extended.initiative().empty()) cohort.extensions.push_back({extended.locality(), extended.state(), extended.to_us()});
      apply_moved(cohort, record, extended.moved(), "extended");
      return {};
    }
    case Record::kClockMoved:
      cohort.clock = record.clock_moved().to_us();
      cohort.clock_target = record.clock_moved().target_us();
      return {};
    case Record::kEffectReported:
      cohort.effects_sent = std::max(cohort.effects_sent, record.effect_reported().sequence());
      return {};
    case Record::kCommandQuarantined: return {};
    default: return fail(fmt::format("record kind {} does not belong to a cohort", static_cast<int>(record.body_case())));
  }
}

}  // namespace

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
