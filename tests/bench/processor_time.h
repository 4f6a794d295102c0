#pragma once
// What this thread has computed for, in seconds: what others do on the machine meanwhile does not count. A peer in another language
// reads the same of its own main thread.
#include <ctime>

inline double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
