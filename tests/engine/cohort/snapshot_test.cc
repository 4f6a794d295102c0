// Rows and back. That a cohort is the same through them is the walks' to say (practice.cc goes through rows at every commit);
// here is that the walks have something to say, and what is refused.
#include "engine/cohort/snapshot.h"

#include <array>
#include <fmt/format.h>

#include "kvali/v1/snapshot.pb.h"
#include "tests/engine/cohort/cohorts.h"
#include "tests/engine/cohort/walk.h"

namespace kvali::cohort {
namespace {

using testing::Accelerator;
using testing::Opening;
using testing::Practice;
using testing::Walk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Names = std::set<std::string>;

/// The fields that a row's message, and those of it inside, may have; messages of the rest of the vocabulary are one field.
void name_fields(const google::protobuf::Descriptor& type, Names& names) {
  for (int i = 0; i < type.field_count(); ++i) {
    const auto* field = type.field(i);
    const auto* inside = field->message_type();
    if (!names.insert(field->full_name()).second || !inside) continue;
    if (inside->file() == v1::KeptCohort::descriptor()->file()) name_fields(*inside, names);
  }
}

/// Takes from `unseen` the fields that are set somewhere in `message`.
void strike(const google::protobuf::Message& message, Names& unseen) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    unseen.erase(field->full_name());
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      strike(message.GetReflection()->GetMessage(message, field), unseen);
      continue;
    }
    for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i)
      strike(message.GetReflection()->GetRepeatedMessage(message, field, i), unseen);
  }
}

template <class Kept>
void strike_row(const Row& row, Names& unseen) {
  Kept kept;
  ASSERT_TRUE(kept.ParseFromString(row.bytes)) << row.key;
  strike(kept, unseen);
}

void strike_rows(const Cohort& cohort, Names& unseen) {
  for (const Row& row : encode(cohort)) {
    if (row.key == "head") strike_row<v1::KeptCohort>(row, unseen);
    if (row.key.starts_with("initiative/")) strike_row<v1::KeptInitiative>(row, unseen);
    if (row.key.starts_with("happenings/")) strike_row<v1::KeptHappenings>(row, unseen);
    if (row.key.starts_with("answers/")) strike_row<v1::KeptAnswers>(row, unseen);
  }
}

/// No walk goes over to another version: of two initiatives one goes over and back, with a visit set aside, and one is parked.
void migrate(Names& unseen) {
  testing::Practice cohort({"garden", "2017-03-02 09:00", false, ""});
  cohort.give("mentor", "mentor-utena", "utena");
  cohort.people({"ana"});
  const auto ask = [&](const std::string& actor, const std::string& command, const std::string& fresh = {}) {
    EXPECT_EQ(cohort.ask(actor, command, fresh), "") << command << ": " << cohort.why();
    strike_rows(cohort.cohort(), unseen);
  };
  for (const char* id : {"a", "b"})
    ask("ana", R"(start_initiative { fields { name: "village" value { text: "utena" } } fields { name: "size" value { number: 4 } } })", id);
  ask("ana", R"(make_move { initiative: "a" move: "apply" })");
  ask("mentor-utena", R"(make_move { initiative: "a" move: "sow" })");
  ask("manager", "publish_decisions {}");
  ask("ana", R"(make_move { initiative: "a" move: "dug" })");
  ask("mentor-utena", R"(open_task { initiative: "a" kind: "visits" fields { name: "minutes" value { number: 20 } } })");
  cohort.publish(testing::edited("garden", {{"visits", "walks"}}), "version-2");
  ask("manager",
      fmt::format(R"(start_migration {{ reason: "better" seen: [{}, {}] plan {{ path: "plan.yaml"
          text: "program: garden\ntasks: {{visits: {{drop: true}}}}\nstates: {{choosing.asked: {{park: Look}}}}\n" }} }})",
                  cohort.of("a").touches, cohort.of("b").touches),
      "way");
  ask("manager", "pause_migration {}");
  ask("manager", "resume_migration {}");
  ask("", "pass_time {} channel: TIME");
  ask("manager", R"(undo_migration { reason: "worse" })");
}

TEST(Snapshot, HasNoFieldThatNoWalkFills) {
  Names unseen;
  for (const auto* type : {v1::KeptCohort::descriptor(), v1::KeptInitiative::descriptor(), v1::KeptAnswers::descriptor()}) name_fields(*type, unseen);
  ASSERT_GT(unseen.size(), 80u);
  for (std::uint64_t seed = 1; seed < 80 && !unseen.empty(); ++seed) {
    static constexpr std::array<const char*, 4> programs = {"garden", "socifaction-2017", "choosing", "panel"};
    Walk walk(seed, programs.at(seed % 4), seed % 3 == 0);
    walk.look = Practice::Look::Seldom;
    for (int step = 0; step < 200; ++step) {
      walk.step();
      if (step % 3 > 0) continue;
      strike_rows(walk.cohort(), unseen);
    }
  }
  migrate(unseen);
  Opening of_subjects;
  of_subjects.program = "valley";
  Practice valley(of_subjects);
  valley.wait("2016-11-14 09:01");
  strike_rows(valley.cohort(), unseen);
  // Nobody on a walk comes from an organisation, writes a session down for another, or reads in another language, and no guard of these programs runs out of work.
  EXPECT_THAT(unseen, ElementsAre("kvali.v1.KeptConflict.organisation", "kvali.v1.KeptInitiative.bringers", "kvali.v1.KeptInitiative.organisation",
                                  "kvali.v1.KeptInstance.failed", "kvali.v1.KeptTask.on_behalf_of", "kvali.v1.KeptTask.read_in"));
  Accelerator cohort{"a"};
  Cohort changed = cohort.cohort();
  changed.initiatives[0].organisation = "bakers";
  changed.initiatives[0].at.failed = {1};
  v1::Bringers bakers;
  bakers.mutable_organisation()->set_organisation("bakers");
  changed.initiatives[0].bringers = std::make_shared<const v1::Bringers>(bakers);
  Task& review = changed.initiatives[0].tasks.add();
  review.key = "review/1";
  review.kind = "review";
  review.number = 1;
  review.read_in = "lt";
  review.on_behalf_of = "reader";
  changed.conflicts.push_back({"one", "reader", "", "bakers", v1::DeclareConflict::FAMILY, {}, "manager", 7});
  const auto decoded = decode(encode(changed), cohort.world().library);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->initiatives[0].organisation, "bakers");
  ASSERT_TRUE(decoded->initiatives[0].bringers);
  EXPECT_EQ(decoded->initiatives[0].bringers->organisation().organisation(), "bakers");
  EXPECT_EQ(decoded->initiatives[0].tasks.back().read_in, "lt");
  EXPECT_EQ(decoded->initiatives[0].tasks.back().author(), "reader");
  EXPECT_EQ(decoded->conflicts.at(0).organisation, "bakers");
  EXPECT_EQ(decoded->initiatives[0].at.failed, std::vector<std::uint32_t>{1});
}

std::vector<std::string> keys_of(const std::vector<Row>& rows, const std::string& prefix) {
  std::vector<std::string> keys;
  for (const Row& row : rows)
    if (row.key.starts_with(prefix)) keys.push_back(row.key);
  return keys;
}

TEST(Snapshot, ForgetsAnswersByTheRowWhenTheirTwoWeeksAreOver) {
  Accelerator cohort(testing::nobody);
  const auto ask = [&](int times) {
    for (int i = 0; i < times; ++i)
      ASSERT_EQ(cohort.ask("manager", fmt::format("set_quota {{ quota: \"per_locality\" places: {} reason: \"Because\" }}", 5 + i % 2)), "") << cohort.why();
  };
  cohort.look = Practice::Look::Seldom;
  ask(1500);
  cohort.refold();
  EXPECT_THAT(keys_of(encode(cohort.cohort()), "answers/"), ElementsAre("answers/0000000000000000", "answers/0000000000000001"));
  cohort.wait("2016-11-30 10:00");
  ask(1);
  EXPECT_THAT(keys_of(encode(cohort.cohort()), "answers/"), ElementsAre("answers/0000000000000001"));
  cohort.refold();
  EXPECT_THAT(cohort.broken(), IsEmpty());
}

TEST(Snapshot, WritesTheRowsOfThoseWhoWereTouched) {
  Accelerator cohort{"a", "b"};
  ASSERT_EQ(cohort.ask("by-b", testing::step("b", "submit")), "");
  Cohort copy = cohort.cohort();  // what was looked at is not stale any more; this is one commit later
  const std::uint64_t since = copy.sequence;
  const auto applied = apply(copy, [] {
    v1::Record record;
    record.mutable_fields_written()->set_initiative("b");
    return record;
  }(), cohort.world().library);
  ASSERT_TRUE(applied.has_value());
  std::vector<std::string> keys;
  for (const Row& row : encode_stale(copy, since).upserts) keys.push_back(row.key);
  EXPECT_THAT(keys, ElementsAre("head", "initiative/00000001/b"));
  EXPECT_THAT(encode_stale(copy, since).deletes, IsEmpty());
}

TEST(Snapshot, WritesAFullRowOfAHistoryOnce) {
  Accelerator cohort{"a"};
  const auto save = [&](int times) {
    for (int i = 0; i < times; ++i)
      ASSERT_EQ(cohort.ask("by-a", fmt::format("save_fields {{ initiative: \"a\" fields {{ name: \"title\" value {{ text: \"No. {}\" }} }} }}", i)), "")
          << cohort.why();
  };
  const auto count = [&] { return cohort.cohort().happenings[0].size(); };
  save(130 - static_cast<int>(count()));
  ASSERT_EQ(count(), 130u);
  EXPECT_THAT(keys_of(encode(cohort.cohort()), "happenings/"), ElementsAre("happenings/00000000/000000", "happenings/00000000/000001"));
  Cohort later = cohort.cohort();  // nothing of it is stale
  const std::uint64_t since = later.sequence;
  const auto saved = [&](int times) {
    for (int i = 0; i < times; ++i) {
      v1::Record record;
      record.mutable_fields_written()->set_initiative("a");
      ASSERT_TRUE(apply(later, record, cohort.world().library).has_value());
    }
  };
  saved(61);
  EXPECT_THAT(keys_of(encode_stale(later, since).upserts, "happenings/"), IsEmpty());
  saved(1);
  EXPECT_THAT(keys_of(encode_stale(later, since).upserts, "happenings/"), ElementsAre("happenings/00000000/000002"));
  const auto decoded = decode(encode(later), cohort.world().library);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(encode(*decoded), encode(later));
  EXPECT_EQ(decoded->happenings[0].size(), 192u);
  cohort.refold();
  EXPECT_THAT(cohort.broken(), IsEmpty());
}

/// What is said of the rows of a cohort of two after `change`.
template <class Change>
std::string refusal(const Change& change) {
  static const Accelerator cohort{"a", "b"};
  std::vector<Row> rows = encode(cohort.cohort());
  change(rows);
  const auto decoded = decode(rows, cohort.world().library);
  return decoded ? "" : decoded.error().message;
}

template <class Kept, class Change>
void alter(Row& row, const Change& change) {
  Kept kept;
  ASSERT_TRUE(kept.ParseFromString(row.bytes)) << row.key;
  change(kept);
  row.bytes = kept.SerializeAsString();
}

TEST(Snapshot, NamesTheRowThatIsNotWhatItShouldBe) {
  // Rows of a cohort of two: answers, head, a, b.
  EXPECT_EQ(refusal([](auto&) {}), "");
  EXPECT_EQ(refusal([](auto& rows) { rows.erase(rows.begin() + 1); }), "row head is missing");
  EXPECT_EQ(refusal([](auto& rows) { rows[1].bytes = "\xff"; }), "row head cannot be read");
  EXPECT_EQ(refusal([](auto& rows) { rows[2].bytes = "\xff"; }), "row initiative/00000000/a cannot be read");
  EXPECT_EQ(refusal([](auto& rows) { rows[0].bytes = "\xff"; }), "row answers/0000000000000000 cannot be read");
  EXPECT_EQ(refusal([](auto& rows) { rows[0].key = "zebra"; }), "row zebra is of no kind this version knows");
  EXPECT_EQ(refusal([](auto& rows) { rows.erase(rows.begin() + 2); }), "row initiative/00000001/b stands where initiative/00000000/b is due");
  EXPECT_EQ(refusal([](auto& rows) { rows.pop_back(); }), "there are rows of 1 initiatives, the head counts 2");
  EXPECT_EQ(refusal([](auto& rows) { alter<v1::KeptCohort>(rows[1], [](auto& kept) { kept.set_version("next"); }); }),
            "row head: program socifaction-2017 has no version next");
  EXPECT_EQ(refusal([](auto& rows) { alter<v1::KeptInitiative>(rows[3], [](auto& kept) { kept.set_version("next"); }); }),
            "row initiative/00000001/b: program socifaction-2017 has no version next");
  EXPECT_EQ(refusal([](auto& rows) { alter<v1::KeptInitiative>(rows[3], [](auto& kept) { kept.mutable_at()->add_active(4711); }); }),
            "row initiative/00000001/b does not fit the program it names");
  EXPECT_EQ(refusal([](auto& rows) { alter<v1::KeptInitiative>(rows[3], [](auto& kept) { kept.add_tasks()->set_kind("dance"); }); }),
            "row initiative/00000001/b does not fit the program it names");
}

}  // namespace
}  // namespace kvali::cohort
