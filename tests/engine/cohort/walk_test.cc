// The replay property: whatever is asked, in whatever order, the journal folded from record 1 is the state that was lived,
// apply never fails, no invariant breaks, deciding twice gives the same records, a refusal leaves nothing. Practice looks
// after every commit; here are the walks.
//
// KVALI_SEED begins elsewhere. KVALI_LONG=1 walks 10,000 times more, looking at three random moments and at the end.
#include <cstdlib>

#include "tests/engine/cohort/describe.h"
#include "tests/engine/cohort/walk.h"

namespace kvali::cohort {
namespace {

using testing::Practice;
using testing::Walk;

constexpr int steps = 200;

std::uint64_t first_seed() {
  const char* given = std::getenv("KVALI_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 20170116;
}

struct Seen {
  std::set<std::string> commands;
  std::map<std::string, std::set<std::uint32_t>> arrows;  // by program
};

/// Walks from one seed; on failure says the seed and the step.
void walk(std::uint64_t seed, Practice::Look look, Seen& seen, const std::string& other = {}) {
  const std::string program = !other.empty() ? other : seed % 2 == 0 ? "socifaction-2017" : "garden";
  Walk one(seed, program, seed % 3 == 0);
  one.look = look;
  const std::uint64_t moments[] = {seed % steps, (seed / steps) % steps, (seed / 7) % steps};
  for (int step = 0; step < steps && one.broken().empty(); ++step) {
    one.step();
    if (look == Practice::Look::Seldom && std::find(std::begin(moments), std::end(moments), step) != std::end(moments)) one.refold();
    if (!one.broken().empty()) ADD_FAILURE() << "seed " << seed << ", step " << step << ", " << one.last() << "\n" << one.broken().front();
  }
  one.refold();
  if (!one.broken().empty()) ADD_FAILURE() << "seed " << seed << ": " << one.broken().front();
  seen.commands.insert(one.done().begin(), one.done().end());
  seen.arrows[program].insert(one.arrows().begin(), one.arrows().end());
}

std::vector<std::string> untaken(const std::string& program, const std::set<std::uint32_t>& taken) {
  const statechart::Chart& chart = testing::program(program)->chart();
  std::vector<std::string> names;
  for (statechart::ArrowId arrow = 0; arrow < chart.arrow_count(); ++arrow) {
    if (taken.contains(arrow)) continue;
    const v1::Arrow& one = chart.arrow(arrow);
    names.push_back(chart.path(one.source()) + " " + (one.has_move() ? one.move().name() : one.events_size() > 0 ? one.events(0) : "by itself"));
  }
  return names;
}

TEST(Walk, FoldsReadersConflictsAndTranslationsToo) {
  Seen seen;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + 40 && !HasFailure(); ++seed) {
    Walk one(seed, "panel", seed % 3 == 0);
    for (int step = 0; step < steps && one.broken().empty(); ++step) {
      one.step();
      if (!one.broken().empty()) ADD_FAILURE() << "seed " << seed << ", step " << step << ", " << one.last() << "\n" << one.broken().front();
    }
    one.refold();
    if (!one.broken().empty()) ADD_FAILURE() << "seed " << seed << ": " << one.broken().front();
    seen.commands.insert(one.done().begin(), one.done().end());
  }
  for (const char* command : {"assign_readers", "decline_reading", "set_competences", "declare_conflict", "waive_conflict", "confirm_waiver", "decline_waiver",
                              "translate_field", "open_task"})
    EXPECT_THAT(seen.commands, ::testing::Contains(command));
}

TEST(Walk, FoldsToTheSameStateAfterEveryCommit) {
  Seen seen;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + 200 && !HasFailure(); ++seed) walk(seed, Practice::Look::Always, seen);
  // A walk that asks nothing finds nothing: every command was carried out somewhere, and nearly every arrow taken.
  EXPECT_THAT(seen.commands, ::testing::IsSupersetOf({"set_parameter", "set_quota", "assign_role", "end_assignment", "start_initiative", "save_fields",
                                                      "make_move", "bulk_move", "open_task", "publish_decisions", "drop_decision", "extend_deadline",
                                                      "propose_exception", "confirm_exception", "decline_exception", "move_clock", "pass_time", "report_effect"}));
  if (std::getenv("KVALI_SEED")) return;
  EXPECT_THAT(untaken("garden", seen.arrows["garden"]), ::testing::IsEmpty());
  // Half a year is too long for a walk; the story of the season has them.
  EXPECT_THAT(untaken("socifaction-2017", seen.arrows["socifaction-2017"]),
              ::testing::IsSubsetOf({"follow_up series.follow_up.impact", "follow_up done.series.impact"}));
}

TEST(Walk, FoldsToTheSameStateWhereSeveralChoose) {
  Seen seen;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + 60 && !HasFailure(); ++seed) walk(seed, Practice::Look::Always, seen, "choosing");
  EXPECT_THAT(seen.commands, ::testing::IsSupersetOf({"cast_vote", "begin_term", "approve_minutes", "select_ranked", "undo_bulk", "bulk_move", "make_move"}));
  if (std::getenv("KVALI_SEED")) return;
  // A vote that is carried, held and published after minutes takes more luck than a walk has (choosing_test.cc does it); a complaint is decided before its deadline.
  EXPECT_THAT(untaken("choosing", seen.arrows["choosing"]), ::testing::IsSubsetOf({"choosing.entered honour", "choosing.complaint due.choosing.complaint.deadline"}));
}

TEST(Walk, FoldsToTheSameStateOnLongWalks) {
  const bool all = std::getenv("KVALI_LONG") != nullptr && std::string(std::getenv("KVALI_LONG")) == "1";
  Seen seen;
  const std::uint64_t from = first_seed() + 1000, count = all ? 10'000 : 100;
  for (std::uint64_t seed = from; seed < from + count && !HasFailure(); ++seed) walk(seed, Practice::Look::Seldom, seen);
}

}  // namespace
}  // namespace kvali::cohort
