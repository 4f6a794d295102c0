// Random plans between random programs, with commands going on: what the dry run promised is what happens to every initiative
// that nobody has changed since, the others wait, and nobody ever stands where the new version cannot be.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "engine/cohort/keep.h"
#include "engine/cohort/migrate.h"
#include "engine/program/verify/decide.h"
#include "engine/program/verify/proving.h"
#include "tests/engine/cohort/random_program.h"
#include "tests/engine/cohort/walk.h"

namespace kvali::cohort::testing {
namespace {

using Verdict = MigrationLine::Verdict;

v1::StartMigration start_of(const std::string& plan) {
  v1::StartMigration start;
  start.set_reason("a better version");
  start.mutable_plan()->set_path("plan.yaml");
  start.mutable_plan()->set_text(plan);
  return start;
}

/// Everywhere the model can come to, found without the code that migrates.
std::set<std::vector<statechart::StateId>> everywhere(const Model& model) {
  const program::proof::GuardTexts texts(model.chart().machine());
  program::proof::Decider decider(model.program(), texts);
  const auto found = program::proof::explore(model.chart(), texts, program::proof::outside_of(model.program(), model.chart()), decider);
  std::set<std::vector<statechart::StateId>> all;
  for (program::proof::SpotId spot = 0; spot < found.spots.size(); ++spot) all.insert(found.configuration(spot).active);
  return all;
}

/// What an initiative is, but for the count of its changes and when the last was.
std::string without_counts(const Initiative& initiative) {
  v1::KeptInitiative kept;
  keep(initiative, kept);
  kept.clear_changes();
  kept.clear_touches();
  kept.clear_last_activity_us();
  kept.clear_migration();
  kept.clear_before();
  kept.clear_wake_us();
  return kept.SerializeAsString();
}

struct Counts {
  int refused = 0, moved = 0, parked = 0, changed = 0, left_out = 0, back = 0, places = 0;
};

class Story {
 public:
  Story(std::uint64_t seed, Counts& counts)
      : random_(seed), counts_(counts), before_(random_program(random_)), change_(random_change(before_, random_)), walk_(seed, "garden", false, before_.yaml()) {}

  void run() {
    for (int i = 0; i < 40; ++i) walk_.step();
    walk_.publish(change_.then.yaml(), "version-2");
    Bench bench;
    auto promised = preview_migration(walk_.cohort(), walk_.world(), start_of(change_.plan), walk_.now, bench);
    v1::Command start;
    *start.mutable_start_migration() = start_of(change_.plan);
    if (auto* refusal = std::get_if<Refusal>(&promised)) {
      ++counts_.refused;
      EXPECT_EQ(walk_.ask("manager", start), to_string(refusal->code)) << walk_.why();
      return;
    }
    const MigrationPreview preview = std::get<MigrationPreview>(std::move(promised));
    start.mutable_start_migration()->mutable_seen()->Add(preview.seen.begin(), preview.seen.end());
    std::vector<std::string> before;
    for (const Initiative& one : walk_.cohort().initiatives) before.push_back(without_counts(one));
    for (std::uint64_t steps = random_() % 3; steps > 0; --steps) walk_.step();
    ASSERT_EQ(walk_.ask("manager", start), "") << walk_.why();
    for (std::uint64_t steps = random_() % 2; steps > 0; --steps) walk_.step();
    go_over(preview, before);
    for (int i = 0; i < 8 && !::testing::Test::HasFailure(); ++i) walk_.step();
    if (random_() % 2 == 0) go_back();
    walk_.refold();
    for (const std::string& one : walk_.broken()) ADD_FAILURE() << one;
  }

 private:
  void pass_time() {
    v1::Command time;
    time.set_channel(v1::TIME);
    time.mutable_pass_time();
    EXPECT_EQ(walk_.ask("", time), "");
  }

  void go_over(const MigrationPreview& preview, const std::vector<std::string>& before) {
    while (walk_.cohort().migration.running()) {
      pass_time();
      ASSERT_FALSE(walk_.records().empty());
    }
    std::map<std::string, v1::Migrated> moved;
    for (const v1::Record& record : walk_.journal())
      if (record.has_migrated()) moved[record.migrated().initiative()] = record.migrated();
    const auto model = walk_.world().library.find("garden", "version-2");
    const auto reachable = everywhere(*model);
    for (Slot slot = 0; slot < walk_.cohort().initiatives.size(); ++slot) {
      const Initiative& one = walk_.cohort().initiatives[slot];
      const auto went = moved.find(one.id);
      if (went != moved.end()) {
        const std::vector<statechart::StateId> active(went->second.at().active().begin(), went->second.at().active().end());
        EXPECT_TRUE(reachable.contains(active)) << one.id;
        EXPECT_EQ(one.model->version(), "version-2");
        EXPECT_TRUE(legal(one.model->chart(), one.at.where));
        ++counts_.moved;
      }
      // One that began after the dry run was promised nothing.
      if (slot < preview.lines.size())
        judge(one, preview.lines[slot], preview.seen[slot], went == moved.end() ? std::vector<std::string>() : paths(*model, went->second));
      const bool untouched = went == moved.end() && slot < preview.seen.size() && one.touches == preview.seen[slot];
      EXPECT_TRUE(!untouched || without_counts(one) == before[slot]) << one.id << " stayed, and is another";
    }
  }

  /// Whether what became of `one` is what was promised; `to`: where it went, none where it stayed.
  void judge(const Initiative& one, const MigrationLine& line, std::uint32_t seen, const std::vector<std::string>& to) {
    const auto& parked = walk_.cohort().migration.parked;
    const auto waits = parked.find(line.slot);
    if (waits != parked.end() && waits->second.why == "changed_since") {
      EXPECT_NE(one.touches, seen) << one.id;
      EXPECT_TRUE(to.empty());
      ++counts_.changed;
      return;
    }
    // Places are the cohort's: what others took or gave back since may decide otherwise.
    static const std::string no_place = "It would need a place";
    const bool lacks_place = waits != parked.end() && waits->second.why == "no_place";
    if (lacks_place || in_language(line.why, "en").starts_with(no_place)) {
      EXPECT_EQ(lacks_place, to.empty());
      ++counts_.places;
      return;
    }
    switch (line.verdict) {
      case Verdict::Moves:
        EXPECT_TRUE(to == line.to || one.ended()) << one.id << " was to move";
        return;
      case Verdict::Parked:
        ++counts_.parked;
        EXPECT_TRUE(to.empty()) << one.id << " was to be parked";
        ASSERT_TRUE(waits != parked.end() || one.ended()) << one.id;
        if (waits != parked.end()) {
          EXPECT_EQ(in_language(sentence_of(Waits{waits->second.why, waits->second.words, {}}), "en"), in_language(line.why, "en"));
        }
        return;
      case Verdict::LeftOut:
      case Verdict::ToCome:
        ++counts_.left_out;
        EXPECT_TRUE(to.empty()) << one.id << " was to be left out";
    }
  }

  static std::vector<std::string> paths(const Model& model, const v1::Migrated& record) {
    statechart::Configuration at;
    at.active.assign(record.at().active().begin(), record.at().active().end());
    std::vector<std::string> all;
    for (const auto state : atomic_states(model.chart(), at)) all.push_back(model.chart().path(state));
    return all;
  }

  void go_back() {
    std::map<Slot, std::string> before;
    for (Slot slot = 0; slot < walk_.cohort().initiatives.size(); ++slot)
      if (const auto& was = walk_.cohort().initiatives[slot].before) before[slot] = without_counts(*was);
    v1::Command undo;
    undo.mutable_undo_migration()->set_reason("it was too early");
    ASSERT_EQ(walk_.ask("manager", undo), "") << walk_.why();
    std::set<std::string> back;
    while (walk_.cohort().migration.running()) {
      pass_time();
      for (const v1::Record& record : walk_.records())
        if (record.has_migration_undone()) back.insert(record.migration_undone().initiative());
      for (const v1::Record& record : walk_.records())
        if (record.has_advanced()) back.erase(record.advanced().initiative());  // it went on at once
    }
    EXPECT_EQ(walk_.cohort().model->version(), "version-1");
    for (const auto& [slot, was] : before) {
      const Initiative& one = walk_.cohort().initiatives[slot];
      if (!back.contains(one.id)) continue;
      EXPECT_EQ(without_counts(one), was) << one.id;
      ++counts_.back;
    }
  }

  std::mt19937_64 random_;
  Counts& counts_;
  RandomProgram before_;
  RandomChange change_;
  Walk walk_;
};

TEST(MigrationWalk, DoesToEachWhatTheDryRunPromised) {
  const char* given = std::getenv("KVALI_LONG");
  const std::uint64_t seeds = given && *given ? 10'000 : 400;
  Counts counts;
  for (std::uint64_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Story(seed, counts).run();
  }
  RecordProperty("moved", counts.moved);
  fmt::print("{} plans: {} refused, {} went over, {} parked, {} changed since, {} by places, {} left out, {} went back\n", seeds, counts.refused, counts.moved, counts.parked,
             counts.changed, counts.places, counts.left_out, counts.back);
  EXPECT_GT(counts.moved, 100);
  EXPECT_GT(counts.refused, 10);
  EXPECT_GT(counts.parked, 10);
  EXPECT_GT(counts.changed, 10);
  EXPECT_GT(counts.back, 10);
}

}  // namespace
}  // namespace kvali::cohort::testing
