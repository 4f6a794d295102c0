// Journals are kept for ever: each is folded by every later version to what it meant when it was written. A journal that a
// newer version wrote is refused with a sentence, never misread.
#include <fstream>
#include <sstream>

#include "server/core/core.h"
#include "server/journal/memory.h"
#include "tests/engine/cohort/describe.h"
#include "tests/journals/container.h"
#include "tests/journals/summary.h"
#include "tests/server/demo/world.h"

namespace kvali::journals {
namespace {

std::string file(const std::string& name) {
  std::string path = KVALI_SOURCE_DIR;
  path.append("/tests/journals/").append(name);
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << name;
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

TEST(Journals, FoldTheFirstCohortToWhatItWas) {
  journal::MemoryJournal journal;
  const auto filled = read(file("first-cohort.journal"), journal);
  ASSERT_TRUE(filled.has_value()) << filled.error().message;
  core::Store store;
  std::vector<std::string> notices;
  const auto replayed = store.replay(journal, notices);
  ASSERT_TRUE(replayed.has_value()) << replayed.error().message;
  EXPECT_THAT(notices, ::testing::IsEmpty());
  EXPECT_EQ(cohort::testing::difference(file("first-cohort.txt"), summary(store)), "");
  EXPECT_THAT(cohort::testing::broken_invariants(store.cohorts.at("season-2017").state), ::testing::IsEmpty());
}

// What records mean and how a state is kept as rows: whoever changes either raises fold_version, so that no snapshot of the old
// meaning is believed, and puts the new hash here.
TEST(Journals, FoldToTheStateThatThisVersionOfTheFoldMeans) {
  journal::MemoryJournal journal;
  ASSERT_TRUE(read(file("first-cohort.journal"), journal).has_value());
  core::Store store;
  std::vector<std::string> notices;
  ASSERT_TRUE(store.replay(journal, notices).has_value());
  const auto hash = [&](const std::string& stream) {
    std::string text;
    for (const std::uint8_t byte : store.take_snapshot(stream).state_hash) text += "0123456789abcdef"[byte >> 4], text += "0123456789abcdef"[byte & 15];
    return text.substr(0, 16) + " of version " + std::to_string(core::fold_version_of(stream));
  };
  EXPECT_EQ(hash("directory"), "b543103827632b89 of version 2");
  EXPECT_EQ(hash("cohort/season-2017"), "9516fe5c300609d7 of version 4");
}

TEST(Journals, AreReadAndWrittenAsTheSameBytes) {
  journal::MemoryJournal journal;
  const std::string bytes = file("first-cohort.journal");
  ASSERT_TRUE(read(bytes, journal).has_value());
  EXPECT_TRUE(written(journal).value() == bytes);
  journal::MemoryJournal other;
  EXPECT_EQ(read("kvali diary\n", other).error().message, "this is no kept journal: it does not begin with `kvali journal 1`");
  EXPECT_EQ(read("kvali journal 1\na 1 0 1 1 99\nxx", other).error().message, "byte 16: expected STREAM SEQUENCE INSTANT_US KIND VERSION BYTES");
}

/// A house with a person and a cohort, so that its streams have something before what comes from the future.
struct House {
  House() {
    const auto played = demo::play(season.core(), demo::testing::workflow("socifaction-2017"), options());
    if (!played) throw std::runtime_error(played.error().message);
  }
  demo::Options options() {
    demo::Options made = season.demo_options();
    made.until = "2016-11-14 09:05";
    return made;
  }
  /// What a start says: its error, or its notices.
  std::string starts() {
    core::Store store;
    std::vector<std::string> notices;
    const auto replayed = store.replay(season.journal, notices);
    if (!replayed) return replayed.error().message;
    std::string text;
    for (const std::string& one : notices) text += one;
    return text;
  }
  demo::testing::World season;
};

TEST(Journals, RefuseARecordOfAKindThatANewerVersionWrote) {
  House house;
  EXPECT_EQ(house.starts(), "");
  const std::uint64_t next = house.season.journal.head("cohort/season-2017").value().sequence + 1;
  house.season.journal.append_elsewhere("cohort/season-2017", {0, 4711, 1, std::string("\x82\x94\x02\x00", 4)});
  EXPECT_EQ(house.starts(), "cohort season-2017 is quarantined: record " + std::to_string(next) +
                                " is of a kind this version does not know; a newer kvali wrote it");
}

TEST(Journals, RefuseARecordOfALaterVersionOfItsKind) {
  House house;
  v1::Record record;
  record.mutable_clock_moved()->set_to_us(1);
  const std::uint64_t next = house.season.journal.head("cohort/season-2017").value().sequence + 1;
  house.season.journal.append_elsewhere("cohort/season-2017", {0, core::kind_of(record), 2, record.SerializeAsString()});
  EXPECT_EQ(house.starts(), "cohort season-2017 is quarantined: record " + std::to_string(next) +
                                " is of version 2 of its kind, this version knows 1; a newer kvali wrote it");
}

TEST(Journals, DoNotStartWithADirectoryFromTheFuture) {
  House house;
  const std::uint64_t next = house.season.journal.head("directory").value().sequence + 1;
  house.season.journal.append_elsewhere("directory", {0, 4711, 1, ""});
  EXPECT_EQ(house.starts(), "directory: record " + std::to_string(next) + " is of a kind this version does not know; a newer kvali wrote it");
}

TEST(Journals, RefuseBytesThatAreNoRecord) {
  House house;
  const std::uint64_t next = house.season.journal.head("cohort/season-2017").value().sequence + 1;
  house.season.journal.append_elsewhere("cohort/season-2017", {0, 50, 1, "\xff\xff\xff"});
  EXPECT_EQ(house.starts(), "cohort season-2017 is quarantined: record " + std::to_string(next) + " cannot be read");
}

}  // namespace
}  // namespace kvali::journals
