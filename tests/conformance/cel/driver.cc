// Answers JSON lines from standard input as `kvali eval --zones` does, and with --check as `kvali eval --check`: the conformance runner's way to the evaluator.
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/json.h"
#include "server/cli/zones.h"

int main(int count, char** words) {
  std::ios::sync_with_stdio(false);
  const bool check = count > 1 && std::string_view(words[1]) == "--check";
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
    std::cout << (check ? kvali::expression::check_line(line) : kvali::expression::evaluate_line(line, zones)) << std::endl;
  }
}
