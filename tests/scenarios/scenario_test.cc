// Every scenario file is as it says. A file that is added here runs with the next build.
#include "tests/scenarios/scenario.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace kvali::scenarios {
namespace {

const std::filesystem::path folder = std::filesystem::path(KVALI_SOURCE_DIR) / "tests/scenarios";

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".scenario") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

class Scenario : public ::testing::TestWithParam<std::string> {};

TEST_P(Scenario, IsAsItSays) {
  for (const std::string& one : play((folder / (GetParam() + ".scenario")).string()).wrong) ADD_FAILURE() << "tests/scenarios/" << GetParam() << ".scenario " << one;
}

INSTANTIATE_TEST_SUITE_P(Files, Scenario, ::testing::ValuesIn(files()), test_name);

std::vector<std::string> played(const std::string& text) {
  // Tests run side by side: each has a file of its own.
  const std::string path = ::testing::TempDir() + "kvali-" + ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".scenario";
  std::ofstream(path) << text;
  return play(path).wrong;
}

const std::string opened =
    "program workflows/socifaction-2017\n"
    "people ona jonas\n"
    "opens {clock_us: 2016-11-14 09:00}\n";

TEST(Scenarios, SayWhatWasExpectedAndWhatCame) {
  const auto wrong = played(opened + "> jonas: start_initiative {} as a\n< done\n> jonas: make_move {initiative: a, move: submit}\n< done\n");
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_THAT(wrong[0], ::testing::StartsWith("line 7: expected `done`; the answer was\n    refused INVALID\n    because Please fill in: Title\n"));
}

TEST(Scenarios, DoNotPassOverARefusalThatNobodyExpects) {
  EXPECT_THAT(played(opened + "> jonas: publish_decisions {}\n"), ::testing::ElementsAre(::testing::HasSubstr("`refused FORBIDDEN` was not expected")));
}

TEST(Scenarios, NameALineThatTheyDoNotUnderstand) {
  EXPECT_THAT(played(opened + "wait a while\n"), ::testing::ElementsAre(::testing::StartsWith("line 4: `wait a while`: a line begins with")));
  EXPECT_THAT(played(opened + "> jonas: make_mov {}\n"), ::testing::ElementsAre(::testing::StartsWith("line 4: the command:0:0: Command has no field `make_mov`")));
  EXPECT_THAT(played(opened + "< done\n"), ::testing::ElementsAre("line 4: nothing was asked that could be answered"));
}

}  // namespace
}  // namespace kvali::scenarios
