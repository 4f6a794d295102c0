// A cohort goes over to another version of its program: what the server around the engine makes of it. Letters, histories and
// readers' cursors stay true to the version that something happened under.
#include <gmock/gmock.h>

#include <regex>

#include "server/core/effects.h"
#include "server/views/views.h"
#include "tests/server/demo/world.h"
#include "tests/server/journal/temp_folder.h"

namespace kvali::views {
namespace {

using demo::testing::Season;

class Letterbox final : public core::Mailer {
 public:
  Result<void> send(const std::vector<core::Message>& messages) override {
    if (full) return fail("the box is full");
    sent.insert(sent.end(), messages.begin(), messages.end());
    return {};
  }
  std::vector<core::Message> sent;
  bool full = false;
};

/// The days of applications; one has just been sent back. A version is published in which the state of the check and the letter
/// have other names.
struct Crossing {
  Crossing() {
    if (!season.error.empty() || !effects.resume()) throw std::runtime_error("the season was not played: " + season.error);
    season.world.now_us += 1'000'000;
    effects.run(season.world.now_us);
    season.world.drain();
    box.sent.clear();
    const std::string coordinator = "coordinator-" + initiative.substr(0, initiative.find('-'));
    if (!season.code(coordinator, "{make_move: {move: return, reason: Without a budget}}", initiative).empty()) throw std::runtime_error("it was not sent back");
    publish();
  }

  core::Reply ask(v1::Command command) {
    if (!command.has_publish_program()) command.set_cohort(season.played.cohort);
    return season.world.ask(std::move(command), season.person("manager-1"));
  }

  void publish() {
    v1::Command command;
    for (const char* name : {"program.yaml", "texts/lt.yaml"}) {
      v1::SourceFile& file = *command.mutable_publish_program()->add_files();
      file.set_path(name);
      const std::string text = bytes_of_file((demo::testing::workflow("socifaction-2017") / name).string());
      file.set_text(std::regex_replace(std::regex_replace(text, std::regex("\\bscreening\\b"), "checking"), std::regex("\\bsent_back\\b"), "please_complete"));
    }
    command.mutable_publish_program()->set_message("Other names");
    if (const core::Reply reply = ask(std::move(command)); !reply.code.empty()) throw std::runtime_error(reply.code);
  }

  /// Starts it with a plan of these lines, all that have no counterpart beside.
  std::string start(const std::string& more = {}) {
    v1::Command command;
    command.mutable_start_migration()->mutable_plan()->set_text("program: socifaction-2017\nstates:\n  application.screening: application.checking\n" + more);
    command.mutable_start_migration()->set_reason("Better names");
    return ask(std::move(command)).code;
  }
  std::string undo() {
    v1::Command command;
    command.mutable_undo_migration()->set_reason("Not yet");
    return ask(std::move(command)).code;
  }

  /// Time passes, though no clock of the rehearsal does, as often as there is something to do.
  int pass_time() {
    int batches = 0;
    for (const auto& migration = season.cohort().migration; migration.running() && batches < 100; ++batches) {
      season.world.core().pass_time(season.world.now_us);
      season.world.run();
    }
    return batches;
  }

  [[nodiscard]] v1::InitiativeDetail detail(const std::string& person) {
    const Views views(season.world.core(), season.cohort(), season.person(person), season.world.now_us);
    return views.detail(season.played.initiatives.at(initiative)).value().detail();
  }
  [[nodiscard]] v1::CohortRow head(const std::string& person) {
    return Views(season.world.core(), season.cohort(), season.person(person), season.world.now_us).row("cohort").value().cohort();
  }

  Season season{"2016-12-13 09:00"};
  std::string initiative = season.in("application.screening").front();
  Letterbox box;
  core::Effects effects{season.world.core(), box};
};

/// "KIND entered STATES: LABEL", newest first.
std::vector<std::string> told(const v1::InitiativeDetail& detail, int count) {
  std::vector<std::string> lines;
  for (const v1::TimelineEntry& entry : detail.timeline()) {
    if (static_cast<int>(lines.size()) == count) break;
    std::string line = entry.kind();
    for (const std::string& state : entry.entered()) line += " " + state;
    if (entry.label().translations_size() > 0) line += ": " + entry.label().translations(0).text();
    lines.push_back(std::move(line));
  }
  return lines;
}

TEST(Migration, GoesOnInARehearsalWhoseClockStands) {
  Crossing crossing;
  const auto clock = crossing.season.cohort().clock;
  ASSERT_EQ(crossing.start(), "");
  EXPECT_LE(crossing.season.cohort().next_due(), crossing.season.cohort().clock);
  EXPECT_GT(crossing.pass_time(), 1);
  EXPECT_TRUE(crossing.season.cohort().migration.ended);
  EXPECT_EQ(crossing.season.cohort().clock, clock);
  EXPECT_THAT(crossing.season.in("application.screening"), ::testing::IsEmpty());
  EXPECT_EQ(crossing.season.world.core().pass_time(crossing.season.world.now_us), calendar::never);
}

TEST(Migration, StandsStillWhileItIsPaused) {
  Crossing crossing;
  ASSERT_EQ(crossing.start(), "");
  v1::Command pause;
  pause.mutable_pause_migration();
  ASSERT_EQ(crossing.ask(std::move(pause)).code, "");
  const std::uint64_t before = crossing.season.cohort().sequence;
  crossing.season.world.core().pass_time(crossing.season.world.now_us);
  EXPECT_EQ(crossing.season.cohort().sequence, before);
  EXPECT_TRUE(crossing.head("manager-1").migration().paused());
  v1::Command resume;
  resume.mutable_resume_migration();
  ASSERT_EQ(crossing.ask(std::move(resume)).code, "");
  crossing.pass_time();
  EXPECT_TRUE(crossing.season.cohort().migration.ended);
}

TEST(Migration, LettersKeepTheWordsOfTheVersionTheyWereAskedUnder) {
  Crossing crossing;
  crossing.box.full = true;
  crossing.effects.run(crossing.season.world.now_us);
  ASSERT_EQ(crossing.start(), "");
  crossing.pass_time();
  crossing.box.full = false;
  crossing.effects.run(crossing.season.world.now_us);
  crossing.season.world.run();
  ASSERT_EQ(crossing.box.sent.size(), 1u);
  EXPECT_THAT(crossing.box.sent[0].subject, ::testing::StartsWith("Prašome papildyti: "));
}

TEST(Migration, TellsTheManagersWhatIsParkedAndWhy) {
  Crossing crossing;
  crossing.effects.run(crossing.season.world.now_us);
  ASSERT_EQ(crossing.start("  application.returned: {park: The coordinator knows}\n"), "");
  crossing.pass_time();
  crossing.box.sent.clear();
  crossing.effects.run(crossing.season.world.now_us);
  crossing.season.world.run();
  ASSERT_FALSE(crossing.box.sent.empty());
  for (const core::Message& letter : crossing.box.sent) {
    EXPECT_THAT(letter.subject, ::testing::StartsWith("Reikia jūsų sprendimo: "));
    EXPECT_THAT(letter.body, ::testing::HasSubstr("The coordinator knows"));
  }
}

TEST(Migration, IsToldInHistoriesByTheNamesOfEachVersion) {
  Crossing crossing;
  const std::string applicant = "applicant-" + crossing.initiative;
  ASSERT_EQ(crossing.season.code(applicant, "{make_move: {move: submit}}", crossing.initiative), "");
  ASSERT_EQ(crossing.start(), "");
  crossing.pass_time();
  const std::vector<std::string> over = {"migrated application.checking", "move application.screening: Submit again",
                                         "move application.returned: Send back"};
  EXPECT_EQ(told(crossing.detail(applicant), 3), over);
  crossing.season.world.restart();
  EXPECT_EQ(told(crossing.detail(applicant), 3), over);
  ASSERT_EQ(crossing.undo(), "");
  crossing.pass_time();
  EXPECT_EQ(told(crossing.detail(applicant), 4),
            (std::vector<std::string>{"migration_undone", "migrated application.checking", "move application.screening: Submit again",
                                      "move application.returned: Send back"}));
}

TEST(Migration, TellsManagersAloneWhatIsParkedAndHowFarItIs) {
  Crossing crossing;
  ASSERT_EQ(crossing.start("  application.returned: {park: The coordinator knows}\n"), "");
  crossing.pass_time();
  const v1::CohortRow head = crossing.head("manager-1");
  EXPECT_EQ(head.migration().parked(), crossing.season.in("application.returned").size());
  EXPECT_GT(head.migration().moved(), 0u);
  EXPECT_FALSE(head.migration().running());
  EXPECT_EQ(crossing.detail("manager-1").timeline(0).kind(), "migration_parked");
  EXPECT_THAT(crossing.detail("manager-1").timeline(0).label().translations(0).text(), ::testing::HasSubstr("The coordinator knows"));
  const std::string applicant = "applicant-" + crossing.initiative;
  EXPECT_FALSE(crossing.head(applicant).has_migration());
  EXPECT_NE(crossing.detail(applicant).timeline(0).kind(), "migration_parked");
}

TEST(Migration, KeepsALaneForWhoStandsUnderAnotherVersion) {
  Crossing crossing;
  ASSERT_EQ(crossing.start("  application.draft: {park: They begin anew}\n"), "");
  const std::uint32_t all = crossing.head("manager-1").initiatives();
  EXPECT_EQ(all, crossing.season.cohort().initiatives.size());
  std::uint32_t old_lane = 0, standing = 0;
  const v1::CohortRow before = crossing.head("manager-1");  // no batch has come yet
  for (const v1::Lane& lane : before.lanes()) {
    standing += lane.count();
    if (lane.state() == "application.screening") old_lane = lane.count();
  }
  EXPECT_EQ(old_lane, crossing.season.in("application.screening").size());
  EXPECT_GE(standing, all);  // who is in two regions stands twice
  crossing.pass_time();
  const v1::CohortRow after = crossing.head("manager-1");
  for (const v1::Lane& lane : after.lanes()) EXPECT_NE(lane.state(), "application.screening");
}

TEST(Migration, LetsNoReaderGoOnFromBeforeIt) {
  Crossing crossing;
  const auto& touches = crossing.season.world.core().store().cohorts.at(crossing.season.played.cohort).touches;
  const std::uint64_t before = crossing.season.cohort().sequence;
  ASSERT_TRUE(touches.since(before).has_value());
  ASSERT_EQ(crossing.start(), "");
  EXPECT_FALSE(touches.since(before).has_value());
  EXPECT_TRUE(touches.since(crossing.season.cohort().sequence).has_value());
}

}  // namespace
}  // namespace kvali::views
