#pragma once
// Time zones of the system, read into tables: the only door by which the machine's tzdata enters. What is loaded here
// is recorded with a cohort, and no later update of the machine changes it.
//
// The files of /usr/share/zoneinfo (TZif, RFC 8536) are read directly: the date library of the distribution stops at
// their last written change, in 2037, and leaves out the rule at their end by which the following years go.
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/result.h"

namespace kvali::cli {

inline constexpr int zone_year_first = 1900;
inline constexpr int zone_year_last = 2100;

/// The zone of that IANA name with every change of its offset from 1900 to the end of 2100, and the version of the
/// database. Errors name the zone and say what is wrong with its name or file.
Result<calendar::Zone> load_zone(const std::string& name, const std::string& directory = "/usr/share/zoneinfo");

/// Every zone of the database, by its names and their aliases, as its file tzdata.zi lists them.
Result<std::vector<calendar::Zone>> load_all_zones(const std::string& directory = "/usr/share/zoneinfo");

/// The zone in the bytes of a TZif file of version 2 or later.
Result<calendar::Zone> read_zone(std::string_view bytes, const std::string& name, const std::string& version);

}  // namespace kvali::cli
