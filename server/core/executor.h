#pragma once
// The core thread's queue: functions from any thread, run one after the other by whoever calls run(). Across threads only
// by post.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace kvali::core {

class Executor {
 public:
  /// Runs `function` on the thread in run(), after what was posted before. Any thread.
  void post(std::function<void()> function);
  /// Runs `function` there after about `delay_ms`. One at a time; a second call before it ran changes nothing.
  void post_soon(std::function<void()> function, std::int64_t delay_ms);
  /// Serves until stop(); then what is queued is still run.
  void run();
  void stop();
  /// Waits for one posted function and runs it. For whoever drives the queue itself, before run().
  void run_one();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> queue_;
  std::function<void()> soon_;
  std::chrono::steady_clock::time_point soon_at_;
  bool stopping_ = false;
};

}  // namespace kvali::core
