// The fault points of the journal in memory, with which the simulation plays.
#include "tests/server/journal/journal_world.h"

namespace kvali::journal {
namespace {

using Texts = std::vector<std::string>;

struct Simulated {
  MemoryJournal journal{MemoryJournal::Mode::Pumped};
  Texts answers;
  void send(Batch what) {
    journal.append(std::move(what), [this](const Answer& answer) { answers.push_back(say(answer)); });
  }
  void pump_all() {
    while (journal.pump()) {
    }
  }
};

TEST(MemoryJournal, AnswersOneAppendPerPump) {
  Simulated world;
  world.send(batch("cohort/a", 0, {"1"}));
  world.send(batch("cohort/a", 1, {"2"}));
  EXPECT_EQ(world.answers, Texts{});
  EXPECT_EQ(texts(world.journal, "cohort/a"), Texts{}) << "readers see only what is durable";
  EXPECT_TRUE(world.journal.pump());
  EXPECT_EQ(world.answers, Texts{"committed 1: cohort/a 1"});
  EXPECT_EQ(texts(world.journal, "cohort/a"), Texts{"1"});
  EXPECT_EQ(world.journal.in_flight(), 1u);
  EXPECT_TRUE(world.journal.pump());
  EXPECT_FALSE(world.journal.pump());
}

TEST(MemoryJournal, ForgetsWhatIsInFlightWhenTheProcessDies) {
  Simulated world;
  world.send(batch("cohort/a", 0, {"1"}));
  world.journal.pump();
  world.send(batch("cohort/a", 1, {"2"}));
  world.journal.crash();
  world.pump_all();
  EXPECT_EQ(world.answers, Texts{"committed 1: cohort/a 1"});
  EXPECT_EQ(texts(world.journal, "cohort/a"), Texts{"1"});
}

TEST(MemoryJournal, FailsTheNthAppendAndEverythingAfterUntilARestart) {
  Simulated world;
  world.journal.fail_append(1, "no space left");
  for (std::uint64_t i = 0; i < 3; ++i) world.send(batch("cohort/a", i, {"x"}));
  world.pump_all();
  EXPECT_EQ(world.answers, (Texts{"committed 1: cohort/a 1", "failed: no space left", "failed: no space left"}));
  EXPECT_EQ(world.journal.writable().error().message, "no space left");
  world.journal.crash();
  world.send(batch("cohort/a", 1, {"again"}));
  world.pump_all();
  EXPECT_EQ(world.answers.back(), "committed 2: cohort/a 2");
}

TEST(MemoryJournal, LetsAnotherWriterComeFirst) {
  Simulated world;
  world.send(batch("cohort/a", 0, {"mine"}));
  world.send(batch("cohort/a", 1, {"mine too"}));
  world.journal.append_elsewhere("cohort/a", note("theirs"));
  world.pump_all();
  EXPECT_EQ(world.answers, (Texts{"conflict: cohort/a ends at 1", "conflict: cohort/a ends at 1"}));
  EXPECT_EQ(texts(world.journal, "cohort/a"), Texts{"theirs"});
}

TEST(MemoryJournal, IsReadOnlyWhenToldAndDamagedWhereTold) {
  Simulated world;
  world.send(batch("cohort/a", 0, {"1", "2"}));
  world.pump_all();
  world.journal.set_read_only("the disk is nearly full");
  EXPECT_EQ(world.journal.writable().error().message, "the disk is nearly full");
  world.journal.set_read_only("");
  EXPECT_TRUE(world.journal.writable());
  world.journal.damage("cohort/a", 2, 0);
  EXPECT_EQ(texts(world.journal, "cohort/a"),
            (Texts{"1", "error: cohort/a record 2: its hash does not match its bytes"}));
}

}  // namespace
}  // namespace kvali::journal
