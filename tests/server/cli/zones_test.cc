#include "server/cli/zones.h"

namespace kvali::cli {
namespace {

using calendar::parse_instant;

std::int32_t offset(const calendar::Zone& zone, const char* instant) {
  return calendar::offset_at(zone, parse_instant(instant).value());
}

TEST(Zones, FollowVilniusFrom1900To2100) {
  const auto zone = load_zone("Europe/Vilnius").value();
  EXPECT_EQ(zone.name, "Europe/Vilnius");
  EXPECT_NE(zone.version, "unknown");
  EXPECT_EQ(offset(zone, "1900-01-01T00:00:00Z"), 5040);  // Warsaw's mean time
  EXPECT_EQ(offset(zone, "2016-03-27T00:59:59Z"), 7200);
  EXPECT_EQ(offset(zone, "2016-03-27T01:00:00Z"), 10800);
  EXPECT_EQ(offset(zone, "2016-10-30T01:00:00Z"), 7200);
  EXPECT_EQ(offset(zone, "2037-07-01T00:00:00Z"), 10800);
  EXPECT_EQ(offset(zone, "2038-07-01T00:00:00Z"), 10800);
  EXPECT_EQ(offset(zone, "2100-03-28T00:59:59Z"), 7200);
  EXPECT_EQ(offset(zone, "2100-03-28T01:00:00Z"), 10800);
  EXPECT_EQ(offset(zone, "2100-12-01T00:00:00Z"), 7200);
}

TEST(Zones, KeepTheirChangesInOrderAndWithoutRepeats) {
  for (const char* name :
       {"Europe/Vilnius", "Asia/Tbilisi", "Australia/Sydney", "America/St_Johns", "Africa/Casablanca"}) {
    const auto zone = load_zone(name).value();
    for (std::size_t i = 1; i < zone.changes.size(); ++i) EXPECT_LT(zone.changes[i - 1].at, zone.changes[i].at) << name;
  }
}

TEST(Zones, KnowTheSouthAndZonesWithoutSummer) {
  const auto sydney = load_zone("Australia/Sydney").value();
  EXPECT_EQ(offset(sydney, "2060-01-01T00:00:00Z"), 39600);
  EXPECT_EQ(offset(sydney, "2060-07-01T00:00:00Z"), 36000);
  EXPECT_EQ(offset(load_zone("Asia/Tbilisi").value(), "2060-07-01T00:00:00Z"), 14400);
  EXPECT_EQ(offset(load_zone("Asia/Kathmandu").value(), "2009-02-13T00:00:00Z"), 20700);
}

TEST(Zones, SayWhichNameIsNone) {
  EXPECT_EQ(load_zone("Europe/Vilnus").error().message, "there is no time zone Europe/Vilnus in /usr/share/zoneinfo");
  EXPECT_EQ(load_zone("../../etc/passwd").error().message,
            "\"../../etc/passwd\" is no name of a time zone; expected one such as Europe/Vilnius");
  EXPECT_EQ(load_zone("tzdata", "/nowhere").error().message, "there is no time zone tzdata in /nowhere");
}

TEST(Zones, RefuseBrokenFiles) {
  const std::string sentence = "time zone X: its file is not a TZif file of version 2";
  EXPECT_EQ(read_zone("", "X", "").error().message, sentence);
  EXPECT_EQ(read_zone("TZif2", "X", "").error().message, sentence);
  std::string counts_too_large = "TZif2";
  counts_too_large.append(39, '\xFF');
  EXPECT_EQ(read_zone(counts_too_large, "X", "").error().message, sentence);
}

}  // namespace
}  // namespace kvali::cli
