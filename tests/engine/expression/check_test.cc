// The checker: the table of what is ill typed with its exact messages, the types of what is well typed, and the promise that
// what is evaluated is of the type that was deduced.
#include "engine/expression/check.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/engine/expression/evaluate.h"
#include "tests/engine/expression/generate.h"

namespace kvali::expression {
namespace {

const std::string table = std::string(KVALI_SOURCE_DIR) + "/tests/engine/expression/check/ill_typed.txt";

Declarations declared() {
  Declarations names;
  for (const auto& [path, written] : std::initializer_list<std::pair<const char*, const char*>>{
           {"cohort.starts", "date"},
           {"cohort.closes", "date"},
           {"cohort.seats", "int"},
           {"initiative.title", "sealed"},
           {"initiative.town", "string"},
           {"initiative.cost", "int"},
           {"initiative.area", "double"},
           {"initiative.themes", "list(string)"},
           {"organisation.founded", "date"},
           {"mentors", "int"},
           {"review.score", "double"},
           {"meetings", "list({kind: string, minutes: int, note: sealed, on: date})"},
           {"planned", "timestamp"},
           {"prices", "map(string, int)"},
           {"names", "map(int, string)"},
           {"ok", "bool"},
           {"places", "uint"},
           {"blob", "bytes"},
           {"length", "duration"},
           {"wait", "period"},
           {"maybe", "optional(int)"},
           {"grade", "wrapper(int)"},
           {"any", "dyn"}})
    names.add(path, *type_of(written));
  const Type way = Type(TypeKind::String).among({"visit", "call", "letter"});
  names.add("initiative.way", way);
  names.add("initiative.ways", Type::list(way));
  names.add("calls", Type::list(Type::record({{"way", way}, {"minutes", TypeKind::Int}})));
  names.add("letters", Type::list(Type::record({{"way", TypeKind::String}, {"minutes", TypeKind::Int}})));
  return names;
}

struct Case {
  std::string source, faults;
};

/// An expression a line, under each the faults that must be told, behind "> ".
std::vector<Case> read_cases() {
  std::ifstream file(table);
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (!line.starts_with("> ")) {
      cases.push_back({line, ""});
    } else if (!cases.empty()) {
      cases.back().faults += (cases.back().faults.empty() ? "" : "\n") + line.substr(2);
    }
  }
  return cases;
}

TEST(IllTyped, AreAtLeastAHundredAndTwenty) { EXPECT_GE(read_cases().size(), 120u); }

TEST(IllTyped, AreToldExactly) {
  const Declarations names = declared();
  std::string rewritten;
  for (const Case& each : read_cases()) {
    const std::string told = testing::faults(each.source, &names);
    EXPECT_EQ(told, each.faults) << each.source;
    EXPECT_NE(told, "") << each.source;
    rewritten += each.source + "\n";
    std::istringstream lines(told);
    for (std::string line; std::getline(lines, line);) rewritten += "> " + line + "\n";
    rewritten += "\n";
  }
  if (std::getenv("KVALI_WRITE_GOLDEN") != nullptr) std::ofstream(table) << rewritten;
}

std::string type(const std::string& source) {
  const Declarations names = declared();
  const auto expression = compile(source, &names);
  return expression ? to_text(expression->type()) : testing::told(expression.error());
}

TEST(Check, GivesEveryExpressionItsType) {
  EXPECT_EQ(type("size(meetings) >= 3 && cohort.starts <= now"), "bool");
  EXPECT_EQ(type("now - organisation.founded"), "duration");
  EXPECT_EQ(type("organisation.founded + period('2 years')"), "date");
  EXPECT_EQ(type("wait + planned"), "timestamp");
  EXPECT_EQ(type("meetings.filter(m, m.kind == 'visit').map(m, m.on)"), "list(date)");
  EXPECT_EQ(type("meetings.map(m, size(m.note))"), "list(int)");
  EXPECT_EQ(type("prices.transformMap(k, v, v > 1, double(v))"), "map(string, double)");
  EXPECT_EQ(type("prices.transformMapEntry(k, v, {v: k})"), "map(int, string)");
  EXPECT_EQ(type("initiative.themes.transformList(i, t, {i: t})"), "list(map(int, string))");
  EXPECT_EQ(type("[1, 'a', null]"), "list(dyn)");
  EXPECT_EQ(type("[]"), "list(dyn)");
  EXPECT_EQ(type("[[], [1]]"), "list(list(int))");
  EXPECT_EQ(type("{}"), "map(dyn, dyn)");
  EXPECT_EQ(type("prices.?apple"), "optional(int)");
  EXPECT_EQ(type("prices[?'apple'].orValue(0)"), "int");
  EXPECT_EQ(type("maybe.optMap(m, string(m))"), "optional(string)");
  EXPECT_EQ(type("maybe.optFlatMap(m, m > 1 ? optional.of('a') : optional.none())"), "optional(string)");
  EXPECT_EQ(type("cel.bind(t, initiative.title, size(t))"), "int");
  EXPECT_EQ(type("initiative.?title.hasValue()"), "bool");
  EXPECT_EQ(type("has(initiative.title) ? size(initiative.title) : 0"), "int");
  EXPECT_EQ(type("math.greatest(1, 2.5)"), "dyn");
  EXPECT_EQ(type("math.greatest([1, 2])"), "int");
  EXPECT_EQ(type("meetings.map(m, m.minutes).sum()"), "int");
  EXPECT_EQ(type("[initiative.area].sum(0.0)"), "double");
  EXPECT_EQ(type("[now - cohort.starts].sum(duration('0s'))"), "duration");
  EXPECT_EQ(type("[].sum()"), "int");
  EXPECT_EQ(type("any.sum()"), "dyn");
  EXPECT_EQ(type("[any].sum()"), "dyn");
  EXPECT_EQ(type("grade == null ? 0 : grade + 1"), "int");
  EXPECT_EQ(type("any.thing[3].more"), "dyn");
  EXPECT_EQ(type("any + 1"), "int");
  EXPECT_EQ(type("type(1) == int"), "bool");
  EXPECT_EQ(type("'%s %d'.format([initiative.town, 1])"), "string");
}

TEST(Check, ComparesWhatTheEvaluationCompares) {
  EXPECT_EQ(type("initiative.area >= 2 || initiative.area == 2 || places != 3"), "bool");
  EXPECT_EQ(type("2.0 in [1, 2] && 1u in {1: 'a'}"), "bool");
  EXPECT_EQ(type("now == cohort.starts && cohort.starts < now"), "bool");
}

TEST(Check, KnowsTheWordsOfAChoiceOnlyWhereTheyAreAllThereAre) {
  EXPECT_EQ(type("initiative.way == 'call' && initiative.way in ['visit', 'letter'] && 'call' in initiative.ways"), "bool");
  EXPECT_EQ(type("calls.exists(c, c.way == 'visit') && calls[0].way != 'call'"), "bool");
  // A list that was put together holds what either holds.
  EXPECT_EQ(type("(calls + letters).exists(c, c.way == 'knock') && [initiative.way, initiative.town].exists(w, w == 'knock')"), "bool");
  EXPECT_EQ(type("cel.bind(w, ok ? initiative.way : initiative.town, w == 'knock')"), "bool");
}

TEST(Check, KnowsTheFieldsOfThingsByAnyRoad) {
  EXPECT_EQ(type("meetings[0].on"), "date");
  EXPECT_EQ(type("meetings[0]['on']"), "date");
  EXPECT_EQ(type("meetings[?0].?on.orValue(cohort.starts)"), "date");
  EXPECT_EQ(type("cel.bind(i, initiative, i.town)"), "string");
  EXPECT_EQ(type("'town' in initiative"), "bool");
}

TEST(Check, KeepsTheTypesOfEveryNodeBesideTheTree) {
  const Declarations names = declared();
  const auto expression = compile("meetings.map(m, m.minutes)[0] + 1", &names);
  ASSERT_TRUE(expression.has_value());
  Faults faults(expression->source());
  const Typing typing = check(expression->tree(), names, faults);
  EXPECT_TRUE(faults.empty());
  const Node& sum = expression->tree().root;
  EXPECT_EQ(to_text(typing.types.at(&sum)), "int");
  EXPECT_EQ(to_text(typing.types.at(&sum.children[0].children[0])), "list(int)");
}

TEST(Check, DeducesTheTypeOfWhatIsEvaluated) {
  constexpr std::uint64_t seed = 2017;
  constexpr int expressions = 4'000;
  const auto names = testing::generated_names();
  Declarations declarations;
  for (const auto& [name, written] : names) declarations.add(name, written);
  testing::Generator generator(seed, names);
  const Context context{.now = 1'500'000'000'000'000, .work_units_max = 2'000'000};
  int evaluated = 0;
  for (int i = 0; i < expressions; ++i) {
    const Type wanted = generator.any_type();
    const std::string source = generator.expression(wanted, 4);
    SCOPED_TRACE(source);
    const auto expression = compile(source, &declarations);
    if (source.size() > limits::guard_bytes_max) continue;
    ASSERT_TRUE(expression.has_value()) << testing::told(expression.error());
    NamedValues values;
    for (const auto& [name, written] : names) values.set(name, generator.value(written));
    const Outcome outcome = evaluate(*expression, values, context);
    if (!outcome.result) {
      // What can still go wrong depends on values, never on kinds; dyn alone may hide one.
      const bool of_kind = outcome.result.error().message.starts_with("no such overload");
      ASSERT_TRUE(!of_kind || source.find("any") != std::string::npos) << outcome.result.error().message;
      continue;
    }
    ++evaluated;
    ASSERT_TRUE(testing::conforms(*outcome.result, expression->type()))
        << to_text(*outcome.result) << " is no " << to_text(expression->type());
  }
  EXPECT_GT(evaluated, expressions / 3);
}

TEST(Check, EndsWithFaultsOrATypeWhateverIsWritten) {
  constexpr std::uint64_t seed = 1972;
  constexpr int mutations = 3'000;
  const auto names = testing::generated_names();
  Declarations declarations;
  for (const auto& [name, written] : names) declarations.add(name, written);
  testing::Generator generator(seed, names);
  int sound = 0, ill = 0;
  for (int i = 0; i < mutations; ++i) {
    // A part of one expression in the place of a part of another: it can often be read and is seldom well typed.
    std::string source = generator.expression(generator.any_type(), 3);
    const std::string other = generator.expression(generator.any_type(), 1);
    const std::size_t at = std::min(source.find_first_of("0123456789'", generator.below(source.size())), source.size());
    source.replace(at, 1, other);
    SCOPED_TRACE(source);
    const auto expression = compile(source, &declarations);
    (expression ? sound : ill) += 1;
    if (expression) {
      EXPECT_NE(to_text(expression->type()), "");
      continue;
    }
    for (const Fault& fault : expression.error()) EXPECT_FALSE(fault.message.empty() || fault.message.find("takes ,") != std::string::npos);
  }
  EXPECT_GT(sound, mutations / 50);
  EXPECT_GT(ill, mutations / 20);
}

}  // namespace
}  // namespace kvali::expression
