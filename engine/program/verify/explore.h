#pragma once
// Every configuration that a machine can come to, found by making its steps: the real one of engine/statechart, with an oracle
// in the place of the facts. So what is proved is what runs.
//
// A guard is asked of the oracle: what it cannot decide is tried both ways, and the same guard answers alike within one
// macrostep, since a program's facts do not change while it is stepped. Persons, timers, freed places and what `Outside`
// names are the world, which may do anything at any moment. That is more than can happen (a timer has its day, a quota its
// limits), so what is never found here never happens; what is found is possible as far as states and guards go.
//
// Breadth first, so the way to a configuration is a shortest one. Bounded by counts, never by time: the result of a search is
// the same everywhere.
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/limits.h"
#include "engine/statechart/step.h"

namespace kvali::program::proof {

using statechart::ArrowId;
using statechart::StateId;
using GuardId = std::uint32_t;   // index into Guards::sources: each text once
using SpotId = std::uint32_t;    // index into Exploration::spots
inline constexpr std::uint32_t none = ~std::uint32_t{0};

/// A guard or need that was taken to hold, or not.
struct Claim {
  GuardId guard = 0;
  bool holds = false;
  auto operator<=>(const Claim&) const = default;
};

/// The texts of all guards and needs of a machine, and of what else is to be decided with them.
class GuardTexts {
 public:
  explicit GuardTexts(const v1::Machine& machine, const std::vector<std::string>& others = {});
  GuardTexts(const GuardTexts&) = delete;
  GuardTexts& operator=(const GuardTexts&) = delete;
  GuardId of(const std::string& source) const { return ids_.at(source); }
  const std::string& source(GuardId guard) const { return *sources_[guard]; }
  std::size_t size() const { return sources_.size(); }

 private:
  void add(const std::string& source);
  std::map<std::string, GuardId> ids_;
  std::vector<const std::string*> sources_;
};

/// Knows which answers go together.
class Oracle {
 public:
  virtual ~Oracle() = default;
  /// Whether all `claims` may be true at one moment; true when it cannot tell.
  virtual bool possible(std::span<const Claim> claims) = 0;
};

/// Anything goes, except that a guard is not its own opposite.
class FreeOracle final : public Oracle {
 public:
  bool possible(std::span<const Claim>) override { return true; }
};

/// An event that the world may bring while a state is active (0: always), beside the machine's own timers.
struct Outside {
  std::string event;
  StateId while_active = 0;
};

/// What makes a macrostep.
struct Happening {
  enum class Kind : std::uint8_t { Start, Move, Freed, Event, Settle };
  Kind kind = Kind::Start;
  ArrowId arrow = none;   // of a move
  std::string event;      // of an event; the quota of a freed place
  StateId state = 0;      // while it is active
  std::uint32_t timer = none;  // of an event: which timer of `state`
};

/// A configuration that was found, and the last step of a shortest way to it.
struct Spot {
  const std::string* key = nullptr;  // the configuration, written as bytes
  SpotId from = none;
  std::uint32_t happening = 0;  // index into Exploration::happenings
  std::vector<Claim> claims;
  bool done = false;
};

struct Edge {
  SpotId from = 0;
  SpotId to = 0;
  std::uint32_t happening = 0;
};

/// A macrostep that does not come to rest.
struct Cycle {
  SpotId from = none;  // none: it happens at the start
  std::uint32_t happening = 0;
  std::vector<Claim> claims;
  std::vector<ArrowId> arrows;  // taken over and over
};

struct Counts {
  std::size_t configurations = 0;
  std::size_t transitions = 0;  // macrosteps tried
};

struct Bounds {
  std::size_t configurations = limits::proof_configurations_max;
  std::size_t transitions = limits::proof_transitions_max;
};

struct Exploration {
  std::unordered_map<std::string, SpotId> known;
  std::vector<Spot> spots;   // in the order they were found; the first is where it begins
  std::vector<Edge> edges;   // each pair of spots once for each happening; not to itself
  std::vector<Happening> happenings;
  std::vector<bool> taken;          // by arrow
  std::vector<bool> entered;        // by state, also in passing
  std::vector<SpotId> first_at;     // by state: the first spot where it rests and nothing has ended; none
  std::vector<Cycle> cycles;        // one for each set of arrows
  Counts counts;
  bool complete = true;  // every configuration was found and every step from it tried

  /// What is active in a spot.
  statechart::Configuration configuration(SpotId spot) const;
  /// Whether a state is active in a spot that is no end.
  bool rests_in(SpotId spot, StateId state) const;
};

/// The spots from which an end, or one of `others`, may be come to by steps that count.
std::vector<bool> may_end(const Exploration& found, const std::function<bool(const Happening&)>& counts, std::span<const SpotId> others = {});

/// Finds all configurations of `chart`. `texts` are those of its machine.
Exploration explore(const statechart::Chart& chart, const GuardTexts& texts, std::span<const Outside> outside, Oracle& oracle,
                    const Bounds& bounds = {});

}  // namespace kvali::program::proof
