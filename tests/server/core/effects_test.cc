// Letters leave like any other output: behind the gate, saying nothing that is not on disk.
#include "server/core/effects.h"

#include <gmock/gmock.h>

#include "tests/server/demo/world.h"

namespace kvali::core {
namespace {

using demo::testing::Season;

class Letterbox final : public Mailer {
 public:
  Result<void> send(const std::vector<Message>& messages) override {
    if (full) return fail("the box is full");
    sent.insert(sent.end(), messages.begin(), messages.end());
    return {};
  }
  [[nodiscard]] std::vector<std::string> subjects() const {
    std::vector<std::string> all;
    for (const Message& one : sent) all.push_back(one.subject);
    return all;
  }
  std::vector<Message> sent;
  bool full = false;
};

/// The days of applications, with every letter of before delivered; an application has just been sent back.
struct Office {
  Office() {
    if (!season.error.empty() || !effects.resume()) throw std::runtime_error("the season was not played: " + season.error);
    effects.run(season.world.now_us);
    season.world.drain();
    box.sent.clear();
    coordinator = "coordinator-" + initiative.substr(0, initiative.find('-'));
    if (!season.code(coordinator, "{make_move: {move: return, reason: Without a budget}}", initiative).empty()) throw std::runtime_error("it was not sent back");
  }
  /// Asks for another title and leaves the answer of the disk outstanding.
  void rename_without_waiting(const std::string& title) {
    Submission asked;
    asked.actor = season.person("applicant-" + initiative);
    asked.now_us = season.world.now_us;
    asked.command.set_id(demo::Keys(5).next(asked.now_us));
    asked.command.set_cohort(season.played.cohort);
    asked.command.mutable_save_fields()->set_initiative(season.played.initiatives.at(initiative));
    v1::FieldInput& field = *asked.command.mutable_save_fields()->add_fields();
    field.set_name("title");
    field.mutable_value()->set_text(title);
    season.world.core().submit(std::move(asked));
    if (season.world.core().in_flight() != 1) throw std::runtime_error("the title was refused");
  }
  Season season{"2016-12-13 09:00"};
  std::string initiative = season.in("application.screening").front(), coordinator;
  Letterbox box;
  Effects effects{season.world.core(), box};
};

TEST(Effects, NameNothingThatIsNotOnDisk) {
  Office office;
  office.rename_without_waiting("Another title");
  office.effects.run(office.season.world.now_us);
  EXPECT_THAT(office.box.subjects(), ::testing::IsEmpty());
  office.season.world.drain();
  EXPECT_THAT(office.box.subjects(), ::testing::ElementsAre("Prašome papildyti: Another title"));
}

TEST(Effects, SendEachLetterOnceHoweverOftenTheyRun) {
  Office office;
  for (int i = 0; i < 3; ++i) office.effects.run(office.season.world.now_us);
  office.season.world.drain();
  office.effects.run(office.season.world.now_us);
  EXPECT_EQ(office.box.sent.size(), 1u);
}

TEST(Effects, KeepWhatCouldNotBeSentInItsOrder) {
  Office office;
  office.box.full = true;
  office.effects.run(office.season.world.now_us);
  EXPECT_EQ(office.season.code("applicant-" + office.initiative, "{make_move: {move: submit}}", office.initiative), "");
  office.effects.run(office.season.world.now_us);
  office.box.full = false;
  office.effects.run(office.season.world.now_us);
  office.season.world.drain();
  EXPECT_THAT(office.box.subjects(), ::testing::ElementsAre(::testing::StartsWith("Prašome papildyti: "), ::testing::StartsWith("Nauja paraiška: ")));
}

}  // namespace
}  // namespace kvali::core
