// The page about mentoring (workflows/reference/mentoring.md): what it shows is what happens, and what it quotes stands in a programme.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "engine/cohort/facts.h"
#include "engine/cohort/mentoring.h"
#include "tests/engine/cohort/mentoring.h"

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
  std::ifstream page(fmt::format("{}/workflows/reference/mentoring.md", KVALI_SOURCE_DIR));
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

class Example : public Mentored {
 public:
  void run(const std::string& line) {
    const std::size_t colon = line.find(": ");
    const std::string head = line.substr(0, colon), rest = colon == std::string::npos ? "" : line.substr(colon + 2);
    if (head == "time") {
      wait(rest);
    } else if (head == "letter") {
      EXPECT_THAT(letters(), ::testing::Contains(rest));
    } else if (head == "missing") {
      EXPECT_EQ(missing(), rest);
    } else if (head.starts_with("candidates ")) {
      std::istringstream words(head);
      std::string word, role, initiative;
      words >> word >> role >> initiative;
      EXPECT_EQ(could_take(role, initiative), rest);
    } else if (head.starts_with("mentor of ")) {
      EXPECT_EQ(fmt::format("{}", fmt::join(holders(cohort(), of(head.substr(10)), "mentor", now), ", ")), rest);
    } else if (line.starts_with("guard ")) {
      const std::size_t where = line.rfind(" of ");
      const auto guard = expression::compile(line.substr(6, where - 6));
      ASSERT_TRUE(guard.has_value());
      EXPECT_TRUE(Facts(cohort(), &of(line.substr(where + 4)), nullptr, now).holds(*guard).holds);
    } else if (colon == std::string::npos) {
      // "a goals/1 is open"
      std::istringstream words(line);
      std::string initiative, task, is, state;
      words >> initiative >> task >> is >> state;
      EXPECT_EQ(stands(initiative, task), state);
    } else {
      act(head, rest);
    }
  }

 private:
  /// `COMMAND`, `COMMAND → CODE`.
  void act(const std::string& who, std::string command) {
    std::string code;
    if (const auto at = command.find(" → "); at != std::string::npos) {
      code = command.substr(at + std::string(" → ").size());
      command.resize(at);
    }
    EXPECT_EQ(ask(who, command), code) << why();
  }

  std::string could_take(const std::string& role, const std::string& initiative) const {
    std::string line;
    for (const Candidate& one : ranked_candidates(cohort(), world(), *cohort().model->role(role), {&of(initiative), ""}, now)) {
      const char* hindered = one.hindrance == Hindrance::InConflict ? " in conflict" : one.hindrance == Hindrance::AtLimit ? " at limit"
                           : one.hindrance == Hindrance::HasIt ? " has it" : one.hindrance == Hindrance::NotSoFar ? " not so far" : "";
      line += fmt::format("{}{} {}/{}{}", line.empty() ? "" : ", ", one.person, one.meets, one.needs, hindered);
    }
    return line;
  }

  /// Of the last draw: "b 1, 1 not competent".
  std::string missing() const {
    std::string line;
    for (const v1::Record& record : records())
      for (const v1::AssignmentsDrawn::Short& one : record.assignments_drawn().shortfall()) {
        line += fmt::format("{} {}", one.initiative(), one.missing());
        if (one.in_conflict()) line += fmt::format(", {} in conflict", one.in_conflict());
        if (one.not_competent()) line += fmt::format(", {} not competent", one.not_competent());
        if (one.at_limit()) line += fmt::format(", {} at limit", one.at_limit());
      }
    return line;
  }
};

TEST(MentoringPage, ShowsWhatHappens) {
  std::size_t examples = 0;
  for (const Block& block : blocks_of_page()) {
    if (block.is_definition) continue;
    ++examples;
    Example example;
    for (const Line& line : block.lines) {
      SCOPED_TRACE(fmt::format("workflows/reference/mentoring.md:{}: {}", line.number, line.text));
      example.run(line.text);
    }
  }
  EXPECT_GE(examples, 9u);
}

TEST(MentoringPage, QuotesAProgramme) {
  std::ifstream in(fmt::format("{}/tests/engine/cohort/mentoring.yaml", KVALI_SOURCE_DIR));
  std::ostringstream program;
  program << in.rdbuf();
  for (const Block& block : blocks_of_page())
    for (const Line& line : block.lines) {
      if (!block.is_definition) continue;
      const std::string text = line.text.substr(line.text.find_first_not_of(' '));
      EXPECT_NE(program.str().find(text), std::string::npos) << "workflows/reference/mentoring.md:" << line.number << " quotes what stands nowhere: " << text;
    }
}

}  // namespace
}  // namespace kvali::cohort::testing
