// Publishing: what is refused, with which sentences; what the record keeps; who may; and that nobody waits for a proof.
#include "server/core/publish.h"

#include <gmock/gmock.h>

#include <deque>

#include "server/core/uuid.h"
#include "tests/engine/program/files.h"
#include "tests/server/demo/world.h"

namespace kvali::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The sound program of tests/engine/program/unsound, with one text in place of another.
v1::Command publish(const std::string& out = {}, const std::string& in = {}) {
  std::string text = program::testing::read_file("tests/engine/program/unsound/base.yaml");
  if (!out.empty()) text.replace(text.find(out), out.size(), in);
  v1::Command command;
  v1::SourceFile& file = *command.mutable_publish_program()->add_files();
  file.set_path("program.yaml");
  file.set_text(std::move(text));
  command.mutable_publish_program()->set_message("The first spring");
  return command;
}

// A waitlist that is left on one day alone, and only by who has a fence: the others stay for ever.
constexpr const char* closes = "          freed: {label: A place is free, when_freed: per_town, to: offered}\n"
                               "          close: {label: Closes, at: cohort.starts, to: refused}\n";
constexpr const char* closes_for_some = "          close: {label: Closes, at: cohort.starts, if: initiative.fence, to: refused}\n";

/// A house with one who runs it and one who does not.
struct House {
  explicit House(program::proof::Bounds bounds = {}) {
    world.proof = bounds;
    world.restart();
    manager = person("Mara", "");
    other = person("Otto", manager);
  }
  std::string person(const std::string& name, const std::string& by) {
    v1::Command command;
    command.mutable_register_person()->mutable_name()->set_text(name);
    return world.ask(std::move(command), by).created;
  }
  std::vector<v1::ProgramPublished> published() {
    std::vector<v1::ProgramPublished> all;
    const auto read = world.journal.read("program/orchard", 1, [&](const journal::Record& stored) {
      v1::Record record;
      EXPECT_TRUE(record.ParseFromString(stored.bytes));
      all.push_back(record.program_published());
      return journal::Visit::Continue;
    });
    EXPECT_TRUE(read.has_value());
    return all;
  }
  demo::testing::World world;
  std::string manager, other;
};

std::vector<std::string> sentences(const Reply& reply) {
  std::vector<std::string> all;
  for (const cohort::Unmet& one : reply.refusal.unmet) all.push_back(cohort::in_language(one.why, "en"));
  return all;
}

TEST(Publish, KeepsWhatTheProofCameTo) {
  House house;
  const Reply reply = house.world.ask(publish(), house.manager);
  ASSERT_EQ(reply.code, "");
  EXPECT_THAT(reply.warnings, IsEmpty());
  const auto published = house.published();
  ASSERT_EQ(published.size(), 1u);
  EXPECT_EQ(published[0].version(), reply.created);
  EXPECT_EQ(published[0].proof().verdict(), v1::Proof::SOUND);
  EXPECT_GT(published[0].proof().configurations(), 10u);
  EXPECT_GT(published[0].proof().transitions(), published[0].proof().configurations());
  EXPECT_EQ(published[0].proof().accepted(), 0u);
}

TEST(Publish, RefusesWhatIsNotSoundWithTheSentencesOfTheCheck) {
  House house;
  const Reply reply = house.world.ask(publish(closes, closes_for_some), house.manager);
  EXPECT_EQ(reply.code, "INVALID");
  EXPECT_EQ(cohort::in_language(reply.refusal.sentence, "en"),
            "This program is not sound, so it was not published. Findings: 1. Mend each, or say in the file why it is meant so (accepted:)");
  EXPECT_THAT(sentences(reply), ElementsAre("program.yaml:45:7: from `apply.queue` no end can be come to any more [no-option-to-complete]"));
  EXPECT_THAT(house.published(), IsEmpty());
}

TEST(Publish, TellsTheWayToWhatItFinds) {
  House house;
  const Reply reply = house.world.ask(publish(closes, closes_for_some), house.manager);
  ASSERT_EQ(reply.refusal.unmet.size(), 1u);
  EXPECT_EQ(cohort::in_language(reply.refusal.unmet[0].facts, "en"),
            "it begins → apply.draft\n`submit` by applicant → apply.reading\n`reserve` by manager → apply.queue\n"
            "the day of `close` of `apply.queue` comes while `initiative.fence` does not hold → apply.queue");
}

TEST(Publish, LetsPassWhatTheFileAccepts) {
  House house;
  v1::Command command = publish(closes, closes_for_some);
  command.mutable_publish_program()->mutable_files(0)->mutable_text()->append(
      "accepted:\n  - {finding: no-option-to-complete, at: stages.apply.states.queue, why: They are asked by telephone}\n");
  ASSERT_EQ(house.world.ask(std::move(command), house.manager).code, "");
  ASSERT_EQ(house.published().size(), 1u);
  EXPECT_EQ(house.published()[0].proof().accepted(), 1u);
}

TEST(Publish, SaysThatTheSameIsPublishedAlreadyAndChangesNothing) {
  House house;
  ASSERT_EQ(house.world.ask(publish(), house.manager).code, "");
  ASSERT_EQ(house.world.ask(publish("Gardener", "Tree keeper"), house.manager).code, "");
  const Reply again = house.world.ask(publish(), house.manager);
  EXPECT_EQ(again.code, "PRECONDITION");
  EXPECT_EQ(cohort::in_language(again.refusal.sentence, "en"), "This is published already, as version 1: nothing has changed");
  EXPECT_EQ(house.published().size(), 2u);
}

TEST(Publish, WarnsOfAProofThatIsInconclusiveAndKeepsThat) {
  House house({.configurations = 3, .transitions = 1000});
  const Reply reply = house.world.ask(publish(), house.manager);
  ASSERT_EQ(reply.code, "");
  ASSERT_EQ(reply.warnings.size(), 1u);
  EXPECT_THAT(cohort::in_language(reply.warnings[0], "en"), ::testing::StartsWith("The proof is inconclusive: it stopped at its limit, after 4 configurations"));
  house.world.restart();
  const auto& versions = house.world.core().store().library.programs().at("orchard");
  ASSERT_EQ(versions.size(), 1u);
  EXPECT_EQ(versions[0].proof.verdict(), v1::Proof::INCONCLUSIVE);
  EXPECT_EQ(versions[0].author, house.manager);
}

TEST(Publish, IsForWhoRunsTheHouse) {
  House house;
  const Reply reply = house.world.ask(publish("program: orchard", "program: [orchard"), house.other);
  EXPECT_EQ(reply.code, "FORBIDDEN");
  EXPECT_THAT(sentences(reply), IsEmpty()) << "whoever may not publish is told nothing of the file";
  EXPECT_THAT(house.published(), IsEmpty());
}

TEST(Publish, StoresUnderTheNameThatWasRead) {
  House house;
  ASSERT_EQ(house.world.ask(publish("program: orchard", "# program: another\nprogram: orchard"), house.manager).code, "");
  EXPECT_EQ(house.published().size(), 1u);
}

/// A house whose proofs wait until they are let go on.
struct WaitingHouse : House {
  WaitingHouse() {
    world.beside = [this](std::function<void()> work) { waiting.push_back(std::move(work)); };
    world.restart();
  }
  void send(v1::Command command, std::optional<Reply>& answered, const std::string& actor) {
    world.now_us += 1000;
    command.set_id(make_uuid_v7(world.now_us, 1, ++sent));
    world.core().submit({std::move(command), actor, world.now_us, false, [&answered](const Reply& reply) { answered = reply; }});
  }
  std::deque<std::function<void()>> waiting;
  std::uint64_t sent = 0;
};

TEST(Publish, LetsOthersGoOnWhileItProves) {
  WaitingHouse house;
  std::optional<Reply> answered;
  house.send(publish(), answered, house.manager);
  EXPECT_NE(house.person("Nora", house.manager), "") << "another command is answered meanwhile";
  EXPECT_FALSE(answered.has_value());
  ASSERT_EQ(house.waiting.size(), 1u);
  house.waiting.front()();
  house.world.run();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->code, "");
  EXPECT_EQ(house.published().size(), 1u);
}

TEST(Publish, JudgesRightsWhenTheProofIsThere) {
  WaitingHouse house;
  v1::Command grant;
  grant.mutable_grant_relation()->set_person(house.other);
  grant.mutable_grant_relation()->set_relation("manager");
  const std::string granted = house.world.ask(std::move(grant), house.manager).created;
  std::optional<Reply> answered;
  house.send(publish(), answered, house.other);
  v1::Command end;
  end.mutable_end_relation()->set_grant(granted);
  ASSERT_EQ(house.world.ask(std::move(end), house.manager).code, "");
  ASSERT_EQ(house.waiting.size(), 1u);
  house.waiting.front()();
  house.world.run();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->code, "FORBIDDEN");
  EXPECT_THAT(house.published(), IsEmpty());
}

TEST(Publish, RefusesMoreProofsThanMayWait) {
  WaitingHouse house;
  std::deque<std::optional<Reply>> answers;
  for (std::size_t i = 0; i <= limits::proofs_waiting_max; ++i) house.send(publish(), answers.emplace_back(), house.manager);
  house.world.run();
  EXPECT_EQ(house.waiting.size(), limits::proofs_waiting_max);
  ASSERT_TRUE(answers.back().has_value());
  EXPECT_EQ(answers.back()->code, "RATE_LIMITED");
  for (; !house.waiting.empty(); house.waiting.pop_front()) house.waiting.front()();
  house.world.run();
  EXPECT_EQ(answers.front()->code, "");
  EXPECT_EQ(answers[1]->code, "PRECONDITION") << "the same again";
  house.send(publish("Gardener", "Tree keeper"), answers.emplace_back(), house.manager);
  EXPECT_EQ(house.waiting.size(), 1u);
}

}  // namespace
}  // namespace kvali::core
