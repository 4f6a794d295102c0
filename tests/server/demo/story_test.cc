// The season of 2017, played into a core on a journal in memory: every step is legal, and the demonstration opens on what
// it was written for.
#include "server/demo/story.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "engine/cohort/facts.h"
#include "server/cli/zones.h"
#include "server/core/core.h"
#include "server/core/uuid.h"
#include "server/journal/memory.h"

namespace kvali {
namespace {

constexpr std::int64_t today_us = 1'760'000'000'000'000;  // the machine's clock: any day after the season

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

demo::Files season() {
  const std::filesystem::path folder = std::filesystem::path(KVALI_SOURCE_DIR) / "workflows/socifaction-2017";
  demo::Files files{{}, read(folder / "people.yaml"), read(folder / "cohort.yaml"), read(folder / "applications.yaml"), read(folder / "history.yaml")};
  for (const char* path : {"program.yaml", "texts/lt.yaml"}) {
    v1::SourceFile& file = files.program.emplace_back();
    file.set_path(path);
    file.set_text(read(folder / path));
  }
  return files;
}

// A core that decides at once, and answers in the call.
class Stage {
 public:
  Stage() : core_(core::Options{journal_, *vault_, [](std::function<void()> run) { run(); },
                                [](const std::string& sentence) { ADD_FAILURE() << sentence; },
                                [](const std::string& name) { return cli::load_zone(name); }}) {
    std::vector<std::string> notices;
    EXPECT_TRUE(core_.start(notices).has_value());
  }

  demo::Answer send(const std::string& actor, const v1::Command& command) {
    core::Submission submission;
    submission.command = command;
    submission.command.set_id(core::make_uuid_v7(today_us, 0, ++count_));
    submission.actor = actor;
    submission.now_us = today_us;
    demo::Answer answer{{}, "NO_ANSWER", {}};
    submission.answer = [&answer](const core::Reply& reply) {
      answer = {reply.created, reply.code, cohort::in_language(reply.refusal.sentence, "en")};
      for (const cohort::Unmet& unmet : reply.refusal.unmet) answer.sentence += "; " + unmet.field + ": " + cohort::in_language(unmet.why, "en");
    };
    core_.submit(std::move(submission));
    while (core_.pass_time(today_us) <= today_us) {
    }
    return answer;
  }

  const core::Store& store() const { return core_.store(); }

 private:
  journal::MemoryJournal journal_;
  std::unique_ptr<vault::Vault> vault_ = vault::Vault::in_memory(1);
  core::Core core_;
  std::uint64_t count_ = 0;
};

Result<demo::Played> play(Stage& stage, const demo::Files& files) {
  static const auto zone = cli::load_zone("Europe/Vilnius");
  EXPECT_TRUE(zone.has_value());
  return demo::play(files, *zone, [&stage](const std::string& actor, const v1::Command& command) { return stage.send(actor, command); });
}

// The whole season, played once for all tests that only look at it.
struct Season {
  Stage stage;
  Result<demo::Played> played = play(stage, season());

  const cohort::Cohort& cohort() const { return stage.store().cohorts.at(played->cohort).state; }
  const cohort::Initiative& initiative(const std::string& key) const { return cohort().initiatives[*cohort().find(played->ids.at(key))]; }
  std::vector<std::string> states(const std::string& key) const {
    std::vector<std::string> paths;
    const cohort::Initiative& one = initiative(key);
    for (const statechart::StateId state : one.at.where.active) {
      const v1::Node& node = one.model->chart().node(state);
      if (node.kind() == v1::Node::ATOMIC || node.kind() == v1::Node::FINAL) paths.push_back(node.path());
    }
    return paths;
  }
};

const Season& played_season() {
  static const Season once;
  return once;
}

TEST(DemoStory, IsLegalFromTheFirstStepToTheLast) {
  const Season& season_ = played_season();
  ASSERT_TRUE(season_.played.has_value()) << season_.played.error().message;
  EXPECT_EQ(season_.cohort().initiatives.size(), 68u);
  EXPECT_EQ(season_.played->ids.count("taurage-1"), 1u);
}

TEST(DemoStory, OpensInTheMiddleOfMentoringWithEveryPlaceKept) {
  const Season& season_ = played_season();
  ASSERT_TRUE(season_.played.has_value());
  std::map<std::string, int> taken, ends;
  for (const auto& [key, count] : season_.cohort().taken) taken[key.second] = static_cast<int>(count);
  for (const cohort::Initiative& one : season_.cohort().initiatives) ++ends[v1::State::End_Name(one.end)];
  EXPECT_EQ(taken.size(), 15u);
  for (const auto& [locality, count] : taken) EXPECT_LE(count, 4) << locality;
  EXPECT_EQ(ends["WITHDRAWN"], 2);
  EXPECT_EQ(ends["LAPSED"], 1);
  std::string all;
  for (const auto& [name, count] : ends) all += name + " " + std::to_string(count) + ", ";
  for (const char* key : {"taurage-1", "kelme-4", "kelme-5", "silute-4", "silute-5", "rokiskis-5", "raseiniai-2", "birzai-3", "utena-2", "moletai-1", "lazdijai-3", "pakruojis-4"}) {
    all += std::string("\n") + key + ":";
    for (const std::string& path : season_.states(key)) all += " " + path;
  }
  std::puts(all.c_str());
}

}  // namespace
}  // namespace kvali
