#include "engine/program/expand.h"

#include <gmock/gmock.h>

#include <set>

#include "engine/program/print_machine.h"
#include "engine/program/program.h"
#include "engine/statechart/chart.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Loaded load_file(const std::string& path) {
  Loaded loaded = load({{"here/program.yaml", testing::read_file("tests/engine/program/" + path)}});
  EXPECT_THAT(testing::lines_of(loaded.faults), IsEmpty());
  return loaded;
}

const v1::Node& state(const v1::Machine& machine, const std::string& path) {
  for (const v1::Node& node : machine.states()) {
    if (node.path() == path) return node;
  }
  ADD_FAILURE() << "no state " << path;
  return machine.states(0);
}

/// "MOVE or EVENT → TARGET" for every arrow of a state.
std::vector<std::string> arrows_of(const v1::Machine& machine, const std::string& path) {
  std::vector<std::string> arrows;
  for (const v1::Arrow& arrow : machine.arrows()) {
    if (machine.states(static_cast<int>(arrow.source())).path() != path) continue;
    std::string text = arrow.has_move() ? arrow.move().name() : arrow.events().empty() ? "at once" : arrow.events(0);
    for (const auto to : arrow.targets()) text += " → " + machine.states(static_cast<int>(to)).path();
    arrows.push_back(text);
  }
  return arrows;
}

TEST(Expand, MakesTheMachineOfTheAccelerator) {
  testing::expect_golden("socifaction-2017.txt", print_machine(load(testing::workflow("socifaction-2017")).machine, "en"));
}

TEST(Expand, MakesTheMachineOfEveryOtherConstruct) {
  testing::expect_golden("features.txt", print_machine(load_file("features.yaml").machine, "en"));
}

TEST(Expand, LeadsWhoComesBackToWhatWasLeft) {
  const v1::Machine machine = load_file("features.yaml").machine;
  EXPECT_THAT(arrows_of(machine, "work.paused"), ElementsAre("resume → work.course.history", "stop → work.over", "judge → work.over", "lost.judge@work.paused → work.course.history", "award → work.over"));
  EXPECT_THAT(arrows_of(machine, "work.resting"), ElementsAre("back → work.project.history"));
  EXPECT_EQ(state(machine, "work.course.history").kind(), v1::Node::HISTORY_DEEP);
  EXPECT_EQ(state(machine, "work.project.history").initial_size(), 2) << "by default every part begins";
}

TEST(Expand, LetsAnOutcomeLeadNowhereWhereAFinalStateGoesOn) {
  const v1::Machine machine = load_file("features.yaml").machine;
  EXPECT_EQ(state(machine, "start.checked").kind(), v1::Node::ATOMIC);
  EXPECT_THAT(arrows_of(machine, "start.checked"), ElementsAre("at once → work"));
  EXPECT_EQ(state(machine, "start.dropped").kind(), v1::Node::FINAL);
  EXPECT_THAT(arrows_of(machine, "start"), IsEmpty()) << "nothing waits for done.state.start";
}

TEST(Expand, MakesAMoveForAPersonAndOneForItsDate) {
  const v1::Machine machine = load_file("features.yaml").machine;
  EXPECT_THAT(arrows_of(machine, "start.idea"),
              ElementsAre("at once → start.checked", "check → start.checked", "due.start.idea.move.check → start.checked",
                          "due.start.idea.deadline → start.dropped", "remind.start.idea.deadline.1"));
}

TEST(Expand, BlocksEveryEntryThatTheChecklistNames) {
  const v1::Machine machine = load_file("features.yaml").machine;
  std::vector<std::string> blocked;
  for (const v1::Arrow& arrow : machine.arrows()) {
    for (const v1::Need& need : arrow.has_move() ? arrow.move().needs() : arrow.needs()) {
      EXPECT_EQ(need.when(), "managers >= 1");
      EXPECT_EQ(need.of(), v1::Checklist::THE_COHORT);
      blocked.push_back(machine.states(static_cast<int>(arrow.source())).path());
    }
  }
  // The stage begins with the course, so who enters the stage enters it; so does who comes back, and who is sent back by a vote.
  EXPECT_THAT(blocked, ElementsAre("start.checked", "work.paused", "work.paused"));
}

TEST(Expand, PutsTheMovesFromAnywhereOnEveryStageAndNoEnd) {
  const v1::Machine machine = load_file("broken/base.yaml").machine;
  for (const char* stage : {"apply", "growing", "after"}) {
    EXPECT_EQ(arrows_of(machine, stage).back(), "withdraw → withdrawn") << "after the stage's own";
  }
  for (const v1::Arrow& arrow : machine.arrows()) {
    EXPECT_NE(machine.states(static_cast<int>(arrow.source())).kind(), v1::Node::FINAL);
  }
}

TEST(Expand, NamesThePlacesOfAQuota) {
  const v1::Machine machine = load_file("broken/base.yaml").machine;
  ASSERT_EQ(machine.places_size(), 1);
  std::vector<std::string> held;
  for (const auto index : machine.places(0).states()) held.push_back(machine.states(static_cast<int>(index)).path());
  EXPECT_EQ(machine.places(0).quota(), "per_town");
  EXPECT_THAT(held, ElementsAre("apply.offered", "growing", "after"));
}

TEST(Expand, KnowsTheLineOfEveryNodeArrowAndTimer) {
  const Loaded loaded = load(testing::workflow("socifaction-2017"));
  for (const v1::Node& node : loaded.machine.states()) {
    EXPECT_GT(node.place().line(), 0u) << node.path();
    EXPECT_EQ(node.place().file(), "program.yaml") << "relative to the program's folder";
    for (const v1::Timer& timer : node.timers()) EXPECT_GT(timer.place().line(), 0u) << timer.event();
  }
  for (const v1::Arrow& arrow : loaded.machine.arrows()) EXPECT_GT(arrow.place().line(), 0u);
}

// Event descriptors take every event that they are a prefix of, token by token.
TEST(Expand, MakesNoEventThatIsThePrefixOfAnother) {
  for (const char* file : {"features.yaml", "broken/base.yaml"}) {
    std::set<std::string> events;
    const v1::Machine machine = load_file(file).machine;
    for (const v1::Node& node : machine.states()) {
      for (const v1::Timer& timer : node.timers()) EXPECT_TRUE(events.insert(timer.event() + ".").second) << timer.event();
    }
    for (auto at = events.begin(); at != events.end() && std::next(at) != events.end(); ++at) {
      EXPECT_FALSE(std::next(at)->starts_with(*at)) << *at;
    }
  }
}

TEST(Expand, MakesMachinesThatTheStepAccepts) {
  std::vector<v1::Machine> machines{load(testing::workflow("socifaction-2017")).machine, load_file("features.yaml").machine,
                                    load_file("broken/base.yaml").machine};
  for (const v1::Machine& machine : machines) {
    const auto chart = statechart::Chart::compile(machine);
    EXPECT_TRUE(chart.has_value()) << chart.error().message;
    for (const v1::TaskKind& task : machine.tasks()) {
      const auto small = statechart::Chart::compile(task.machine());
      EXPECT_TRUE(small.has_value()) << task.name() << ": " << small.error().message;
    }
  }
}

}  // namespace
}  // namespace kvali::program
