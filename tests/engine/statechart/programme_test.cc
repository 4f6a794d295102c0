// The first programme, played by hand from application to alumni.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/program/program.h"
#include "engine/statechart/step_lines.h"
#include "tests/engine/program/files.h"

namespace kvali::statechart {
namespace {

using nlohmann::json;

struct Turn {
  const char* line;
  const char* answer;  // the active states, the error, or part of it
};

std::string shown(const json& answer) {
  if (answer.contains("error")) return answer["error"];
  std::string all;
  for (const json& path : answer["active"]) all += (all.empty() ? "" : " ") + path.get<std::string>();
  return all;
}

TEST(Programme, IsPlayedFromApplicationToAlumni) {
  const auto loaded = program::load(program::testing::workflow("socifaction-2017"));
  ASSERT_TRUE(loaded.ok());
  StepLines lines(
      Chart::compile(loaded.machine).value(),
      {.now = calendar::parse_instant("2017-01-02T09:00:00Z").value(), .zone = calendar::utc(), .holidays = {}});
  lines.step_line(json::parse(R"({"bind": {"cohort": {"application_closes": "2017-01-20", "decisions_on": "2017-02-10",
    "mentoring_starts": "2017-03-01", "mentoring_ends": "2017-06-30"}}})"));
  EXPECT_EQ(shown(lines.start()), "application.draft");
  const Turn turns[] = {
      {R"({"move": "submit", "by": "applicant", "data": {"title": "Bread", "locality": "Taurage"}})",
       "application.screening"},
      {R"({"move": "return", "by": "coordinator"})",
       R"(the move "return" is not possible yet: "reason" must be given)"},
      {R"({"move": "return", "by": "coordinator", "data": {"reason": "No budget"}})", "application.returned"},
      {R"({"move": "submit", "by": "applicant"})", "application.screening"},
      {R"({"move": "pass", "by": "coordinator"})", "application.assessment"},
      {R"({"move": "reserve", "by": "manager"})", "application.waitlist"},
      {R"({"freed": "per_locality"})", "application.offered"},
      {R"({"move": "accept", "by": "applicant"})",
       "the move \"accept\" is not possible yet: No expert is assigned to this locality (it cannot be told: there is "
       "no \"mentors\" here)"},
      {R"({"bind": {"mentors": 1}})", "application.offered"},
      {R"({"move": "accept", "by": "applicant"})", "mentoring.waiting"},
      {R"({"at": "2017-03-01T00:00:00Z"})", "mentoring.alongside.sessions.open mentoring.alongside.project.writing"},
      {R"({"move": "close", "by": "mentor"})", R"(the move "close" is not possible yet: At least three meetings)"},
      {R"({"bind": {"meetings": [{}, {}, {}]}})",
       "mentoring.alongside.sessions.open mentoring.alongside.project.writing"},
      {R"({"move": "close", "by": "mentor"})", "mentoring.alongside.sessions.done mentoring.alongside.project.writing"},
      {R"({"move": "hand_in", "by": "applicant", "data": {"plan": "We bake"}})",
       "mentoring.alongside.sessions.done mentoring.alongside.project.approval"},
      {R"({"move": "approve", "by": "mentor"})", "follow_up.reporting"},
      {R"({"event": "done.series.impact"})", "follow_up.alumni"},
      {R"({"move": "withdraw", "by": "applicant"})", R"(no move "withdraw"; it has come to its end)"},
  };
  for (const Turn& turn : turns) EXPECT_EQ(shown(lines.step_line(json::parse(turn.line))), turn.answer) << turn.line;
}

}  // namespace
}  // namespace kvali::statechart
