#include "server/main/signals.h"

#include <pthread.h>
#include <csignal>
#include <utility>

namespace kvali::server {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int one : {SIGTERM, SIGINT, SIGUSR2}) ::sigaddset(&signals, one);
  return signals;
}

}  // namespace

void block_stop_signals() {
  const sigset_t signals = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

Signals::Signals(std::function<void()> stop)
    : waiting_([stop = std::move(stop)] {
        const sigset_t signals = stop_signals();
        int signal = 0;
        if (::sigwait(&signals, &signal) == 0 && signal != SIGUSR2) stop();
      }) {}

Signals::~Signals() {
  ::pthread_kill(waiting_.native_handle(), SIGUSR2);  // ours: it only ends the wait
  waiting_.join();
}

}  // namespace kvali::server
