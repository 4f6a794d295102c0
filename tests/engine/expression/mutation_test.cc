// Expressions bent at random: whatever is written, reading ends, says what is wrong, and what can be read can be
// written again and evaluated within its budget.
#include <random>

#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

const std::vector<std::string>& corpus() {
  static const std::vector<std::string> sources{
      "size(sessions) >= 3 && initiative.title != ''",
      "now - founded >= duration('17520h') || founded + period('P2Y') <= now",
      "sessions.filter(s, s.minutes > 30).map(s, s.date).exists(d, d <= closes)",
      "{'a': [1, 2u, -3.5e2], true: b'\\xff'}['a'][?0].orValue(7)",
      "has(initiative.title) ? initiative.?title.orValue('') : \"\"\"none\"\"\"",
      "cel.bind(x, math.greatest(1, 2), x * x % 3 - -x) in [1, null]",
      "'%s is %d'.format(['ą', 5]).matches('^[a-z]+') == !(1 < 2)",
      "[1, 2].transformMap(i, v, i > 0, v).all(k, k != 9223372036854775807)",
      "timestamp('2017-01-11T18:00:00Z').getHours('+02:00') == date(now).getDate()",
      "optional.of({}).?c.or(optional.none()).hasValue() && .a.b.`c-d` == email",
  };
  return sources;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string next() {
    std::string source = any(corpus());
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(source);
    return source;
  }

 private:
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  const std::string& any(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }

  void change(std::string& source) {
    static const std::vector<std::string> pieces{
        "now", "closes", "email", "(", ")", "[", "]", "{",  "}",  ",",  "[?", ".?",   "'",       "\"\"\"",
        "\\u", "1e",     "0x",    "-", "!", "?", ":", "&&", "||", "==", "in", "\xC3", ".map(q, "};
    const std::size_t at = below(source.size() + 1);
    switch (below(4)) {
      case 0:
        source.insert(at, any(pieces));
        break;
      case 1:
        source.erase(at, 1 + below(4));
        break;
      case 2:
        source.insert(at, any(corpus()).substr(below(10), below(12)));
        break;
      default:
        if (at < source.size()) source[at] = static_cast<char>(random_());
        break;
    }
  }

  std::mt19937_64 random_;
};

TEST(Mutation, IsReadWrittenAndEvaluatedOrRefusedWithASentence) {
  constexpr std::uint64_t seed = 2017;
  constexpr int mutations = 4'000;
  const calendar::Zone vilnius = calendar::testing::vilnius();
  const Context context{
      .now = calendar::testing::at("2017-03-26T00:59:59.5Z"), .zone = &vilnius, .work_units_max = 2'000};
  const NamedValues bindings{
      {"sessions", Value::list({Value::map({{Value::string("minutes"), Value::integer(45)}}).value()})},
      {"initiative", Value::map({{Value::string("title"), Value::string("Kvali")}}).value()},
      {"founded", Value::instant(0)},
      {"closes", Value::date({2017, 3, 26})},
      {"email", Value::sealed(12)}};
  Mutator mutator(seed);
  int evaluated = 0;
  for (int i = 0; i < mutations; ++i) {
    const std::string source = mutator.next();
    SCOPED_TRACE(source);
    const auto expression = compile(source);
    if (!expression) {
      ASSERT_FALSE(expression.error().empty());
      for (const Fault& fault : expression.error()) ASSERT_FALSE(fault.message.empty());
      continue;
    }
    const std::string text = expression->to_text();
    const auto again = compile(text);
    ASSERT_TRUE(again) << text;
    ASSERT_EQ(again->to_text(), text);
    const Outcome outcome = evaluate(*expression, bindings, context);
    ASSERT_GT(outcome.may_change_at, *context.now);
    ASSERT_LE(outcome.work_units, context.work_units_max);
    const Outcome same = evaluate(*again, bindings, context);
    ASSERT_EQ(same.result.has_value(), outcome.result.has_value());
    if (outcome.result) {
      ASSERT_EQ(to_text(*same.result), to_text(*outcome.result));
    }
    ASSERT_EQ(same.may_change_at, outcome.may_change_at);
    ++evaluated;
  }
  EXPECT_GT(evaluated, mutations / 20);
}

}  // namespace
}  // namespace kvali::expression
