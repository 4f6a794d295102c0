#include "engine/cohort/model.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvali::cohort {
namespace {

template <class List>
auto* find_named(const List& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name() == name; });
  return found == list.end() ? nullptr : &*found;
}

/// "initiative.locality" → "locality".
std::string field_of_path(const std::string& path) {
  constexpr std::string_view prefix = "initiative.";
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

}  // namespace

Result<std::shared_ptr<const Model>> Model::compile(const v1::Program& program, const v1::Machine& machine, std::string version) {
  std::shared_ptr<Model> model(new Model());
  model->program_ = program;
  model->version_ = std::move(version);
  auto chart = statechart::Chart::compile(machine);
  if (!chart) return fail(chart.error().within("program " + program.name()));
  model->chart_ = *chart;
  if (auto added = model->add_expressions(model->chart_->machine()); !added) return fail(added.error());
  for (const v1::TaskKind& kind : model->chart_->machine().tasks()) {
    auto task = statechart::Chart::compile(kind.machine());
    if (!task) return fail(task.error().within("task " + kind.name()));
    if (auto added = model->add_expressions((*task)->machine()); !added) return fail(added.error());
    model->tasks_.push_back({&kind, *task});
  }
  for (const v1::Checklist& line : program.cohort().must_hold())
    if (auto added = model->add_expression(line.when()); !added) return fail(added.error());
  model->resolve_names();
  return std::shared_ptr<const Model>(std::move(model));
}

Result<void> Model::add_expression(const std::string& source) {
  if (source.empty() || expressions_.contains(source)) return {};
  auto compiled = expression::compile(source);
  if (!compiled) return fail(fmt::format("expression `{}`: {}", source, compiled.error().front().message));
  expressions_.emplace(source, std::move(*compiled));
  return {};
}

Result<void> Model::add_expressions(const v1::Machine& machine) {
  std::vector<std::string> sources;
  for (const v1::Node& node : machine.states()) {
    sources.push_back(node.ranked_by());
    for (const v1::Timer& timer : node.timers()) sources.push_back(timer.at());
  }
  for (const v1::Arrow& arrow : machine.arrows()) {
    sources.push_back(arrow.guard());
    for (const v1::Need& need : arrow.move().needs()) sources.push_back(need.when());
    for (const v1::Need& need : arrow.needs()) sources.push_back(need.when());
  }
  for (const std::string& source : sources)
    if (auto added = add_expression(source); !added) return added;
  return {};
}

void Model::resolve_names() {
  for (const v1::Role& role : program_.roles()) {
    if (manager_role_.empty() && role.scope() == v1::Role::COHORT && !role.reads_only()) manager_role_ = role.name();
    if (applicant_role_.empty() && role.scope() == v1::Role::INITIATIVE) applicant_role_ = role.name();
  }
  title_field_ = program_.initiative().title().empty() ? "title" : program_.initiative().title();
  locality_field_ = program_.initiative().locality();
  for (const v1::Field& field : program_.initiative().fields())
    if (locality_field_.empty() && field.type() == v1::Field::LOCALITY) locality_field_ = field.name();
  for (const v1::Quota& quota : program_.cohort().quotas()) {
    QuotaModel made{&quota, std::vector<bool>(chart_->state_count(), false), field_of_path(quota.of())};
    for (const v1::HeldPlaces& places : chart_->machine().places()) {
      if (places.quota() != quota.name()) continue;
      for (const statechart::StateId state : places.states())
        for (statechart::StateId id = state; id < chart_->state_count(); ++id) {
          // The stage's own node stays active in its ends, so only what is inside counts; and an end inside it gives the
          // place back, unless the end itself is named.
          const bool inside = id == state ? chart_->is_atomic(id) : chart_->is_descendant(id, state);
          if (inside && (id == state || chart_->node(id).ends() == v1::State::END_UNSPECIFIED)) made.holds[id] = true;
        }
    }
    quotas_.push_back(std::move(made));
  }
}

std::optional<statechart::StateId> Model::find_state(std::string_view path) const {
  if (auto exact = chart_->find(path)) return exact;
  std::optional<statechart::StateId> found;
  const std::string suffix = "." + std::string(path);
  for (statechart::StateId id = 1; id < chart_->state_count(); ++id) {
    if (!chart_->path(id).ends_with(suffix)) continue;
    if (found) return std::nullopt;
    found = id;
  }
  return found;
}

const QuotaModel* Model::quota(std::string_view name) const {
  const auto found = std::find_if(quotas_.begin(), quotas_.end(), [&](const QuotaModel& one) { return one.quota->name() == name; });
  return found == quotas_.end() ? nullptr : &*found;
}

const TaskModel* Model::task(std::string_view kind) const {
  const auto found = std::find_if(tasks_.begin(), tasks_.end(), [&](const TaskModel& one) { return one.kind->name() == kind; });
  return found == tasks_.end() ? nullptr : &*found;
}

const v1::Field* Model::field(std::string_view name) const { return find_named(program_.initiative().fields(), name); }
const v1::Field* Model::parameter(std::string_view name) const { return find_named(program_.cohort().parameters(), name); }
const v1::Role* Model::role(std::string_view name) const { return find_named(program_.roles(), name); }
const v1::Message* Model::message(std::string_view name) const { return find_named(program_.messages(), name); }

const expression::Expression& Model::expression(const std::string& source) const {
  const auto found = expressions_.find(source);
  KVALI_CHECK(found != expressions_.end());
  return found->second;
}

void Library::add(Entry entry) { programs_[entry.model->name()].push_back(std::move(entry)); }

std::shared_ptr<const Model> Library::find(const std::string& name, const std::string& version) const {
  const auto found = programs_.find(name);
  if (found == programs_.end()) return nullptr;
  if (version.empty()) return found->second.back().model;
  for (const Entry& entry : found->second)
    if (entry.model->version() == version) return entry.model;
  return nullptr;
}

}  // namespace kvali::cohort
