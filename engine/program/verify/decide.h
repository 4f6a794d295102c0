#pragma once
// What of guards can be decided without facts: which of them may hold together, found by trying the values that make a
// difference. Past limits::proof_valuations_max everything may: that is more than can happen, so nothing is overlooked.
#include <set>
#include <unordered_map>

#include "engine/program/verify/explore.h"
#include "engine/program/verify/formula.h"

namespace kvali::program::proof {

class Decider final : public Oracle {
 public:
  /// `empty`: fields that nobody ever fills in.
  Decider(const v1::Program& program, const GuardTexts& texts, std::vector<std::string> empty = {});

  bool possible(std::span<const Claim> claims) override;

  /// From now on these may hold or not, whatever was decided of them.
  void excuse(std::set<GuardId> guards) { excused_ = std::move(guards); }

  /// A valuation under which all `claims` are true, in words: "kind is grant, size(meetings) is 3"; nothing where there is none.
  std::optional<std::string> witness(std::span<const Claim> claims);
  /// Whether a guard asks only for what has finitely many values: what is found of it is certain.
  bool is_decidable(GuardId guard) const;

 private:
  std::optional<Valuation> find(const std::vector<Claim>& claims);
  std::vector<std::vector<Claim>> apart(std::span<const Claim> claims) const;
  bool group_possible(std::vector<Claim> group);

  Formulas formulas_;
  std::vector<Formula> by_guard_;
  std::vector<std::vector<VariableId>> reads_;
  std::set<GuardId> excused_;
  std::unordered_map<std::string, bool> known_;
};

}  // namespace kvali::program::proof
