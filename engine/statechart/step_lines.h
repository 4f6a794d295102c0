#pragma once
// `kvali step`: a machine played by hand, one JSON line in, one out. Also what the SCXML suites talk to.
//
//   {"move": "submit", "by": "applicant", "data": {"title": "…"}}   a person's move; by and data may be absent
//   {"event": "due.application.draft.deadline", "data": …}          any event, broadcast
//   {"advance": "P1D"}   or   {"at": "2017-01-12T00:00:00Z"}        time passes; what is due on the way happens
//   {"bind": {"cohort": {"application_closes": "2017-01-11"}}}      what guards and deadlines read
//   {"freed": "per_locality"}                                       a place of a quota is free
//   {"assume": {"size(meetings) >= 3": true}}                       guards and needs that hold or not, whatever the facts say;
//                                                                   beside a move, event or freed it comes into force with it
//
// is answered by {"error": "a sentence"}, and nothing has changed, or by
//
//   {"active": ["application.screening"], "raised": [], "now": "…Z",
//    "due": [{"event": "…", "in": "application.screening", "at": "…Z"}]}
//
// where a timer that cannot know its instant says "unknown": "why" in place of "at". Where there are any, beside them stand
// "told": [{"roles": ["applicant"], "message": "receipt"}], "opened": ["meetings"], "logged": ["…"], "done": true and
// "blocked": ["a sentence"], when time or a freed place could not do what it was to do.
#include <nlohmann/json_fwd.hpp>

#include "engine/statechart/interpreter.h"

namespace kvali::statechart {

class StepLines {
 public:
  explicit StepLines(std::shared_ptr<const Chart> chart, Interpreter::Options options = {});

  /// Enters the initial states; to be called once, after the first `bind`s if there are any, before anything else.
  nlohmann::json start();
  /// Answers one line, already parsed.
  nlohmann::json step_line(const nlohmann::json& line);
  /// Answers one line of text; what is no JSON is an error like any other.
  std::string step_line(const std::string& line);

  const Interpreter& interpreter() const { return interpreter_; }

 private:
  Result<void> play(const nlohmann::json& line);
  nlohmann::json answer(const Result<void>& played, const Interpreter& before);

  Interpreter interpreter_;
};

}  // namespace kvali::statechart
