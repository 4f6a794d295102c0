#pragma once
// The commands of `kvali`: each adds itself to the command line with its help and an example, and says the exit code of the
// process: 0, 1 faults found, 2 usage, 3 the world failed.
#include <CLI/CLI.hpp>

namespace kvali::cli {

inline constexpr int exit_faults = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_world = 3;

/// Set by the command that ran.
struct Run {
  int code = 0;
};

// Programs: pure, no server needed.
void add_check(CLI::App& app, Run& run);
void add_draw(CLI::App& app, Run& run);
void add_describe(CLI::App& app, Run& run);
void add_diff(CLI::App& app, Run& run);
void add_eval(CLI::App& app, Run& run);
void add_step(CLI::App& app, Run& run);
void add_schema(CLI::App& app, Run& run);
void add_simulate(CLI::App& app, Run& run);
// The server and its data folder.
void add_serve(CLI::App& app, Run& run);
void add_log(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
// A running server.
void add_token(CLI::App& app, Run& run);
void add_send(CLI::App& app, Run& run);
void add_publish(CLI::App& app, Run& run);
void add_clock(CLI::App& app, Run& run);

/// The sentence on standard error, and exit_world.
int world_failed(const std::string& sentence);

}  // namespace kvali::cli
