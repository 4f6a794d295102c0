// A change in the directory reaches the cohorts: at once, and also when the process dies between the two.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include <deque>

#include "engine/cohort/organisations.h"
#include "server/core/core.h"
#include "server/core/uuid.h"
#include "server/journal/memory.h"
#include "tests/engine/calendar/tbilisi.h"
#include "tests/engine/program/files.h"
#include "tests/server/demo/world.h"

namespace kvali::core {
namespace {

/// A house with a season of the alliance, in which "a" was begun by a member of its organisation. Nothing becomes durable but by pump().
class House {
 public:
  House() {
    restart();
    manager = ask("register_person { name { text: \"Mara\" } }", "").created;
    clerk = ask("register_person { name { text: \"Klara\" } }", manager).created;
    member = ask("register_person { name { text: \"Ana\" } }", manager).created;
    v1::Command publish;
    v1::SourceFile& file = *publish.mutable_publish_program()->add_files();
    file.set_path("program.yaml");
    file.set_text(program::testing::read_file("tests/engine/cohort/alliance.yaml"));
    const Reply published = ask(std::move(publish), manager);
    if (!published.code.empty()) throw std::runtime_error(cohort::in_language(published.refusal.sentence, "en"));
    done("open_cohort { name: \"season\" program: \"alliance\" }", manager);
    done("assign_role { person: \"" + clerk + "\" role: \"clerk\" }", manager);
    organisation = ask(R"(register_organisation { name: "Growers" facts { name: "founded" from { year: 2000 } } })", member).created;
    const std::string claimed = done("record_fact { organisation: \"" + organisation + "\" fact { name: \"experience\" from { year: 2023 month: 6 day: 1 } note: \"a letter\" } }", member).created;
    done("accept_fact { organisation: \"" + organisation + "\" fact: \"" + claimed + "\" note { text: \"seen\" } }", clerk);
    initiative = done("start_initiative { organisation: \"" + organisation + "\" }", member).created;
    older = done("record_fact { organisation: \"" + organisation + "\" fact { name: \"experience\" from { year: 2010 } } }", member).created;
  }
  void restart() {
    core.reset();
    posted_.clear();
    journal.crash();
    core = std::make_unique<Core>(Options{journal, *vault_, [this](std::function<void()> run) { posted_.push_back(std::move(run)); },
                                          [](const std::string& sentence) { throw std::runtime_error(sentence); },
                                          [](const std::string&) { return Result<calendar::Zone>(calendar::testing::tbilisi()); }});
    std::vector<std::string> notices;
    if (const auto started = core->start(notices); !started) throw std::runtime_error(started.error().message);
  }
  void submit(v1::Command command, const std::string& actor, std::function<void(Reply)> answer) {
    now_us += 1000;
    command.set_id(make_uuid_v7(now_us, static_cast<std::uint64_t>(now_us), 0));
    if (command.has_start_initiative() || command.has_assign_role() || command.has_accept_fact()) command.set_cohort("season");
    core->submit({std::move(command), actor, now_us, false, std::move(answer)});
  }
  Reply ask(v1::Command command, const std::string& actor) {
    std::optional<Reply> answered;
    submit(std::move(command), actor, [&](const Reply& reply) { answered = reply; });
    while (!answered)
      if (!pump()) throw std::runtime_error("no answer");
    while (pump()) {
    }
    return *answered;
  }
  Reply ask(const std::string& text, const std::string& actor) { return ask(command(text), actor); }
  Reply done(const std::string& text, const std::string& actor) {
    Reply reply = ask(text, actor);
    if (!reply.code.empty()) throw std::runtime_error(text + ": " + cohort::in_language(reply.refusal.sentence, "en"));
    return reply;
  }
  static v1::Command command(const std::string& text) {
    v1::Command made;
    if (!google::protobuf::TextFormat::ParseFromString(text, &made)) throw std::runtime_error("no command: " + text);
    return made;
  }
  /// The oldest batch becomes durable. False when there is none.
  bool pump() {
    const bool had = journal.pump();
    while (!posted_.empty()) {
      const auto run = std::move(posted_.front());
      posted_.pop_front();
      run();
    }
    return had;
  }
  [[nodiscard]] const cohort::Cohort& cohort() const { return core->store().cohorts.at("season").state; }
  [[nodiscard]] bool behind() const { return cohort::is_behind(cohort(), core->store().directory, {}); }
  [[nodiscard]] std::string where() const {
    const cohort::Initiative& one = cohort().initiatives.at(0);
    return std::string(one.model->chart().path(statechart::atomic_states(one.model->chart(), one.at.where).front()));
  }
  /// How often she was told that she may become a full member.
  [[nodiscard]] int told() const {
    int times = 0;
    for (const cohort::Happening& one : cohort().happenings.at(0)) times += one.told.empty() ? 0 : 1;
    return times;
  }
  [[nodiscard]] v1::Command accept_older() const { return command("accept_fact { organisation: \"" + organisation + "\" fact: \"" + older + "\" }"); }

  journal::MemoryJournal journal{journal::MemoryJournal::Mode::Pumped};
  std::unique_ptr<Core> core;
  std::string manager, clerk, member, organisation, initiative, older;
  std::int64_t now_us = demo::testing::world_begins_us;

 private:
  std::unique_ptr<vault::Vault> vault_ = vault::Vault::in_memory(7);
  std::deque<std::function<void()>> posted_;
};

TEST(CoreFacts, ReachTheCohortBeforeAnythingElseIsDecided) {
  House house;
  EXPECT_EQ(house.where(), "joining.associate");
  house.submit(house.accept_older(), house.clerk, {});
  EXPECT_FALSE(house.behind());
  EXPECT_EQ(house.where(), "joining.eligible");
  EXPECT_EQ(house.journal.in_flight(), 2u) << "the directory's commit, and the cohort's";
}

/// The process dies after none, one or both of the commits are durable. Whatever the directory kept the cohort knows, once.
TEST(CoreFacts, AreLostByNoCrashBetweenTheDirectoryAndTheCohort) {
  for (int durable = 0; durable <= 2; ++durable) {
    SCOPED_TRACE(durable);
    House house;
    house.submit(house.accept_older(), house.clerk, {});
    for (int i = 0; i < durable; ++i) ASSERT_TRUE(house.pump());
    house.restart();
    EXPECT_EQ(house.behind(), durable == 1) << "what was durable is all there is";
    EXPECT_EQ(house.told(), durable == 2 ? 1 : 0);
    house.core->pass_time(house.now_us += 1'000'000);
    EXPECT_FALSE(house.behind());
    while (house.pump()) {
    }
    EXPECT_EQ(house.where(), durable == 0 ? "joining.associate" : "joining.eligible");
    EXPECT_EQ(house.told(), durable == 0 ? 0 : 1);
    house.restart();
    house.core->pass_time(house.now_us += 1'000'000);
    EXPECT_EQ(house.told(), durable == 0 ? 0 : 1) << "told once";
    EXPECT_EQ(demo::testing::live(*house.core), demo::testing::folded(house.journal));
  }
}

TEST(CoreFacts, AreNotedBeforeTheFirstCommandAfterACrash) {
  House house;
  house.submit(house.accept_older(), house.clerk, {});
  ASSERT_TRUE(house.pump());
  house.restart();
  ASSERT_TRUE(house.behind());
  house.done("grant_relation { person: \"" + house.clerk + "\" relation: \"manager\" }", house.manager);
  EXPECT_FALSE(house.behind());
}

TEST(CoreFacts, WaitForADiskThatCanBeWritten) {
  House house;
  house.submit(house.accept_older(), house.clerk, {});
  ASSERT_TRUE(house.pump());
  house.restart();
  house.journal.set_read_only("full");
  house.core->pass_time(house.now_us += 1'000'000);
  EXPECT_TRUE(house.behind());
  house.journal.set_read_only("");
  house.core->pass_time(house.now_us += 1'000'000);
  EXPECT_FALSE(house.behind());
}

TEST(CoreFacts, AreAcceptedByTheRolesThatTheProgramNames) {
  House house;
  v1::Command accept = house.accept_older();
  EXPECT_EQ(house.ask(accept, house.member).code, "FORBIDDEN");
  EXPECT_EQ(house.ask(accept, house.clerk).code, "");
  // As the manager of the season she is no clerk of it, and says nothing for the house there.
  EXPECT_EQ(house.ask(accept, house.manager).code, "FORBIDDEN");
  const std::string founded = house.core->store().directory.organisation(house.organisation)->facts.at(0).id();
  v1::Command other = accept;
  other.mutable_accept_fact()->set_fact(founded);
  EXPECT_EQ(house.ask(other, house.clerk).code, "FORBIDDEN") << "the program does not ask anybody to accept when it was founded";
}

TEST(CoreFacts, KeepTheirNotesSealed) {
  House house;
  const auto& facts = house.core->store().directory.organisation(house.organisation)->facts;
  EXPECT_EQ(facts.at(1).note(), "");
  EXPECT_GT(facts.at(1).remark().cipher().size(), 0u);
  EXPECT_EQ(facts.at(1).remark().subject(), house.organisation);
  EXPECT_GT(facts.at(1).accepted(0).note().cipher().size(), 0u);
}

}  // namespace
}  // namespace kvali::core
