#include "server/main/clock_watch.h"

#include <cstdlib>

#include "engine/limits.h"

namespace kvali::server {

bool ClockWatch::steady(std::int64_t now_us, Monotonic::time_point monotonic) {
  if (stopped_) return false;
  if (known_) {
    const std::int64_t passed = std::chrono::duration_cast<std::chrono::microseconds>(monotonic - last_monotonic_).count();
    stopped_ = std::llabs((now_us - last_us_) - passed) > limits::clock_jump_us_max;
  }
  known_ = true;
  last_us_ = now_us;
  last_monotonic_ = monotonic;
  return !stopped_;
}

}  // namespace kvali::server
