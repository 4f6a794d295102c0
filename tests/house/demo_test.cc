// The demonstration's data, read by a stranger to its loader: what programmes.md tells of the season of 2017 is in it, every
// name leads somewhere, and every step speaks the commands' own words.
#include <google/protobuf/descriptor.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "kvali/v1/command.pb.h"

namespace kvali {
namespace {

YAML::Node load(const std::string& name) {
  return YAML::LoadFile(std::string(KVALI_SOURCE_DIR) + "/workflows/socifaction-2017/" + name);
}

std::string text_of(const YAML::Node& node) { return node.as<std::string>(); }

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::set<std::string> keys_of(const YAML::Node& mapping) {
  std::set<std::string> keys;
  for (const auto& entry : mapping) EXPECT_TRUE(keys.insert(text_of(entry.first)).second) << text_of(entry.first) << " stands twice";
  return keys;
}

std::string locality_of(const std::string& initiative) { return initiative.substr(0, initiative.rfind('-')); }

// Whom a step speaks of: the initiatives of its list, or the keys of `each`.
std::vector<std::string> initiatives_of(const YAML::Node& step) {
  std::vector<std::string> found;
  for (const auto& initiative : step["initiatives"]) found.push_back(text_of(initiative));
  for (const auto& entry : step["each"]) found.push_back(text_of(entry.first));
  return found;
}

// Calls `look` with each step's command name and body.
template <class Look>
void for_each_command(Look look) {
  static const std::set<std::string> around = {"at", "by", "on_behalf_of", "channel", "received_at_us", "initiatives", "each", "key", "refused"};
  const YAML::Node history = load("history.yaml");
  for (const auto& step : history["steps"]) {
    for (const auto& entry : step) {
      if (!around.contains(text_of(entry.first))) look(step, text_of(entry.first), entry.second);
    }
  }
}

TEST(Demo, HasTheFifteenLocalitiesAndDatesOfTheSeason) {
  const YAML::Node cohort = load("cohort.yaml");
  EXPECT_EQ(keys_of(cohort["localities"]).size(), 15u);
  EXPECT_EQ(text_of(cohort["localities"]["taurage"]), "Tauragės rajonas");
  const YAML::Node parameters = cohort["parameters"];
  EXPECT_EQ(text_of(parameters["application_closes"]), "2016-12-18");
  EXPECT_EQ(text_of(parameters["decisions_on"]), "2017-01-09");
  EXPECT_EQ(text_of(parameters["mentoring_starts"]), "2017-01-16");
  EXPECT_EQ(text_of(parameters["mentoring_ends"]), "2017-03-31");
  const google::protobuf::Descriptor* open = v1::OpenCohort::descriptor();
  for (const std::string& key : keys_of(cohort)) EXPECT_NE(open->FindFieldByName(key), nullptr) << key;
}

TEST(Demo, KnowsLithuaniasHolidaysForAsLongAsItsReportsRun) {
  std::vector<std::string> days;
  const YAML::Node holidays = load("cohort.yaml")["holidays"];
  for (const auto& day : holidays) days.push_back(text_of(day));
  EXPECT_TRUE(std::is_sorted(days.begin(), days.end()));
  EXPECT_EQ(std::adjacent_find(days.begin(), days.end()), days.end());
  for (const char* day : {"2016-12-26", "2017-02-16", "2017-04-17", "2018-04-02", "2019-04-22", "2019-12-24"}) {
    EXPECT_TRUE(std::binary_search(days.begin(), days.end(), day)) << day;
  }
}

TEST(Demo, HasItsPeopleEachWithOneNameAndOneInventedAddress) {
  const YAML::Node people = load("people.yaml")["people"];
  std::map<std::string, int> kinds;
  std::set<std::string> names, addresses;
  const std::regex address(R"([a-z.]+@example\.(org|net|com))");
  for (const auto& entry : people) {
    const std::string key = text_of(entry.first);
    ++kinds[key.substr(0, key.find('-'))];
    EXPECT_TRUE(names.insert(text_of(entry.second["name"])).second) << key;
    EXPECT_TRUE(addresses.insert(text_of(entry.second["email"])).second) << key;
    EXPECT_TRUE(std::regex_match(text_of(entry.second["email"]), address)) << key;
  }
  const std::map<std::string, int> expected = {{"manager", 2}, {"reviewer", 3}, {"donor", 1}, {"coordinator", 15}, {"mentor", 15}, {"applicant", 68}};
  EXPECT_EQ(kinds, expected);
  for (const std::string& locality : keys_of(load("cohort.yaml")["localities"])) {
    EXPECT_TRUE(people["coordinator-" + locality].IsDefined() && people["mentor-" + locality].IsDefined()) << locality;
  }
}

TEST(Demo, HasSixtyEightApplicationsThatCouldBeHandedIn) {
  const YAML::Node applications = load("applications.yaml")["applications"], people = load("people.yaml")["people"];
  EXPECT_EQ(keys_of(applications).size(), 68u);
  std::map<std::string, int> of_locality;
  std::set<std::string> titles, problems;
  for (const auto& entry : applications) {
    const std::string key = text_of(entry.first);
    const YAML::Node fields = entry.second["fields"];
    EXPECT_EQ(text_of(fields["locality"]), locality_of(key));
    ++of_locality[locality_of(key)];
    EXPECT_TRUE(titles.insert(text_of(fields["title"])).second) << key;
    EXPECT_LE(characters(text_of(fields["title"])), 120u) << key;
    EXPECT_TRUE(problems.insert(text_of(fields["problem"])).second) << key;
    EXPECT_GE(characters(text_of(fields["problem"])), 200u) << key;
    EXPECT_LE(characters(text_of(fields["problem"])), 4000u) << key;
    ASSERT_TRUE(people["applicant-" + key].IsDefined()) << key;
    EXPECT_EQ(text_of(fields["contact"]), text_of(people["applicant-" + key]["email"])) << key;
    EXPECT_THAT(text_of(entry.second["organisation"]["kind"]), testing::AnyOf("organisation", "community", "informal_group")) << key;
  }
  EXPECT_EQ(of_locality.size(), 15u);
  for (const auto& [locality, count] : of_locality) EXPECT_GE(count, 4) << locality;
}

TEST(Demo, MarksTheFourRealInitiativesOfTaurageAndOnlyThose) {
  std::map<std::string, std::string> real;
  const YAML::Node applications = load("applications.yaml")["applications"];
  for (const auto& entry : applications) {
    const std::string source = text_of(entry.second["source"]);
    EXPECT_THAT(source, testing::AnyOf("real", "invented"));
    if (source == "real") real[text_of(entry.second["fields"]["title"])] = text_of(entry.second["organisation"]["name"]);
  }
  ASSERT_EQ(real.size(), 4u);
  EXPECT_THAT(real["Socialinių paslaugų centras"], testing::HasSubstr("Gramančia"));
  EXPECT_THAT(real["Vaikų dienos centras Pilaitės bendruomenėje"], testing::HasSubstr("Pilaitės"));
  EXPECT_THAT(real["Šeimos dienos centras"], testing::HasSubstr("Dacijonų"));
  EXPECT_THAT(real["Socialinis taksi"], testing::HasSubstr("Kunigiškietis"));
}

TEST(DemoHistory, SpeaksTheCommandsOwnWordsInOrderOfTime) {
  const google::protobuf::Descriptor* command = v1::Command::descriptor();
  const YAML::Node history = load("history.yaml");
  std::string last = "2016-11-14 09:00";
  const std::regex instant(R"(\d{4}-\d\d-\d\d \d\d:\d\d)");
  for (const auto& step : history["steps"]) {
    const std::string at = text_of(step["at"]);
    EXPECT_TRUE(std::regex_match(at, instant) && at >= last) << at << " after " << last;
    last = at;
  }
  for_each_command([&](const YAML::Node& step, const std::string& name, const YAML::Node& body) {
    const google::protobuf::FieldDescriptor* field = command->FindFieldByName(name);
    ASSERT_TRUE(field != nullptr && field->containing_oneof() != nullptr) << text_of(step["at"]) << ": no command " << name;
    for (const auto& entry : body) {
      EXPECT_NE(field->message_type()->FindFieldByName(text_of(entry.first)), nullptr) << text_of(step["at"]) << ": " << name << " has no " << text_of(entry.first);
    }
    if (step["channel"]) {
      EXPECT_NE(v1::Channel_descriptor()->FindValueByName(text_of(step["channel"])), nullptr);
    }
  });
  EXPECT_EQ(last, "2017-02-20 09:00");
}

TEST(DemoHistory, NamesOnlyPeopleInitiativesMovesAndAssignmentsThatAreThere) {
  const std::set<std::string> people = keys_of(load("people.yaml")["people"]), applications = keys_of(load("applications.yaml")["applications"]);
  std::ifstream file(std::string(KVALI_SOURCE_DIR) + "/workflows/socifaction-2017/program.yaml");
  const std::string program((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::set<std::string> started, keys;
  for_each_command([&](const YAML::Node& step, const std::string& name, const YAML::Node& body) {
    const std::string by = text_of(step["by"]);
    const bool role = by == "applicant" || by == "coordinator" || by == "mentor";
    EXPECT_TRUE(role ? !initiatives_of(step).empty() : people.contains(by)) << text_of(step["at"]) << ": " << by;
    for (const char* person : {"person", "applicant"}) {
      if (body[person]) {
        EXPECT_TRUE(people.contains(text_of(body[person]))) << text_of(body[person]);
      }
    }
    for (const char* assignment : {"assignment", "substitute_for"}) {
      if (body[assignment]) {
        EXPECT_TRUE(keys.contains(text_of(body[assignment]))) << text_of(body[assignment]);
      }
    }
    if (step["key"]) keys.insert(text_of(step["key"]));
    if (body["move"]) {
      EXPECT_TRUE(std::regex_search(program, std::regex("[\\s{]" + text_of(body["move"]) + ": +\\{label"))) << text_of(body["move"]);
    }
    for (const std::string& initiative : initiatives_of(step)) {
      EXPECT_TRUE(applications.contains(initiative)) << initiative;
      EXPECT_EQ(name == "start_initiative", started.insert(initiative).second) << initiative << " at " << text_of(step["at"]);
    }
  });
  EXPECT_EQ(started, applications);
}

TEST(DemoHistory, SelectsSixtyFourOfEachLocality) {
  std::map<std::string, std::set<std::string>> selected;
  std::map<std::string, int> moves;
  for_each_command([&](const YAML::Node& step, const std::string& name, const YAML::Node& body) {
    for (const std::string& initiative : initiatives_of(step)) {
      if (name == "drop_decision") selected[locality_of(initiative)].erase(initiative);
      if (name != "make_move" || step["refused"]) continue;
      ++moves[text_of(body["move"])];
      if (text_of(body["move"]) == "select") selected[locality_of(initiative)].insert(initiative);
    }
  });
  EXPECT_EQ(selected.size(), 15u);
  for (const auto& [locality, initiatives] : selected) EXPECT_EQ(initiatives.size(), 4u) << locality;
  EXPECT_EQ(moves["reserve"], 7);
  EXPECT_EQ(moves["decline"], 1);
  EXPECT_EQ(moves["accept"], 60);
}

}  // namespace
}  // namespace kvali
