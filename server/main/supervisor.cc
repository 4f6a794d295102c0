#include "server/main/supervisor.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "engine/limits.h"

namespace kvali::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto settled_after = std::chrono::minutes(1);

/// Waits for the child's end or a signal to stop, which it passes on; the child's status.
int wait_for(pid_t child, const sigset_t& signals, bool& stopping) {
  while (true) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    siginfo_t info{};
    if (::sigwaitinfo(&signals, &info) < 0 && errno != EINTR) continue;
    if (info.si_signo == SIGTERM || info.si_signo == SIGINT) {
      stopping = true;
      ::kill(child, SIGTERM);
    }
  }
}

/// Waits `delay_ms`, or until a signal asks to stop: true.
bool asked_to_stop_within(const sigset_t& stops, std::int64_t delay_ms) {
  const timespec delay{delay_ms / 1000, (delay_ms % 1000) * 1'000'000};
  return ::sigtimedwait(&stops, nullptr, &delay) > 0;
}

/// How a child tells that it serves: a byte through a pipe, which outlives it.
class Word {
 public:
  Word() {
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0) ends_ = {-1, -1};
  }
  void say() const {
    const char byte = 1;
    static_cast<void>(::write(ends_[1], &byte, 1) == 1);  // unsaid, a death counts as one before serving
  }
  /// Whether it was said, ever.
  bool said() {
    char byte = 0;
    while (::read(ends_[0], &byte, 1) == 1) said_ = true;
    return said_;
  }

 private:
  std::array<int, 2> ends_{};
  bool said_ = false;
};

}  // namespace

int supervise(const std::function<int(const std::function<void()>& serving)>& child) {
  Word served;
  sigset_t signals, stops, before;
  ::sigemptyset(&signals);
  for (const int one : {SIGTERM, SIGINT, SIGCHLD}) ::sigaddset(&signals, one);
  ::sigemptyset(&stops);
  for (const int one : {SIGTERM, SIGINT}) ::sigaddset(&stops, one);
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  std::int64_t delay_ms = limits::restart_delay_ms_min;
  while (true) {
    const auto started = Clock::now();
    const pid_t self = ::getpid();
    const pid_t process = ::fork();
    if (process < 0) {
      std::fprintf(stderr, "kvali: cannot start the serving process: %s\n", std::strerror(errno));
      return 3;
    }
    if (process == 0) {
      ::sigprocmask(SIG_SETMASK, &before, nullptr);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left behind holding the lock
      if (::getppid() != self) ::_exit(3);
      ::_exit(child([&served] { served.say(); }));
    }
    bool stopping = false;
    const int status = wait_for(process, signals, stopping);
    const auto lived = Clock::now() - started;
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || stopping)) return WEXITSTATUS(status);
    if (WIFEXITED(status) && !served.said()) return WEXITSTATUS(status);
    if (stopping) return 3;
    if (lived > settled_after) delay_ms = limits::restart_delay_ms_min;
    if (WIFSIGNALED(status))
      std::fprintf(stderr, "kvali: the serving process died of signal %d; starting it again in %.1f s\n", WTERMSIG(status),
                   static_cast<double>(delay_ms) / 1000);
    else
      std::fprintf(stderr, "kvali: the serving process ended with %d; starting it again in %.1f s\n", WEXITSTATUS(status),
                   static_cast<double>(delay_ms) / 1000);
    if (asked_to_stop_within(stops, delay_ms)) return 0;
    delay_ms = std::min(delay_ms * 2, limits::restart_delay_ms_max);
  }
}

}  // namespace kvali::server
