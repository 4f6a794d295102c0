// What a record is about, without applying it.
#include "engine/cohort/apply.h"

namespace kvali::cohort {

using Record = v1::Record;

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
    case Record::kPartnersSet: return record.partners_set().initiative();
    case Record::kFactsNoted: return record.facts_noted().initiative();
    case Record::kVoted: return record.voted().initiative();
    case Record::kMoveUndone: return record.move_undone().initiative();
    case Record::kReadersAssigned: return record.readers_assigned().initiative();
    case Record::kReadingDeclined: return record.reading_declined().initiative();
    case Record::kWaiverProposed: return record.waiver_proposed().initiative();
    case Record::kWaiverConfirmed: return record.waiver_confirmed().initiative();
    case Record::kWaiverDeclined: return record.waiver_declined().initiative();
    case Record::kFieldTranslated: return record.field_translated().initiative();
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
  if (record.has_initiative_started()) return &record.initiative_started().places();
  if (record.has_move_undone()) return &record.move_undone().places();
  return nullptr;
}

}  // namespace kvali::cohort
