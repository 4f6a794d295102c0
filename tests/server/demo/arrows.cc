#include "tests/server/demo/arrows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "server/core/store.h"

namespace kvali::demo::testing {
namespace {

std::string called(const cohort::Model& model) { return model.kind().empty() ? "initiative" : model.kind(); }

void add(const cohort::Model& model, std::map<std::string, const statechart::Chart*>& found) {
  found[called(model)] = &model.chart();
  for (const cohort::TaskModel& task : model.tasks()) found[called(model) + " " + task.kind->name()] = task.chart.get();
}

std::string arrow_text(const statechart::Chart& chart, std::uint32_t arrow) {
  const v1::Arrow& one = chart.arrow(arrow);
  std::string by = one.move().name();
  if (by.empty()) by = one.events().empty() ? "by itself" : fmt::format("{}", fmt::join(one.events(), " "));
  return fmt::format("{} {}", one.source() == 0 ? "anywhere" : chart.path(one.source()), by);
}

}  // namespace

Arrows taken(const World& world, const std::string& cohort) {
  const cohort::Cohort& state = world.core().store().cohorts.at(cohort).state;
  Arrows found;
  const auto read = world.journal.read("cohort/" + cohort, 1, [&](const journal::Record& stored) {
    v1::Record record;
    if (!record.ParseFromString(stored.bytes)) throw std::runtime_error("a stored record cannot be read");
    if (!record.has_advanced()) return journal::Visit::Continue;
    const v1::Advanced& advanced = record.advanced();
    const cohort::Initiative& one = state.initiatives[state.find(advanced.initiative()).value()];
    // The key of a task is KIND/NUMBER.
    const std::string task = advanced.task().substr(0, advanced.task().find('/'));
    found[called(*one.model) + (task.empty() ? "" : " " + task)].insert(advanced.arrows().begin(), advanced.arrows().end());
    return journal::Visit::Continue;
  });
  if (!read) throw std::runtime_error(read.error().message);
  return found;
}

std::map<std::string, const statechart::Chart*> machines(const cohort::Cohort& cohort) {
  std::map<std::string, const statechart::Chart*> found;
  add(*cohort.model, found);
  for (const auto& subject : cohort.model->subjects()) add(*subject, found);
  return found;
}

std::vector<std::string> untaken(const cohort::Cohort& cohort, const Arrows& taken) {
  std::vector<std::string> texts;
  for (const auto& [machine, chart] : machines(cohort)) {
    const auto seen = taken.find(machine);
    for (std::uint32_t arrow = 0; arrow < chart->arrow_count(); ++arrow)
      if (seen == taken.end() || !seen->second.contains(arrow)) texts.push_back(machine + ": " + arrow_text(*chart, arrow));
  }
  return texts;
}

}  // namespace kvali::demo::testing
