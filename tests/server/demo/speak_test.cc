// Words of a demonstration's files, and what they become; and what is told about words that are wrong.
#include "server/demo/speak.h"

#include "kvali/v1/command.pb.h"

namespace kvali {
namespace {

const demo::Tongue& tongue() {
  static const demo::Tongue spoken{calendar::utc(), [](const std::string& key) -> Result<std::string> {
                                     if (key == "nobody") return fail("nothing before this is known as \"nobody\"");
                                     return "id-of-" + key;
                                   }};
  return spoken;
}

template <class Message>
std::string spoken(const std::string& yaml) {
  Message message;
  const auto result = demo::speak(YAML::Load(yaml), tongue(), message);
  return result ? message.ShortDebugString() : result.error().message;
}

TEST(DemoSpeak, ReadsCommandsByTheirFields) {
  EXPECT_EQ(spoken<v1::AssignRole>("{person: ona, role: mentor, locality: taurage, load_max: 12}"),
            "person: \"id-of-ona\" role: \"mentor\" locality: \"taurage\" load_max: 12");
  EXPECT_EQ(spoken<v1::ExtendDeadline>("{initiative: a-1, state: x.y, to: 2016-12-30}"),
            "initiative: \"id-of-a-1\" state: \"x.y\" to { year: 2016 month: 12 day: 30 }");
  EXPECT_EQ(spoken<v1::OpenCohort>("{rehearsal: true, clock_us: 1970-01-01 00:01, holidays: [2017-02-16]}"),
            "holidays { year: 2017 month: 2 day: 16 } rehearsal: true clock_us: 60000000");
  EXPECT_EQ(spoken<v1::Command>("{channel: PAPER, on_behalf_of: ona}"), "on_behalf_of: \"id-of-ona\" channel: PAPER");
}

TEST(DemoSpeak, TakesAMappingForAListOfPairsAndAPlainWordForAValue) {
  EXPECT_EQ(spoken<v1::OpenTaskItem>("fields: {date: 2017-01-18, minutes: 90, done: true, summary: \"2017-01-18\", place: taurage}"),
            "fields { name: \"date\" value { date { year: 2017 month: 1 day: 18 } } } fields { name: \"minutes\" value { number: 90 } } "
            "fields { name: \"done\" value { flag: true } } fields { name: \"summary\" value { text: \"2017-01-18\" } } "
            "fields { name: \"place\" value { text: \"taurage\" } }");
  EXPECT_EQ(spoken<v1::OpenCohort>("localities: {taurage: Taurage district}"), "localities { id: \"taurage\" name: \"Taurage district\" }");
}

TEST(DemoSpeak, SaysWhereAWordIsWrongAndWhatWasExpected) {
  const std::pair<std::string, std::string> cases[] = {
      {"\n{rolle: mentor}", "line 2: found \"rolle\", expected a field of AssignRole"},
      {"{person: nobody}", "line 1: nothing before this is known as \"nobody\""},
      {"{load_max: many}", "line 1: found \"many\", expected a whole number"},
      {"{until_us: 2017-02-28}", "line 1: found \"2017-02-28\", expected a day and a time: 2016-12-15 14:20"},
      {"[a, b]", "line 1: found \"\", expected fields of AssignRole"},
  };
  for (const auto& [yaml, sentence] : cases) EXPECT_EQ(spoken<v1::AssignRole>(yaml), sentence);
  EXPECT_EQ(spoken<v1::OpenCohort>("rehearsal: perhaps"), "line 1: found \"perhaps\", expected true or false");
  EXPECT_EQ(spoken<v1::OpenCohort>("holidays: 2017-02-16"), "line 1: found \"2017-02-16\", expected a list for holidays");
  EXPECT_THAT(spoken<v1::OpenCohort>("holidays: [2017-02-30]"), testing::StartsWith("line 1: 2017-02-30"));
  EXPECT_EQ(spoken<v1::Command>("channel: PIGEON"), "line 1: found \"PIGEON\", expected a value of Channel");
}

}  // namespace
}  // namespace kvali
