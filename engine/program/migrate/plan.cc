#include "engine/program/migrate/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/program/read.h"
#include "engine/program/suggest.h"

namespace kvali::program {

PlanRead read_plan(const SourceFile& file) {
  PlanRead read;
  Faults faults;
  read_file(file, "plan", read.plan, read.positions, faults);
  read.faults = faults.take();
  return read;
}

v1::MigrationPlan plan_of(const v1::MigrationPlan& whole, std::string_view subject) {
  v1::MigrationPlan made;
  made.set_program(fmt::format("{}/{}", whole.program(), subject));
  *made.mutable_roles() = whole.roles();
  *made.mutable_parameters() = whole.parameters();
  for (const v1::SubjectPlan& one : whole.subjects()) {
    if (one.name() != subject) continue;
    *made.mutable_states() = one.states();
    *made.mutable_timers() = one.timers();
    *made.mutable_fields() = one.fields();
    *made.mutable_tasks() = one.tasks();
    *made.mutable_quotas() = one.quotas();
  }
  return made;
}

void check_subjects_of_plan(const v1::MigrationPlan& plan, const Positions& positions, const v1::Program& was, std::vector<Fault>& faults) {
  std::vector<std::string> known;
  for (const v1::Subject& subject : was.subjects()) known.push_back(subject.name());
  for (const v1::SubjectPlan& one : plan.subjects()) {
    if (std::find(known.begin(), known.end(), one.name()) != known.end()) continue;
    const Position at = position_of(positions, fmt::format("subjects.{}", one.name()));
    faults.push_back({at.file, at.line, at.column, "not-in-version", fmt::format("the old version has no subject `{}`", one.name()), nearest(one.name(), known)});
  }
}

Positions positions_of_plan(const Positions& whole, std::string_view subject) {
  Positions made;
  const std::string prefix = fmt::format("subjects.{}.", subject);
  for (const auto& [path, at] : whole) {
    if (path.starts_with(prefix)) made.emplace(path.substr(prefix.size()), at);
    if (path.empty() || path == "program" || path.starts_with("roles") || path.starts_with("parameters")) made.emplace(path, at);
  }
  return made;
}

}  // namespace kvali::program
