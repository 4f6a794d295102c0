// What the step does, as tables of from-state, event, to-state and as stories of what happened in which order.
// Over 500 lines because the rules of Appendix D stand one beside the other, in its order.
#include <gtest/gtest.h>

#include "engine/limits.h"
#include "tests/engine/statechart/sketch.h"

namespace kvali::statechart {
namespace {

struct Cell {
  std::vector<std::string> from;
  std::string move_or_event;
  std::string to;
};

void PrintTo(const Cell& cell, std::ostream* out) { *out << cell.from.back() << " " << cell.move_or_event; }

class Programme : public testing::TestWithParam<Cell> {};

TEST_P(Programme, GoesFromStateByMoveOrEventToState) {
  const Cell& cell = GetParam();
  Play play(programme);
  play.put(cell.from);
  play.host.facts = {"place"};
  const bool event = cell.move_or_event.starts_with("due");
  EXPECT_EQ(event ? play.send(cell.move_or_event) : play.move(cell.move_or_event), cell.to);
  EXPECT_TRUE(legal(*play.chart, play.configuration));
}

INSTANTIATE_TEST_SUITE_P(
    Step, Programme,
    testing::Values(Cell{{"application"}, "submit", "application.screening"},
                    Cell{{"application.screening"}, "pass", "application.assessment"},
                    Cell{{"application.screening"}, "return", "application.draft"},
                    Cell{{"application.draft"}, "due.draft", "lapsed"},
                    Cell{{"application.screening"}, "due.draft", "application.screening"},
                    Cell{{"application.screening"}, "due.end", "lapsed"},
                    Cell{{"application.assessment"}, "select", "mentoring.sessions.open mentoring.project.writing"},
                    Cell{{"mentoring"}, "close", "mentoring.sessions.held mentoring.project.writing"},
                    Cell{{"mentoring"}, "hand_in", "mentoring.sessions.open mentoring.project.approval"},
                    Cell{{"mentoring.project.approval"}, "return", "mentoring.sessions.open mentoring.project.writing"},
                    Cell{{"mentoring.project.approval"}, "approve", "mentoring.sessions.open mentoring.project.ready"},
                    Cell{{"mentoring.project.ready"}, "close", "alumni"}, Cell{{"mentoring"}, "withdraw", "lapsed"},
                    Cell{{"mentoring"}, "due.end", "lapsed"},
                    Cell{
                        {"mentoring.project.approval"}, "due.x.y", "mentoring.sessions.open mentoring.project.writing"},
                    Cell{{"application.draft"}, "pass", "no such move"}, Cell{{"lapsed"}, "submit", "no such move"}));

TEST(Step, StartsInTheFirstStateOfTheFirstStage) {
  Play play(programme);
  EXPECT_EQ(play.start(), "application.draft");
  EXPECT_EQ(play.told(), "in application, in application.draft");
  EXPECT_TRUE(legal(*play.chart, play.configuration));
  EXPECT_FALSE(play.configuration.done);
}

TEST(Step, LeavesFromWithinAndEntersFromWithout) {
  Play play(programme);
  play.put({"mentoring"});
  play.told();
  play.move("hand_in");
  EXPECT_EQ(play.told(), "out mentoring.project.writing, in mentoring.project.approval");
  play.move("withdraw");
  EXPECT_EQ(
      play.told(),
      "out mentoring.project.approval, out mentoring.project, out mentoring.sessions.open, out mentoring.sessions, "
      "out mentoring, in lapsed");
  EXPECT_TRUE(play.configuration.done);
}

TEST(Step, RefusesWhatIsNotPossibleAndChangesNothing) {
  Play play(programme);
  play.start();
  const Configuration before = play.configuration;
  ArrowId select = 0;
  while (play.chart->arrow(select).move().name() != "select") ++select;
  EXPECT_EQ(play.stepper.take(play.configuration, select, play.host).refusal, Refusal::NotActive);
  EXPECT_EQ(play.configuration, before);
  play.put({"application.assessment"});
  EXPECT_EQ(play.stepper.take(play.configuration, select, play.host).refusal, Refusal::GuardFalse);
  EXPECT_EQ(play.at(), "application.assessment");
  play.put({"lapsed"});
  EXPECT_EQ(play.stepper.take(play.configuration, select, play.host).refusal, Refusal::Finished);
  EXPECT_EQ(play.stepper.dispatch(play.configuration, Event{"due.end"}, play.host).refusal, Refusal::Finished);
}

TEST(Step, TakesAFreedPlaceOnlyByName) {
  Play play(programme);
  play.put({"application.assessment"});
  EXPECT_EQ(play.send("places"), "application.assessment");
  ArrowId freed = 0;
  while (play.chart->arrow(freed).freed().empty()) ++freed;
  play.stepper.take(play.configuration, freed, play.host);
  EXPECT_EQ(play.at(), "mentoring.sessions.open mentoring.project.writing");
}

TEST(Step, TakesExactlyTheMoveOfOneRegion) {
  Play play(R"(
    parallel p
      state a
        state a1
          move go -> a2
        state a2
      state b
        state b1
          move go -> b2
        state b2)");
  play.start();
  const auto found = moves(*play.chart, play.configuration);
  ASSERT_EQ(found.size(), 2u);
  play.last = play.stepper.take(play.configuration, found[1], play.host);
  EXPECT_EQ(play.at(), "p.a.a1 p.b.b2");
  EXPECT_EQ(play.send("go"), "p.a.a1 p.b.b2");  // never a broadcast
  EXPECT_TRUE(play.last.nothing_enabled);
}

TEST(Step, BroadcastsAnEventToEveryRegion) {
  Play play(R"(
    parallel p
      state a
        state a1
          on go -> a2 / log first
        state a2
      state b
        state b1
          on go -> b2 / log second
        state b2)");
  play.start();
  play.told();
  EXPECT_EQ(play.send("go"), "p.a.a2 p.b.b2");
  EXPECT_EQ(play.told(), "out p.b.b1, out p.a.a1, say first, say second, in p.a.a2, in p.b.b2");
  EXPECT_EQ(play.last.microsteps, 1u);
}

TEST(Step, PrefersTheInnerArrowAndTheEarlierOne) {
  Play play(R"(
    state a
      on go -> c
      state a1
        on go if never -> d
        on go -> b
        on go -> c
    state b
    state c
    state d)");
  play.start();
  EXPECT_EQ(play.send("go"), "b");
}

TEST(Step, LetsTheDeeperSourcePreemptTheOuterOne) {
  Play play(R"(
    parallel p
      on go -> out
      state a
        state a1
      state b
        state b1
          on go -> b2
        state b2
    state out)");
  play.start();
  EXPECT_EQ(play.send("go"), "p.a.a1 p.b.b2");
  EXPECT_EQ(play.taken(), "p.b.b1");
}

TEST(Step, LetsTheFirstOfTwoRegionsWinWhenBothLeaveTheParallel) {
  Play play(R"(
    parallel p
      state a
        state a1
          on go -> x
      state b
        state b1
          on go -> y
    state x
    state y)");
  play.start();
  EXPECT_EQ(play.send("go"), "x");
  EXPECT_EQ(play.taken(), "p.a.a1");
}

TEST(Step, TakesATargetlessArrowBesideAnyOther) {
  Play play(R"(
    parallel p
      state a
        on go / log stayed
        state a1
      state b
        state b1
          on go -> out
    state out)");
  play.start();
  play.told();
  EXPECT_EQ(play.send("go"), "out");
  EXPECT_EQ(play.told(), "out p.b.b1, out p.b, out p.a.a1, out p.a, out p, say stayed, in out");
}

TEST(Step, AsksAGuardOnceInASelection) {
  Play play(R"(
    parallel p
      on go if g -> out
      state a
      state b
    state out)");
  play.start();
  play.told();
  play.send("go");
  EXPECT_EQ(play.told(), "ask g");
}

TEST(Step, RunsEventlessArrowsBeforeInternalEvents) {
  Play play(R"(
    state a
      on go -> b / raise x raise y
    state b
      on x -> wrong
      always -> c
    state c
      on x -> d
    state d
      on y -> e
    state e
    state wrong)");
  play.start();
  EXPECT_EQ(play.send("go"), "e");
  EXPECT_EQ(play.last.microsteps, 4u);
}

TEST(Step, SettlesWhenAFactHasChanged) {
  Play play(R"(
    state a
      always if ready -> b
    state b)");
  EXPECT_EQ(play.start(), "a");
  EXPECT_TRUE(settle(*play.chart, play.configuration, play.host).nothing_enabled);
  play.host.facts = {"ready"};
  EXPECT_FALSE(settle(*play.chart, play.configuration, play.host).nothing_enabled);
  EXPECT_EQ(play.at(), "b");
}

TEST(Step, TellsActionsWhichEventTheyBelongTo) {
  Play play(R"(
    state a
      on go -> b / raise inner
    state b
      entry log event
      on inner -> c / log event
    state c
      entry log event)");
  play.start();
  play.told();
  play.send("go");
  EXPECT_EQ(play.told(), "out a, raise inner, in b, say go, out b, say inner, in c, say inner");
}

TEST(Step, EndsABlockAtItsErrorAndRunsTheNext) {
  Play play(R"(
    state a
      entry log one log fail log two
      entry log three)");
  play.start();
  EXPECT_EQ(play.told(), "in a, say one, say three");
}

TEST(Step, TellsADoneEventForEveryCompoundThatEnds) {
  Play play(R"(
    state work
      on done.state.work -> after
      parallel p
        state a
          state a1
            on a -> a2
          final a2
        state b
          state b1
            on b -> b2
          final b2
        on done.state.work.p -> over
      final over
    state after)");
  play.start();
  play.told();
  EXPECT_EQ(play.send("a"), "work.p.a.a2 work.p.b.b1");
  EXPECT_EQ(play.told(), "out work.p.a.a1, in work.p.a.a2, raise done.state.work.p.a");
  EXPECT_EQ(play.send("b"), "after");
  EXPECT_EQ(play.told(),
            "out work.p.b.b1, in work.p.b.b2, raise done.state.work.p.b, raise done.state.work.p, out work.p.b.b2, out "
            "work.p.b, "
            "out work.p.a.a2, out work.p.a, out work.p, in work.over, raise done.state.work, out work.over, out work, "
            "in after");
}

TEST(Step, RunsTheExitContentWhenItEndsAndStaysWhereItEnded) {
  Play play(R"(
    state a
      on go -> z
    final z
      exit log goodbye)");
  play.start();
  play.told();
  EXPECT_EQ(play.send("go"), "z");
  EXPECT_EQ(play.told(), "out a, in z, say goodbye");
  EXPECT_TRUE(play.configuration.done);
}

TEST(Step, EndsAtAFinalStateInsideAStageThatSaysHowItEnded) {
  v1::Machine machine = sketch(R"(
    state stage
      on done.state.stage -> after
      state a
        on go -> lapsed
      final lapsed
    state after)");
  machine.mutable_states(3)->set_ends(v1::State::LAPSED);
  const auto chart = Chart::compile(machine).value();
  StoryHost host(*chart);
  Configuration configuration;
  start(*chart, configuration, host);
  dispatch(*chart, configuration, Event{"go"}, host);
  EXPECT_TRUE(configuration.done);
  EXPECT_TRUE(is_active(configuration, 3));
  EXPECT_TRUE(legal(*chart, configuration));
}

TEST(Step, MatchesDescriptorsByWholeTokens) {
  const auto to = [](std::string_view descriptor, std::string_view event) {
    Play play("state a\n  on " + std::string(descriptor) + " -> b\nstate b");
    play.start();
    return play.send(event);
  };
  EXPECT_EQ(to("due", "due"), "b");
  EXPECT_EQ(to("due", "due.draft.deadline"), "b");
  EXPECT_EQ(to("due", "duel"), "a");
  EXPECT_EQ(to("a.b", "a"), "a");
  EXPECT_EQ(to("due.*", "due"), "b");
  EXPECT_EQ(to("due.", "due.x"), "b");
  EXPECT_EQ(to("*", "anything at all"), "b");
  EXPECT_EQ(to("x due", "due.x"), "b");
  EXPECT_EQ(to("a.b", "a.b.c"), "b");
  EXPECT_EQ(to("a.b", "a.bc"), "a");
}

TEST(Step, TakesAPathInAnEventAsOneToken) {
  const auto to = [](std::string_view descriptor, std::string_view event) {
    Play play("state a\n  on " + std::string(descriptor) + " -> b\nstate b");
    play.start();
    return play.send(event);
  };
  EXPECT_EQ(to("done.state.mentoring", "done.state.mentoring.sessions"), "a");
  EXPECT_EQ(to("done.state.mentoring", "done.state.mentoring"), "b");
  EXPECT_EQ(to("done.state", "done.state.mentoring.sessions"), "b");
  EXPECT_EQ(to("done.state.*", "done.state.mentoring.sessions"), "b");
  EXPECT_EQ(to("due.draft.deadline", "due.draft.deadline.remind.1"), "a");
  EXPECT_EQ(to("due.draft", "due.draft.deadline"), "a");
  EXPECT_EQ(to("due", "due.draft.deadline"), "b");
}

TEST(Step, StaysInsideForAnInternalArrow) {
  constexpr std::string_view text = R"(
    state a
      internal on in -> a2
      on out -> a2
      state a1
      state a2)";
  Play play(text);
  play.start();
  play.told();
  play.send("in");
  EXPECT_EQ(play.told(), "out a.a1, in a.a2");
  play.send("out");
  EXPECT_EQ(play.told(), "out a.a2, out a, in a, in a.a2");
}

TEST(Step, RunsInitialActionsOnlyOnDefaultEntry) {
  constexpr std::string_view text = R"(
    state idle
      on default -> a
      on direct -> a1
    state a
      initial a1 / log by_default
      on back -> idle
      entry log entry
      state a1)";
  Play play(text);
  play.start();
  play.send("direct");
  play.send("back");
  play.told();
  play.send("default");
  EXPECT_EQ(play.told(), "out idle, in a, say entry, say by_default, in a.a1");
}

TEST(Step, GivesUpOnAMacrostepThatDoesNotEnd) {
  Play play(R"(
    state a
      on go -> b
    state b
      always -> c
    state c
      always -> b)");
  play.start();
  play.send("go");
  EXPECT_TRUE(play.last.overflow);
  EXPECT_EQ(play.last.microsteps, limits::microsteps_max);
}

TEST(Step, GivesUpOnInternalEventsThatRaiseOneAnother) {
  Play play(R"(
    state a
      on go / raise go)");
  play.start();
  play.send("go");
  EXPECT_TRUE(play.last.overflow);
}

}  // namespace
}  // namespace kvali::statechart
