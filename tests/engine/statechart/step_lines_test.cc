// A machine played by hand, line by line: what is asked, what is answered.
#include "engine/statechart/step_lines.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/engine/statechart/sketch.h"

namespace kvali::statechart {
namespace {

using nlohmann::json;

calendar::Instant instant(std::string_view text) { return calendar::parse_instant(text).value(); }

// Two hours east of UTC for ever.
calendar::Zone east() {
  calendar::Zone zone;
  zone.name = "East";
  zone.first_offset_s = 7200;
  return zone;
}

class Lines {
 public:
  explicit Lines(std::string_view text, std::string_view now = "2017-01-02T09:00:00Z") : Lines(chart_of(text), now) {}
  Lines(std::shared_ptr<const Chart> chart, std::string_view now)
      : lines_(std::move(chart), {.now = instant(now), .zone = east(), .holidays = {}}) {}

  json start() { return last_ = lines_.start(); }
  // The active states, or the error; the rest is in the members below.
  std::string operator()(std::string_view line) {
    last_ = lines_.step_line(json::parse(line));
    return last_.contains("error") ? last_["error"].get<std::string>() : active();
  }
  std::string active() const {
    std::string all;
    for (const json& path : last_["active"]) all += (all.empty() ? "" : " ") + path.get<std::string>();
    return all;
  }
  std::string due() const {
    std::string all;
    for (const json& each : last_["due"]) {
      all += (all.empty() ? "" : "; ") + each["event"].get<std::string>() + " ";
      all += each.contains("at") ? each["at"].get<std::string>() : each["unknown"].get<std::string>();
    }
    return all;
  }
  const json& last() const { return last_; }
  StepLines& lines() { return lines_; }

 private:
  StepLines lines_;
  json last_;
};

constexpr std::string_view application = R"(
  state application
    state draft
      timer remind at cohort.closes offset -P7D
      timer deadline at cohort.closes past
      move submit by applicant needs has(initiative.title) -> screening / tell applicant receipt raise submitted
      on due.application.draft.deadline -> lapsed
      on due.application.draft.remind / log "remember"
    state screening
      timer deadline within P10WD
      move pass by coordinator if initiative.size>100 -> large
      move pass by coordinator -> small
      move return by coordinator manager gives reason -> draft
    state small
    state large
    freed places -> large
    move withdraw by applicant -> withdrawn
  final lapsed
  final withdrawn
)";

TEST(StepLines, PlaysAMoveAndTellsWhatCameOfIt) {
  Lines lines(application);
  lines(R"({"bind": {"cohort": {"closes": "2017-01-20"}}})");
  lines.start();
  EXPECT_EQ(lines.active(), "application.draft");
  EXPECT_EQ(lines.due(),
            "due.application.draft.remind 2017-01-13T22:00:00Z; due.application.draft.deadline 2017-01-20T22:00:00Z");
  EXPECT_EQ(lines(R"({"move": "submit", "by": "applicant", "data": {"title": "Bread"}})"), "application.screening");
  EXPECT_EQ(lines.last()["raised"], json::array({"submitted"}));
  EXPECT_EQ(lines.last()["told"], json::parse(R"([{"roles": ["applicant"], "message": "receipt"}])"));
  EXPECT_EQ(lines.due(), "due.application.screening.deadline 2017-01-16T22:00:00Z");
  EXPECT_EQ(lines(R"({"move": "withdraw", "by": "applicant"})"), "withdrawn");
  EXPECT_EQ(lines.last()["done"], true);
  EXPECT_EQ(lines.due(), "");
}

TEST(StepLines, SaysWhyAMoveIsNotPossibleAndChangesNothing) {
  Lines lines(application);
  lines(R"({"bind": {"cohort": {"closes": "2017-01-20"}}})");
  const json start = lines.start();
  EXPECT_EQ(lines(R"({"move": "pass"})"),
            R"(no move "pass"; possible here: withdraw (by applicant), submit (by applicant))");
  EXPECT_EQ(lines(R"({"move": "submit", "by": "mentor"})"), R"(the move "submit" is made by applicant, not by mentor)");
  EXPECT_EQ(lines(R"({"move": "submit", "data": {"size": 3}})"),
            R"(the move "submit" is not possible yet: has(initiative.title))");
  EXPECT_EQ(lines(R"({"event": "nothing"})"), "application.draft");
  EXPECT_EQ(lines.last()["due"], start["due"]);
  lines(R"({"move": "submit", "data": {"title": "Bread"}})");
  EXPECT_EQ(lines(R"({"move": "return"})"), R"(the move "return" is not possible yet: "reason" must be given)");
  EXPECT_EQ(lines(R"({"move": "return", "data": {"reason": "The budget is missing"}})"), "application.draft");
  lines(R"({"move": "withdraw"})");
  EXPECT_EQ(lines(R"({"move": "submit"})"), R"(no move "submit"; it has come to its end)");
}

TEST(StepLines, ChoosesSilentlyAmongMovesOfOneName) {
  Lines lines(application);
  lines(R"({"bind": {"cohort": {"closes": "2017-01-20"}}})");
  lines.start();
  lines(R"({"move": "submit", "data": {"title": "Bread", "size": 99}})");
  EXPECT_EQ(lines(R"({"move": "pass"})"), "application.small");
  EXPECT_EQ(lines(R"({"freed": "places"})"), "application.large");
  EXPECT_EQ(lines(R"({"freed": "seats"})"), R"(nothing here waits for a place of "seats")");
}

TEST(StepLines, AsksWhichRegionWhenTwoHaveAMoveOfThatName) {
  Lines lines(R"(
    parallel p
      state a
        state a1
          move return -> a2
        state a2
      state b
        state b1
          move return -> b2
        state b2)");
  lines.start();
  EXPECT_EQ(lines(R"({"move": "return"})"), R"(two moves are named "return"; say p.a.a1.return or p.b.b1.return)");
  EXPECT_EQ(lines(R"({"move": "p.a.a1.return"})"), "p.a.a2 p.b.b1");
  EXPECT_EQ(lines(R"({"move": "return"})"), "p.a.a2 p.b.b2");
}

TEST(StepLines, FiresTimersInTheirOrderWhenTimePasses) {
  Lines lines(application);
  lines(R"({"bind": {"cohort": {"closes": "2017-01-20"}}})");
  lines.start();
  EXPECT_EQ(lines(R"({"advance": "P1D"})"), "application.draft");
  EXPECT_EQ(lines.last()["now"], "2017-01-03T09:00:00Z");
  EXPECT_EQ(lines(R"({"at": "2017-01-20T21:59:59.999999Z"})"), "application.draft");
  EXPECT_EQ(lines.last()["logged"], json::array({"remember"}));
  EXPECT_EQ(lines(R"({"advance": "PT0.000001S"})"), "lapsed");
  EXPECT_EQ(lines(R"({"at": "2017-01-20T21:59:59Z"})"), "time never goes back");
}

TEST(StepLines, FiresAPassedDeadlineAtOnceAndLeavesPassedRemindersOut) {
  Lines lines(application, "2017-02-01T00:00:00Z");
  lines(R"({"bind": {"cohort": {"closes": "2017-01-20"}}})");
  const json start = lines.start();
  EXPECT_EQ(start["active"], json::array({"lapsed"}));
  EXPECT_FALSE(start.contains("logged"));
}

TEST(StepLines, SaysWhichInstantsItCannotKnowAndAsksAgainWhenTold) {
  Lines lines(application);
  lines.start();
  EXPECT_EQ(lines.last()["due"].size(), 2u);
  EXPECT_TRUE(lines.last()["due"][0].contains("unknown"));
  EXPECT_EQ(lines(R"({"advance": "P1Y"})"), "application.draft");
  EXPECT_EQ(lines(R"({"bind": {"cohort": {"closes": "2019-01-20"}}})"), "application.draft");
  EXPECT_EQ(lines.due(),
            "due.application.draft.remind 2019-01-13T22:00:00Z; due.application.draft.deadline 2019-01-20T22:00:00Z");
}

TEST(StepLines, RepeatsFromThePlannedInstant) {
  Lines lines(R"(
    state follow_up
      timer report every P6M times 3 offset -P30D
      on due.follow_up.report / log "report" open impact)",
              "2017-08-31T10:00:00Z");
  lines.start();
  EXPECT_EQ(lines.due(), "due.follow_up.report 2018-01-29T22:00:00Z");
  lines(R"({"advance": "P1Y"})");
  EXPECT_EQ(lines.last()["logged"], json::array({"report", "report"}));
  EXPECT_EQ(lines.last()["opened"], json::array({"impact", "impact"}));
  lines(R"({"advance": "P9Y"})");
  EXPECT_EQ(lines.last()["logged"], json::array({"report"}));
  EXPECT_EQ(lines.due(), "");
}

TEST(StepLines, BeginsADayAtItsBeginning) {
  Lines lines(R"(
    state waiting
      timer start at date("2017-03-01") starts
      on due.waiting.start -> mentoring
    state mentoring
      timer on_the_day within P1D starts)");
  lines.start();
  EXPECT_EQ(lines.due(), "due.waiting.start 2017-02-28T22:00:00Z");
  EXPECT_EQ(lines(R"({"at": "2017-02-28T22:00:00Z"})"), "mentoring");
  EXPECT_EQ(lines.due(), "due.mentoring.on_the_day 2017-03-01T22:00:00Z");
}

TEST(StepLines, KeepsTheRemainingTimeWhileSuspended) {
  Lines lines(R"(
    state running
      deep h
      state work
        timer deadline within PT48H
        move suspend -> suspended
      state other
    state suspended
      move resume -> h
      move restart -> work)",
              "2017-01-01T00:00:00Z");
  lines.start();
  lines(R"({"advance": "PT40H"})");
  EXPECT_EQ(lines(R"({"move": "suspend"})"), "suspended");
  EXPECT_EQ(lines.due(), "");
  lines(R"({"advance": "P30D"})");
  EXPECT_EQ(lines(R"({"move": "resume"})"), "running.work");
  EXPECT_EQ(lines.due(), "due.running.work.deadline 2017-02-02T00:00:00Z");
  lines(R"({"move": "suspend"})");
  EXPECT_EQ(lines(R"({"move": "restart"})"), "running.work");
  EXPECT_EQ(lines.due(), "due.running.work.deadline 2017-02-03T16:00:00Z");
}

TEST(StepLines, MovesByItselfAtTheInstantAtWhichTimeMakesAGuardTrue) {
  Lines lines(R"(
    state waiting
      timer remind within P30D
      on due.waiting.remind / log "remember"
      always if cohort.founded+period("P2Y")<=now -> ready
    state ready
      timer report within P1D)");
  lines(R"({"bind": {"cohort": {"founded": "2015-03-01"}}})");
  lines.start();
  EXPECT_EQ(lines(R"({"at": "2017-02-28T21:59:59.999999Z"})"), "waiting");
  EXPECT_EQ(lines.last()["logged"], json::array({"remember"}));
  EXPECT_EQ(lines(R"({"at": "2017-02-28T22:00:00Z"})"), "ready");
  EXPECT_EQ(lines.due(), "due.ready.report 2017-03-02T22:00:00Z");
}

TEST(StepLines, MovesOnTheWayAndNotAtTheEndOfAnAdvance) {
  Lines lines(R"(
    state waiting
      always if now>=timestamp("2017-06-01T10:00:00Z") -> ready
    state ready
      timer report within PT1H
      on due.ready.report -> done / log "report"
    state done)");
  lines.start();
  EXPECT_EQ(lines(R"({"advance": "P1Y"})"), "done");
  EXPECT_EQ(lines.last()["logged"], json::array({"report"}));
}

TEST(StepLines, SettlesWhenWhatAGuardReadsIsBound) {
  Lines lines(R"(
    state a
      always if size(sessions)>=3 -> b
    state b)");
  lines.start();
  EXPECT_EQ(lines(R"({"bind": {"sessions": [1, 2]}})"), "a");
  EXPECT_EQ(lines(R"({"bind": {"sessions": [1, 2, 3]}})"), "b");
}

TEST(StepLines, GivesAnEventItsData) {
  Lines lines(R"(
    state a
      on score if _event.data.points>3&&_event.type=="external" -> b
    state b
      on score if "b"in_active -> a)");
  lines.start();
  EXPECT_EQ(lines(R"({"event": "score", "data": {"points": 3}})"), "a");
  EXPECT_EQ(lines(R"({"event": "score", "data": {"points": 4}})"), "b");
}

TEST(StepLines, GoesBackToWhereItWasWhenAMacrostepDoesNotEnd) {
  Lines lines(R"(
    state a
      on go -> b
      on stay -> a
    state b
      always -> c
    state c
      always -> b)");
  lines.start();
  EXPECT_EQ(lines(R"({"event": "go"})"), "the machine does not come to rest within 1000 microsteps");
  EXPECT_EQ(lines(R"({"event": "stay"})"), "a");
}

TEST(StepLines, SaysWhatKeptTimeFromDoingWhatItWasToDo) {
  v1::Machine machine = sketch(R"(
    state waiting
      timer start within PT1H
      on due.waiting.start -> mentoring
      on again -> mentoring
    state mentoring)");
  for (v1::Arrow& arrow : *machine.mutable_arrows()) arrow.add_needs()->set_when("mentors>=1");
  Lines lines(Chart::compile(machine).value(), "2017-01-01T00:00:00Z");
  lines(R"({"bind": {"mentors": 0}})");
  lines.start();
  EXPECT_EQ(lines(R"({"advance": "PT1H"})"), "waiting");
  EXPECT_EQ(lines.last()["blocked"], json::array({"mentors>=1"}));
  EXPECT_EQ(lines.due(), "");
  lines(R"({"bind": {"mentors": 1}})");
  EXPECT_EQ(lines(R"({"event": "again"})"), "mentoring");
}

TEST(StepLines, SendsALetterWithoutRolesToWhoeverIsWaitedFor) {
  v1::Machine machine = sketch(R"(
    state a
      on late / tell nobody overdue)");
  machine.mutable_states(1)->add_waits_for("mentor");
  machine.mutable_arrows(0)->mutable_actions(0)->mutable_tell()->clear_roles();
  Lines lines(Chart::compile(machine).value(), "2017-01-01T00:00:00Z");
  lines.start();
  lines(R"({"event": "late"})");
  EXPECT_EQ(lines.last()["told"], json::parse(R"([{"roles": ["mentor"], "message": "overdue"}])"));
}

TEST(StepLines, RefusesATimerThatWouldFireForEver) {
  Lines lines(R"(
    state a
      timer tick every PT1S
      on due.a.tick -> a)");
  lines.start();
  EXPECT_EQ(lines(R"({"advance": "P1Y"})"), "more than 10000 timers would fire; advance by less");
}

TEST(StepLines, TakesGuardsAndNeedsToHoldThatAreAssumed) {
  Lines lines(R"(
    state a
      always if ready -> b
      move go needs size(x)>9 -> c
    state b
      move back -> a
    final c)");
  lines.start();
  EXPECT_NE(lines(R"({"move": "go"})").find("not possible yet"), std::string::npos);
  EXPECT_EQ(lines(R"({"assume": {"ready": true}})"), "b");
  EXPECT_EQ(lines(R"({"move": "back", "assume": {"ready": false}})"), "a");
  EXPECT_EQ(lines(R"({"move": "go", "assume": {"size(x)>9": true}})"), "c");
  EXPECT_EQ(lines(R"({"assume": {"ready": 3}})"), "whether `ready` holds is true or false, not 3");
}

TEST(StepLines, AnswersEveryLineItDoesNotUnderstandWithASentence) {
  Lines lines(application);
  EXPECT_EQ(lines(R"({"move": "submit"})"), "it has not been started yet");
  lines.start();
  EXPECT_EQ(lines(R"([1])"), "a line is a JSON object, not [1]");
  EXPECT_EQ(lines(R"({"mov": "submit"})"),
            R"(a line holds one of "move", "event", "advance", "at", "bind", "freed" and "assume")");
  EXPECT_EQ(lines(R"({"move": 3})"), R"("move" is a text, not 3)");
  EXPECT_EQ(lines(R"({"move": "submit", "from": "x"})"), R"("from" says nothing here; expected move, by, data, assume)");
  EXPECT_EQ(lines(R"({"move": "submit", "data": 3})"), R"("data" of a move is an object of fields)");
  EXPECT_EQ(lines(R"({"bind": 3})"), R"("bind" is an object of names and their values)");
  EXPECT_NE(lines(R"({"advance": "tomorrow"})").find("tomorrow"), std::string::npos);
  EXPECT_EQ(lines(R"({"event": "x", "data": )" + std::string(40, '[') + std::string(40, ']') + "}"),
            "the JSON is nested deeper than 32");
  EXPECT_EQ(lines.lines().step_line(std::string("{")), R"({"error":"this line is no JSON"})");
}

}  // namespace
}  // namespace kvali::statechart
