// The page about forms (workflows/reference/forms.md): what it shows is what happens, and what it quotes stands in a programme.
#include <fmt/format.h>

#include <fstream>
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
  std::ifstream page(fmt::format("{}/workflows/reference/forms.md", KVALI_SOURCE_DIR));
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
  Example() : Practice({"forms", "2017-01-10 09:00", false, ""}) {
    people({"by-a"});
    give("manager", "manager");
    give("mentor", "mentor");
    EXPECT_EQ(ask("by-a", "start_initiative {}", "a"), "") << why();
  }
  ~Example() override { EXPECT_THAT(broken(), ::testing::IsEmpty()); }

  void run(const std::string& line) {
    if (line == "handed in") {
      const std::string budget = R"(fields { name: "budget" value { table { rows { values { name: "item" value { text: "Oven" } }
        values { name: "amount" value { money { minor_units: 1 currency: "EUR" } } } values { name: "own" value { flag: true } } } } } })";
      EXPECT_EQ(ask("by-a", step("a", "hand_in", R"(fields { name: "title" value { text: "Bread" } } )" + budget)), "") << why();
    } else if (const auto is_in = line.find(" is in "); is_in != std::string::npos) {
      EXPECT_EQ(where(line.substr(0, is_in)), line.substr(is_in + 7));
    } else {
      const std::size_t colon = line.find(':');
      act(line.substr(0, colon), line.substr(colon + 2));
    }
  }

 private:
  /// `COMMAND`, `COMMAND → CODE`, `COMMAND → CODE: SENTENCE | SENTENCE`.
  void act(const std::string& who, std::string command) {
    std::string expected, told;
    if (const auto at = command.find(" → "); at != std::string::npos) {
      expected = command.substr(at + std::string(" → ").size());
      command.resize(at);
    }
    const std::string code = ask(who, command);
    if (expected.find(':') != std::string::npos) {
      told = code + ": ";
      for (const std::string& one : unmet()) told += (told.ends_with(": ") && told.size() == code.size() + 2 ? "" : " | ") + one;
    } else {
      told = code;
    }
    EXPECT_EQ(told, expected) << why();
  }
};

TEST(FormsPage, ShowsWhatHappens) {
  std::size_t examples = 0;
  for (const Block& block : blocks_of_page()) {
    if (block.is_definition) continue;
    ++examples;
    Example example;
    for (const Line& line : block.lines) {
      SCOPED_TRACE(fmt::format("workflows/reference/forms.md:{}: {}", line.number, line.text));
      example.run(line.text);
    }
  }
  EXPECT_GE(examples, 5u);
}

TEST(FormsPage, QuotesAProgramme) {
  std::ifstream in(fmt::format("{}/tests/engine/cohort/forms.yaml", KVALI_SOURCE_DIR));
  std::ostringstream program;
  program << in.rdbuf();
  for (const Block& block : blocks_of_page())
    for (const Line& line : block.lines) {
      if (!block.is_definition) continue;
      const std::string text = line.text.substr(line.text.find_first_not_of(' '));
      EXPECT_NE(program.str().find(text), std::string::npos) << "workflows/reference/forms.md:" << line.number << " quotes what stands nowhere: " << text;
    }
}

}  // namespace
}  // namespace kvali::cohort::testing
