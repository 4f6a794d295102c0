// What mentors, applicants and managers are told of mentoring over the wire, and what they are not.
#include <google/protobuf/text_format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "server/core/effects.h"
#include "server/views/views.h"
#include "tests/server/api/reader.h"

namespace kvali::api {
namespace {

using demo::testing::Season;
using nlohmann::json;
using testing::Office;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Letterbox final : public core::Mailer {
 public:
  Result<void> send(const std::vector<core::Message>& messages) override {
    for (const core::Message& one : messages) subjects.push_back(one.subject);
    return {};
  }
  std::vector<std::string> subjects;
};

/// A cohort of tests/engine/cohort/mentoring.yaml beside the season of 2017, with its people: one initiative, mentored by mentor-taurage.
class Mentoring : public ::testing::Test {
 protected:
  Mentoring() {
    std::ostringstream text;
    text << std::ifstream(std::string(KVALI_SOURCE_DIR) + "/tests/engine/cohort/mentoring.yaml").rdbuf();
    v1::Command publish;
    v1::SourceFile& file = *publish.mutable_publish_program()->add_files();
    file.set_path("program.yaml");
    file.set_text(text.str());
    EXPECT_EQ(season.world.ask(std::move(publish), season.person("manager-1")).code, "");
    const core::Reply opened = tell("manager-1", R"(open_cohort { name: "mentored" program: "mentoring" localities { id: "taurage" name: "Taurage" } })");
    EXPECT_EQ(opened.code, "") << cohort::in_language(opened.refusal.sentence, "en");
    cohort = "mentored";
    EXPECT_TRUE(effects.resume().has_value());
    for (const auto& [key, person] : season.played.people)
      if (key.starts_with("applicant-") && applicant.empty()) applicant = key;
    initiative = bring("Bread");
    assign("mentor-taurage", "mentor");
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
  std::string bring(const std::string& title) {
    const core::Reply begun = tell(applicant, "start_initiative { fields { name: \"title\" value { text: \"" + title + "\" } } fields { name: \"town\" value { text: \"taurage\" } } "
                                              "fields { name: \"language\" value { text: \"ka\" } } }");
    EXPECT_EQ(begun.code, "") << cohort::in_language(begun.refusal.sentence, "en");
    EXPECT_EQ(tell(applicant, "make_move { initiative: \"" + begun.created + "\" move: \"begin\" }").code, "");
    return begun.created;
  }
  void assign(const std::string& who, const std::string& role) {
    EXPECT_EQ(tell("manager-1", "assign_role { person: \"" + season.person(who) + "\" role: \"" + role + "\" initiative: \"" + initiative + "\" }").code, "");
  }
  void session() {
    const core::Reply held = tell("mentor-taurage", "open_task { initiative: \"" + initiative + "\" kind: \"sessions\" fields { name: \"date\" value { date { year: 2016 month: 11 day: 15 } } } "
      "fields { name: \"minutes\" value { number: 75 } } fields { name: \"summary\" value { text: \"We talked of ovens\" } } "
      "fields { name: \"team\" value { text: \"She is short of money\" } } fields { name: \"own\" value { text: \"I doubt it\" } } }");
    EXPECT_EQ(held.code, "") << cohort::in_language(held.refusal.sentence, "en");
  }
  std::string all_heard(const std::string& reader) {
    const std::uint64_t connection = office.sign_in(reader, "en");
    for (const bool one : {true, false}) {
      v1::ClientMessage subscribe;
      subscribe.set_id(one ? 10 : 11);
      subscribe.mutable_subscribe()->set_topic(one ? "initiative" : "cohort");
      subscribe.mutable_subscribe()->set_cohort("mentored");
      if (one) subscribe.mutable_subscribe()->set_initiative(initiative);
      office.say(connection, std::move(subscribe));
    }
    v1::ClientMessage query;
    query.set_id(12);
    query.mutable_query()->mutable_log()->set_cohort("mentored");
    office.say(connection, std::move(query));
    return office.heard(connection);
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
  v1::InitiativeRow row(const std::string& reader) {
    const cohort::Cohort& state = season.world.core().store().cohorts.at("mentored").state;
    return views::Views(season.world.core(), state, season.person(reader), season.world.now_us).row("initiative/" + initiative)->initiative();
  }
  v1::Query mentors() const {
    v1::Query query;
    query.mutable_mentors()->set_cohort("mentored");
    query.mutable_mentors()->set_role("mentor");
    return query;
  }

  Season season{"2016-11-15 09:00"};
  std::string cohort, applicant, initiative;
  Office office{season};
  Letterbox box;
  core::Effects effects{season.world.core(), box};
};

TEST_F(Mentoring, ShowsAPrivateNoteToItsAuthorAndNobodyElse) {
  assign("mentor-kelme", "mentor");
  session();
  EXPECT_THAT(all_heard("mentor-taurage"), HasSubstr("I doubt it"));
  for (const std::string& reader : {applicant, std::string("mentor-kelme"), std::string("manager-1")}) {
    const std::string heard = all_heard(reader);
    EXPECT_THAT(heard, HasSubstr("We talked of ovens")) << reader;
    EXPECT_THAT(heard, Not(HasSubstr("I doubt it"))) << reader;
  }
  EXPECT_THAT(all_heard("mentor-kelme"), HasSubstr("She is short of money"));
  EXPECT_THAT(all_heard(applicant), Not(HasSubstr("She is short of money")));
  EXPECT_THAT(all_heard("reviewer-1"), Not(HasSubstr("We talked of ovens")));
}

TEST_F(Mentoring, TellsTheManagerWhatEachMentorDidTheSilentFirst) {
  session();
  initiative = bring("Tea");
  assign("mentor-kelme", "mentor");
  const std::string third = bring("Jam");
  const json answer = ask("manager-1", mentors())["answer"];
  ASSERT_EQ(answer["mentors"].size(), 2u);
  EXPECT_EQ(answer["mentors"][0]["person"]["id"], season.person("mentor-kelme")) << "has written nothing yet";
  EXPECT_EQ(answer["mentors"][0]["silent"], 1);
  EXPECT_EQ(answer["mentors"][1]["sessions"], 1);
  EXPECT_EQ(answer["mentors"][1]["minutes"], "75");
  EXPECT_EQ(answer["mentors"][1]["load"], 1);
  EXPECT_EQ(answer["mentors"][1]["loadMax"], 3);
  ASSERT_EQ(answer["unattended"].size(), 1u);
  EXPECT_EQ(answer["unattended"][0]["initiative"], third);
  EXPECT_EQ(answer["unattended"][0]["title"], "Jam");
}

TEST_F(Mentoring, TellsAMentorHerOwnHoursAndNobodyElsesHours) {
  session();
  assign("mentor-kelme", "mentor");
  const json own = ask("mentor-taurage", mentors())["answer"];
  ASSERT_EQ(own["mentors"].size(), 1u);
  EXPECT_EQ(own["mentors"][0]["minutes"], "75");
  EXPECT_FALSE(own.contains("unattended"));
  EXPECT_FALSE(ask(applicant, mentors())["answer"].contains("mentors"));
  EXPECT_FALSE(ask("reviewer-1", mentors())["answer"].contains("mentors"));
}

TEST_F(Mentoring, TellsWhoCouldTakeItToWhoGivesRoles) {
  EXPECT_EQ(tell("manager-1", "set_competences { person: \"" + season.person("mentor-kelme") + "\" competences { field: \"language\" values: \"ka\" } }").code, "");
  v1::Query query;
  query.mutable_candidates()->set_cohort("mentored");
  query.mutable_candidates()->set_role("mentor");
  query.mutable_candidates()->set_initiative(initiative);
  const json rows = ask("manager-1", query)["answer"]["candidates"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["person"]["id"], season.person("mentor-kelme"));
  EXPECT_EQ(rows[0]["why"], "Competent for 1 of 1; has 0 of 3");
  EXPECT_EQ(rows[1]["hindrance"], "HAS_IT");
  EXPECT_EQ(rows[1]["why"], "Holds the role there already");
  EXPECT_EQ(tell("manager-1", "declare_conflict { person: \"" + season.person("mentor-kelme") + "\" initiative: \"" + initiative + "\" kind: FAMILY }").code, "");
  const json after = ask("manager-1", query)["answer"]["candidates"];
  EXPECT_EQ(after[0]["hindrance"], "IN_CONFLICT");
  EXPECT_EQ(after[0]["why"], "A conflict of interest: it was declared");
  for (const std::string& reader : {applicant, std::string("mentor-taurage"), std::string("reviewer-1")})
    EXPECT_EQ(ask(reader, query)["error"]["code"], "FORBIDDEN") << reader;
}

TEST_F(Mentoring, KeepsACallForHelpOnTheBoardUntilItIsAnswered) {
  EXPECT_FALSE(row("manager-1").mine());
  EXPECT_EQ(tell(applicant, "open_task { initiative: \"" + initiative + "\" kind: \"calls\" fields { name: \"what\" value { text: \"The oven is broken\" } } }").code, "");
  effects.run(season.world.now_us);
  season.world.run();
  EXPECT_THAT(box.subjects, Contains("Help is wanted: Bread"));
  EXPECT_TRUE(row("manager-1").mine());
  EXPECT_THAT(row("manager-1").waits_for(), Contains("manager"));
  ASSERT_EQ(row("manager-1").tasks_size(), 1);
  EXPECT_EQ(row("manager-1").tasks(0).kind(), "calls");
  EXPECT_EQ(row("manager-1").tasks(0).open(), 1u);
  EXPECT_EQ(tell("manager-1", "make_move { initiative: \"" + initiative + "\" task: \"calls/1\" move: \"answered\" fields { name: \"answer\" value { text: \"Borrow one\" } } }").code, "");
  EXPECT_FALSE(row("manager-1").mine());
  EXPECT_EQ(row("manager-1").tasks(0).done(), 1u);
  effects.run(season.world.now_us);
  season.world.run();
  EXPECT_THAT(box.subjects, Contains("Your call was answered: Bread"));
}

TEST_F(Mentoring, WaitsForTheOtherPartyOfAGoalAlone) {
  EXPECT_EQ(tell("mentor-taurage", "open_task { initiative: \"" + initiative + "\" kind: \"goals\" fields { name: \"what\" value { text: \"Sell\" } } fields { name: \"day\" value { date { year: 2030 month: 1 day: 1 } } } }").code, "");
  const cohort::Cohort& state = season.world.core().store().cohorts.at("mentored").state;
  const auto possible = [&](const std::string& reader) {
    std::vector<std::string> moves;
    const auto found = views::Views(season.world.core(), state, season.person(reader), season.world.now_us).detail(initiative);
    for (const v1::TaskView& task : found->detail().tasks())
      for (const v1::MoveView& move : task.moves())
        if (move.possible()) moves.push_back(move.name());
    return moves;
  };
  EXPECT_THAT(possible(applicant), ElementsAre("agree", "withdraw"));
  EXPECT_THAT(possible("mentor-taurage"), ElementsAre("withdraw"));
}

}  // namespace
}  // namespace kvali::api
