// Snapshots as the core writes and uses them: behind the commits, never in an answer's way, and never believed when they
// should not be.
#include <deque>
#include <map>

#include "server/core/core.h"
#include "server/core/executor.h"
#include "server/core/uuid.h"
#include "server/core/verify.h"
#include "server/journal/memory.h"
#include "server/journal/sqlite.h"
#include "server/journal/verify.h"
#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"
#include "tests/server/journal/temp_folder.h"

namespace kvali::core {
namespace {

using cohort::testing::difference;
using demo::testing::folded;
using demo::testing::live;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using Mode = journal::MemoryJournal::Mode;

constexpr std::uint64_t every = 7;  // records between snapshots, here

/// A house of which only the directory is used: two records make its manager. Nothing else becomes durable but by pump().
class House {
 public:
  House() {
    restart();
    register_persons(1);
    pump_all();
    manager_ = core_->store().directory.persons.front().id;
    answers.clear();
  }

  /// The process is killed and begins again: what was not durable is gone.
  void restart() {
    core_.reset();
    posted_.clear();
    journal.crash();
    core_ = std::make_unique<Core>(Options{journal, *vault_, [this](std::function<void()> run) { posted_.push_back(std::move(run)); },
                                           [](const std::string& sentence) { throw std::runtime_error(sentence); }, {}, nullptr, every});
    notices.clear();
    if (const auto started = core_->start(notices); !started) throw std::runtime_error(started.error().message);
  }
  /// Registers so many persons; answers come when their commits are durable.
  void register_persons(int count) {
    for (int i = 0; i < count; ++i) {
      Submission one;
      one.actor = manager_;
      one.now_us = ++now_us_;
      one.command.set_id(make_uuid_v7(one.now_us, static_cast<std::uint64_t>(now_us_), 0));
      one.command.mutable_register_person()->mutable_name()->set_text("Somebody");
            one.answer = [this](const Reply& reply) {
        EXPECT_EQ(reply.code, "");
        answers.push_back(reply.code);
      };
      core_->submit(std::move(one));
    }
  }
  /// The oldest batch becomes durable. False when there is none.
  bool pump() {
    const bool had = journal.pump();
    while (!posted_.empty()) {
      const auto run = std::move(posted_.front());
      posted_.pop_front();
      run();
    }
    return had;
  }
  void pump_all() {
    while (pump()) {
    }
  }
  /// The stored snapshot's position; 0 without one.
  [[nodiscard]] std::uint64_t position() const {
    const auto snapshot = journal.snapshot(directory_stream).value();
    return snapshot ? snapshot->position : 0;
  }
  /// Stores `change` as another kvali might have.
  void store(journal::SnapshotChange change) {
    journal::Batch batch;
    batch.parts.push_back({directory_stream, journal.head(directory_stream)->sequence, {}, {}, std::move(change)});
    journal.append(std::move(batch), [](const journal::Answer& answer) { ASSERT_TRUE(std::holds_alternative<journal::Committed>(answer)); });
    while (journal.pump()) {
    }
  }
  [[nodiscard]] std::string difference_from_record_1() const { return difference(folded(journal), live(*core_)); }
  /// Beside the manager.
  [[nodiscard]] std::size_t persons() const { return core_->store().directory.persons.size() - 1; }

  journal::MemoryJournal journal{Mode::Pumped};
  std::vector<std::string> notices, answers;

 private:
  std::unique_ptr<vault::Vault> vault_ = vault::Vault::in_memory(7);
  std::deque<std::function<void()>> posted_;
  std::unique_ptr<Core> core_;
  std::string manager_;
  std::int64_t now_us_ = demo::testing::world_begins_us;
};

TEST(CoreSnapshots, AreWrittenBehindTheCommitThatMakesThemDueAndKeepNoAnswerBack) {
  House house;
  house.register_persons(7);
  EXPECT_EQ(house.journal.in_flight(), 8u) << "seven commits and, behind the fifth, one snapshot";
  for (int i = 0; i < 5; ++i) house.pump();
  EXPECT_EQ(house.answers.size(), 5u);
  EXPECT_EQ(house.position(), 0u);
  house.pump();
  EXPECT_EQ(house.answers.size(), 5u);
  EXPECT_EQ(house.position(), 7u);
  house.pump_all();
  EXPECT_EQ(house.answers.size(), 7u);
  house.restart();
  EXPECT_THAT(house.notices, IsEmpty());
  EXPECT_EQ(house.persons(), 7u);
  EXPECT_EQ(house.difference_from_record_1(), "");
}

TEST(CoreSnapshots, WriteOnlyTheRowsThatChanged) {
  std::vector<journal::SnapshotChange> changes;
  Store store;
  v1::Record record;
  for (int i = 0; i < 9; ++i) {
    record.mutable_person_registered()->set_person("p" + std::to_string(i));
    ASSERT_TRUE(store.apply(directory_stream, record));
    if (i % 3 == 2) changes.push_back(store.take_snapshot(directory_stream));
  }
  const auto keys = [](const journal::SnapshotChange& change) {
    std::vector<std::string> made;
    for (const journal::SnapshotRow& row : change.upserts) made.push_back(row.key);
    return made;
  };
  EXPECT_EQ(changes[0].scope, journal::SnapshotChange::Scope::Whole);
  EXPECT_THAT(keys(changes[0]), ElementsAre("head", "person/00000000/p0", "person/00000001/p1", "person/00000002/p2"));
  EXPECT_EQ(changes[2].scope, journal::SnapshotChange::Scope::Changed);
  EXPECT_THAT(keys(changes[2]), ElementsAre("head", "person/00000006/p6", "person/00000007/p7", "person/00000008/p8"));
  Store whole;
  for (int i = 0; i < 9; ++i) {
    record.mutable_person_registered()->set_person("p" + std::to_string(i));
    ASSERT_TRUE(whole.apply(directory_stream, record));
  }
  EXPECT_EQ(whole.take_snapshot(directory_stream).state_hash, changes[2].state_hash) << "by whatever road, one state has one hash";
}

TEST(CoreSnapshots, MayBeLostBetweenTheRecordsAndTheirRows) {
  House house;
  house.register_persons(5);
  for (int i = 0; i < 5; ++i) house.pump();
  house.restart();  // the snapshot was in flight
  EXPECT_EQ(house.position(), 0u);
  EXPECT_EQ(house.persons(), 5u);
  house.pump_all();
  EXPECT_EQ(house.position(), 7u) << "a start that had much to fold writes what the next need not";
  house.register_persons(12);
  for (int i = 0; i < 9; ++i) house.pump();
  EXPECT_EQ(house.position(), 14u);
  house.restart();
  EXPECT_THAT(house.notices, IsEmpty());
  EXPECT_EQ(house.persons(), 13u) << "one of the nine was the snapshot";
  EXPECT_EQ(house.difference_from_record_1(), "");
}

TEST(CoreSnapshots, OfAnotherVersionOfTheFoldArePassedOver) {
  House house;
  house.register_persons(6);
  house.pump_all();
  ASSERT_EQ(house.position(), 7u);
  house.store({journal::SnapshotChange::Scope::Changed, {{"head", "what another version means"}}, {}, {}, directory::fold_version + 1});
  EXPECT_THAT(verify_fold(house.journal)->passed_over, ElementsAre("directory"));
  house.restart();
  EXPECT_THAT(house.notices, ElementsAre("directory was folded from record 1, without its snapshot: it is of version 3 of the fold, this kvali folds by version 2"));
  EXPECT_EQ(house.persons(), 6u);
  EXPECT_EQ(house.difference_from_record_1(), "");
  house.pump_all();
  EXPECT_EQ(house.journal.snapshot(directory_stream).value()->fold_version, directory::fold_version) << "and written anew";
  house.restart();
  EXPECT_THAT(house.notices, IsEmpty());
}

/// What a start says after `spoil` was done to the rows of a stored snapshot whose hash still fits them or not.
template <class Spoil>
std::vector<std::string> notices_after(const Spoil& spoil) {
  House house;
  house.register_persons(6);
  house.pump_all();
  journal::Snapshot snapshot = house.journal.snapshot(directory_stream).value().value();
  std::vector<Row> rows = rows_of(snapshot.rows);
  StoredSnapshot other;
  spoil(rows);
  journal::SnapshotChange change = other.whole(rows, snapshot.position, snapshot.fold_version);
  if (rows.front().bytes == "spoilt") change.state_hash = snapshot.state_hash;
  house.store(std::move(change));
  house.restart();
  EXPECT_EQ(house.persons(), 6u);
  EXPECT_EQ(house.difference_from_record_1(), "");
  return house.notices;
}

TEST(CoreSnapshots, ThatDoNotFitAreNotBelieved) {
  const std::string told = "directory was folded from record 1, without its snapshot: ";
  EXPECT_THAT(notices_after([](auto& rows) { rows.front().bytes = "spoilt"; }), ElementsAre(told + "its rows do not make the state's hash"));
  EXPECT_THAT(notices_after([](auto& rows) { rows.pop_back(); }),
              ElementsAre(told + "there are rows of 5 persons, 0 organisations, 1 grants; the head counts 6, 0, 1"));
  // A snapshot of record 7 that is stored beside record 8 is not what it says.
  EXPECT_THAT(notices_after([](auto&) {}), ElementsAre(told + "it stands at record 8, its head row at 7"));
}

TEST(CoreSnapshots, GoOnWhenAnotherWriterWasFirst) {
  House house;
  house.register_persons(4);
  house.pump_all();
  house.register_persons(1);  // and its snapshot
  v1::Record other;
  other.mutable_person_registered()->set_person("from-elsewhere");
  house.journal.append_elsewhere(directory_stream, {0, kind_of(other), record_version, other.SerializeAsString()});
  house.pump_all();
  EXPECT_EQ(house.answers.size(), 5u);
  EXPECT_EQ(house.persons(), 6u);
  EXPECT_EQ(house.position(), 8u);
  EXPECT_EQ(house.difference_from_record_1(), "");
  house.restart();
  EXPECT_THAT(house.notices, IsEmpty());
  EXPECT_EQ(house.difference_from_record_1(), "");
}

TEST(CoreSnapshots, AloneInFlightMayMeetAnotherWriterToo) {
  House house;
  house.register_persons(5);
  for (int i = 0; i < 5; ++i) house.pump();
  v1::Record other;
  other.mutable_person_registered()->set_person("from-elsewhere");
  house.journal.append_elsewhere(directory_stream, {0, kind_of(other), record_version, other.SerializeAsString()});
  house.pump_all();
  EXPECT_EQ(house.persons(), 6u) << "the conflict of a snapshot tells of records that were not seen";
  EXPECT_EQ(house.position(), 0u);
  house.register_persons(1);
  house.pump_all();
  EXPECT_EQ(house.answers.size(), 6u);
  EXPECT_EQ(house.position(), 9u);
  EXPECT_EQ(house.difference_from_record_1(), "");
}

TEST(CoreSnapshots, WaitUntilTheDiskTakesSomethingAgain) {
  House house;
  house.register_persons(4);
  house.pump_all();
  house.register_persons(1);
  house.pump();
  house.journal.set_read_only("the disk is full");
  house.restart();
  EXPECT_EQ(house.journal.in_flight(), 0u);
  house.journal.set_read_only("");
  house.restart();
  house.pump_all();
  EXPECT_EQ(house.position(), 7u);
}

// --- with a cohort

/// The beginning of the season of 2017, up to the first hundred or so records.
void play(demo::testing::World& world) {
  demo::Options options = world.demo_options();
  options.until = "2016-12-05 09:00";
  const auto played = demo::play(world.core(), demo::testing::workflow("socifaction-2017"), options);
  ASSERT_TRUE(played.has_value()) << played.error().message;
}

TEST(CoreSnapshots, CarryACohortThroughEveryStart) {
  demo::testing::World world;
  world.snapshot_records = 20;
  world.restart();
  play(world);
  const auto snapshot = world.journal.snapshot("cohort/season-2017").value();
  ASSERT_TRUE(snapshot.has_value());
  const std::uint64_t behind = world.journal.head("cohort/season-2017")->sequence - snapshot->position;
  EXPECT_LT(behind, 20u + 1000u) << "the opening is a commit of its own";
  world.restart();
  EXPECT_EQ(difference(folded(world.journal), live(world.core())), "");
  Store from_record_1;
  std::vector<std::string> notices;
  ASSERT_TRUE(from_record_1.replay(world.journal, notices, Road::FirstRecord));
  EXPECT_EQ(from_record_1.rows("cohort/season-2017"), world.core().store().rows("cohort/season-2017")) << "touches are in them";
  const auto report = verify_fold(world.journal);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->findings, IsEmpty());
  EXPECT_GT(report->rows, 100u);
}

TEST(CoreSnapshots, CarryWhatReadersWhoWereAwayAreToldBy) {
  cohort::Cohort state;
  Touches touches;
  std::map<std::string, std::string> kept;
  v1::Record record;
  const auto whole = [&] {
    std::map<std::string, std::string> rows;
    for (Row& row : touches.encode()) rows[row.key] = std::move(row.bytes);
    return rows;
  };
  for (std::size_t i = 1; i <= limits::touches_remembered_max + 3000; ++i) {
    record.mutable_fields_written()->set_initiative("i" + std::to_string(i % 7));
    touches.note(state, record);
    ++state.sequence;
    if (i % 1000 > 0) continue;
    RowChanges changes = touches.encode_stale();
    touches.written();
    for (Row& row : changes.upserts) kept[row.key] = std::move(row.bytes);
    for (const std::string& key : changes.deletes) kept.erase(key);
    ASSERT_EQ(kept, whole()) << i;
  }
  std::vector<Row> rows = touches.encode();
  rows.insert(rows.begin(), Row{"head", "of the cohort"});
  const auto decoded = Touches::decode(rows);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_THAT(rows, ElementsAre(Row{"head", "of the cohort"}));
  EXPECT_FALSE(decoded->since(2999).has_value());
  ASSERT_TRUE(decoded->since(3000).has_value());
  EXPECT_EQ(decoded->since(3000)->size(), limits::touches_remembered_max);
  EXPECT_EQ(decoded->since(22'998)->front().initiative, "i" + std::to_string(22'999 % 7));
  EXPECT_EQ(Touches::decode(rows).error().message, "row touched is missing");
}

TEST(CoreSnapshots, AreComparedRowByRowAndTheInitiativeNamed) {
  demo::testing::World world;
  play(world);
  Store store;
  std::vector<std::string> notices;
  ASSERT_TRUE(store.replay(world.journal, notices, Road::FirstRecord));
  const std::string stream = "cohort/season-2017";
  cohort::Cohort& state = store.cohorts.at("season-2017").state;
  state.initiatives.at(3).applicant = "somebody else";
  state.initiatives.pop_back();
  state.happenings.pop_back();
  journal::Batch batch;
  batch.parts.push_back({stream, store.sequence(stream), {}, {}, store.take_snapshot(stream)});
  world.journal.append(std::move(batch), [](const journal::Answer&) {});
  const auto report = verify_fold(world.journal);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->findings,
              ElementsAre(::testing::ContainsRegex("^cohort/season-2017: its snapshot at record [0-9]+: row head is not what the records fold to$"),
                          ::testing::ContainsRegex("^cohort/season-2017: its snapshot at record [0-9]+: row initiative/00000003/[0-9a-z]{13} is not what the records fold to$"),
                          ::testing::ContainsRegex("^cohort/season-2017: its snapshot at record [0-9]+: row initiative/[0-9]+/[0-9a-z]{13} is missing$")));
}

// --- on a disk

/// A server's parts on a folder, one start.
class Served {
  Executor executor_;  // first: what stands below posts to it until its end

 public:
  explicit Served(const std::string& path, vault::Vault& vault) {
    auto opened = journal::SqliteJournal::open({path, {}, [](const std::string&) { return std::uint64_t{1} << 40; }, {}});
    if (!opened) throw std::runtime_error(opened.error().message);
    journal = std::move(*opened);
    core_ = std::make_unique<Core>(Options{*journal, vault, [this](std::function<void()> run) { executor_.post(std::move(run)); },
                                           [](const std::string& sentence) { throw std::runtime_error(sentence); }, {}, nullptr, every});
    if (const auto started = core_->start(notices); !started) throw std::runtime_error(started.error().message);
  }
  void register_person(std::int64_t now_us) {
    bool answered = false;
    Submission one;
    if (!store().directory.persons.empty()) one.actor = store().directory.persons.front().id;
    one.now_us = now_us;
    one.command.set_id(make_uuid_v7(now_us, 1, 2));
    one.command.mutable_register_person()->mutable_name()->set_text("Somebody");
    one.answer = [&](const Reply& reply) {
      answered = true;
      EXPECT_EQ(reply.code, "");
    };
    core_->submit(std::move(one));
    while (!answered) executor_.run_one();
  }
  void end() { ASSERT_TRUE(journal->close()); }
  [[nodiscard]] const Store& store() const { return core_->store(); }

  std::vector<std::string> notices;
  std::unique_ptr<journal::SqliteJournal> journal;

 private:
  std::unique_ptr<Core> core_;
};

TEST(CoreSnapshots, WithADamagedRowAreNamedAndDoneWithout) {
  const TempFolder folder;
  const std::string path = folder / "journal.sqlite";
  const auto vault = vault::Vault::in_memory(7);
  {
    Served served(path, *vault);
    for (int i = 1; i <= 12; ++i) served.register_person(demo::testing::world_begins_us + i * 1000);
    served.end();
  }
  const auto connection = sqlite::Connection::open({path, {}}, sqlite::Connection::Access::ReadWrite);
  ASSERT_TRUE(connection && connection->run("UPDATE snapshot_rows SET bytes = x'00' WHERE key LIKE 'person/00000003/%'"));
  const auto report = journal::verify_all(path);
  ASSERT_TRUE(report.has_value());
  ASSERT_EQ(report->findings.size(), 1u);
  EXPECT_THAT(report->findings[0].sentence, MatchesRegex("directory: snapshot row person/00000003/.* does not match its hash"));
  {
    Served served(path, *vault);
    EXPECT_THAT(served.notices, ElementsAre("directory was folded from record 1, without its snapshot: " + report->findings[0].sentence));
    EXPECT_EQ(served.store().directory.persons.size(), 12u);
    served.end();
  }
  Served served(path, *vault);
  EXPECT_THAT(served.notices, IsEmpty()) << "the start before has written it anew";
  EXPECT_EQ(served.store().directory.persons.size(), 12u);
  served.end();
}

}  // namespace
}  // namespace kvali::core
