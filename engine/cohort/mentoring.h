#pragma once
// Who could take a role for an initiative or a locality, and what those who hold one do: read each time from assignments,
// competences and logs. Conflicts of interest are those of the role (conflict.h), looked at as if she held it already.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cohort/conflict.h"

namespace kvali::cohort {

/// What somebody is to take a role for: one initiative or a locality.
struct Post {
  const Initiative* initiative = nullptr;
  std::string locality;
};

enum class Hindrance { None, InConflict, AtLimit, NotSoFar, HasIt };

struct Candidate {
  std::string person;
  std::uint32_t meets = 0, needs = 0;         // of the needs that are known, those she is competent for
  std::vector<const v1::Field*> missing;      // she is not competent for
  std::uint32_t load = 0, load_max = 0;       // initiatives in this role; 0: no limit
  Hindrance hindrance = Hindrance::None;      // the first that applies
  std::optional<ConflictFound> conflict;      // of InConflict
};

/// Initiatives that an assignment for these entrusts: one, or as many as the locality has places.
std::uint32_t weight_of(const Cohort& cohort, const std::string& locality, const std::string& initiative);
/// Initiatives that `person` has in `role` now; a locality counts with its places.
std::uint32_t load_of(const Cohort& cohort, std::string_view role, const std::string& person, Instant now);
/// At most so many: what an assignment of hers says, else the role; 0: no limit.
std::uint32_t load_max_of(const Cohort& cohort, const v1::Role& role, const std::string& person, Instant now);
/// Whether she has come as far as the role asks of who is given it; true where it asks for nothing.
bool came_so_far(const Cohort& cohort, const v1::Role& role, const std::string& person);
/// Whether somebody holds the role for the post already: how many do.
std::uint32_t holders_count(const Cohort& cohort, const v1::Role& role, const Post& post, Instant now);
/// Whether an initiative is under way so that somebody should have the role: it holds a place, or waits for the role, or the role can do
/// something where it stands.
bool calls_for(const Initiative& initiative, std::string_view role);

/// Who might be given the role at all: whoever came so far as it asks, or where it asks for nothing whoever said what she can judge and
/// brings no initiative herself; and who holds it or held it. In the order in which the cohort learned of them.
std::vector<std::string> candidates_for(const Cohort& cohort, const World& world, const v1::Role& role);
Candidate candidate(const Cohort& cohort, const World& world, const v1::Role& role, const Post& post, const std::string& person, Instant now);
/// All of them, the fittest first: who can take it before who cannot, then by needs met, then by load.
std::vector<Candidate> ranked_candidates(const Cohort& cohort, const World& world, const v1::Role& role, const Post& post, Instant now);

/// What somebody logged in the whole cohort, in entries that count minutes.
struct Logged {
  std::int64_t minutes = 0;
  std::uint32_t sessions = 0;
  Instant last = 0;  // 0: none yet
};
Logged logged_by(const Cohort& cohort, const std::string& person);
Logged logged_by(const Initiative& initiative, const std::string& person);

/// How an entry that stays open stands: "proposed", "open" (past its day too), "withdrawn" or as it was closed.
std::string state_of_entry(const Task& task, const TaskModel& kind);
/// Of the two roles that agree on an entry the first that she may speak for; null: none.
const std::string* party_of(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const v1::TaskKind& kind);
/// Whether she may agree to an entry that another proposed, for the other party.
bool may_agree(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const Task& task);

}  // namespace kvali::cohort
