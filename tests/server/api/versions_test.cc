// The published versions of a program and what they differ in, as somebody is told who asks.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/server/api/reader.h"

namespace kvali::api {
namespace {

using demo::testing::Season;
using nlohmann::json;
using testing::Office;
using ::testing::HasSubstr;
using ::testing::Not;

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The season of 2017 with a second version of its program, in which a period is another.
struct House {
  House() {
    v1::Command command;
    for (const char* path : {"program.yaml", "texts/lt.yaml"}) {
      std::string text = bytes_of(demo::testing::workflow("socifaction-2017") / path);
      if (const std::size_t at = text.find("within: 10 working days"); at != std::string::npos) text.replace(at, 23, "within: 12 working days");
      v1::SourceFile& file = *command.mutable_publish_program()->add_files();
      file.set_path(path);
      file.set_text(std::move(text));
    }
    command.mutable_publish_program()->set_message("More time");
    second = season.world.ask(std::move(command), season.person("manager-1"));
  }
  /// What `reader` is answered.
  json ask(const std::string& reader, const std::string& locale, const v1::Query& query) {
    const std::uint64_t connection = office.sign_in(reader, locale);
    v1::ClientMessage message;
    message.set_id(7);
    *message.mutable_query() = query;
    office.say(connection, std::move(message));
    std::istringstream lines(office.heard(connection));
    for (std::string line; std::getline(lines, line);) {
      const json frame = json::parse(line);
      for (const json& one : frame["messages"])
        if (one.value("id", 0) == 7) return one;
    }
    return {};
  }
  json versions(const std::string& reader, std::uint32_t limit = 0, const std::string& page = {}) {
    v1::Query query;
    query.set_limit(limit);
    query.set_page(page);
    query.mutable_versions()->set_program("socifaction-2017");
    return ask(reader, "en", query);
  }
  json difference(const std::string& reader, const std::string& locale, const std::string& was = {}, const std::string& now = {}) {
    v1::Query query;
    query.mutable_difference()->set_program("socifaction-2017");
    query.mutable_difference()->set_was(was);
    query.mutable_difference()->set_now(now);
    return ask(reader, locale, query);
  }
  Season season{"2016-11-15 09:00"};
  core::Reply second;
  Office office{season};
};

TEST(Versions, AreListedNewestFirstWithWhatIsKnownOfThem) {
  House house;
  ASSERT_EQ(house.second.code, "");
  const json programs = house.versions("manager-1")["answer"]["programs"];
  ASSERT_EQ(programs.size(), 2u);
  EXPECT_EQ(programs[0]["number"], 2);
  EXPECT_EQ(programs[0]["version"], house.second.created);
  EXPECT_EQ(programs[0]["message"], "More time");
  EXPECT_EQ(programs[0]["author"]["id"], house.season.person("manager-1"));
  EXPECT_NE(programs[0]["author"].value("name", ""), "");
  EXPECT_EQ(programs[0]["proof"]["verdict"], "SOUND");
  EXPECT_GT(programs[0]["proof"]["configurations"], 1);
  EXPECT_EQ(programs[1]["number"], 1);
}

TEST(Versions, ComeInPages) {
  House house;
  const json first = house.versions("manager-1", 1)["answer"];
  ASSERT_EQ(first["programs"].size(), 1u);
  EXPECT_EQ(first["programs"][0]["number"], 2);
  const json second = house.versions("manager-1", 1, first["nextPage"])["answer"];
  ASSERT_EQ(second["programs"].size(), 1u);
  EXPECT_EQ(second["programs"][0]["number"], 1);
  EXPECT_FALSE(second.contains("nextPage"));
}

TEST(Versions, NameNobodyToWhoMayNotSeePeople) {
  House house;
  for (const char* reader : {"applicant-taurage-1", "mentor-taurage", "donor"}) {
    const json answer = house.versions(reader);
    ASSERT_EQ(answer["answer"]["programs"].size(), 2u) << reader;
    EXPECT_THAT(answer.dump(), Not(HasSubstr("author"))) << reader;
    EXPECT_THAT(answer.dump(), Not(HasSubstr(house.season.person("manager-1")))) << reader;
    EXPECT_THAT(answer.dump(), Not(HasSubstr("proof"))) << reader;
  }
}

TEST(Versions, DifferInWordsOfTheReader) {
  House house;
  const json english = house.difference("manager-1", "en")["answer"]["difference"];
  EXPECT_EQ(english["was"], 1);
  EXPECT_EQ(english["now"], 2);
  EXPECT_EQ(english["meaning"], "SETTINGS");
  ASSERT_EQ(english["changes"].size(), 1u);
  EXPECT_THAT(english["changes"][0]["sentence"].get<std::string>(), HasSubstr("12 working days"));
  EXPECT_THAT(english["text"].get<std::string>(), HasSubstr(english["changes"][0]["sentence"].get<std::string>()));
  const json lithuanian = house.difference("manager-1", "lt", "1", house.second.created)["answer"]["difference"];
  ASSERT_EQ(lithuanian["changes"].size(), 1u);
  EXPECT_NE(lithuanian["changes"][0]["sentence"], english["changes"][0]["sentence"]);
  EXPECT_EQ(house.difference("manager-1", "en", "2", "2")["answer"]["difference"]["meaning"], "NOTHING");
}

TEST(Versions, AreRefusedWhereThereAreNone) {
  House house;
  EXPECT_EQ(house.difference("manager-1", "en", "1", "3")["error"]["code"], "NOT_FOUND");
  EXPECT_EQ(house.difference("manager-1", "en", "", "1")["error"]["code"], "NOT_FOUND") << "nothing is before the first";
  v1::Query query;
  query.mutable_versions()->set_program("unheard-of");
  EXPECT_EQ(house.ask("manager-1", "en", query)["error"]["code"], "NOT_FOUND");
}

TEST(Versions, TellTheirDifferenceToWhoRunsSomething) {
  House house;
  for (const char* reader : {"applicant-taurage-1", "mentor-taurage", "donor"})
    EXPECT_EQ(house.difference(reader, "en")["error"]["code"], "FORBIDDEN") << reader;
}

}  // namespace
}  // namespace kvali::api
