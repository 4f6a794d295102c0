#include "engine/cohort/model.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/program/subjects.h"

namespace kvali::cohort {
namespace {

template <class List>
auto* find_named(const List& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name() == name; });
  return found == list.end() ? nullptr : &*found;
}

template <class List>
bool contains(const List& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

bool contains_kind(const std::vector<v1::Review::Conflict>& kinds, int kind) {
  return std::any_of(kinds.begin(), kinds.end(), [&](v1::Review::Conflict one) { return one == kind; });
}

/// "initiative.locality" → "locality".
std::string field_of_path(const std::string& path, const std::string& noun) {
  return path.starts_with(noun + ".") ? path.substr(noun.size() + 1) : path;
}

/// Whether an expression asks for more than what is written into the initiative: the time, the cohort's parameters, who holds a role.
bool asks_further(const expression::Expression& source, const std::string& noun) {
  if (source.reads_now()) return true;
  const auto references = source.references();
  return std::any_of(references.begin(), references.end(), [&](const expression::Reference& one) { return !one.path.starts_with(noun + "."); });
}

}  // namespace

Result<std::shared_ptr<const Model>> Model::compile(const v1::Program& program, const v1::Machine& machine, std::string version) {
  auto whole = compile_part(program, machine, version);
  if (!whole) return fail(whole.error());
  if (program.subjects_size() != machine.subjects_size()) return fail("program " + program.name() + " has not a machine for each of its subjects");
  for (int i = 0; i < program.subjects_size(); ++i) {
    auto made = compile_part(program::program_of(program, program.subjects(i)), machine.subjects(i), version);
    if (!made) return fail(made.error());
    (*made)->name_ = program.name();
    (*made)->subject_ = program.subjects(i);
    (*whole)->subjects_.push_back(std::move(*made));
  }
  return std::shared_ptr<const Model>(std::move(*whole));
}

Result<std::shared_ptr<Model>> Model::compile_part(v1::Program program, const v1::Machine& machine, std::string version) {
  std::shared_ptr<Model> model(new Model());
  model->name_ = program.name();
  model->program_ = std::move(program);
  model->version_ = std::move(version);
  model->reads_organisations_ = model->program_.initiative().facts_size() > 0;
  auto chart = statechart::Chart::compile(machine);
  if (!chart) return fail(chart.error().within("program " + model->name_));
  model->machine_.chart = *chart;
  if (auto added = model->add_expressions(model->chart().machine()); !added) return fail(added.error());
  if (auto added = model->add_expressions(model->program_.initiative().fields()); !added) return fail(added.error());
  for (const v1::TaskKind& kind : model->chart().machine().tasks()) {
    auto task = statechart::Chart::compile(kind.machine());
    if (!task) return fail(task.error().within("task " + kind.name()));
    if (auto added = model->add_expressions((*task)->machine()); !added) return fail(added.error());
    if (auto added = model->add_expressions(kind.fields()); !added) return fail(added.error());
    TaskModel& made = model->tasks_.emplace_back();
    made.kind = &kind;
    made.chart = made.machine.chart = *task;
    made.series_timer = "series." + kind.name();
    made.series_done = "done.series." + kind.name();
    made.lost = "lost." + kind.name();
    if (kind.has_gate()) made.made = made.chart->find("made").value_or(0);
  }
  for (const v1::Checklist& line : model->program_.cohort().must_hold())
    if (auto added = model->add_expression(line.when()); !added) return fail(added.error());
  for (const v1::Need& need : model->program_.initiative().needs())
    if (auto added = model->add_expression(need.when()); !added) return fail(added.error());
  for (const v1::Quota& quota : model->program_.cohort().quotas())
    if (auto added = model->add_expression(quota.refill_until()); !added) return fail(added.error());
  // From here on nothing is added to the expressions, so that they may be pointed to.
  if (auto resolved = model->resolve(model->machine_, model->program_.initiative().fields(), false); !resolved) return fail(resolved.error());
  for (TaskModel& task : model->tasks_)
    if (auto resolved = model->resolve(task.machine, task.kind->fields(), true); !resolved)
      return fail(resolved.error().within("task " + task.kind->name()));
  for (const TaskModel& task : model->tasks_) {
    if (task.kind->report()) model->reports_.push_back(&task);
    if (task.kind->attendance()) model->attendance_ = &task;
  }
  model->resolve_names();
  model->resolve_conflicts();
  return model;
}

Result<void> Model::add_expression(const std::string& source) {
  if (source.empty() || expressions_.contains(source)) return {};
  auto compiled = expression::compile(source);
  if (!compiled) return fail(fmt::format("expression `{}`: {}", source, compiled.error().front().message));
  for (const expression::Reference& one : compiled->references())
    if (one.path == "organisation" || one.path.starts_with("organisation.")) reads_organisations_ = true;
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

Result<void> Model::add_expressions(const google::protobuf::RepeatedPtrField<v1::Field>& form) {
  for (const v1::Field& field : form)
    for (const std::string* source : {&field.shown_when(), &field.computed()})
      if (auto added = add_expression(*source); !added) return fail(added.error().within("field " + field.name()));
  return {};
}

Result<void> Model::resolve(MachineModel& machine, const google::protobuf::RepeatedPtrField<v1::Field>& form, bool of_task) const {
  const auto compiled = [&](const std::string& source) { return source.empty() ? nullptr : &expression(source); };
  const auto with_needs = [&](const google::protobuf::RepeatedPtrField<v1::Need>& needs) {
    std::vector<NeedModel> made;
    for (const v1::Need& need : needs) made.push_back({&need, compiled(need.when())});
    return made;
  };
  for (const v1::Field& field : form) machine.form.push_back({&field, compiled(field.shown_when()), compiled(field.computed())});
  machine.computes = std::any_of(machine.form.begin(), machine.form.end(), [](const FieldModel& one) { return one.computed != nullptr; });
  machine.recomputes = !of_task && std::any_of(machine.form.begin(), machine.form.end(), [this](const FieldModel& one) { return one.computed && asks_further(*one.computed, program::noun_of(program_)); });
  machine.reads_form = machine.computes || std::any_of(machine.form.begin(), machine.form.end(), [](const FieldModel& one) { return one.shown_when != nullptr; });
  for (const v1::Arrow& arrow : machine.chart->machine().arrows()) {
    ArrowModel& made = machine.arrows.emplace_back();
    made.guard = compiled(arrow.guard());
    made.needs = with_needs(arrow.move().needs());
    made.own_needs = with_needs(arrow.needs());
    made.needs_reason = contains(arrow.move().must_give(), "reason");
    if (!of_task && !arrow.move().gate().empty()) made.gate = task(arrow.move().gate());
    if (arrow.has_move())
      for (const FieldModel& field : machine.form)
        if (contains(field.field->required_for(), arrow.move().name()) || contains(arrow.move().must_give(), field.field->name()) ||
            (of_task && field.field->required()))
          made.required.push_back(&field);
    if (arrow.has_move() && (of_task || !made.required.empty()))
      for (const FieldModel& field : machine.form)
        if (field.field->type() == v1::Field::TABLE && std::find(made.required.begin(), made.required.end(), &field) == made.required.end()) made.tables.push_back(&field);
  }
  machine.waits.resize(machine.chart->state_count());
  for (statechart::StateId state = 0; state < machine.chart->state_count(); ++state)
    machine.waits[state] = !machine.chart->node(state).standstill().empty();
  for (statechart::ArrowId id = 0; id < machine.chart->arrow_count(); ++id) {
    const v1::Arrow& arrow = machine.chart->arrow(id);
    if (!arrow.freed().empty()) machine.waits[arrow.source()] = true;
    if (machine.chart->trigger(id) != statechart::Trigger::Eventless) continue;
    machine.has_eventless = true;
    if (!machine.arrows[id].guard || !asks_further(*machine.arrows[id].guard, program::noun_of(program_))) continue;
    machine.wakes.resize(machine.chart->state_count());
    machine.wakes[arrow.source()] = true;
  }
  machine.has_waits = std::find(machine.waits.begin(), machine.waits.end(), true) != machine.waits.end();
  for (const v1::Node& node : machine.chart->machine().states()) {
    std::vector<TimerModel>& timers = machine.timers.emplace_back();
    for (const v1::Timer& timer : node.timers()) {
      const bool by_period = !timer.every().empty() || !timer.within().empty();
      TimerModel made{&timer, by_period ? nullptr : compiled(timer.at()), {}, {}, {}, timer.name() == "deadline", false};
      for (const auto& [text, period] : {std::pair(&timer.within(), &made.within), {&timer.every(), &made.every}, {&timer.offset(), &made.offset}}) {
        if (text->empty()) continue;
        auto parsed = calendar::parse_period(*text);
        if (!parsed) return fail(parsed.error().within("timer " + timer.event()));
        *period = *parsed;
      }
      if (!timers.empty())
        made.source_as_before = made.at == timers.back().at && made.within == timers.back().within && made.every == timers.back().every;
      timers.push_back(made);
    }
  }
  return {};
}

void Model::resolve_conflicts() {
  for (const v1::Role& role : program_.roles()) {
    std::vector<v1::Review::Conflict> kinds;
    const auto add = [&](const google::protobuf::RepeatedField<int>& named) {
      for (const int kind : named)
        if (!contains_kind(kinds, kind)) kinds.push_back(static_cast<v1::Review::Conflict>(kind));
    };
    add(role.conflicts());
    for (const TaskModel& task : tasks_)
      if (task.kind->has_review() && task.kind->review().by() == role.name()) add(task.kind->review().conflicts());
    if (!kinds.empty()) conflicts_.emplace_back(role.name(), std::move(kinds));
  }
  normalises_ = std::any_of(tasks_.begin(), tasks_.end(), [](const TaskModel& one) { return one.kind->review().normalised(); });
}

const std::vector<v1::Review::Conflict>& Model::conflicts(std::string_view role) const {
  static const std::vector<v1::Review::Conflict> none;
  const auto found = std::find_if(conflicts_.begin(), conflicts_.end(), [&](const auto& one) { return one.first == role; });
  return found == conflicts_.end() ? none : found->second;
}

void Model::resolve_names() {
  for (const v1::Arrow& arrow : chart().machine().arrows()) {
    remembered_.insert(arrow.move().not_by().begin(), arrow.move().not_by().end());
    has_gates_ = has_gates_ || !arrow.move().gate().empty();
  }
  for (const v1::Role& role : program_.roles()) {
    if (manager_role_.empty() && role.scope() == v1::Role::COHORT && !role.reads_only()) manager_role_ = role.name();
    if (role.scope() == v1::Role::INITIATIVE && (applicant_role_.empty() || role.name() == "applicant")) applicant_role_ = role.name();
  }
  title_field_ = program_.initiative().title().empty() ? "title" : program_.initiative().title();
  locality_field_ = program_.initiative().locality();
  for (const v1::Field& field : program_.initiative().fields())
    if (locality_field_.empty() && field.type() == v1::Field::LOCALITY) locality_field_ = field.name();
  for (const v1::Quota& quota : program_.cohort().quotas()) {
    QuotaModel made;
    made.quota = &quota;
    made.holds.resize(chart().state_count());
    made.by_field = field_of_path(quota.of(), program::noun_of(program_));
    made.kind = kind();
    made.by_locality = !made.by_field.empty() && made.by_field == locality_field_;
    if (!quota.refill_until().empty()) made.refill_until = &expression(quota.refill_until());
    for (const v1::HeldPlaces& places : chart().machine().places()) {
      if (places.quota() != quota.name()) continue;
      for (const statechart::StateId state : places.states())
        for (statechart::StateId id = state; id < chart().state_count(); ++id) {
          // The stage's own node stays active in its ends, so only what is inside counts; and an end inside it gives the
          // place back, unless the end itself is named.
          const bool inside = id == state ? chart().is_atomic(id) : chart().is_descendant(id, state);
          if (inside && (id == state || chart().node(id).ends() == v1::State::END_UNSPECIFIED)) made.holds[id] = true;
        }
    }
    quotas_.push_back(std::move(made));
  }
}

std::optional<statechart::StateId> Model::find_state(std::string_view path) const {
  if (auto exact = chart().find(path)) return exact;
  std::optional<statechart::StateId> found;
  const std::string suffix = "." + std::string(path);
  for (statechart::StateId id = 1; id < chart().state_count(); ++id) {
    if (!chart().path(id).ends_with(suffix)) continue;
    if (found) return std::nullopt;
    found = id;
  }
  return found;
}

const QuotaModel* Model::quota(std::string_view name) const {
  const auto found = std::find_if(quotas_.begin(), quotas_.end(), [&](const QuotaModel& one) { return one.quota->name() == name; });
  return found == quotas_.end() ? nullptr : &*found;
}

const QuotaModel* Model::any_quota(std::string_view name) const {
  const QuotaModel* found = quota(name);
  for (const auto& one : subjects_)
    if (!found) found = one->quota(name);
  return found;
}

const TaskModel* Model::task(std::string_view kind) const {
  const auto found = std::find_if(tasks_.begin(), tasks_.end(), [&](const TaskModel& one) { return one.kind->name() == kind; });
  return found == tasks_.end() ? nullptr : &*found;
}

bool Model::is_report(std::string_view kind) const {
  return std::any_of(reports_.begin(), reports_.end(), [&](const TaskModel* one) { return one->kind->name() == kind; });
}

const v1::Field* Model::field(std::string_view name) const { return find_named(program_.initiative().fields(), name); }
const v1::Field* Model::parameter(std::string_view name) const { return find_named(program_.cohort().parameters(), name); }
const v1::Role* Model::role(std::string_view name) const { return find_named(program_.roles(), name); }
const v1::Message* Model::message(std::string_view name) const { return find_named(program_.messages(), name); }

const v1::Body* Model::body(std::string_view name) const { return find_named(program_.bodies(), name); }

const v1::Body* Model::body_of_role(std::string_view role) const {
  for (const v1::Body& one : program_.bodies())
    if (one.role() == role) return &one;
  return nullptr;
}

const expression::Expression& Model::expression(const std::string& source) const {
  const auto found = expressions_.find(source);
  KVALI_CHECK(found != expressions_.end());
  return found->second;
}

std::shared_ptr<const Model> of_kind(const std::shared_ptr<const Model>& whole, const std::string& kind) {
  if (!whole || kind.empty()) return whole;
  const auto& subjects = whole->subjects();
  const auto found = std::find_if(subjects.begin(), subjects.end(), [&](const auto& one) { return one->kind() == kind; });
  return found == subjects.end() ? nullptr : *found;
}

std::string path_with_kind(const Model& model, const std::string& path) { return model.kind().empty() ? path : model.kind() + "." + path; }

void Library::add(Entry entry) { programs_[entry.model->name()].push_back(std::move(entry)); }

std::shared_ptr<const Model> Library::find_like(const Model& model, const std::string& version) const {
  return of_kind(find(model.name(), version), model.kind());
}

std::shared_ptr<const Model> Library::find(const std::string& name, const std::string& version) const {
  const auto found = programs_.find(name);
  if (found == programs_.end()) return nullptr;
  if (version.empty()) return found->second.back().model;
  for (const Entry& entry : found->second)
    if (entry.model->version() == version) return entry.model;
  return nullptr;
}

}  // namespace kvali::cohort
