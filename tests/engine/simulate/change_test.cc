// "What if": changes as they are written on a command line.
#include "engine/simulate/change.h"

#include "engine/simulate/simulate.h"
#include "tests/engine/calendar/vilnius.h"
#include "tests/engine/simulate/seasons.h"

namespace kvali::simulate {
namespace {

using testing::season_of;

const std::string root = KVALI_SOURCE_DIR;

TEST(Change, SetsAParameterOfTheCohort) {
  Setting setting = season_of(root, "socifaction-2017", 5);
  ASSERT_TRUE(change(setting, "cohort.decisions_on=2017-01-12").has_value());
  int found = 0;
  for (const v1::NamedValue& one : setting.opening.parameters())
    if (one.name() == "decisions_on") {
      ++found;
      EXPECT_EQ(one.value().date().day(), 12u);
    }
  EXPECT_EQ(found, 1);
}

TEST(Change, LeavesOutWhatNeedNotBeThere) {
  Setting setting = season_of(root, "socifaction-2017", 5);
  const int before = setting.opening.parameters_size();
  ASSERT_TRUE(change(setting, "cohort.waitlist_closes=").has_value());
  EXPECT_EQ(setting.opening.parameters_size(), before - 1);
}

TEST(Change, SetsPlacesForAllAndForOne) {
  Setting setting = season_of(root, "socifaction-2017", 5);
  ASSERT_TRUE(change(setting, "quota.per_locality=6").has_value());
  ASSERT_TRUE(change(setting, "quota.per_locality.taurage=2").has_value());
  EXPECT_EQ(simulate(setting).value().quotas[0].places, 14u * 6 + 2);
}

TEST(Change, MakesTheSeasonAnother) {
  const Setting base = season_of(root, "socifaction-2017", 90, 5);
  Setting more = base, later = base, many = base;
  ASSERT_TRUE(change(more, "quota.per_locality=6").has_value());
  ASSERT_TRUE(change(later, "cohort.mentoring_ends=2017-06-30").has_value());
  ASSERT_TRUE(change(many, "initiatives=120").has_value());
  const Findings before = simulate(base).value();
  const auto assessed = base.model->chart().find("application.waitlist").value();
  EXPECT_LT(simulate(more).value().states[assessed].entered * 10, before.states[assessed].entered * 9) << "more places, fewer wait";
  const auto unfinished = base.model->chart().find("mentoring.unfinished").value();
  EXPECT_EQ(simulate(many).value().began, 600u);
  const Findings longer = simulate(later).value();
  EXPECT_NE(longer.ends.at(unfinished), before.ends.at(unfinished));
  EXPECT_EQ(longer.states[assessed].entered, before.states[assessed].entered) << "what comes before the change stays as it was";
}

struct Wrong {
  const char* text;
  const char* sentence;
};
class WrongChange : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongChange, IsToldWithWhatWasExpected) {
  Setting setting = season_of(root, "socifaction-2017", 5);
  const auto changed = change(setting, GetParam().text);
  ASSERT_FALSE(changed.has_value());
  EXPECT_EQ(changed.error().message, GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Simulate, WrongChange,
    ::testing::Values(
        Wrong{"more places", "found `more places`, expected a change like cohort.decisions_on=2017-01-16 or quota.NAME=6"},
        Wrong{"places=3", "`places` is nothing that can be changed; expected cohort.PARAMETER, quota.NAME, quota.NAME.LOCALITY or initiatives"},
        Wrong{"cohort.decision_on=2017-01-12", "`decision_on` is no parameter of this program; did you mean `decisions_on`?"},
        Wrong{"cohort.money=3",
              "`money` is no parameter of this program; there are application_closes, decisions_on, mentoring_starts, mentoring_ends, waitlist_closes"},
        Wrong{"cohort.decisions_on=soon", "cohort.decisions_on: found `soon`, expected a date like 2017-01-11"},
        Wrong{"cohort.decisions_on=2017-02-30", "cohort.decisions_on: found `2017-02-30`, expected a date like 2017-01-11"},
        Wrong{"cohort.decisions_on=", "cohort.decisions_on cannot be left out: the program needs it"},
        Wrong{"quota.per_town=6", "`per_town` is no quota of this program; there are per_locality"},
        Wrong{"quota.per_locality=many", "quota.per_locality: found `many`, expected a whole number of places"},
        Wrong{"quota.per_locality=-1", "quota.per_locality: found `-1`, expected a whole number of places"},
        Wrong{"quota.per_locality.taurag=2", "`taurag` is no locality of this cohort; did you mean `taurage`?"},
        Wrong{"initiatives=0", "initiatives: found `0`, expected a whole number from 1 to 100000"},
        Wrong{"initiatives=all", "initiatives: found `all`, expected a whole number from 1 to 100000"}),
    [](const auto& one) { return "number" + std::to_string(one.index); });

TEST(UsualOpening, AssumesDatesAndLocalitiesThatAProgramNeedsAndSaysSo) {
  std::vector<std::string> notes;
  Setting setting = season_of(root, "socifaction-2017", 20);
  setting.opening = usual_opening(*setting.model, calendar::testing::vilnius(), notes);
  EXPECT_EQ(setting.opening.localities_size(), 15);
  EXPECT_THAT(notes, ::testing::ElementsAre(::testing::StartsWith("There is no cohort.yaml beside the program; assumed: application_closes 2026-02-19, ")));
  EXPECT_EQ(simulate(setting).value().began, 20u);
}

}  // namespace
}  // namespace kvali::simulate
