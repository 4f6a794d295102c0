// What only the journal on disk promises: locks, schemas, reserves, group commit, and refusals in sentences.
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "tests/server/journal/journal_world.h"

namespace kvali::journal {
namespace {

using Texts = std::vector<std::string>;

class SqliteStory : public testing::Test {
 protected:
  SqliteJournal::Options options() const {
    SqliteJournal::Options made;
    made.path = path_;
    return made;
  }
  std::unique_ptr<SqliteJournal> open() const { return open(options()); }
  static std::unique_ptr<SqliteJournal> open(SqliteJournal::Options with) {
    auto opened = SqliteJournal::open(std::move(with));
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  std::string refusal() const {
    const auto opened = SqliteJournal::open(options());
    return opened ? "" : opened.error().message;
  }
  void sql(const char* text) const {
    const auto connection = sqlite::Connection::open({path_, {}}, sqlite::Connection::Access::ReadWrite);
    ASSERT_TRUE(connection && connection->run(text)) << text;
  }
  static std::string ask(Journal& journal, Batch what) {
    std::promise<std::string> said;
    journal.append(std::move(what), [&](const Answer& answer) { said.set_value(say(answer)); });
    return said.get_future().get();
  }

  TempFolder folder_;
  std::string path_ = folder_ / "journal.db";
};

TEST_F(SqliteStory, LetsOneProcessInAndNamesIt) {
  const auto journal = open();
  EXPECT_EQ(refusal(), fmt::format("{}.lock is held by process {}; stop that one first", path_, ::getpid()));
  ASSERT_TRUE(journal->close());
  EXPECT_EQ(refusal(), "");
}

TEST_F(SqliteStory, RefusesAJournalOfANewerProgram) {
  ASSERT_TRUE(open()->close());
  sql("PRAGMA user_version = 2");
  EXPECT_EQ(refusal(),
            path_ + ": written by a newer kvali (schema 2; this one knows schema 1); start that one instead");
}

TEST_F(SqliteStory, RefusesTheDatabaseOfAnotherProgram) {
  write_file(path_, "");
  sql("CREATE TABLE recipes (name TEXT)");
  EXPECT_EQ(refusal(), path_ + ": not a journal of kvali, but a database of another program");
}

TEST_F(SqliteStory, RefusesAFileThatIsNoDatabase) {
  write_file(path_, std::string(10'000, 'x'));
  EXPECT_EQ(refusal(), path_ + ": file is not a database (SQLite 26)");
}

TEST_F(SqliteStory, RefusesAFolderThatIsNotThere) {
  path_ = folder_ / "missing/journal.db";
  EXPECT_EQ(refusal(), "opening " + path_ + ".lock: No such file or directory");
}

TEST_F(SqliteStory, RefusesADamagedPage) {
  {
    const auto journal = open();
    for (std::uint64_t i = 0; i < 40; ++i) ask(*journal, batch("cohort/a", i, {std::string(500, 'x')}));
  }
  std::string bytes = bytes_of_file(path_);
  bytes.replace(bytes.size() - 4096 * 2, 100, 100, '\x7f');
  write_file(path_, bytes);
  EXPECT_NE(refusal().find(path_ + ": page damage: "), std::string::npos) << refusal();
}

TEST_F(SqliteStory, KeepsItsFilesToTheirOwner) {
  const auto journal = open();
  ask(*journal, batch("cohort/a", 0, {"x"}));
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path_ + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST_F(SqliteStory, IsReadOnlyBelowTheReserveAndWritableAgainWhenRoomIsMade) {
  auto free = std::make_shared<std::atomic<std::uint64_t>>(limits::disk_reserve_bytes);
  auto with = options();
  with.free_bytes = [free](const std::string&) -> Result<std::uint64_t> { return free->load(); };
  const auto journal = open(with);
  EXPECT_TRUE(journal->writable());
  *free = 30 * 1024 * 1024;
  EXPECT_EQ(ask(*journal, batch("cohort/a", 0, {"in flight when the disk filled"})), "committed 1: cohort/a 1");
  ASSERT_FALSE(journal->writable());
  EXPECT_EQ(journal->writable().error().message,
            "the disk of " + path_ + " has 30 MiB left; below 64 MiB nothing new is accepted");
  *free = limits::disk_reserve_bytes;
  EXPECT_TRUE(journal->writable()) << "nothing was appended, and yet the room is seen";
}

TEST_F(SqliteStory, AsksTheRealDiskByItself) { EXPECT_TRUE(open()->writable()); }

// The writer is held inside its first transaction until everything else waits, so that the second one has to take it
// all.
TEST_F(SqliteStory, TakesEverythingThatWaitsIntoOneTransaction) {
  std::promise<void> entered;
  std::promise<void> everything_waits;
  auto with = options();
  with.before_commit = [&, first = true]() mutable -> Result<void> {
    if (std::exchange(first, false)) {
      entered.set_value();
      everything_waits.get_future().wait();
    }
    return {};
  };
  const auto journal = open(with);
  std::promise<void> last;
  journal->append(batch("cohort/a", 0, {"first"}), [](const Answer&) {});
  entered.get_future().wait();
  for (std::uint64_t i = 0; i < 100; ++i) journal->append(batch("cohort/b", i, {"x"}), [](const Answer&) {});
  journal->append(batch("cohort/a", 1, {"last", "of all"}), [&](const Answer&) { last.set_value(); });
  everything_waits.set_value();
  last.get_future().wait();
  const SqliteJournal::Stats stats = journal->stats();
  EXPECT_EQ(stats.transactions, 2u);
  EXPECT_EQ(stats.stored.batches, 102u);
  EXPECT_EQ(stats.stored.records, 103u);
}

TEST_F(SqliteStory, FailsForEverWhenTheKeysCannotBeWritten) {
  auto with = options();
  with.before_commit = [calls = 0]() mutable -> Result<void> {
    return ++calls == 2 ? fail("keys: disk I/O error") : Result<void>();
  };
  auto journal = open(with);
  const std::string sentence =
      "the journal " + path_ + " failed and takes nothing more until a restart: keys: disk I/O error";
  EXPECT_EQ(ask(*journal, batch("cohort/a", 0, {"one"})), "committed 1: cohort/a 1");
  EXPECT_EQ(ask(*journal, batch("cohort/a", 1, {"two"})), "failed: " + sentence);
  EXPECT_EQ(ask(*journal, batch("cohort/a", 1, {"two"})), "failed: " + sentence)
      << "though the keys could be written by now";
  EXPECT_EQ(journal->writable().error().message, sentence);
  EXPECT_EQ(journal->close().error().message, sentence);
  journal = open();
  EXPECT_EQ(texts(*journal, "cohort/a"), Texts{"one"});
}

TEST_F(SqliteStory, ReadsOnOtherThreadsWhileItWrites) {
  auto with = options();
  with.checkpoint_pages = 10;
  const auto journal = open(with);
  ask(*journal, batch("cohort/a", 0, {"0"}));
  std::atomic<bool> done = false;
  const auto read = [&] {
    std::size_t seen = 0;
    while (!done) {
      const std::size_t now = texts(*journal, "cohort/a").size();
      EXPECT_GE(now, seen) << "what was durable stays";
      seen = now;
      EXPECT_TRUE(journal->head("cohort/a"));
    }
  };
  std::thread one(read);
  std::thread two(read);
  std::promise<void> last;
  for (std::uint64_t i = 1; i <= 300; ++i) {
    journal->append(batch("cohort/a", i, {std::to_string(i)}), [&, i](const Answer& answer) {
      EXPECT_TRUE(std::holds_alternative<Committed>(answer));
      if (i == 300) last.set_value();
    });
  }
  last.get_future().wait();
  done = true;
  one.join();
  two.join();
  EXPECT_EQ(texts(*journal, "cohort/a").size(), 301u);
}

TEST_F(SqliteStory, CheckpointsWhenTheLogHasGrownAndLeavesNoneBehind) {
  auto with = options();
  with.checkpoint_pages = 10;
  const auto journal = open(with);
  for (std::uint64_t i = 0; i < 50; ++i) ask(*journal, batch("cohort/a", i, {std::string(2'000, 'x')}));
  EXPECT_GE(journal->stats().checkpoints, 1u);
  EXPECT_LT(bytes_of_file(path_ + "-wal").size(), 40 * 4096u) << "the log is used again from its beginning";
  ASSERT_TRUE(journal->close());
  EXPECT_EQ(bytes_of_file(path_ + "-wal").size(), 0u);
}

TEST_F(SqliteStory, NamesARecordThatDoesNotMatchWhileReading) {
  auto journal = open();
  ask(*journal, batch("cohort/a", 0, {"1", "2", "3"}));
  ASSERT_TRUE(journal->close());
  sql("UPDATE records SET bytes = x'00' WHERE sequence = 2");
  journal = open();
  EXPECT_EQ(texts(*journal, "cohort/a"), (Texts{"1", "error: cohort/a record 2: its hash does not match its bytes"}));
  EXPECT_EQ(texts(*journal, "cohort/a", 3), Texts{"3"});
}

TEST_F(SqliteStory, NamesADamagedStreamAndServesTheOthers) {
  auto journal = open();
  ask(*journal, batch({part("cohort/a", 0, {"1"}), part("cohort/b", 0, {"1"})}));
  ASSERT_TRUE(journal->close());
  sql("UPDATE streams SET head = 2 WHERE name = 'cohort/a'");
  journal = open();
  EXPECT_EQ(journal->streams()->size(), 2u);
  EXPECT_EQ(texts(*journal, "cohort/a"),
            Texts{"error: cohort/a: its row in the streams table does not match its hash"});
  EXPECT_EQ(texts(*journal, "cohort/b"), Texts{"1"});
}

TEST_F(SqliteStory, NamesADamagedSnapshotRow) {
  auto journal = open();
  Part made = part("cohort/a", 0, {"1"});
  made.snapshot = SnapshotChange{SnapshotChange::Scope::Whole, {{"i/1", "one"}}, {}, {}, 1};
  ask(*journal, batch({made}));
  ASSERT_TRUE(journal->close());
  sql("UPDATE snapshot_rows SET bytes = x'00'");
  journal = open();
  ASSERT_FALSE(journal->snapshot("cohort/a"));
  EXPECT_EQ(journal->snapshot("cohort/a").error().message, "cohort/a: snapshot row i/1 does not match its hash");
}

using SqliteStoryDeathTest = SqliteStory;

TEST_F(SqliteStoryDeathTest, StopsACallerThatBreaksTheWordsOfAppend) {
  MemoryJournal journal;
  const auto ignore = [](const Answer&) {};
  EXPECT_DEATH(journal.append(Batch{}, ignore), "bug: !batch.parts.empty");
  EXPECT_DEATH(journal.append(batch({part("a", 0, {"1"}), part("a", 1, {"2"})}), ignore), "bug: seen.insert");
  EXPECT_DEATH(journal.append(batch("a", 0, {}), ignore), "bug: part.expected_sequence > 0");
}

}  // namespace
}  // namespace kvali::journal
