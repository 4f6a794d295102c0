// Each struct of state.h has a pair here, keep() and restore(). Both take it apart by all of its members: whoever adds one
// finds that it does not compile until it is kept, or named here as what can be made again.
#include "engine/cohort/keep.h"

#include <optional>
#include <utility>

#include "engine/cohort/keep_review.h"
#include "engine/cohort/zone_table.h"

namespace kvali::cohort {
namespace {

// --- lists, and what is listed

using cohort::keep;
using cohort::restore;

using Place = std::pair<std::string, std::string>;
void keep(const Place&, v1::KeptPlace&);
void keep(const Timer&, v1::KeptTimer&);
void keep(const FieldState&, v1::KeptField&);
void keep(const Task&, v1::KeptTask&);
void keep(const Assignment&, v1::KeptAssignment&);
void keep(const Extension&, v1::KeptExtension&);
void keep(const Voice&, v1::KeptBallot&);
void keep(const Term&, v1::KeptTerm&);
void keep(const Bulk&, v1::KeptBulk&);
void restore(const v1::KeptBallot&, Voice&);
void restore(const v1::KeptTerm&, Term&);
void restore(const v1::KeptBulk&, Bulk&);
void restore(const v1::KeptPlace&, Place&);
void restore(const v1::KeptTimer&, Timer&);
void restore(const v1::KeptField&, FieldState&);
void restore(const v1::KeptTask&, Task&);
void restore(const v1::KeptAssignment&, Assignment&);
void restore(const v1::KeptExtension&, Extension&);

template <class Kept>
using Repeated = google::protobuf::RepeatedPtrField<Kept>;

template <class List, class Kept>
void keep_each(const List& live, Repeated<Kept>& kept) {
  kept.Reserve(static_cast<int>(live.size()));
  for (const auto& one : live) keep(one, *kept.Add());
}

template <class List, class Kept>
void restore_each(const Repeated<Kept>& kept, List& live) {
  for (const Kept& one : kept) restore(one, live.emplace_back());
}

void keep(const Place& live, v1::KeptPlace& kept) {
  const auto& [quota, by] = live;
  kept.set_quota(quota);
  kept.set_by(by);
}

void restore(const v1::KeptPlace& kept, Place& live) {
  auto& [quota, by] = live;
  quota = kept.quota();
  by = kept.by();
}

// --- one running machine

void keep(const Timer& live, v1::KeptTimer& kept) {
  const auto& [state, timer, due, planned, fired, blocked] = live;
  kept.set_state(state);
  kept.set_timer(timer);
  kept.set_due_us(due);
  kept.set_planned_us(planned);
  kept.set_fired(fired);
  kept.set_blocked(blocked);
}

void restore(const v1::KeptTimer& kept, Timer& live) {
  auto& [state, timer, due, planned, fired, blocked] = live;
  state = kept.state();
  timer = kept.timer();
  due = kept.due_us();
  planned = kept.planned_us();
  fired = kept.fired();
  blocked = kept.blocked();
}

void keep(const Instance& live, v1::KeptInstance& kept) {
  const auto& [where, since, timers, remaining, failed] = live;
  const auto& [active, history, done] = where;
  kept.mutable_active()->Add(active.begin(), active.end());
  for (const auto& [state, states] : history) {
    v1::KeptHistory& one = *kept.add_histories();
    one.set_history(state);
    one.mutable_states()->Add(states.begin(), states.end());
  }
  kept.set_done(done);
  for (const auto& [state, entered] : since) {
    v1::KeptSince& one = *kept.add_since();
    one.set_state(state);
    one.set_entered_us(entered);
  }
  keep_each(timers, *kept.mutable_timers());
  for (const auto& [state, left] : remaining) {
    v1::KeptRemaining& one = *kept.add_remaining();
    one.set_history(state);
    keep_each(left, *one.mutable_timers());
  }
  kept.mutable_failed()->Add(failed.begin(), failed.end());
}

void restore(const v1::KeptInstance& kept, Instance& live) {
  auto& [where, since, timers, remaining, failed] = live;
  auto& [active, history, done] = where;
  active.assign(kept.active().begin(), kept.active().end());
  for (const v1::KeptHistory& one : kept.histories())
    history.emplace_back(one.history(), std::vector<statechart::StateId>(one.states().begin(), one.states().end()));
  done = kept.done();
  for (const v1::KeptSince& one : kept.since()) since.emplace_back(one.state(), one.entered_us());
  restore_each(kept.timers(), timers);
  for (const v1::KeptRemaining& one : kept.remaining()) restore_each(one.timers(), remaining.emplace_back(one.history(), std::vector<Timer>()).second);
  failed.assign(kept.failed().begin(), kept.failed().end());
}

void keep(const FieldState& live, v1::KeptField& kept) {
  const auto& [name, value, version] = live;
  kept.set_name(name);
  *kept.mutable_value() = value;
  kept.set_version(version);
}

void restore(const v1::KeptField& kept, FieldState& live) {
  auto& [name, value, version] = live;
  name = kept.name();
  value = kept.value();
  version = kept.version();
}

void keep(const Task& live, v1::KeptTask& kept) {
  const auto& [key, kind, number, planned, by, opened_at, at, fields, finished, role, reason, ballots, read_in, due, on_behalf_of] = live;
  kept.set_task(key);
  kept.set_kind(kind);
  kept.set_number(number);
  kept.set_planned_us(planned);
  kept.set_by(by);
  kept.set_opened_us(opened_at);
  keep(at, *kept.mutable_at());
  keep_each(fields, *kept.mutable_fields());
  kept.set_finished(finished);
  kept.set_role(role);
  if (reason.kind_case() != v1::Value::KIND_NOT_SET) *kept.mutable_reason() = reason;
  keep_each(ballots, *kept.mutable_ballots());
  kept.set_read_in(read_in);
  kept.set_due_us(due);
  kept.set_on_behalf_of(on_behalf_of);
}

void restore(const v1::KeptTask& kept, Task& live) {
  auto& [key, kind, number, planned, by, opened_at, at, fields, finished, role, reason, ballots, read_in, due, on_behalf_of] = live;
  key = kept.task();
  kind = kept.kind();
  number = kept.number();
  planned = kept.planned_us();
  by = kept.by();
  opened_at = kept.opened_us();
  restore(kept.at(), at);
  if (kept.fields_size() > 0) restore_each(kept.fields(), fields.change());
  finished = kept.finished();
  role = kept.role();
  reason = kept.reason();
  restore_each(kept.ballots(), ballots);
  read_in = kept.read_in();
  due = kept.due_us();
  on_behalf_of = kept.on_behalf_of();
}

void keep(const Voice& live, v1::KeptBallot& kept) {
  const auto& [person, choice] = live;
  kept.set_person(person);
  kept.set_choice(choice);
}

void restore(const v1::KeptBallot& kept, Voice& live) {
  auto& [person, choice] = live;
  person = kept.person();
  choice = kept.choice();
}

// --- what may wait at an initiative

void keep(const HeldDecision& live, v1::KeptDecision& kept) {
  const auto& [arrow, move, reason, by, places, sequence] = live;
  kept.set_arrow(arrow);
  kept.set_move(move);
  *kept.mutable_reason() = reason;
  kept.set_by(by);
  keep_each(places, *kept.mutable_places());
  kept.set_sequence(sequence);
}

void restore(const v1::KeptDecision& kept, HeldDecision& live) {
  auto& [arrow, move, reason, by, places, sequence] = live;
  arrow = kept.arrow();
  move = kept.move();
  reason = kept.reason();
  by = kept.by();
  restore_each(kept.places(), places);
  sequence = kept.sequence();
}

void keep(const Proposal& live, v1::KeptProposal& kept) {
  const auto& [to, by, reason] = live;
  kept.set_to(to);
  kept.set_by(by);
  *kept.mutable_reason() = reason;
}

void restore(const v1::KeptProposal& kept, Proposal& live) {
  auto& [to, by, reason] = live;
  to = kept.to();
  by = kept.by();
  reason = kept.reason();
}

// --- a way over to another version

void keep(const Migration& live, v1::KeptMigration& kept) {
  const auto& [id, version, from, plan, initiatives, seen, next, paused, ended, undone, parked] = live;
  kept.set_migration(id);
  kept.set_version(version);
  kept.set_from(from);
  *kept.mutable_plan() = plan;
  kept.set_initiatives(initiatives);
  kept.mutable_seen()->Add(seen.begin(), seen.end());
  kept.set_next(next);
  kept.set_paused(paused);
  kept.set_ended(ended);
  kept.set_undone(undone);
  for (const auto& [slot, waits] : parked) {
    v1::KeptParked& one = *kept.add_parked();
    one.set_slot(slot);
    one.set_why(waits.why);
    for (const auto& [mark, word] : waits.words) {
      one.add_words()->set_mark(mark);
      one.mutable_words()->rbegin()->set_word(word);
    }
  }
}

void restore(const v1::KeptMigration& kept, Migration& live) {
  auto& [id, version, from, plan, initiatives, seen, next, paused, ended, undone, parked] = live;
  id = kept.migration();
  version = kept.version();
  from = kept.from();
  plan = kept.plan();
  initiatives = kept.initiatives();
  seen.assign(kept.seen().begin(), kept.seen().end());
  next = kept.next();
  paused = kept.paused();
  ended = kept.ended();
  undone = kept.undone();
  for (const v1::KeptParked& one : kept.parked()) {
    Parked& waits = parked[one.slot()];
    waits.why = one.why();
    for (const v1::ParkedWord& word : one.words()) waits.words.emplace_back(word.mark(), word.word());
  }
}

// --- what a cohort lists

void keep(const Assignment& live, v1::KeptAssignment& kept) {
  const auto& [id, person, role, locality, initiative, substitute_for, load_max, until, ended] = live;
  kept.set_assignment(id);
  kept.set_person(person);
  kept.set_role(role);
  kept.set_locality(locality);
  kept.set_initiative(initiative);
  kept.set_substitute_for(substitute_for);
  kept.set_load_max(load_max);
  kept.set_until_us(until);
  kept.set_ended(ended);
}

void restore(const v1::KeptAssignment& kept, Assignment& live) {
  auto& [id, person, role, locality, initiative, substitute_for, load_max, until, ended] = live;
  id = kept.assignment();
  person = kept.person();
  role = kept.role();
  locality = kept.locality();
  initiative = kept.initiative();
  substitute_for = kept.substitute_for();
  load_max = kept.load_max();
  until = kept.until_us();
  ended = kept.ended();
}

void keep(const Term& live, v1::KeptTerm& kept) {
  const auto& [body, number, from, until, notices] = live;
  kept.set_body(body);
  kept.set_number(number);
  kept.set_from_us(from);
  kept.set_until_us(until);
  kept.mutable_notices_us()->Add(notices.begin(), notices.end());
}

void restore(const v1::KeptTerm& kept, Term& live) {
  auto& [body, number, from, until, notices] = live;
  body = kept.body();
  number = kept.number();
  from = kept.from_us();
  until = kept.until_us();
  notices.assign(kept.notices_us().begin(), kept.notices_us().end());
}

void keep(const Bulk& live, v1::KeptBulk& kept) {
  const auto& [id, move, by, undo_until, slots] = live;
  kept.set_bulk(id);
  kept.set_move(move);
  kept.set_by(by);
  kept.set_undo_until_us(undo_until);
  kept.mutable_slots()->Add(slots.begin(), slots.end());
}

void restore(const v1::KeptBulk& kept, Bulk& live) {
  auto& [id, move, by, undo_until, slots] = live;
  id = kept.bulk();
  move = kept.move();
  by = kept.by();
  undo_until = kept.undo_until_us();
  slots.assign(kept.slots().begin(), kept.slots().end());
}

void keep(const Extension& live, v1::KeptExtension& kept) {
  const auto& [locality, state, to] = live;
  kept.set_locality(locality);
  kept.set_state(state);
  kept.set_to_us(to);
}

void restore(const v1::KeptExtension& kept, Extension& live) {
  auto& [locality, state, to] = live;
  locality = kept.locality();
  state = kept.state();
  to = kept.to_us();
}

}  // namespace

void keep(const Initiative& live, v1::KeptInitiative& kept) {
  const auto& [id, model, organisation, applicant, at, fields, tasks, places, held, proposal, end, version, last_activity, wake_at, touches, migration, before, aside, bringers, makers, bulk, before_bulk, readings, translations] = live;
  kept.set_initiative(id);
  kept.set_version(model->version());
  kept.set_subject(model->kind());
  kept.set_organisation(organisation);
  kept.set_applicant(applicant);
  keep(at, *kept.mutable_at());
  keep_each(fields, *kept.mutable_fields());
  keep_each(tasks, *kept.mutable_tasks());
  keep_each(places, *kept.mutable_places());
  if (held) keep(*held, *kept.mutable_held());
  if (proposal) keep(*proposal, *kept.mutable_proposal());
  kept.set_end(end);
  kept.set_changes(version);
  kept.set_last_activity_us(last_activity);
  kept.set_wake_us(wake_at);
  kept.set_touches(touches);
  kept.set_migration(migration);
  if (before) keep(*before, *kept.mutable_before());
  keep_each(aside, *kept.mutable_aside());
  if (bringers) *kept.mutable_bringers() = *bringers;
  for (const auto& [what, person] : makers) {
    v1::KeptMaker& one = *kept.add_makers();
    one.set_what(what);
    one.set_person(person);
  }
  kept.set_bulk(bulk);
  if (before_bulk) keep(*before_bulk, *kept.mutable_before_bulk());
  keep_each(readings, *kept.mutable_readings());
  keep_each(translations, *kept.mutable_translations());
}

void restore(const v1::KeptInitiative& kept, Initiative& live) {
  auto& [id, model, organisation, applicant, at, fields, tasks, places, held, proposal, end, version, last_activity, wake_at, touches, migration, before, aside, bringers, makers, bulk, before_bulk, readings, translations] = live;
  id = kept.initiative();
  organisation = kept.organisation();
  applicant = kept.applicant();
  restore(kept.at(), at);
  if (kept.fields_size() > 0) restore_each(kept.fields(), fields.change());
  for (const v1::KeptTask& one : kept.tasks()) restore(one, tasks.add());
  restore_each(kept.places(), places);
  if (kept.has_held()) restore(kept.held(), held.emplace());
  if (kept.has_proposal()) restore(kept.proposal(), proposal.emplace());
  end = kept.end();
  version = kept.changes();
  last_activity = kept.last_activity_us();
  wake_at = kept.wake_us();
  touches = kept.touches();
  migration = kept.migration();
  if (kept.aside_size() > 0) restore_each(kept.aside(), aside.change());
  if (kept.readings_size() > 0) restore_each(kept.readings(), readings.change());
  if (kept.translations_size() > 0) restore_each(kept.translations(), translations.change());
  if (kept.has_bringers()) bringers = std::make_shared<const v1::Bringers>(kept.bringers());
  for (const v1::KeptMaker& one : kept.makers()) makers.emplace_back(one.what(), one.person());
  bulk = kept.bulk();
  // `before` and `before_bulk` have a program of their own: whoever has the library puts them back.
}

void keep(const Cohort& live, v1::KeptCohort& kept) {
  // Behind `commit`: initiatives with their happenings and the answers have rows of their own, the indexes are made again.
  const auto& [id, title, model, parameters, localities, holidays, zone, rehearsal, clock, clock_target, quotas, assignments, extensions,
               initiatives, migration, terms, minutes, bulks, conflicts, waivers, competences, sequence, effects_sent, commit, slots, taken, by_locality, subjects, applicants, entrusted,
               conflicts_of, marks, blocked, waiting, held, due, indexed, happenings, answered, stale, remembers] = live;
  kept.set_cohort(id);
  kept.set_title(title);
  kept.set_program(model->name());
  kept.set_version(model->version());
  kept.mutable_parameters()->Add(parameters.begin(), parameters.end());
  kept.mutable_localities()->Add(localities.begin(), localities.end());
  for (const calendar::Date& date : holidays) *kept.add_holidays() = date_of(date);
  *kept.mutable_time_zone() = table_of(zone);
  kept.set_rehearsal(rehearsal);
  kept.set_clock_us(clock);
  kept.set_clock_target_us(clock_target);
  kept.mutable_quotas()->Add(quotas.begin(), quotas.end());
  keep_each(assignments, *kept.mutable_assignments());
  keep_each(extensions, *kept.mutable_extensions());
  for (const auto& [place, count] : taken) {
    v1::KeptTaken& one = *kept.add_taken();
    one.set_quota(place.first);
    one.set_by(place.second);
    one.set_places(count);
  }
  kept.set_sequence(sequence);
  kept.set_effects_sent(effects_sent);
  *kept.mutable_commit() = commit;
  kept.set_initiatives(static_cast<std::uint32_t>(initiatives.size()));
  if (!migration.id.empty()) keep(migration, *kept.mutable_migration());
  keep_each(terms, *kept.mutable_terms());
  for (const auto& [body, up_to] : minutes) {
    v1::KeptMinutes& one = *kept.add_minutes();
    one.set_body(body);
    one.set_up_to(up_to);
  }
  keep_each(bulks, *kept.mutable_bulks());
  keep_each(conflicts, *kept.mutable_conflicts());
  keep_each(waivers, *kept.mutable_waivers());
  for (const auto& [person, all] : competences) {
    v1::CompetencesSet& one = *kept.add_competences();
    one.set_person(person);
    one.mutable_competences()->Add(all.begin(), all.end());
  }
}

void restore(const v1::KeptCohort& kept, Cohort& live) {
  auto& [id, title, model, parameters, localities, holidays, zone, rehearsal, clock, clock_target, quotas, assignments, extensions,
         initiatives, migration, terms, minutes, bulks, conflicts, waivers, competences, sequence, effects_sent, commit, slots, taken, by_locality, subjects, applicants, entrusted,
         conflicts_of, marks, blocked, waiting, held, due, indexed, happenings, answered, stale, remembers] = live;
  id = kept.cohort();
  title = kept.title();
  parameters.assign(kept.parameters().begin(), kept.parameters().end());
  localities.assign(kept.localities().begin(), kept.localities().end());
  for (const v1::Date& date : kept.holidays()) holidays.push_back(date_of(date));
  zone = zone_of(kept.time_zone());
  rehearsal = kept.rehearsal();
  clock = kept.clock_us();
  clock_target = kept.clock_target_us();
  quotas.assign(kept.quotas().begin(), kept.quotas().end());
  restore_each(kept.assignments(), assignments);
  restore_each(kept.extensions(), extensions);
  for (const v1::KeptTaken& one : kept.taken()) taken[{one.quota(), one.by()}] = one.places();
  sequence = kept.sequence();
  effects_sent = kept.effects_sent();
  commit = kept.commit();
  if (kept.has_migration()) restore(kept.migration(), migration);
  restore_each(kept.terms(), terms);
  for (const v1::KeptMinutes& one : kept.minutes()) minutes[one.body()] = one.up_to();
  restore_each(kept.bulks(), bulks);
  restore_each(kept.conflicts(), conflicts);
  for (std::uint32_t at = 0; at < conflicts.size(); ++at) conflicts_of[conflicts[at].person].push_back(at);
  restore_each(kept.waivers(), waivers);
  for (const v1::CompetencesSet& one : kept.competences()) competences[one.person()].assign(one.competences().begin(), one.competences().end());
}

}  // namespace kvali::cohort
