// Cohorts simulated one after another in one process: macrosteps a second of the processor's own time (other work on the
// machine does not count), and the most memory the process had. Prints one line of JSON.
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>

#include "tests/engine/simulate/seasons.h"

int main(int argc, char** argv) {
  using namespace kvali;
  if (argc < 4) {
    fmt::print(stderr, "usage: simulate_bench ROOT INITIATIVES COHORTS [PROGRAM]\n");
    return 2;
  }
  const auto number = [&](int at) { return static_cast<std::uint32_t>(std::strtoul(argv[at], nullptr, 10)); };
  const simulate::Setting setting = simulate::testing::season_of(argv[1], argc > 4 ? argv[4] : "socifaction-2017", number(2), number(3));
  const auto seconds = [] {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
  };
  const double before = seconds();
  const auto findings = simulate::simulate(setting);
  if (!findings) {
    fmt::print(stderr, "{}\n", findings.error().message);
    return 1;
  }
  const double took = seconds() - before;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  fmt::print("{{\"cohorts\": {}, \"macrosteps\": {}, \"starts\": {}, \"commits\": {}, \"records\": {}, \"cpu_seconds\": {:.3f}, "
             "\"macrosteps_a_second\": {:.0f}, \"peak_kib\": {}}}\n",
             findings->cohorts, findings->macrosteps, findings->starts, findings->commits, findings->records, took,
             static_cast<double>(findings->macrosteps) / took, used.ru_maxrss);
  return 0;
}
