#pragma once
// Where a version can come to: what the proof finds, looked up by what is active.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/program/migrate/crossing.h"

namespace kvali::program {

struct Crossing::Reached {
  explicit Reached(const Version& version);
  static std::shared_ptr<const Reached> find(const Version& version) { return std::make_shared<const Reached>(version); }

  /// The first spot that rests where all of `at` is active and nothing else, whatever is remembered; none.
  [[nodiscard]] proof::SpotId spot_at(const statechart::Configuration& at) const;
  /// Whether some spot has `states` behind a history.
  [[nodiscard]] bool remembers(statechart::StateId history, const std::vector<statechart::StateId>& states) const;
  /// What happens on a shortest way to a spot; empty for none.
  [[nodiscard]] std::vector<std::string> way_to(proof::SpotId spot) const;

  const statechart::Chart& chart;
  proof::GuardTexts texts;
  proof::Exploration found;

 private:
  std::map<std::vector<statechart::StateId>, proof::SpotId> by_active_;
  std::set<std::pair<statechart::StateId, std::vector<statechart::StateId>>> remembered_;
};

}  // namespace kvali::program
