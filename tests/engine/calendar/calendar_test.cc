#include "engine/calendar/calendar.h"

#include "tests/engine/calendar/vilnius.h"

namespace kvali::calendar {
namespace {

using testing::at;
using testing::lithuania_2017;
using testing::on;
using testing::vilnius;

Period period(const char* text) { return parse_period(text).value(); }

std::string deadline(const char* from, const char* text) {
  return to_string(deadline_after(vilnius(), lithuania_2017(), at(from), period(text)));
}
std::string shifted(const char* from, const char* text) {
  return to_string(shift(vilnius(), lithuania_2017(), at(from), period(text)));
}
std::string moved(const char* date, int months) { return to_string(add_months(on(date), months)); }
std::string worked(const char* date, int days) { return to_string(add_working_days(on(date), days, lithuania_2017())); }
std::string wall(const char* date, int hour, int minute) {
  return to_string(instant_at(vilnius(), on(date), (hour * 60 + minute) * 60));
}

TEST(Calendar, CountsDaysFromTheEpochBothWays) {
  EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(days_from_civil({1969, 12, 31}), -1);
  EXPECT_EQ(days_from_civil({2000, 3, 1}), 11017);
  EXPECT_EQ(days_from_civil({1, 1, 1}), -719162);
  for (std::int64_t day = -800'000; day < 800'000; day += 97) EXPECT_EQ(days_from_civil(civil_from_days(day)), day);
}

TEST(Calendar, KnowsTheDaysOfTheWeek) {
  EXPECT_EQ(weekday({1970, 1, 1}), 4);
  EXPECT_EQ(weekday({2017, 1, 11}), 3);
  EXPECT_EQ(weekday({2016, 2, 29}), 1);
  EXPECT_EQ(weekday({1900, 1, 7}), 0);
}

TEST(Zone, HasTheOffsetOfItsLastChange) {
  EXPECT_EQ(offset_at(vilnius(), at("2016-01-01T00:00:00Z")), 7200);
  EXPECT_EQ(offset_at(vilnius(), at("2017-03-26T00:59:59.999999Z")), 7200);
  EXPECT_EQ(offset_at(vilnius(), at("2017-03-26T01:00:00Z")), 10800);
  EXPECT_EQ(offset_at(utc(), at("2017-03-26T01:00:00Z")), 0);
}

TEST(Zone, NamesItsNextChange) {
  EXPECT_EQ(next_change(vilnius(), at("2017-03-26T00:59:59Z")), at("2017-03-26T01:00:00Z"));
  EXPECT_EQ(next_change(vilnius(), at("2017-03-26T01:00:00Z")), at("2017-10-29T01:00:00Z"));
  EXPECT_EQ(next_change(vilnius(), at("2019-10-27T01:00:00Z")), never);
  EXPECT_EQ(next_change(utc(), 0), never);
}

TEST(Zone, ShowsTheDateOfItsWall) {
  EXPECT_EQ(date_at(vilnius(), at("2017-01-11T21:59:59Z")), on("2017-01-11"));
  EXPECT_EQ(date_at(vilnius(), at("2017-01-11T22:00:00Z")), on("2017-01-12"));
  EXPECT_EQ(date_at(vilnius(), at("2017-07-11T21:00:00Z")), on("2017-07-12"));
}

TEST(Zone, EndsTheDayAtMidnightOfTheZone) {
  EXPECT_EQ(to_string(end_of(vilnius(), on("2017-01-11"))), "2017-01-11T22:00:00Z");
  EXPECT_EQ(to_string(end_of(vilnius(), on("2017-03-26"))), "2017-03-26T21:00:00Z");
  EXPECT_EQ(instant_at(vilnius(), on("2017-01-11"), 86400), end_of(vilnius(), on("2017-01-11")));
}

TEST(Zone, TakesTheEndOfAGapForWallTimeThatDoesNotExist) {
  EXPECT_EQ(wall("2017-03-26", 2, 59), "2017-03-26T00:59:00Z");
  EXPECT_EQ(wall("2017-03-26", 3, 0), "2017-03-26T01:00:00Z");
  EXPECT_EQ(wall("2017-03-26", 3, 30), "2017-03-26T01:00:00Z");
  EXPECT_EQ(wall("2017-03-26", 4, 0), "2017-03-26T01:00:00Z");
  EXPECT_EQ(wall("2017-03-26", 4, 30), "2017-03-26T01:30:00Z");
}

TEST(Zone, TakesTheFirstOfTwoWallTimes) {
  EXPECT_EQ(wall("2017-10-29", 3, 0), "2017-10-29T00:00:00Z");
  EXPECT_EQ(wall("2017-10-29", 3, 59), "2017-10-29T00:59:00Z");
  EXPECT_EQ(wall("2017-10-29", 4, 0), "2017-10-29T02:00:00Z");
}

TEST(Zone, SkipsADayThatDidNotExist) {
  // Samoa went over the date line: 30 December 2011 never was.
  const Zone apia{"Pacific/Apia", "2024a", -36000, {{at("2011-12-30T10:00:00Z"), 50400, "+14"}}};
  EXPECT_EQ(to_string(end_of(apia, on("2011-12-29"))), "2011-12-30T10:00:00Z");
  EXPECT_EQ(to_string(instant_at(apia, on("2011-12-30"), 43200)), "2011-12-30T10:00:00Z");
  EXPECT_EQ(to_string(end_of(apia, on("2011-12-30"))), "2011-12-30T10:00:00Z");
}

TEST(Months, EndOnTheLastDayOfAShorterMonth) {
  EXPECT_EQ(moved("2017-01-31", 1), "2017-02-28");
  EXPECT_EQ(moved("2016-01-31", 1), "2016-02-29");
  EXPECT_EQ(moved("2017-01-31", 2), "2017-03-31");
  EXPECT_EQ(moved("2017-01-31", 3), "2017-04-30");
  EXPECT_EQ(moved("2017-03-31", -1), "2017-02-28");
  EXPECT_EQ(moved("2017-01-15", -1), "2016-12-15");
  EXPECT_EQ(moved("2017-11-30", 15), "2019-02-28");
}

TEST(Months, TakeALeapDayToTheFirstOfMarch) {
  EXPECT_EQ(moved("2016-02-29", 24), "2018-03-01");
  EXPECT_EQ(moved("2016-02-29", 12), "2017-03-01");
  EXPECT_EQ(moved("2016-02-29", 48), "2020-02-29");
  EXPECT_EQ(moved("2016-02-29", 1), "2016-03-29");
  EXPECT_EQ(moved("2016-02-29", -12), "2015-02-28");
}

TEST(WorkingDays, PassOverWeekendsAndHolidays) {
  EXPECT_EQ(worked("2017-04-13", 1), "2017-04-14");  // Good Friday is a working day in Lithuania
  EXPECT_EQ(worked("2017-04-14", 1), "2017-04-18");  // over Easter Monday
  EXPECT_EQ(worked("2017-12-22", 1), "2017-12-27");  // over Christmas
  EXPECT_EQ(worked("2017-12-27", -1), "2017-12-22");
  EXPECT_EQ(worked("2017-02-10", 10), "2017-02-27");  // over 16 February
  EXPECT_EQ(worked("2017-04-15", 0), "2017-04-15");
  EXPECT_FALSE(is_working_day(on("2017-02-16"), lithuania_2017()));
  EXPECT_TRUE(is_working_day(on("2017-02-16"), {}));
  EXPECT_FALSE(is_working_day(on("2017-02-18"), {}));
}

TEST(Deadline, EndsCivilDaysAtMidnightOfTheLast) {
  EXPECT_EQ(deadline("2017-01-11T08:00:00Z", "14 days"), "2017-01-25T22:00:00Z");
  EXPECT_EQ(deadline("2017-01-11T22:30:00Z", "14 days"), "2017-01-26T22:00:00Z");  // already the 12th in Vilnius
  EXPECT_EQ(deadline("2017-03-20T08:00:00Z", "14 days"), "2017-04-03T21:00:00Z");  // summer time in between
  EXPECT_EQ(deadline("2017-01-31T08:00:00Z", "1 month"), "2017-02-28T22:00:00Z");
  EXPECT_EQ(deadline("2016-02-29T08:00:00Z", "2 years"), "2018-03-01T22:00:00Z");
  EXPECT_EQ(deadline("2017-04-14T08:00:00Z", "10 working days"), "2017-05-02T21:00:00Z");  // over 17 April, 1 May
}

TEST(Deadline, CountsHoursExactly) {
  EXPECT_EQ(deadline("2017-03-25T12:00:00.000001Z", "48 hours"), "2017-03-27T12:00:00.000001Z");
  EXPECT_EQ(deadline("2017-10-28T12:00:00Z", "48 hours"), "2017-10-30T12:00:00Z");
}

TEST(Deadline, IsCivilFirstAndThenExact) {
  EXPECT_EQ(deadline("2017-01-11T08:00:00Z", "P1DT12H"), "2017-01-13T10:00:00Z");
}

TEST(Shift, KeepsTheTimeOnTheWall) {
  EXPECT_EQ(shifted("2017-03-25T08:00:00.25Z", "P1D"), "2017-03-26T07:00:00.250Z");
  EXPECT_EQ(shifted("2017-10-29T08:00:00Z", "-P1D"), "2017-10-28T07:00:00Z");
  EXPECT_EQ(shifted("2017-03-25T01:30:00Z", "P1D"), "2017-03-26T01:00:00Z");  // into the gap: its end
  EXPECT_EQ(shifted("2017-10-28T00:30:00Z", "P1D"), "2017-10-29T00:30:00Z");  // twice: the first
  EXPECT_EQ(shifted("2016-02-29T08:00:00Z", "P2Y"), "2018-03-01T08:00:00Z");
  EXPECT_EQ(shifted("2017-04-14T08:00:00Z", "P1WD"), "2017-04-18T08:00:00Z");
  EXPECT_EQ(shifted("2017-10-29T01:30:00Z", "PT1H"), "2017-10-29T02:30:00Z");
}

TEST(Shift, StopsAtTheEndsOfTime) {
  EXPECT_EQ(shift(vilnius(), {}, never, {0, 0, 0, second_us}), never);
  EXPECT_EQ(shift(vilnius(), {}, never - day_us, {1'000'000, 0, 0, 0}), never);
  EXPECT_EQ(shift(vilnius(), {}, INT64_MIN, {0, -1, 0, 0}), INT64_MIN);
}

}  // namespace
}  // namespace kvali::calendar
