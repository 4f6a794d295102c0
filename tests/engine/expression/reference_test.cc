// The page about guards (workflows/guards.md): what it shows is what happens, and it leaves nothing out.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "engine/expression/functions.h"
#include "engine/expression/tree.h"
#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

struct Example {
  int line = 0;
  std::string guard, given, gives;
};

std::vector<Example> examples() {
  std::vector<Example> read;
  std::ifstream page(fmt::format("{}/workflows/guards.md", KVALI_SOURCE_DIR));
  std::string line;
  int number = 0;
  for (Example* open = nullptr; std::getline(page, line);) {
    ++number;
    if (line == "```") {
      open = open ? nullptr : &read.emplace_back(Example{number + 1, {}, {}, {}});
    } else if (open) {
      const bool given = line.starts_with("given "), gives = line.starts_with("gives ");
      (given ? open->given : gives ? open->gives : open->guard) += line.substr(given || gives ? 6 : 0);
    }
  }
  return read;
}

/// The facts of an example: an expression that gives a map.
NamedValues bindings_of(const Value& given) {
  NamedValues bindings;
  for (const auto& [name, value] : given.as_map().entries()) bindings.set(name.as_string(), value);
  return bindings;
}

TEST(GuardsPage, ShowsWhatHappens) {
  const std::vector<Example> all = examples();
  EXPECT_GE(all.size(), 80u);
  for (const Example& one : all) {
    SCOPED_TRACE(fmt::format("workflows/guards.md:{}: {}", one.line, one.guard));
    const calendar::Zone zone = calendar::testing::vilnius();
    Context context;
    context.zone = &zone;
    context.zones = {&zone, 1};
    const Outcome given = testing::outcome_of(one.given, NamedValues(), context);
    ASSERT_TRUE(given.result.has_value()) << testing::answer_of(given);
    const Value* now = given.result->as_map().find("now");
    if (now) context.now = instant_of(now->as_timestamp());
    EXPECT_EQ(testing::answer(one.guard, bindings_of(*given.result), context), testing::answer(one.gives, NamedValues(), context));
  }
}

/// What wrote a constant: dates and the like are read with the guard.
std::string_view made_by(Kind kind) {
  switch (kind) {
    case Kind::Date: return "date";
    case Kind::Timestamp: return "timestamp";
    case Kind::Duration: return "duration";
    case Kind::Period: return "period";
    default: return "";
  }
}

void collect(const Node& node, std::set<std::string_view>& used) {
  if (node.kind == NodeKind::Constant) used.insert(made_by(node.constant.kind()));
  if (node.kind == NodeKind::Call) used.insert(info_of(node.function).name);
  if (node.kind == NodeKind::Comprehension) used.insert(macro_name(node.macro));
  for (const Node& child : node.children) collect(child, used);
}

TEST(GuardsPage, LeavesNoFunctionOut) {
  std::set<std::string_view> used, missing;
  for (const Example& one : examples())
    for (const std::string* source : {&one.guard, &one.given})
      if (const auto compiled = compile(*source)) collect(compiled->tree().root, used);
  for (const bool receiver : {false, true})
    for (const std::string_view name : function_names(receiver))
      if (!used.contains(name)) missing.insert(name);
  for (const Macro macro : {Macro::All, Macro::Exists, Macro::ExistsOne, Macro::Map, Macro::Filter, Macro::TransformList, Macro::TransformMap, Macro::TransformMapEntry})
    if (!used.contains(macro_name(macro))) missing.insert(macro_name(macro));
  EXPECT_THAT(missing, ::testing::IsEmpty());
}

}  // namespace
}  // namespace kvali::expression
