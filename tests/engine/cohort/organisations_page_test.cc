// The page about organisations (workflows/reference/organisations.md): its program is sound to read, its stories happen, its JSON is read.
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <sstream>

#include "engine/cohort/eligible.h"
#include "kvali/v1/frame.pb.h"
#include "tests/engine/calendar/tbilisi.h"
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort {
namespace {

struct Block {
  int line = 0;
  std::string kind, text;
};

std::vector<Block> blocks() {
  std::vector<Block> read;
  std::ifstream page(fmt::format("{}/workflows/reference/organisations.md", KVALI_SOURCE_DIR));
  std::string line;
  bool open = false;
  for (int number = 1; std::getline(page, line); ++number) {
    if (!line.starts_with("```")) {
      if (open) read.back().text += line + "\n";
      continue;
    }
    open = !open;
    if (open) read.push_back({number + 1, line.substr(3), {}});
  }
  return read;
}

const calendar::Zone& tbilisi() {
  static const calendar::Zone zone = calendar::testing::tbilisi();
  return zone;
}

/// "rest" of "word rest".
std::string behind(const std::string& line, const std::string& mark) { return line.size() > mark.size() ? line.substr(line.find(mark) + mark.size()) : ""; }

/// Plays a story; what `<` says is collected and compared with what was heard before the next line.
class Story {
 public:
  Story(const std::string& program, const Block& block) : line_(block.line) {
    std::istringstream lines(block.text);
    std::string line;
    while (std::getline(lines, line)) {
      if (line.starts_with("< ")) {
        said_.push_back(line.substr(2));
      } else {
        compare();
        play(program, line);
      }
      ++line_;
    }
    compare();
    cohort_->refold();
    EXPECT_THAT(cohort_->broken(), ::testing::IsEmpty());
  }

 private:
  void compare() {
    EXPECT_EQ(heard_, said_) << "before line " << line_;
    heard_.clear();
    said_.clear();
  }

  void play(const std::string& program, const std::string& line) {
    std::istringstream words(line);
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "at" && !cohort_) {
      cohort_ = std::make_unique<testing::Practice>(testing::Opening{"alliance", behind(line, "at "), false, "", {}, {}, program, &tbilisi()});
    } else if (first == "at") {
      cohort_->wait(behind(line, "at "));
    } else if (first == "people") {
      for (std::string name = second; !name.empty(); name = third, third.clear()) cohort_->people({name});
    } else if (first == "give") {
      cohort_->give(second, third);
    } else if (first == "?") {
      look(second, third);
    } else if (first == "told") {
      const auto letters = cohort_->letters();
      EXPECT_EQ(std::count(letters.begin(), letters.end(), behind(line, "told ")), 1) << "line " << line_;
    } else if (second == "is") {
      const std::size_t point = first.find('.');
      const std::string value = third;
      if (point == std::string::npos) {
        EXPECT_EQ(cohort_->where(first), value) << "line " << line_;
      } else {
        const v1::Value* now = cohort_->of(first.substr(0, point)).field(first.substr(point + 1));
        EXPECT_EQ(now ? now->text() : "", value) << "line " << line_;
      }
    } else {
      ask(line);
    }
  }

  void ask(const std::string& line) {
    const std::size_t arrow = line.find("> ");
    ASSERT_NE(arrow, std::string::npos) << "line " << line_ << ": " << line;
    std::string who = line.substr(0, arrow), command = line.substr(arrow + 2), made;
    std::vector<std::string> roles;
    if (const std::size_t as = who.find(" as "); as != std::string::npos) {
      roles.push_back(who.substr(as + 4));
      who.resize(as);
    }
    if (const std::size_t equal = command.rfind(" = "); equal != std::string::npos && equal > command.rfind('}')) {
      made = command.substr(equal + 3);
      command.resize(equal);
    }
    const bool here = command.starts_with("start_initiative") || command.starts_with("make_move") || command.starts_with("set_partners");
    const std::string code = here ? cohort_->ask(who, command, made) : cohort_->tell(who, command, made, roles);
    if (!code.empty()) heard_.push_back(code + ": " + (cohort_->refusal().unmet.empty() ? cohort_->why() : cohort_->unmet().front()));
  }

  void look(const std::string& who, const std::string& organisation) {
    const Viewer viewer{who, cohort_->now};
    if (!may_ask(cohort_->cohort(), cohort_->world(), viewer, organisation)) return heard_.emplace_back("nothing that is hers to know"), void();
    for (const Unmet& one : eligibility(cohort_->cohort(), cohort_->world(), viewer, organisation).unmet) {
      std::string text = in_language(one.why, "en");
      if (one.facts.translations_size() > 0) text += " (" + in_language(one.facts, "en") + ")";
      if (one.will_hold_at != calendar::never) text += " from " + calendar::to_string(one.will_hold_at);
      heard_.push_back(text);
    }
  }

  int line_;
  std::unique_ptr<testing::Practice> cohort_;
  std::vector<std::string> heard_, said_;
};

TEST(OrganisationsPage, ShowsWhatHappens) {
  std::string program;
  int stories = 0;
  for (const Block& block : blocks()) {
    SCOPED_TRACE(fmt::format("workflows/reference/organisations.md:{}", block.line));
    if (block.kind == "yaml") program = block.text;
    if (block.kind != "story") continue;
    ++stories;
    Story(program, block);
  }
  EXPECT_GE(stories, 8);
}

TEST(OrganisationsPage, ShowsWhatIsSent) {
  int examples = 0;
  for (const Block& block : blocks()) {
    if (block.kind != "json") continue;
    ++examples;
    v1::ClientMessage message;
    const auto status = google::protobuf::util::JsonStringToMessage(block.text, &message);
    EXPECT_TRUE(status.ok()) << "line " << block.line << ": " << std::string(status.message());
    EXPECT_NE(message.body_case(), v1::ClientMessage::BODY_NOT_SET);
  }
  EXPECT_GE(examples, 4);
}

}  // namespace
}  // namespace kvali::cohort
