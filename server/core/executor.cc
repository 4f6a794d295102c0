#include "server/core/executor.h"

#include <utility>

namespace kvali::core {

void Executor::post(std::function<void()> function) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(function));
  }
  arrived_.notify_one();
}

void Executor::post_soon(std::function<void()> function, std::int64_t delay_ms) {
  {
    const std::lock_guard lock(mutex_);
    if (soon_) return;
    soon_ = std::move(function);
    soon_at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(delay_ms);
  }
  arrived_.notify_one();
}

void Executor::run() {
  std::deque<std::function<void()>> taken;  // all that waited, for one lock
  std::unique_lock lock(mutex_);
  while (true) {
    if (soon_ && std::chrono::steady_clock::now() >= soon_at_) {
      const std::function<void()> function = std::exchange(soon_, nullptr);
      lock.unlock();
      function();
      lock.lock();
      continue;
    }
    if (!queue_.empty()) {
      taken.swap(queue_);
      lock.unlock();
      for (; !taken.empty(); taken.pop_front()) std::exchange(taken.front(), nullptr)();
      lock.lock();
      continue;
    }
    if (stopping_) return;
    if (soon_)
      arrived_.wait_until(lock, soon_at_);
    else
      arrived_.wait(lock);
  }
}

void Executor::run_one() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return !queue_.empty(); });
  const std::function<void()> function = std::move(queue_.front());
  queue_.pop_front();
  lock.unlock();
  function();
}

void Executor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
}

}  // namespace kvali::core
