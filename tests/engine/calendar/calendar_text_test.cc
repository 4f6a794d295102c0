#include "engine/calendar/calendar.h"

namespace kvali::calendar {
namespace {

/// What a parser answers, as text: the value written back, or the sentence of the error.
template <class T>
std::string said(const Result<T>& result) {
  return result ? to_string(*result) : "error: " + result.error().message;
}

TEST(DateText, IsReadAndWritten) {
  EXPECT_EQ(said(parse_date("2017-01-11")), "2017-01-11");
  EXPECT_EQ(said(parse_date("0001-01-01")), "0001-01-01");
  EXPECT_EQ(said(parse_date("2016-02-29")), "2016-02-29");
}

TEST(DateText, SaysWhichPartIsWrong) {
  EXPECT_EQ(said(parse_date("2017-02-30")), "error: 2017-02-30: February 2017 has 28 days");
  EXPECT_EQ(said(parse_date("2017-04-00")), "error: 2017-04-00: April 2017 has 30 days");
  EXPECT_EQ(said(parse_date("1900-02-29")), "error: 1900-02-29: February 1900 has 28 days");
  EXPECT_EQ(said(parse_date("2017-13-01")), "error: 2017-13-01: there is no month 13; months are 01 to 12");
  EXPECT_EQ(said(parse_date("0000-01-01")), "error: 0000-01-01: there is no year 0000; years are 0001 to 9999");
  EXPECT_EQ(said(parse_date("11.01.2017")), "error: \"11.01.2017\": expected a date as 2017-01-11 (year, month, day)");
  EXPECT_EQ(said(parse_date("")), "error: \"\": expected a date as 2017-01-11 (year, month, day)");
  EXPECT_EQ(said(parse_date("2017-01-11 ")),
            "error: \"2017-01-11 \": expected a date as 2017-01-11 (year, month, day)");
}

TEST(DateText, ShowsOnlyTheBeginningOfALongMistake) {
  std::string text(59, 'x');
  text += "კვალი";
  EXPECT_EQ(said(parse_date(text)),
            "error: \"" + std::string(59, 'x') + "…\": expected a date as 2017-01-11 (year, month, day)");
}

TEST(InstantText, IsReadWithAnyOffsetAndWrittenInUtc) {
  EXPECT_EQ(said(parse_instant("2017-01-11T18:00:00Z")), "2017-01-11T18:00:00Z");
  EXPECT_EQ(said(parse_instant("2017-01-11T20:00:00+02:00")), "2017-01-11T18:00:00Z");
  EXPECT_EQ(said(parse_instant("2017-01-11T18:00:00-05:30")), "2017-01-11T23:30:00Z");
  EXPECT_EQ(said(parse_instant("2017-01-11T18:00:00.5Z")), "2017-01-11T18:00:00.500Z");
  EXPECT_EQ(said(parse_instant("2017-01-11T18:00:00.000250Z")), "2017-01-11T18:00:00.000250Z");
  EXPECT_EQ(said(parse_instant("1969-12-31T23:59:59.999999Z")), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(parse_instant("1969-12-31T23:59:59.999999Z").value(), -1);
}

TEST(InstantText, SaysWhatIsWrong) {
  const std::string expected =
      "expected an instant as 2017-01-11T18:00:00Z or 2017-01-11T20:00:00+02:00, with at most six decimals";
  for (const char* text : {"2017-01-11", "2017-01-11T18:00:00", "2017-01-11 18:00:00Z", "2017-01-11T18:00Z",
                           "2017-01-11T18:00:00.Z", "2017-01-11T18:00:00.1234567Z", "2017-01-11T18:00:00+0200"}) {
    EXPECT_EQ(said(parse_instant(text)), "error: \"" + std::string(text) + "\": " + expected);
  }
  EXPECT_EQ(said(parse_instant("2017-02-30T18:00:00Z")), "error: 2017-02-30: February 2017 has 28 days");
  EXPECT_EQ(said(parse_instant("2017-01-11T24:00:00Z")),
            "error: \"2017-01-11T24:00:00Z\": there is no time 24:00:00; times are 00:00:00 to 23:59:59");
  EXPECT_EQ(said(parse_instant("2017-01-11T18:00:00+24:00")),
            "error: 2017-01-11T18:00:00+24:00: there is no offset +24:00");
}

TEST(PeriodText, IsReadFromIsoAndFromWords) {
  const std::vector<std::pair<const char*, Period>> table{
      {"P14D", {0, 14, 0, 0}},
      {"P2W", {0, 14, 0, 0}},
      {"P2Y", {24, 0, 0, 0}},
      {"P1Y2M3DT4H5M6S", {14, 3, 0, 4 * 3'600 * second_us + 5 * 60 * second_us + 6 * second_us}},
      {"PT48H", {0, 0, 0, 48 * 3'600 * second_us}},
      {"PT0.25S", {0, 0, 0, 250'000}},
      {"P10WD", {0, 0, 10, 0}},
      {"-P7D", {0, -7, 0, 0}},
      {"P0D", {}},
      {"14 days", {0, 14, 0, 0}},
      {"1 day", {0, 1, 0, 0}},
      {"48 hours", {0, 0, 0, 48 * 3'600 * second_us}},
      {"10 working days", {0, 0, 10, 0}},
      {"1 working day", {0, 0, 1, 0}},
      {"6 months", {6, 0, 0, 0}},
      {"2 years", {24, 0, 0, 0}},
      {"1 week", {0, 7, 0, 0}},
      {"90 minutes", {0, 0, 0, 5'400 * second_us}},
  };
  for (const auto& [text, period] : table) EXPECT_EQ(parse_period(text).value(), period) << text;
}

TEST(PeriodText, IsWrittenAsItIsReadBack) {
  for (const char* text : {"P14D", "P2Y", "P1Y2M3DT4H5M6S", "PT48H", "PT0.25S", "P10WD", "-P7D", "P0D", "PT1M0.000001S",
                           "-P1M", "P1DT0.5S"}) {
    const Period period = parse_period(text).value();
    EXPECT_EQ(parse_period(to_string(period)).value(), period) << text;
  }
  EXPECT_EQ(said(parse_period("2 weeks")), "P14D");
  EXPECT_EQ(said(parse_period("P14M")), "P1Y2M");
  EXPECT_EQ(said(parse_period("PT90M")), "PT1H30M");
  EXPECT_EQ(said(parse_period("PT1.500S")), "PT1.5S");
  EXPECT_EQ(said(parse_period("-P1DT1H")), "-P1DT1H");
}

TEST(PeriodText, SaysWhatIsWrong) {
  const std::string expected =
      "expected a period such as P14D, PT48H, P2Y or P10WD, or in words \"14 days\", \"48 hours\", \"10 working "
      "days\", "
      "\"6 months\", \"2 years\"";
  for (const char* text : {"", "P", "PT", "14", "14days", "days", "P14", "P1D2Y", "P1DT", "P1H", "P1.5D",
                           "PT1.2345678S", "P-1D", "+P1D", "p1d", "P1D "}) {
    EXPECT_EQ(said(parse_period(text)), "error: \"" + std::string(text) + "\": " + expected);
  }
  EXPECT_EQ(
      said(parse_period("3 fortnights")),
      "error: \"3 fortnights\": there is no unit \"fortnights\"; units are years, months, weeks, days, working days, "
      "hours, minutes and seconds");
  EXPECT_EQ(said(parse_period("P1M10WD")), "error: \"P1M10WD\": working days stand alone in a period");
  for (const char* text : {"1001 years", "P99999999999999999999D", "P10001WD", "PT9999999999999H"}) {
    EXPECT_EQ(said(parse_period(text)),
              "error: \"" + std::string(text) + "\": a period is at most 1000 years or 10000 working days");
  }
}

}  // namespace
}  // namespace kvali::calendar
