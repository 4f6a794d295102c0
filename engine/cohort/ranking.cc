#include "engine/cohort/ranking.h"

#include <algorithm>
#include <map>

#include "engine/cohort/facts.h"

namespace kvali::cohort {
namespace {

using statechart::ArrowId;
using statechart::StateId;

/// The quota of which taking the arrow takes a place, if it takes one.
const QuotaModel* quota_taken(Sketch& sketch, Bench& bench, const Initiative& initiative, ArrowId arrow) {
  const std::vector<StateId> after = active_after(sketch, bench, initiative, arrow);
  const auto holds = [](const QuotaModel& quota, const std::vector<StateId>& active) {
    return std::any_of(active.begin(), active.end(), [&](StateId state) { return quota.holds[state]; });
  };
  for (const QuotaModel& quota : initiative.model->quotas())
    if (holds(quota, after) && !holds(quota, initiative.at.where.active)) return &quota;
  return nullptr;
}

std::string group_of(const Initiative& initiative, const QuotaModel& quota) {
  const v1::Value* by = quota.by_field.empty() ? nullptr : initiative.field(quota.by_field);
  return by ? by->text() : "";
}

bool has_place(const Initiative& initiative, const std::string& quota) {
  return std::any_of(initiative.places.begin(), initiative.places.end(), [&](const auto& one) { return one.first == quota; });
}

std::optional<double> value_of(const Sketch& sketch, const Initiative& initiative, StateId source, const RankingAsked& asked) {
  const bool same = asked.weighed && initiative.model->version() == asked.weighed->version();
  if (!same && !asked.ranked_by) return rank_in(sketch, initiative, source);
  Initiative then = initiative;
  if (same) then.model = asked.weighed;
  const std::string& ranked_by = then.model->chart().node(source).ranked_by();
  if (!asked.ranked_by && ranked_by.empty()) return std::nullopt;
  const expression::Expression& expression = asked.ranked_by ? *asked.ranked_by : then.model->expression(ranked_by);
  return Facts(sketch.base(), &then, nullptr, sketch.now()).number(expression);
}

using Key = std::pair<std::string, std::string>;  // quota, by

struct Entry {
  RankedLine line;
  bool chosen = false;  // the move is held for it already: a person chose among equals
  Instant since = 0;
};

void add_entry(Sketch& sketch, Bench& bench, const Viewer& viewer, const RankingAsked& asked, Slot slot,
               std::map<Key, std::vector<Entry>>& groups, std::map<Key, ConflictFound>& conflicts) {
  const Initiative& initiative = sketch.initiative(slot);
  const auto arrow = arrow_for(sketch, initiative, asked.move);
  if (initiative.ended() || !arrow) return;
  const QuotaModel* quota = quota_taken(sketch, bench, initiative, *arrow);
  if (!quota) return;
  const std::string by = group_of(initiative, *quota);
  if (!asked.by.empty() && by != asked.by) return;
  if (const auto conflict = conflict_of(sketch.base(), sketch.world(), viewer, initiative)) {
    conflicts.emplace(Key(quota->quota->name(), by), *conflict);
    return;
  }
  const StateId source = initiative.model->chart().arrow(*arrow).source();
  Entry entry;
  entry.line.slot = slot;
  entry.line.value = value_of(sketch, initiative, source, asked);
  entry.chosen = initiative.held && initiative.held->move == asked.move;
  for (const auto& [state, since] : initiative.at.since)
    if (state == source) entry.since = since;
  for (Unmet& unmet : unmet_of(sketch, bench, viewer, initiative, nullptr, *arrow))
    if (unmet.code != Code::QuotaFull) {
      entry.line.why_not = std::move(unmet);
      break;
    }
  groups[{quota->quota->name(), by}].push_back(std::move(entry));
}

bool equals(const Entry& a, const Entry& b) { return a.line.value == b.line.value && a.chosen == b.chosen; }

void order(std::vector<Entry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    if (a.line.value != b.line.value) return b.line.value < a.line.value;  // what is not known is last
    if (a.chosen != b.chosen) return a.chosen;
    return a.since != b.since ? a.since < b.since : a.line.slot < b.line.slot;
  });
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries[i].line.rank = i > 0 && entries[i].line.value == entries[i - 1].line.value ? entries[i - 1].line.rank : static_cast<std::uint32_t>(i + 1);
}

/// Draws the two lines: where the places end, and behind the last reserve.
void judge(std::vector<Entry>& entries, std::uint32_t free, const RankingAsked& asked) {
  std::uint32_t reserves = 0, in = 0;
  const Entry* last_in = nullptr;
  for (Entry& one : entries) {
    const bool above = !asked.cut_off || (one.line.value && *one.line.value >= *asked.cut_off);
    one.line.verdict = RankedLine::Verdict::Out;
    if (one.line.why_not || !above) continue;
    if (in < free) {
      one.line.verdict = RankedLine::Verdict::In;
      last_in = &one;
      ++in;
    } else if (asked.reserves_max == 0 || reserves < asked.reserves_max) {
      one.line.verdict = RankedLine::Verdict::Reserve;
      ++reserves;
    }
  }
  if (!last_in || in < free) return;
  const auto possible = [](const Entry& one) { return !one.line.why_not; };
  const bool crossed = std::any_of(entries.begin(), entries.end(), [&](const Entry& one) {
    return possible(one) && one.line.verdict != RankedLine::Verdict::In && equals(one, *last_in);
  });
  if (!crossed) return;
  const Entry border = *last_in;
  for (Entry& one : entries)
    if (possible(one) && equals(one, border)) one.line.tied = true;
}

/// Places of the group that are not held by anybody of it who is ranked here: those may be given to others.
std::uint32_t free_for(Sketch& sketch, const RankedGroup& group, const std::vector<Entry>& entries) {
  std::uint32_t own = 0;
  for (const Entry& one : entries)
    if (has_place(sketch.initiative(one.line.slot), group.quota)) ++own;
  const std::uint32_t others = group.taken - std::min(group.taken, own);
  return group.places - std::min(group.places, others);
}

}  // namespace

std::optional<ArrowId> arrow_for(const Sketch& sketch, const Initiative& initiative, const std::string& move) {
  const MachineModel& machine = initiative.model->machine();
  const auto& active = initiative.at.where.active;
  const auto look = [&](StateId state) -> std::optional<ArrowId> {
    for (const ArrowId arrow : machine.chart->arrows_of(state)) {
      const bool asked_for = machine.chart->trigger(arrow) == statechart::Trigger::Move && machine.chart->arrow(arrow).move().name() == move;
      if (!asked_for && machine.chart->arrow(arrow).freed() != move) continue;
      const expression::Expression* guard = machine.arrows[arrow].guard;
      if (!guard || Facts(sketch.base(), &initiative, nullptr, sketch.now()).holds(*guard).holds) return arrow;
    }
    return std::nullopt;
  };
  if (initiative.at.where.done || move.empty()) return std::nullopt;
  for (auto state = active.rbegin(); state != active.rend(); ++state)
    if (const auto arrow = look(*state)) return arrow;
  return std::nullopt;
}

Result<std::shared_ptr<const Model>> with_weights(const Model& model, const google::protobuf::RepeatedPtrField<v1::Criterion>& weights) {
  v1::Machine machine = model.chart().machine();
  for (const v1::Criterion& wanted : weights) {
    bool any = false;
    for (v1::TaskKind& kind : *machine.mutable_tasks())
      for (v1::Criterion& one : *kind.mutable_review()->mutable_criteria())
        if (one.name() == wanted.name()) {
          one.set_weight(wanted.weight());
          any = true;
        }
    if (!any) return fail("no criterion " + wanted.name());
  }
  for (v1::TaskKind& kind : *machine.mutable_tasks())
    if (kind.review().criteria().empty()) kind.clear_review();
  return Model::compile(model.program(), machine, model.version());
}

std::variant<std::vector<RankedGroup>, Refusal> ranking(Sketch& sketch, Bench& bench, const Viewer& viewer, const RankingAsked& asked) {
  std::map<Key, std::vector<Entry>> found;
  std::map<Key, ConflictFound> conflicts;
  for (Slot slot = 0; slot < sketch.base().initiatives.size(); ++slot) add_entry(sketch, bench, viewer, asked, slot, found, conflicts);
  for (const auto& [key, conflict] : conflicts) found.try_emplace(key);
  std::vector<RankedGroup> groups;
  for (auto& [key, entries] : found) {
    const QuotaModel* quota = sketch.base().model->quota(key.first);
    if (!quota) continue;
    RankedGroup& group = groups.emplace_back();
    group.quota = key.first;
    group.by = key.second;
    if (const auto conflict = conflicts.find(key); conflict != conflicts.end()) group.conflict = conflict->second;
    group.places = asked.places.value_or(sketch.places(*quota->quota, key.second));
    group.taken = sketch.taken(key.first, key.second);
    order(entries);
    judge(entries, free_for(sketch, group, entries), asked);
    const auto frozen = frozen_below(sketch, *quota, key.second);
    for (Entry& one : entries) {
      if (frozen && !(one.line.value && *one.line.value > *frozen) && group.frozen_below == 0) group.frozen_below = one.line.rank;
      group.lines.push_back(std::move(one.line));
    }
  }
  if (groups.empty()) return refuse(Code::Precondition, "nobody_ranked", {{"name", asked.move}});
  return groups;
}

}  // namespace kvali::cohort
