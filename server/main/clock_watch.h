#pragma once
// The system's clock beside the monotonic one. When they part by more than a few minutes somebody set the clock, or the machine
// slept: deadlines must not fire for that, so timers wait until a person confirms. Core thread.
#include <chrono>
#include <cstdint>

namespace kvali::server {

class ClockWatch {
 public:
  using Monotonic = std::chrono::steady_clock;
  /// Looks at `now_us` (µs UTC) against the monotonic clock: whether time may pass.
  bool steady(std::int64_t now_us, Monotonic::time_point monotonic = Monotonic::now());
  void confirm() { known_ = stopped_ = false; }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  bool known_ = false;
  bool stopped_ = false;
  std::int64_t last_us_ = 0;
  Monotonic::time_point last_monotonic_;
};

}  // namespace kvali::server
