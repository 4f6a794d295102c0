// Selection by rank: decisions for everybody at once, as a ranking showed them.
#include <algorithm>
#include <map>

#include "engine/cohort/gate.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/ranking.h"

namespace kvali::cohort {
namespace {

/// What is decided for one.
struct Choice {
  Slot slot;
  std::string move;
};

std::vector<Choice> choices_of(const std::vector<RankedGroup>& groups, const v1::SelectRanked& command) {
  std::vector<Choice> below, in;  // who gives a place back comes before who takes it
  for (const RankedGroup& group : groups)
    for (const RankedLine& line : group.lines) {
      if (line.verdict == RankedLine::Verdict::In) {
        in.push_back({line.slot, command.move()});
        continue;
      }
      const bool reserve = line.verdict == RankedLine::Verdict::Reserve && !command.reserve().empty();
      if (const std::string& move = reserve ? command.reserve() : command.decline(); !move.empty()) below.push_back({line.slot, move});
    }
  below.insert(below.end(), in.begin(), in.end());
  return below;
}

/// What was agreed to is exactly what is ranked now, and nothing of it has been touched.
Outcome check_seen(Case& c, const std::vector<RankedGroup>& groups, const v1::SelectRanked& command) {
  if (command.seen().empty()) return std::nullopt;
  std::map<std::string, std::uint32_t> seen;
  for (const v1::SelectRanked::Seen& one : command.seen()) seen[one.initiative()] = one.version();
  std::size_t lines = 0;
  for (const RankedGroup& group : groups)
    for (const RankedLine& line : group.lines) {
      const Initiative& initiative = c.sketch.initiative(line.slot);
      const auto known = seen.find(initiative.id);
      if (known == seen.end() || known->second != initiative.touches) return refuse(Code::ConflictVersion, "moved_on");
      ++lines;
    }
  if (lines != seen.size()) return refuse(Code::ConflictVersion, "moved_on");
  return std::nullopt;
}

Outcome decide_for(Case& c, const Choice& choice, const v1::Value& reason, std::vector<Freed>& freed) {
  const Initiative& initiative = c.sketch.initiative(choice.slot);
  if (initiative.held && initiative.held->move == choice.move) return std::nullopt;
  const auto arrow = arrow_for(c.sketch, initiative, choice.move);
  if (!arrow || !initiative.model->chart().arrow(*arrow).has_move()) return refuse(Code::Precondition, "no_move", {{"name", choice.move}});
  std::vector<Unmet> unmet = unmet_of(c.sketch, c.bench, c.viewer, initiative, nullptr, *arrow);
  if (initiative.model->machine().arrows[*arrow].needs_reason && reason.sealed().size() == 0)
    unmet.push_back({Code::Invalid, "reason", sentence("reason_missing"), calendar::never});
  if (!unmet.empty()) return refuse_unmet(std::move(unmet));
  auto gate = pass_gate(c, choice.slot, *arrow, reason);
  if (auto* refusal = std::get_if<Refusal>(&gate)) return *refusal;
  if (std::get<Gate>(gate) == Gate::Shut) return std::nullopt;
  return take_move(c.sketch, c.bench, choice.slot, "", *arrow, reason, freed);
}

}  // namespace

Outcome select_ranked(Case& c, const v1::SelectRanked& command) {
  if (auto refusal = must_manage(c)) return refusal;
  RankingAsked asked;
  asked.move = command.move();
  asked.by = command.by();
  if (command.has_cut_off()) asked.cut_off = command.cut_off();
  asked.reserves_max = command.reserves_max();
  auto ranked = ranking(c.sketch, c.bench, c.viewer, asked);
  if (auto* refusal = std::get_if<Refusal>(&ranked)) return *refusal;
  const auto& groups = std::get<std::vector<RankedGroup>>(ranked);
  if (auto refusal = check_seen(c, groups, command)) return refusal;
  for (const RankedGroup& group : groups)
    if (group.conflict) return refuse(*group.conflict);  // whoever is chosen is chosen instead of that one
  for (const RankedGroup& group : groups)
    for (const RankedLine& line : group.lines)
      if (line.tied) return refuse(Code::Precondition, "tied", {{"rank", std::to_string(line.rank)}});
  std::vector<Freed> freed;
  for (const Choice& choice : choices_of(groups, command))
    if (auto refusal = decide_for(c, choice, command.reason(), freed)) return refusal;
  if (c.sketch.records().empty()) return refuse(Code::Precondition, "twice");
  settle(c.sketch, c.bench, std::move(freed));
  return std::nullopt;
}

}  // namespace kvali::cohort
