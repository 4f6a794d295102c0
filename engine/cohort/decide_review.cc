// Readers are given to applications, give them back, and say what they can judge.
#include <algorithm>
#include <map>
#include <set>

#include "engine/cohort/conflict.h"
#include "engine/cohort/matching.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/reading.h"
#include "engine/directory/directory.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

const v1::Review* review_named(const Model& model, const std::string& name) {
  const TaskModel* kind = model.task(name);
  return kind && kind->kind->has_review() ? &kind->kind->review() : nullptr;
}

/// Whether `person` was ever to read it: who has given it back, or was replaced, is not asked again.
bool was_asked(const Initiative& initiative, const std::string& review, const std::string& person) {
  return std::any_of(initiative.readings.begin(), initiative.readings.end(),
                     [&](const Reading& one) { return one.review == review && one.reader == person; });
}

bool holds(const Case& c, const Initiative& initiative, const std::string& role, const std::string& person) {
  const std::vector<std::string> roles = given_roles(c.cohort(), c.world(), {person, c.sketch.now()}, initiative);
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

/// Who might read one application, and why the others may not: what its record states of a shortfall.
struct Candidates {
  std::vector<std::uint32_t> may;
  std::uint32_t in_conflict = 0, not_competent = 0, already = 0;
};

/// Readers asked for, in the order in which their roles were given.
class Pool {
 public:
  Pool(const Case& c, const v1::AssignReaders& command, const v1::Review& review) : c_(c), review_(review), by_need_(command.way() == v1::AssignReaders::BY_NEED) {
    if (command.readers_size() > 0) {
      for (const std::string& one : command.readers()) add(one);
    } else {
      for (const Assignment& one : c.cohort().assignments)
        if (one.role == review.by() && !one.ended && c.sketch.now() < one.until) add(one.person);
    }
  }

  [[nodiscard]] const std::vector<std::string>& persons() const { return persons_; }

  /// How many applications each reads already.
  [[nodiscard]] std::vector<Matching::Reader> loads(const std::string& review) const {
    std::map<std::string_view, std::uint32_t> loads;
    for (const Initiative& one : c_.cohort().initiatives)
      for (const Reading& reading : one.readings)
        if (reading.ended.empty() && reading.review == review) ++loads[reading.reader];
    std::vector<Matching::Reader> made;
    for (const std::string& one : persons_) {
      const auto found = loads.find(one);
      made.push_back({found == loads.end() ? 0 : found->second, review_.load()});
    }
    return made;
  }

  [[nodiscard]] Candidates candidates(const Initiative& initiative, const std::string& review) const {
    Candidates found;
    for (std::uint32_t at = 0; at < persons_.size(); ++at) {
      const std::string& person = persons_[at];
      if (!holds(c_, initiative, review_.by(), person)) continue;
      if (was_asked(initiative, review, person) || has_scored(initiative, review, person))
        ++found.already;
      else if (is_kept_away(c_.cohort(), c_.world(), {person, c_.sketch.now()}, initiative, review_.by()))
        ++found.in_conflict;
      else if (by_need_ && !is_competent(c_.cohort(), initiative, review_, person))
        ++found.not_competent;
      else
        found.may.push_back(at);
    }
    return found;
  }

 private:
  void add(const std::string& person) {
    if (known_.insert(person).second) persons_.push_back(person);
  }

  const Case& c_;
  const v1::Review& review_;
  bool by_need_;
  std::vector<std::string> persons_;
  std::set<std::string> known_;
};

void tell_readers(v1::ReadersAssigned& record, const std::vector<std::string>& persons, const std::string& role) {
  if (persons.empty()) return;
  v1::Told& told = *record.add_told();
  told.set_message("reading_assigned");
  told.set_role(role);
  for (const std::string& one : persons) told.add_persons(one);
}

/// The applications that are to get readers: those named, or all that stand where the review is held.
std::variant<std::vector<Slot>, Refusal> applications(Case& c, const v1::AssignReaders& command) {
  std::vector<Slot> slots;
  if (command.initiatives().empty()) {
    for (Slot slot = 0; slot < c.cohort().initiatives.size(); ++slot)
      if (const Initiative& one = c.cohort().initiatives[slot]; !one.ended() && is_under_review(one, command.review()) &&
                                                               may(c.cohort(), c.world(), c.viewer, Action::Manage, &one))
        slots.push_back(slot);
    return slots;
  }
  for (const std::string& id : command.initiatives()) {
    auto found = find_initiative(c, id);
    if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
    const Slot slot = std::get<Slot>(found);
    const Initiative& initiative = c.sketch.initiative(slot);
    if (auto refusal = must_manage(c, initiative)) return *refusal;
    if (initiative.ended()) return refuse_ended(initiative);
    if (!is_under_review(initiative, command.review())) return refuse(Code::Precondition, "not_under_review");
    if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
  }
  return slots;
}

/// Draws the readers of `slots`; each of them gets a record, also when it gets nobody and somebody is missing.
void draw(Case& c, const v1::AssignReaders& command, const v1::Review& review, const std::vector<Slot>& slots) {
  const Pool pool(c, command, review);
  const std::uint32_t each = command.each() != 0 ? command.each() : review.each();
  Matching question;
  question.readers = pool.loads(command.review());
  std::vector<Candidates> candidates;
  std::vector<std::uint32_t> wanted;
  for (const Slot slot : slots) {
    const Initiative& initiative = c.sketch.initiative(slot);
    const auto there = static_cast<std::uint32_t>(readings_of(initiative, command.review()).size());
    wanted.push_back(each > there ? each - there : 0);
    candidates.push_back(wanted.back() > 0 ? pool.candidates(initiative, command.review()) : Candidates());
    question.applications.push_back({wanted.back(), candidates.back().may});
  }
  const std::string& seed = c.asked.fresh_id();
  const auto given = match(question, seed);
  std::set<std::uint32_t> told;  // one letter for each reader, however many she gets
  for (std::size_t at = 0; at < slots.size(); ++at) {
    if (wanted[at] == 0) continue;
    v1::Record& record = c.sketch.draft();
    v1::ReadersAssigned& made = *record.mutable_readers_assigned();
    made.set_initiative(c.sketch.initiative(slots[at]).id);
    made.set_review(command.review());
    made.set_way(command.way());
    made.set_seed(seed);
    std::vector<std::string> first;
    for (const std::uint32_t reader : given[at]) {
      made.add_readers(pool.persons()[reader]);
      if (told.insert(reader).second) first.push_back(pool.persons()[reader]);
    }
    tell_readers(made, first, review.by());
    if (const auto got = static_cast<std::uint32_t>(given[at].size()); got < wanted[at]) {
      made.set_missing(wanted[at] - got);
      made.set_in_conflict(candidates[at].in_conflict);
      made.set_not_competent(candidates[at].not_competent);
      made.set_already(candidates[at].already);
      made.set_at_limit(static_cast<std::uint32_t>(candidates[at].may.size()) - got);
    }
    c.sketch.add(record, slots[at]);
  }
}

/// One reader by name, whatever her load: only the role and a conflict of interest are asked.
Outcome check_by_hand(const Case& c, const v1::AssignReaders& command, const v1::Review& review, const Initiative& initiative, const std::string& person) {
  if (auto refusal = must_exist(c, person)) return refusal;
  if (!holds(c, initiative, review.by(), person)) {
    const v1::Role* role = c.cohort().model->role(review.by());
    return refuse(Code::Precondition, "no_reader", {{"role", role ? label_or(role->label(), role->name()) : label_or({}, review.by())}});
  }
  const Viewer reader{person, c.sketch.now()};
  if (is_kept_away(c.cohort(), c.world(), reader, initiative, review.by())) return refuse(Code::ConflictOfInterest, "conflict_of_reader");
  if (reads(initiative, command.review(), person) || has_scored(initiative, command.review(), person)) return refuse(Code::Precondition, "twice");
  return std::nullopt;
}

Outcome assign_by_hand(Case& c, const v1::AssignReaders& command, const v1::Review& review, const std::vector<Slot>& slots) {
  if (command.readers().empty()) return refuse(Code::Invalid, "no_command");
  const bool replaces = !command.instead_of().empty();
  if (replaces && command.reason().empty()) return refuse_unmet({{Code::Invalid, "reason", sentence("reason_missing"), calendar::never}});
  std::set<std::string> told;
  for (const Slot slot : slots) {
    const Initiative& initiative = c.sketch.initiative(slot);
    if (replaces && !reads(initiative, command.review(), command.instead_of())) return refuse(Code::Precondition, "reads_not");
    if (replaces && has_scored(initiative, command.review(), command.instead_of())) return refuse(Code::Precondition, "finished");
    v1::Record& record = c.sketch.draft();
    v1::ReadersAssigned& made = *record.mutable_readers_assigned();
    made.set_initiative(initiative.id);
    made.set_review(command.review());
    made.set_way(v1::AssignReaders::BY_HAND);
    if (replaces) {
      made.add_ended(command.instead_of());
      made.set_reason(command.reason());
    }
    std::vector<std::string> first;
    for (const std::string& person : command.readers()) {
      if (auto refusal = check_by_hand(c, command, review, initiative, person)) return refusal;
      if (std::find(made.readers().begin(), made.readers().end(), person) != made.readers().end()) return refuse(Code::Precondition, "twice");
      made.add_readers(person);
      if (told.insert(person).second) first.push_back(person);
    }
    tell_readers(made, first, review.by());
    c.sketch.add(record, slot);
  }
  return std::nullopt;
}

}  // namespace

Outcome assign_readers(Case& c, const v1::AssignReaders& command) {
  if (auto refusal = must_manage(c)) return refusal;
  const v1::Review* review = review_named(*c.cohort().model, command.review());
  if (!review) return refuse(Code::Invalid, "no_review", {{"name", command.review()}});
  if (command.initiatives().empty() && command.way() == v1::AssignReaders::BY_HAND) return refuse(Code::Invalid, "no_command");
  for (const std::string& one : command.readers())
    if (auto refusal = must_exist(c, one)) return refusal;
  auto found = applications(c, command);
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const std::vector<Slot>& slots = std::get<0>(found);
  if (slots.size() > limits::bulk_initiatives_max) return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::bulk_initiatives_max)}});
  switch (command.way()) {
    case v1::AssignReaders::BY_HAND: return assign_by_hand(c, command, *review, slots);
    case v1::AssignReaders::BALANCED:
    case v1::AssignReaders::BY_NEED: draw(c, command, *review, slots); return std::nullopt;
    default: return refuse(Code::Invalid, "no_command");
  }
}

Outcome decline_reading(Case& c, const v1::DeclineReading& command) {
  auto found = find_initiative(c, command.initiative());
  const std::string& reader = c.asked.actor();
  // A conflict that came up since is the best of reasons to give it back.
  auto slot = c.cohort().find(command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found); refusal && (refusal->code != Code::ConflictOfInterest || !slot)) return std::move(*refusal);
  const Initiative& initiative = c.sketch.initiative(*slot);
  const v1::Review* review = review_named(*initiative.model, command.review());
  if (!review) return refuse(Code::Invalid, "no_review", {{"name", command.review()}});
  if (!reads(initiative, command.review(), reader)) return refuse(Code::Precondition, "reads_not");
  if (has_scored(initiative, command.review(), reader)) return refuse(Code::Precondition, "finished");
  if (command.reason().sealed().size() == 0) return refuse_unmet({{Code::Invalid, "reason", sentence("reason_missing"), calendar::never}});
  v1::Record& record = c.sketch.draft();
  v1::ReadingDeclined& declined = *record.mutable_reading_declined();
  declined.set_initiative(initiative.id);
  declined.set_review(command.review());
  declined.set_reader(reader);
  *declined.mutable_reason() = command.reason();
  v1::Told& told = *declined.add_told();
  told.set_message("reading_declined");
  told.set_role(c.cohort().model->manager_role());
  for (std::string& person : hearers(c.cohort(), c.world(), initiative, c.cohort().model->manager_role(), c.sketch.now()))
    told.add_persons(std::move(person));
  c.sketch.add(record, *slot);
  if (initiative.ended() || !is_under_review(initiative, command.review())) return std::nullopt;
  v1::AssignReaders again;
  again.set_review(command.review());
  again.set_each(static_cast<std::uint32_t>(readings_of(c.sketch.initiative(*slot), command.review()).size()) + 1);
  again.set_way(review->needs().empty() ? v1::AssignReaders::BALANCED : v1::AssignReaders::BY_NEED);
  draw(c, again, *review, {*slot});
  return std::nullopt;
}

Outcome set_competences(Case& c, const v1::SetCompetences& command) {
  const std::string& person = command.person().empty() ? c.asked.actor() : command.person();
  if (auto refusal = must_exist(c, person)) return refusal;
  const bool own = person == c.asked.actor() && !roles_in(c.cohort(), c.world(), c.viewer).empty();
  if (!own && !may(c.cohort(), c.world(), c.viewer, Action::Assign)) return refuse(Code::Forbidden, "forbidden");
  std::set<std::string> named;
  std::size_t values = 0;
  for (const v1::Competence& one : command.competences()) {
    const v1::Field* field = c.cohort().model->field(one.field());
    if (!field) return refuse(Code::Invalid, "no_field", {{"name", one.field()}});
    if (!named.insert(one.field()).second) return refuse(Code::Invalid, "twice");
    for (const std::string& value : one.values()) {
      v1::Value given;
      if (field->type() == v1::Field::CHOICES)
        given.mutable_list()->add_values()->set_text(value);
      else
        given.set_text(value);
      if (auto fault = fault_of(c.cohort(), *field, given)) return refuse_unmet({*fault});
    }
    values += static_cast<std::size_t>(one.values_size());
  }
  if (values > limits::competences_per_person_max) return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::competences_per_person_max)}});
  v1::Record& record = c.sketch.draft();
  record.mutable_competences_set()->set_person(person);
  *record.mutable_competences_set()->mutable_competences() = command.competences();
  c.sketch.add(record);
  return std::nullopt;
}

}  // namespace kvali::cohort
