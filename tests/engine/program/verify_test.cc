// The proof of the programmes in workflows/, its limits, acceptances and pages.
#include "engine/program/verify/verify.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <regex>

#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

std::string source_folder() { return KVALI_SOURCE_DIR; }

std::vector<std::string> workflows() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() + "/workflows"))
    if (std::filesystem::exists(entry.path() / "program.yaml")) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Verify, FindsNothingUnexplainedInTheProgrammesOfTheHouse) {
  ASSERT_FALSE(workflows().empty());
  for (const std::string& name : workflows()) {
    SCOPED_TRACE(name);
    const Loaded loaded = load(testing::workflow(name));
    ASSERT_TRUE(loaded.ok());
    const Verdict verdict = verify(loaded);
    std::vector<std::string> lines;
    for (const Finding& finding : verdict.findings) lines.push_back(to_line(finding.fault));
    EXPECT_THAT(lines, ::testing::IsEmpty());
    EXPECT_EQ(verdict.kind, Verdict::Kind::Sound);
    EXPECT_LE(verdict.counts.transitions, 2'000'000u);
    EXPECT_GT(verdict.counts.configurations, 1u);
  }
}

/// A stage with `parts` parts side by side, each of two states: 2 to the power of `parts` configurations.
std::string side_by_side(int parts) {
  std::string text = "program: wide\ntitle: Wide\nlanguages: [en]\ntimezone: UTC\nroles:\n"
                     "  manager: {label: Manager, scope: cohort, assigns: true}\n  applicant: {label: Applicant, scope: initiative}\n"
                     "initiative: {brought_by: team, fields: {title: {type: text, label: Title}}}\n"
                     "stages:\n  work:\n    label: Work\n    deadline: {within: 1 months, then: over}\n    alongside:\n";
  for (int i = 0; i < parts; ++i) {
    const std::string n = std::to_string(i);
    text += "      p" + n + ": {label: P, states: {a" + n + ": {label: A, waits_for: applicant, moves: {go" + n +
            ": {label: Go, by: applicant, to: b" + n + "}}}, b" + n + ": {label: B, final: true}}}\n";
  }
  return text + "    when_done: over\n    outcomes:\n      over: {label: Over, ends: success}\n";
}

TEST(Verify, EndsInconclusiveWhereThereIsMoreThanItMayTry) {
  const Loaded loaded = load({{"program.yaml", side_by_side(20)}});
  ASSERT_THAT(testing::lines_of(loaded.faults), ::testing::IsEmpty());
  const Verdict verdict = verify(loaded);
  EXPECT_EQ(verdict.kind, Verdict::Kind::Inconclusive);
  EXPECT_FALSE(verdict.complete);
  EXPECT_THAT(verdict.findings, ::testing::IsEmpty());
  EXPECT_LE(verdict.counts.configurations, limits::proof_configurations_max + 1);
  EXPECT_LE(verdict.counts.transitions, limits::proof_transitions_max);
  EXPECT_THAT(to_line(verdict), ::testing::StartsWith("inconclusive ("));
}

TEST(Verify, CountsWhatItTried) {
  const Verdict verdict = verify(load({{"program.yaml", side_by_side(3)}}));
  EXPECT_EQ(verdict.kind, Verdict::Kind::Sound);
  EXPECT_EQ(verdict.counts.configurations, 8u);  // all three done is over at once, so seven and the end
  EXPECT_EQ(to_line(verdict), "sound (8 configurations, " + std::to_string(verdict.counts.transitions) + " transitions tried)");
}

TEST(Verify, StopsAtTheTransitionsItMayTry) {
  const Verdict verdict = verify(load({{"program.yaml", side_by_side(8)}}), {limits::proof_configurations_max, 100});
  EXPECT_EQ(verdict.kind, Verdict::Kind::Inconclusive);
  EXPECT_EQ(verdict.counts.transitions, 100u);
}

TEST(Verify, TellsAnAcceptedFindingWithItsReason) {
  std::string text = testing::read_file("tests/engine/program/unsound/base.yaml");
  const std::string out = "when: size(visits) >= 2";
  text.replace(text.find(out), out.size(), "when: size(visits) >= 0");
  const std::string at = "stages.growing.alongside.advice.states.open.moves.enough.needs.1.when";
  const Verdict before = verify(load({{"program.yaml", text}}));
  ASSERT_EQ(before.findings.size(), 1u);
  EXPECT_EQ(before.findings[0].at, at);
  text += "accepted:\n  - {finding: always-holds, at: " + at + ", why: Two visits come next year}\n";
  const Verdict verdict = verify(load({{"program.yaml", text}}));
  EXPECT_THAT(verdict.findings, ::testing::IsEmpty());
  ASSERT_EQ(verdict.accepted.size(), 1u);
  EXPECT_EQ(verdict.accepted[0].why, "Two visits come next year");
}

/// The task of that name in a loaded program.
v1::Machine& task(Loaded& loaded, const std::string& name) {
  auto& tasks = *loaded.machine.mutable_tasks();
  return *std::find_if(tasks.begin(), tasks.end(), [&](const v1::TaskKind& kind) { return kind.name() == name; })->mutable_machine();
}

TEST(Verify, ProvesThatEveryTaskComesToItsEnd) {
  Loaded loaded = load({{"program.yaml", testing::read_file("tests/engine/program/unsound/base.yaml")}});
  ASSERT_TRUE(loaded.ok());
  const Verdict sound = verify(loaded);
  EXPECT_THAT(sound.findings, ::testing::IsEmpty());
  v1::Machine& yearly = task(loaded, "yearly");
  ASSERT_EQ(yearly.states(2).name(), "overdue");
  for (v1::Arrow& arrow : *yearly.mutable_arrows())
    if (arrow.source() == 2) arrow.set_targets(0, 2);
  const Verdict verdict = verify(loaded);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(to_line(verdict.findings[0]),
            "program.yaml:94:7: in the course of one `yearly`, from `overdue` no end can be come to any more: nothing leads on [no-option-to-complete]");
  EXPECT_EQ(to_words(verdict.findings[0].trace), "it begins → awaited\nthe deadline of `awaited` passes → overdue");
  EXPECT_EQ(verdict.kind, Verdict::Kind::Unsound);
  EXPECT_EQ(verdict.counts.configurations, sound.counts.configurations);
}

TEST(Verify, LeavesWhatItMayNotTryOfTasksInconclusive) {
  const Loaded loaded = load({{"program.yaml", testing::read_file("tests/engine/program/unsound/base.yaml")}});
  const Verdict whole = verify(loaded);
  EXPECT_TRUE(whole.complete);
  const Verdict verdict = verify(loaded, {limits::proof_configurations_max, whole.counts.transitions - 1});
  EXPECT_EQ(verdict.kind, Verdict::Kind::Inconclusive) << "the last of the tasks is not tried to its end";
}

TEST(Verify, ExplainsEveryCodeThatIsTold) {
  const std::vector<std::string> explained = explained_codes();
  const std::regex code(R"re("([a-z]+(-[a-z]+)+)")re");
  std::set<std::string> told;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_folder() + "/engine/program")) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".cc") || name.starts_with("reasons") || name.starts_with("draw")) continue;
    std::string text = testing::read_file(std::filesystem::relative(entry.path(), source_folder()));
    for (auto at = std::sregex_iterator(text.begin(), text.end(), code); at != std::sregex_iterator(); ++at) told.insert((*at)[1]);
  }
  EXPECT_GE(told.size(), 90u);
  std::vector<std::string> missing;
  std::set_difference(told.begin(), told.end(), explained.begin(), explained.end(), std::back_inserter(missing));
  EXPECT_THAT(missing, ::testing::IsEmpty());
  EXPECT_TRUE(std::adjacent_find(explained.begin(), explained.end()) == explained.end()) << "a code has two pages";
  for (const std::string& one : explained) EXPECT_THAT(explain_code(one), ::testing::HasSubstr("To mend it")) << one;
  EXPECT_EQ(explain_code("no-such-code"), "");
}

}  // namespace
}  // namespace kvali::program
