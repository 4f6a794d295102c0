#pragma once
// SIGTERM and SIGINT as a call on a thread of their own, so that no code of ours runs inside a signal handler.
#include <functional>
#include <thread>

namespace kvali::server {

class Signals {
 public:
  /// Calls `stop` once, when the first of them arrives. To be made before other threads, or with both blocked in them.
  explicit Signals(std::function<void()> stop);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  std::thread waiting_;
};

/// Blocks both signals in this thread and in those it starts from here on.
void block_stop_signals();

}  // namespace kvali::server
