// The page about choosing (workflows/reference/choosing.md): what it shows is what happens, and what it quotes stands in a programme.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort::testing {
namespace {

struct Line {
  std::size_t number = 0;
  std::string text;
};

struct Block {
  bool is_definition = false;
  std::vector<Line> lines;
};

std::vector<Block> blocks_of_page() {
  std::vector<Block> blocks;
  std::ifstream page(fmt::format("{}/workflows/reference/choosing.md", KVALI_SOURCE_DIR));
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(page, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.push_back({line == "```yaml", {}});
    } else if (inside) {
      blocks.back().lines.push_back({number, line});
    }
  }
  return blocks;
}

class Example : public Practice {
 public:
  Example() : Practice({"choosing", "2017-01-10 09:00", false, ""}) {
    for (const char* one : {"manager", "second"}) give("manager", one);
    give("council", "mayor");
    EXPECT_EQ(ask("manager", "set_quota { quota: \"halls\" places: 9 }"), "");
    enter("a", "5");
  }
  ~Example() override { EXPECT_THAT(broken(), ::testing::IsEmpty()); }

  void run(const std::string& line) {
    std::istringstream words(line);
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "give") {
      give(second, third);
      for (std::string person; words >> person;) give(second, person);
    } else if (first == "enter") {
      enter(second, third);
    } else if (first == "time:") {
      wait(second + " " + third);
    } else if (second == "is") {
      EXPECT_EQ(where(first), line.substr(line.find(" is in ") + 7));
    } else {
      act(first.substr(0, first.size() - 1), line.substr(first.size() + 1));
    }
  }

 private:
  void enter(const std::string& one, const std::string& points) {
    people({"by-" + one});
    EXPECT_EQ(ask("by-" + one, fmt::format("start_initiative {{ fields {{ name: \"town\" value {{ text: \"taurage\" }} }} fields {{ name: \"points\" value {{ number: {} }} }} }}", points), one), "");
    EXPECT_EQ(ask("by-" + one, step(one, "enter")), "");
  }
  /// `COMMAND`, `COMMAND → CODE`, `COMMAND as ID`.
  void act(const std::string& who, std::string command) {
    std::string code, id;
    if (const auto at = command.find(" → "); at != std::string::npos) {
      code = command.substr(at + std::string(" → ").size());
      command.resize(at);
    }
    if (const auto at = command.rfind("} as "); at != std::string::npos) {
      id = command.substr(at + 5);
      command.resize(at + 1);
    }
    EXPECT_EQ(ask(who, command, id), code) << why();
  }
};

TEST(ChoosingPage, ShowsWhatHappens) {
  std::size_t examples = 0;
  for (const Block& block : blocks_of_page()) {
    if (block.is_definition) continue;
    ++examples;
    Example example;
    for (const Line& line : block.lines) {
      SCOPED_TRACE(fmt::format("workflows/reference/choosing.md:{}: {}", line.number, line.text));
      example.run(line.text);
    }
  }
  EXPECT_GE(examples, 12u);
}

TEST(ChoosingPage, QuotesAProgramme) {
  std::ifstream in(fmt::format("{}/tests/engine/cohort/choosing.yaml", KVALI_SOURCE_DIR));
  std::ostringstream program;
  program << in.rdbuf();
  for (const Block& block : blocks_of_page())
    for (const Line& line : block.lines) {
      if (!block.is_definition) continue;
      const std::string text = line.text.substr(line.text.find_first_not_of(' '));
      EXPECT_NE(program.str().find(text), std::string::npos) << "workflows/reference/choosing.md:" << line.number << " quotes what stands nowhere: " << text;
    }
}

}  // namespace
}  // namespace kvali::cohort::testing
