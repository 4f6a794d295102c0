// The answers of a form: what a move would find, what has changed since it was handed in, and what of it nobody is told who may not see it.
#include <fmt/format.h>
#include <google/protobuf/text_format.h>
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
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const char* author = "applicant-taurage-1";

/// A cohort of tests/engine/cohort/forms.yaml beside the season of 2017, with its people and one initiative.
struct House {
  House() {
    std::ostringstream text;
    text << std::ifstream(std::string(KVALI_SOURCE_DIR) + "/tests/engine/cohort/forms.yaml").rdbuf();
    v1::Command publish;
    v1::SourceFile& file = *publish.mutable_publish_program()->add_files();
    file.set_path("program.yaml");
    file.set_text(text.str());
    EXPECT_EQ(season.world.ask(std::move(publish), season.person("manager-1")).code, "");
    EXPECT_EQ(tell("manager-1", R"(open_cohort { name: "bakers" program: "forms" })"), "");
    cohort = "bakers";
    for (const auto& [role, who] : {std::pair("mentor", "mentor-taurage"), std::pair("reviewer", "reviewer-1")})
      EXPECT_EQ(tell("manager-1", fmt::format(R"(assign_role {{ person: "{}" role: "{}" }})", season.person(who), role)), "");
    EXPECT_EQ(tell(author, R"(start_initiative { fields { name: "title" value { text: "Bread" } } })"), "");
    a = created;
  }
  std::string tell(const std::string& who, const std::string& text) {
    v1::Command command;
    if (!google::protobuf::TextFormat::ParseFromString(text, &command)) throw std::runtime_error("no command: " + text);
    command.set_cohort(cohort);
    const core::Reply reply = season.world.ask(std::move(command), season.person(who));
    created = reply.created;
    return reply.code + cohort::in_language(reply.refusal.sentence, "en");
  }
  std::string save(const std::string& fields) { return tell(author, fmt::format("save_fields {{ initiative: \"{}\" {} }}", a, fields)); }
  std::string move(const std::string& who, const std::string& name) { return tell(who, fmt::format("make_move {{ initiative: \"{}\" move: \"{}\" }}", a, name)); }
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
  json check(const std::string& reader, const std::string& move = "hand_in") {
    v1::Query query;
    query.mutable_check_answers()->set_cohort("bakers");
    query.mutable_check_answers()->set_initiative(a);
    query.mutable_check_answers()->set_move(move);
    return ask(reader, query);
  }
  json revisions(const std::string& reader, std::uint64_t was = 0, std::uint64_t now = 0) {
    v1::Query query;
    query.mutable_revisions()->set_cohort("bakers");
    query.mutable_revisions()->set_initiative(a);
    query.mutable_revisions()->set_was_sequence(was);
    query.mutable_revisions()->set_now_sequence(now);
    return ask(reader, query);
  }
  Season season{"2016-11-15 09:00"};
  std::string cohort, a, created;
  Office office{season};
};

std::string budget(const std::string& item, int amount) {
  return fmt::format(R"(fields {{ name: "budget" value {{ table {{ rows {{ values {{ name: "item" value {{ text: "{}" }} }}
    values {{ name: "amount" value {{ money {{ minor_units: {} currency: "EUR" }} }} }} values {{ name: "own" value {{ flag: true }} }} }} }} }} }} )", item, amount);
}
std::string team(const std::string& name) { return fmt::format(R"(fields {{ name: "team" value {{ table {{ rows {{ values {{ name: "name" value {{ text: "{}" }} }} }} }} }} }} )", name); }

/// The fields of a section by name, with what is missing of each.
std::vector<std::string> lines_of(const json& section) {
  std::vector<std::string> lines;
  for (const json& one : section["fields"]) {
    std::string line = one["answer"]["field"]["name"];
    if (one.value("needed", false)) line += " needed";
    for (const json& unmet : one.value("unmet", json::array())) line += ": " + unmet["why"]["translations"][0]["text"].get<std::string>();
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> changed(const json& answer) {
  std::vector<std::string> names;
  for (const json& one : answer["answer"]["revisions"].value("changes", json::array())) names.push_back(one["field"]["name"]);
  return names;
}

TEST(CheckAnswers, ShowsTheFormSectionBySectionAsTheMoveWouldFindIt) {
  House house;
  const json checked = house.check(author)["answer"]["checked"];
  EXPECT_FALSE(checked.value("possible", false));
  ASSERT_EQ(checked["sections"].size(), 3u) << checked.dump();
  EXPECT_EQ(checked["sections"][0]["name"], "idea");
  EXPECT_THAT(lines_of(checked["sections"][0]), ElementsAre("title needed", "plan"));
  EXPECT_THAT(lines_of(checked["sections"][1]), ElementsAre("budget needed: Please fill in: Budget", "total"));
  EXPECT_THAT(lines_of(checked["sections"][2]), ElementsAre("team")) << "what stands in no section comes last";
  EXPECT_EQ(checked["unmet"][0]["why"]["translations"][0]["text"], "Something is paid by yourselves");
  EXPECT_EQ(house.move(author, "hand_in"), "INVALIDPlease fill in: Budget") << "the refusal says the same";
  EXPECT_EQ(house.save(budget("Oven", 100)), "");
  const json whole = house.check(author)["answer"]["checked"];
  EXPECT_TRUE(whole.value("possible", false)) << whole.dump();
  EXPECT_EQ(whole["sections"][1]["fields"][0]["answer"]["value"]["table"]["rows"][0]["values"][0]["value"]["text"], "Oven");
  EXPECT_EQ(house.move(author, "hand_in"), "");
}

TEST(CheckAnswers, IsForWhoMayMakeTheMove) {
  House house;
  EXPECT_EQ(house.check("mentor-taurage")["error"]["code"], "FORBIDDEN");
  EXPECT_EQ(house.check("applicant-taurage-2")["error"]["code"], "NOT_FOUND");
  EXPECT_EQ(house.check(author, "close")["error"]["code"], "PRECONDITION");
}

TEST(Files, AreNamedInClearToWhoMaySeeThemAndSealedOtherwise) {
  House house;
  EXPECT_EQ(house.save(R"(fields { name: "plan" value { file { id: "f" plain_name: "Our Plan.EXE" ending: "pdf" size_bytes: 10 } } })"), "INVALIDThe plan: the file is to end in pdf, docx");
  EXPECT_EQ(house.save(R"(fields { name: "plan" value { file { id: "f" plain_name: "Our Plan.PDF" size_bytes: 10 } } })"), "");
  const cohort::Cohort& cohort = house.season.world.core().store().cohorts.at("bakers").state;
  const v1::FileReference& stored = cohort.initiatives[*cohort.find(house.a)].field("plan")->file();
  EXPECT_EQ(stored.plain_name(), "");
  EXPECT_EQ(stored.ending(), "pdf");
  EXPECT_EQ(stored.name().size(), 12u);
  EXPECT_EQ(house.check(author)["answer"]["checked"]["sections"][0]["fields"][1]["answer"]["value"]["file"]["plainName"], "Our Plan.PDF");
}

TEST(Tables, AreSealedValueByValue) {
  House house;
  EXPECT_EQ(house.save(budget("Oven", 100) + team("Ana Baker")), "");
  const cohort::Cohort& cohort = house.season.world.core().store().cohorts.at("bakers").state;
  const cohort::Initiative& one = cohort.initiatives[*cohort.find(house.a)];
  EXPECT_EQ(one.field("budget")->table().rows(0).values(0).value().sealed().subject(), house.a);
  EXPECT_EQ(one.field("team")->table().rows(0).values(0).value().sealed().subject(), house.season.person(author)) << "personal: under the person's key";
  EXPECT_THAT(one.field("team")->SerializeAsString(), Not(HasSubstr("Ana")));
}

TEST(Revisions, CompareTheAnswersWithThoseThatWereHandedIn) {
  House house;
  EXPECT_EQ(house.save(budget("Oven", 100)), "");
  EXPECT_EQ(house.move(author, "hand_in"), "");
  EXPECT_THAT(changed(house.revisions("manager-1")), IsEmpty());
  EXPECT_EQ(house.move("manager-1", "return"), "");
  EXPECT_EQ(house.save(budget("Oven", 250)), "");
  const json since = house.revisions("manager-1");
  EXPECT_THAT(changed(since), ElementsAre("budget", "total")) << since.dump();
  const json& change = since["answer"]["revisions"]["changes"][0];
  EXPECT_EQ(change["was"]["table"]["rows"][0]["values"][1]["value"]["money"]["minorUnits"], "100");
  EXPECT_EQ(change["now"]["table"]["rows"][0]["values"][1]["value"]["money"]["minorUnits"], "250");
  EXPECT_EQ(change["now"]["table"]["rows"][0]["values"][0]["value"]["text"], "Oven") << "opened";
  ASSERT_EQ(change["edits"].size(), 1u);
  EXPECT_EQ(change["edits"][0]["actor"]["id"], house.season.person(author));
  EXPECT_TRUE(since["answer"]["revisions"]["changes"][1]["edits"][0].value("computed", false));
  EXPECT_EQ(house.move(author, "hand_in"), "");
  const json twice = house.revisions("manager-1")["answer"]["revisions"];
  ASSERT_EQ(twice["revisions"].size(), 2u);
  EXPECT_EQ(twice["revisions"][0]["label"]["translations"][0]["text"], "Hand in");
  const auto sequence = [&](int at) { return std::stoull(twice["revisions"][at]["sequence"].get<std::string>()); };
  EXPECT_THAT(changed(house.revisions("manager-1")), IsEmpty());
  EXPECT_THAT(changed(house.revisions("manager-1", sequence(0), sequence(1))), ElementsAre("budget", "total"));
  EXPECT_THAT(changed(house.revisions("manager-1", 1, sequence(0))), ElementsAre("title", "budget", "total")) << "from nothing to the first";
  EXPECT_EQ(house.revisions("manager-1", sequence(1), sequence(0))["error"]["code"], "INVALID");
}

TEST(Revisions, AreThoseOfWhatTheReaderMaySee) {
  House house;
  EXPECT_EQ(house.save(budget("Oven", 100) + team("Ana Baker")), "");
  EXPECT_EQ(house.move(author, "hand_in"), "");
  EXPECT_EQ(house.move("manager-1", "return"), "");
  EXPECT_EQ(house.save(R"(fields { name: "title" value { text: "Rolls of rye" } } )" + budget("Mill", 100) + team("Eva Miller")), "");
  EXPECT_EQ(house.move(author, "hand_in"), "");
  const json all = house.revisions("manager-1", 1);
  EXPECT_THAT(changed(all), ElementsAre("title", "budget", "total", "team"));
  const json mentor = house.revisions("mentor-taurage", 1);
  EXPECT_THAT(changed(mentor), ElementsAre("title", "budget", "total")) << "the team is seen by the manager and the applicant";
  EXPECT_THAT(mentor.dump(), Not(HasSubstr("Miller")));
  const json blind = house.revisions("reviewer-1", 1);
  EXPECT_THAT(changed(blind), ElementsAre("budget", "total")) << blind.dump();
  for (const std::string& hidden : {std::string("Rolls"), std::string("Bread"), std::string("Miller"), house.season.person(author)})
    EXPECT_THAT(blind.dump(), Not(HasSubstr(hidden)));
  EXPECT_EQ(house.revisions("applicant-taurage-2")["error"]["code"], "NOT_FOUND");
}

TEST(Revisions, OfTwoWorldsAreOneToABlindReader) {
  std::string heard[2];
  for (int world = 0; world < 2; ++world) {
    House house;
    EXPECT_EQ(house.save(budget("Oven", 100) + team("Ana Baker")), "");
    EXPECT_EQ(house.move(author, "hand_in"), "");
    EXPECT_EQ(house.move("manager-1", "return"), "");
    EXPECT_EQ(house.save(fmt::format(R"(fields {{ name: "title" value {{ text: "{}" }} }} )", world == 0 ? "Rolls" : "Cakes") + budget("Mill", 100) + team(world == 0 ? "Eva" : "Ida")), "");
    EXPECT_EQ(house.move(author, "hand_in"), "");
    heard[world] = house.revisions("reviewer-1", 1).dump() + house.revisions("reviewer-1").dump() + house.check("reviewer-1", "close").dump();
  }
  EXPECT_EQ(heard[0], heard[1]);
}

}  // namespace
}  // namespace kvali::api
