// Habits learned from a cohort that was lived: here from one that was played with other habits than the usual.
#include "engine/simulate/learn.h"

#include "engine/simulate/simulate.h"
#include "tests/engine/simulate/seasons.h"

namespace kvali::simulate {
namespace {

using testing::season_of;

const std::string root = KVALI_SOURCE_DIR;

struct Share {
  std::uint64_t times = 0, of = 0;
  [[nodiscard]] double value() const { return of == 0 ? 0 : static_cast<double>(times) / static_cast<double>(of); }
};

Share share(const StateHabit& habit, std::size_t move) {
  Share made{habit.moves.at(move).weight, habit.nothing};
  for (const MoveHabit& one : habit.moves) made.of += one.weight;
  return made;
}

/// A season in which the coordinators send back every second application, at once, and nobody withdraws.
Setting strict() {
  Setting setting = season_of(root, "socifaction-2017", 68, 6, 11);
  const statechart::Chart& chart = setting.model->chart();
  StateHabit& screening = setting.habits.initiative[chart.find("application.screening").value()];
  screening.moves.at(0).weight = screening.moves.at(1).weight = 500;
  screening.delay.of_time_allowed = Spread::through({{0, 100}, {100, 500}});
  setting.habits.initiative[chart.find("application").value()].moves.at(0).weight = 0;
  return setting;
}

Habits learned_from(const Setting& setting) {
  Learner learner(*setting.model);
  Onlooker onlooker;
  onlooker.record = [&](const cohort::Cohort& after, const v1::Record& record, calendar::Instant at) { learner.see(after, record, at); };
  onlooker.end = [&](const cohort::Cohort& cohort) { learner.end(cohort); };
  EXPECT_TRUE(simulate(setting, onlooker).has_value());
  return learner.habits();
}

TEST(Learner, FindsTheSharesAndTheDelaysOfThePast) {
  const Setting past = strict();
  const Habits habits = learned_from(past);
  const statechart::Chart& chart = past.model->chart();
  const StateHabit& screening = habits.initiative[chart.find("application.screening").value()];
  EXPECT_TRUE(screening.learned);
  EXPECT_NEAR(share(screening, 0).value(), 0.5, 0.05);
  EXPECT_NEAR(share(screening, 1).value(), 0.5, 0.05);
  EXPECT_NEAR(static_cast<double>(screening.delay.of_time_allowed.median()), 300, 40);
  EXPECT_EQ(share(habits.initiative[chart.find("application").value()], 0).times, 0u);
  EXPECT_EQ(habits.learned_cohorts, 6u);
  EXPECT_EQ(habits.localities.size(), 15u);
}

TEST(Learner, LetsASeasonBePlayedAgainAsItWas) {
  const Setting past = strict();
  Setting again = season_of(root, "socifaction-2017", 68, 6, 12);
  again.habits = learned_from(past);
  const Findings then = simulate(past).value(), now = simulate(again).value();
  const auto near = [](std::uint64_t a, std::uint64_t b, double part) { EXPECT_NEAR(static_cast<double>(a), static_cast<double>(b), part * static_cast<double>(b)); };
  for (const char* path : {"application.screening", "application.returned", "application.assessment", "mentoring", "follow_up"}) {
    SCOPED_TRACE(path);
    const auto state = past.model->chart().find(path).value();
    near(now.states[state].entered, then.states[state].entered, 0.15);
    if (then.states[state].seconds.count() > 0) near(now.states[state].seconds.percentile(50), then.states[state].seconds.percentile(50), 0.2);
  }
  near(now.tasks[0].opened, then.tasks[0].opened, 0.12);
  near(now.tasks[1].opened, then.tasks[1].opened, 0.2);
}

TEST(Learner, KeepsTheUsualHabitWhereItHasSeenTooLittle) {
  const Setting past = season_of(root, "socifaction-2017", 2, 1);
  const Habits habits = learned_from(past), usual = usual_habits(*past.model);
  const auto offered = past.model->chart().find("application.offered").value();
  EXPECT_FALSE(habits.initiative[offered].learned);
  EXPECT_EQ(habits.initiative[offered].nothing, usual.initiative[offered].nothing);
}

TEST(Learner, SaysInHowManyStatesItLearned) {
  const Setting past = strict();
  Learner learner(*past.model);
  EXPECT_EQ(learner.learned().first, 0u);
  EXPECT_GT(learner.learned().second, 8u);
}

}  // namespace
}  // namespace kvali::simulate
