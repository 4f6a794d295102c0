#include "engine/cohort/zone_table.h"

#include <algorithm>

namespace kvali::cohort {

calendar::Zone zone_of(const v1::ZoneTable& table) {
  calendar::Zone zone{table.name(), table.version(), table.first_offset_s(), {}};
  for (const v1::ZoneTable::Change& change : table.changes())
    zone.changes.push_back({change.at_us(), change.offset_s(), change.abbreviation()});
  return zone;
}

v1::ZoneTable table_of(const calendar::Zone& zone) {
  v1::ZoneTable table;
  table.set_name(zone.name);
  table.set_version(zone.version);
  table.set_first_offset_s(zone.first_offset_s);
  for (const calendar::Zone::Change& change : zone.changes) {
    v1::ZoneTable::Change* made = table.add_changes();
    made->set_at_us(change.at);
    made->set_offset_s(change.offset_s);
    made->set_abbreviation(change.abbreviation);
  }
  return table;
}

calendar::Date date_of(const v1::Date& date) {
  return {date.year(), std::max(1, static_cast<int>(date.month())), std::max(1, static_cast<int>(date.day()))};
}

v1::Date date_of(const calendar::Date& date) {
  v1::Date made;
  made.set_year(date.year);
  made.set_month(static_cast<std::uint32_t>(date.month));
  made.set_day(static_cast<std::uint32_t>(date.day));
  return made;
}

}  // namespace kvali::cohort
