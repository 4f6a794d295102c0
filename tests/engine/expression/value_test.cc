#include "engine/expression/value.h"

#include "engine/expression/conversions.h"
#include "engine/expression/json.h"
#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

TEST(Value, IsSmallAndShared) {
  EXPECT_EQ(sizeof(Value), 16u);
  const Value text = Value::string("kvali");
  const Value copy = text;
  EXPECT_EQ(&copy.as_string(), &text.as_string());
}

TEST(Value, OutlivesItsCopiesInAnyOrder) {
  Value kept;
  {
    const Value list = Value::list({Value::string("a"), Value::some(Value::bytes("b"))});
    kept = list.as_list().at(1);
  }
  EXPECT_EQ(to_text(kept), "optional.of(b\"b\")");
  kept = Value(kept);
  kept = kept.as_optional() != nullptr ? *kept.as_optional() : kept;
  EXPECT_EQ(to_text(kept), "b\"b\"");
}

TEST(Map, FindsKeysOfAnySizeAndKeepsTheirOrder) {
  std::vector<Map::Entry> entries;
  for (int i = 0; i < 1'000; ++i) entries.emplace_back(Value::string("key" + std::to_string(i)), Value::integer(i));
  for (int i = 0; i < 1'000; ++i) entries.emplace_back(Value::integer(i), Value::integer(-i));
  const Value map = Value::map(std::move(entries)).value();
  EXPECT_EQ(map.as_map().find("key777")->as_int(), 777);
  EXPECT_EQ(map.as_map().find(Value::unsigned_integer(777))->as_int(), -777);
  EXPECT_EQ(map.as_map().find(Value::number(777.0))->as_int(), -777);
  EXPECT_EQ(map.as_map().find(Value::number(777.5)), nullptr);
  EXPECT_EQ(map.as_map().find("nobody"), nullptr);
  EXPECT_EQ(map.as_map().entries()[999].first.as_string(), "key999");
}

TEST(Map, RefusesAKeyTwice) {
  EXPECT_EQ(Value::map({{Value::integer(1), Value()}, {Value::unsigned_integer(1), Value()}}).error().message,
            "the key 1u stands twice in one map");
  std::vector<Map::Entry> entries;
  for (int i = 0; i < 100; ++i) entries.emplace_back(Value::integer(i % 99), Value());
  EXPECT_EQ(Value::map(std::move(entries)).error().message, "the key 0 stands twice in one map");
  EXPECT_EQ(Value::map({{Value(), Value()}}).error().message,
            "a map's keys are bool, int, uint or string, not null_type");
}

TEST(Value, IsWrittenShort) {
  EXPECT_EQ(to_text(Value::string(std::string(1'000, 'x'))).size(), 205u);
  EXPECT_EQ(to_text(Value::number(1e300)), "1e+300");
  EXPECT_EQ(to_text(Value::number(2)), "2.0");
  EXPECT_EQ(to_text(Value::duration(-1'500'000'000)), "duration(\"-1.5s\")");
}

TEST(ValueText, ReadsAndWritesDurations) {
  const std::vector<std::pair<const char*, const char*>> table{
      {"1h30m", "5400s"}, {"-1.5s", "-1.5s"}, {"100ms", "0.1s"}, {"1us", "0.000001s"}, {"3ns", "0.000000003s"},
      {"0", "0s"},        {"+2m", "120s"},    {".5h", "1800s"},  {"1h1h", "7200s"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(duration_text(parse_duration(text).value()), expected) << text;
  for (const char* text : {"", "-", "5", "1d", "h", "1.s.", "1 h", "99999999999h", "9999999999999999999999s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(parse_duration("2000000h2000000h").error().message, "\"2000000h2000000h\" is longer than 292 years");
}

std::string line(const std::string& text) { return evaluate_line(text, {}); }

TEST(EvalLine, AnswersWithTheValueAndItsKind) {
  EXPECT_EQ(line(R"j({"expr":"x + 1","bindings":{"x":{"int64Value":"41"}}})j"), R"j({"value":{"int64Value":"42"}})j");
  EXPECT_EQ(line(R"j({"expr":"[1u, 1.5, 'ą', b'\\xff', null, true, int, {'a': []}, duration('1.5s')]"})j"),
            R"j({"value":{"listValue":{"values":[{"uint64Value":"1"},{"doubleValue":1.5},{"stringValue":"ą"},)j"
            R"j({"bytesValue":"/w=="},{"nullValue":null},{"boolValue":true},{"typeValue":"int"},)j"
            R"j({"mapValue":{"entries":[{"key":{"stringValue":"a"},"value":{"listValue":{}}}]}},)j"
            R"j({"objectValue":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.5s"}}]}}})j");
  EXPECT_EQ(line(R"j({"expr":"now < t","now":"2017-01-11T18:00:00Z","bindings":{"t":{"objectValue":)j"
                 R"j({"@type":"type.googleapis.com/google.protobuf.Timestamp","value":"2017-02-01T00:00:00Z"}}}})j"),
            R"j({"value":{"boolValue":true},"may_change_at":"2017-02-01T00:00:00Z"})j");
  EXPECT_EQ(line(R"j({"expr":"double('NaN')"})j"), R"j({"value":{"doubleValue":"NaN"}})j");
  EXPECT_EQ(
      line(
          R"j({"expr":"d + period('P1D')","bindings":{"d":{"objectValue":{"@type":"type.googleapis.com/kvali.v1.Date","value":"2017-01-11"}}}})j"),
      R"j({"value":{"objectValue":{"@type":"type.googleapis.com/kvali.v1.Date","value":"2017-01-12"}}})j");
}

TEST(EvalLine, TakesTheFactsAsAnExpressionToo) {
  EXPECT_EQ(line(R"j({"expr":"mentors >= 1","given":"{'mentors': 0}"})j"), R"j({"value":{"boolValue":false}})j");
  EXPECT_EQ(line(R"j({"expr":"since <= now","given":"{'since': date('2017-03-01'), 'now': timestamp('2017-02-28T12:00:00Z')}"})j"),
            R"j({"value":{"boolValue":false},"may_change_at":"2017-03-01T00:00:00Z"})j");
  EXPECT_EQ(line(R"j({"expr":"x","given":"7"})j"), R"j({"error":"given: it must give a map from names to values, such as {\"mentors\": 0}"})j");
  EXPECT_EQ(line(R"j({"expr":"x","given":"{'a'"})j"), R"j({"error":"given: expected : and a value after the key of a map"})j");
  EXPECT_EQ(line(R"j({"expr":"x","given":"{7: 1}"})j"), R"j({"error":"given: its keys must be names"})j");
}

TEST(EvalLine, AnswersWithASentenceAndThePlace) {
  EXPECT_EQ(line(R"j({"expr":"1 / 0"})j"), R"j({"error":"division by zero","at":[1,3]})j");
  EXPECT_EQ(line(R"j({"expr":"1 +"})j"), R"j({"error":"the expression ends where a value is expected","at":[1,4]})j");
  EXPECT_EQ(line("nonsense"), R"j({"error":"the line is not a JSON object"})j");
  EXPECT_EQ(line("{}"), R"j({"error":"the line has no \"expr\""})j");
  EXPECT_EQ(line(R"j({"expr":5})j"), R"j({"error":"\"expr\" must be a text"})j");
  EXPECT_EQ(
      line(R"j({"expr":"x","now":"today"})j"),
      R"j({"error":"now: \"today\": expected an instant as 2017-01-11T18:00:00Z or 2017-01-11T20:00:00+02:00, with at most six decimals"})j");
  EXPECT_EQ(line(R"j({"expr":"x","bindings":{"x":{"int64Value":"1.5"}}})j"),
            R"j({"error":"bindings.x: int64Value: expected an int of 64 bits"})j");
  EXPECT_EQ(
      line(
          R"j({"expr":"x","bindings":{"x":{"mapValue":{"entries":[{"key":{"nope":1},"value":{"nullValue":null}}]}}}})j"),
      R"j({"error":"bindings.x: mapValue: entries[0].key: there is no kind of value \"nope\""})j");
  EXPECT_EQ(line(R"j({"expr":"optional.of(1)"})j"),
            R"j({"error":"the result is optional_type, which is no value to hand out","at":[1,1]})j");
  std::string deep = R"j({"nullValue":null})j";
  for (int i = 0; i < 100; ++i) deep = R"j({"listValue":{"values":[)j" + deep + "]}}";
  EXPECT_THAT(line(R"j({"expr":"x","bindings":{"x":)j" + deep + "}}"),
              ::testing::HasSubstr("nests deeper than 64 levels"));
}

}  // namespace
}  // namespace kvali::expression
