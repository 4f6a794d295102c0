// Keys open values and decide nothing: the season of 2017 folds to the same state with them, without them, and after they were
// destroyed; and time goes on in it alike.
#include "server/core/seal.h"
#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"

namespace kvali::demo {
namespace {

using cohort::testing::difference;
using testing::Season;

/// How many of the sealed names and field values can be read.
std::size_t readable(const Season& season) {
  const vault::Vault& vault = *season.world.vault;
  std::size_t count = 0;
  for (const directory::Person& person : season.world.core().store().directory.persons) count += core::open(person.name, vault).empty() ? 0 : 1;
  for (const cohort::Initiative& one : season.cohort().initiatives)
    for (const cohort::FieldState& field : one.fields)
      if (field.value.has_sealed()) count += core::open(field.value.sealed(), vault).empty() ? 0 : 1;
  return count;
}

/// Every person and every initiative is erased: what stands under their keys is gone for good.
void erase_everybody(Season& season) {
  const auto destroy = [&](const std::string& subject) { ASSERT_TRUE(season.world.vault->destroy(subject).has_value()) << subject; };
  for (const auto& [key, id] : season.played.people) destroy(id);
  for (const auto& [key, id] : season.played.initiatives) destroy(id);
}

TEST(Keys, DoNotChangeWhatTheSeasonFoldsTo) {
  Season season;
  ASSERT_EQ(season.error, "");
  const std::string with = testing::live(season.world.core());
  EXPECT_GT(readable(season), 104u + 2 * 68u);
  season.world.vault = vault::Vault::in_memory(4711);  // another house's: not one key fits
  season.world.restart();
  EXPECT_EQ(readable(season), 0u);
  EXPECT_EQ(difference(with, testing::live(season.world.core())), "");
  EXPECT_EQ(difference(with, testing::folded(season.world.journal)), "");
}

TEST(Keys, MayBeDestroyedAndTheSeasonGoesOnAsItWould) {
  Season kept, erased;
  ASSERT_EQ(kept.error, "");
  erase_everybody(erased);
  erased.world.restart();
  EXPECT_EQ(readable(erased), 0u);
  for (const char* day : {"2017-03-20 09:00", "2017-04-03 09:00", "2017-10-02 09:00", "2019-06-03 09:00"}) {
    kept.at(day);
    erased.at(day);
    ASSERT_EQ(difference(testing::live(kept.world.core()), testing::live(erased.world.core())), "") << day;
  }
  EXPECT_EQ(kept.in("mentoring.unfinished").size(), 58u);  // something did happen
  EXPECT_EQ(erased.told("overdue"), kept.told("overdue"));
}

}  // namespace
}  // namespace kvali::demo
