// Organisations over the wire: everybody reads what stands in the registers, its own people the rest, a stranger nothing of it.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include "server/core/uuid.h"
#include "tests/engine/cohort/describe.h"
#include "tests/engine/program/files.h"
#include "tests/server/api/reader.h"

namespace kvali::api {
namespace {

using demo::testing::Season;
using testing::Office;
using ::testing::HasSubstr;
using ::testing::Not;

/// The season of 2017, and beside it one of the alliance with an organisation that has experience since some year.
class Alliance {
 public:
  explicit Alliance(int year) : season_("2016-11-20 12:00"), office_(season_) {
    manager_ = season_.person("manager-1");
    v1::Command publish;
    v1::SourceFile& file = *publish.mutable_publish_program()->add_files();
    file.set_path("program.yaml");
    file.set_text(program::testing::read_file("tests/engine/cohort/alliance.yaml"));
    ask(std::move(publish), manager_);
    ask("open_cohort { name: \"members\" program: \"alliance\" }", manager_);
    organisation = ask(R"(register_organisation { name: "Growers" kind: "organisation" facts { name: "founded" from { year: 2000 } } })", season_.person("applicant-taurage-1"));
    const std::string fact = ask("record_fact { organisation: \"" + organisation + "\" fact { name: \"experience\" from { year: " + std::to_string(year) + " } } }", manager_);
    ask("accept_fact { organisation: \"" + organisation + "\" fact: \"" + fact + "\" }", manager_);
  }
  /// What `who` hears of everything that may be asked about the organisation.
  std::string heard(const std::string& who) {
    const std::uint64_t connection = office_.sign_in(who, "en");
    v1::ClientMessage message;
    message.set_id(10);
    message.mutable_query()->mutable_eligibility()->set_organisation(organisation);
    office_.say(connection, message);
    message.set_id(11);
    message.mutable_query()->mutable_eligibility()->set_cohort("members");
    office_.say(connection, message);
    message.set_id(12);
    message.mutable_query()->mutable_organisation()->set_organisation(organisation);
    office_.say(connection, message);
    v1::ClientMessage call;
    call.set_id(13);
    call.mutable_call()->set_dry_run(true);
    v1::Command& command = *call.mutable_call()->mutable_command();
    command.set_id(core::make_uuid_v7(season_.world.now_us, 5, 7));
    command.set_cohort("members");
    command.mutable_start_initiative()->set_organisation(organisation);
    office_.say(connection, std::move(call));
    message.set_id(14);
    message.mutable_query()->mutable_organisations();
    office_.say(connection, message);
    return office_.heard(connection);
  }
  std::string ask(v1::Command command, const std::string& actor) {
    const core::Reply reply = season_.world.ask(std::move(command), actor);
    if (!reply.code.empty()) throw std::runtime_error(cohort::in_language(reply.refusal.sentence, "en"));
    return reply.created;
  }
  std::string ask(const std::string& text, const std::string& actor) {
    v1::Command command;
    if (!google::protobuf::TextFormat::ParseFromString(text, &command)) throw std::runtime_error("no command: " + text);
    return ask(std::move(command), actor);
  }
  std::string person(const std::string& key) const { return season_.person(key); }

  std::string organisation;

 private:
  Season season_;
  Office office_;
  std::string manager_;
};

TEST(Organisations, AreNothingThatAStrangerLearnsFactsFrom) {
  Alliance one(2010), other(2024);
  EXPECT_EQ(cohort::testing::difference(one.heard("applicant-taurage-2"), other.heard("applicant-taurage-2")), "");
  EXPECT_NE(cohort::testing::difference(one.heard("applicant-taurage-1"), other.heard("applicant-taurage-1")), "")
      << "a comparison that cannot fail proves nothing";
  EXPECT_NE(cohort::testing::difference(one.heard("manager-1"), other.heard("manager-1")), "");
}

TEST(Organisations, AreToldWhetherTheyMayBeginBeforeAWordIsWritten) {
  Alliance old(2010), young(2024);  // the world's clock stands at 1 March 2024
  EXPECT_THAT(old.heard("applicant-taurage-1"), HasSubstr(R"("cohort":"members","title":"Alliance","program":"alliance","mayBegin":true)"));
  const std::string heard = young.heard("applicant-taurage-1");
  EXPECT_THAT(heard, HasSubstr("Members have three months of experience"));
  EXPECT_THAT(heard, HasSubstr("3 months are complete on 31 March 2025."));
  EXPECT_THAT(heard, HasSubstr(R"("willHoldAtUs":"1743364800000000")")) << "31 March 2025 begins in Tbilisi at 20:00 UTC of the day before";
}

TEST(Organisations, AreReadByEverybodyAsFarAsRegistersGo) {
  Alliance world(2010);
  const std::string stranger = world.heard("applicant-taurage-2"), member = world.heard("applicant-taurage-1");
  for (const std::string& heard : {stranger, member}) EXPECT_THAT(heard, HasSubstr(R"("name":"Growers","kind":"organisation")"));
  EXPECT_THAT(stranger, Not(HasSubstr("experience")));
  EXPECT_THAT(member, HasSubstr(R"("name":"experience")"));
}

TEST(Organisations, ThatWereMergedAnswerAsWhatIsKept) {
  Alliance world(2010);
  const std::string second = world.ask("register_organisation { name: \"Growers again\" }", world.person("manager-1"));
  world.ask("merge_organisations { kept: \"" + world.organisation + "\" merged: \"" + second + "\" reason { text: \"One and the same\" } }", world.person("manager-1"));
  world.organisation = second;
  const std::string heard = world.heard("applicant-taurage-1");
  EXPECT_THAT(heard, HasSubstr("\"merged\":[\"" + second + "\"]"));
  EXPECT_THAT(heard, HasSubstr(R"("mayBegin":true)"));
  EXPECT_THAT(heard, HasSubstr(R"("names":[{"name":"Growers again"}])"));
}

}  // namespace
}  // namespace kvali::api
