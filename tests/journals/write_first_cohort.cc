// Writes first-cohort.journal and first-cohort.txt anew from the demonstration of 2017. Not part of any test: what was kept
// stays as it is, and a change that makes this necessary is a change that breaks what people have on their disks.
#include <cstdio>
#include <fstream>

#include "tests/journals/container.h"
#include "tests/journals/summary.h"
#include "tests/server/demo/world.h"

int main() {
  kvali::demo::testing::Season season;
  const auto bytes = kvali::journals::written(season.world.journal);
  if (!season.error.empty() || !bytes) {
    std::fprintf(stderr, "%s\n", season.error.empty() ? bytes.error().message.c_str() : season.error.c_str());
    return 1;
  }
  const std::string folder = std::string(KVALI_SOURCE_DIR) + "/tests/journals/";
  std::ofstream(folder + "first-cohort.journal", std::ios::binary) << *bytes;
  std::ofstream(folder + "first-cohort.txt", std::ios::binary) << kvali::journals::summary(season.world.core().store());
  std::printf("%zu bytes\n", bytes->size());
}
