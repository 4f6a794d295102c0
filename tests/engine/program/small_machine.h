#pragma once
// Small random machines, and a naive walk of them: what the proof is compared with. The walk knows nothing of the step and of
// the proof; it reads SCXML's rules for one shape only: states in a row, one of them may be a parallel state with two parts.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "kvali/v1/machine.pb.h"

namespace kvali::program::testing {

/// An arrow of a small machine. States are numbers: 0 … row-1 stand in the row, then those of the first part, then of the
/// second; `both` is the parallel state, `end` the end.
struct SmallArrow {
  int source = 0;
  int target = 0;
  char by = 'm';   // m: a person's move, a or b: an event, d: both parts are done, e: by itself
  int guard = -1;  // 0 … 2, or none
};

struct SmallMachine {
  static constexpr int both = 100, end = 101;
  static constexpr int guards = 3;
  int row = 1;                 // atomic states in the row
  int first = 0, second = 0;   // states of the two parts; 0: there is no parallel state
  std::set<int> finals;        // those of the parts that are final
  std::vector<SmallArrow> arrows;  // in the order of the file, by source

  int part_of(int state) const { return state < row || state >= both ? 0 : state < row + first ? 1 : 2; }
  /// The same as a core machine; arrows in the same order.
  v1::Machine machine() const;
  /// The path of a state: "s2", "p.x.s4".
  std::string path(int state) const;
};

/// Up to 8 atomic states.
SmallMachine random_machine(std::uint32_t seed);

/// Where it is: a state of the row or the end and -1, or one state of each part.
using Where = std::pair<int, int>;

struct Walked {
  std::map<Where, std::set<Where>> next;  // every configuration, and where it can go
  std::set<int> taken;                    // arrows, by index
  std::set<Where> ending;                 // configurations from which the end can be come to
};

Walked walk(const SmallMachine& machine);

/// The machine in Promela: `assert` fails for every configuration it comes to, once for each state.
std::string promela(const SmallMachine& machine);

}  // namespace kvali::program::testing
