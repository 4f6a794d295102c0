#include "server/core/black_box.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace kvali::core {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t text_bytes = page_bytes - 1;

// The first byte of the page. A process that was killed from outside, or lost its power, leaves Deciding: its command did
// nothing wrong. Only one that died of its own fault leaves Fatal.
constexpr char idle = 0, deciding_now = 1, fatal = 2;

// A signal handler takes no argument, and runs on the thread that is at fault: each thread watches the page it decides over.
thread_local char* watched = nullptr;

/// Async-signal-safe: one byte of a mapped page, then the default action.
void died(int signal) {
  char* page = watched;
  if (page && page[0] == deciding_now) page[0] = fatal;
  ::raise(signal);  // arrives when this returns, and is deadly now
}

/// The thread's handlers run on a stack of their own: the fault may be that its own is full.
void use_stack(char* stack, std::size_t bytes) {
  stack_t own{};
  own.ss_sp = stack;
  own.ss_size = bytes;
  own.ss_flags = stack ? 0 : SS_DISABLE;
  ::sigaltstack(&own, nullptr);
}

void watch_for_faults() {
  struct sigaction action {};
  action.sa_handler = died;
  action.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
  for (const int one : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) ::sigaction(one, &action, nullptr);
}

}  // namespace

Result<std::unique_ptr<FileBlackBox>> FileBlackBox::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(fmt::format("{}: {}", path, std::strerror(errno)));
  void* page = ::ftruncate(file, page_bytes) == 0 ? ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  const int error = errno;
  ::close(file);
  if (page == MAP_FAILED) return fail(fmt::format("{}: {}", path, std::strerror(error)));
  char* text = static_cast<char*>(page);
  const std::string left = text[0] == fatal ? std::string(text + 1, ::strnlen(text + 1, text_bytes - 1)) : std::string();
  text[0] = idle;
  watch_for_faults();
  return std::unique_ptr<FileBlackBox>(new FileBlackBox(text, left));
}

FileBlackBox::~FileBlackBox() {
  if (watched == page_) {
    watched = nullptr;
    use_stack(nullptr, 0);
  }
  ::munmap(page_, page_bytes);
}

void FileBlackBox::deciding(const std::string&, const std::string& command_id) {
  if (watched != page_) {
    watched = page_;
    use_stack(stack_.data(), stack_.size());
  }
  const std::size_t size = std::min(command_id.size(), text_bytes - 2);
  std::memcpy(page_ + 1, command_id.data(), size);
  page_[1 + size] = 0;
  std::atomic_signal_fence(std::memory_order_release);
  page_[0] = command_id.empty() ? idle : deciding_now;
}

void FileBlackBox::decided() { page_[0] = idle; }

}  // namespace kvali::core
