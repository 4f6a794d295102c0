#include "engine/cohort/mentoring.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/cohort/facts.h"
#include "engine/directory/directory.h"

namespace kvali::cohort {
namespace {

template <class List, class One>
bool contains(const List& list, const One& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

/// Initiatives of a locality that have not ended.
std::vector<const Initiative*> running_in(const Cohort& cohort, const std::string& locality) {
  std::vector<const Initiative*> found;
  if (const auto slots = cohort.by_locality.find(locality); slots != cohort.by_locality.end())
    for (const Slot slot : slots->second)
      if (const Initiative& one = cohort.initiatives[slot]; one.kind().empty() && !one.ended()) found.push_back(&one);
  return found;
}

bool knows(const Cohort& cohort, const std::string& person, const std::string& field, const std::string& value) {
  const auto found = cohort.competences.find(person);
  return found != cohort.competences.end() && std::any_of(found->second.begin(), found->second.end(), [&](const v1::Competence& one) {
           return one.field() == field && contains(one.values(), value);
         });
}

/// What the post says in a field: each value once.
std::set<std::string> values_of(const Cohort& cohort, const Post& post, const v1::Field& field) {
  std::set<std::string> values;
  if (!post.initiative && field.type() == v1::Field::LOCALITY) return {post.locality};
  const auto add = [&](const Initiative& one) {
    const v1::Value* value = one.field(field.name());
    if (!value) return;
    if (value->has_list())
      for (const v1::Value& each : value->list().values()) values.insert(each.text());
    else if (!value->text().empty())
      values.insert(value->text());
  };
  if (post.initiative)
    add(*post.initiative);
  else
    for (const Initiative* one : running_in(cohort, post.locality)) add(*one);
  return values;
}

void weigh_needs(const Cohort& cohort, const v1::Role& role, const Post& post, Candidate& candidate) {
  for (const std::string& name : role.needs()) {
    const v1::Field* field = cohort.model->field(name);
    const std::set<std::string> values = field ? values_of(cohort, post, *field) : std::set<std::string>();
    if (values.empty()) continue;  // nothing was said that she would have to know
    ++candidate.needs;
    if (std::all_of(values.begin(), values.end(), [&](const std::string& one) { return knows(cohort, candidate.person, name, one); }))
      ++candidate.meets;
    else
      candidate.missing.push_back(field);
  }
}

/// Of a locality: a conflict with any of its initiatives.
std::optional<ConflictFound> conflict_at(const Cohort& cohort, const World& world, const v1::Role& role, const Post& post, const std::string& person, Instant now) {
  const Viewer viewer{person, now};
  const auto found = [&](const Initiative& one) -> std::optional<ConflictFound> {
    if (one.applicant == person) return ConflictFound{v1::Review::SAME_ORGANISATION, nullptr};
    return is_kept_away(cohort, world, viewer, one, role.name()) ? conflict_in(cohort, world, viewer, one, role.name()) : std::nullopt;
  };
  if (post.initiative) return found(*post.initiative);
  for (const Initiative* one : running_in(cohort, post.locality))
    if (auto conflict = found(*one)) return conflict;
  return std::nullopt;
}

bool has_it(const Cohort& cohort, const v1::Role& role, const Post& post, const std::string& person, Instant now) {
  const auto held = cohort.assignments_of(person);
  return std::any_of(held.begin(), held.end(), [&](std::uint32_t at) {
    const Assignment& one = cohort.assignments[at];
    if (one.role != role.name()) return false;
    return post.initiative ? covers(one, *post.initiative, now) : now < one.until && one.initiative.empty() && (one.locality.empty() || one.locality == post.locality);
  });
}

}  // namespace

std::uint32_t weight_of(const Cohort& cohort, const std::string& locality, const std::string& initiative) {
  if (!initiative.empty()) return 1;
  if (locality.empty()) return 0;
  for (const QuotaModel& quota : cohort.model->quotas())
    if (quota.by_field == cohort.model->locality_field()) return cohort.places(*quota.quota, locality);
  const auto found = cohort.by_locality.find(locality);
  if (found == cohort.by_locality.end()) return 0;
  return static_cast<std::uint32_t>(std::count_if(found->second.begin(), found->second.end(), [&](Slot slot) { return cohort.initiatives[slot].kind().empty(); }));
}

std::uint32_t load_of(const Cohort& cohort, std::string_view role, const std::string& person, Instant now) {
  std::uint32_t count = 0;
  for (const std::uint32_t at : cohort.assignments_of(person)) {
    const Assignment& one = cohort.assignments[at];
    if (one.role == role && now < one.until) count += weight_of(cohort, one.locality, one.initiative);
  }
  return count;
}

std::uint32_t load_max_of(const Cohort& cohort, const v1::Role& role, const std::string& person, Instant now) {
  std::uint32_t max = role.load();
  for (const std::uint32_t at : cohort.assignments_of(person)) {
    const Assignment& one = cohort.assignments[at];
    if (one.role == role.name() && now < one.until && one.load_max != 0) max = one.load_max;
  }
  return max;
}

bool came_so_far(const Cohort& cohort, const v1::Role& role, const std::string& person) {
  if (role.after().empty()) return true;
  const std::size_t dot = role.after().find('.');
  const auto slots = cohort.subjects.find(role.after().substr(0, dot));
  if (slots == cohort.subjects.end()) return false;
  return std::any_of(slots->second.begin(), slots->second.end(), [&](Slot slot) {
    const Initiative& one = cohort.initiatives[slot];
    const auto state = one.model->find_state(role.after().substr(dot + 1));
    return one.applicant == person && state && active(one.at, *state);
  });
}

std::uint32_t holders_count(const Cohort& cohort, const v1::Role& role, const Post& post, Instant now) {
  if (post.initiative) return static_cast<std::uint32_t>(holders(cohort, *post.initiative, role.name(), now).size());
  std::set<std::string_view> persons;
  for (const Assignment& one : cohort.assignments)
    if (one.role == role.name() && !one.ended && now < one.until && one.initiative.empty() && (one.locality.empty() || one.locality == post.locality)) persons.insert(one.person);
  return static_cast<std::uint32_t>(persons.size());
}

bool calls_for(const Initiative& initiative, std::string_view role) {
  if (initiative.ended() || !initiative.kind().empty()) return false;
  if (!initiative.places.empty()) return true;
  const statechart::Chart& chart = initiative.model->chart();
  return std::any_of(initiative.at.where.active.begin(), initiative.at.where.active.end(), [&](statechart::StateId state) {
    const v1::Node& node = chart.node(state);
    if (contains(node.waits_for(), role)) return true;
    for (const statechart::ArrowId arrow : chart.arrows_of(state))
      if (contains(chart.arrow(arrow).move().by(), role)) return true;
    return std::any_of(node.opens().begin(), node.opens().end(), [&](const std::string& kind) {
      const TaskModel* task = initiative.model->task(kind);
      return task && contains(task->kind->by(), role);
    });
  });
}

std::vector<std::string> candidates_for(const Cohort& cohort, const World& world, const v1::Role& role) {
  std::vector<std::string> persons;
  std::set<std::string> known;
  const auto add = [&](const std::string& person) {
    if (!person.empty() && world.directory.person(person) && known.insert(person).second) persons.push_back(person);
  };
  for (const Assignment& one : cohort.assignments)
    if (one.role == role.name()) add(one.person);
  if (role.after().empty()) {
    for (const auto& [person, competences] : cohort.competences)
      if (!cohort.applicants.contains(person)) add(person);
    return persons;
  }
  const auto slots = cohort.subjects.find(role.after().substr(0, role.after().find('.')));
  if (slots != cohort.subjects.end())
    for (const Slot slot : slots->second) add(cohort.initiatives[slot].applicant);
  return persons;
}

Candidate candidate(const Cohort& cohort, const World& world, const v1::Role& role, const Post& post, const std::string& person, Instant now) {
  Candidate made;
  made.person = person;
  weigh_needs(cohort, role, post, made);
  made.load = load_of(cohort, role.name(), person, now);
  made.load_max = load_max_of(cohort, role, person, now);
  const std::uint32_t more = post.initiative ? 1 : weight_of(cohort, post.locality, "");
  if (has_it(cohort, role, post, person, now))
    made.hindrance = Hindrance::HasIt;
  else if ((made.conflict = conflict_at(cohort, world, role, post, person, now)))
    made.hindrance = Hindrance::InConflict;
  else if (!came_so_far(cohort, role, person))
    made.hindrance = Hindrance::NotSoFar;
  else if (made.load_max != 0 && made.load + more > made.load_max)
    made.hindrance = Hindrance::AtLimit;
  return made;
}

std::vector<Candidate> ranked_candidates(const Cohort& cohort, const World& world, const v1::Role& role, const Post& post, Instant now) {
  std::vector<Candidate> all;
  for (const std::string& person : candidates_for(cohort, world, role)) all.push_back(candidate(cohort, world, role, post, person, now));
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    const bool a_can = a.hindrance == Hindrance::None, b_can = b.hindrance == Hindrance::None;
    return std::tuple(!a_can, b.meets, a.load) < std::tuple(!b_can, a.meets, b.load);
  });
  return all;
}

Logged logged_by(const Initiative& initiative, const std::string& person) {
  Logged logged;
  for (const Task& task : initiative.tasks) {
    if (task.author() != person) continue;
    const TaskModel* kind = initiative.model->task(task.kind);
    if (!kind || kind->kind->minutes().empty()) continue;
    const FieldState* minutes = stored(task.fields, kind->kind->minutes());
    logged.minutes += minutes ? minutes->value.number() : 0;
    ++logged.sessions;
    logged.last = std::max(logged.last, task.opened_at);
  }
  return logged;
}

Logged logged_by(const Cohort& cohort, const std::string& person) {
  Logged all;
  // Where she has, or had, something to do: who was replaced there keeps what she did.
  std::set<Slot> looked;
  const auto look = [&](Slot slot) {
    if (!looked.insert(slot).second) return;
    const Logged one = logged_by(cohort.initiatives[slot], person);
    all.minutes += one.minutes;
    all.sessions += one.sessions;
    all.last = std::max(all.last, one.last);
  };
  for (const Assignment& one : cohort.assignments) {
    if (one.person != person) continue;
    if (!one.initiative.empty()) {
      if (const auto slot = cohort.find(one.initiative)) look(*slot);
    } else if (!one.locality.empty()) {
      if (const auto slots = cohort.by_locality.find(one.locality); slots != cohort.by_locality.end())
        for (const Slot slot : slots->second) look(slot);
    } else {
      for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) look(slot);
    }
  }
  return all;
}

std::string state_of_entry(const Task& task, const TaskModel& kind) {
  for (const statechart::StateId state : task.at.where.active) {
    const std::string& name = kind.chart->node(state).name();
    if (!name.empty() && kind.chart->is_atomic(state)) return name == "overdue" ? "open" : name;
  }
  return "";
}

const std::string* party_of(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const v1::TaskKind& kind) {
  for (const std::string& role : kind.agreed_by()) {
    google::protobuf::RepeatedPtrField<std::string> one;
    one.Add(std::string(role));
    if (may_as(cohort, world, viewer, initiative, one)) return &role;
  }
  return nullptr;
}

bool may_agree(const Cohort& cohort, const World& world, const Viewer& viewer, const Initiative& initiative, const Task& task) {
  if (task.by == viewer.person || task.author() == viewer.person) return false;
  const TaskModel* kind = initiative.model->task(task.kind);
  if (!kind) return false;
  google::protobuf::RepeatedPtrField<std::string> others;
  for (const std::string& role : kind->kind->agreed_by())
    if (role != task.role) others.Add(std::string(role));
  return may_as(cohort, world, viewer, initiative, others);
}

}  // namespace kvali::cohort
