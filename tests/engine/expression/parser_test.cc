#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

using testing::faults;

std::string written(const char* source) {
  const auto expression = compile(source);
  return expression ? expression->to_text() : testing::told(expression.error());
}

TEST(Parser, SaysWhereAndWhatIsWrong) {
  const std::vector<std::pair<const char*, const char*>> table{
      {"", "1:1: the expression is empty"},
      {"1 +", "1:4: the expression ends where a value is expected"},
      {"1 + * 2", "1:5: expected a value here"},
      {"(1 + 2", "1:1: ( is not closed with )"},
      {"[1, 2", "1:1: [ is not closed with ]"},
      {"[1, 2)", "1:6: expected ] to close the [ before it"},
      {"{1 2}", "1:4: expected : and a value after the key of a map"},
      {"a ? b", "1:6: expected : and the value for \"no\" after condition ? value"},
      {"a.", "1:3: expected the name of a field or function after the point"},
      {"a.in", "1:3: expected the name of a field or function after the point"},
      {"a = b", "1:3: = means nothing here; equality is written =="},
      {"a & b", "1:3: & means nothing here; \"and\" is written &&"},
      {"a and b", "1:3: \"and\" is written && here"},
      {"a b", "1:3: expected an operator or the end of the expression"},
      {"“x”", "1:1: “ means nothing here; texts stand in ' or \"\n1:3: ” means nothing here; texts stand in ' or \""},
      {"'x", "1:1: a text begins here that does not end with ' on the same line"},
      {"'''x", "1:1: a text begins here that does not end with '''"},
      {"'\\q'", "1:2: there is no such escape in a text; \\\\ writes a backslash itself"},
      {"'\\u12'", "1:2: this escape needs 4 hexadecimal digits"},
      {"'\\ud800'", "1:2: this escape names no character"},
      {"b'\\u0041'", "1:3: bytes know no \\u; write \\x and two digits for each byte"},
      {"9223372036854775808", "1:1: an int is -9223372036854775808 to 9223372036854775807"},
      {"18446744073709551616u", "1:1: a uint is at most 18446744073709551615"},
      {"1e400", "1:1: the number is too large for a double"},
      {"for + 1", "1:1: \"for\" is a reserved word and names nothing"},
      {".null()", "1:2: expected a name after the point"},
      {"true && .true", "1:10: expected a name after the point"},
      {"has(1 + 2)", "1:5: has() asks for a name or a field, as in has(initiative.title)"},
      {"[1].all(2, true)", "1:9: all names its variable here; expected a simple name and a comma"},
      {"[1].exists(x, x, true)", "1:5: the two variables need two names"},
      {"cel.bind(x, 1)", "1:5: cel.bind() takes a name, its value and the expression that uses it"},
      {"Point{x: 1}", "1:6: Point{…} would make a message; expressions here make maps with {\"key\": value}"},
      {"[1].map(a, [1].map(b, [1].map(c, c)))",
       "1:27: macros such as all, exists and map stand at most 2 deep in one another"},
  };
  for (const auto& [source, expected] : table) EXPECT_EQ(faults(source), expected) << source;
}

TEST(Parser, CountsLinesAndCharacters) {
  EXPECT_EQ(faults("'ąčę' == x\n  && 'žū' +"), "2:12: the expression ends where a value is expected");
  EXPECT_EQ(faults("1 +\r\n// a remark\r\n  @"), "3:3: @ means nothing here");
}

TEST(Parser, TellsSeveralFaultsAtOnce) {
  EXPECT_EQ(faults("f(1 +, [2 3], {4: }) && g(*)"),
            "1:6: expected a value here\n"
            "1:11: expected ] to close the [ before it\n"
            "1:19: expected a value here\n"
            "1:27: expected a value here");
}

TEST(Parser, RefusesWhatIsTooLongOrTooDeep) {
  EXPECT_EQ(faults(std::string(4097, ' ')), "1:1: the expression has 4097 bytes; at most 4096 are allowed");
  EXPECT_EQ(faults(fmt::format("{:(>40}1{:)>40}", "", "")), "1:34: the expression nests deeper than 32 levels");
  EXPECT_EQ(faults(fmt::format("{:!>40}true", "")), "1:8: the expression nests deeper than 32 levels");
  std::string sum = "1";
  for (int i = 0; i < 40; ++i) sum += " + 1";
  EXPECT_EQ(faults(sum), "1:131: the expression nests deeper than 32 levels");
  EXPECT_EQ(faults(std::string(4096, '(')), "1:34: the expression nests deeper than 32 levels");
  EXPECT_EQ(faults("'" + std::string("\xC3") + "'"), "1:2: the expression is not valid UTF-8 from here on");
}

TEST(Parser, WritesAnExpressionAgain) {
  const std::vector<std::pair<const char*, const char*>> table{
      {"1+2*3", "1 + 2 * 3"},
      {"(1+2)*3", "(1 + 2) * 3"},
      {"1-(2-3)", "1 - (2 - 3)"},
      {"(1-2)-3", "1 - 2 - 3"},
      {"a&&b&&(c||d)", "a && b && (c || d)"},
      {"!(a||b)", "!(a || b)"},
      {"a?b:c?d:e", "a ? b : c ? d : e"},
      {"(a?b:c)?d:e", "(a ? b : c) ? d : e"},
      {"-(-5)", "--5"},
      {"-(5)-(-5)", "-(5) - -5"},
      {"-(4.5).map(x,x)", "-(4.5.map(x, x))"},
      {"!(-a)&&-(!a)&&!!a", "!(-a) && -(!a) && !!a"},
      {"(-5).abs()", "(-5).abs()"},
      {"!(-0.0)&&(-0.0).abs()", "!(-0.0) && (-0.0).abs()"},
      {"sessions.filter( s , s.minutes>=45 ).size( )>=3", "sessions.filter(s, s.minutes >= 45).size() >= 3"},
      {"m.`a-b`[ 'x' ].y", "m.`a-b`[\"x\"].y"},
      {"has( a.b )&&x in[1,2u,3.0,b'\\xff',null]", "has(a.b) && x in [1, 2u, 3.0, b\"\\xff\", null]"},
      {"{ ?'a' : x.?y , 'b':a[?0]}", "{?\"a\": x.?y, \"b\": a[?0]}"},
      {"cel.bind(x,1,x+x)", "cel.bind(x, 1, x + x)"},
      {"[1].transformMap(k,v,v>0,v)", "[1].transformMap(k, v, v > 0, v)"},
      {"now>=timestamp( '2027-03-01T00:00:00Z' )", "now >= timestamp(\"2027-03-01T00:00:00Z\")"},
      {"founded+period('2 years')<=now", "founded + period(\"2 years\") <= now"},
      {"math.greatest(a,.b.c)", "math.greatest(a, .b.c)"},
      {"m.`in`.`1st`.`x`", "m.`in`.`1st`.x"},
      {"m.`x`==m.x&&m.?`x`!=f(m).`x`", "m.`x` == m.x && m.?x != f(m).x"},
      {"has( .a )&&has(.a.b)", "has(.a) && has(.a.b)"},
  };
  for (const auto& [source, expected] : table) {
    EXPECT_EQ(written(source), expected) << source;
    EXPECT_EQ(written(expected), expected) << "written twice";
  }
}

TEST(Expression, NamesWhatItReads) {
  const auto expression = compile(
      "size(sessions) >= 3 && initiative.title.size() > 0 && cohort.mentoring_starts <= now\n"
      "&& [1].all(x, x > limit) && has(organisation.founded) && sessions[0].date == date('2017-01-11') && type(limit) "
      "== int");
  ASSERT_TRUE(expression) << testing::told(expression.error());
  std::string text;
  for (const Reference& r : expression->references()) text += fmt::format("{}:{} {}\n", r.line, r.column, r.path);
  EXPECT_EQ(text,
            "1:6 sessions\n"
            "1:24 initiative.title\n"
            "1:55 cohort.mentoring_starts\n"
            "2:19 limit\n"
            "2:33 organisation.founded\n");
  EXPECT_TRUE(expression->reads_now());
  EXPECT_FALSE(compile("1 + 1")->reads_now());
}

TEST(Declarations, LetTheCheckNameWhatIsNotThere) {
  Declarations names;
  for (const char* path : {"sessions", "initiative.title", "initiative.locality", "cohort.mentoring_starts", "data"})
    names.add(path);
  EXPECT_EQ(faults("size(sessions) >= 3 && initiative.title != '' && data.any.thing == now", &names), "");
  EXPECT_EQ(faults("size(sesions) >= 3", &names), "1:6: there is no \"sesions\"; did you mean \"sessions\"?");
  EXPECT_EQ(faults("cohort.mentoring_start <= now", &names),
            "1:8: there is no \"mentoring_start\" in cohort; did you mean \"mentoring_starts\"?");
  EXPECT_EQ(faults("has(initiative.town.name)", &names), "1:16: there is no \"town\" in initiative");
  EXPECT_EQ(faults("nwo > now", &names), "1:1: there is no \"nwo\"; did you mean \"now\"?");
  EXPECT_EQ(faults("sizee(sessions) > 1 || sessions.size(1) > 0", &names),
            "1:1: there is no function \"sizee\"; did you mean \"size\"?\n1:33: size() takes 0 arguments, not 1");
  EXPECT_EQ(faults("startsWith('a', 'b')", &names), "1:1: write x.startsWith(), not startsWith(x)");
  EXPECT_EQ(faults("'a'.int()", &names), "1:5: write int(x), not x.int()");
  EXPECT_EQ(faults("now > timestamp('2017-02-30T00:00:00Z')", &names), "1:17: 2017-02-30: February 2017 has 28 days");
  EXPECT_EQ(faults("initiative.title.matches('(')", &names), "1:26: \"(\" is no regular expression: missing ): (");
  EXPECT_EQ(faults("[1].all(sessions2, sessions2 > 0) && bool == bool", &names), "");
}

TEST(Declarations, AreNotNeededToRead) {
  EXPECT_EQ(faults("f_unknown(17) || true"), "");
  EXPECT_EQ(testing::answer("f_unknown(17) || true"), "true");
  EXPECT_EQ(testing::answer("f_unknown(17)"), "error 1:1: there is no function \"f_unknown\"");
}

}  // namespace
}  // namespace kvali::expression
