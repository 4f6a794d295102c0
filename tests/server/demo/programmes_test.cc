// Every other programme of workflows/, played whole from its history: nothing is refused that should not be, what is durable folds to the same, and
// in the end the figures are those that were published.
#include <algorithm>
#include <set>

#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"

namespace kvali::demo {
namespace {

using cohort::testing::broken_invariants;
using ::testing::IsEmpty;

class Programme {
 public:
  explicit Programme(const std::string& name) {
    auto played = play(world_.core(), testing::workflow(name), world_.demo_options());
    if (!played)
      error = played.error().message;
    else
      cohort_ = played->cohort;
  }

  [[nodiscard]] const cohort::Cohort& cohort() const { return world_.core().store().cohorts.at(cohort_).state; }
  /// How many of a kind of subject ("": initiatives) ended so.
  [[nodiscard]] std::size_t ended(const std::string& kind, v1::State::End end) const {
    return static_cast<std::size_t>(std::count_if(cohort().initiatives.begin(), cohort().initiatives.end(), [&](const cohort::Initiative& one) { return one.kind() == kind && one.end == end; }));
  }
  /// The organisations and persons that the attendance lists of a kind of subject name.
  [[nodiscard]] std::set<std::string> attended(const std::string& kind) const {
    std::set<std::string> named;
    for (const cohort::Initiative& one : cohort().initiatives) {
      const cohort::TaskModel* list = one.model->attendance();
      if (one.kind() != kind || !list) continue;
      for (const cohort::Task& task : one.tasks)
        for (const char* field : {"organisation", "person"})
          if (const auto* there = cohort::stored(task.fields, field); task.kind == list->kind->name() && there) named.insert(there->value.text());
    }
    return named;
  }
  [[nodiscard]] std::uint32_t taken(const std::string& quota, const std::string& by = {}) const {
    const auto found = cohort().taken.find({quota, by});
    return found == cohort().taken.end() ? 0 : found->second;
  }
  void expect_whole() {
    ASSERT_EQ(error, "");
    EXPECT_THAT(broken_invariants(cohort()), IsEmpty());
    EXPECT_EQ(testing::folded(world_.journal), testing::live(world_.core()));
  }

  std::string error;

 private:
  testing::World world_;
  std::string cohort_;
};

TEST(Programmes, SociFactionOf2015LetsSeventyOfTwoCountriesBegin) {
  Programme played("socifaction-2015");
  played.expect_whole();
  EXPECT_EQ(played.cohort().initiatives_count(), 77u);
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 70u);  // "about 70"
  EXPECT_EQ(played.ended("", v1::State::LAPSED), 3u);    // one offer, two that did not begin in time
  EXPECT_EQ(played.ended("season", v1::State::SUCCESS), 1u);
  EXPECT_EQ(played.attended("training").size(), 14u);
  EXPECT_EQ(played.taken("per_country", "lt"), 0u) << "who has begun holds no place any more";
}

TEST(Programmes, CapacityDevelopmentTrains113AndGivesThirtyPackages) {
  Programme played("asb-cso-capacity");
  played.expect_whole();
  EXPECT_EQ(played.attended("training").size(), 113u);
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 30u);
  EXPECT_EQ(played.ended("", v1::State::REFUSED), 12u);  // seven at once, five when the waitlist closed
  EXPECT_EQ(played.ended("", v1::State::LAPSED), 2u);
  EXPECT_EQ(played.ended("campaign", v1::State::SUCCESS), 4u);
  EXPECT_EQ(played.ended("campaign", v1::State::REFUSED), 1u);
  EXPECT_EQ(played.attended("workshop").size(), 5u);
  EXPECT_EQ(played.ended("season", v1::State::SUCCESS), 1u);
}

TEST(Programmes, SocialEntrepreneurshipTrains95Finances14AndAdvises20) {
  Programme played("csrdg-social-entrepreneurship");
  played.expect_whole();
  EXPECT_EQ(played.attended("course").size(), 95u);
  EXPECT_EQ(played.taken("financed"), 14u);
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 20u);  // of the operating track: advised
  EXPECT_EQ(played.ended("", v1::State::REFUSED), 30u);  // 4 operating, 22 at once, 4 when the waitlist closed
  const auto& all = played.cohort().initiatives;
  const auto dami = std::find_if(all.begin(), all.end(), [](const cohort::Initiative& one) {
    const v1::Value* founded = one.field("founded");
    return founded && founded->date().year() == 2018 && founded->date().month() == 3 && founded->date().day() == 5;
  });
  ASSERT_NE(dami, all.end()) << "founded on 5 March 2018";
  EXPECT_EQ(dami->field("form")->text(), "base");
}

TEST(Programmes, AContestOfStudentsIsAThirdOfThreeHundred) {
  Programme played("csrdg-student-contest");
  played.expect_whole();
  std::int64_t students = 0;
  for (const cohort::Initiative& one : played.cohort().initiatives)
    if (one.end == v1::State::SUCCESS) students += one.field("students")->number();
  EXPECT_EQ(students, 100);
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 25u);
  EXPECT_EQ(played.ended("", v1::State::LAPSED), 1u);
}

}  // namespace
}  // namespace kvali::demo
