// The directory through its rows: after every record the same as lived, and as snapshots of only what changed.
#include "engine/directory/snapshot.h"

#include <map>
#include <random>

namespace kvali::directory {
namespace {

/// Somebody registers, is related, is no longer; organisations learn facts. From a seed.
class Town {
 public:
  explicit Town(std::uint64_t seed) : random_(seed) {}

  v1::Record next() {
    v1::Record record;
    const std::string id = "x" + std::to_string(++made_);
    if (random_() % 4 > 0) {
      record.mutable_commit()->set_command_id("command-" + id);
      record.mutable_commit()->set_request_hash("hash-" + id);
      record.mutable_commit()->set_created(id);
    }
    switch (organisations_.empty() ? 1 : random_() % 5) {
      case 0: {
        v1::PersonRegistered& one = *record.mutable_person_registered();
        one.set_person(id);
        one.mutable_name()->set_cipher("cipher of " + id);
        one.mutable_email()->set_size(7);
        one.add_languages("ka");
        break;
      }
      case 1: {
        v1::OrganisationRegistered& one = *record.mutable_organisation_registered();
        one.set_organisation(id);
        one.set_name("The " + id);
        one.set_kind("community");
        one.set_country("GE");
        one.set_registration("404-" + id);
        organisations_.push_back(id);
        break;
      }
      case 2: {
        v1::RelationGranted& one = *record.mutable_relation_granted();
        one.set_grant(id);
        one.set_person("x1");
        one.set_relation("member");
        one.set_scope(organisations_.front());
        one.set_from_us(5);
        one.set_until_us(random_() % 2 ? 0 : 9);
        grants_.push_back(id);
        break;
      }
      case 3: record.mutable_relation_ended()->set_grant(grants_.empty() ? "none" : grants_[random_() % grants_.size()]); break;
      default: {
        record.mutable_fact_recorded()->set_organisation(organisations_[random_() % organisations_.size()]);
        record.mutable_fact_recorded()->mutable_fact()->set_name("founded " + id);
      }
    }
    return record;
  }

 private:
  std::mt19937_64 random_;
  std::uint64_t made_ = 0;
  std::vector<std::string> organisations_, grants_;
};

TEST(DirectorySnapshot, IsTheSameThroughItsRowsAfterEveryRecord) {
  Town town(20170116);
  Directory lived, through;
  std::map<std::string, std::string> kept;
  for (int i = 0; i < 2500; ++i) {
    const v1::Record record = town.next();
    ASSERT_TRUE(apply(lived, record) && apply(through, record));
    if (i % 20 > 0) continue;
    for (Row& row : encode_stale(lived).upserts) kept[row.key] = std::move(row.bytes);
    lived.stale = {};
    const std::vector<Row> rows = encode(lived);
    ASSERT_EQ(rows.size(), kept.size());
    for (const Row& row : rows) ASSERT_EQ(kept[row.key], row.bytes) << row.key;
    auto decoded = decode(encode(through));
    ASSERT_TRUE(decoded) << decoded.error().message;
    through = std::move(*decoded);
    ASSERT_TRUE(encode(through) == rows);
    ASSERT_EQ(through.person_index, lived.person_index);
    ASSERT_EQ(through.organisation_index, lived.organisation_index);
  }
  EXPECT_GT(lived.answered.size(), 1500u);
}

TEST(DirectorySnapshot, NamesTheRowThatIsNotWhatItShouldBe) {
  Town town(7);
  Directory directory;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(apply(directory, town.next()));
  const std::vector<Row> good = encode(directory);
  ASSERT_TRUE(decode(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::vector<Row> rows = good;
    rows[at].bytes = "\xff";
    EXPECT_EQ(decode(rows).error().message, "row " + good[at].key + " cannot be read");
    rows[at].key = "zebra";
    EXPECT_FALSE(decode(rows)) << good[at].key;
  }
  EXPECT_EQ(decode({}).error().message, "row head is missing");
}

}  // namespace
}  // namespace kvali::directory
