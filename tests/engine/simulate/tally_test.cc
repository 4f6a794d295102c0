// What everything is drawn from and counted in.
#include "engine/simulate/tally.h"

#include "engine/simulate/habits.h"
#include "engine/simulate/random.h"

namespace kvali::simulate {
namespace {

TEST(Random, GivesTheSameNumbersOnEveryMachine) {
  Random random(1);
  EXPECT_EQ(random.next(), 10451216379200822465u);  // SplitMix64's first number for the seed 1
  EXPECT_EQ(Random::of(7, 3, 5).next(), Random::of(7, 3, 5).next());
}

TEST(Random, GivesEveryCohortAndEveryInitiativeNumbersOfItsOwn) {
  EXPECT_NE(Random::of(7, 3, 5).next(), Random::of(7, 3, 6).next());
  EXPECT_NE(Random::of(7, 3, 5).next(), Random::of(7, 4, 5).next());
  EXPECT_NE(Random::of(7, 3, 5).next(), Random::of(8, 3, 5).next());
  EXPECT_NE(Random::of(7, 3, 5).next(), Random::of(7, 5, 3).next());
}

TEST(Random, StaysUnderItsBoundAndReachesAllOfIt) {
  Random random(3);
  std::vector<int> seen(7);
  for (int i = 0; i < 700; ++i) ++seen.at(random.under(7));
  for (const int times : seen) EXPECT_GT(times, 60);
  EXPECT_EQ(random.under(0), 0u);
  EXPECT_EQ(random.under(1), 0u);
}

TEST(Tally, IsExactForSmallValuesAndWithinOneSixtyFourthForLargeOnes) {
  for (const std::uint64_t value : {0ull, 1ull, 63ull, 64ull, 65ull, 1000ull, 86'400ull, 31'536'000ull, 1ull << 40}) {
    Tally tally;
    tally.add(value - (value > 0 ? 1 : 0));
    tally.add(value);
    tally.add(value + 1);
    const std::uint64_t middle = tally.percentile(50);
    if (value < 64)
      EXPECT_EQ(middle, value);
    else
      EXPECT_NEAR(static_cast<double>(middle), static_cast<double>(value), static_cast<double>(value) / 64 + 1);
  }
}

TEST(Tally, ReadsOutWhatAtLeastSoManyDoNotExceed) {
  Tally tally;
  for (std::uint64_t i = 1; i <= 50; ++i) tally.add(i);
  EXPECT_EQ(tally.percentile(50), 25u);
  EXPECT_EQ(tally.percentile(90), 45u);
  EXPECT_EQ(tally.percentile(100), 50u);
  EXPECT_EQ(tally.percentile(0), 1u);
  EXPECT_EQ(tally.mean(), 25u);
  EXPECT_EQ(Tally().percentile(50), 0u);
}

TEST(Tally, AddsAnotherAsIfItHadSeenBoth) {
  Tally one, two, both;
  for (std::uint64_t i = 0; i < 100; ++i) {
    (i % 3 == 0 ? one : two).add(i * i);
    both.add(i * i);
  }
  one.add(two);
  EXPECT_EQ(one, both);
}

TEST(Spread, GoesStraightThroughWhatItIsGiven) {
  const Spread spread = Spread::through({{0, 100}, {50, 300}, {100, 1'900}});
  EXPECT_EQ(spread.points.front(), 100);
  EXPECT_EQ(spread.points[8], 200);
  EXPECT_EQ(spread.median(), 300);
  EXPECT_EQ(spread.points[24], 1'100);
  EXPECT_EQ(spread.points.back(), 1'900);
}

TEST(Spread, IsDrawnFromEvenly) {
  const Spread spread = Spread::through({{0, 0}, {100, 3'200}});
  Random random(5);
  Tally tally;
  for (int i = 0; i < 20'000; ++i) tally.add(static_cast<std::uint64_t>(spread.draw(random)));
  for (const std::uint64_t part : {10u, 25u, 50u, 75u, 90u}) EXPECT_NEAR(static_cast<double>(tally.percentile(part)), 32.0 * static_cast<double>(part), 60) << part;
  EXPECT_LT(tally.largest(), 3'200u);
}

}  // namespace
}  // namespace kvali::simulate
