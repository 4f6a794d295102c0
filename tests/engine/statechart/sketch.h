#pragma once
// Charts in tests, drawn as indented text instead of protobuf, and a host that writes down what happens.
//
//   state a
//     entry log in_a
//     on go stop if ready -> b c / raise x log y
//     move submit by applicant mentor needs size(x)>0 gives reason -> b / tell applicant receipt
//     timer deadline at cohort.closes offset -P7D starts past    (or within P14D; every P6M times 4)
//     freed places -> b
//     always if ready -> b
//     internal on go -> a1
//     initial a2
//     state a1
//     final a2
//     history h -> a1          (deep h: the deep one)
//   parallel p
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/statechart/step.h"

namespace kvali::statechart {

/// Two stages, one of them with two regions.
inline constexpr std::string_view programme = R"(
  on due.end -> lapsed
  state application
    state draft
      move submit -> screening
      on due.draft -> lapsed
    state screening
      move pass -> assessment
      move return -> draft
    state assessment
      move select if place -> mentoring
      freed places -> mentoring
  parallel mentoring
    on done.state.mentoring -> alumni
    move withdraw -> lapsed
    state sessions
      state open
        move close -> held
      final held
    state project
      state writing
        move hand_in -> approval
      state approval
        move approve -> ready
        move return -> writing
        on due -> writing
      final ready
  final alumni
  final lapsed
)";

/// Aborts on text it does not understand: the tests are ours.
v1::Machine sketch(std::string_view text);
std::shared_ptr<const Chart> chart_of(std::string_view text);

/// Guards are names: those in `facts` hold. Writes "in a", "out a", "say x" (log actions), "ask g" (guards) and
/// "raise x" into `story`.
class StoryHost : public Host {
 public:
  explicit StoryHost(const Chart& chart) : chart_(chart) {}
  bool holds(ArrowId arrow, const Event* event, Turn& turn) override;
  Acted act(const v1::Action& action, Site site, const Event* event, Turn& turn) override;
  void entered(StateId state, Entry how) override {
    story.push_back((how == Entry::Remembered ? "back in " : "in ") + chart_.path(state));
  }
  void left(StateId state) override { story.push_back("out " + chart_.path(state)); }
  void raised(const Event& event) override { story.push_back("raise " + std::string(event.name)); }

  std::set<std::string> facts;
  std::vector<std::string> story;

 private:
  const Chart& chart_;
};

/// One instance to play with: atomic states by path, joined by blanks.
class Play {
 public:
  explicit Play(std::string_view text);
  std::string at() const;
  std::string start();
  std::string send(std::string_view event);
  std::string move(std::string_view name);  // the first active move of that name
  std::string put(const std::vector<std::string>& paths);
  std::string told();         // the story since last asked, joined by ", "
  std::string taken() const;  // arrows of the last macrostep, as the sources' paths

  std::shared_ptr<const Chart> chart;
  StoryHost host;
  Stepper stepper;
  Configuration configuration;
  Macrostep last;
};

}  // namespace kvali::statechart
