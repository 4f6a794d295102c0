#pragma once
// The composition root: builds the parts, hands them to each other, runs. One process with four threads of its own: the
// core (here), the network, the journal's writer, and one beside the core that proves programs.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/result.h"

namespace kvali::server {

struct ServeOptions {
  std::string data = "data";            // the folder of the journal, the keys and the letters
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;            // 0: any free one
  std::string demo;                     // a workflow's folder to play when the journal is empty
  std::string first_manager;            // name of the person who runs a house that has nobody yet
  std::string web_dir;                  // serve the web application from here instead of the built-in one
  std::vector<std::string> origins, hosts;
  std::string certificate_file, key_file;
  bool links = true;                    // print sign-in links for the demo's people
  bool supervise = true;                // restart the serving child with growing delay when it dies
};

/// Serves until SIGTERM or SIGINT. The exit code of the process: 0 orderly, 3 the world failed.
int serve(const ServeOptions& options);

}  // namespace kvali::server
