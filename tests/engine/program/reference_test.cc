// The pages of the language reference (workflows/reference): each program in them is proved, and each fragment stands in the program
// of its page, to the letter.
#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>

#include "engine/program/verify/verify.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

struct Page {
  std::vector<std::string> programs, fragments;
};

/// The blocks between ```yaml and ```; a program begins with its name.
Page read_page(const std::string& path) {
  Page page;
  std::istringstream lines(testing::read_file(path));
  std::string block;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (!inside && line == "```yaml") {
      inside = true;
      block.clear();
    } else if (inside && line == "```") {
      inside = false;
      (block.starts_with("program:") ? page.programs : page.fragments).push_back(block);
    } else if (inside) {
      block += line + "\n";
    }
  }
  return page;
}

class LanguageReference : public ::testing::TestWithParam<std::string> {};

TEST_P(LanguageReference, SaysWhatIsTrue) {
  const Page page = read_page("workflows/reference/" + GetParam() + ".md");
  ASSERT_FALSE(page.programs.empty());
  std::string all;
  for (const std::string& text : page.programs) {
    const Loaded loaded = load({{"program.yaml", text}});
    for (const Fault& fault : loaded.faults) ADD_FAILURE() << to_line(fault);
    if (!loaded.ok()) continue;
    const Verdict verdict = verify(loaded);
    EXPECT_EQ(verdict.kind, Verdict::Kind::Sound) << to_line(verdict);
    for (const Finding& finding : verdict.findings) ADD_FAILURE() << to_line(finding);
    all += text;
  }
  for (const std::string& fragment : page.fragments) EXPECT_THAT(all, ::testing::HasSubstr(fragment));
}

INSTANTIATE_TEST_SUITE_P(Pages, LanguageReference, ::testing::Values("subjects"), [](const auto& one) { return one.param; });

}  // namespace
}  // namespace kvali::program
