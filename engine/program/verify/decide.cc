#include "engine/program/verify/decide.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvali::program::proof {

Decider::Decider(const v1::Program& program, const GuardTexts& texts, std::vector<std::string> empty) : formulas_(program) {
  formulas_.set_empty(std::move(empty));
  for (GuardId guard = 0; guard < texts.size(); ++guard) formulas_.learn(texts.source(guard));
  for (GuardId guard = 0; guard < texts.size(); ++guard) {
    by_guard_.push_back(formulas_.make(texts.source(guard)));
    collect(by_guard_.back(), reads_.emplace_back());
  }
}

bool Decider::is_decidable(GuardId guard) const {
  return std::all_of(reads_[guard].begin(), reads_[guard].end(),
                     [&](VariableId id) { return formulas_.variable(id).kind != Variable::Kind::Question; });
}

/// Claims that share no variable have nothing to do with each other.
std::vector<std::vector<Claim>> Decider::apart(std::span<const Claim> claims) const {
  std::vector<std::vector<Claim>> groups;
  const auto shares = [&](const std::vector<Claim>& group, const Claim& claim) {
    return std::any_of(group.begin(), group.end(), [&](const Claim& other) {
      return other.guard == claim.guard || std::any_of(reads_[other.guard].begin(), reads_[other.guard].end(), [&](VariableId id) {
               return std::find(reads_[claim.guard].begin(), reads_[claim.guard].end(), id) != reads_[claim.guard].end();
             });
    });
  };
  for (const Claim& claim : claims) {
    if (excused_.contains(claim.guard)) continue;
    std::vector<Claim> joined{claim};
    std::erase_if(groups, [&](const std::vector<Claim>& group) {
      if (!shares(group, claim)) return false;
      joined.insert(joined.end(), group.begin(), group.end());
      return true;
    });
    groups.push_back(std::move(joined));
  }
  return groups;
}

bool Decider::possible(std::span<const Claim> claims) {
  auto groups = apart(claims);
  return std::all_of(groups.begin(), groups.end(), [&](std::vector<Claim>& group) { return group_possible(std::move(group)); });
}

bool Decider::group_possible(std::vector<Claim> group) {
  std::sort(group.begin(), group.end());
  std::string key;
  for (const Claim& claim : group) key += fmt::format("{}{}", claim.holds ? '+' : '-', claim.guard);
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  std::size_t valuations = 1;
  std::vector<VariableId> variables;
  for (const Claim& claim : group) collect(by_guard_[claim.guard], variables);
  for (const VariableId id : variables) valuations = std::min(valuations * formulas_.variable(id).size(), limits::proof_valuations_max + 1);
  const bool may = valuations > limits::proof_valuations_max || find(group).has_value();
  known_.emplace(std::move(key), may);
  return may;
}

/// The first valuation, in order, that makes all claims true; the caller knows there are few.
std::optional<Valuation> Decider::find(const std::vector<Claim>& claims) {
  std::vector<VariableId> variables;
  for (const Claim& claim : claims) collect(by_guard_[claim.guard], variables);
  Valuation valuation;
  for (const VariableId id : variables) valuation[id] = 0;
  while (true) {
    const bool all = std::all_of(claims.begin(), claims.end(), [&](const Claim& claim) {
      return (evaluate(by_guard_[claim.guard], valuation) == Truth::Yes) == claim.holds;
    });
    if (all) return valuation;
    auto at = valuation.begin();
    while (at != valuation.end() && ++at->second == formulas_.variable(at->first).size()) (at++)->second = 0;
    if (at == valuation.end()) return std::nullopt;
  }
}

std::optional<std::string> Decider::witness(std::span<const Claim> claims) {
  if (!possible(claims)) return std::nullopt;
  std::string words;
  for (const std::vector<Claim>& group : apart(claims)) {
    std::size_t valuations = 1;
    std::vector<VariableId> variables;
    for (const Claim& claim : group) collect(by_guard_[claim.guard], variables);
    for (const VariableId id : variables) valuations = std::min(valuations * formulas_.variable(id).size(), limits::proof_valuations_max + 1);
    if (valuations > limits::proof_valuations_max) continue;
    for (const auto& [id, value] : find(group).value_or(Valuation{}))
      words += fmt::format("{}`{}` is {}", words.empty() ? "" : ", ", formulas_.variable(id).name, formulas_.variable(id).say(value));
  }
  return words;
}

}  // namespace kvali::program::proof
