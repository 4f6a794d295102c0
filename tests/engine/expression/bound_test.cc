// The bound of the work: no evaluation takes more, and what is exponential, deep or huge is told before it runs.
#include "engine/expression/bound.h"

#include "tests/engine/expression/evaluate.h"
#include "tests/engine/expression/generate.h"

namespace kvali::expression {
namespace {

Declarations declared() {
  Declarations names;
  const Type meeting = Type::record({{"kind", Type(TypeKind::String).at_most(10)}, {"minutes", TypeKind::Int}});
  names.add("meetings", Type::list(meeting).at_most(2'000));
  names.add("visits", Type::list(meeting).at_most(2'000));
  names.add("days", Type::list(TypeKind::Date).at_most(7));
  names.add("word", Type(TypeKind::String).at_most(100));
  names.add("address", TypeKind::String);
  names.add("any");
  return names;
}

std::uint64_t bound(const std::string& source) {
  const Declarations names = declared();
  const auto expression = compile(source, &names);
  EXPECT_TRUE(expression.has_value()) << (expression ? "" : testing::told(expression.error()));
  return expression ? bound_of(*expression, names).work_units : 0;
}

std::string dear(const std::string& source) {
  const Declarations names = declared();
  const auto expression = compile(source, &names);
  if (!expression) return testing::told(expression.error());
  const auto fault = too_dear(*expression, names);
  return fault ? testing::told({*fault}) : "";
}

TEST(Bound, IsExactWhereNothingHasASize) {
  EXPECT_EQ(bound("true"), 1u);
  EXPECT_EQ(bound("1 + 2 > 3"), testing::outcome_of("1 + 2 > 3").work_units);
  EXPECT_EQ(bound("[1, 2].map(x, x * x)"), testing::outcome_of("[1, 2].map(x, x * x)").work_units);
  EXPECT_EQ(bound("[1, 2, 3].sum() + 1"), testing::outcome_of("[1, 2, 3].sum() + 1").work_units);
  EXPECT_EQ(bound("[1, 2, 3].all(x, x > 0)"), testing::outcome_of("[1, 2, 3].all(x, x > 0)").work_units);
}

TEST(Bound, GrowsWithTheDeclaredSizes) {
  EXPECT_EQ(bound("size(meetings) > 1"), 4u);
  EXPECT_GT(bound("meetings.all(m, m.minutes > 3)"), 2'000u * 5);
  EXPECT_LT(bound("meetings.all(m, m.minutes > 3)"), 2'000u * 8);
  EXPECT_GT(bound("meetings.map(m, m.minutes).sum() > 3"), 2'000u * 4);
  EXPECT_LT(bound("days.all(d, days.all(e, d >= e))"), 1'000u);
  EXPECT_LT(bound("word.matches('[a-z]+')"), 200u);
}

TEST(Bound, LetsOrdinaryGuardsPass) {
  for (const char* source : {"size(meetings) >= 3", "meetings.exists(m, m.kind == 'visit' && m.minutes >= 45)",
                             "size(meetings.filter(m, m.minutes > 30)) >= 3", "address.matches('^https://')",
                             "days.exists(d, meetings.exists_one(m, m.minutes > 3))"})
    EXPECT_EQ(dear(source), "") << source;
}

TEST(Bound, RefusesWhatWalksTooMuch) {
  EXPECT_EQ(dear("true && meetings.all(m, visits.exists(v, v.kind == m.kind))"),
            "1:18: this may take up to 40006004 units of work, and 100000 are allowed: all() walks up to 2000 items of meetings, "
            "and for each of them exists() walks up to 2000 items of visits");
}

TEST(Bound, RefusesWhatReadsTooMuch) {
  EXPECT_EQ(dear("meetings.exists(m, address.contains(m.kind))"),
            "1:10: this may take up to 9482002 units of work, and 100000 are allowed: exists() walks up to 2000 items of meetings, "
            "and for each of them contains() looks at up to 65536 bytes of text of address");
  EXPECT_EQ(dear("address.replace('', address) == ''"),
            "1:9: this may take up to 268513288 units of work, and 100000 are allowed: replace() looks at up to 65536 bytes of "
            "text of address");
}

TEST(Bound, RefusesTheExponential) {
  std::string source = "x0";
  for (int i = 12; i > 0; --i) source = fmt::format("cel.bind(x{0}, x{1} + x{1} + x{1} + x{1}, {2})", i, i - 1, i == 12 ? "size(x12) > 0" : source);
  source = fmt::format("cel.bind(x0, [1, 2], {})", source);
  EXPECT_GT(bound(source), 10'000'000u);
  EXPECT_NE(dear(source), "");
  const Context context;
  EXPECT_THAT(testing::answer(source, NamedValues(), context), ::testing::EndsWith("this takes more than 100000 units of work"));
  EXPECT_LE(testing::outcome_of(source, NamedValues(), context).work_units, limits::guard_work_units_max);
}

TEST(Bound, StaysAtTheLargestWhenItOverflows) {
  std::string source = "'%s'.format([x0])";
  for (int i = 0; i < 28; ++i) source = fmt::format("cel.bind(x0, x0.replace('', x0), {})", source);
  source = fmt::format("cel.bind(x0, address, {})", source);
  EXPECT_EQ(bound(source), UINT64_MAX);
  EXPECT_NE(dear(source).find("more units of work than can be counted"), std::string::npos);
}

TEST(Bound, IsNotReckonedForWhatIsTooDeepOrTooLong) {
  EXPECT_NE(dear(fmt::format("{:(>40}1{:)>40}", "", "")), "");
  EXPECT_NE(dear(fmt::format("{:[>34}{:]>34}", "", "")), "");
  EXPECT_NE(dear(fmt::format("{:>{}}", "1", limits::guard_bytes_max + 1)), "");
  EXPECT_NE(dear("days.all(a, days.all(b, days.all(c, true)))"), "");
}

TEST(Bound, IsNeverPassed) {
  constexpr std::uint64_t seed = 1914;
  constexpr int expressions = 6'000;
  const auto names = testing::generated_names();
  Declarations declarations;
  for (const auto& [name, type] : names) declarations.add(name, type);
  testing::Generator generator(seed, names);
  const Context context{.now = 1'500'000'000'000'000, .work_units_max = 3'000'000};
  int near = 0;
  for (int i = 0; i < expressions; ++i) {
    const std::string source = generator.expression(generator.any_type(), 4);
    SCOPED_TRACE(source);
    const auto expression = compile(source, &declarations);
    if (!expression) continue;
    NamedValues values;
    for (const auto& [name, type] : names) values.set(name, generator.value(type));
    const std::uint64_t most = bound_of(*expression, declarations).work_units;
    const Outcome outcome = evaluate(*expression, values, context);
    ASSERT_LE(outcome.work_units, most);
    near += outcome.work_units * 4 >= most ? 1 : 0;
  }
  EXPECT_GT(near, expressions / 10) << "a bound that is far from everything bounds nothing";
}

}  // namespace
}  // namespace kvali::expression
