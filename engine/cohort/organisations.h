#pragma once
// The organisations behind an initiative: what its cohort knows of them is a copy of what the directory says, written by records, so
// that guards read it wherever they stand and a restart finds it as it was.
#include <memory>
#include <set>
#include <string>

#include "engine/cohort/may.h"
#include "engine/cohort/sketch.h"

namespace kvali::cohort {

/// What the cohort is to know of who brings the initiative, by the directory as it is: nothing beyond what its program asks. Null where
/// that is nothing and there are no partners.
std::shared_ptr<const v1::Bringers> bringers_of(const directory::Directory& directory, const Model& model, const std::string& organisation,
                                                const std::vector<std::string>& partners);
/// The ids of its partners, in order.
std::vector<std::string> partners_of(const Initiative& initiative);

/// Whether what the cohort knows of some initiative has fallen behind the directory. `organisations` are those that may have changed, by
/// the ids that are kept; empty: all.
bool is_behind(const Cohort& cohort, const directory::Directory& directory, const std::set<std::string>& organisations);
/// Adds what the directory knows by now of the initiative's organisations to the sketch, where that is something else; true when it was.
bool note_facts(Sketch& sketch, Slot slot);

/// Whether the facts of the organisation are hers to know: as a member of it, or as who runs the cohort.
bool may_know_facts(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation);
/// The names of what differs between two notes: facts by their names, "kind", "country", "register".
std::vector<std::string> changed_names(const v1::OrganisationNoted& before, const v1::OrganisationNoted& now);

}  // namespace kvali::cohort
