// Over generated guards: what an explanation tells is enough to make the guard true, and no part of it can be left out.
#include <random>

#include "engine/expression/explain.h"
#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

constexpr int guards = 4'000;
constexpr std::size_t choices_looked_at = 40;

class Guards {
 public:
  explicit Guards(std::uint32_t seed) : random_(seed) {}
  std::string guard(int depth) {
    if (depth == 0 || below(6) == 0) return atom();
    switch (below(9)) {
      case 0:
      case 1: return fmt::format("({} && {})", guard(depth - 1), guard(depth - 1));
      case 2:
      case 3: return fmt::format("({} || {})", guard(depth - 1), guard(depth - 1));
      case 4: return fmt::format("!({})", guard(depth - 1));
      case 5: return fmt::format("({} ? {} : {})", guard(depth - 1), guard(depth - 1), guard(depth - 1));
      case 6: {
        const std::string name = fmt::format("b{}", ++names_);
        return fmt::format("cel.bind({}, {}, ({} && {}))", name, guard(depth - 1), name, guard(depth - 1));
      }
      default: return quantifier(depth);
    }
  }

 private:
  std::string quantifier(int depth) {
    if (variables_.size() == 2) return atom();
    const std::string name = fmt::format("x{}", ++names_);
    constexpr std::array lists{"[1, 2, 3]", "[2, 3]", "[4]", "[]", "[1, 2, 3, 4].filter(y, y > 1)"};
    const std::string list = lists.at(below(variables_.empty() ? 5 : 4));
    const char* macro = std::array{"all", "exists", "exists_one"}.at(below(3));
    variables_.push_back(name);
    const std::string predicate = guard(std::min(depth - 1, 2));
    variables_.pop_back();
    return fmt::format("{}.{}({}, {})", list, macro, name, predicate);
  }
  std::string atom() {
    if (!variables_.empty() && below(3) > 0)
      return fmt::format("{} >= {}", variables_.at(below(static_cast<unsigned>(variables_.size()))), below(6));
    constexpr std::array atoms{"yes", "no", "n >= 3", "n < 3", "has(m.a)", "has(m.b)", "m.b > 1", "1 / 0 > 0", "n in [1, 2]", "n in [7]",
                               "m.?b.orValue(false)", "no == false", "no != false", "true", "false"};
    return atoms.at(below(atoms.size()));
  }
  unsigned below(std::size_t end) { return static_cast<unsigned>(random_() % end); }
  std::mt19937 random_;
  std::vector<std::string> variables_;
  int names_ = 0;
};

/// A part that is to become as wanted; in elements of lists only where `condition` holds.
struct Mend {
  Range range;
  std::string condition;
  bool wanted = true;
  bool operator==(const Mend& other) const { return range.begin == other.range.begin && range.end == other.range.end && condition == other.condition; }
};
using Choice = std::vector<Mend>;

/// Every way to mend a part: all of a group, or one of it.
class Ways {
 public:
  Ways(const std::string& source, const Bindings& bindings) : source_(source), bindings_(bindings) {}
  std::vector<Choice> of(const Part& part, const std::string& condition) const {
    switch (part.kind) {
      case PartKind::Given: return {{}};
      case PartKind::All:
      case PartKind::Chosen:
      case PartKind::Every: return all(part, condition);
      case PartKind::Any:
      case PartKind::Some: return part.parts.empty() ? leaf(part, condition) : any(part, condition);
      case PartKind::Element: ADD_FAILURE() << "an element stands in its list"; return {};
      default: return leaf(part, condition);
    }
  }

 private:
  static std::vector<Choice> leaf(const Part& part, const std::string& condition) { return {{Mend{part.range, condition, part.wanted}}}; }
  std::vector<Choice> inner(const Part& list, const Part& part, const std::string& condition) const {
    if (part.kind != PartKind::Element) return of(part, condition);
    const auto range = compile(source_.substr(list.terms[0].range.begin, list.terms[0].range.end - list.terms[0].range.begin));
    const Value value = evaluate(*range, bindings_, {}).result.value();
    // The macro's variable stands behind its opening parenthesis.
    const std::size_t open = source_.find('(', source_.find_first_of('.', list.terms[0].range.end));
    const std::string name = source_.substr(open + 1, source_.find(',', open) - open - 1);
    const std::string here = fmt::format("{}{} == {}", condition.empty() ? "" : condition + " && ", name,
                                         to_text(value.as_list().at(part.index)));
    return all(part, here);
  }
  std::vector<Choice> all(const Part& part, const std::string& condition) const {
    std::vector<Choice> ways{{}};
    for (const Part& one : part.parts) {
      std::vector<Choice> more;
      for (const Choice& before : ways) {
        for (const Choice& way : inner(part, one, condition)) {
          Choice both = before;
          for (const Mend& mend : way)
            if (std::find(both.begin(), both.end(), mend) == both.end()) both.push_back(mend);
          more.push_back(std::move(both));
          if (more.size() > choices_looked_at) break;
        }
      }
      ways = std::move(more);
    }
    return ways;
  }
  std::vector<Choice> any(const Part& part, const std::string& condition) const {
    std::vector<Choice> ways;
    for (const Part& one : part.parts)
      for (Choice& way : inner(part, one, condition)) ways.push_back(std::move(way));
    return ways;
  }
  const std::string& source_;
  const Bindings& bindings_;
};

/// The bytes [begin, end) of the guard with these parts as they are wanted; parts of one element may stand inside of a part
/// of another.
std::string mended(const std::string& source, std::size_t begin, std::size_t end, const Choice& choice) {
  std::string text;
  for (std::size_t at = begin; at < end;) {
    const Range* outer = nullptr;  // the next part, the widest of those that begin there
    for (const Mend& mend : choice) {
      if (mend.range.begin < at) continue;
      const bool wider = outer != nullptr && mend.range.begin == outer->begin && mend.range.end > outer->end;
      if (outer == nullptr || mend.range.begin < outer->begin || wider) outer = &mend.range;
    }
    const std::size_t next = outer != nullptr ? outer->begin : end;
    text += source.substr(at, next - at);
    if (outer == nullptr) break;
    Choice inside, here;
    for (const Mend& mend : choice) {
      const bool same = mend.range.begin == outer->begin && mend.range.end == outer->end;
      if (same) here.push_back(mend);
      else if (mend.range.begin >= outer->begin && mend.range.end <= outer->end) inside.push_back(mend);
    }
    std::string part = mended(source, outer->begin, outer->end, inside);
    for (const Mend& mend : here) {
      const char* wanted = mend.wanted ? "true" : "false";
      part = mend.condition.empty() ? wanted : fmt::format("(({}) ? {} : ({}))", mend.condition, wanted, part);
    }
    text += part;
    at = outer->end;
  }
  return text;
}
std::string mended(const std::string& source, const Choice& choice) { return mended(source, 0, source.size(), choice); }

bool fails(const Part& part) {
  return part.kind == PartKind::Failure || std::any_of(part.parts.begin(), part.parts.end(), fails);
}

TEST(Explain, TellsWhatIsEnoughAndNothingMore) {
  NamedValues values{{"yes", Value::boolean(true)}, {"no", Value::boolean(false)}, {"n", Value::integer(2)}};
  values.set("m", Value::map({{Value::string("a"), Value::integer(1)}}).value());
  Guards generated(20'261'122);
  int explained = 0, mends = 0;
  for (int i = 0; i < guards; ++i) {
    const std::string source = generated.guard(4);
    const auto guard = compile(source);
    if (!guard) continue;  // too deep, or macros too deep in one another
    const Explanation explanation = explain(*guard, values, {});
    const Outcome outcome = evaluate(*guard, values, {});
    const bool holds = outcome.result && outcome.result->is(Kind::Bool) && outcome.result->as_bool();
    ASSERT_EQ(holds, explanation.standing == Standing::Holds) << source;
    if (holds) continue;
    ++explained;
    // What cel.bind gives no value to cannot be looked into any further.
    if (fails(explanation.root) && source.find("cel.bind") != std::string::npos) continue;
    const auto answer = [&](const Choice& choice) { return testing::answer(mended(source, choice), values); };
    std::vector<Choice> ways = Ways(source, values).of(explanation.root, "");
    ASSERT_FALSE(ways.empty()) << source;
    ways.resize(std::min(ways.size(), choices_looked_at));
    for (const Choice& way : ways) {
      EXPECT_EQ(answer(way), "true") << source << "\nmended: " << mended(source, way);
      mends += static_cast<int>(way.size());
      for (std::size_t left_out = 0; left_out < way.size(); ++left_out) {
        Choice less = way;
        less.erase(less.begin() + static_cast<std::ptrdiff_t>(left_out));
        EXPECT_NE(answer(less), "true") << source << "\nmended: " << mended(source, way) << "\nwithout: " << mended(source, less);
      }
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(explained, guards / 3);
  EXPECT_GT(mends, guards);
}

}  // namespace
}  // namespace kvali::expression
