#include "tests/journals/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kvali::journals {
namespace {

std::string when(calendar::Instant at) { return at == calendar::never ? "never" : calendar::to_string(at); }

std::string line(const cohort::Instance& instance, const statechart::Chart& chart) {
  std::string text;
  for (const auto& [state, since] : instance.since)
    if (chart.is_atomic(state)) text += fmt::format(" {}@{}", chart.path(state), when(since));
  std::map<std::string, std::string> timers;
  for (const cohort::Timer& one : instance.timers)
    timers[chart.path(one.state) + "." + chart.node(one.state).timers(static_cast<int>(one.timer)).name()] = fmt::format("{}#{}{}", when(one.due), one.fired, one.blocked ? "!" : "");
  for (const auto& [name, due] : timers) text += fmt::format("\n    timer {} {}", name, due);
  return text;
}

void add(std::string& text, const cohort::Initiative& one) {
  text += fmt::format("  initiative {} {} version {} last {}{}\n", one.id, one.applicant, one.version, when(one.last_activity),
                      one.ended() ? " ended " + v1::State::End_Name(one.end) : "");
  text += "   " + line(one.at, one.model->chart()) + "\n";
  for (const auto& [quota, by] : one.places) text += fmt::format("    place {} {}\n", quota, by);
  std::string fields;
  for (const cohort::FieldState& field : one.fields) fields += fmt::format(" {}:{}", field.name, field.version);
  text += "    fields" + fields + "\n";
  for (const cohort::Task& task : one.tasks)
    text += fmt::format("    task {} by {} at {}{}{}\n", task.key, task.by, when(task.opened_at), task.finished ? " finished" : "",
                        line(task.at, *one.model->task(task.kind)->chart));
}

}  // namespace

std::string summary(const core::Store& store) {
  std::string text = fmt::format("directory at {}: {} persons, {} organisations, {} relations\n", store.directory.sequence, store.directory.persons.size(),
                                 store.directory.organisations.size(), store.directory.grants.size());
  for (const auto& [name, versions] : store.library.programs())
    for (const auto& version : versions) text += fmt::format("program {} {}\n", name, version.model->version());
  for (const auto& [id, entry] : store.cohorts) {
    const cohort::Cohort& cohort = entry.state;
    text += fmt::format("cohort {} at {} clock {} zone {}\n", id, cohort.sequence, when(cohort.clock), cohort.zone.name);
    for (const cohort::Assignment& one : cohort.assignments)
      text += fmt::format("  assignment {} {} {} {} until {}{}\n", one.id, one.person, one.role, one.locality, when(one.until), one.ended ? " ended" : "");
    for (const auto& [key, count] : cohort.taken) text += fmt::format("  taken {} {} {}\n", key.first, key.second, count);
    for (const cohort::Initiative& one : cohort.initiatives) add(text, one);
  }
  return text;
}

}  // namespace kvali::journals
