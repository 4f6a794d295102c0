#pragma once
// Asia/Tbilisi by hand, from 2002 on: four hours east of UTC and five in summer, the clock moving at midnight; on 27 June 2004 back to
// Moscow's time, for one winter; since 27 March 2005 four hours for good.
#include "engine/calendar/calendar.h"

namespace kvali::calendar::testing {

inline Zone tbilisi() {
  const auto at_utc = [](const char* text) { return parse_instant(text).value(); };
  return Zone{"Asia/Tbilisi",
              "2024a",
              14400,
              {{at_utc("2002-03-30T20:00:00Z"), 18000, "+05"},
               {at_utc("2002-10-26T19:00:00Z"), 14400, "+04"},
               {at_utc("2003-03-29T20:00:00Z"), 18000, "+05"},
               {at_utc("2003-10-25T19:00:00Z"), 14400, "+04"},
               {at_utc("2004-03-27T20:00:00Z"), 18000, "+05"},
               {at_utc("2004-06-26T19:00:00Z"), 14400, "+04"},
               {at_utc("2004-10-30T23:00:00Z"), 10800, "+03"},
               {at_utc("2005-03-26T23:00:00Z"), 14400, "+04"}}};
}

}  // namespace kvali::calendar::testing
