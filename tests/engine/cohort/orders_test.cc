// Whoever is first: as long as the decisions come after the last application, every order in which people do what is theirs
// leads to the same state. KVALI_LONG=1 tries 2,000 orders instead of 100.
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <random>

#include "tests/engine/cohort/cohorts.h"
#include "tests/engine/cohort/describe.h"

namespace kvali::cohort {
namespace {

using testing::reason;
using testing::step;

/// What one initiative's people do, in order: who, and what.
using Script = std::deque<std::pair<std::string, std::string>>;

std::string text(const std::string& field, const std::string& value) {
  return " fields { name: \"" + field + "\" value { text: \"" + value + "\" } }";
}

std::string number(const std::string& field, std::size_t value) {
  return " fields { name: \"" + field + "\" value { number: " + std::to_string(value) + " } }";
}

/// Sixty-eight initiatives in fifteen localities, every one with a coordinator and a mentor.
class Season : public testing::Practice {
 public:
  explicit Season(std::uint64_t seed) : random_(seed) {
    look = Look::Seldom;
    for (const char* person : {"manager", "second"}) give("manager", person);
    for (const char* person : {"reader-0", "reader-1"}) give("reviewer", person);
    for (const v1::LocalityEntry& one : cohort().localities) {
      give("coordinator", "coordinator-" + one.id(), one.id());
      give("mentor", "mentor-" + one.id(), one.id());
    }
    for (std::size_t i = 0; i < 68; ++i) people({"by-" + name(i)});
  }

  [[nodiscard]] static std::string name(std::size_t i) { return "i" + std::to_string(i); }
  [[nodiscard]] std::string locality(std::size_t i) const { return cohort().localities[i % 15].id(); }

  /// Each script in its own order, all of them in an order of the seed.
  void play(std::map<std::size_t, Script> scripts) {
    std::vector<std::size_t> turns;
    for (const auto& [i, script] : scripts) turns.insert(turns.end(), script.size(), i);
    std::shuffle(turns.begin(), turns.end(), random_);
    for (const std::size_t i : turns) {
      const auto [who, what] = scripts[i].front();
      scripts[i].pop_front();
      ASSERT_EQ(ask(who, what, name(i)), "") << who << " " << what << ": " << why();
    }
  }

  /// Everything but the order in which the initiatives were started.
  [[nodiscard]] std::string state() const {
    std::vector<std::string> all;
    for (const Initiative& one : cohort().initiatives) all.push_back(testing::describe(one));
    for (const auto& [place, count] : cohort().taken) all.push_back(place.second + " " + std::to_string(count) + "\n");
    std::sort(all.begin(), all.end());
    std::string joined;
    for (const std::string& one : all) joined += one;
    return joined;
  }

 private:
  std::mt19937_64 random_;
};

Script application(const Season& season, std::size_t i) {
  const std::string id = Season::name(i), by = "by-" + id, coordinator = "coordinator-" + season.locality(i);
  Script script = {{by, "start_initiative {" + text("title", "Number " + id) + text("locality", season.locality(i)) + " }"},
                   {by, "save_fields { initiative: \"" + id + "\"" + text("problem", testing::problem()) + " }"},
                   {by, "save_fields { initiative: \"" + id + "\"" + text("contact", "who@example.org") + " }"},
                   {by, step(id, "submit")}};
  if (i % 7 == 0) {
    script.emplace_back(coordinator, step(id, "return", reason));
    script.emplace_back(by, "save_fields { initiative: \"" + id + "\"" + text("title", "Number " + id + ", better") + " }");
    script.emplace_back(by, step(id, "submit"));
  }
  script.emplace_back(coordinator, step(id, "pass"));
  script.emplace_back("reader-" + std::to_string(i % 2), "open_task { initiative: \"" + id + "\" kind: \"review\"" + number("impact", 1 + i % 5) +
                                                             number("feasibility", 1 + i % 3) + number("team", 3) + " }");
  return script;
}

Script mentoring(const Season& season, std::size_t i) {
  const std::string id = Season::name(i), by = "by-" + id, mentor = "mentor-" + season.locality(i);
  Script script;
  for (std::size_t meeting = 0; meeting < 3; ++meeting)
    script.emplace_back(mentor, "open_task { initiative: \"" + id + "\" kind: \"meetings\" fields { name: \"date\" value { date { year: 2017 month: 1 day: 20 } } }" +
                                    number("minutes", 30 + 10 * meeting) + " }");
  script.emplace_back(mentor, step(id, "close"));
  script.emplace_back(by, "save_fields { initiative: \"" + id + "\"" + text("plan", std::string(60, 'p')) + " }");
  script.emplace_back(by, step(id, "hand_in"));
  script.emplace_back(mentor, step(id, "approve"));
  return script;
}

/// The whole season in one order; the state in which it ends.
std::string played(std::uint64_t seed) {
  Season season(seed);
  std::map<std::size_t, Script> scripts;
  for (std::size_t i = 0; i < 68; ++i) scripts[i] = application(season, i);
  season.play(scripts);
  for (std::size_t i = 0; i < 68; ++i) {
    const std::string refused = season.ask("manager", step(Season::name(i), i < 60 ? "select" : "reserve"));
    EXPECT_EQ(refused, "") << season.why();
  }
  EXPECT_EQ(season.ask("manager", step(Season::name(60), "select")), "QUOTA_FULL") << "the fifth of a locality";
  EXPECT_EQ(season.ask("manager", "publish_decisions {}"), "") << season.why();
  scripts.clear();
  for (std::size_t i = 1; i < 60; ++i) scripts[i] = {{"by-" + Season::name(i), step(Season::name(i), "accept")}};
  scripts[0] = {{"by-i0", step("i0", "withdraw", reason)}};  // and i60, who waits there, is offered the place
  season.play(scripts);
  season.play({{60, {{"by-i60", step("i60", "accept")}}}});
  season.wait("2017-01-20 10:00");
  scripts.clear();
  for (std::size_t i = 1; i < 61; ++i) scripts[i] = mentoring(season, i);
  season.play(scripts);
  season.refold();
  EXPECT_THAT(season.broken(), ::testing::IsEmpty());
  return season.state();
}

TEST(Orders, LeadToOneStateWhenDecisionsComeAfterTheLastApplication) {
  const std::string expected = played(1);
  EXPECT_GT(std::count(expected.begin(), expected.end(), '\n'), 1000) << expected;
  const char* given = std::getenv("KVALI_LONG");
  const std::uint64_t seeds = given && *given ? 2000 : 100;
  for (std::uint64_t seed = 2; seed <= seeds && !HasFailure(); ++seed)
    EXPECT_EQ(testing::difference(expected, played(seed)), "") << "seed " << seed;
}

}  // namespace
}  // namespace kvali::cohort
