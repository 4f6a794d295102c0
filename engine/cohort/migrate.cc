#include "engine/cohort/migrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/cohort/apply.h"
#include "engine/cohort/migrating.h"
#include "engine/cohort/parts.h"
#include "engine/limits.h"
#include "engine/program/migrate/plan.h"

namespace kvali::cohort {
namespace {

using Kind = std::pair<std::string, std::string>;

Kind kind_of(const Model& model) { return {model.version(), model.kind()}; }

/// The versions that work runs under, of each kind of subject, the cohort's first.
std::vector<std::shared_ptr<const Model>> versions_of(const Cohort& cohort) {
  std::vector<std::shared_ptr<const Model>> versions{cohort.model};
  for (const Initiative& one : cohort.initiatives) {
    const bool known = std::any_of(versions.begin(), versions.end(), [&](const auto& model) { return kind_of(*model) == kind_of(*one.model); });
    if (!one.ended() && !known) versions.push_back(one.model);
  }
  return versions;
}

Refusal refuse_faults(const std::vector<program::Fault>& faults) {
  Refusal refusal = refuse(Code::Invalid, "plan_faults", {{"count", std::to_string(faults.size())}});
  for (const program::Fault& fault : faults) {
    v1::Text why;
    why.add_translations()->set_text(program::to_line(fault));
    refusal.unmet.push_back({Code::Invalid, fault.file, std::move(why), calendar::never});
  }
  return refusal;
}

}  // namespace

void Plan::add(std::shared_ptr<const Model> version, const program::Positions& positions, std::vector<program::Fault>& faults) {
  const auto target = target_of(*version);
  if (!target) return;  // the new version has nothing of the kind: these wait
  From& from = from_[kind_of(*version)];
  const bool is_other = !version->kind().empty();
  from.crossing = std::make_unique<program::Crossing>(is_other ? program::plan_of(plan_, version->kind()) : plan_,
                                                      is_other ? program::positions_of_plan(positions, version->kind()) : positions,
                                                      program::Version{version->program(), version->chart()},
                                                      program::Version{target->program(), target->chart()}, faults);
  if (!plan_.only().empty() && !is_other)
    if (auto only = expression::compile(plan_.only())) from.only = std::make_unique<expression::Expression>(std::move(*only));
  from.model = std::move(version);
}

std::variant<std::shared_ptr<const Plan>, Refusal> Plan::make(const Cohort& cohort, const Library& library, const v1::StartMigration& command) {
  auto made = std::make_shared<Plan>();
  made->target_ = library.find(cohort.model->name(), command.version());
  if (!made->target_) return refuse(Code::NotFound, "no_version", {{"name", command.version()}});
  if (made->target_->version() == cohort.model->version()) return refuse(Code::Precondition, "same_version");
  program::PlanRead read = program::read_plan({command.plan().path().empty() ? "plan.yaml" : command.plan().path(), command.plan().text()});
  if (!read.ok()) return refuse_faults(read.faults);
  made->plan_ = std::move(read.plan);
  std::vector<program::Fault> faults;
  program::check_subjects_of_plan(made->plan_, read.positions, cohort.model->program(), faults);
  if (!faults.empty()) return refuse_faults(faults);
  for (auto& version : versions_of(cohort)) {
    if (version->version() == made->target_->version()) continue;
    const Kind name = kind_of(*version);
    made->add(std::move(version), read.positions, faults);
    if (const auto from = made->from_.find(name); faults.empty() && from != made->from_.end())
      from->second.crossing->prove(name.second.empty() ? read.positions : program::positions_of_plan(read.positions, name.second), faults);
    if (!faults.empty()) return refuse_faults(faults);
  }
  return std::shared_ptr<const Plan>(std::move(made));
}

std::shared_ptr<const Plan> Plan::of(const Cohort& cohort, const Library& library) {
  auto made = std::make_shared<Plan>();
  made->plan_ = cohort.migration.plan;
  made->target_ = library.find(cohort.model->name(), cohort.migration.version);
  KVALI_CHECK(made->target_ != nullptr);
  std::vector<program::Fault> faults;  // told when it was started
  for (auto& version : versions_of(cohort))
    if (version->version() != made->target_->version()) made->add(std::move(version), {}, faults);
  return made;
}

const program::Crossing* Plan::crossing(const Model& model) const {
  const auto found = from_.find(kind_of(model));
  return found == from_.end() ? nullptr : found->second.crossing.get();
}

const expression::Expression* Plan::only(const Model& model) const {
  const auto found = from_.find(kind_of(model));
  return found == from_.end() ? nullptr : found->second.only.get();
}

std::variant<MigrationPreview, Refusal> preview_migration(const Cohort& cohort, const World& world, const v1::StartMigration& command, Instant now,
                                                          Bench& bench) {
  auto plan = Plan::make(cohort, world.library, command);
  if (auto* refusal = std::get_if<Refusal>(&plan)) return *refusal;
  auto started = started_migration(cohort, command, *std::get<0>(plan), "dry run");
  if (auto* refusal = std::get_if<Refusal>(&started)) return *refusal;
  // What would be: the cohort as it stands when the migration has been started, and what then becomes of each, in their order.
  Cohort then = cohort;
  MigrationPreview preview;
  preview.version = std::get<0>(plan)->target()->version();
  v1::MigrationStarted& record = std::get<0>(started);
  record.clear_seen();
  for (const Initiative& one : cohort.initiatives) preview.seen.push_back(one.touches);
  record.mutable_seen()->Add(preview.seen.begin(), preview.seen.end());
  v1::Record whole;
  *whole.mutable_migration_started() = std::move(record);
  whole.mutable_commit()->set_records(1);
  whole.mutable_commit()->set_recorded_at_us(now);
  const auto applied = apply(then, whole, world.library);
  KVALI_CHECK(applied.has_value());
  Sketch sketch(then, world, instant_in(cohort, now), "");
  v1::Asked asked;
  Case c{asked, sketch, bench, Viewer{"", sketch.now()}, {}};
  for (Slot slot = 0; slot < then.initiatives.size(); ++slot) {
    MigrationLine& line = preview.lines.emplace_back();
    line.slot = slot;
    const Initiative& was = cohort.initiatives[slot];
    for (const statechart::StateId state : atomic_states(was.model->chart(), was.at.where)) line.from.push_back(was.model->chart().path(state));
    Fate fate = go_over(c, *std::get<0>(plan), slot);
    if (auto* moves = std::get_if<GoesOver>(&fate)) {
      line.verdict = MigrationLine::Verdict::Moves;
      statechart::Configuration at;
      at.active.assign(moves->record.at().active().begin(), moves->record.at().active().end());
      const statechart::Chart& chart = std::get<0>(plan)->target_of(*was.model)->chart();
      for (const statechart::StateId state : atomic_states(chart, at)) line.to.push_back(chart.path(state));
      line.trace = std::move(moves->trace);
      line.notes = std::move(moves->notes);
    } else if (auto* parked = std::get_if<Waits>(&fate)) {
      line.verdict = MigrationLine::Verdict::Parked;
      line.why = sentence_of(*parked);
      line.trace = std::move(parked->trace);
    }
  }
  return preview;
}

MigrationPreview migration_so_far(const Cohort& cohort) {
  MigrationPreview so_far;
  const Migration& migration = cohort.migration;
  so_far.version = migration.version;
  for (Slot slot = 0; slot < migration.initiatives && slot < cohort.initiatives.size(); ++slot) {
    const Initiative& one = cohort.initiatives[slot];
    MigrationLine& line = so_far.lines.emplace_back();
    line.slot = slot;
    std::vector<std::string> at;
    for (const statechart::StateId state : atomic_states(one.model->chart(), one.at.where)) at.push_back(one.model->chart().path(state));
    const auto parked = migration.parked.find(slot);
    if (parked != migration.parked.end()) {
      line.verdict = MigrationLine::Verdict::Parked;
      line.why = sentence_of(Waits{parked->second.why, parked->second.words, {}});
      line.from = std::move(at);
    } else if (one.migration == migration.id && !migration.undone) {
      line.verdict = MigrationLine::Verdict::Moves;
      line.to = std::move(at);
    } else {
      line.verdict = slot >= migration.next && !migration.ended ? MigrationLine::Verdict::ToCome : MigrationLine::Verdict::LeftOut;
      line.from = std::move(at);
    }
  }
  return so_far;
}

}  // namespace kvali::cohort
