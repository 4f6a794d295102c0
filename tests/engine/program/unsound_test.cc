// The table of unsound programs: unsound/cases.txt says what is changed in unsound/base.yaml, and every finding that must be
// told of it. Each is caught by the check it was made for and by no other, and its counterexample is played again.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/program/verify/verify.h"
#include "engine/statechart/step_lines.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

constexpr const char* table = "tests/engine/program/unsound/cases.txt";

struct Change {
  std::string out, in;
};

struct Case {
  std::string name;  // the code it is caught by, then what is wrong
  std::vector<Change> changes;
  std::string lines;  // what must be told
};

struct Table {
  std::string head;
  std::vector<Case> cases;
};

Table read_table() {
  Table read;
  std::istringstream text(testing::read_file(table));
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("== ")) read.cases.push_back({line.substr(3), {}, ""});
    if (read.cases.empty()) read.head += line + "\n";
    if (read.cases.empty() || line.empty()) continue;
    Case& last = read.cases.back();
    const auto add = [&line](std::string& to) { to += (to.empty() ? "" : "\n") + line.substr(1); };
    if (line[0] == '-') {
      if (last.changes.empty() || !last.changes.back().in.empty()) last.changes.push_back({});
      add(last.changes.back().out);
    }
    if (line[0] == '+') add(last.changes.back().in);
    if (line[0] == '>') last.lines += line.substr(2) + "\n";
  }
  return read;
}

std::string unsound(const Case& unsound_case) {
  std::string text = testing::read_file("tests/engine/program/unsound/base.yaml");
  for (const Change& change : unsound_case.changes) {
    const std::size_t at = text.find(change.out);
    EXPECT_NE(at, std::string::npos) << "the base has no: " << change.out;
    if (at == std::string::npos) continue;
    EXPECT_EQ(text.find(change.out, at + 1), std::string::npos) << "the base has it twice: " << change.out;
    text.replace(at, change.out.size(), change.in);
  }
  return text;
}

std::string told(const Finding& finding) {
  std::string lines = to_line(finding.fault) + " [" + finding.fault.code + (finding.severity == Severity::Warning ? ", warning]\n" : "]\n");
  for (const TraceStep& step : finding.trace) {
    lines += "    " + step.words;
    for (const std::string& path : step.active) lines += (&path == &step.active.front() ? " → " : " + ") + path;
    lines += "\n";
  }
  return lines;
}

/// Plays a counterexample by the lines that are given for it: it goes where it says, at every step.
void replay(const v1::Machine& machine, const std::vector<TraceStep>& trace) {
  if (trace.empty()) return;
  statechart::StepLines play(statechart::Chart::compile(machine).value());
  for (const TraceStep& step : trace) {
    SCOPED_TRACE(step.words + " " + step.line);
    const bool starts = &step == &trace.front();
    if (starts && !step.line.empty()) play.step_line(nlohmann::json::parse(step.line));
    const nlohmann::json answer = starts ? play.start() : play.step_line(nlohmann::json::parse(step.line));
    if (step.active.empty()) {
      EXPECT_THAT(answer.value("error", ""), ::testing::HasSubstr("does not come to rest"));
    } else {
      EXPECT_EQ(answer.value("active", nlohmann::json()), nlohmann::json(step.active)) << answer;
    }
  }
}

/// What is told of a program, and the codes it is told by.
std::string tell(const std::string& text, std::set<std::string>& codes) {
  const Loaded loaded = load({{"program.yaml", text}});
  std::string lines;
  for (const Fault& fault : loaded.faults) {
    lines += to_line(fault) + " [" + fault.code + "]\n";
    codes.insert(fault.code);
  }
  if (!loaded.ok()) return lines;
  for (const Finding& finding : verify(loaded).findings) {
    lines += told(finding);
    codes.insert(finding.fault.code);
    replay(loaded.machine, finding.trace);
  }
  return lines;
}

TEST(UnsoundPrograms, HaveABaseThatIsSound) {
  std::set<std::string> codes;
  EXPECT_EQ(tell(testing::read_file("tests/engine/program/unsound/base.yaml"), codes), "");
}

TEST(UnsoundPrograms, AreAtLeastForty) { EXPECT_GE(read_table().cases.size(), 40u); }

TEST(UnsoundPrograms, AreEachCaughtByTheCheckTheyWereMadeFor) {
  const bool writes = std::getenv("KVALI_WRITE_GOLDEN") != nullptr;
  const Table all = read_table();
  std::string rewritten = all.head;
  for (const Case& each : all.cases) {
    SCOPED_TRACE(each.name);
    std::set<std::string> codes;
    const std::string lines = tell(unsound(each), codes);
    EXPECT_THAT(codes, ::testing::ElementsAre(each.name.substr(0, each.name.find(':')))) << lines;
    if (!writes) {
      EXPECT_EQ(lines, each.lines);
    }
    const auto put = [&rewritten](const std::string& text, const char* sign) {
      std::istringstream in(text);
      for (std::string line; std::getline(in, line);) rewritten += sign + line + "\n";
    };
    rewritten += "== " + each.name + "\n";
    for (const Change& change : each.changes) {
      put(change.out, "-");
      put(change.in, "+");
    }
    put(lines, "> ");
    rewritten += "\n";
  }
  std::string path = KVALI_SOURCE_DIR;
  path.append("/").append(table);
  if (writes) std::ofstream(path, std::ios::binary) << rewritten;
}

}  // namespace
}  // namespace kvali::program
