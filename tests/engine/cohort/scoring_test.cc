// Scores of several readers against tables that were worked out by hand.
#include "engine/cohort/scoring.h"

#include <gmock/gmock.h>

namespace kvali::cohort {
namespace {

TEST(Scoring, TakesTheMiddleOne) {
  struct Row {
    std::vector<double> scores;
    double middle;
  };
  for (const Row& row : {Row{{4}, 4}, {{2, 5}, 3.5}, {{5, 1, 4}, 4}, {{1, 1, 5, 5}, 3}, {{3.5, 1, 2, 4.5, 2}, 2}, {{10, 0, 10, 0, 10, 0}, 5}})
    EXPECT_DOUBLE_EQ(median(row.scores).value(), row.middle) << ::testing::PrintToString(row.scores);
  EXPECT_FALSE(median({}).has_value());
}

TEST(Scoring, LeavesTheHighestAndTheLowestOut) {
  struct Row {
    std::vector<double> scores;
    std::uint32_t trim;
    double mean;
  };
  for (const Row& row : {Row{{1, 4, 5}, 1, 4},           // 4 alone is left
                         {{1, 2, 4, 10}, 1, 3},          // 2 and 4
                         {{9, 1, 4, 4, 7}, 1, 5},        // 4, 4, 7
                         {{0, 1, 5, 6, 7, 10}, 2, 5.5},  // 5 and 6
                         {{2, 4}, 1, 3},                 // nothing would be left: the median
                         {{7}, 1, 7},
                         {{1, 2, 3, 9}, 2, 2.5}})
    EXPECT_DOUBLE_EQ(trimmed_mean(row.scores, row.trim).value(), row.mean) << ::testing::PrintToString(row.scores);
  EXPECT_FALSE(trimmed_mean({}, 1).has_value());
}

ReaderSums sums_of(const std::vector<std::int64_t>& scores) {
  ReaderSums sums;
  for (const std::int64_t one : scores) {
    ++sums.count;
    sums.sum += one;
    sums.squares += one * one;
  }
  return sums;
}

// A mild reader gives 8, 9, 10 (mean 9), a strict one 1, 3, 5 (mean 3); all six have mean 6 and variance
// (64 + 81 + 100 + 1 + 9 + 25) / 6 - 36 = 280 / 6 - 36 = 32 / 3. The mild one's variance is 2 / 3, the strict one's 8 / 3: their spreads are
// brought to the common one by factors 4 and 2.
TEST(Scoring, BringsReadersToOneMeasure) {
  const ReaderSums mild = sums_of({8, 9, 10}), strict = sums_of({1, 3, 5}), all = sums_of({8, 9, 10, 1, 3, 5});
  EXPECT_NEAR(brought_to_all(8, mild, all), 2, 1e-12);
  EXPECT_NEAR(brought_to_all(9, mild, all), 6, 1e-12);
  EXPECT_NEAR(brought_to_all(10, mild, all), 10, 1e-12);
  EXPECT_NEAR(brought_to_all(1, strict, all), 2, 1e-12);
  EXPECT_NEAR(brought_to_all(3, strict, all), 6, 1e-12);
  EXPECT_NEAR(brought_to_all(5, strict, all), 10, 1e-12);
}

TEST(Scoring, LeavesWhoScoredOnceAndMovesWhoAlwaysGaveTheSame) {
  const ReaderSums all = sums_of({8, 9, 10, 1, 3, 5});
  EXPECT_DOUBLE_EQ(brought_to_all(8, sums_of({8}), all), 8);
  EXPECT_DOUBLE_EQ(brought_to_all(9, sums_of({9, 9, 9}), all), 6);
}

TEST(Scoring, SaysWhetherReadersAgree) {
  struct Row {
    std::vector<double> scores;
    std::string_view word;
  };
  for (const Row& row : {Row{{}, ""},
                         {{4}, "positive"},
                         {{3}, "mixed"},
                         {{3.5, 5}, "positive"},      // on the threshold is for it
                         {{3.4, 5}, "mixed"},         // 1.6 apart
                         {{3, 5}, "conflicting"},     // 2 apart, on both sides
                         {{1, 3.4}, "mixed"},         // far apart, and nobody is for it
                         {{5, 4, 1}, "conflicting"},
                         {{2, 2, 2}, "mixed"}})
    EXPECT_EQ(agreement(row.scores, 3.5, 2), row.word) << ::testing::PrintToString(row.scores);
}

TEST(Scoring, CountsTheSameWhateverTheOrder) {
  std::map<ReaderKey, ReaderSums> one, other;
  const std::vector<std::pair<ReaderKey, std::int64_t>> a = {{{"v/talk", "ada"}, 5}, {{"v/talk", "bo"}, 3}}, b = {{{"v/talk", "ada"}, 9}};
  count_marks(one, {}, a);
  count_marks(one, {}, b);
  count_marks(other, {}, b);
  count_marks(other, {}, a);
  EXPECT_EQ(one, other);
  EXPECT_EQ((one.at({"v/talk", ""})), (ReaderSums{3, 17, 115}));
  count_marks(one, a, {});
  count_marks(one, b, {});
  EXPECT_TRUE(one.empty()) << "what is taken back leaves nothing";
}

}  // namespace
}  // namespace kvali::cohort
