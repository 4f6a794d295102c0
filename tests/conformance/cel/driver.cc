// Answers JSON lines from standard input as `kvali eval --zones` does: the conformance runner's way to the evaluator.
#include <iostream>
#include <string>
#include <vector>

#include "engine/expression/json.h"
#include "server/cli/zones.h"

int main() {
  std::ios::sync_with_stdio(false);
  std::vector<kvali::calendar::Zone> zones;
  for (const char* name : {"Australia/Sydney", "America/St_Johns", "US/Central", "Asia/Kathmandu"}) {
    auto zone = kvali::cli::load_zone(name);
    if (!zone) {
      std::cerr << zone.error().message << "\n";
      return 3;
    }
    zones.push_back(std::move(*zone));
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << kvali::expression::evaluate_line(line, zones) << std::endl;
  }
}
