#pragma once
// The only door through which a cohort changes. Live and replay use the same; it evaluates no expression and chooses no
// transition: a record says what became of everything.
#include "engine/cohort/state.h"

namespace kvali::cohort {

/// The version of the fold: counts the changes to what a snapshot means.
inline constexpr std::uint32_t fold_version = 4;

/// Applies the next record of the cohort's stream. `library` lends the published programs that records name. An error means
/// the stream does not fold: the cohort is quarantined, never repaired.
Result<void> apply(Cohort& cohort, const v1::Record& record, const Library& library);

/// The part of a record that changes one initiative; apply and the sketch of a decision share it. The version that a record names
/// is in the library.
void apply_to(Initiative& initiative, const v1::Record& record, Instant at, const std::string& actor, const Library& library);

/// Adds the last of a cohort's initiatives or assignments to its indexes: for who has them from elsewhere than their records.
void index_initiative(Cohort& cohort, Slot slot);
void index_assignment(Cohort& cohort, std::uint32_t at);

/// Fields that have another name from now on.
void rename_fields(std::vector<FieldState>& fields, const google::protobuf::RepeatedPtrField<v1::FieldRenamed>& renamed);
/// The initiative a record is about, or "".
const std::string& initiative_of(const v1::Record& record);
/// The place changes a record states.
const google::protobuf::RepeatedPtrField<v1::PlaceChange>* places_of(const v1::Record& record);

}  // namespace kvali::cohort
