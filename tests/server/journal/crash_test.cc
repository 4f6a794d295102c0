// A process that appends and prints what was acknowledged is killed at random moments and opened again: what was
// acknowledged is there, once, and the verifier finds nothing. Ten rounds on one growing journal; KVALI_LONG=1:
// 100.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "server/journal/verify.h"
#include "tests/server/journal/journal_world.h"

namespace kvali::journal {
namespace {

/// Never returns: keeps 16 commits in flight, each over two streams, and writes the number of every acknowledged one.
[[noreturn]] void append_until_killed(const std::string& path, int acknowledgements) {
  SqliteJournal::Options options;
  options.path = path;
  options.checkpoint_pages = 50;
  auto journal = std::move(*SqliteJournal::open(std::move(options)));
  std::uint64_t next = journal->head("cohort/a")->sequence;
  std::mutex mutex;
  std::condition_variable answered;
  int in_flight = 0;
  for (;; ++next) {
    std::unique_lock guard(mutex);
    answered.wait(guard, [&] { return in_flight < 16; });
    ++in_flight;
    guard.unlock();
    journal->append(
        batch({part("cohort/a", next, {fmt::format("{}", next)}), part("directory", next, {fmt::format("{}", next)})}),
        [&, next](const Answer& answer) {
          if (!std::holds_alternative<Committed>(answer)) ::_exit(3);
          if (::write(acknowledgements, &next, sizeof next) != sizeof next) ::_exit(4);
          const std::lock_guard one_less(mutex);
          --in_flight;
          answered.notify_one();
        });
  }
}

/// The number of acknowledged commits when the child was killed after `patience` acknowledgements or a little later.
std::uint64_t run_and_kill(const std::string& path, std::uint64_t before, std::uint64_t patience) {
  std::array<int, 2> pipe{};
  KVALI_CHECK(::pipe(pipe.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) append_until_killed(path, pipe[1]);
  ::close(pipe[1]);
  std::uint64_t acknowledged = before;
  std::uint64_t number = 0;
  for (std::uint64_t seen = 0; ::read(pipe[0], &number, sizeof number) == sizeof number; ++seen) {
    EXPECT_EQ(number, acknowledged) << "acknowledged out of order, or twice";
    ++acknowledged;
    if (seen == patience) ::kill(child, SIGKILL);
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child stopped by itself with " << WEXITSTATUS(status);
  return acknowledged;
}

TEST(Crash, LosesNothingThatWasAcknowledgedAndRepeatsNothing) {
  const TempFolder folder;
  const std::string path = folder / "journal.db";
  std::mt19937 random(20170111);
  std::uint64_t stored = 0;
  const int rounds = long_run() ? 100 : 10;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    const std::uint64_t acknowledged = run_and_kill(path, stored, random() % 200);
    SqliteJournal::Options options;
    options.path = path;
    auto journal = SqliteJournal::open(std::move(options));
    ASSERT_TRUE(journal) << journal.error().message;
    const auto cohort = texts(**journal, "cohort/a");
    EXPECT_EQ(texts(**journal, "directory"), cohort);
    EXPECT_LE(acknowledged, cohort.size()) << "round " << round;
    for (std::size_t i = 0; i < cohort.size(); ++i) EXPECT_EQ(cohort[i], std::to_string(i));
    stored = cohort.size();
    ASSERT_TRUE((*journal)->close());
    const auto report = verify_all(path);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->clean()) << report->findings.front().sentence;
  }
  EXPECT_GT(stored, 10u);
}

}  // namespace
}  // namespace kvali::journal
