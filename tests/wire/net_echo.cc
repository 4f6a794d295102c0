// A small server for clients nobody here wrote: server/net with the Echo of its tests behind it. Prints the port it
// listens on, logs to standard error, and stops in good order when its standard input ends.
//
//   net_echo [--idle-ms N] [--origin ORIGIN]...
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "tests/server/net/echo.h"

int main(int argc, char** argv) {
  using namespace kvali::net;
  Options options;
  options.log = [](const std::string& sentence) { std::fprintf(stderr, "%s\n", sentence.c_str()); };
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string_view(argv[i]) == "--idle-ms") options.deadlines.idle_ms = std::atoll(argv[i + 1]);
    if (std::string_view(argv[i]) == "--origin") options.origins.emplace_back(argv[i + 1]);
  }
  Echo echo;
  const auto server = Server::listen(options, echo);
  if (!server) {
    std::fprintf(stderr, "net_echo: %s\n", server.error().message.c_str());
    return 3;
  }
  echo.attach(**server);
  std::printf("%d\n", (*server)->port());
  std::fflush(stdout);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) {
  }
  (*server)->stop(3'000);
  return 0;
}
