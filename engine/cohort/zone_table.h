#pragma once
// Dates and zones between their two forms: as records carry them and as the calendar reckons with them.
#include "engine/calendar/calendar.h"
#include "kvali/v1/value.pb.h"

namespace kvali::cohort {

calendar::Zone zone_of(const v1::ZoneTable& table);
v1::ZoneTable table_of(const calendar::Zone& zone);
/// A date known to the day; a year or a month alone is its first day.
calendar::Date date_of(const v1::Date& date);
v1::Date date_of(const calendar::Date& date);

}  // namespace kvali::cohort
