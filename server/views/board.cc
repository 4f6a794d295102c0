// The rows of the board: the cohort, its localities, its initiatives in short.
#include <algorithm>
#include <map>

#include "engine/cohort/arming.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/organisations.h"
#include "server/core/seal.h"
#include "server/views/views.h"

namespace kvali::views {
namespace {

using cohort::Initiative;
using cohort::Slot;

template <class List, class One>
bool contains(const List& list, const One& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

struct Deadline {
  std::int64_t next = 0;           // µs UTC; 0: none
  std::int64_t overdue_since = 0;  // the one missed first; 0: none is
  std::string overdue_state;       // path; empty: of a task
  void due(std::int64_t at) { next = next == 0 ? at : std::min(next, at); }
  void missed(std::int64_t at, const std::string& state) {
    if (overdue_since != 0 && overdue_since <= at) return;
    overdue_since = at;
    overdue_state = state;
  }
};

/// Deadlines that are armed in `instance`.
void look_at(const cohort::Instance& instance, const statechart::Chart& chart, Deadline& found) {
  for (const cohort::Timer& timer : instance.timers)
    if (chart.node(timer.state).timers(static_cast<int>(timer.timer)).name() == "deadline") found.due(timer.due);
}

/// A deadline that has passed and only told somebody leaves no timer: the state is overdue until it is left.
void look_at_missed(const cohort::Cohort& cohort, const Initiative& initiative, std::int64_t now, Deadline& found) {
  const statechart::Chart& chart = initiative.model->chart();
  for (const auto& [state, since] : initiative.at.since) {
    const v1::Node& node = chart.node(state);
    for (int i = 0; i < node.timers_size(); ++i) {
      if (node.timers(i).name() != "deadline") continue;
      const bool armed = std::any_of(initiative.at.timers.begin(), initiative.at.timers.end(), [&](const cohort::Timer& one) {
        return one.state == state && one.timer == static_cast<std::uint32_t>(i) && one.due > now;
      });
      if (armed) continue;
      for (const cohort::Timer& timer : cohort::timers_on_entry(cohort, initiative, nullptr, initiative.model->machine(), state, since, since, nullptr)) {
        if (timer.timer != static_cast<std::uint32_t>(i)) continue;
        found.due(timer.due);
        found.missed(timer.due, chart.path(state));
      }
    }
  }
}

/// The next deadline, past ones too: of the initiative's own states and of what is open inside it.
Deadline deadline(const cohort::Cohort& cohort, const Initiative& initiative, std::int64_t now) {
  Deadline found;
  if (initiative.ended()) return found;
  look_at(initiative.at, initiative.model->chart(), found);
  for (const cohort::Task& task : initiative.tasks) {
    if (task.finished) continue;
    const statechart::Chart& chart = *initiative.model->task(task.kind)->chart;
    look_at(task.at, chart, found);
    for (const auto& [state, since] : task.at.since)
      if (chart.node(state).name() == "overdue") found.missed(since, "");
  }
  look_at_missed(cohort, initiative, now, found);
  return found;
}

/// Whether an initiative in `state` was offered its place and has not accepted yet: it got there by a place that was freed or by a
/// decision, and its applicant is waited for.
bool is_offer(const cohort::Model& model, const cohort::QuotaModel& quota, statechart::StateId state) {
  const statechart::Chart& chart = model.chart();
  if (!quota.holds[state] || !chart.is_atomic(state) || !contains(chart.node(state).waits_for(), model.applicant_role())) return false;
  for (statechart::ArrowId id = 0; id < chart.arrow_count(); ++id) {
    const v1::Arrow& arrow = chart.arrow(id);
    if ((arrow.freed() == quota.quota->name() || arrow.move().held()) && contains(arrow.targets(), state)) return true;
  }
  return false;
}

template <class SeesGate>
void count_tasks(const Initiative& initiative, bool with_reviews, SeesGate sees_gate, v1::InitiativeRow& row) {
  for (const cohort::TaskModel& kind : initiative.model->tasks()) {
    if (kind.kind->has_review() && !with_reviews) continue;
    if (kind.is_gate() && !sees_gate(kind)) continue;
    v1::TaskCount count;
    count.set_kind(kind.kind->name());
    for (const cohort::Task& task : initiative.tasks) {
      if (task.kind != kind.kind->name()) continue;
      if (task.finished)
        count.set_done(count.done() + 1);
      else
        count.set_open(count.open() + 1);
      for (const statechart::StateId state : task.at.where.active)
        if (kind.chart->node(state).name() == "overdue") count.set_overdue(count.overdue() + 1);
    }
    if (count.done() + count.open() > 0) *row.add_tasks() = std::move(count);
  }
}

}  // namespace

Views::Views(core::Core& core, const cohort::Cohort& cohort, std::string person, std::int64_t now_us)
    : core_(core), cohort_(cohort), world_(core.store().world()), viewer_{std::move(person), cohort::instant_in(cohort, now_us)} {}

bool Views::sees(const std::string& id) const {
  const auto slot = cohort_.find(id);
  return slot && cohort::may(cohort_, world_, viewer_, cohort::Action::Know, &cohort_.initiatives[*slot]);
}

std::string key_of(const Initiative& one) { return (one.kind().empty() ? "initiative/" : "subject/") + one.id; }

std::vector<std::string> Views::board_keys() const {
  std::vector<std::string> keys;
  if (!cohort::may(cohort_, world_, viewer_, cohort::Action::SeeCohort)) return keys;
  keys.emplace_back("cohort");
  for (const v1::LocalityEntry& one : cohort_.localities) keys.push_back("locality/" + one.id());
  for (const Initiative& one : cohort_.initiatives)
    if (cohort::may(cohort_, world_, viewer_, cohort::Action::Know, &one)) keys.push_back(key_of(one));
  return keys;
}

std::optional<v1::Row> Views::row(const std::string& key) const {
  if (!cohort::may(cohort_, world_, viewer_, cohort::Action::SeeCohort)) return std::nullopt;
  v1::Row row;
  row.set_key(key);
  if (key == "cohort") {
    *row.mutable_cohort() = head();
    return row;
  }
  const std::size_t slash = key.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string kind = key.substr(0, slash), id = key.substr(slash + 1);
  if (kind == "locality") {
    const v1::LocalityEntry* entry = cohort_.locality(id);
    if (!entry) return std::nullopt;
    *row.mutable_locality() = locality(*entry);
    return row;
  }
  const auto slot = cohort_.find(id);
  if (!slot || !sees(id) || key_of(cohort_.initiatives[*slot]) != key) return std::nullopt;
  *(kind == "subject" ? row.mutable_subject() : row.mutable_initiative()) = initiative(*slot);
  row.set_version(version(*slot));
  return row;
}

bool Views::sees(const Initiative& one, const cohort::Happening& happening) const {
  // What is held back until it is published, and who reviews what, is the manager's, and its author's.
  if (!cohort::may(cohort_, world_, viewer_, cohort::Action::See, &one)) return false;
  const cohort::TaskModel* kind = happening.task.empty() ? nullptr : one.model->task(happening.task.substr(0, happening.task.find('/')));
  if (kind && kind->is_gate() && happening.actor != viewer_.person) {
    const v1::Body* body = kind->is_vote() && happening.kind == "voted" ? cohort_.model->body(kind->kind->gate().body()) : nullptr;
    if (!sees_gate(one, *kind) || (body && body->secret())) return false;
  }
  const bool inner = happening.kind == "held" || happening.kind == "dropped" || happening.kind == "guard_failed" ||
                     happening.kind == "migration_parked" || happening.kind.starts_with("exception_") || happening.kind.starts_with("read") ||
                     happening.kind.starts_with("waiver_") || (kind && kind->kind->has_review());
  // Facts of an organisation are its members' to know; who carries an initiative is hidden where its organisation is.
  if (happening.kind == "facts") return cohort::may_know_facts(cohort_, world_, viewer_, one.organisation);
  if (happening.kind == "partners") return sees_organisation(one);
  return !inner || happening.actor == viewer_.person || manages(one);
}

bool Views::sees_organisation(const Initiative& one) const {
  v1::Field organisation;  // no field of the form, and hidden from assessors like one
  organisation.set_name("organisation");
  return cohort::may_field(cohort_, world_, viewer_, cohort::Action::SeeField, one, organisation);
}

std::uint64_t Views::version(Slot slot) const {
  const Initiative& one = cohort_.initiatives[slot];
  return static_cast<std::uint64_t>(std::count_if(cohort_.happenings[slot].begin(), cohort_.happenings[slot].end(),
                                                  [&](const cohort::Happening& happening) { return sees(one, happening); }));
}

v1::PersonRef Views::person(const std::string& id, const std::string& role) const {
  v1::PersonRef ref;
  ref.set_id(id);
  ref.set_role(role);
  if (const directory::Person* known = world_.directory.person(id)) ref.set_name(core::open(known->name, core_.vault()));
  return ref;
}

std::string Views::text(const v1::Value& value) const {
  const v1::Value clear = core::opened(value, core_.vault());
  return clear.text();
}

void Views::add_lanes(v1::CohortRow& row) const {
  const statechart::Chart& chart = cohort_.model->chart();
  std::vector<std::uint32_t> counts(chart.state_count(), 0);
  std::map<std::string, v1::Lane> others;  // by path: where those stand that have not gone over, and the cohort's version has nothing
  for (const Initiative& one : cohort_.initiatives) {
    if (!one.kind().empty() || !cohort::may(cohort_, world_, viewer_, cohort::Action::See, &one)) continue;
    for (const statechart::StateId state : places(one)) {
      const std::string& path = one.model->chart().path(state);
      const auto here = one.model == cohort_.model ? std::optional(state) : chart.find(path);
      if (here && chart.is_atomic(*here)) {
        ++counts[*here];
        continue;
      }
      v1::Lane& lane = others.try_emplace(path, lane_of(*one.model, state)).first->second;
      lane.set_count(lane.count() + 1);
    }
    row.set_initiatives(row.initiatives() + 1);
    if (deadline(cohort_, one, viewer_.now).overdue_since != 0) row.set_overdue(row.overdue() + 1);
    if (one.held && manages(one)) row.set_held_decisions(row.held_decisions() + 1);
  }
  for (statechart::StateId state = 1; state < chart.state_count(); ++state) {
    if (!is_lane(chart, state)) continue;
    v1::Lane lane = lane_of(*cohort_.model, state);
    lane.set_count(counts[state]);
    *row.add_lanes() = std::move(lane);
  }
  for (auto& [path, lane] : others) *row.add_lanes() = std::move(lane);
}

void Views::add_checklist(v1::CohortRow& row) const {
  if (!cohort::may(cohort_, world_, viewer_, cohort::Action::Manage)) return;
  for (const v1::Checklist& line : cohort_.model->program().cohort().must_hold()) {
    if (line.of() != v1::Checklist::EACH_LOCALITY) continue;
    for (const v1::LocalityEntry& entry : cohort_.localities) {
      // A line is about the people of a locality: looked at through an initiative that stands there.
      Initiative there;
      there.model = cohort_.model;
      v1::Value value;
      value.set_text(entry.id());
      there.fields.push_back({cohort_.model->locality_field(), value, 1});
      if (cohort::Facts(cohort_, &there, nullptr, viewer_.now).holds(cohort_.model->expression(line.when())).holds) continue;
      v1::ChecklistLine& made = *row.add_checklist();
      made.set_before(line.before());
      made.set_locality(entry.id());
      *made.mutable_why() = line.why();
    }
  }
}

void Views::add_migration(v1::CohortRow& row) const {
  const cohort::Migration& last = cohort_.migration;
  if (last.id.empty() || !cohort::may(cohort_, world_, viewer_, cohort::Action::Manage)) return;
  v1::MigrationState& made = *row.mutable_migration();
  made.set_migration(last.id);
  made.set_version(last.version);
  made.set_running(last.running());
  made.set_paused(last.paused && !last.ended);
  made.set_undone(last.undone);
  made.set_initiatives(last.initiatives);
  made.set_parked(static_cast<std::uint32_t>(std::count_if(last.parked.begin(), last.parked.end(), [&](const auto& one) { return !is_kept_from(one.first); })));
  for (Slot slot = 0; slot < cohort_.initiatives.size(); ++slot)
    if (cohort_.initiatives[slot].migration == last.id && !is_kept_from(slot)) made.set_moved(made.moved() + 1);
}

v1::CohortRow Views::head() const {
  v1::CohortRow row;
  row.set_id(cohort_.id);
  row.set_title(cohort_.title);
  row.set_program(cohort_.model->name());
  *row.mutable_program_title() = cohort_.model->program().title();
  row.set_program_version(cohort_.model->version());
  for (const v1::NamedValue& one : cohort_.parameters) *row.add_parameters() = one;
  for (const v1::Field& field : cohort_.model->program().cohort().parameters()) *row.add_parameter_labels() = view_of(field);
  row.set_rehearsal(cohort_.rehearsal);
  row.set_now_us(cohort_.rehearsal ? cohort_.clock : 0);
  for (const std::string& language : cohort_.model->program().languages()) row.add_languages(language);
  for (const v1::Role& role : cohort_.model->program().roles()) {
    v1::RoleLabel& label = *row.add_roles();
    label.set_role(role.name());
    *label.mutable_label() = role.label();
    label.set_scope(role.scope());
  }
  for (std::string& role : roles()) row.add_my_roles(std::move(role));
  add_lanes(row);
  add_subjects(row);
  add_checklist(row);
  add_migration(row);
  add_bodies(row);
  add_reviews(row);
  if (works_here())
    for (const cohort::Assignment& one : cohort_.assignments) {
      if (one.ended || one.initiative.empty() || viewer_.now >= one.until) continue;
      const auto slot = cohort_.find(one.initiative);
      if (!slot || !cohort::may(cohort_, world_, viewer_, cohort::Action::See, &cohort_.initiatives[*slot])) continue;
      v1::Entrusted& made = *row.add_entrusted();
      made.set_initiative(one.initiative);
      *made.mutable_person() = person(one.person, one.role);
    }
  row.set_zone(cohort_.zone.name);
  row.set_offset_s(calendar::offset_at(cohort_.zone, viewer_.now));
  v1::FormView& own = *row.add_forms();
  own.set_name("initiative");
  for (const v1::Field& field : cohort_.model->program().initiative().fields()) *own.add_fields() = view_of(field);
  *own.mutable_sections() = cohort_.model->program().initiative().sections();
  for (const cohort::TaskModel& kind : cohort_.model->tasks()) {
    v1::FormView& form = *row.add_forms();
    form.set_name(kind.kind->name());
    *form.mutable_label() = kind.kind->label();
    for (const v1::Field& field : kind.kind->fields()) *form.add_fields() = view_of(field, kind);
  }
  return row;
}

std::uint32_t Views::taken(const cohort::QuotaModel& quota, const std::string& by) const {
  const auto found = cohort_.taken.find({quota.quota->name(), by});
  std::uint32_t count = found == cohort_.taken.end() ? 0 : found->second;
  for (const Slot slot : kept_from())
    for (const auto& [name, place] : cohort_.initiatives[slot].places)
      if (name == quota.quota->name() && place == by && count > 0) --count;
  if (cohort::may(cohort_, world_, viewer_, cohort::Action::Manage)) return count;
  // A place that a held decision claims is not known before decisions are published.
  for (const Slot slot : cohort_.held)
    if (const Initiative& one = cohort_.initiatives[slot]; !is_kept_from(slot))
      for (const auto& [name, place] : one.held->places)
        if (name == quota.quota->name() && place == by && count > 0) --count;
  return count;
}

std::uint32_t Views::held(const cohort::QuotaModel& quota, const std::string& locality) const {
  const auto found = cohort_.by_locality.find(locality);
  if (found == cohort_.by_locality.end()) return 0;
  const bool manages = cohort::may(cohort_, world_, viewer_, cohort::Action::Manage);
  return static_cast<std::uint32_t>(std::count_if(found->second.begin(), found->second.end(), [&](Slot slot) {
    const Initiative& one = cohort_.initiatives[slot];
    if (one.ended() || is_kept_from(slot)) return false;
    if (manages && one.held && contains(one.held->places, std::pair(quota.quota->name(), locality))) return true;
    const cohort::QuotaModel* of_its_version = one.model->quota(quota.quota->name());
    return of_its_version && std::any_of(one.at.where.active.begin(), one.at.where.active.end(),
                                         [&](statechart::StateId state) { return is_offer(*one.model, *of_its_version, state); });
  }));
}

bool Views::works_here() const {
  const std::vector<std::string> held = roles();
  return std::any_of(held.begin(), held.end(), [&](const std::string& role) { return role != cohort_.model->applicant_role(); });
}

v1::LocalityRow Views::locality(const v1::LocalityEntry& entry) const {
  v1::LocalityRow row;
  row.set_id(entry.id());
  row.set_name(entry.name());
  // Who only applies sees the places there are; who works here sees how they fill.
  const bool inside = works_here();
  for (const cohort::QuotaModel& quota : cohort_.model->quotas()) {
    if (quota.by_field != cohort_.model->locality_field()) continue;
    row.set_places(cohort_.places(*quota.quota, entry.id()));
    if (!inside) break;
    row.set_taken(taken(quota, entry.id()));
    row.set_held(held(quota, entry.id()));
    cohort::Sketch sketch(cohort_, world_, viewer_.now, viewer_.person);
    const std::vector<Slot> line = cohort::waiting(sketch, quota.quota->name(), entry.id());
    row.set_waiting(static_cast<std::uint32_t>(std::count_if(line.begin(), line.end(), [&](Slot slot) { return !is_kept_from(slot); })));
    break;
  }
  if (!inside) return row;
  if (const auto found = cohort_.by_locality.find(entry.id()); found != cohort_.by_locality.end())
    row.set_initiatives(static_cast<std::uint32_t>(std::count_if(found->second.begin(), found->second.end(), [&](Slot slot) { return !is_kept_from(slot); })));
  for (const cohort::Assignment& one : cohort_.assignments)
    if (!one.ended && one.locality == entry.id() && viewer_.now < one.until) *row.add_people() = person(one.person, one.role);
  return row;
}

std::uint32_t Views::rank(Slot slot) const {
  const Initiative& initiative = cohort_.initiatives[slot];
  const statechart::Chart& chart = initiative.model->chart();
  for (const statechart::StateId state : initiative.at.where.active)
    for (const statechart::ArrowId arrow : chart.arrows_of(state)) {
      if (chart.arrow(arrow).freed().empty()) continue;
      cohort::Sketch sketch(cohort_, world_, viewer_.now, viewer_.person);
      std::vector<Slot> line = cohort::waiting(sketch, chart.arrow(arrow).freed(), cohort::locality_of(initiative));
      std::erase_if(line, [&](Slot one) { return is_kept_from(one); });
      const auto at = std::find(line.begin(), line.end(), slot);
      if (at != line.end()) return static_cast<std::uint32_t>(at - line.begin()) + 1;
    }
  return 0;
}

v1::InitiativeRow Views::initiative(Slot slot) const {
  const Initiative& one = cohort_.initiatives[slot];
  if (auto row = title_alone(one)) return *std::move(row);
  v1::InitiativeRow row;
  row.set_id(one.id);
  if (!is_blind_to(one, one.model->title_field())) row.set_title(core::title_of(cohort_, one, core_.vault()));
  row.set_subject(one.kind());
  if (!is_blind_to(one, one.model->locality_field())) row.set_locality(cohort::locality_of(one));
  if (const directory::Organisation* known = world_.directory.organisation(one.organisation); known && sees_organisation(one)) row.set_organisation(known->name);
  const bool manages = this->manages(one);
  const std::vector<std::string> mine = cohort::roles_for(cohort_, world_, viewer_, one);
  const auto wait_for = [&](const statechart::Chart& chart, const std::vector<statechart::StateId>& active) {
    for (const statechart::StateId state : active)
      for (const std::string& role : chart.node(state).waits_for()) {
        if (!contains(row.waits_for(), role)) row.add_waits_for(role);
        row.set_mine(row.mine() || contains(mine, role));
      }
  };
  const auto wait_for_other = [&](const cohort::Task& task, const cohort::TaskModel& kind) {
    for (const std::string& role : kind.kind->agreed_by())
      if (role != task.role && !contains(row.waits_for(), role)) row.add_waits_for(role);
    row.set_mine(row.mine() || cohort::may_agree(cohort_, world_, viewer_, one, task));
  };
  wait_for(one.model->chart(), one.at.where.active);
  for (const cohort::Task& task : one.tasks) {
    const cohort::TaskModel& kind = *one.model->task(task.kind);
    if (kind.is_gate()) continue;
    if (task.finished || (kind.kind->has_review() && !manages)) continue;
    // An entry that was proposed waits for the other party alone.
    if (cohort::state_of_entry(task, kind) != "proposed") wait_for(*kind.chart, task.at.where.active);
    else wait_for_other(task, kind);
  }
  // Who has agreed waits for the others; who has not is asked.
  for (const cohort::Task& task : one.tasks) {
    const cohort::TaskModel& kind = *one.model->task(task.kind);
    if (!kind.is_gate() || task.finished) continue;
    if (task.by == viewer_.person) row.set_mine(false);
    if (may_answer(one, task)) row.set_mine(true);
  }
  for (const statechart::StateId state : places(one)) {
    row.add_states(one.model->chart().path(state));
    for (const auto& [entered, since] : one.at.since)
      if (entered == state) row.set_since_us(std::max<std::int64_t>(row.since_us(), since));
  }
  const Deadline due = deadline(cohort_, one, viewer_.now);
  row.set_due_us(due.next);
  row.set_overdue(due.overdue_since != 0);
  row.set_overdue_since_us(due.overdue_since);
  row.set_overdue_state(due.overdue_state);
  row.set_end(one.end);
  row.set_rank(one.ended() ? 0 : rank(slot));
  if (one.held && manages) {
    row.set_held(one.held->move);
    row.set_mine(false);  // decided already: nothing waits for her until decisions are published
    *row.mutable_held_label() = one.model->chart().arrow(one.held->arrow).move().label();
  }
  if (!one.applicant.empty() && !is_blind_to(one, "applicant")) *row.add_applicants() = person(one.applicant, cohort_.model->applicant_role());
  add_results(one, row);
  count_tasks(one, manages, [&](const cohort::TaskModel& kind) { return sees_gate(one, kind); }, row);
  row.set_blocked(std::any_of(one.at.timers.begin(), one.at.timers.end(), [](const cohort::Timer& timer) { return timer.blocked; }));
  row.set_initiative_version(one.version);
  for (const cohort::Happening& happening : cohort_.happenings[slot]) {
    if (sees(one, happening)) row.set_last_activity_us(happening.at);
    const cohort::QuotaModel* met = row.blocked() && happening.kind == "blocked" ? one.model->quota(happening.what) : nullptr;
    if (met) *row.mutable_blocked_why() = met->quota->why();
  }
  row.set_exception_proposed(one.proposal.has_value() && manages);
  if (one.ended()) {
    row.clear_waits_for();
    row.set_mine(false);
  }
  return row;
}

}  // namespace kvali::views
