#pragma once
// Keeps a serving child alive: a child that dies is started again after a delay that grows from 0.2 s to 30 s and falls back
// once a child has lived for a minute. SIGTERM and SIGINT are passed on. A child that ends orderly, or cannot even start
// (exit code 2 or 3 within its first second), ends the supervisor with its code.
#include <functional>

namespace kvali::server {

int supervise(const std::function<int()>& child);

}  // namespace kvali::server
