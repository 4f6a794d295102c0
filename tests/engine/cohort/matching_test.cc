// Who reads what: as many readers as can be, as evenly as can be. The bounds are computed apart, by maximum flow.
#include "engine/cohort/matching.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace kvali::cohort {
namespace {

/// Augmenting paths over a matrix of capacities (Edmonds and Karp 1972): slow, plain, and nothing of the house in it.
class Flow {
 public:
  explicit Flow(std::size_t nodes) : edges_(nodes) {}
  void add(std::size_t from, std::size_t to, int capacity) {
    edges_[from].push_back({to, capacity, edges_[to].size()});
    edges_[to].push_back({from, 0, edges_[from].size() - 1});
  }
  int most(std::size_t from, std::size_t to) {
    int flow = 0;
    for (;;) {
      std::vector<std::pair<std::size_t, std::size_t>> came(edges_.size(), {SIZE_MAX, 0});
      std::vector<std::size_t> queue = {from};
      came[from] = {from, 0};
      for (std::size_t at = 0; at < queue.size() && came[to].first == SIZE_MAX; ++at)
        for (std::size_t i = 0; i < edges_[queue[at]].size(); ++i)
          if (const Edge& edge = edges_[queue[at]][i]; edge.left > 0 && came[edge.to].first == SIZE_MAX) {
            came[edge.to] = {queue[at], i};
            queue.push_back(edge.to);
          }
      if (came[to].first == SIZE_MAX) return flow;
      int least = INT32_MAX;
      for (std::size_t at = to; at != from; at = came[at].first) least = std::min(least, edges_[came[at].first][came[at].second].left);
      for (std::size_t at = to; at != from; at = came[at].first) {
        Edge& edge = edges_[came[at].first][came[at].second];
        edge.left -= least;
        edges_[edge.to][edge.back].left += least;
      }
      flow += least;
    }
  }

 private:
  struct Edge {
    std::size_t to;
    int left;
    std::size_t back;
  };
  std::vector<std::vector<Edge>> edges_;
};

/// The most that can be given when no reader has more than `high` in all.
int most_below(const Matching& question, std::uint32_t high) {
  const std::size_t readers = question.readers.size(), applications = question.applications.size(), end = readers + applications + 1;
  Flow flow(end + 1);
  for (std::size_t i = 0; i < applications; ++i) {
    flow.add(0, 1 + i, static_cast<int>(question.applications[i].wanted));
    for (const std::uint32_t reader : question.applications[i].may) flow.add(1 + i, 1 + applications + reader, 1);
  }
  for (std::size_t i = 0; i < readers; ++i) {
    const Matching::Reader& reader = question.readers[i];
    const std::uint32_t max = reader.load_max == 0 ? high : std::min(high, reader.load_max);
    flow.add(1 + applications + i, end, max > reader.load ? static_cast<int>(max - reader.load) : 0);
  }
  return flow.most(0, end);
}

/// Whether `all` can be given so that every reader has at least `low` in all: flow with lower bounds, each reader's arc to the end
/// split into what she must have and what she may have beside it.
bool all_above(const Matching& question, int all, std::uint32_t low) {
  const std::size_t readers = question.readers.size(), applications = question.applications.size();
  const std::size_t end = readers + applications + 1, must = end + 1, may = end + 2;
  Flow flow(end + 3);
  int needed = 0;
  for (std::size_t i = 0; i < applications; ++i) {
    flow.add(0, 1 + i, static_cast<int>(question.applications[i].wanted));
    for (const std::uint32_t reader : question.applications[i].may) flow.add(1 + i, 1 + applications + reader, 1);
  }
  for (std::size_t i = 0; i < readers; ++i) {
    const Matching::Reader& reader = question.readers[i];
    const int least = reader.load < low ? static_cast<int>(low - reader.load) : 0;
    const int room = reader.load_max == 0 ? all : std::max(0, static_cast<int>(reader.load_max) - static_cast<int>(reader.load));
    if (least > room) return false;
    flow.add(1 + applications + i, must, least);
    flow.add(1 + applications + i, may, room - least);
    needed += least;
  }
  if (needed > all) return false;
  flow.add(must, end, needed);
  flow.add(may, end, all - needed);
  return flow.most(0, end) == all;
}

struct Bounds {
  int all = 0;
  std::uint32_t high = 0, low = 0;  // the lowest highest, and the highest lowest load
};

Bounds bounds_of(const Matching& question) {
  Bounds bounds;
  std::uint32_t top = 0;
  for (const Matching::Reader& one : question.readers) top = std::max(top, one.load);
  bounds.all = most_below(question, 1'000'000);
  bounds.high = top;
  while (most_below(question, bounds.high) < bounds.all) ++bounds.high;
  while (all_above(question, bounds.all, bounds.low + 1)) ++bounds.low;
  return bounds;
}

struct Outcome {
  int all = 0;
  std::uint32_t high = 0, low = UINT32_MAX;
  std::string wrong;
};

Outcome outcome_of(const Matching& question, const std::vector<std::vector<std::uint32_t>>& given) {
  Outcome outcome;
  std::vector<std::uint32_t> loads;
  for (const Matching::Reader& one : question.readers) loads.push_back(one.load);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Matching::Application& application = question.applications[i];
    const std::set<std::uint32_t> once(given[i].begin(), given[i].end());
    if (once.size() != given[i].size()) outcome.wrong = "one reads it twice";
    if (given[i].size() > application.wanted) outcome.wrong = "more readers than wanted";
    for (const std::uint32_t reader : given[i]) {
      if (std::find(application.may.begin(), application.may.end(), reader) == application.may.end()) outcome.wrong = "she may not";
      ++loads[reader];
      ++outcome.all;
    }
  }
  for (std::size_t i = 0; i < loads.size(); ++i) {
    if (question.readers[i].load_max != 0 && loads[i] > std::max(question.readers[i].load_max, question.readers[i].load)) outcome.wrong = "above her limit";
    outcome.high = std::max(outcome.high, loads[i]);
    outcome.low = std::min(outcome.low, loads[i]);
  }
  return outcome;
}

/// Readers speak one or two of three languages and know some of five sectors; some have conflicts, limits, or a load already.
Matching drawn(std::mt19937& generator, std::size_t applications, std::size_t readers, std::uint32_t each, unsigned conflict_percent, bool limits) {
  Matching question;
  const auto random = [&] { return static_cast<unsigned>(generator()); };
  std::vector<unsigned> languages, sectors;
  for (std::size_t i = 0; i < readers; ++i) {
    languages.push_back(1U + random() % 7);
    sectors.push_back(1U + random() % 31);
    question.readers.push_back({random() % 4 == 0 ? random() % 3 : 0,
                                limits && random() % 3 == 0 ? 1U + random() % static_cast<unsigned>(2 * each * applications / readers + 1) : 0});
  }
  for (std::size_t i = 0; i < applications; ++i) {
    Matching::Application one{each, {}};
    const unsigned language = 1U << (random() % 3), sector = 1U << (random() % 5);
    for (std::size_t reader = 0; reader < readers; ++reader)
      if ((languages[reader] & language) && (sectors[reader] & sector) && random() % 100 >= conflict_percent) one.may.push_back(static_cast<std::uint32_t>(reader));
    question.applications.push_back(std::move(one));
  }
  return question;
}

TEST(Matching, IsEvenAndCompleteAsFarAsAnyCanBe) {
  std::mt19937 generator(20170111);
  const auto random = [&] { return static_cast<unsigned>(generator()); };
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    const std::size_t applications = 1 + random() % 24, readers = 1 + random() % 8;
    const Matching question = drawn(generator, applications, readers, 1U + random() % 3, random() % 50, round % 2 == 0);
    const Outcome outcome = outcome_of(question, match(question, "seed-" + std::to_string(round)));
    const Bounds bounds = bounds_of(question);
    EXPECT_EQ(outcome.wrong, "");
    EXPECT_EQ(outcome.all, bounds.all);
    EXPECT_EQ(outcome.high, bounds.high);
    EXPECT_EQ(outcome.low, bounds.low);
  }
}

TEST(Matching, GivesAThousandApplicationsToSixtyReaders) {
  std::mt19937 random(60);
  const Matching question = drawn(random, 1'000, 60, 3, 5, true);
  const auto given = match(question, "the season");
  const Outcome outcome = outcome_of(question, given);
  const int all = most_below(question, 1'000'000);
  EXPECT_EQ(outcome.wrong, "");
  EXPECT_EQ(outcome.all, all);
  EXPECT_GT(all, 2'500) << "a question that hardly anybody answers shows nothing";
  // The smallest possible spread: one less at the top, or one more at the bottom, and not all could be given.
  EXPECT_LT(most_below(question, outcome.high - 1), all);
  EXPECT_TRUE(all_above(question, all, outcome.low));
  EXPECT_FALSE(all_above(question, all, outcome.low + 1));
  EXPECT_EQ(match(question, "the season"), given);
  EXPECT_NE(match(question, "another"), given);
}

TEST(Matching, IsPerfectlyEvenWhereAnybodyMayReadAnything) {
  Matching question;
  question.readers.resize(60);
  std::vector<std::uint32_t> everybody(60);
  for (std::uint32_t i = 0; i < 60; ++i) everybody[i] = i;
  question.applications.assign(1'000, {3, everybody});
  const Outcome outcome = outcome_of(question, match(question, "even"));
  EXPECT_EQ(outcome.wrong, "");
  EXPECT_EQ(outcome.all, 3'000);
  EXPECT_EQ(outcome.high, 50u);
  EXPECT_EQ(outcome.low, 50u);
}

TEST(Matching, GivesEachOneReaderBeforeAnyASecond) {
  Matching question;
  question.readers = {{0, 3}};
  question.applications = {{3, {0}}, {3, {0}}, {3, {0}}};
  for (const auto& readers : match(question, "fair")) EXPECT_EQ(readers.size(), 1u);
}

TEST(Matching, HasNothingToGiveWhereNobodyMay) {
  EXPECT_TRUE(match({}, "").empty());
  Matching question;
  question.applications = {{2, {}}};
  EXPECT_EQ(match(question, ""), std::vector<std::vector<std::uint32_t>>{{}});
}

}  // namespace
}  // namespace kvali::cohort
