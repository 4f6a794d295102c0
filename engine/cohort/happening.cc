#include "engine/cohort/happening.h"

#include "engine/cohort/keep.h"

namespace kvali::cohort {

Instant instant_of(const Cohort& cohort) { return cohort.rehearsal ? cohort.clock : cohort.commit.recorded_at_us(); }

void note_happening(const Cohort& cohort, const v1::Record& record, Happening& made) {
  made.sequence = cohort.sequence;
  made.at = instant_of(cohort);
  made.actor = cohort.commit.actor();
  made.on_behalf_of = cohort.commit.on_behalf_of();
  made.channel = cohort.commit.channel();
  const auto tell = [&](const auto& told) {
    made.told.reserve(static_cast<std::size_t>(told.size()));
    for (const v1::Told& one : told) made.told.push_back(one.role());
  };
  if (record.has_initiative_started()) {
    made.kind = "started";
    made.entered.assign(record.initiative_started().entered().begin(), record.initiative_started().entered().end());
  } else if (record.has_fields_written()) {
    made.kind = "saved";
    made.task = record.fields_written().task();
    for (const v1::FieldWritten& field : record.fields_written().fields()) made.what.append(made.what.empty() ? "" : ",").append(field.name());
  } else if (record.has_advanced()) {
    const v1::Advanced& advanced = record.advanced();
    made.kind = advanced.cause() == v1::Advanced::MOVE ? "move" : advanced.cause() == v1::Advanced::PUBLISHED ? "published" : "time";
    if (advanced.cause() == v1::Advanced::FREED) made.kind = "freed";
    if (advanced.cause() == v1::Advanced::DONE) made.kind = "done";
    made.what = advanced.what();
    made.task = advanced.task();
    if (advanced.arrows_size() > 0) made.arrow = advanced.arrows(0);
    made.entered.assign(advanced.entered().begin(), advanced.entered().end());
    if (advanced.has_reason()) made.reason = advanced.reason();
    tell(advanced.told());
  } else if (record.has_task_opened()) {
    made.kind = "task";
    made.what = record.task_opened().kind();
    made.task = record.task_opened().task();
    tell(record.task_opened().told());
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
  } else if (record.has_migrated()) {
    made.kind = "migrated";
    made.what = cohort.initiatives[*cohort.find(record.migrated().initiative())].before->model->version();  // the version it left
    made.entered.assign(record.migrated().at().active().begin(), record.migrated().at().active().end());
  } else if (record.has_migration_parked()) {
    made.kind = "migration_parked";
    made.what = record.migration_parked().why();
    tell(record.migration_parked().told());
  } else if (record.has_migration_undone()) {
    made.kind = "migration_undone";
    made.what = cohort.migration.version;
  } else if (record.has_partners_set()) {
    made.kind = "partners";
  } else if (record.has_facts_noted()) {
    made.kind = "facts";
    for (const std::string& name : record.facts_noted().changed()) made.what.append(made.what.empty() ? "" : ",").append(name);
  } else if (record.has_voted()) {
    made.kind = "voted";
    made.task = record.voted().task();
  } else if (record.has_move_undone()) {
    made.kind = "move_undone";
  } else if (record.has_readers_assigned()) {
    made.kind = "readers_assigned";
    made.what = record.readers_assigned().review();
    tell(record.readers_assigned().told());
  } else if (record.has_reading_declined()) {
    made.kind = "reading_declined";
    made.what = record.reading_declined().review();
    made.reason = record.reading_declined().reason();
    tell(record.reading_declined().told());
  } else if (record.has_waiver_proposed()) {
    made.kind = "waiver_proposed";
    made.what = record.waiver_proposed().person();
    made.reason = record.waiver_proposed().reason();
  } else if (record.has_waiver_confirmed()) {
    made.kind = "waiver_confirmed";
    made.what = record.waiver_confirmed().person();
  } else if (record.has_waiver_declined()) {
    made.kind = "waiver_declined";
    made.what = record.waiver_declined().person();
  } else if (record.has_field_translated()) {
    made.kind = "translated";
    made.what = record.field_translated().field();
  } else if (record.has_guard_failed()) {
    made.kind = "guard_failed";
    made.what = record.guard_failed().guard();
    made.task = record.guard_failed().task();
    made.arrow = record.guard_failed().arrow();
    tell(record.guard_failed().told());
  }
}

void keep(const Happening& live, v1::KeptHappening& kept) {
  const auto& [sequence, at, actor, on_behalf_of, channel, kind, what, arrow, entered, reason, task, told] = live;
  kept.set_sequence(sequence);
  kept.set_at_us(at);
  kept.set_actor(actor);
  kept.set_on_behalf_of(on_behalf_of);
  kept.set_channel(channel);
  kept.set_kind(kind);
  kept.set_what(what);
  if (arrow != UINT32_MAX) kept.set_arrow(arrow);
  kept.mutable_entered()->Add(entered.begin(), entered.end());
  if (reason.kind_case() != v1::Value::KIND_NOT_SET) *kept.mutable_reason() = reason;
  kept.set_task(task);
  kept.mutable_told()->Add(told.begin(), told.end());
}

void restore(const v1::KeptHappening& kept, Happening& live) {
  auto& [sequence, at, actor, on_behalf_of, channel, kind, what, arrow, entered, reason, task, told] = live;
  sequence = kept.sequence();
  at = kept.at_us();
  actor = kept.actor();
  on_behalf_of = kept.on_behalf_of();
  channel = kept.channel();
  kind = kept.kind();
  what = kept.what();
  if (kept.has_arrow()) arrow = kept.arrow();
  entered.assign(kept.entered().begin(), kept.entered().end());
  reason = kept.reason();
  task = kept.task();
  told.assign(kept.told().begin(), kept.told().end());
}

}  // namespace kvali::cohort
