// A role for many at once: drawn by need and load as readers are, in one commit.
#include <algorithm>
#include <set>

#include "engine/cohort/matching.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/parts.h"
#include "engine/directory/directory.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

/// One that is to get somebody, and what became of those who might have it.
struct Wanting {
  Post post;
  std::uint32_t wanted = 0;
  std::vector<std::uint32_t> may;  // persons who could take it, whatever their load
  std::uint32_t in_conflict = 0, not_competent = 0, at_limit = 0;
};

using Posts = std::vector<Post>;

std::variant<Posts, Refusal> initiatives_named(Case& c, const v1::AssignMany& command) {
  Posts posts;
  std::set<Slot> seen;
  for (const std::string& id : command.initiatives()) {
    auto found = find_initiative(c, id);
    if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
    if (c.sketch.initiative(std::get<Slot>(found)).ended()) return refuse_ended(c.sketch.initiative(std::get<Slot>(found)));
    seen.insert(std::get<Slot>(found));
  }
  for (const Slot slot : seen) posts.push_back({&c.sketch.initiative(slot), ""});
  return posts;
}

/// The initiatives or localities that are named; where none are, all of them that somebody should have in the role.
std::variant<Posts, Refusal> posts_of(Case& c, const v1::AssignMany& command, const v1::Role& role) {
  if (!command.initiatives().empty() && !command.localities().empty()) return refuse(Code::Invalid, "no_command");
  if (!command.initiatives().empty()) return initiatives_named(c, command);
  Posts posts;
  for (const std::string& id : command.localities()) {
    if (!c.cohort().locality(id)) return refuse(Code::Invalid, "no_locality", {{"name", id}});
    if (std::none_of(posts.begin(), posts.end(), [&](const Post& one) { return one.locality == id; })) posts.push_back({nullptr, id});
  }
  if (!posts.empty()) return posts;
  if (role.scope() == v1::Role::LOCALITY) {
    for (const v1::LocalityEntry& one : c.cohort().localities) posts.push_back({nullptr, one.id()});
    return posts;
  }
  for (const Initiative& one : c.cohort().initiatives)
    if (calls_for(one, role.name()) && may(c.cohort(), c.world(), c.viewer, Action::See, &one)) posts.push_back({&one, ""});
  return posts;
}

/// Loads in posts. Localities count with their places, so of unequal ones the largest is the measure: nobody comes above her limit.
class Measure {
 public:
  Measure(const Case& c, const Posts& posts) {
    for (const Post& one : posts) unit_ = std::max(unit_, one.initiative ? 1 : weight_of(c.cohort(), one.locality, ""));
  }
  [[nodiscard]] Matching::Reader reader(std::uint32_t load, std::uint32_t load_max) const {
    return {(load + unit_ - 1) / unit_, load_max == 0 ? 0 : std::max<std::uint32_t>(1, room(load, load_max) + (load + unit_ - 1) / unit_)};
  }
  /// How many posts more somebody may have.
  [[nodiscard]] std::uint32_t room(std::uint32_t load, std::uint32_t load_max) const { return load_max <= load ? 0 : (load_max - load) / unit_; }
  [[nodiscard]] bool is_full(std::uint32_t load, std::uint32_t load_max) const { return load_max != 0 && room(load, load_max) == 0; }

 private:
  std::uint32_t unit_ = 1;
};

Wanting wanting(const Case& c, const v1::AssignMany& command, const v1::Role& role, const Post& post, const std::vector<std::string>& persons, const Measure& measure) {
  Wanting made{post, 0, {}, 0, 0, 0};
  const std::uint32_t each = std::max<std::uint32_t>(1, command.each()), there = holders_count(c.cohort(), role, post, c.sketch.now());
  made.wanted = each > there ? each - there : 0;
  if (made.wanted == 0) return made;
  for (std::uint32_t at = 0; at < persons.size(); ++at) {
    const Candidate one = candidate(c.cohort(), c.world(), role, post, persons[at], c.sketch.now());
    if (one.hindrance == Hindrance::InConflict)
      ++made.in_conflict;
    else if (one.hindrance == Hindrance::HasIt || one.hindrance == Hindrance::NotSoFar)
      continue;
    else if (command.way() == v1::AssignReaders::BY_NEED && one.meets < one.needs)
      ++made.not_competent;
    else if (one.hindrance == Hindrance::AtLimit || measure.is_full(one.load, one.load_max))
      ++made.at_limit;
    else
      made.may.push_back(at);
  }
  return made;
}

void add_assignment(Case& c, const v1::Role& role, const Post& post, const std::string& person, std::uint32_t number) {
  v1::Record& record = c.sketch.draft();
  v1::RoleAssigned& assigned = *record.mutable_role_assigned();
  assigned.set_assignment(c.asked.fresh_id() + std::to_string(number));
  assigned.set_person(person);
  assigned.set_role(role.name());
  if (post.initiative)
    assigned.set_initiative(post.initiative->id);
  else
    assigned.set_locality(post.locality);
  c.sketch.add(record);
}

/// Draws, and adds an assignment for each who was found and one record that says what was not.
void draw(Case& c, const v1::AssignMany& command, const v1::Role& role, const std::vector<Wanting>& all, const std::vector<std::string>& persons, const Measure& measure) {
  Matching question;
  for (const std::string& person : persons)
    question.readers.push_back(measure.reader(load_of(c.cohort(), role.name(), person, c.sketch.now()), load_max_of(c.cohort(), role, person, c.sketch.now())));
  for (const Wanting& one : all) question.applications.push_back({one.wanted, one.may});
  const auto given = match(question, c.asked.fresh_id());
  v1::AssignmentsDrawn drawn;
  drawn.set_role(role.name());
  drawn.set_way(command.way());
  drawn.set_seed(c.asked.fresh_id());
  for (std::size_t at = 0; at < all.size(); ++at) {
    for (const std::uint32_t person : given[at]) {
      drawn.set_assigned(drawn.assigned() + 1);
      add_assignment(c, role, all[at].post, persons[person], drawn.assigned());
    }
    const auto got = static_cast<std::uint32_t>(given[at].size());
    if (got >= all[at].wanted) continue;
    v1::AssignmentsDrawn::Short& missing = *drawn.add_shortfall();
    if (all[at].post.initiative) missing.set_initiative(all[at].post.initiative->id);
    missing.set_locality(all[at].post.locality);
    missing.set_missing(all[at].wanted - got);
    missing.set_in_conflict(all[at].in_conflict);
    missing.set_not_competent(all[at].not_competent);
    missing.set_at_limit(all[at].at_limit + static_cast<std::uint32_t>(all[at].may.size()) - got);
  }
  v1::Record& record = c.sketch.draft();
  *record.mutable_assignments_drawn() = std::move(drawn);
  c.sketch.add(record);
}

}  // namespace

Outcome assign_many(Case& c, const v1::AssignMany& command) {
  if (!may(c.cohort(), c.world(), c.viewer, Action::Assign)) return refuse(Code::Forbidden, "forbidden");
  const v1::Role* role = c.cohort().model->role(command.role());
  if (!role || command.role() == c.cohort().model->applicant_role()) return refuse(Code::Invalid, "no_role", {{"name", command.role()}});
  if (role->scope() == v1::Role::COHORT) return refuse(Code::Invalid, "role_everywhere", {{"name", label_or(role->label(), role->name())}});
  if (command.way() != v1::AssignReaders::BALANCED && command.way() != v1::AssignReaders::BY_NEED) return refuse(Code::Invalid, "no_command");
  auto found = posts_of(c, command, *role);
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const Posts& posts = std::get<Posts>(found);
  if (posts.size() > limits::bulk_initiatives_max) return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::bulk_initiatives_max)}});
  std::vector<std::string> persons(command.persons().begin(), command.persons().end());
  if (persons.empty()) persons = candidates_for(c.cohort(), c.world(), *role);
  std::set<std::string> once;
  std::erase_if(persons, [&](const std::string& one) { return !once.insert(one).second; });
  for (const std::string& one : persons)
    if (auto refusal = must_exist(c, one)) return refusal;
  const Measure measure(c, posts);
  std::vector<Wanting> all;
  for (const Post& one : posts)
    if (Wanting made = wanting(c, command, *role, one, persons, measure); made.wanted > 0) all.push_back(std::move(made));
  if (all.empty()) return refuse(Code::Precondition, "nobody_missing");
  draw(c, command, *role, all, persons, measure);
  return std::nullopt;
}

}  // namespace kvali::cohort
