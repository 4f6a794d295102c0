#pragma once
// A command of the command line as it is typed: what it prints and how it ends.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "server/cli/commands.h"

namespace kvali::cli {

struct Ran {
  int code = 0;
  std::string out, error;
};

/// As main does it: `add` puts the command `name` on the line, `words` follow it.
inline Ran typed(void (*add)(CLI::App&, Run&), const char* name, std::vector<std::string> words) {
  CLI::App app("kvali", "kvali");
  app.require_subcommand(1);
  Run run;
  add(app, run);
  words.insert(words.begin(), name);
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  Ran ran;
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  try {
    app.parse(words);
    ran.code = run.code;
  } catch (const CLI::ParseError& error) {
    ran.code = app.exit(error) == 0 ? 0 : exit_usage;
  }
  std::fflush(stdout);
  ran.out = ::testing::internal::GetCapturedStdout();
  ran.error = ::testing::internal::GetCapturedStderr();
  return ran;
}

}  // namespace kvali::cli
