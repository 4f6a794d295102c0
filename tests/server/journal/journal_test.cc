// One journal test, every journal: what journal.h promises, in memory (at once and pumped) and in SQLite.
#include <map>
#include <random>

#include "engine/calendar/calendar.h"
#include "server/journal/chain.h"
#include "tests/server/journal/journal_world.h"

namespace kvali::journal {
namespace {

using testing::TestParamInfo;
using testing::Values;
using Texts = std::vector<std::string>;

class EveryJournal : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "Sqlite") {
      world_ = std::make_unique<SqliteWorld>();
    } else {
      world_ = std::make_unique<MemoryWorld>(GetParam() == "Pumped" ? MemoryJournal::Mode::Pumped
                                                                    : MemoryJournal::Mode::AtOnce);
    }
  }
  World& world() { return *world_; }
  Journal& journal() { return world_->journal(); }

 private:
  std::unique_ptr<World> world_;
};

INSTANTIATE_TEST_SUITE_P(, EveryJournal, Values("AtOnce", "Pumped", "Sqlite"),
                         [](const TestParamInfo<std::string>& each) { return each.param; });

TEST_P(EveryJournal, IsEmptyAtFirst) {
  EXPECT_TRUE(journal().streams()->empty());
  EXPECT_EQ(*journal().head("cohort/a"), (Head{"cohort/a", 0, {}}));
  EXPECT_EQ(texts(journal(), "cohort/a"), Texts{});
  EXPECT_EQ(*journal().next_due(), std::nullopt);
  EXPECT_EQ(*journal().snapshot("cohort/a"), std::nullopt);
  EXPECT_TRUE(journal().writable());
}

TEST_P(EveryJournal, NumbersTheRecordsOfAStreamAndTheCommitsOfAll) {
  EXPECT_EQ(world().ask(batch("cohort/a", 0, {"one", "two"})), "committed 1: cohort/a 2");
  EXPECT_EQ(world().ask(batch("directory", 0, {"uno"})), "committed 2: directory 1");
  EXPECT_EQ(world().ask(batch("cohort/a", 2, {"three"})), "committed 3: cohort/a 3");
  const std::vector<Record> stored = records(journal(), "cohort/a");
  ASSERT_EQ(stored.size(), 3u);
  EXPECT_EQ(stored[0].sequence, 1u);
  EXPECT_EQ(stored[0].commit, 1u);
  EXPECT_EQ(stored[1].commit, 1u);
  EXPECT_EQ(stored[2].sequence, 3u);
  EXPECT_EQ(stored[2].commit, 3u);
}

TEST_P(EveryJournal, KeepsEveryFieldAndEveryByteAcrossARestart) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte.push_back(static_cast<char>(byte));
  Part odd;
  odd.stream = "program/ąčę";
  odd.records = {
      {INT64_MIN, 0, 0, ""}, {INT64_MAX, UINT32_MAX, UINT32_MAX, every_byte}, {-1, 1, 2, std::string(70'000, '\0')}};
  ASSERT_EQ(world().ask(batch({odd})), "committed 1: program/ąčę 3");
  const std::vector<Record> before = records(journal(), odd.stream);
  world().restart();
  const std::vector<Record> after = records(journal(), odd.stream);
  EXPECT_EQ(after, before);
  ASSERT_EQ(after.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(after[i].instant_us, odd.records[i].instant_us);
    EXPECT_EQ(after[i].kind, odd.records[i].kind);
    EXPECT_EQ(after[i].version, odd.records[i].version);
    EXPECT_EQ(after[i].bytes, odd.records[i].bytes);
  }
  EXPECT_EQ(world().ask(batch(odd.stream, 3, {"goes on"})), "committed 2: program/ąčę 4");
}

TEST_P(EveryJournal, StoresSeveralStreamsTogetherOrNotAtAll) {
  EXPECT_EQ(world().ask(batch({part("cohort/a", 0, {"claim"}), part("directory", 0, {"claimed"})})),
            "committed 1: cohort/a 1, directory 1");
  EXPECT_EQ(world().ask(batch({part("cohort/b", 0, {"claim"}), part("directory", 0, {"claimed"})})),
            "conflict: directory ends at 1");
  EXPECT_EQ(texts(journal(), "cohort/b"), Texts{});
  EXPECT_EQ(journal().streams()->size(), 2u);
  EXPECT_EQ(journal().streams()->front().stream, "cohort/a");
}

TEST_P(EveryJournal, RefusesAnAppendThatExpectsAnotherHead) {
  ASSERT_EQ(world().ask(batch("cohort/a", 0, {"one"})), "committed 1: cohort/a 1");
  EXPECT_EQ(world().ask(batch("cohort/a", 0, {"also one"})), "conflict: cohort/a ends at 1");
  journal().resume("cohort/a");
  EXPECT_EQ(world().ask(batch("cohort/a", 2, {"three"})), "conflict: cohort/a ends at 1");
  journal().resume("cohort/a");
  EXPECT_EQ(world().ask(batch("cohort/a", 1, {"two"})), "committed 2: cohort/a 2");
}

TEST_P(EveryJournal, TakesAppendsBuiltOnOthersStillInFlight) {
  for (std::uint64_t i = 0; i < 300; ++i) world().send(batch("cohort/a", i, {fmt::format("record {}", i + 1)}));
  Texts expected;
  for (int i = 1; i <= 300; ++i) expected.push_back(fmt::format("committed {}: cohort/a {}", i, i));
  EXPECT_EQ(world().answers(), expected) << "answers come in the order of the appends";
  EXPECT_EQ(texts(journal(), "cohort/a", 299), (Texts{"record 299", "record 300"}));
}

TEST_P(EveryJournal, ConflictsWithWhateverWasBuiltOnAConflict) {
  ASSERT_EQ(world().ask(batch("cohort/a", 0, {"from another writer"})), "committed 1: cohort/a 1");
  world().send(batch("cohort/a", 0, {"late"}));
  world().send(batch("cohort/a", 1, {"built on the late one, though the number fits"}));
  EXPECT_EQ(world().answers(), (Texts{"conflict: cohort/a ends at 1", "conflict: cohort/a ends at 1"}));
  world().send(batch("cohort/a", 1, {"still in flight when the conflict became known"}));
  journal().resume("cohort/a");
  world().send(batch("cohort/a", 1, {"decided again"}));
  EXPECT_EQ(world().answers(), (Texts{"conflict: cohort/a ends at 1", "committed 2: cohort/a 2"}));
  EXPECT_EQ(texts(journal(), "cohort/a"), (Texts{"from another writer", "decided again"}));
}

TEST_P(EveryJournal, ConflictsOverEveryStreamOfTheLostCommit) {
  world().send(batch("cohort/a", 0, {"a"}));
  world().send(batch({part("cohort/a", 9, {"x"}), part("directory", 0, {"x"})}));
  world().send(batch("directory", 0, {"decided on a directory that was dropped"}));
  world().send(batch("cohort/b", 0, {"not concerned"}));
  EXPECT_EQ(world().answers(), (Texts{"committed 1: cohort/a 1", "conflict: cohort/a ends at 1",
                                      "conflict: directory ends at 0", "committed 2: cohort/b 1"}));
}

TEST_P(EveryJournal, ReadsFromAnyRecordAndStopsWhenTold) {
  ASSERT_EQ(world().ask(batch("cohort/a", 0, {"1", "2", "3", "4"})), "committed 1: cohort/a 4");
  EXPECT_EQ(texts(journal(), "cohort/a", 3), (Texts{"3", "4"}));
  EXPECT_EQ(texts(journal(), "cohort/a", 5), Texts{});
  EXPECT_EQ(texts(journal(), "cohort/a", 99), Texts{});
  Texts seen;
  ASSERT_TRUE(journal().read("cohort/a", 2, [&](const Record& record) {
    seen.push_back(record.bytes);
    return record.sequence == 3 ? Visit::Stop : Visit::Continue;
  }));
  EXPECT_EQ(seen, (Texts{"2", "3"}));
}

TEST_P(EveryJournal, KeepsTheNextDueInstantOfEachStream) {
  const auto due_at = [&](std::int64_t instant) {
    Texts said;
    const auto all = journal().due_at(instant);
    for (const Due& due : *all) said.push_back(fmt::format("{} at {}", due.stream, due.due_us));
    return said;
  };
  const auto with_due = [](Part made, std::int64_t due) {
    made.next_due_us = due;
    return made;
  };
  world().ask(batch({with_due(part("cohort/a", 0, {"1"}), 300), with_due(part("cohort/b", 0, {"1"}), 100),
                     part("cohort/c", 0, {"1"}), with_due(part("cohort/d", 0, {"1"}), 100)}));
  EXPECT_EQ(due_at(99), Texts{});
  EXPECT_EQ(due_at(100), (Texts{"cohort/b at 100", "cohort/d at 100"}));
  EXPECT_EQ(due_at(1'000), (Texts{"cohort/b at 100", "cohort/d at 100", "cohort/a at 300"}));
  EXPECT_EQ(*journal().next_due(), (Due{"cohort/b", 100}));

  world().ask(batch({part("cohort/a", 1, {"says nothing of time"}),
                     with_due(part("cohort/b", 1, {"2"}), calendar::never), with_due(part("cohort/d", 1, {}), 500)}));
  world().restart();
  EXPECT_EQ(due_at(INT64_MAX), (Texts{"cohort/a at 300", "cohort/d at 500"}));
  EXPECT_EQ(*journal().next_due(), (Due{"cohort/a", 300}));
}

TEST_P(EveryJournal, KeepsASnapshotWhereItWasTaken) {
  Part first = part("cohort/a", 0, {"1", "2"});
  first.snapshot =
      SnapshotChange{SnapshotChange::Scope::Changed, {{"i/2", "two"}, {"i/1", "one"}, {"i/3", ""}}, {}, Hash{1}, 5};
  const std::string zero("\0", 1);
  Part second = part("cohort/a", 2, {"3"});
  second.snapshot = SnapshotChange{SnapshotChange::Scope::Changed, {{"i/1", zero}}, {"i/2", "never there"}, Hash{2}, 5};
  ASSERT_EQ(world().ask(batch({first})), "committed 1: cohort/a 2");
  ASSERT_EQ(world().ask(batch({second})), "committed 2: cohort/a 3");
  ASSERT_EQ(world().ask(batch("cohort/a", 3, {"4"})), "committed 3: cohort/a 4");
  world().restart();
  const auto snapshot = journal().snapshot("cohort/a");
  ASSERT_TRUE(snapshot && *snapshot);
  EXPECT_EQ(**snapshot,
            (Snapshot{3, records(journal(), "cohort/a")[2].hash, Hash{2}, 5, {{"i/1", zero}, {"i/3", ""}}}));
  EXPECT_EQ(texts(journal(), "cohort/a", (*snapshot)->position + 1), Texts{"4"});
}

TEST_P(EveryJournal, ReplacesAWholeSnapshotWithoutRecordsOrACommitNumber) {
  Part first = part("cohort/a", 0, {"1"});
  first.snapshot = SnapshotChange{SnapshotChange::Scope::Whole, {{"old", "1"}}, {}, Hash{1}, 1};
  Part again = part("cohort/a", 1, {});
  again.snapshot = SnapshotChange{SnapshotChange::Scope::Whole, {{"new", "2"}}, {}, Hash{2}, 2};
  ASSERT_EQ(world().ask(batch({first})), "committed 1: cohort/a 1");
  EXPECT_EQ(world().ask(batch({again})), "committed 1: cohort/a 1");
  EXPECT_EQ(world().ask(batch("cohort/b", 0, {"1"})), "committed 2: cohort/b 1");
  const auto snapshot = journal().snapshot("cohort/a");
  ASSERT_TRUE(snapshot && *snapshot);
  EXPECT_EQ((*snapshot)->rows, (std::vector<SnapshotRow>{{"new", "2"}}));
  EXPECT_EQ((*snapshot)->fold_version, 2u);
}

TEST_P(EveryJournal, AnswersWhatIsInFlightBeforeItCloses) {
  for (std::uint64_t i = 0; i < 50; ++i) world().send(batch("cohort/a", i, {"x"}));
  world().restart();
  EXPECT_EQ(world().answers().back(), "committed 50: cohort/a 50");
  EXPECT_EQ(texts(journal(), "cohort/a").size(), 50u);
}

// A stored chain has to be proved by every later version: these bytes never change.
TEST_P(EveryJournal, HashesTheSameRecordsToTheSameChainForEver) {
  ASSERT_EQ(world().ask(batch("cohort/a", 0, {"one", "two"})), "committed 1: cohort/a 2");
  std::string hex;
  const Hash hash = journal().head("cohort/a")->hash;
  for (const std::uint8_t byte : hash) hex += fmt::format("{:02x}", byte);
  EXPECT_EQ(hex, "6b48d0be372b41d9595a8a6950de0a03e27895beddd33f2628868a2add2c46f1");
}

// A naive model beside the journal: random commits over four streams, some of them on a wrong basis.
TEST_P(EveryJournal, AgreesWithANaiveModelOnRandomCommits) {
  std::mt19937 random(20170111);
  const auto draw = [&](unsigned below) { return random() % below; };
  std::map<std::string, Texts> model;
  std::uint64_t commit = 0;
  for (int round = 0; round < 40; ++round) {
    Texts expected;
    for (int i = 0; i < 8; ++i) {
      std::vector<Part> parts;
      std::string conflict;
      for (const char* name : {"cohort/a", "cohort/b", "directory", "program/p"}) {
        if (draw(2) == 0) continue;
        const std::size_t head = model[name].size();
        const bool wrong = draw(12) == 0;
        parts.push_back(
            part(name, wrong ? head + 1 : head, Texts(1 + draw(3), fmt::format("round {} append {}", round, i))));
        if (wrong && conflict.empty()) conflict = fmt::format("conflict: {} ends at {}", name, head);
      }
      if (parts.empty()) continue;
      std::string heads;
      for (const Part& each : parts) {
        if (!conflict.empty()) break;
        for (const NewRecord& record : each.records) model[each.stream].push_back(record.bytes);
        heads += fmt::format("{} {} {}", heads.empty() ? "" : ",", each.stream, model[each.stream].size());
      }
      expected.push_back(conflict.empty() ? fmt::format("committed {}:{}", ++commit, heads) : conflict);
      std::vector<std::string> dropped;
      for (const Part& each : parts) dropped.push_back(each.stream);
      world().send(Batch{std::move(parts)});
      if (!conflict.empty())
        for (const std::string& name : dropped) journal().resume(name);
    }
    ASSERT_EQ(world().answers(), expected) << "round " << round;
    if (draw(8) == 0) world().restart();
    for (const auto& [name, stored] : model) ASSERT_EQ(texts(journal(), name), stored) << name << " in round " << round;
  }
}

}  // namespace
}  // namespace kvali::journal
