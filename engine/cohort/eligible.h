#pragma once
// Whether somebody may begin an initiative here, before a word of it is written: what stands in the way, each with its sentence, and
// from when it would not if nothing but time changes. StartInitiative refuses with the same.
#include <optional>
#include <string>
#include <vector>

#include "engine/cohort/may.h"
#include "engine/cohort/refusal.h"

namespace kvali::cohort {

struct Eligibility {
  std::vector<Unmet> unmet;                 // all of it; empty: she may begin
  Instant will_hold_at = calendar::never;   // when all of it holds, by time alone; never: it does not, or it holds now
  std::optional<Instant> closes_at;         // nobody begins from then on
};

/// The instant from which nobody begins any more: the deadline of the first state, where it is a date of the cohort.
std::optional<Instant> closes_at(const Cohort& cohort, const Model& model, Instant now);

/// What stands against `organisation` (empty: nobody in particular) beginning here at viewer.now. The facts are told to who may know them.
/// May be asked for only by who may_ask().
Eligibility eligibility(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation);
/// The same of a kind of subject of the cohort, and of the person it concerns (empty: nobody).
Eligibility eligibility(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation, const Model& kind,
                        const std::string& applicant);

/// Whether the viewer may be told whether this organisation may begin: since that tells something of its facts, its members and who runs
/// the cohort, where the program asks for facts at all. Without an organisation anybody may.
bool may_ask(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation);

}  // namespace kvali::cohort
