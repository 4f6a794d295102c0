#pragma once
// `kvali step`: a machine played by hand, one JSON line in, one out. Also what the SCXML suites talk to.
//
//   {"move": "submit", "by": "applicant", "data": {"title": "…"}}   a person's move; by and data may be absent
//   {"event": "due.application.draft.deadline", "data": …}           any event, broadcast
//   {"advance": "P1D"}   or   {"at": "2017-01-12T00:00:00Z"}         time passes; what is due on the way happens
//   {"bind": {"cohort": {"application_closes": "2017-01-11"}}}       what guards and deadlines read
//   {"freed": "per_locality"}                                        a place of a quota is free
//
// answers
//
//   {"active": ["application.screening"], "raised": [], "due": [{"event": "…", "in": "application.screening", "at":
//   "…Z"}],
//    "now": "…Z"}     and, where there are any, "told": [{"roles": ["applicant"], "message": "receipt"}], "opened":
//    ["meetings"],
//                     "logged": ["…"], "done": true; a timer that cannot know its instant says "unknown": "why"
//   {"error": "a sentence"}     nothing has changed
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
