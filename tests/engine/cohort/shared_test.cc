// What decisions share instead of copying it: items of a list, the memory of records; and the index of what is due.
#include <gtest/gtest.h>

#include "engine/cohort/due_index.h"
#include "engine/cohort/shared_list.h"
#include "engine/records.h"

namespace kvali::cohort {
namespace {

SharedItems<std::string> three() {
  SharedItems<std::string> items;
  for (const char* name : {"a", "b", "c"}) items.add() = name;
  return items;
}

TEST(SharedItems, CopyOnlyTheItemThatIsChanged) {
  const SharedItems<std::string> before = three();
  SharedItems<std::string> after = before;
  after.change(1) = "B";
  after.add() = "d";
  EXPECT_EQ(std::vector<std::string>(before.begin(), before.end()), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(std::vector<std::string>(after.begin(), after.end()), (std::vector<std::string>{"a", "B", "c", "d"}));
  EXPECT_EQ(&before[0], &after[0]);
  EXPECT_EQ(&before[2], &after[2]);
}

TEST(SharedItems, ChangeInPlaceWhatNobodyElseHas) {
  SharedItems<std::string> items = three();
  const std::string* place = &items[1];
  { const SharedItems<std::string> gone = items; }
  items.change(1) = "B";
  EXPECT_EQ(&items[1], place);
}

TEST(SharedItems, AreEmptyAtFirst) {
  const SharedItems<std::string> none;
  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(none.begin() == none.end());
}

TEST(Records, ClearedAreThoseOfNobodyElse) {
  Records records;
  records.add().mutable_clock_moved()->set_to_us(7);
  const Records kept = records;
  records.clear();
  EXPECT_TRUE(records.empty());
  records.add().mutable_clock_moved()->set_to_us(8);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept.front().clock_moved().to_us(), 7);
}

TEST(Records, GoOnInTheMemoryTheyHad) {
  Records records;
  records.add().mutable_clock_moved()->set_to_us(7);
  const v1::Record* place = &records.front();
  records.clear();
  EXPECT_TRUE(records.empty());
  records.add();
  EXPECT_EQ(&records.front(), place);
  EXPECT_FALSE(records.front().has_clock_moved());
}

TEST(DueIndex, HasNothingThatIsDueWhileItIsEmpty) {
  DueIndex due;
  EXPECT_TRUE(due.until(calendar::never).empty());
  due.set(3, 10);
  EXPECT_TRUE(due.until(9).empty());
  EXPECT_EQ(due.until(calendar::never), (std::vector<DueIndex::Entry>{{10, 3}}));
  due.set(3, calendar::never);
  EXPECT_TRUE(due.until(calendar::never).empty());
}

}  // namespace
}  // namespace kvali::cohort
