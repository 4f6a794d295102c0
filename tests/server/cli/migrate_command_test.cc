// `kvali migrate check` as it is typed: a plan proved against two versions that lie in folders.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/server/cli/typed.h"
#include "tests/server/journal/temp_folder.h"

namespace kvali::cli {
namespace {

const std::string garden = KVALI_SOURCE_DIR "/tests/engine/cohort/garden.yaml";

Ran typed(std::vector<std::string> words) { return typed(add_migrate, "migrate", std::move(words)); }

/// The garden, and a version of it in which the queue is called a line.
class MigrateCheck : public ::testing::Test {
 protected:
  MigrateCheck() {
    std::filesystem::create_directories(folder_ / "new");
    std::string text = bytes_of_file(garden);
    text = std::regex_replace(text, std::regex("to: queue"), "to: line");
    text = std::regex_replace(text, std::regex("\\n      queue:"), "\n      line:");
    write("new/program.yaml", text);
  }

  void write(const std::string& name, const std::string& text) { write_file(folder_ / name, text); }
  /// What is said of a plan with these lines behind its first.
  Ran check(const std::string& lines, std::vector<std::string> more = {}) {
    write("plan.yaml", "program: garden\n" + lines);
    more.insert(more.begin(), {"check", garden, folder_ / "new", folder_ / "plan.yaml"});
    return typed(more);
  }

  TempFolder folder_;
};

TEST_F(MigrateCheck, SaysHowMuchWasProvedOfASoundPlan) {
  const Ran ran = check("states:\n  choosing.queue: choosing.line\n");
  EXPECT_EQ(ran.code, 0) << ran.out << ran.error;
  EXPECT_THAT(ran.out, ::testing::MatchesRegex("sound: each of the [0-9]+ configurations of the old version leads to one of the [0-9]+ of the new\n"));
}

TEST_F(MigrateCheck, NamesEachFaultWithItsPlace) {
  const Ran ran = check("states:\n  choosing.queue: choosing.lines\n  choosing.nowhere: choosing.sorted\n");
  EXPECT_EQ(ran.code, exit_faults);
  EXPECT_THAT(ran.out, ::testing::HasSubstr("plan.yaml:3:"));
  EXPECT_THAT(ran.out, ::testing::HasSubstr("plan.yaml:4:"));
}

TEST_F(MigrateCheck, FindsTheConfigurationThatLeadsNowhere) {
  const Ran ran = check("");
  EXPECT_EQ(ran.code, exit_faults);
  EXPECT_THAT(ran.out, ::testing::HasSubstr("choosing.queue"));
}

TEST_F(MigrateCheck, LeavesToAPersonWhatThePlanParks) {
  const Ran ran = check("states:\n  choosing.queue: {park: The manager knows them all}\n");
  EXPECT_EQ(ran.code, 0) << ran.out << ran.error;
}

TEST_F(MigrateCheck, TellsScriptsTheSame) {
  const Ran sound = check("states:\n  choosing.queue: choosing.line\n", {"--json"});
  const auto good = nlohmann::json::parse(sound.out);
  EXPECT_EQ(sound.code, 0);
  EXPECT_EQ(good.at("sound"), true);
  EXPECT_GT(good.at("old_configurations"), 0);
  const Ran faulty = check("stat: {}\n", {"--json"});
  const auto bad = nlohmann::json::parse(faulty.out);
  EXPECT_EQ(faulty.code, exit_faults);
  EXPECT_EQ(bad.at("sound"), false);
  EXPECT_EQ(bad.at("faults").at(0).at("line"), 2);
}

TEST_F(MigrateCheck, TellsFaultsOfAVersionTheSameWay) {
  write("new/program.yaml", "program: garden\ntitle: Garden\n");
  const Ran ran = check("");
  EXPECT_EQ(ran.code, exit_faults);
  EXPECT_THAT(ran.out, ::testing::HasSubstr("new/program.yaml:"));
}

TEST(MigrateCommand, SaysWhatItNeeds) {
  EXPECT_EQ(typed({}).code, exit_usage);
  EXPECT_EQ(typed({"check", garden, garden}).code, exit_usage);
  EXPECT_EQ(typed({"undo", "season-2017", "--as", "Somebody"}).code, exit_usage);
  EXPECT_EQ(typed({"preview", "season-2017", garden, "--as", "Somebody", "--parameter", "spring"}).code, exit_usage);
  const Ran missing = typed({"check", garden, garden, "nowhere.yaml"});
  EXPECT_EQ(missing.code, exit_world);
  EXPECT_THAT(missing.error, ::testing::HasSubstr("nowhere.yaml: No such file"));
  const Ran nobody = typed({"status", "season-2017", "--as", "Somebody", "--data", "nowhere"});
  EXPECT_EQ(nobody.code, exit_world);
  EXPECT_THAT(nobody.error, ::testing::HasSubstr("nowhere/operator"));
}

TEST(MigrateCommand, ShowsAnExampleOfEachAction) {
  for (const char* action : {"check", "preview", "start", "status", "pause", "resume", "undo", "move"}) {
    const Ran ran = typed({action, "--help"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.out, ::testing::HasSubstr(std::string("Example: kvali migrate ") + action)) << action;
  }
}

TEST_F(MigrateCheck, ProvesTheOtherKindsOfSubjectToo) {
  const std::string valley = KVALI_SOURCE_DIR "/tests/engine/cohort/valley.yaml";
  write("new/program.yaml", std::regex_replace(bytes_of_file(valley), std::regex("invited:"), "asked_for:"));
  const auto check_valley = [&](const std::string& lines) {
    write("plan.yaml", "program: valley\n" + lines);
    return typed({"check", valley, folder_ / "new", folder_ / "plan.yaml"});
  };
  const Ran without = check_valley("");
  EXPECT_EQ(without.code, exit_faults);
  EXPECT_THAT(without.out, ::testing::HasSubstr("preparation.invited"));
  const Ran with = check_valley("subjects:\n  place:\n    states: {preparation.invited: preparation.asked_for}\n");
  EXPECT_EQ(with.code, 0) << with.out << with.error;
  const Ran mistyped = check_valley("subjects:\n  plce:\n    states: {preparation.invited: preparation.asked_for}\n");
  EXPECT_EQ(mistyped.code, exit_faults);
  EXPECT_THAT(mistyped.out, ::testing::HasSubstr("plan.yaml:3:3: the old version has no subject `plce`; did you mean `place`?"));
}

}  // namespace
}  // namespace kvali::cli
