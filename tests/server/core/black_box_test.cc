#include "server/core/black_box.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/server/journal/temp_folder.h"

namespace kvali::core {
namespace {

/// What the next process finds after one that decided over a command was ended by `signal`.
std::string left_by(int signal, bool decided) {
  const TempFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    auto box = std::move(*FileBlackBox::open(folder / "deciding"));
    box->deciding("cohort/a", "one");
    box->decided();
    box->deciding("cohort/a", "another");
    if (decided) box->decided();
    ::raise(signal);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << "it ended with " << status;
  return (*FileBlackBox::open(folder / "deciding"))->interrupted();
}

TEST(BlackBox, NamesTheCommandOverWhichAProcessDied) {
  EXPECT_EQ(left_by(SIGABRT, false), "another");
  EXPECT_EQ(left_by(SIGSEGV, false), "another");
}

TEST(BlackBox, BlamesNoCommandWhenTheProcessWasKilledFromOutside) { EXPECT_EQ(left_by(SIGKILL, false), ""); }

TEST(BlackBox, BlamesNoCommandThatWasDecided) { EXPECT_EQ(left_by(SIGABRT, true), ""); }

TEST(BlackBox, BlamesTheThreadThatIsAtFault) {
  const TempFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    auto core = std::move(*FileBlackBox::open(folder / "deciding"));
    auto beside = std::move(*FileBlackBox::open(folder / "proving"));
    core->deciding("cohort/a", "innocent");
    std::thread([&] {
      beside->deciding("program", "guilty");
      ::raise(SIGSEGV);
    }).join();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) << "it ended with " << status;
  EXPECT_EQ((*FileBlackBox::open(folder / "deciding"))->interrupted(), "");
  EXPECT_EQ((*FileBlackBox::open(folder / "proving"))->interrupted(), "guilty");
}

}  // namespace
}  // namespace kvali::core
