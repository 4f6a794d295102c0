#pragma once
// Keeps a serving child alive: a child that dies is started again after a delay that grows from 0.2 s to 30 s and falls back
// once a child has lived for a minute. SIGTERM and SIGINT are passed on. A child that ends orderly ends the supervisor with
// its code; so does one that fails before any child ever served, since a wrong option or a port in use does not mend itself.
#include <functional>

namespace kvali::server {

/// Runs `child`, which calls what it is given once it serves, in a process of its own. The exit code of it all.
int supervise(const std::function<int(const std::function<void()>& serving)>& child);

}  // namespace kvali::server
