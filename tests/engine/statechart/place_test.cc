// Histories, and instances put where somebody says: what stays, what is left, what is entered.
#include <gtest/gtest.h>

#include "tests/engine/statechart/sketch.h"

namespace kvali::statechart {
namespace {

constexpr std::string_view suspended = R"(
  state running
    on suspend -> paused
    history shallow -> one
    deep deep -> one / log afresh
    state one
      on next -> two
    state two
      state two_a
        on next -> two_b
      state two_b
  state paused
    on resume -> shallow
    on resume_deeply -> deep
)";

TEST(History, ComesBackToTheRememberedChild) {
  Play play(suspended);
  play.start();
  play.send("next");
  play.send("next");
  EXPECT_EQ(play.at(), "running.two.two_b");
  play.send("suspend");
  EXPECT_TRUE(legal(*play.chart, play.configuration));
  const Configuration paused = play.configuration;
  EXPECT_EQ(play.send("resume"), "running.two.two_a");
  play.configuration = paused;
  EXPECT_EQ(play.send("resume_deeply"), "running.two.two_b");
}

TEST(History, SaysWhatComesBackAndWhatBeginsAfresh) {
  Play play(suspended);
  play.start();
  play.send("next");
  play.send("suspend");
  const Configuration paused = play.configuration;
  play.told();
  play.send("resume");
  EXPECT_EQ(play.told(), "out paused, back in running, back in running.two, in running.two.two_a");
  play.configuration = paused;
  play.send("resume_deeply");
  EXPECT_EQ(play.told(), "out paused, back in running, back in running.two, back in running.two.two_a");
}

TEST(History, TakesItsDefaultBeforeAnythingIsRemembered) {
  Play play(suspended);
  play.put({"paused"});
  play.told();
  EXPECT_EQ(play.send("resume_deeply"), "running.one");
  EXPECT_EQ(play.told(), "out paused, in running, say afresh, in running.one");
}

TEST(History, RemembersEveryRegionOfAParallel) {
  Play play(R"(
    parallel p
      deep h
      on suspend -> paused
      state a
        state a1
          on a -> a2
        state a2
      state b
        state b1
        state b2
    state paused
      on resume -> h)");
  play.start();
  play.send("a");
  play.send("suspend");
  EXPECT_EQ(play.send("resume"), "p.a.a2 p.b.b1");
}

TEST(Enter, PutsAnInstanceAnywhereAndCompletesTheRegions) {
  Play play(programme);
  EXPECT_EQ(play.put({"mentoring.project.approval"}), "mentoring.sessions.open mentoring.project.approval");
  EXPECT_EQ(play.told(),
            "in mentoring, in mentoring.sessions, in mentoring.sessions.open, in mentoring.project, in "
            "mentoring.project.approval");
  EXPECT_TRUE(legal(*play.chart, play.configuration));
}

TEST(Enter, KeepsWhatFits) {
  Play play(programme);
  play.put({"mentoring"});
  play.move("close");
  play.told();
  EXPECT_EQ(play.put({"mentoring.project.approval"}), "mentoring.sessions.held mentoring.project.approval");
  EXPECT_EQ(play.told(), "out mentoring.project.writing, in mentoring.project.approval");
  EXPECT_EQ(play.put({"mentoring.project"}), "mentoring.sessions.held mentoring.project.writing");
  EXPECT_EQ(play.put({"mentoring.sessions.open", "mentoring.project.approval"}),
            "mentoring.sessions.open mentoring.project.approval");
}

TEST(Enter, LeadsBackFromAnEnd) {
  Play play(programme);
  play.put({"lapsed"});
  EXPECT_TRUE(play.configuration.done);
  EXPECT_EQ(play.put({"application.screening"}), "application.screening");
  EXPECT_FALSE(play.configuration.done);
}

TEST(Enter, FollowsWithEventlessArrowsAndDoneEvents) {
  Play play(programme);
  EXPECT_EQ(play.put({"mentoring.sessions.held", "mentoring.project.ready"}), "alumni");
}

TEST(Enter, RefusesTargetsThatAreNeverActiveTogether) {
  Play play(programme);
  play.start();
  EXPECT_EQ(play.put({"application.draft", "mentoring"}), "application.draft");
  EXPECT_EQ(play.last.refusal, Refusal::NotTogether);
}

TEST(Legal, RefusesEveryConfigurationAChartCannotBeIn) {
  Play play(programme);
  const auto id = [&](const char* path) { return play.chart->find(path).value(); };
  EXPECT_FALSE(legal(*play.chart, {}));
  EXPECT_FALSE(legal(*play.chart, {{id("application")}, {}, false}));
  EXPECT_FALSE(
      legal(*play.chart, {{id("application"), id("application.draft"), id("application.screening")}, {}, false}));
  EXPECT_FALSE(
      legal(*play.chart, {{id("mentoring"), id("mentoring.sessions"), id("mentoring.sessions.open")}, {}, false}));
  EXPECT_FALSE(legal(*play.chart, {{id("application.draft"), id("application")}, {}, false}));
  EXPECT_FALSE(legal(*play.chart, {{id("lapsed")}, {}, false}));
  EXPECT_TRUE(legal(*play.chart, {{id("lapsed")}, {}, true}));
  EXPECT_FALSE(legal(*play.chart, {{id("application"), id("application.draft"), 999}, {}, false}));
  EXPECT_FALSE(legal(*play.chart,
                     {{id("application"), id("application.draft")}, {{id("application"), {id("mentoring")}}}, false}));
}

}  // namespace
}  // namespace kvali::statechart
