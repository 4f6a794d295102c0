#include "engine/program/migrate/reached.h"

#include <algorithm>

#include "engine/limits.h"
#include "engine/program/verify/proving.h"

namespace kvali::program {

Crossing::Reached::Reached(const Version& version) : chart(version.chart), texts(version.chart.machine()) {
  proof::Decider decider(version.program, texts);
  found = proof::explore(chart, texts, proof::outside_of(version.program, chart), decider,
                         {limits::migration_configurations_max, limits::migration_transitions_max});
  for (proof::SpotId spot = 0; spot < found.spots.size(); ++spot) {
    if (found.spots[spot].done) continue;
    statechart::Configuration at = found.configuration(spot);
    for (auto& entry : at.history) remembered_.insert(std::move(entry));
    by_active_.try_emplace(std::move(at.active), spot);
  }
}

proof::SpotId Crossing::Reached::spot_at(const statechart::Configuration& at) const {
  const auto known = by_active_.find(at.active);
  return known == by_active_.end() ? proof::none : known->second;
}

bool Crossing::Reached::remembers(statechart::StateId history, const std::vector<statechart::StateId>& states) const {
  return remembered_.contains({history, states});
}

std::vector<std::string> Crossing::Reached::way_to(proof::SpotId spot) const {
  std::vector<std::string> way;
  for (proof::SpotId at = spot; at != proof::none; at = found.spots[at].from) way.push_back(proof::words_of(chart, found.happenings[found.spots[at].happening]));
  std::reverse(way.begin(), way.end());
  return way;
}

}  // namespace kvali::program
