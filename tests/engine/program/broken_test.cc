// The table of broken definitions: broken/cases.txt says what is changed in broken/base.yaml, and every line that must be
// told about it.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

constexpr const char* table = "tests/engine/program/broken/cases.txt";

struct Case {
  std::string name;     // the code of its first fault, then what is broken
  std::vector<std::pair<std::string, std::string>> changes;  // what is taken out of the base, and what comes in its place
  std::string lines;    // what must be told
};

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::istringstream text(testing::read_file(table));
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("== ")) cases.push_back({line.substr(3), {}, ""});
    if (cases.empty() || line.empty()) continue;
    Case& last = cases.back();
    const auto add = [&line](std::string& to) { to += (to.empty() ? "" : "\n") + line.substr(1); };
    if (line[0] == '-' && (last.changes.empty() || !last.changes.back().second.empty())) last.changes.emplace_back();
    if (line[0] == '+' && last.changes.empty()) last.changes.emplace_back();
    if (line[0] == '-') add(last.changes.back().first);
    if (line[0] == '+') add(last.changes.back().second);
    if (line[0] == '>') last.lines += line.substr(2) + "\n";
  }
  return cases;
}

std::string broken(const Case& broken_case) {
  std::string text = testing::read_file("tests/engine/program/broken/base.yaml");
  for (const auto& [out, in] : broken_case.changes) {
    if (out.empty()) return in + "\n";
    const std::size_t at = text.find(out);
    EXPECT_NE(at, std::string::npos) << "the base has no: " << out;
    if (at == std::string::npos) return {};
    EXPECT_EQ(text.find(out, at + 1), std::string::npos) << "the base has it twice: " << out;
    text.replace(at, out.size(), in);
  }
  return text;
}

TEST(BrokenPrograms, HaveABaseThatIsWhole) {
  const Loaded loaded = load({{"program.yaml", testing::read_file("tests/engine/program/broken/base.yaml")}});
  EXPECT_THAT(testing::lines_of(loaded.faults), ::testing::IsEmpty());
}

TEST(BrokenPrograms, AreAtLeastSixty) { EXPECT_GE(read_cases().size(), 60u); }

TEST(BrokenPrograms, TellExactlyWhatIsWrong) {
  std::string rewritten;
  for (const Case& each : read_cases()) {
    SCOPED_TRACE(each.name);
    const std::vector<Fault> faults = load({{"program.yaml", broken(each)}}).faults;
    std::string lines;
    for (const Fault& fault : faults) lines += to_line(fault) + "\n";
    if (std::getenv("KVALI_WRITE_GOLDEN") == nullptr) {
      EXPECT_EQ(lines, each.lines);
      const std::string code = each.name.substr(0, each.name.find(':'));
      EXPECT_TRUE(std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) { return fault.code == code; }))
          << "no fault has the code " << code;
      continue;
    }
    const auto put = [&rewritten](const std::string& text, const char* sign) {
      std::istringstream in(text);
      for (std::string line; std::getline(in, line);) rewritten += sign + line + "\n";
    };
    rewritten += "== " + each.name + "\n";
    for (const auto& [out, in] : each.changes) {
      put(out, "-");
      put(in, "+");
    }
    put(lines, "> ");
    rewritten += "\n";
  }
  std::string path = KVALI_SOURCE_DIR;
  path.append("/").append(table);
  if (!rewritten.empty()) std::ofstream(path, std::ios::binary) << rewritten;
}

}  // namespace
}  // namespace kvali::program
