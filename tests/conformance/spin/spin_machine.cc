// spin_machine SEED: a small random machine in Promela on standard output, and on standard error the atomic states that the
// proof's search comes to, one a line, by the number that the Promela gives them.
#include <cstdlib>
#include <iostream>

#include "engine/program/verify/explore.h"
#include "tests/engine/program/small_machine.h"

int main(int count, char** words) {
  using namespace kvali::program;
  if (count != 2) return 2;
  const testing::SmallMachine machine = testing::random_machine(static_cast<std::uint32_t>(std::strtoul(words[1], nullptr, 10)));
  const auto chart = kvali::statechart::Chart::compile(machine.machine()).value();
  const proof::GuardTexts texts(chart->machine());
  proof::FreeOracle oracle;
  const std::vector<proof::Outside> outside{{"a", 0}, {"b", 0}};
  const proof::Exploration found = proof::explore(*chart, texts, outside, oracle);
  std::cout << testing::promela(machine);
  std::set<std::string> reached;
  for (proof::SpotId spot = 0; spot < found.spots.size(); ++spot)
    for (const auto state : atomic_states(*chart, found.configuration(spot))) reached.insert(chart->path(state));
  for (int state = 0; state < machine.row + machine.first + machine.second; ++state)
    if (reached.contains(machine.path(state))) std::cerr << state << "\n";
  if (reached.contains("end")) std::cerr << testing::SmallMachine::end << "\n";
  return 0;
}
