#include "engine/cohort/state.h"

#include <algorithm>

#include "engine/limits.h"

namespace kvali::cohort {

const FieldState* stored(const std::vector<FieldState>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldState& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

void write(std::vector<FieldState>& fields, const v1::FieldWritten& written) {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldState& one) { return one.name == written.name(); });
  if (found == fields.end()) {
    fields.emplace_back().name = written.name();
    found = std::prev(fields.end());
  }
  found->value = written.value();
  found->version = written.version();
}

void write(std::vector<FieldState>& fields, const google::protobuf::RepeatedPtrField<v1::FieldWritten>& written) {
  const std::size_t most = fields.size() + static_cast<std::size_t>(written.size());
  if (most > fields.capacity()) fields.reserve(std::max(most, 2 * fields.capacity()));
  for (const v1::FieldWritten& one : written) write(fields, one);
}

const v1::Value* Initiative::field(std::string_view name) const {
  for (const FieldState& one : fields)
    if (one.name == name) return one.value.kind_case() == v1::Value::kEmpty ? nullptr : &one.value;
  return nullptr;
}

const Task* Initiative::task(const std::string& key) const {
  for (std::size_t position = tasks.size(); position-- > 0;)  // what is asked for is mostly among the last
    if (tasks[position].key == key) return &tasks[position];
  return nullptr;
}

std::optional<Slot> Cohort::find(const std::string& initiative) const {
  return slots.find(initiative, [&](Slot slot) { return initiatives[slot].id == initiative; });
}

const v1::Value* Cohort::parameter(std::string_view name) const {
  for (const v1::NamedValue& one : parameters)
    if (one.name() == name) return one.value().kind_case() == v1::Value::kEmpty ? nullptr : &one.value();
  return nullptr;
}

const v1::LocalityEntry* Cohort::locality(const std::string& wanted) const {
  const auto found = std::find_if(localities.begin(), localities.end(), [&](const auto& one) { return one.id() == wanted; });
  return found == localities.end() ? nullptr : &*found;
}

std::uint32_t Cohort::places(const v1::Quota& quota, const std::string& by) const {
  const v1::QuotaPlaces* all = nullptr;
  for (const v1::QuotaPlaces& one : quotas) {
    if (one.quota() != quota.name()) continue;
    if (one.by() == by && !by.empty()) return one.places();
    if (one.by().empty()) all = &one;
  }
  if (all) return all->places();
  return quota.exactly() ? quota.exactly() : quota.at_most();
}

const std::string& Cohort::other_name(const std::string& quota) const {
  static const std::string none;
  for (const v1::Renamed& one : migration.plan.quotas()) {
    if (one.from() == quota) return one.to();
    if (one.to() == quota) return one.from();
  }
  return none;
}

Instant Cohort::next_due() const {
  Instant next = has_work() ? std::min(clock, due.next()) : due.next();
  for (const Term& one : terms)
    if (!one.notices.empty()) next = std::min(next, one.notices.front());
  return next;
}

const Initiative* Cohort::the(const std::string& kind, const std::string& wanted) const {
  const auto found = subjects.find(kind);
  if (found == subjects.end()) return nullptr;
  for (const Slot slot : found->second) {
    const v1::Subject* subject = initiatives[slot].model->subject();
    if (subject->of() == v1::Subject::THE_COHORT || (subject->of() == v1::Subject::EACH_LOCALITY && locality_of(initiatives[slot]) == wanted))
      return &initiatives[slot];
  }
  return nullptr;
}

const Initiative* Cohort::the(const std::string& name) const {
  const std::size_t slash = name.find('/');
  return the(name.substr(0, slash), slash == std::string::npos ? "" : name.substr(slash + 1));
}

std::vector<std::pair<std::string, std::string>> Cohort::to_begin(std::size_t most) const {
  std::vector<std::pair<std::string, std::string>> missing;
  if (!model || initiatives.size() + localities.size() > limits::initiatives_per_cohort_max) return missing;
  for (const auto& one : model->subjects()) {
    const v1::Subject::Each of = one->subject()->of();
    if (of == v1::Subject::EACH_UNSPECIFIED) continue;
    const auto begun = subjects.find(one->kind());
    const std::size_t wanted = of == v1::Subject::THE_COHORT ? 1 : localities.size();
    if (begun != subjects.end() && begun->second.size() >= wanted) continue;
    if (of == v1::Subject::THE_COHORT) missing.emplace_back(one->kind(), "");
    if (of == v1::Subject::EACH_LOCALITY)
      for (const v1::LocalityEntry& entry : localities)
        if (missing.size() < most && !the(one->kind(), entry.id())) missing.emplace_back(one->kind(), entry.id());
    if (missing.size() >= most) break;
  }
  return missing;
}

std::size_t Cohort::initiatives_count() const {
  std::size_t count = initiatives.size();
  for (const auto& [kind, all] : subjects) count -= all.size();
  return count;
}

const Term* Cohort::term(std::string_view body) const {
  const auto found = std::find_if(terms.begin(), terms.end(), [&](const Term& one) { return one.body == body; });
  return found == terms.end() ? nullptr : &*found;
}

std::span<const std::uint32_t> Cohort::assignments_of(const std::string& person) const {
  const auto found = entrusted.by_person.find(person);
  if (found == entrusted.by_person.end()) return {};
  return found->second;
}

const std::string& locality_of(const Initiative& initiative) {
  static const std::string none;
  if (!initiative.model || initiative.model->locality_field().empty()) return none;
  const v1::Value* value = initiative.field(initiative.model->locality_field());
  return value ? value->text() : none;
}

Instant earliest_due(const Initiative& initiative) {
  Instant earliest = initiative.wake_at;
  const auto look = [&](const Instance& instance) {
    for (const Timer& timer : instance.timers)
      if (!timer.blocked) earliest = std::min(earliest, timer.due);
  };
  if (initiative.ended()) return calendar::never;
  look(initiative.at);
  for (const Task& task : initiative.tasks)
    if (!task.finished) look(task.at);
  return earliest;
}

bool active(const Instance& instance, std::uint32_t state) {
  return std::binary_search(instance.where.active.begin(), instance.where.active.end(), state);
}

AssignmentsFor::AssignmentsFor(const Cohort& cohort, const Initiative& initiative) : assignments_(cohort.assignments) {
  const auto list = [](const auto& index, const std::string& key) -> std::span<const std::uint32_t> {
    if (index.empty() || key.empty()) return {};
    const auto found = index.find(key);
    if (found == index.end()) return {};
    return found->second;
  };
  lists_ = {cohort.entrusted.everywhere, list(cohort.entrusted.by_locality, locality_of(initiative)),
            list(cohort.entrusted.by_initiative, initiative.id)};
}

bool is_blocked(const Initiative& initiative) {
  return std::any_of(initiative.at.timers.begin(), initiative.at.timers.end(), [](const Timer& one) { return one.blocked; });
}

bool may_wake(const Initiative& initiative) {
  const std::vector<bool>& wakes = initiative.model->machine().wakes;
  if (initiative.ended()) return false;
  if (initiative.model->machine().recomputes) return true;
  if (wakes.empty()) return false;
  return std::any_of(initiative.at.where.active.begin(), initiative.at.where.active.end(), [&](std::uint32_t state) { return wakes[state]; });
}

bool is_waiting(const Initiative& initiative) {
  if (initiative.ended()) return false;
  const std::vector<bool>& waits = initiative.model->machine().waits;
  return std::any_of(initiative.at.where.active.begin(), initiative.at.where.active.end(), [&](std::uint32_t state) { return waits[state]; });
}

}  // namespace kvali::cohort
