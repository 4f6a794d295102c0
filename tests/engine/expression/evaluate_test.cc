#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

using testing::answer;
using testing::outcome_of;

void expect_answers(const std::vector<std::pair<const char*, const char*>>& table,
                    const Bindings& bindings = NamedValues(), const Context& context = {}) {
  for (const auto& [source, expected] : table) EXPECT_EQ(answer(source, bindings, context), expected) << source;
}

TEST(Evaluate, WritesBytesThatAreNoTextReadably) {
  expect_answers({
      {"'%s'.format([b'a\\xff\\x80\\xc4\\x85\\xe2'])", "\"a�ą�\""},  // each run of what is no UTF-8 is one U+FFFD
  });
}

TEST(Evaluate, KeepsWhatIsMadeOfVariablesThatTakeTurnsInOnePlace) {
  expect_answers({
      {"cel.bind(a, [1], a) + cel.bind(b, [2], b)", "[1, 2]"},
      {"[[1, 2], [3]].map(x, x.filter(y, y > 1)) + [cel.bind(x, {'k': [4]}, x).k]", "[[2], [3], [4]]"},
  });
}

TEST(Evaluate, SaysWhatFailedAndWhere) {
  expect_answers({
      {"1 / 0", "error 1:3: division by zero"},
      {"true &&\n  1 % 0 == 1", "error 2:5: modulus by zero"},
      {"9223372036854775807 + 1", "error 1:21: the result is too large (overflow)"},
      {"'a' + 1", "error 1:5: no such overload: string + int"},
      {"-'a'", "error 1:1: no such overload: -string"},
      {"size(1)", "error 1:1: no such overload: size(int)"},
      {"1.startsWith('a')", "error 1:3: no such overload: int.startsWith(string)"},
      {"nobody", "error 1:1: there is no \"nobody\" here"},
      {"{'a': 1}.b", "error 1:10: no such key: \"b\""},
      {"[1, 2][2]", "error 1:7: index 2 is outside of a list with 2 elements"},
      {"{'a': 1, 'a': 2}", "error 1:1: the key \"a\" stands twice in one map"},
      {"{1.5: 1}", "error 1:1: a map's keys are bool, int, uint or string, not double"},
      {"1 ? 2 : 3", "error 1:3: no such overload: the condition before ? is int, not bool"},
      {"true && 1", "error 1:9: no such overload: && takes bool, not int"},
      {"[1].all(x, x)", "error 1:12: no such overload: all() needs bool, not int"},
      {"5.all(x, x)", "error 1:3: all() walks lists and maps, not int"},
      {"int('x')", "error 1:1: \"x\" is no int"},
      {"timestamp('2017-02-30T00:00:00Z')", "error 1:1: 2017-02-30: February 2017 has 28 days"},
      {"duration('2 years')",
       "error 1:1: \"2 years\": expected a duration such as 1h30m, 90s or 1.5h (units h, m, s, ms, us, ns); calendar "
       "terms are "
       "written period(\"2 years\")"},
      {"optional.none().value()", "error 1:17: this optional is empty; orValue() gives a value for that case"},
      {"'%d'.format(['x'])", "error 1:6: %d takes int and uint, not string"},
      {"'x'.matches('(' + '')", "error 1:5: \"(\" is no regular expression: missing ): ("},
      {"timestamp('2017-01-11T18:00:00Z').getHours('Vilnius')",
       "error 1:35: the time zone \"Vilnius\" is not known here"},
  });
}

TEST(Evaluate, AbsorbsErrorsThatCannotMatter) {
  expect_answers({
      {"1 / 0 > 0 || true", "true"},
      {"false && 1 / 0 > 0", "false"},
      {"1 / 0 > 0 && false", "false"},
      {"1 / 0 > 0 || false", "error 1:3: division by zero"},
      {"[1, 0].exists(x, 1 / x == 1)", "true"},
      {"[0, 1].all(x, 1 / x == 2)", "false"},
      {"has({}.a) && {}.a > 1", "false"},
  });
}

TEST(Evaluate, AddsTheFiguresOfAList) {
  expect_answers({
      {"[1, 2, 3].sum()", "6"},
      {"[1u, 2u].sum() == 3u && [1.5, 2.0].sum() == 3.5", "true"},
      {"[duration('1h'), duration('30m')].sum() == duration('90m')", "true"},
      {"[].sum()", "0"},
      {"[].sum(0.0)", "0.0"},
      {"[1.5].sum(1.0)", "2.5"},
      {"[{'h': 4}, {'h': 6}].map(v, v.h).sum() >= 10", "true"},
      {"[9223372036854775807, 1].sum()", "error 1:26: the result is too large (overflow)"},
      {"[18446744073709551615u].sum(1u)", "error 1:25: the result is too large (overflow)"},
      {"[1, 2.0].sum()", "error 1:10: no such overload: sum() adds numbers or durations of one kind, not int and double"},
      {"['a'].sum()", "error 1:7: no such overload: sum() adds numbers or durations of one kind, not string"},
      {"[1].sum('a')", "error 1:5: no such overload: list.sum(string)"},
      {"5.sum()", "error 1:3: no such overload: int.sum()"},
  });
}

TEST(Evaluate, ComparesNumbersOfAllKinds) {
  expect_answers({
      {"1 == 1.0 && 1u == 1 && 2.5 > 2 && -1 < 0u", "true"},
      {"1 == '1' || null == false", "false"},
      {"{1: 'a'}[1u] + {2u: 'b'}[2.0]", "\"ab\""},
      {"double('NaN') == double('NaN')", "false"},
      {"[1, 2u, 3.0] == [1.0, 2, 3u]", "true"},
      {"{'a': [1], 'b': null} == {'b': null, 'a': [1.0]}", "true"},
  });
}

/// An initiative as the engine keeps it: fields read one by one.
class Initiative final : public Struct {
 public:
  std::optional<Value> get(std::string_view field) const override {
    ++asked;
    if (field == "locality") return Value::string("Tauragė");
    if (field == "phone") return Value::sealed(12);
    return std::nullopt;
  }
  mutable int asked = 0;
};

TEST(Evaluate, ReadsFieldsOneByOne) {
  const Initiative initiative;
  const NamedValues bindings{{"initiative", Value::borrow(initiative)}};
  EXPECT_EQ(answer("initiative.locality == 'Tauragė'", bindings), "true");
  EXPECT_EQ(initiative.asked, 1);
  expect_answers({{"initiative['locality'].size()", "7"},
                  {"has(initiative.title)", "false"},
                  {"'locality' in initiative", "true"},
                  {"initiative.?title.orValue('none')", "\"none\""},
                  {"initiative.title", "error 1:12: no such key: \"title\""},
                  {"initiative.all(x, true)", "error 1:12: all() walks lists and maps, not things with fields"}},
                 bindings);
}

TEST(Evaluate, AsksASealedValueOnlyForPresenceAndSize) {
  const Initiative initiative;
  const NamedValues bindings{{"initiative", Value::borrow(initiative)}, {"email", Value::sealed(20)}};
  expect_answers(
      {{"has(initiative.phone) && has(email) && !has(post)", "true"},
       {"size(initiative.phone) + email.size()", "32"},
       {"has(initiative.phone) ? size(initiative.phone) : 0", "12"},
       {"email == 'a@example.org'", "error 1:7: a personal value may be asked only has() and size()"},
       {"['a@example.org'] == [email]", "error 1:19: a personal value may be asked only has() and size()"},
       {"'a' in [email]", "error 1:5: a personal value may be asked only has() and size()"},
       {"email.startsWith('a')", "error 1:7: a personal value may be asked only has() and size()"},
       {"string(email)", "error 1:1: a personal value may be asked only has() and size()"},
       {"email + 'x'", "error 1:7: a personal value may be asked only has() and size()"},
       {"type(email)", "error 1:1: a personal value may be asked only has() and size()"},
       {"'%s'.format([email])", "error 1:6: a personal value may be asked only has() and size()"},
       {"{'a': 1}[email]", "error 1:9: a personal value may be asked only has() and size()"},
       {"email[0]", "error 1:6: a personal value may be asked only has() and size()"},
       {"email.x", "error 1:7: a personal value may be asked only has() and size()"},
       {"email.exists(c, true)", "error 1:7: a personal value may be asked only has() and size()"},
       {"email", "error 1:1: a personal value may be asked only has() and size(); it cannot be the result"},
       {"[[email]]", "error 1:1: a personal value may be asked only has() and size(); it cannot be the result"},
       {"[email, email].size()", "2"}},
      bindings);
}

TEST(Evaluate, StopsWhenItWorksTooMuch) {
  std::vector<Value> many(2'000, Value::integer(1));
  const NamedValues bindings{{"many", Value::list(std::move(many))}, {"text", Value::string(std::string(60'000, 'a'))}};
  const char* quadratic = "many.all(a, many.all(b, a == b))";
  EXPECT_EQ(answer(quadratic, bindings), "error 1:30: this takes more than 100000 units of work");
  EXPECT_EQ(answer(fmt::format("{} || true", quadratic), bindings),
            "error 1:25: this takes more than 100000 units of work");
  EXPECT_EQ(answer(fmt::format("true || {}", quadratic), bindings), "true");
  EXPECT_EQ(outcome_of(quadratic, bindings).work_units, 100'000u);
  EXPECT_EQ(outcome_of("size(many) >= 3", bindings).work_units, 4u);
  EXPECT_EQ(answer("text.size() == 60000 && text.matches('b$')", bindings), "false");
  const Context small{.work_units_max = 3};
  EXPECT_EQ(answer("size(many) >= 3", bindings, small), "error 1:15: this takes more than 3 units of work");
}

TEST(Evaluate, PaysForSearchesThatCompareMuch) {
  std::string part(30'000, 'a');
  part += 'b';
  const NamedValues bindings{{"text", Value::string(std::string(60'000, 'a'))}, {"part", Value::string(part)}};
  for (const char* source : {"text.contains(part)", "text.indexOf(part) > 0", "text.lastIndexOf(part) > 0",
                             "text.replace(part, '') == ''", "text.split(part) == []"}) {
    EXPECT_THAT(answer(source, bindings), ::testing::HasSubstr("units of work")) << source;
  }
  EXPECT_EQ(answer("'ąb©'.reverse() == '©bą' && text.reverse() == text", bindings), "true");
}

TEST(Evaluate, BoundsTextsThatDoubleThemselves) {
  std::string source = "size(";
  for (int i = 0; i < 24; ++i)
    source += fmt::format("cel.bind(x{}, {}, ", i, i == 0 ? "'0123456789abcdef'" : fmt::format("x{0} + x{0}", i - 1));
  source += "x23" + std::string(24, ')') + ")";
  EXPECT_THAT(answer(source), ::testing::HasSubstr("this takes more than 100000 units of work"));
}

TEST(Evaluate, AnswersTheSameEveryTime) {
  const NamedValues bindings{{"text", Value::string("šešios savaitės")}};
  const char* source = "text.split(' ').map(w, {w: w.size()}).map(m, m.map(k, '%s=%d'.format([k, m[k]])).join())";
  const auto first = outcome_of(source, bindings);
  EXPECT_EQ(testing::answer_of(first), "[\"šešios=6\", \"savaitės=8\"]");
  for (int i = 0; i < 100; ++i) {
    const auto again = outcome_of(source, bindings);
    EXPECT_EQ(testing::answer_of(again), testing::answer_of(first));
    EXPECT_EQ(again.work_units, first.work_units);
  }
}

TEST(Evaluate, MovesDatesAndTimestampsAsACalendarDoes) {
  const calendar::Zone vilnius = calendar::testing::vilnius();
  const calendar::Holidays holidays = calendar::testing::lithuania_2017();
  const Context context{.zone = &vilnius, .holidays = &holidays};
  expect_answers(
      {{"date('2016-02-29') + period('2 years')", "date(\"2018-03-01\")"},
       {"date('2017-01-31') + period('P1M')", "date(\"2017-02-28\")"},
       {"period('P1M') + date('2017-01-31') == date('2017-02-28')", "true"},
       {"date('2017-04-18') - period('1 working day')", "date(\"2017-04-14\")"},
       {"date('2017-01-11') - date('2017-01-01') == duration('240h')", "true"},
       {"date('2017-01-11') + period('PT1H')",
        "error 1:20: a date moves by days, weeks, months or years, not by hours"},
       {"timestamp('2017-03-25T08:00:00Z') + period('1 day')", "timestamp(\"2017-03-26T07:00:00Z\")"},
       {"timestamp('2017-03-25T08:00:00.123456789Z') - period('P1Y')", "timestamp(\"2016-03-25T08:00:00.123456789Z\")"},
       {"timestamp('2017-03-25T08:00:00Z') + duration('24h')", "timestamp(\"2017-03-26T08:00:00Z\")"},
       {"date(timestamp('2017-01-11T22:00:00Z'))", "date(\"2017-01-12\")"},
       {"date(timestamp('2017-01-11T22:00:00Z'), 'UTC')", "date(\"2017-01-11\")"},
       {"timestamp(date('2017-01-12'))", "timestamp(\"2017-01-11T22:00:00Z\")"},
       {"timestamp('2017-01-11T22:00:00Z').getHours()", "0"},
       {"date('2017-01-11').getDayOfWeek()", "3"},
       {"string(date('2017-01-11')) + string(period('2 years'))", "\"2017-01-11P2Y\""},
       {"period('P1Y') == period('12 months')", "true"},
       {"period('P1Y') < period('P2Y')", "error 1:15: no such overload: period < period"},
       {"type(date('2017-01-11')) == date && type(period('P1D')) == period", "true"},
       {"date('9999-12-31') + period('1 day')", "error 1:20: the result is out of range: the years are 0001 to 9999"}},
      NamedValues(), context);
}

TEST(Evaluate, TakesADateAsItsWholeDay) {
  const calendar::Zone vilnius = calendar::testing::vilnius();
  const Context context{.zone = &vilnius};
  const char* before_midnight = "cel.bind(t, timestamp('2017-01-11T21:59:59.999999Z'), ";
  const char* midnight = "cel.bind(t, timestamp('2017-01-11T22:00:00Z'), ";
  const auto ask = [&](const char* moment, const char* question) {
    return answer(std::string(moment) + question + ")", NamedValues{{"closes", Value::date({2017, 1, 11})}}, context);
  };
  EXPECT_EQ(ask(before_midnight, "t <= closes"), "true");
  EXPECT_EQ(ask(midnight, "t <= closes"), "false");
  EXPECT_EQ(ask(before_midnight, "t == closes && closes == t && !(t < closes) && !(t > closes)"), "true");
  EXPECT_EQ(ask(midnight, "t > closes && closes < t && t != closes"), "true");
  EXPECT_EQ(ask(midnight, "t >= date('2017-01-12') && t - closes == duration('24h')"), "true");
}

}  // namespace
}  // namespace kvali::expression
