#pragma once
// What a dry run and the decisions of a migration share. Internal to engine/cohort.
#include "engine/cohort/migrate.h"
#include "engine/cohort/parts.h"

namespace kvali::cohort {

/// The record that starts the migration, but for who and when; or why the parameters do not allow it. `id`: of the migration.
std::variant<v1::MigrationStarted, Refusal> started_migration(const Cohort& cohort, const v1::StartMigration& command, const Plan& plan,
                                                              const std::string& id);

/// What is due for the initiative at `slot` is fired, then it goes over, waits or is left out: the records are in the sketch.
/// `to`: where a manager puts it, who is then named in the record.
Fate go_over(Case& c, const Plan& plan, Slot slot, const std::vector<statechart::StateId>& to = {}, bool by_hand = false);

}  // namespace kvali::cohort
