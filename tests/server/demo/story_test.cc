// The season of 2017, played into a core on a journal in memory: every step is legal, and the demonstration opens on what
// it was written for.
#include "server/demo/story.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

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
  std::map<std::string, int> ends;
  std::map<std::string, std::uint32_t> taken;
  for (const cohort::Initiative& one : season_.cohort().initiatives) ++ends[v1::State::End_Name(one.end)];
  for (const auto& [key, count] : season_.cohort().taken) taken[key.second] = count;
  EXPECT_EQ(taken.size(), 15u);
  for (const auto& [locality, count] : taken) EXPECT_EQ(count, locality == "rokiskis" ? 3u : 4u) << locality;
  EXPECT_THAT(ends, testing::UnorderedElementsAre(testing::Pair("END_UNSPECIFIED", 59), testing::Pair("REFUSED", 6), testing::Pair("WITHDRAWN", 2),
                                                  testing::Pair("LAPSED", 1)));
}

TEST(DemoStory, TellsWhatADemonstrationHasToShow) {
  const Season& season_ = played_season();
  ASSERT_TRUE(season_.played.has_value());
  const std::string meets = "mentoring.alongside.sessions.open", project = "mentoring.alongside.project.";
  const std::pair<std::string, std::vector<std::string>> expected[] = {
      {"taurage-1", {meets, project + "writing"}},   // a real one, under way
      {"kelme-4", {"application.lapsed"}},           // its offer expired,
      {"kelme-5", {meets, project + "writing"}},     // and the waitlist's first took the place
      {"silute-4", {"withdrawn"}},                   // withdrawn while offered,
      {"silute-5", {meets, project + "writing"}},    // and the place given on
      {"utena-5", {"application.declined"}},         // a fifth, refused
      {"pakruojis-4", {meets, project + "writing"}},  // came on paper
      {"lazdijai-3", {meets, project + "writing"}},  // admitted late by two
      {"utena-2", {meets, project + "writing"}},     // its project was sent back
      {"birzai-3", {meets, project + "approval"}},   // waits for the expert, overdue
      {"taurage-3", {meets, project + "approval"}},  // waits for the expert, in time
      {"moletai-1", {meets, project + "ready"}},
      {"pakruojis-1", {"mentoring.alongside.sessions.done", project + "writing"}},
      {"raseiniai-2", {"follow_up.reporting"}},
  };
  for (const auto& [key, states] : expected) EXPECT_EQ(season_.states(key), states) << key;
}

TEST(DemoStory, LogsMeetingsUnevenlyAndLeavesOneLocalityWithoutItsExpert) {
  const Season& season_ = played_season();
  ASSERT_TRUE(season_.played.has_value());
  const auto meetings = [&](const std::string& key) {
    const auto& tasks = season_.initiative(key).tasks;
    return std::count_if(tasks.begin(), tasks.end(), [](const cohort::Task& task) { return task.kind == "meetings"; });
  };
  EXPECT_EQ(meetings("taurage-1"), 4);
  EXPECT_EQ(meetings("silute-1"), 2);
  EXPECT_EQ(meetings("akmene-1"), 1);
  EXPECT_EQ(meetings("ignalina-1"), 0);
  for (const auto& [locality, experts] : {std::pair("zarasai", 0), std::pair("taurage", 1), std::pair("skuodas", 2)}) {
    const auto& all = season_.cohort().assignments;
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [&](const cohort::Assignment& one) {
                return !one.ended && one.role == "mentor" && one.locality == locality;
              }), experts) << locality;
  }
}

TEST(DemoStory, StopsWhereTheStoryErrsAndSaysAtWhichLine) {
  const std::pair<std::string, std::string> cases[] = {
      {"steps:\n- {at: 2016-11-14 09:05, by: manager-1, assign_role: {person: nobody, role: manager}}", "history.yaml: line 2: assign_role: line 2: nothing before this is known as \"nobody\""},
      {"steps:\n\n- {at: 2016-11-14 09:05, by: donor, assign_role: {person: donor, role: manager}}", "history.yaml: assign_role  by donor: line 3: refused with FORBIDDEN"},
      {"steps:\n- {at: 2016-11-14 09:05, by: manager-1, assign_role: {person: donor, role: donor}, refused: FORBIDDEN}", "history.yaml: assign_role  by manager-1: line 2: was not refused, expected FORBIDDEN"},
      {"steps:\n- {at: 2016-11-14 09:05, by: manager-1, promote: {person: donor}}", "history.yaml: line 2: no command is called promote"},
      {"steps:\n- {at: 2016-11-14, by: manager-1}", "history.yaml: line 2: found \"2016-11-14\", expected a day and a time: 2016-12-15 14:20"},
      {"steps: [", "a file of the demonstration is no YAML: "},
  };
  for (const auto& [history, sentence] : cases) {
    Stage stage;
    demo::Files files = season();
    files.history = history;
    const auto played = play(stage, files);
    ASSERT_FALSE(played.has_value()) << history;
    EXPECT_THAT(played.error().message, testing::StartsWith(sentence));
  }
}

}  // namespace
}  // namespace kvali
