// What is asked before many are decided for, and what follows from it outside: rankings, previews, minutes, letters that wait.
#include <google/protobuf/text_format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "server/core/effects.h"
#include "tests/server/api/reader.h"

namespace kvali::api {
namespace {

using demo::testing::Season;
using nlohmann::json;
using testing::Office;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Letterbox final : public core::Mailer {
 public:
  Result<void> send(const std::vector<core::Message>& messages) override {
    for (const core::Message& one : messages) subjects.push_back(one.subject);
    return {};
  }
  std::vector<std::string> subjects;
};

/// A cohort of tests/engine/cohort/choosing.yaml beside the season of 2017, with its people.
struct House {
  House() {
    std::ostringstream text;
    text << std::ifstream(std::string(KVALI_SOURCE_DIR) + "/tests/engine/cohort/choosing.yaml").rdbuf();
    v1::Command publish;
    v1::SourceFile& file = *publish.mutable_publish_program()->add_files();
    file.set_path("program.yaml");
    file.set_text(text.str());
    cohort.clear();
    EXPECT_EQ(season.world.ask(std::move(publish), season.person("manager-1")).code, "");
    const core::Reply opened = tell("manager-1", R"(open_cohort { name: "contest" program: "choosing" localities { id: "taurage" name: "Taurage" } })");
    EXPECT_EQ(opened.code, "") << cohort::in_language(opened.refusal.sentence, "en");
    cohort = "contest";
    EXPECT_TRUE(effects.resume().has_value());
    effects.run(season.world.now_us);
    season.world.run();
    box.subjects.clear();
  }
  core::Reply tell(const std::string& who, const std::string& text) {
    v1::Command command;
    if (!google::protobuf::TextFormat::ParseFromString(text, &command)) throw std::runtime_error("no command: " + text);
    command.set_cohort(cohort);
    return season.world.ask(std::move(command), season.person(who));
  }
  std::string enter(const std::string& who, const std::string& title, int points) {
    const core::Reply begun = tell(who, "start_initiative { fields { name: \"title\" value { text: \"" + title + "\" } } fields { name: \"town\" value { text: \"taurage\" } } "
                                        "fields { name: \"points\" value { number: " + std::to_string(points) + " } } }");
    EXPECT_EQ(begun.code, "") << cohort::in_language(begun.refusal.sentence, "en");
    EXPECT_EQ(tell(who, "make_move { initiative: \"" + begun.created + "\" move: \"enter\" }").code, "");
    return begun.created;
  }
  void give(const std::string& role, const std::string& who) {
    EXPECT_EQ(tell("manager-1", "assign_role { person: \"" + season.person(who) + "\" role: \"" + role + "\" }").code, "");
  }
  json ask(const std::string& reader, const v1::Query& query) {
    const std::uint64_t connection = office.sign_in(reader, "en");
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
  std::string state(const std::string& initiative) {
    const cohort::Cohort& all = season.world.core().store().cohorts.at("contest").state;
    const cohort::Initiative& one = all.initiatives[*all.find(initiative)];
    return one.model->chart().path(statechart::atomic_states(one.model->chart(), one.at.where).front());
  }
  void run_letters(std::int64_t later_us = 0) {
    season.world.now_us += later_us;
    effects.run(season.world.now_us);
    season.world.run();
  }
  Season season{"2016-11-15 09:00"};
  std::string cohort;
  Office office{season};
  Letterbox box;
  core::Effects effects{season.world.core(), box};
};

/// The keys of people who apply elsewhere, in their order.
std::string applicant(const House& house, std::size_t number) {
  for (const auto& [key, person] : house.season.played.people)
    if (key.starts_with("applicant-") && number-- == 0) return key;
  throw std::runtime_error("there are not so many");
}

TEST(Choosing, AnswersWhoWouldBeInToWhoRunsTheCohort) {
  House house;
  const std::string a = house.enter(applicant(house, 0), "Bees", 3), b = house.enter(applicant(house, 1), "Bread", 9), c = house.enter(applicant(house, 2), "Boats", 5);
  v1::Query query;
  query.mutable_ranking()->set_cohort("contest");
  query.mutable_ranking()->set_move("select");
  const json answer = house.ask("manager-1", query)["answer"]["ranking"]["groups"][0];
  EXPECT_EQ(answer["places"], 2);
  ASSERT_EQ(answer["lines"].size(), 3u);
  EXPECT_EQ(answer["lines"][0]["initiative"], b);
  EXPECT_EQ(answer["lines"][0]["title"], "Bread");
  EXPECT_EQ(answer["lines"][0]["verdict"], "IN");
  EXPECT_EQ(answer["lines"][2]["initiative"], a);
  EXPECT_EQ(answer["lines"][2]["verdict"], "RESERVE");
  EXPECT_EQ(house.ask(applicant(house, 0), query)["error"]["code"], "FORBIDDEN");
  query.mutable_ranking()->set_ranked_by("0 - initiative.points");
  query.mutable_ranking()->set_places(1);
  const json otherwise = house.ask("manager-1", query)["answer"]["ranking"]["groups"][0];
  EXPECT_EQ(otherwise["lines"][0]["initiative"], a);
  EXPECT_EQ(otherwise["lines"][1]["verdict"], "RESERVE");
  query.mutable_ranking()->set_ranked_by("initiative.pionts");
  EXPECT_THAT(house.ask("manager-1", query)["error"]["sentence"].get<std::string>(), HasSubstr("pionts"));
}

TEST(Choosing, ShowsTheLettersOfDecisionsBeforeTheyAreSent) {
  House house;
  const std::string a = house.enter(applicant(house, 0), "Bees", 3);
  EXPECT_EQ(house.tell("manager-1", "select_ranked { move: \"select\" }").code, "");
  v1::Query query;
  query.mutable_letters()->set_cohort("contest");
  const json letters = house.ask("manager-1", query)["answer"]["letters"];
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0]["subject"], "A place for Bees");
  EXPECT_EQ(letters[0]["person"]["id"], house.season.person(applicant(house, 0)));
  EXPECT_EQ(house.state(a), "choosing.entered");
  house.run_letters();
  EXPECT_THAT(house.box.subjects, IsEmpty());
}

TEST(Choosing, PreviewsAMoveForManyAndHoldsItsLettersUntilItStands) {
  House house;
  const std::string a = house.enter(applicant(house, 0), "Bees", 3), b = house.enter(applicant(house, 1), "Bread", 9);
  v1::Query query;
  query.mutable_bulk()->set_cohort("contest");
  query.mutable_bulk()->mutable_move()->set_move("put");
  query.mutable_bulk()->mutable_move()->set_where("initiative.points > 5");
  const json report = house.ask("manager-1", query)["answer"]["bulk"];
  EXPECT_EQ(report["possible"], 1);
  EXPECT_EQ(report["lines"][0]["initiative"], b);
  EXPECT_EQ(report["undoWithinUs"], "600000000");
  const core::Reply moved = house.tell("manager-1", "bulk_move { where: \"initiative.points > 5\" move: \"put\" }");
  ASSERT_EQ(moved.code, "");
  house.run_letters();
  EXPECT_THAT(house.box.subjects, IsEmpty());
  EXPECT_EQ(house.tell("manager-1", "undo_bulk { bulk: \"" + moved.created + "\" }").code, "");
  EXPECT_EQ(house.state(b), "choosing.entered");
  house.run_letters(3'600'000'000);
  EXPECT_THAT(house.box.subjects, IsEmpty());  // it was taken back
  EXPECT_EQ(house.tell("manager-1", "bulk_move { initiatives: \"" + a + "\" move: \"put\" }").code, "");
  house.run_letters();
  EXPECT_THAT(house.box.subjects, IsEmpty());
  house.run_letters(601'000'000);
  EXPECT_THAT(house.box.subjects, ElementsAre("Bees is on the list"));
}

TEST(Choosing, ShowsWhoIsMissingAndHowAVoteStands) {
  House house;
  const std::string a = house.enter(applicant(house, 0), "Bees", 3);
  house.give("council", applicant(house, 5));
  for (std::size_t i = 6; i < 10; ++i) house.give("director", applicant(house, i));
  EXPECT_EQ(house.tell("manager-1", "make_move { initiative: \"" + a + "\" move: \"sign\" }").code, "");
  EXPECT_EQ(house.tell("manager-1", "make_move { initiative: \"" + a + "\" move: \"admit\" }").code, "");
  EXPECT_EQ(house.tell(applicant(house, 6), "cast_vote { initiative: \"" + a + "\" choice: YES }").code, "");
  v1::Query query;
  query.mutable_initiative()->set_cohort("contest");
  query.mutable_initiative()->set_initiative(a);
  const json detail = house.ask("manager-1", query)["answer"]["rows"][0]["detail"];
  for (const json& move : detail["moves"])
    if (move["name"] == "sign") {
      EXPECT_EQ(move["gate"]["missing"], 1);
      EXPECT_EQ(move["gate"]["parties"][1]["role"], "council");
    }
  bool any = false;
  for (const json& task : detail["tasks"])
    if (task.contains("vote") && task["vote"].value("body", "") == "board") {
      any = true;
      EXPECT_EQ(task["vote"]["yes"], 1);
      EXPECT_EQ(task["vote"]["members"], 4);
    }
  EXPECT_TRUE(any);
  // What the board says is not the applicant's to know.
  EXPECT_THAT(house.ask(applicant(house, 0), query).dump(), Not(HasSubstr("ballots")));
  const json asked = house.ask(applicant(house, 5), query)["answer"]["rows"][0]["detail"]["row"];
  EXPECT_TRUE(asked.value("mine", false));
}

TEST(Choosing, WritesMinutes) {
  House house;
  const std::string a = house.enter(applicant(house, 0), "Bees *and* hives", 3);
  for (std::size_t i = 6; i < 10; ++i) house.give("director", applicant(house, i));
  EXPECT_EQ(house.tell("manager-1", "make_move { initiative: \"" + a + "\" move: \"admit\" }").code, "");
  for (std::size_t i = 6; i < 9; ++i) EXPECT_EQ(house.tell(applicant(house, i), "cast_vote { initiative: \"" + a + "\" choice: YES }").code, "");
  EXPECT_EQ(house.tell("manager-1", "cast_vote { initiative: \"" + a + "\" choice: EXCUSED person: \"" + house.season.person(applicant(house, 9)) + "\" }").code, "");
  v1::Query query;
  query.mutable_minutes()->set_cohort("contest");
  query.mutable_minutes()->set_body("board");
  const std::string document = house.ask(applicant(house, 6), query)["answer"]["document"];
  EXPECT_THAT(document, HasSubstr("# Minutes: Board"));
  EXPECT_THAT(document, HasSubstr("### Bees \\*and\\* hives — Admit"));
  EXPECT_THAT(document, HasSubstr("**not carried**. for 3, against 0, abstained 0; quorum 4."));
  EXPECT_THAT(document, HasSubstr("- excused: "));
  EXPECT_EQ(house.ask(applicant(house, 0), query)["error"]["code"], "FORBIDDEN");
}

}  // namespace
}  // namespace kvali::api
