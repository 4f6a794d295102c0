// The disk fails at the 1st, 2nd, 3rd … operation until one run passes. After each failure the journal is opened again:
// what was acknowledged is there, once, in order, and the verifier finds nothing.
#include "server/journal/verify.h"
#include "tests/fault/fault_vfs.h"
#include "tests/server/journal/journal_world.h"

namespace kvali::journal {
namespace {

constexpr std::uint64_t commits = 7;

class DiskStory {
 protected:
  using Opened = Result<std::unique_ptr<SqliteJournal>>;

  Opened open(const TempFolder& folder) const {
    SqliteJournal::Options options;
    options.path = folder / "journal.db";
    options.vfs = fault::vfs();
    options.checkpoint_pages = 15;  // so that checkpoints fail too
    return SqliteJournal::open(std::move(options));
  }

  /// Seven commits of two streams with snapshots; returns how many were acknowledged. The first failure is the last
  /// word.
  std::uint64_t play(const TempFolder& folder) {
    auto opened = open(folder);
    if (!opened) return 0;
    std::uint64_t acknowledged = 0;
    bool failed = false;
    for (std::uint64_t i = 0; i < commits; ++i) {
      Part cohort = part("cohort/a", i, {fmt::format("record {}", i) + std::string(i * 400, '.')});
      cohort.snapshot = SnapshotChange{SnapshotChange::Scope::Changed, {{"row", fmt::format("{}", i)}}, {}, {}, 1};
      std::promise<Answer> promise;
      (*opened)->append(batch({cohort, part("directory", i, {fmt::format("entry {}", i)})}),
                        [&](Answer answer) { promise.set_value(std::move(answer)); });
      const Answer answer = promise.get_future().get();
      EXPECT_FALSE(std::holds_alternative<Conflict>(answer));
      const bool committed = std::holds_alternative<Committed>(answer);
      EXPECT_FALSE(failed && committed) << "a journal that failed has taken something again";
      failed = failed || !committed;
      acknowledged += committed ? 1 : 0;
    }
    EXPECT_EQ(failed, !(*opened)->writable().has_value() && acknowledged < commits);
    static_cast<void>((*opened)->close());
    return acknowledged;
  }

  /// How many commits are stored; every stored thing has to be as it was sent.
  std::uint64_t recovered(const TempFolder& folder) {
    std::uint64_t count = 0;
    {
      const Opened opened = open(folder);
      EXPECT_TRUE(opened) << opened.error().message;
      if (!opened) return 0;
      const auto cohort = texts(**opened, "cohort/a");
      const auto directory = texts(**opened, "directory");
      EXPECT_EQ(cohort.size(), directory.size()) << "half a commit";
      count = cohort.size();
      for (std::uint64_t i = 0; i < count; ++i) {
        EXPECT_EQ(cohort[i], fmt::format("record {}", i) + std::string(i * 400, '.'));
        EXPECT_EQ(directory[i], fmt::format("entry {}", i));
      }
      const auto snapshot = (*opened)->snapshot("cohort/a");
      EXPECT_TRUE(snapshot) << snapshot.error().message;
      EXPECT_EQ(snapshot && *snapshot ? (*snapshot)->position : 0, count);
    }
    const auto report = verify_all(folder / "journal.db");
    EXPECT_TRUE(report && report->clean()) << (report ? report->findings.front().sentence : report.error().message);
    return count;
  }
};

class FailingDisk : public DiskStory, public testing::TestWithParam<fault::Kind> {};
class LyingCache : public DiskStory, public testing::Test {};

INSTANTIATE_TEST_SUITE_P(, FailingDisk,
                         testing::Values(fault::Kind::WriteError, fault::Kind::ShortWrite, fault::Kind::DiskFull,
                                         fault::Kind::DiskGone),
                         [](const testing::TestParamInfo<fault::Kind>& each) {
                           std::string called = fault::name(each.param);
                           std::erase(called, ' ');
                           return called;
                         });

TEST_P(FailingDisk, LosesNothingThatWasAcknowledged) {
  std::uint64_t operation = 0;
  for (bool failed = true; failed && !HasFailure(); ++operation) {
    const TempFolder folder;
    fault::arm(GetParam(), operation);
    const std::uint64_t acknowledged = play(folder);
    failed = fault::disarm();
    if (GetParam() == fault::Kind::DiskGone) fault::lose_power(operation + 1);
    const std::uint64_t stored = recovered(folder);
    EXPECT_LE(acknowledged, stored) << "operation " << operation;
    // The restart showed `stored` to the world; it has to be on the disk itself by then, whatever the page cache
    // claimed.
    fault::lose_power(0);
    EXPECT_EQ(recovered(folder), stored) << "operation " << operation;
    EXPECT_TRUE(failed || acknowledged == commits);
  }
  EXPECT_GT(operation, 80u) << "the loop has to meet every operation of the story";
}

// An fsync fails, the process starts again on a page cache that shows what the disk never got, and the power goes at
// the 1st, 2nd, 3rd … operation of that start.
TEST_F(LyingCache, IsNotBelievedByAStartThatIsCutShort) {
  bool failed = true;
  for (std::uint64_t sync = 0; failed && !HasFailure(); ++sync) {
    bool cut = true;
    for (std::uint64_t operation = 0; failed && cut && !HasFailure(); ++operation) {
      const TempFolder folder;
      fault::arm(fault::Kind::SyncError, sync);
      const std::uint64_t acknowledged = play(folder);
      failed = fault::disarm();
      fault::rearm(fault::Kind::DiskGone, operation);
      static_cast<void>(open(folder));
      cut = fault::disarm();
      fault::lose_power(operation % 3);
      EXPECT_LE(acknowledged, recovered(folder)) << "fsync " << sync << ", operation of the start " << operation;
    }
  }
}

}  // namespace
}  // namespace kvali::journal
