#pragma once
// The door to simulations: a whole cohort played through a program, many times over, from a seed. Guards, quotas, waitlists,
// deadlines, reminders and reports are the engine's own (play.h); what people do is drawn from habits (habits.h). Pure: the
// same setting gives the same findings, byte for byte, on every machine.
#include "engine/simulate/findings.h"
#include "engine/simulate/play.h"

namespace kvali::simulate {

/// Plays setting.cohorts cohorts of setting.initiatives each. An error says why the cohort cannot be opened: a parameter that
/// is missing, localities that are too few, places that the program does not know.
Result<Findings> simulate(const Setting& setting, const Onlooker& onlooker = {});

}  // namespace kvali::simulate
