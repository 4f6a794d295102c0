// Each rule of the house is shown what it must flag, and what it must let pass.
#include <algorithm>
#include <ostream>
#include <set>

#include "tests/house/rules.h"

namespace kvali::house {

// How a rule is named in the list of tests.
void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

namespace {

struct Snippet {
  std::string rule;
  std::string path;
  std::string text;
  std::size_t line;  // of the only finding; 0: there is none
};

std::string many_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "x\n";
  return text;
}

const std::vector<Snippet>& snippets() {
  static const std::vector<Snippet> all = {
      {"include_arrows", "engine/statechart/step.cc", "\n#include \"engine/cohort/decide.h\"\n", 2},
      {"include_arrows", "engine/statechart/step.cc", "#include \"engine/program/expand.h\"\n", 1},
      {"include_arrows", "engine/result.h", "#include \"engine/calendar/calendar.h\"\n", 1},
      {"include_arrows", "engine/cohort/decide.cc", "#include \"server/journal/journal.h\"\n", 1},
      {"include_arrows", "server/core/loop.cc", "#include \"server/access/may.h\"\n", 1},
      {"include_arrows", "server/api/session.cc", "#include \"server/exchange/csv.h\"\n", 1},
      {"include_arrows", "server/api/session.cc", "#include \"server/net/server.h\"\n", 1},
      {"include_arrows", "server/attic/old.cc", "int x;\n", 1},
      {"include_arrows", "engine/cohort/decide.cc", "#include \"decide.h\"\n", 1},
      {"include_arrows", "engine/cohort/decide.cc", "#include \"elsewhere/decide.h\"\n", 1},
      {"include_arrows", "server/net/server.cc",
       "#include \"server/net/server.h\"\n#include <vector>\n#include \"server/api/session.h\"\n#include \"kvali/v1/frame.pb.h\"\n", 0},
      {"include_arrows", "engine/cohort/decide.cc", "#include \"engine/cohort/x.h\"\n#include \"engine/limits.h\"\n#include <kvali/v1/record.pb.h>\n", 0},

      {"pure_engine", "engine/cohort/decide.cc", "#include <chrono>\n", 1},
      {"pure_engine", "engine/cohort/decide.cc", "#include <vector>\n#include  <sys/stat.h>\n", 2},
      {"pure_engine", "engine/result.h", "#include <iostream>\n", 1},
      {"pure_engine", "engine/cohort/decide.cc", "const char* home = std::getenv(\"HOME\");\n", 1},
      {"pure_engine", "engine/result.h", "#include <cstdio>\n", 0},
      {"pure_engine", "engine/cohort/decide.cc", "// <chrono> is not for us, nor is getenv(x)\n#include <string>\n", 0},
      {"pure_engine", "server/core/loop.cc", "#include <chrono>\n", 0},

      {"beast_only_in_net", "server/api/session.cc", "#include <boost/beast/core.hpp>\n", 1},
      {"beast_only_in_net", "tests/server/api/a_test.cc", "#include <boost/beast.hpp>\n", 1},
      {"beast_only_in_net", "server/net/server.cc", "#include <boost/beast/core.hpp>\n", 0},
      {"beast_only_in_net", "server/core/loop.cc", "#include <boost/asio/post.hpp>\n", 0},

      {"headers_say_what_they_are", "engine/a.h", "// What it is.\n// And why.\n#pragma once\n", 1},
      {"headers_say_what_they_are", "engine/a.h", "#pragma once\n#include <string>\n", 2},
      {"headers_say_what_they_are", "engine/a.h", "#pragma once\n// What it is.\n", 0},

      {"own_header_first", "engine/a.cc", "#include <string>\n#include \"engine/a.h\"\n", 1},
      {"own_header_first", "engine/a.cc", "// Why.\n#include \"engine/a.h\"\n\n#include <string>\n", 0},
      {"own_header_first", "engine/b.cc", "#include <string>\n", 0},

      {"awaits_nothing_temporary", "server/net/a.cc", "auto n = co_await run([this] { return 1; });\n", 1},
      {"awaits_nothing_temporary", "server/net/a.cc", "co_await run(\n    [&, x](int a) { return a; });\n", 1},
      {"awaits_nothing_temporary", "server/net/a.cc", "\nco_await send(Message{1, 2});\n", 2},
      {"awaits_nothing_temporary", "server/net/a.cc", "if (x) {\n  use(Pair{1, 2}, co_await read());\n}\n", 2},
      {"awaits_nothing_temporary", "server/net/a.cc", "co_await wait(std::chrono::seconds{30});\n", 1},
      {"awaits_nothing_temporary", "server/net/a.cc", "if (x) { co_await send(std::vector<int>{1}); }\n", 1},
      {"awaits_nothing_temporary", "server/net/a.cc",
       "auto done = [this] { return 1; };\nconst auto n = co_await run(std::move(done), buffers[i](), b[j]);\nMessage m{1};\n", 0},
      {"awaits_nothing_temporary", "server/net/a.cc", "// co_await run([this] {});\nco_await run([](int a) { return a; });\n", 0},
      {"awaits_nothing_temporary", "server/net/a.cc", "while (auto m = co_await read(s)) {\n  Message x{1};\n}\n", 0},
      {"awaits_nothing_temporary", "server/net/a.cc", "if (open) { auto e = co_await read(s, as_tuple(use)); }\n", 0},

      {"limits_in_one_header", "server/net/a.h", "inline constexpr std::size_t frames_max = 7;\n", 1},
      {"limits_in_one_header", "engine/a.cc", "static constexpr std::int64_t idle_timeout_ms{5};\n", 1},
      {"limits_in_one_header", "engine/a.cc", "constexpr std::size_t parts_max = limits::bytes_max / 2;\n", 0},
      {"limits_in_one_header", "engine/limits.h", "inline constexpr std::size_t frames_max = 7;\n", 0},
      {"limits_in_one_header", "engine/a.cc", "if (size > limits::frames_max) return;\nconstexpr int days = limits::days_max;\n", 0},

      {"explained_protos", "proto/a.proto", "message A {\n  string colour = 1;\n}\n", 2},
      {"explained_protos", "proto/a.proto", "message A {\n  repeated uint32 arrows = 5;\n}\n", 2},
      {"explained_protos", "proto/a.proto", "message A {\n  string hue = 1;\n}\nmessage B {\n  string hue = 1;  // in words\n}\n", 0},
      {"explained_protos", "proto/a.proto", "enum A {\n  NONE = 0;\n}\n", 2},
      {"explained_protos", "proto/a.proto",
       "message A {\n  string colour = 1;  // as painted\n  // Of the roof.\n  string slope = 2;\n  sint64 due_us = 3;\n  Colour roof = 4;\n"
       "  string title = 5;\n  string x = 6 [(yaml) = {help: \"said\"}];\n}\n",
       0},

      {"short_files", "engine/a.cc", many_lines(501), 501},
      {"short_files", "tests/part/run", many_lines(501), 501},
      {"short_files", "engine/a/CMakeLists.txt", many_lines(40), 40},
      {"short_files", "engine/a.cc", "// Over 500 lines because a table is one thing.\n" + many_lines(501), 0},
      {"short_files", "engine/a.cc", many_lines(500), 0},
      {"short_files", "workflows/a/people.yaml", many_lines(900), 0},

      {"no_promises", "engine/a.cc", "int x;  // TODO: more\n", 1},
      {"no_promises", "README.md", "FIXME\n", 1},
      {"no_promises", "engine/a.cc", "int todo_list;  // XXXL is a size\n", 0},

      {"no_machine_of_ours", "README.md", "see /home/somebody/kvali\n", 1},
      {"no_machine_of_ours", "tests/a.sh", "cd \"/root/kvali\"\n", 1},
      {"no_machine_of_ours", "a/package-lock.json", "{\n  \"resolved\": \"https://host/x.tgz\"\n}\n", 2},
      {"no_machine_of_ours", "README.md", "/data/home/x and https://example.org/work/a\n", 0},

      {"invented_addresses", "workflows/a/people.yaml", "email: ona@example.org\nemail: ona@gmail.com\n", 2},
      {"invented_addresses", "README.md", "ona@example.org.lt\n", 1},
      {"invented_addresses", "README.md", "ona@paštas.example.net, jonas@example.com, preact@10.5.0, @scope/name\n", 0},

      {"no_sleeps", "tests/a_test.cc", "std::this_thread::sleep_for(1s);\n", 1},
      {"no_sleeps", "tests/browser/a.mjs", "await new Promise((go) => setTimeout(go, 500));\n", 1},
      {"no_sleeps", "tests/wire/a.py", "time.sleep(1)\n", 1},
      {"no_sleeps", "tests/wire/run", "sleep 2\n", 1},
      {"no_sleeps", "tests/wire/a.py", "await asyncio.sleep(0)\n", 0},
      {"no_sleeps", "tests/wire/a.py", "await asyncio.sleep(0.5)\n", 1},
      {"no_sleeps", "tests/bench/a.cc", "::usleep(1000);\n", 0},
      {"no_sleeps", "tests/browser/a.mjs", "const timer = setTimeout(giveUp, patience_ms);\n", 0},
      {"no_sleeps", "server/core/loop.cc", "std::this_thread::sleep_for(delay);\n", 0},

      {"no_skipped_tests", "tests/a_test.cc", "TEST(A, DISABLED_Works) {}\n", 1},
      {"no_skipped_tests", "tests/a_test.cc", "GTEST_SKIP();\n", 1},
      {"no_skipped_tests", "tests/browser/a.mjs", "test.only('x', () => {});\n", 1},
      {"no_skipped_tests", "tests/wire/run", "./client || true\n", 1},
      {"no_skipped_tests", "tests/wire/run", "./client || exit 1\n", 0},

      {"links_resolve", "README.md", "# A\n[b](docs/none.md)\n", 2},
      {"links_resolve", "README.md", "[b](other.md#no-such-heading)\n", 1},
      {"links_resolve", "README.md", "[b](#nowhere)\n", 1},
      {"links_resolve", "README.md",
       "# One two\n[a](other.md), [b](other.md#in-it), [c](#one-two), [d](https://example.org/x), ![e](docs/x.png), [f](docs)\n```\n[x](y)\n```\n", 0},

      {"scripts_are_called", "tests/lonely/run", "#!/bin/sh\n", 1},
      {"scripts_are_called", "tests/wire/run", "#!/bin/sh\n", 0},
  };
  return all;
}

// What stands around each snippet.
Tree surroundings() {
  return {{"engine/a.h", ""},
          {"other.md", "# Other\n## In it\n"},
          {"docs/x.png", ""},
          {"tests/run", "parts='\nnormal  wire   script\n'\n"}};
}

TEST(HouseRules, FlagWhatIsBadAndOnlyThat) {
  for (const Snippet& snippet : snippets()) {
    SCOPED_TRACE(snippet.rule + " on " + snippet.path + ":\n" + snippet.text.substr(0, 200));
    Tree tree = surroundings();
    tree[snippet.path] = snippet.text;
    const auto rule = std::find_if(rules().begin(), rules().end(), [&](const Rule& r) { return r.name == snippet.rule; });
    ASSERT_NE(rule, rules().end());
    const std::vector<Finding> found = rule->find(snippet.path, tree);
    if (snippet.line == 0) {
      EXPECT_TRUE(found.empty()) << found[0].sentence;
    } else {
      ASSERT_EQ(found.size(), 1u);
      EXPECT_EQ(found[0].line, snippet.line) << found[0].sentence;
    }
  }
}

TEST(HouseRules, CanEachFail) {
  std::set<std::string> can_fail;
  for (const Snippet& snippet : snippets()) {
    if (snippet.line > 0) can_fail.insert(snippet.rule);
  }
  for (const Rule& rule : rules()) EXPECT_TRUE(can_fail.contains(std::string(rule.name))) << rule.name << " has no bad snippet";
}

class House : public testing::TestWithParam<Rule> {};

TEST_P(House, Holds) {
  const Tree tree = read_tree(KVALI_SOURCE_DIR);
  ASSERT_TRUE(tree.contains("tests/run"));
  std::string broken;
  for (const auto& [path, text] : tree) {
    for (const Finding& finding : GetParam().find(path, tree)) {
      broken += "\n" + finding.path + ":" + std::to_string(finding.line) + ": " + finding.sentence;
    }
  }
  EXPECT_TRUE(broken.empty()) << broken;
}

INSTANTIATE_TEST_SUITE_P(EveryRule, House, testing::ValuesIn(rules()),
                         [](const testing::TestParamInfo<Rule>& rule) { return std::string(rule.param.name); });

}  // namespace
}  // namespace kvali::house
