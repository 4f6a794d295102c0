// One move for many: all or none, and back again while its window is open.
#include <algorithm>
#include <set>

#include "engine/cohort/bulk.h"
#include "engine/cohort/conflict.h"
#include "engine/cohort/gate.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/ranking.h"
#include "engine/limits.h"
#include "engine/program/expression_types.h"
#include "engine/program/names.h"

namespace kvali::cohort {
namespace {

/// The initiatives that are meant: those named, or all for which the filter holds. Ended ones are met by no filter.
std::variant<std::vector<Slot>, Refusal> chosen(Case& c, const v1::BulkMove& command) {
  std::vector<Slot> slots;
  const auto too_many = [] { return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::bulk_initiatives_max)}}); };
  if (command.where().empty() && command.state().empty()) {
    if (static_cast<std::size_t>(command.initiatives_size()) > limits::bulk_initiatives_max) return too_many();
    std::set<Slot> named;
    for (const std::string& id : command.initiatives()) {
      auto found = find_initiative(c, id);
      if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
      if (!named.insert(std::get<Slot>(found)).second) return refuse(Code::Invalid, "twice");
      slots.push_back(std::get<Slot>(found));
    }
    return slots;
  }
  if (command.initiatives_size() > 0) return refuse(Code::Invalid, "filter_or_names");
  if (auto refusal = must_manage(c)) return *refusal;
  const v1::Program& program = c.cohort().model->program();
  const expression::Declarations declared = program::declared_by(program, program::Names(program));
  const auto where = expression::compile(command.where().empty() ? "true" : command.where(), &declared);
  if (!where) return refuse(Code::Invalid, "bad_filter", {{"fault", where.error().front().message}});
  for (Slot slot = 0; slot < c.cohort().initiatives.size(); ++slot) {
    const Initiative& initiative = c.cohort().initiatives[slot];
    if (initiative.ended() || !initiative.kind().empty()) continue;
    if (conflict_of(c.cohort(), c.world(), c.viewer, initiative)) continue;  // a filter would tell of it what she may not know
    if (!command.state().empty()) {
      const auto state = initiative.model->find_state(command.state());
      if (!state || !active(initiative.at, *state)) continue;
    }
    if (!Facts(c.cohort(), &initiative, nullptr, c.sketch.now()).holds(*where).holds) continue;
    if (slots.size() == limits::bulk_initiatives_max) return too_many();
    slots.push_back(slot);
  }
  for (const Slot slot : slots) fire_due(c, slot);
  if (slots.empty()) return refuse(Code::Precondition, "nobody_meant");
  return slots;
}

/// What stands against one of them, where the sketch has come to.
std::vector<Unmet> unmet_for(Case& c, Slot slot, const v1::BulkMove& command, std::optional<statechart::ArrowId>& arrow) {
  const Initiative& initiative = c.sketch.initiative(slot);
  const auto because = [](const Refusal& refusal) { return std::vector<Unmet>{{refusal.code, "", refusal.sentence, calendar::never}}; };
  if (initiative.ended()) return because(refuse_ended(initiative));
  arrow = arrow_for(c.sketch, initiative, command.move());
  if (arrow && !initiative.model->chart().arrow(*arrow).has_move()) arrow.reset();
  if (!arrow) return because(refuse(Code::Precondition, "no_move", {{"name", command.move()}}));
  std::vector<Unmet> unmet = unmet_of(c.sketch, c.bench, c.viewer, initiative, nullptr, *arrow);
  if (initiative.model->machine().arrows[*arrow].needs_reason && command.reason().sealed().size() == 0 && !command.reason().has_text())
    unmet.push_back({Code::Invalid, "reason", sentence("reason_missing"), calendar::never});
  const auto forbidden = std::find_if(unmet.begin(), unmet.end(), [](const Unmet& one) { return one.code == Code::Forbidden || one.code == Code::ConflictOfInterest; });
  if (forbidden != unmet.end()) return {*forbidden};
  return unmet;
}

Outcome make_for(Case& c, Slot slot, statechart::ArrowId arrow, const v1::Value& reason, std::vector<Freed>& freed) {
  auto gate = pass_gate(c, slot, arrow, reason);
  if (auto* refusal = std::get_if<Refusal>(&gate)) return *refusal;
  if (std::get<Gate>(gate) == Gate::Shut) return std::nullopt;
  return take_move(c.sketch, c.bench, slot, "", arrow, reason, freed);
}

/// It can be taken back: the record says how long, and what follows is part of it.
void begin_bulk(Case& c, const v1::BulkMove& command, std::size_t initiatives) {
  const Instant until = undo_until(c.cohort(), c.sketch.now());
  if (until == 0) return;
  v1::Record& record = c.sketch.draft();
  v1::BulkMoved& moved = *record.mutable_bulk_moved();
  moved.set_bulk(c.asked.fresh_id());
  moved.set_move(command.move());
  moved.set_initiatives(static_cast<std::uint32_t>(initiatives));
  moved.set_undo_until_us(until);
  c.sketch.add(record);
  c.sketch.set_bulk({c.asked.fresh_id(), until});
  c.created = c.asked.fresh_id();
}

}  // namespace

Instant undo_until(const Cohort& cohort, Instant now) {
  const std::string& window = cohort.model->program().undo_within();
  const auto period = calendar::parse_period(window);
  if (window.empty() || !period) return 0;
  return calendar::shift(cohort.zone, cohort.holidays, now, *period);
}

Outcome bulk_move(Case& c, const v1::BulkMove& command) {
  auto meant = chosen(c, command);
  if (auto* refusal = std::get_if<Refusal>(&meant)) return *refusal;
  const std::vector<Slot>& slots = std::get<std::vector<Slot>>(meant);
  begin_bulk(c, command, slots.size());
  std::vector<Freed> freed;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto at = static_cast<int>(i);
    if (at < command.if_versions_size() && command.if_versions(at) != c.sketch.initiative(slots[i]).version) return refuse(Code::ConflictVersion, "moved_on");
    std::optional<statechart::ArrowId> arrow;
    std::vector<Unmet> unmet = unmet_for(c, slots[i], command, arrow);
    if (!unmet.empty()) {
      const Unmet& first = unmet.front();
      if (first.code == Code::Forbidden || first.code == Code::ConflictOfInterest) return Refusal{first.code, first.why, {}, {}};
      return refuse_unmet(std::move(unmet));
    }
    const std::string created = c.created;
    if (auto refusal = make_for(c, slots[i], *arrow, command.reason(), freed)) return refusal;
    c.created = created;  // the whole, not the last of its parts
  }
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

std::variant<std::vector<BulkLine>, Refusal> preview_bulk(const Cohort& cohort, const World& world, const v1::Asked& asked, Bench& bench) {
  const Instant at = instant_in(cohort, asked.now_us());
  Sketch sketch(cohort, world, at, asked.actor());
  Case c{asked, sketch, bench, Viewer{asked.actor(), at}, {}};
  const v1::BulkMove& command = asked.command().bulk_move();
  auto meant = chosen(c, command);
  if (auto* refusal = std::get_if<Refusal>(&meant)) return *refusal;
  std::vector<BulkLine> lines;
  std::vector<Freed> freed;
  for (const Slot slot : std::get<std::vector<Slot>>(meant)) {
    BulkLine& line = lines.emplace_back();
    line.slot = slot;
    std::optional<statechart::ArrowId> arrow;
    line.unmet = unmet_for(c, slot, command, arrow);
    if (arrow && c.sketch.initiative(slot).model->chart().arrow(*arrow).targets_size() > 0) line.to = c.sketch.initiative(slot).model->chart().arrow(*arrow).targets(0);
    if (!line.unmet.empty()) continue;
    if (auto refusal = make_for(c, slot, *arrow, command.reason(), freed)) {
      line.unmet = refusal->unmet;
      if (line.unmet.empty()) line.unmet.push_back({refusal->code, "", refusal->sentence, calendar::never});
      continue;
    }
    line.possible = true;
  }
  return lines;
}

Outcome undo_bulk(Case& c, const v1::UndoBulk& command) {
  const auto bulk = std::find_if(c.cohort().bulks.begin(), c.cohort().bulks.end(), [&](const Bulk& one) { return one.id == command.bulk(); });
  const bool known = bulk != c.cohort().bulks.end();
  if (!known || (bulk->by != c.asked.actor() && !may(c.cohort(), c.world(), c.viewer, Action::Manage))) return refuse(Code::NotFound, "no_bulk");
  if (c.sketch.now() >= bulk->undo_until) return refuse(Code::DeadlinePassed, "undo_over");
  for (const Slot slot : bulk->slots) {
    const Initiative& initiative = c.cohort().initiatives[slot];
    if (initiative.bulk != bulk->id || !initiative.before_bulk) return refuse(Code::ConflictVersion, "moved_on");
  }
  v1::Record& record = c.sketch.draft();
  record.mutable_bulk_undone()->set_bulk(bulk->id);
  record.mutable_bulk_undone()->set_reason(command.reason());
  c.sketch.add(record);
  struct Back {
    Slot slot;
    std::vector<v1::PlaceChange> given, taken;
  };
  std::vector<Back> back;
  for (const Slot slot : bulk->slots) {
    const Initiative& now = c.cohort().initiatives[slot];
    const auto& was = now.before_bulk->places;
    Back& one = back.emplace_back(Back{slot, {}, {}});
    const auto change = [](const std::pair<std::string, std::string>& place, bool taken) {
      v1::PlaceChange made;
      made.set_quota(place.first);
      made.set_by(place.second);
      made.set_taken(taken);
      return made;
    };
    for (const auto& place : now.places)
      if (std::find(was.begin(), was.end(), place) == was.end()) one.given.push_back(change(place, false));
    for (const auto& place : was)
      if (std::find(now.places.begin(), now.places.end(), place) == now.places.end()) one.taken.push_back(change(place, true));
  }
  std::stable_sort(back.begin(), back.end(), [](const Back& a, const Back& b) { return a.taken.size() < b.taken.size(); });  // who only gives back is first
  std::vector<Freed> freed;
  for (const Back& one : back) {
    const Initiative& now = c.cohort().initiatives[one.slot];
    google::protobuf::RepeatedField<std::uint32_t> left;
    for (const std::uint32_t state : now.at.where.active)
      if (!active(now.before_bulk->at, state)) left.Add(state);
    free_again(now, left, freed);
    v1::Record& undone = c.sketch.draft();
    undone.mutable_move_undone()->set_initiative(c.cohort().initiatives[one.slot].id);
    undone.mutable_move_undone()->set_bulk(bulk->id);
    for (const v1::PlaceChange& place : one.given) {
      freed.push_back({place.quota(), place.by()});
      *undone.mutable_move_undone()->add_places() = place;
    }
    for (const v1::PlaceChange& place : one.taken) {
      const QuotaModel* quota = c.cohort().model->quota(place.quota());
      if (quota && c.sketch.taken(place.quota(), place.by()) >= c.sketch.places(*quota->quota, place.by()))
        return refuse(Code::QuotaFull, "quota_full", {{"places", std::to_string(c.sketch.places(*quota->quota, place.by()))}});
      *undone.mutable_move_undone()->add_places() = place;
    }
    c.sketch.add(undone, one.slot);
  }
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

}  // namespace kvali::cohort
