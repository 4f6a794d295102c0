// A cohort goes over to another version of its program: at once what is the cohort's, then one initiative after the other, in
// batches that time makes, so that everything else goes on between them.
#include <fmt/format.h>

#include <algorithm>

#include "engine/cohort/migrating.h"
#include "engine/cohort/organisations.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/reading.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

Outcome must_give_reason(const std::string& reason) {
  if (!reason.empty()) return std::nullopt;
  return refuse_unmet({{Code::Invalid, "reason", sentence("reason_missing"), calendar::never}});
}

/// The plan of the cohort's migration. Making it ready costs a proof, so it is kept for the next batch.
std::shared_ptr<const Plan> plan_of(Case& c) {
  Bench::Prepared& kept = c.bench.plan();
  const std::string key = fmt::format("{}/{}/{}", c.cohort().id, c.cohort().migration.id, c.cohort().migration.version);
  if (kept.key != key || !kept.plan) kept = {key, Plan::of(c.cohort(), c.world().library)};
  return kept.plan;
}

const program::Crossing& crossing_of(const Cohort& cohort, const Plan& plan) {
  const program::Crossing* crossing = plan.crossing(*cohort.model);
  KVALI_CHECK(crossing != nullptr);
  return *crossing;
}

/// Parameters that are written with the start: those with another name, and what the command gives.
std::optional<Refusal> add_parameters(const Cohort& cohort, const v1::StartMigration& command, const Plan& plan, v1::MigrationStarted& started) {
  const Model& target = *plan.target();
  std::vector<Unmet> unmet;
  for (const v1::NamedValue& old : cohort.parameters) {
    const std::string& name = crossing_of(cohort, plan).parameter(old.name());
    if (name.empty() || name == old.name()) continue;
    v1::NamedValue& made = *started.add_parameters();
    made.set_name(name);
    *made.mutable_value() = old.value();
  }
  for (const v1::NamedValue& given : command.parameters()) {
    const v1::Field* field = target.parameter(given.name());
    if (!field) return refuse(Code::Invalid, "no_parameter", {{"name", given.name()}});
    if (auto fault = fault_of(cohort, *field, given.value())) unmet.push_back(*fault);
    *started.add_parameters() = given;
  }
  for (const v1::Field& field : target.program().cohort().parameters()) {
    const auto is_it = [&](const v1::NamedValue& one) { return one.name() == field.name(); };
    const bool known = std::any_of(started.parameters().begin(), started.parameters().end(), is_it) ||
                       std::any_of(cohort.parameters.begin(), cohort.parameters.end(), is_it);
    if (field.required() && !known)
      unmet.push_back({Code::Invalid, field.name(), sentence("parameter_missing", {{"label", label_or(field.label(), field.name())}}), calendar::never});
  }
  if (unmet.empty()) return std::nullopt;
  return refuse_unmet(std::move(unmet));
}

/// Who holds a role that has another name holds that one too, while work still runs under the old version.
void add_roles(const Cohort& cohort, const program::Crossing& crossing, const std::string& id, v1::MigrationStarted& started) {
  for (const Assignment& one : cohort.assignments) {
    const std::string& role = crossing.role(one.role);
    if (one.ended || role.empty() || role == one.role) continue;
    v1::RoleAssigned& made = *started.add_assigned();
    made.set_assignment(fmt::format("{}.{}", one.id, id));
    made.set_person(one.person);
    made.set_role(role);
    made.set_locality(one.locality);
    made.set_initiative(one.initiative);
    made.set_load_max(one.load_max);
    made.set_substitute_for(one.substitute_for);
    made.set_until_us(one.until == calendar::never ? 0 : one.until);
  }
}

void add_settings(const Cohort& cohort, const program::Crossing& crossing, v1::MigrationStarted& started) {
  for (const v1::QuotaPlaces& one : cohort.quotas) {
    const std::string& name = crossing.quota(one.quota());
    if (name.empty() || name == one.quota()) continue;
    v1::QuotaPlaces& made = *started.add_quotas();
    made = one;
    made.set_quota(name);
  }
  for (const Extension& one : cohort.extensions) {
    const auto old = crossing.from().chart.find(one.state);
    const auto now = old ? crossing.state(*old) : std::nullopt;
    if (!now || crossing.to().chart.path(*now) == one.state) continue;
    v1::ExtensionCarried& made = *started.add_extensions();
    made.set_locality(one.locality);
    made.set_state(crossing.to().chart.path(*now));
    made.set_to_us(one.to);
  }
}

/// Puts the record that it waits into the sketch; managers are told.
void park(Case& c, Slot slot, const Waits& waits) {
  const Initiative& initiative = c.sketch.initiative(slot);
  v1::Record& record = c.sketch.draft();
  v1::MigrationParked& parked = *record.mutable_migration_parked();
  parked.set_migration(c.cohort().migration.id);
  parked.set_initiative(initiative.id);
  parked.set_why(waits.why);
  for (const auto& [mark, word] : waits.words) {
    v1::ParkedWord& one = *parked.add_words();
    one.set_mark(mark);
    one.set_word(word);
  }
  v1::Told& told = *parked.add_told();
  told.set_message("migration_parked");
  told.set_role(c.cohort().model->manager_role());
  if (!initiative.at.where.active.empty()) told.set_state(initiative.at.where.active.back());
  for (std::string& person : hearers(c.cohort(), c.world(), initiative, c.cohort().model->manager_role(), c.sketch.now())) told.add_persons(std::move(person));
  c.sketch.add(record, slot);
}

/// Whether somebody has changed it since the dry run that was agreed to.
bool changed_since(const Migration& migration, Slot slot, const Initiative& initiative) {
  return !migration.seen.empty() && (slot >= migration.seen.size() || migration.seen[slot] != initiative.touches);
}

/// One that has not changed since it went over stands where it stood, if its places are still there.
bool go_back(Case& c, Slot slot) {
  fire_due(c, slot);
  const Initiative& now = c.sketch.initiative(slot);
  if (now.migration != c.cohort().migration.id || !now.before) return false;
  v1::MigrationUndone undone;
  undone.set_migration(now.migration);
  undone.set_initiative(now.id);
  std::vector<Freed> freed;
  const auto has = [](const auto& places, const auto& one) { return std::find(places.begin(), places.end(), one) != places.end(); };
  for (const auto& place : now.places)
    if (!has(now.before->places, place)) {
      v1::PlaceChange& change = *undone.add_places();
      change.set_quota(place.first);
      change.set_by(place.second);
      freed.push_back({place.first, place.second});
    }
  for (const auto& place : now.before->places)
    if (!has(now.places, place)) {
      const QuotaModel* quota = now.before->model->quota(place.first);
      const std::uint32_t own = has(now.places, std::pair(c.cohort().other_name(place.first), place.second)) ? 1 : 0;
      if (!quota || c.sketch.taken(place.first, place.second) - own >= c.sketch.places(*quota->quota, place.second)) return false;
      v1::PlaceChange& change = *undone.add_places();
      change.set_quota(place.first);
      change.set_by(place.second);
      change.set_taken(true);
    }
  v1::Record& record = c.sketch.draft();
  *record.mutable_migration_undone() = std::move(undone);
  c.sketch.add(record, slot);
  note_facts(c.sketch, slot);
  settle(c.sketch, c.bench, std::move(freed));
  go_on(c.sketch, c.bench, slot);
  return true;
}

/// Roles that nobody needs any more: the old ones once all work runs under the new version, or the other way round.
std::vector<std::string> roles_over(Case& c) {
  const Migration& migration = c.cohort().migration;
  const std::string& stays = c.cohort().model->version();
  for (Slot slot = 0; slot < c.cohort().initiatives.size(); ++slot)
    if (const Initiative& one = c.sketch.initiative(slot); !one.ended() && one.model->version() != stays) return {};
  std::vector<std::string> over;
  const std::string suffix = "." + migration.id;
  for (const Assignment& one : c.cohort().assignments) {
    if (one.ended || !one.id.ends_with(suffix)) continue;
    over.push_back(migration.undone ? one.id : one.id.substr(0, one.id.size() - suffix.size()));
  }
  return over;
}

/// Who is competent for a field is so under its new name too; the old one stays for those who have not gone over.
void add_competences(const Cohort& cohort, const program::Crossing& crossing, v1::MigrationStarted& started) {
  for (const auto& [person, all] : cohort.competences) {
    v1::CompetencesSet set;
    set.set_person(person);
    set.mutable_competences()->Add(all.begin(), all.end());
    for (const v1::Competence& one : all) {
      const std::string& name = crossing.field(one.field());
      const bool known = std::any_of(all.begin(), all.end(), [&](const v1::Competence& other) { return other.field() == name; });
      if (name.empty() || known) continue;
      v1::Competence& renamed = *set.add_competences();
      renamed = one;
      renamed.set_field(name);
    }
    if (set.competences_size() > static_cast<int>(all.size())) *started.add_competences() = std::move(set);
  }
}

}  // namespace

std::variant<v1::MigrationStarted, Refusal> started_migration(const Cohort& cohort, const v1::StartMigration& command, const Plan& plan,
                                                              const std::string& id) {
  const program::Crossing& crossing = crossing_of(cohort, plan);
  v1::MigrationStarted started;
  started.set_migration(id);
  started.set_version(plan.target()->version());
  started.set_from(cohort.model->version());
  *started.mutable_plan() = plan.plan();
  *started.mutable_file() = command.plan();
  started.set_reason(command.reason());
  if (auto refusal = add_parameters(cohort, command, plan, started)) return *refusal;
  add_roles(cohort, crossing, id, started);
  add_settings(cohort, crossing, started);
  add_competences(cohort, crossing, started);
  started.set_initiatives(static_cast<std::uint32_t>(cohort.initiatives.size()));
  *started.mutable_seen() = command.seen();
  return started;
}

Fate go_over(Case& c, const Plan& plan, Slot slot, const std::vector<statechart::StateId>& to, bool by_hand) {
  fire_due(c, slot);
  Fate fate = fate_of(c.sketch, plan, slot, to);
  // Also of one that the plan leaves out as it is now: nobody has seen it so.
  const Initiative& now = c.sketch.initiative(slot);
  const bool done = now.ended() || now.model->version() == plan.target()->version();
  if (!done && !by_hand && changed_since(c.cohort().migration, slot, now)) fate = Waits{"changed_since", {}, {}};
  if (const auto* waits = std::get_if<Waits>(&fate)) {
    if (!by_hand) park(c, slot, *waits);
    return fate;
  }
  auto* moves = std::get_if<GoesOver>(&fate);
  if (!moves) return fate;
  moves->record.set_migration(c.cohort().migration.id);
  if (by_hand) moves->record.set_by_hand(c.asked.actor());
  v1::Record& record = c.sketch.draft();
  *record.mutable_migrated() = moves->record;
  c.sketch.add(record, slot);
  note_facts(c.sketch, slot);  // the new version may ask for other facts
  settle(c.sketch, c.bench, moves->freed);
  go_on(c.sketch, c.bench, slot);  // what its old version did not do by itself the new one may
  return fate;
}

Outcome start_migration(Case& c, const v1::StartMigration& command) {
  if (auto refusal = must_manage(c)) return refusal;
  if (c.cohort().migration.running() || (c.cohort().migration.paused && !c.cohort().migration.ended)) return refuse(Code::Precondition, "migration_running");
  if (auto refusal = must_give_reason(command.reason())) return refusal;
  if (static_cast<std::size_t>(command.seen_size()) > c.cohort().initiatives.size()) return refuse(Code::Invalid, "seen_too_many");
  auto plan = Plan::make(c.cohort(), c.world().library, command);
  if (auto* refusal = std::get_if<Refusal>(&plan)) return *refusal;
  c.created = c.asked.fresh_id();
  auto started = started_migration(c.cohort(), command, *std::get<0>(plan), c.created);
  if (auto* refusal = std::get_if<Refusal>(&started)) return *refusal;
  v1::Record& record = c.sketch.draft();
  *record.mutable_migration_started() = std::move(std::get<0>(started));
  c.sketch.add(record);
  return std::nullopt;
}

Outcome pause_migration(Case& c) {
  if (auto refusal = must_manage(c)) return refusal;
  if (!c.cohort().migration.running()) return refuse(Code::Precondition, "no_migration");
  v1::Record& record = c.sketch.draft();
  record.mutable_migration_paused()->set_migration(c.cohort().migration.id);
  c.sketch.add(record);
  return std::nullopt;
}

Outcome resume_migration(Case& c) {
  if (auto refusal = must_manage(c)) return refusal;
  if (!c.cohort().migration.paused || c.cohort().migration.ended) return refuse(Code::Precondition, "no_migration");
  v1::Record& record = c.sketch.draft();
  record.mutable_migration_resumed()->set_migration(c.cohort().migration.id);
  c.sketch.add(record);
  return std::nullopt;
}

Outcome undo_migration(Case& c, const v1::UndoMigration& command) {
  if (auto refusal = must_manage(c)) return refusal;
  const Migration& migration = c.cohort().migration;
  if (migration.id.empty()) return refuse(Code::Precondition, "no_migration");
  if (migration.undone) return refuse(Code::Precondition, "migration_undone_already");
  if (auto refusal = must_give_reason(command.reason())) return refusal;
  v1::Record& record = c.sketch.draft();
  record.mutable_migration_reversed()->set_migration(migration.id);
  record.mutable_migration_reversed()->set_reason(command.reason());
  c.sketch.add(record);
  return std::nullopt;
}

Outcome migrate_initiative(Case& c, const v1::MigrateInitiative& command) {
  if (auto refusal = must_manage(c)) return refusal;
  if (c.cohort().migration.id.empty() || c.cohort().migration.undone) return refuse(Code::Precondition, "no_migration");
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  if (auto refusal = must_manage(c, c.sketch.initiative(std::get<Slot>(found)))) return refusal;
  if (auto refusal = must_give_reason(command.reason())) return refusal;
  const std::shared_ptr<const Plan> plan = plan_of(c);
  std::vector<statechart::StateId> to;
  const auto target = plan->target_of(*c.sketch.initiative(std::get<Slot>(found)).model);
  for (const std::string& path : command.to()) {
    const auto state = target ? target->find_state(path) : std::nullopt;
    if (!state) return refuse(Code::Invalid, "no_state", {{"name", path}});
    to.push_back(*state);
  }
  const Fate fate = go_over(c, *plan, std::get<Slot>(found), to, true);
  if (const auto* waits = std::get_if<Waits>(&fate)) return Refusal{Code::Precondition, sentence_of(*waits), {}, {}};
  if (std::holds_alternative<LeftOut>(fate)) return refuse(Code::Precondition, "not_parked");
  return std::nullopt;
}

void go_on_migrating(Case& c) {
  const Migration& migration = c.cohort().migration;
  const std::shared_ptr<const Plan> plan = migration.undone ? nullptr : plan_of(c);
  std::size_t count = 0;
  Slot slot = migration.next;
  for (; slot < migration.initiatives && slot < c.cohort().initiatives.size() && count < limits::migration_initiatives_per_commit_max; ++slot) {
    const bool acted = plan ? !std::holds_alternative<LeftOut>(go_over(c, *plan, slot)) : go_back(c, slot);
    if (acted) ++count;
  }
  if (count == limits::migration_initiatives_per_commit_max) return;
  v1::Record& record = c.sketch.draft();
  v1::MigrationEnded& ended = *record.mutable_migration_ended();
  ended.set_migration(migration.id);
  ended.set_undone(migration.undone);
  for (std::string& role : roles_over(c)) ended.add_roles_ended(std::move(role));
  c.sketch.add(record);
}

}  // namespace kvali::cohort
