// `kvali eval --check`, line by line.
#include <gtest/gtest.h>

#include "engine/expression/json.h"

namespace kvali::expression {
namespace {

TEST(CheckLine, TellsTheTypeAndTheWork) {
  EXPECT_EQ(check_line(R"json({"expr": "size(x)", "types": {"x": "list(int)"}})json"), R"json({"type":"int","work_units_max":2})json");
  EXPECT_EQ(check_line(R"json({"expr": "a.b.c + 1", "types": {"a.b.c": "int"}, "container": "x.y"})json"),
            R"json({"type":"int","work_units_max":5})json");
  EXPECT_EQ(check_line(R"json({"expr": "c", "types": {"a.b.c": "date"}, "container": "a.b"})json"),
            R"json({"type":"date","work_units_max":1})json");
}

TEST(CheckLine, TellsTheFirstFaultAndItsPlace) {
  EXPECT_EQ(check_line(R"json({"expr": "1 +\n 'a'"})json"), R"json({"error":"int + string is not defined; int + int is","at":[1,3]})json");
  EXPECT_EQ(check_line(R"json({"expr": "x"})json"), R"json({"error":"there is no \"x\"","at":[1,1]})json");
}

TEST(CheckLine, SaysWhatIsWrongWithTheLine) {
  EXPECT_EQ(check_line("[]"), R"json({"error":"the line is not a JSON object"})json");
  EXPECT_EQ(check_line("{}"), R"json({"error":"the line has no \"expr\""})json");
  EXPECT_EQ(check_line(R"json({"expr": "1", "container": 3})json"), R"json({"error":"\"container\" must be a text"})json");
  EXPECT_EQ(check_line(R"json({"expr": "1", "types": []})json"), R"json({"error":"\"types\" must be an object"})json");
  EXPECT_EQ(check_line(R"json({"expr": "x", "types": {"x": "integer"}})json"),
            R"json({"error":"types.x: expected a type such as \"list(int)\""})json");
}

}  // namespace
}  // namespace kvali::expression
