#pragma once
// Europe/Vilnius by hand, 2016 to 2019: two hours east of UTC in winter, three in summer; the clock moves at 01:00 UTC
// of the last Sundays of March and October.
#include "engine/calendar/calendar.h"

namespace kvali::calendar::testing {

inline Instant at(const char* text) { return parse_instant(text).value(); }
inline Date on(const char* text) { return parse_date(text).value(); }

inline Zone vilnius() {
  return Zone{"Europe/Vilnius",
              "2024a",
              7200,
              {{at("2016-03-27T01:00:00Z"), 10800, "EEST"},
               {at("2016-10-30T01:00:00Z"), 7200, "EET"},
               {at("2017-03-26T01:00:00Z"), 10800, "EEST"},
               {at("2017-10-29T01:00:00Z"), 7200, "EET"},
               {at("2018-03-25T01:00:00Z"), 10800, "EEST"},
               {at("2018-10-28T01:00:00Z"), 7200, "EET"},
               {at("2019-03-31T01:00:00Z"), 10800, "EEST"},
               {at("2019-10-27T01:00:00Z"), 7200, "EET"}}};
}

/// The public holidays of Lithuania in 2017.
inline Holidays lithuania_2017() {
  Holidays days;
  for (const char* day :
       {"2017-01-01", "2017-02-16", "2017-03-11", "2017-04-16", "2017-04-17", "2017-05-01", "2017-06-24", "2017-07-06",
        "2017-08-15", "2017-11-01", "2017-12-24", "2017-12-25", "2017-12-26"}) {
    days.push_back(on(day));
  }
  return days;
}

}  // namespace kvali::calendar::testing
