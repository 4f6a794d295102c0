// kvali: one binary for the server and its tools.
#include <sodium.h>

#include <CLI/CLI.hpp>

#include "server/cli/commands.h"

int main(int argc, char** argv) {
  using namespace kvali::cli;
  if (sodium_init() < 0) return world_failed("the cryptography library does not start");
  CLI::App app("kvali runs accelerator and grant programmes: a programme is a file, proved sound, then carried out for years.", "kvali");
  app.set_version_flag("--version", "kvali 0.1.0");
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help of every command");
  Run run;
  for (const auto add : {add_check, add_draw, add_describe, add_diff, add_eval, add_step, add_schema, add_simulate, add_serve, add_token, add_send, add_publish, add_clock, add_log,
                         add_verify, add_doctor})
    add(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : exit_usage;
  } catch (const std::exception& error) {
    return world_failed(error.what());
  }
  return run.code;
}
