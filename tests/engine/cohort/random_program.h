#pragma once
// Small random programs and plans from one to the other: what a migration is judged with. From a seed.
#include <random>
#include <string>
#include <vector>

namespace kvali::cohort::testing {

/// A program of two stages; a state may have states inside that it remembers, a stage two parts side by side.
struct RandomProgram {
  struct Move {
    std::string name, by, to;
    int at_least = 0;  // initiative.size, as a silent choice; 0: always
  };
  struct State {
    std::string name;
    int days = 0;  // of its deadline; 0: none
    bool lapses = false;  // what the deadline leads to; else somebody is told
    std::vector<Move> moves;
    bool logs = false;          // visits may be written down
    std::vector<State> inside;  // remembered; then it has a state to pause in
  };
  struct Stage {
    std::string name;
    std::vector<State> states;              // in a row
    std::vector<std::vector<State>> parts;  // side by side, in place of states
  };
  std::vector<Stage> stages;
  std::string size = "size";  // the name of a field
  int places = 0;             // of a quota held in the last stage; 0: none

  [[nodiscard]] std::string yaml() const;
};

RandomProgram random_program(std::mt19937_64& random);

/// Another version of it, and a plan from the one to the other: most of what changed is named in it, some wrongly or not at all.
struct RandomChange {
  RandomProgram then;
  std::string plan;
};
RandomChange random_change(const RandomProgram& program, std::mt19937_64& random);

}  // namespace kvali::cohort::testing
