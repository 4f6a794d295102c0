// `kvali simulate` as it is typed: what it prints, what it writes, and how it says what is wrong.
#include <fmt/format.h>

#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>

#include "server/cli/commands.h"
#include "server/journal/memory.h"
#include "server/journal/sqlite.h"
#include "tests/journals/container.h"
#include "tests/server/cli/typed.h"
#include "tests/server/journal/temp_folder.h"

namespace kvali::cli {
namespace {

const std::string root = KVALI_SOURCE_DIR;
const std::string program = root + "/workflows/socifaction-2017/program.yaml";

Ran typed(std::vector<std::string> words) { return typed(add_simulate, "simulate", std::move(words)); }

/// A data folder with the season of 2017 as it was kept (tests/journals).
void keep_season(const std::string& folder) {
  journal::MemoryJournal kept;
  ASSERT_TRUE(journals::read(bytes_of_file(root + "/tests/journals/first-cohort.journal"), kept).has_value());
  std::filesystem::create_directories(folder);
  journal::SqliteJournal::Options options;
  options.path = folder + "/journal.sqlite";
  auto journal = journal::SqliteJournal::open(std::move(options));
  ASSERT_TRUE(journal.has_value()) << journal.error().message;
  const auto streams = kept.streams();
  for (const journal::Head& head : *streams) {
    journal::Batch batch;
    journal::Part& part = batch.parts.emplace_back();
    part.stream = head.stream;
    ASSERT_TRUE(kept.read(head.stream, 1, [&](const journal::Record& record) {
                      part.records.push_back({record.instant_us, record.kind, record.version, record.bytes});
                      return journal::Visit::Continue;
                    }).has_value());
    std::promise<bool> stored;
    (*journal)->append(std::move(batch), [&](const journal::Answer& answer) { stored.set_value(std::holds_alternative<journal::Committed>(answer)); });
    ASSERT_TRUE(stored.get_future().get());
  }
  ASSERT_TRUE((*journal)->close().has_value());
}

TEST(SimulateCommand, PlaysTheSeasonOfTheCohortFileBesideTheProgram) {
  const Ran ran = typed({program, "--initiatives", "68", "--seed", "1"});
  EXPECT_EQ(ran.code, 0) << ran.error;
  EXPECT_THAT(ran.out, ::testing::HasSubstr("68 initiatives in 1 cohort, seed 1; opened on 2016-11-14"));
  EXPECT_THAT(ran.out, ::testing::HasSubstr("What people do is assumed, not learned"));
}

TEST(SimulateCommand, PrintsTheSameBytesForTheSameSeed) {
  const std::vector<std::string> words = {program, "--initiatives", "68", "--seed", "9", "--cohorts", "2", "--json"};
  const Ran one = typed(words), two = typed(words);
  EXPECT_EQ(one.code, 0) << one.error;
  EXPECT_TRUE(one.out == two.out);
  EXPECT_EQ(nlohmann::json::parse(one.out).at("cohorts"), 2);
}

TEST(SimulateCommand, WritesPicturesIntoAFolder) {
  const TempFolder folder;
  const Ran ran = typed({program, "--initiatives", "20", "--seed", "1", "--svg", folder / "pictures"});
  EXPECT_EQ(ran.code, 0) << ran.error;
  for (const char* name : {"stages.svg", "times.svg", "places.svg", "people.svg"})
    EXPECT_THAT(bytes_of_file(folder / "pictures/" + name), ::testing::StartsWith("<svg xmlns=")) << name;
}

TEST(SimulateCommand, ShowsWhatAChangeMakesBesideWhatIs) {
  const Ran ran = typed({program, "--initiatives", "90", "--seed", "1", "--with", "quota.per_locality=2", "--with", "cohort.decisions_on=2017-01-12"});
  EXPECT_EQ(ran.code, 0) << ran.error;
  EXPECT_THAT(ran.out, ::testing::HasSubstr("What if: quota.per_locality=2, cohort.decisions_on=2017-01-12."));
  EXPECT_THAT(ran.out, ::testing::HasSubstr("60 → 30"));
}

TEST(SimulateCommand, LearnsFromAPastCohort) {
  const TempFolder folder;
  keep_season(folder / "data");
  const std::vector<std::string> words = {program, "--initiatives", "68", "--seed", "1"};
  for (const std::string& from : {folder / "data", folder / "data:season-2017"}) {
    std::vector<std::string> learned = words;
    learned.insert(learned.end(), {"--from", from});
    const Ran ran = typed(learned);
    EXPECT_EQ(ran.code, 0) << ran.error;
    EXPECT_THAT(ran.out, ::testing::HasSubstr("What people do was learned from 1 cohort in "));
    EXPECT_NE(ran.out, typed(words).out);
  }
}

TEST(SimulateCommand, SaysWhatIsWrongWithThePast) {
  const TempFolder folder;
  keep_season(folder / "data");
  const auto from = [&](const std::string& text) { return typed({program, "--initiatives", "5", "--seed", "1", "--from", text}); };
  EXPECT_EQ(from(folder / "data:winter").code, exit_world);
  EXPECT_THAT(from(folder / "data:winter").error, ::testing::HasSubstr("there is no cohort winter"));
  EXPECT_EQ(from(folder / "nothing").code, exit_world);
  EXPECT_THAT(from(folder / "nothing").error, ::testing::HasSubstr("nothing/journal.sqlite"));
  const Ran other = typed({root + "/tests/engine/cohort/garden.yaml", "--initiatives", "5", "--seed", "1", "--from", folder / "data"});
  EXPECT_EQ(other.code, exit_world);
  EXPECT_THAT(other.error, ::testing::HasSubstr("there is no cohort of the program garden"));
}

TEST(SimulateCommand, AssumesDatesWhereNoCohortFileSaysThem) {
  const Ran ran = typed({root + "/tests/engine/cohort/garden.yaml", "--initiatives", "5", "--seed", "1"});
  EXPECT_EQ(ran.code, 0) << ran.error;
  EXPECT_THAT(ran.out, ::testing::HasSubstr("There is no cohort.yaml beside the program; assumed: spring 2026-02-19"));
}

struct Wrong {
  std::vector<std::string> words;
  int code;
  const char* sentence;
};
class WrongSimulation : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongSimulation, IsToldInASentence) {
  const Ran ran = typed(GetParam().words);
  EXPECT_EQ(ran.code, GetParam().code);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.error, ::testing::HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    SimulateCommand, WrongSimulation,
    ::testing::Values(Wrong{{program, "--seed", "1"}, exit_usage, "--initiatives is required"},
                      Wrong{{program, "--initiatives", "5"}, exit_usage, "--seed is required"},
                      Wrong{{"--initiatives", "5", "--seed", "1"}, exit_usage, "FILE is required"},
                      Wrong{{program, "--initiatives", "0", "--seed", "1"}, exit_usage, "not in range"},
                      Wrong{{program, "--initiatives", "many", "--seed", "1"}, exit_usage, "--initiatives"},
                      Wrong{{program, "--initiatives", "5", "--seed", "-1"}, exit_usage, "--seed"},
                      Wrong{{program, "--initiatives", "5", "--seed", "1", "--cohorts", "0"}, exit_usage, "not in range"},
                      Wrong{{program, "--initiatives", "5", "--seed", "1", "--cohorts", "1000001"}, exit_usage, "not in range"},
                      Wrong{{program, "--initiatives", "5", "--seed", "1", "--fast"}, exit_usage, "--fast"},
                      Wrong{{program, "--initiatives", "5", "--seed", "1", "--with", "cohort.decision_on=2017-01-09"}, exit_usage,
                            "--with cohort.decision_on=2017-01-09: `decision_on` is no parameter of this program; did you mean `decisions_on`?"},
                      Wrong{{program, "--initiatives", "5", "--seed", "1", "--with", "more"}, exit_usage, "expected a change like"},
                      Wrong{{root + "/workflows/none.yaml", "--initiatives", "5", "--seed", "1"}, exit_world, "none.yaml: No such file"},
                      Wrong{{root + "/README.md", "--initiatives", "5", "--seed", "1"}, exit_faults, "README.md"}),
    [](const auto& one) { return "number" + std::to_string(one.index); });

}  // namespace
}  // namespace kvali::cli
