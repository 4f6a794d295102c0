// Opening a cohort and setting it up: parameters, quotas, roles.
#include <algorithm>

#include "engine/cohort/arming.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/zone_table.h"
#include "engine/directory/directory.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Outcome check_parameters(const v1::OpenCohort& command, const Model& model) {
  std::vector<Unmet> unmet;
  Cohort empty;  // only what a parameter is judged by
  empty.zone = zone_of(command.zone());
  for (const v1::NamedValue& given : command.parameters()) {
    const v1::Field* field = model.parameter(given.name());
    if (!field) return refuse(Code::Invalid, "no_parameter", {{"name", given.name()}});
    if (auto fault = fault_of(empty, *field, given.value())) unmet.push_back(*fault);
  }
  for (const v1::Field& field : model.program().cohort().parameters()) {
    const bool given = std::any_of(command.parameters().begin(), command.parameters().end(),
                                   [&](const v1::NamedValue& one) { return one.name() == field.name(); });
    if (field.required() && !given)
      unmet.push_back({Code::Invalid, field.name(), sentence("parameter_missing", {{"label", label_or(field.label(), field.name())}}),
                       calendar::never});
  }
  if (unmet.empty()) return std::nullopt;
  return refuse_unmet(std::move(unmet));
}

Outcome check_localities(const v1::OpenCohort& command, const Model& model) {
  const std::uint32_t count = model.program().cohort().localities().count();
  if (count != 0 && count != static_cast<std::uint32_t>(command.localities_size()))
    return refuse(Code::Invalid, "localities_count", {{"count", std::to_string(count)}, {"given", std::to_string(command.localities_size())}});
  std::vector<std::string> seen;
  for (const v1::LocalityEntry& one : command.localities()) {
    if (!is_name(one.id())) return refuse(Code::Invalid, "bad_name", {{"name", one.id()}});
    if (std::find(seen.begin(), seen.end(), one.id()) != seen.end()) return refuse(Code::Invalid, "twice");
    seen.push_back(one.id());
  }
  return std::nullopt;
}

Outcome check_days(const v1::OpenCohort& command) {
  const calendar::Zone zone = zone_of(command.zone());
  for (const v1::Date& holiday : command.holidays())
    if (!is_day(zone, holiday)) return refuse(Code::Invalid, "no_day", {{"value", in_figures(holiday)}});
  if (command.rehearsal() && (command.clock_us() < 0 || command.clock_us() > limits::clock_us_max)) return refuse(Code::Invalid, "clock_range");
  return std::nullopt;
}

/// Deadlines that follow a parameter: of every initiative in a state whose timer names it.
void follow_parameter(const Case& c, const std::string& name, const v1::Value& value, v1::ParameterChanged& changed) {
  Cohort after;  // only what the facts of a deadline need
  after.model = c.cohort().model;
  after.parameters = c.cohort().parameters;
  after.zone = c.cohort().zone;
  after.holidays = c.cohort().holidays;
  after.extensions = c.cohort().extensions;
  std::erase_if(after.parameters, [&](const auto& one) { return one.name() == name; });
  v1::NamedValue& made = after.parameters.emplace_back();
  made.set_name(name);
  *made.mutable_value() = value;
  const std::string reference = "cohort." + name;
  for (const Initiative& initiative : c.cohort().initiatives) {
    if (initiative.ended()) continue;
    v1::TimersMoved moved;
    for (const auto& [state, since] : initiative.at.since) {
      const v1::Node& node = initiative.model->chart().node(state);
      for (const Timer& timer : timers_on_entry(after, initiative, nullptr, initiative.model->machine(), state, since, c.sketch.now(), nullptr))
        if (node.timers(static_cast<int>(timer.timer)).at().find(reference) != std::string::npos) fill(*moved.add_timers(), timer);
    }
    if (moved.timers_size() == 0) continue;
    moved.set_initiative(initiative.id);
    *changed.add_moved() = std::move(moved);
  }
}

Outcome check_load(const Case& c, const v1::AssignRole& command, const v1::Role& role) {
  const std::uint32_t max = command.load_max() ? command.load_max() : role.load();
  if (max == 0 || !command.substitute_for().empty()) return std::nullopt;
  const std::uint32_t count = weight_of(c.cohort(), command.locality(), command.initiative()) + load_of(c.cohort(), command.role(), command.person(), c.sketch.now());
  if (count <= max) return std::nullopt;
  return refuse(Code::Limit, "load", {{"name", label_or(role.label(), role.name())}, {"count", std::to_string(count)}, {"max", std::to_string(max)}});
}

/// Who may be given the role only after she has come so far: recruited, trained, and then assigned.
Outcome check_after(const Case& c, const v1::AssignRole& command, const v1::Role& role) {
  if (came_so_far(c.cohort(), role, command.person())) return std::nullopt;
  return refuse(Code::Precondition, "not_so_far", {{"name", label_or(role.label(), role.name())}});
}

}  // namespace

Outcome open_cohort(Case& c, const v1::OpenCohort& command) {
  if (!c.world().directory.related(c.asked.actor(), "manager", "", c.asked.now_us())) return refuse(Code::Forbidden, "forbidden");
  if (c.cohort().open()) return refuse(Code::Precondition, "opened", {{"name", command.name()}});
  if (!is_name(command.name())) return refuse(Code::Invalid, "bad_name", {{"name", command.name()}});
  const auto model = c.world().library.find(command.program(), command.version());
  if (!model) return refuse(Code::NotFound, "no_program", {{"name", command.program()}});
  if (command.zone().name() != model->program().timezone()) return refuse(Code::Invalid, "no_zone");
  if (auto refusal = check_parameters(command, *model)) return refusal;
  if (auto refusal = check_localities(command, *model)) return refusal;
  if (auto refusal = check_days(command)) return refusal;
  v1::Record& record = c.sketch.draft();
  v1::CohortOpened& opened = *record.mutable_cohort_opened();
  opened.set_cohort(command.name());
  opened.set_title(command.title().empty() ? in_language(model->program().title(), model->program().languages(0)) : command.title());
  opened.set_program(command.program());
  opened.set_version(model->version());
  *opened.mutable_parameters() = command.parameters();
  *opened.mutable_localities() = command.localities();
  *opened.mutable_holidays() = command.holidays();
  *opened.mutable_zone() = command.zone();
  opened.set_rehearsal(command.rehearsal());
  opened.set_clock_us(command.rehearsal() ? command.clock_us() : 0);
  const auto add_quotas = [&](const auto& quotas) {
    for (const v1::Quota& quota : quotas) {
      v1::QuotaPlaces& places = *opened.add_quotas();
      places.set_quota(quota.name());
      places.set_places(quota.exactly() ? quota.exactly() : quota.at_most());
    }
  };
  add_quotas(model->program().cohort().quotas());
  for (const v1::Subject& subject : model->program().subjects()) add_quotas(subject.quotas());
  c.sketch.add(record);
  c.created = command.name();
  return std::nullopt;
}

Outcome set_parameter(Case& c, const v1::SetParameter& command) {
  if (auto refusal = must_manage(c)) return refusal;
  const v1::Field* field = c.cohort().model->parameter(command.name());
  if (!field) return refuse(Code::Invalid, "no_parameter", {{"name", command.name()}});
  if (auto fault = fault_of(c.cohort(), *field, command.value())) return refuse_unmet({*fault});
  v1::Record& record = c.sketch.draft();
  v1::ParameterChanged& changed = *record.mutable_parameter_changed();
  changed.set_name(command.name());
  *changed.mutable_value() = command.value();
  changed.set_reason(command.reason());
  follow_parameter(c, command.name(), command.value(), changed);
  c.sketch.add(record);
  return std::nullopt;
}

Outcome set_quota(Case& c, const v1::SetQuota& command) {
  if (auto refusal = must_manage(c)) return refusal;
  const QuotaModel* quota = c.cohort().model->any_quota(command.quota());
  if (!quota) return refuse(Code::Invalid, "no_quota", {{"name", command.quota()}});
  if (!command.by().empty() && !c.cohort().locality(command.by())) return refuse(Code::Invalid, "no_locality", {{"name", command.by()}});
  std::uint32_t most = 0;
  for (const auto& [key, taken] : c.cohort().taken)
    if ((key.first == command.quota() || key.first == c.cohort().other_name(command.quota())) && (command.by().empty() || key.second == command.by())) most = std::max(most, taken);
  if (command.places() < most) return refuse(Code::QuotaFull, "quota_taken", {{"taken", std::to_string(most)}});
  v1::Record& record = c.sketch.draft();
  v1::QuotaChanged& changed = *record.mutable_quota_changed();
  changed.mutable_places()->set_quota(command.quota());
  changed.mutable_places()->set_by(command.by());
  changed.mutable_places()->set_places(command.places());
  changed.set_reason(command.reason());
  c.sketch.add(record);
  std::vector<Freed> freed;  // places that were added go to who waits
  const auto added = [&](const std::string& by) {
    if (command.places() > c.cohort().places(*quota->quota, by)) freed.push_back({command.quota(), by});
  };
  if (quota->by_field.empty() || !command.by().empty())
    added(command.by());
  else
    for (const v1::LocalityEntry& one : c.cohort().localities) added(one.id());
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

Outcome assign_role(Case& c, const v1::AssignRole& command) {
  if (!may(c.cohort(), c.world(), c.viewer, Action::Assign)) return refuse(Code::Forbidden, "forbidden");
  if (!c.world().directory.person(command.person())) return refuse(Code::NotFound, "no_person");
  const v1::Role* role = c.cohort().model->role(command.role());
  if (!role) return refuse(Code::Invalid, "no_role", {{"name", command.role()}});
  if (!command.initiative().empty() && !c.cohort().find(command.initiative())) return refuse(Code::NotFound, "no_initiative");
  const bool placed = !command.locality().empty() || !command.initiative().empty();
  if (!command.locality().empty() && !c.cohort().locality(command.locality()))
    return refuse(Code::Invalid, "no_locality", {{"name", command.locality()}});
  if (role->scope() == v1::Role::LOCALITY && !placed) return refuse(Code::Invalid, "no_locality", {{"name", "?"}});
  for (const std::uint32_t at : c.cohort().assignments_of(command.person())) {
    const Assignment& one = c.cohort().assignments[at];
    if (one.role == command.role() && one.locality == command.locality() && one.initiative == command.initiative() && c.sketch.now() < one.until)
      return refuse(Code::Precondition, "twice");
  }
  if (auto refusal = check_after(c, command, *role)) return refusal;
  if (auto refusal = check_load(c, command, *role)) return refusal;
  v1::Record& record = c.sketch.draft();
  v1::RoleAssigned& assigned = *record.mutable_role_assigned();
  assigned.set_assignment(c.asked.fresh_id());
  assigned.set_person(command.person());
  assigned.set_role(command.role());
  assigned.set_locality(command.locality());
  assigned.set_initiative(command.initiative());
  assigned.set_load_max(command.load_max());
  assigned.set_substitute_for(command.substitute_for());
  assigned.set_until_us(command.until_us());
  v1::RoleAssigned seat = assigned;  // a term that begins with it is a record before
  if (auto refusal = take_seat(c, seat)) return refusal;
  v1::Record& last = c.sketch.draft();
  *last.mutable_role_assigned() = std::move(seat);
  c.sketch.add(last);
  c.created = c.asked.fresh_id();
  return std::nullopt;
}

Outcome end_assignment(Case& c, const v1::EndAssignment& command) {
  if (!may(c.cohort(), c.world(), c.viewer, Action::Assign)) return refuse(Code::Forbidden, "forbidden");
  const bool known = std::any_of(c.cohort().assignments.begin(), c.cohort().assignments.end(),
                                 [&](const Assignment& one) { return one.id == command.assignment() && !one.ended; });
  if (!known) return refuse(Code::NotFound, "no_assignment");
  v1::Record& record = c.sketch.draft();
  record.mutable_role_ended()->set_assignment(command.assignment());
  record.mutable_role_ended()->set_reason(command.reason());
  c.sketch.add(record);
  return std::nullopt;
}

}  // namespace kvali::cohort
