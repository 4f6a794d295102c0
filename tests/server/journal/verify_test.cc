// The verifier names what is wrong: every byte of every stored record, cut tails, holes, altered rows, damaged pages.
#include "server/journal/verify.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/server/journal/journal_world.h"

namespace kvali::journal {
namespace {

using sqlite::Connection;
using Texts = std::vector<std::string>;

/// A closed journal of 200 records in ten streams, with snapshots and due instants.
class Damaged : public testing::Test {
 protected:
  Damaged() {
    SqliteJournal::Options options;
    options.path = path_;
    auto journal = std::move(*SqliteJournal::open(std::move(options)));
    for (std::uint64_t i = 0; i < 100; ++i) {
      Part made = part(fmt::format("cohort/{}", i % 10), i / 10 * 2,
                       {fmt::format("record {}", i), fmt::format("and another {}", i)});
      made.next_due_us = static_cast<std::int64_t>(i);
      if (i % 3 == 0)
        made.snapshot =
            SnapshotChange{SnapshotChange::Scope::Changed, {{fmt::format("i/{}", i % 7), "row"}}, {}, {}, 1};
      journal->append(batch({made}),
                      [](const Answer& answer) { KVALI_CHECK(std::holds_alternative<Committed>(answer)); });
    }
    KVALI_CHECK(journal->close());
  }
  Connection open() const {
    auto opened = Connection::open({path_, {}}, Connection::Access::ReadWrite);
    KVALI_CHECK(opened);
    return std::move(*opened);
  }
  Texts findings() const {
    const auto report = verify_all(path_);
    EXPECT_TRUE(report) << report.error().message;
    Texts said;
    for (const Finding& finding : report->findings) said.push_back(finding.sentence);
    return said;
  }
  Texts findings_after(const char* sql) const {
    EXPECT_TRUE(open().run(sql)) << sql;
    return findings();
  }

  TempFolder folder_;
  std::string path_ = folder_ / "journal.db";
};

TEST_F(Damaged, IsFoundCleanBeforeItIsDamaged) {
  const auto report = verify_all(path_);
  ASSERT_TRUE(report && report->clean());
  EXPECT_EQ(report->streams, 10u);
  EXPECT_EQ(report->records, 200u);
  EXPECT_EQ(report->snapshot_rows, 34u);
}

TEST_F(Damaged, IsVerifiedBesideARunningServer) {
  SqliteJournal::Options options;
  options.path = path_;
  const auto journal = std::move(*SqliteJournal::open(std::move(options)));
  EXPECT_EQ(findings(), Texts{});
}

// Every byte of every column of each of the 200 records, one bit each, inside a transaction that is rolled back.
TEST_F(Damaged, IsNamedByTheRecordWhicheverByteOfItIsFlipped) {
  const Connection connection = open();
  ASSERT_TRUE(connection.run("BEGIN"));
  auto rows = *connection.prepare(
      "SELECT stream, sequence, name, instant_us, kind, version, commit_number, hash, bytes FROM records JOIN streams "
      "ON id = stream");
  auto set = *connection.prepare(
      "UPDATE records SET instant_us = ?3, kind = ?4, version = ?5, commit_number = ?6, hash = ?7, bytes = ?8 WHERE "
      "stream = ?1 AND sequence = ?2");
  struct Stored {
    std::int64_t stream, sequence;
    std::string name;
    std::array<std::int64_t, 4> numbers;
    std::array<std::string, 2> blobs;
  };
  std::vector<Stored> all;
  while (*rows.step()) {
    all.push_back({rows.integer(0),
                   rows.integer(1),
                   std::string(rows.bytes(2)),
                   {rows.integer(3), rows.integer(4), rows.integer(5), rows.integer(6)},
                   {std::string(rows.bytes(7)), std::string(rows.bytes(8))}});
  }
  ASSERT_EQ(all.size(), 200u);
  const auto store = [&](const Stored& row) {
    set.with(row.stream, row.sequence, row.numbers[0], row.numbers[1], row.numbers[2], row.numbers[3],
             sqlite::Blob{row.blobs[0]}, sqlite::Blob{row.blobs[1]});
    ASSERT_TRUE(set.run());
  };
  std::size_t flips = 0;
  for (const Stored& row : all) {
    const std::string expected = fmt::format("{} record {}: its hash does not match its bytes", row.name, row.sequence);
    const auto named = [&](const Stored& flipped) {
      ++flips;
      store(flipped);
      const auto finding = verify_chain(connection, row.name);
      ASSERT_TRUE(finding) << row.name << " " << row.sequence;
      ASSERT_EQ(finding->sentence, expected);
      ASSERT_EQ(finding->sequence, static_cast<std::uint64_t>(row.sequence));
    };
    for (std::size_t number = 0; number < row.numbers.size(); ++number) {
      const std::size_t bytes = number == 1 || number == 2 ? 4 : 8;  // kind and version have 32 bits
      for (std::size_t byte = 0; byte < bytes; ++byte) {
        Stored flipped = row;
        flipped.numbers[number] ^= std::int64_t{1} << (byte * 8 + flips % 8);
        named(flipped);
      }
    }
    for (std::size_t blob = 0; blob < row.blobs.size(); ++blob) {
      for (std::size_t byte = 0; byte < row.blobs[blob].size(); ++byte) {
        Stored flipped = row;
        flipped.blobs[blob][byte] = static_cast<char>(flipped.blobs[blob][byte] ^ (1 << (flips % 8)));
        named(flipped);
      }
    }
    store(row);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(flips, 200 * (24 + 32 + 8u));
  ASSERT_TRUE(connection.run("ROLLBACK"));
  EXPECT_EQ(findings(), Texts{});
}

TEST_F(Damaged, HasAHole) {
  EXPECT_THAT(findings_after("DELETE FROM records WHERE stream = 3 AND sequence = 7"),
              testing::Contains("cohort/2 record 7: missing; after record 6 comes record 8"));
}

TEST_F(Damaged, HasACutTail) {
  EXPECT_THAT(
      findings_after("DELETE FROM records WHERE stream = 3 AND sequence > 18"),
      testing::Contains("cohort/2 record 19: missing; the tail is cut, for the stream is said to end at record 20"));
}

TEST_F(Damaged, HasACutTailAndAHeadThatHidesIt) {
  EXPECT_THAT(findings_after("DELETE FROM records WHERE stream = 3 AND sequence > 18;"
                             "UPDATE streams SET head = 18, head_hash = (SELECT hash FROM records WHERE stream = 3 AND "
                             "sequence = 18) WHERE id = 3"),
              testing::Contains("cohort/2: its row in the streams table does not match its hash"));
}

TEST_F(Damaged, HasRecordsBeyondItsHead) {
  EXPECT_THAT(
      findings_after(
          "INSERT INTO records SELECT stream, 21, instant_us, kind, version, commit_number, hash, bytes FROM records "
          "WHERE stream = 3 AND sequence = 20"),
      testing::Contains("cohort/2 record 21: its hash does not match its bytes"));
}

TEST_F(Damaged, LostAWholeStreamWithItsRow) {
  EXPECT_EQ(findings_after("DELETE FROM records WHERE stream = 3; DELETE FROM streams WHERE id = 3; DELETE FROM "
                           "snapshot_rows WHERE stream = 3"),
            Texts{path_ + ": the journal counts 100 commits, its records show 90 up to number 100"});
}

TEST_F(Damaged, LostTheRowOfAStream) {
  EXPECT_EQ(
      findings_after("DELETE FROM streams WHERE id = 3").front(),
      path_ + ": table records holds records of stream number 3, which the streams table does not know (20 of them)");
}

TEST_F(Damaged, HasStreamsThatTradedNames) {
  EXPECT_THAT(
      findings_after("UPDATE streams SET name = 'x' WHERE id = 3; UPDATE streams SET name = 'cohort/2' WHERE id = 4;"
                     "UPDATE streams SET name = 'cohort/3' WHERE id = 3"),
      testing::IsSupersetOf({"cohort/2 record 1: its hash does not match its bytes",
                             "cohort/3 record 1: its hash does not match its bytes"}));
}

TEST_F(Damaged, HasAnAlteredSnapshotOrDueInstant) {
  EXPECT_THAT(findings_after("UPDATE snapshot_rows SET bytes = x'00' WHERE stream = 3 AND key = (SELECT min(key) FROM "
                             "snapshot_rows WHERE stream = 3)"),
              testing::Contains(testing::MatchesRegex("cohort/2: snapshot row i/. does not match its hash")));
  EXPECT_THAT(findings_after("UPDATE streams SET next_due_us = 5 WHERE id = 5"),
              testing::Contains("cohort/4: its row in the streams table does not match its hash"));
}

TEST_F(Damaged, HasAnAlteredSchema) {
  EXPECT_EQ(findings_after("CREATE INDEX other ON records (instant_us)"),
            Texts{path_ + ": holds a table or index that is not of a journal: other"});
  EXPECT_EQ(findings_after("DROP INDEX other; DROP INDEX streams_by_due"),
            Texts{path_ + ": table or index streams_by_due is missing"});
}

TEST_F(Damaged, IsNoDatabaseAtAll) {
  write_file(path_, std::string(5'000, 'x'));
  EXPECT_EQ(findings(), Texts{path_ + ": file is not a database (SQLite 26)"});
  EXPECT_EQ(verify_all(folder_ / "nothing").error().message,
            "opening " + folder_ / "nothing" + ": No such file or directory");
}

/// All that the journal says of its records, read without any checking; an error is its sentence.
std::string content(const std::string& path) {
  const auto connection = Connection::open({path, {}}, Connection::Access::ReadOnly);
  if (!connection) return connection.error().message;
  auto rows = connection->prepare("SELECT name, " KVALI_RECORD_COLUMNS
                                  " FROM records JOIN streams ON id = stream ORDER BY name, sequence");
  if (!rows) return rows.error().message;
  std::string all;
  for (;;) {
    const auto row = rows->step();
    if (!row) return row.error().message;
    if (!*row) return all;
    for (int column = 0; column < 8; ++column)
      all += fmt::format("{}:{}\n", rows->bytes(column).size(), rows->bytes(column));
  }
}

// Random bytes of the file: the verifier names a record or a page, or nothing that the records say has changed. 100 in
// the normal run; KVALI_LONG=1 takes 2,000.
TEST_F(Damaged, IsNamedOrUnharmedWhicheverByteOfTheFileIsFlipped) {
  const std::size_t rounds = long_run() ? 2'000 : 100;
  const std::string whole = bytes_of_file(path_);
  const std::string before = content(path_);
  std::mt19937_64 random(20170111);
  std::size_t records = 0, pages = 0, other = 0, harmless = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::size_t at = random() % whole.size();
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random() % 255));
    write_file(path_, bytes);
    const auto report = verify_all(path_);
    const bool clean = report && report->clean();
    if (clean) {
      ASSERT_EQ(content(path_), before) << "byte " << at << " was flipped and nobody said so";
      ++harmless;
      continue;
    }
    const auto any = [&](const auto& is) {
      return report && std::any_of(report->findings.begin(), report->findings.end(), is);
    };
    if (any([](const Finding& finding) { return finding.sequence > 0; })) {
      ++records;
    } else if (any([](const Finding& finding) { return finding.sentence.find("page damage") != std::string::npos; })) {
      ++pages;
    } else {
      ++other;
    }
  }
  RecordProperty("records_named", static_cast<int>(records));
  RecordProperty("pages_named", static_cast<int>(pages));
  RecordProperty("other_rows_named", static_cast<int>(other));
  RecordProperty("harmless", static_cast<int>(harmless));
  EXPECT_GT(records, rounds / 10);
  EXPECT_EQ(records + pages + other + harmless, rounds);
}

}  // namespace
}  // namespace kvali::journal
