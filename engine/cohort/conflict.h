#pragma once
// Conflicts of interest, declared and computed: what keeps a person away from one initiative. A conflict takes from her the roles that it
// binds, for that initiative alone; so every right that comes by a role (reading, scoring, deciding, counting, listing, being told) goes
// with it, and the title is what is left. The role of who brings the initiative is never taken, and nothing here is kept: memberships,
// roles and declarations are looked at each time.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cohort/may.h"
#include "engine/cohort/refusal.h"

namespace kvali::cohort {

struct ConflictFound {
  v1::Review::Conflict kind = v1::Review::CONFLICT_UNSPECIFIED;
  const DeclaredConflict* declared = nullptr;  // of a declared one
};

/// The roles that somebody was given for the initiative, whatever conflict she has.
std::vector<std::string> given_roles(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative);

/// What keeps her from acting as `role` for the initiative, waived or not; nothing when nothing does.
std::optional<ConflictFound> conflict_in(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative,
                                         std::string_view role);
/// Whether `role` is taken from her: a conflict that is not waived.
bool is_kept_away(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, std::string_view role);

/// The conflict that leaves her nothing but the title: she has roles for the initiative, and each is taken. Nothing where she has one
/// left, or had none.
std::optional<ConflictFound> conflict_of(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative);

/// The conflict but for which she might act as one of `roles`, or for their holders.
std::optional<ConflictFound> conflict_as(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative,
                                         const google::protobuf::RepeatedPtrField<std::string>& roles);

/// Proposed or confirmed; null when there is none.
const Waiver* waiver_of(const Cohort& cohort, const std::string& person, const std::string& initiative);

/// "conflict_organisation": the key of the sentence that says it.
const char* sentence_key(v1::Review::Conflict kind);
Refusal refuse(const ConflictFound& conflict);

}  // namespace kvali::cohort
