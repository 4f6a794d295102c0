// Two worlds that differ only in what somebody may not see are the same to her, byte for byte: what she is sent, how often, what
// she is answered and with which words she is refused.
#include <gmock/gmock.h>

#include <deque>
#include <set>

#include "server/core/uuid.h"
#include "tests/engine/cohort/describe.h"
#include "tests/server/api/reader.h"

namespace kvali::api {
namespace {

using demo::testing::Season;
using testing::Office;

/// What is done behind somebody's back.
struct Deed {
  const char *who, *what, *initiative;
};

/// The same season twice, another deed in each, and what `reader` heard of it in both: while she looks on, and who comes later.
class TwoWorlds {
 public:
  TwoWorlds(const std::string& until, const std::vector<Deed>& one, const std::vector<Deed>& other) : deeds_{one, other} {
    for (int world = 0; world < 2; ++world) seasons_.push_back(std::make_unique<Season>(until));
  }

  std::string difference(const std::string& reader, const std::string& initiative) {
    std::string heard[2];
    for (int world = 0; world < 2; ++world) {
      Season& season = *seasons_[static_cast<std::size_t>(world)];
      if (!season.error.empty()) return season.error;
      Office office(season);
      const std::uint64_t looking = office.sign_in(reader, "lt");
      look(office, looking, season, initiative);
      for (const Deed& deed : deeds_[world])
        if (const core::Reply reply = season.ask(deed.who, deed.what, deed.initiative); !reply.code.empty()) return reply.code + " " + deed.what;
      office.settle();
      for (const char* move : {"select", "submit", "close"}) ask(office, looking, season, initiative, move);
      const std::uint64_t later = office.sign_in(reader, "en");
      look(office, later, season, initiative);
      heard[world] = office.heard(looking) + office.heard(later);
    }
    if (heard[0].size() < 10'000) return "nothing was heard: " + heard[0];
    return cohort::testing::difference(heard[0], heard[1]);
  }

 private:
  static void look(Office& office, std::uint64_t connection, Season& season, const std::string& initiative) {
    const std::string id = season.played.initiatives.at(initiative);
    for (const char* topic : {"cohort", "initiative"}) {
      v1::ClientMessage subscribe;
      subscribe.set_id(topic[0] == 'c' ? 10 : 11);
      subscribe.mutable_subscribe()->set_topic(topic);
      subscribe.mutable_subscribe()->set_cohort("season-2017");
      if (topic[0] == 'i') subscribe.mutable_subscribe()->set_initiative(id);
      office.say(connection, std::move(subscribe));
    }
    for (const v1::Query& one : every_query(season, id)) {
      v1::ClientMessage query;
      query.set_id(12);
      *query.mutable_query() = one;
      office.say(connection, std::move(query));
    }
  }

  /// One of each kind that there is about a cohort, its people or an initiative: most are refused to most, and the refusal is heard too.
  static std::vector<v1::Query> every_query(const Season& season, const std::string& initiative) {
    constexpr const char* cohort = "season-2017";
    std::vector<v1::Query> all;
    const auto next = [&]() -> v1::Query& { return all.emplace_back(); };
    next().mutable_cohorts();
    next().mutable_people();
    next().mutable_organisations();
    next().mutable_programs();
    next().mutable_versions()->set_program("socifaction-2017");
    next().mutable_rows()->set_cohort(cohort);
    next().mutable_log()->set_cohort(cohort);
    next().mutable_eligibility()->set_cohort(cohort);
    next().mutable_migration()->set_cohort(cohort);
    next().mutable_readings()->set_cohort(cohort);
    next().mutable_readers()->set_cohort(cohort);
    next().mutable_letters()->set_cohort(cohort);
    next().mutable_minutes()->set_cohort(cohort);
    v1::InitiativeQuery& detail = *next().mutable_initiative();
    detail.set_cohort(cohort);
    detail.set_initiative(initiative);
    v1::RankingQuery& ranking = *next().mutable_ranking();
    ranking.set_cohort(cohort);
    ranking.set_move("select");
    v1::BulkQuery& bulk = *next().mutable_bulk();
    bulk.set_cohort(cohort);
    bulk.mutable_move()->set_move("select");
    bulk.mutable_move()->add_initiatives(initiative);
    v1::CheckAnswersQuery& answers = *next().mutable_check_answers();
    answers.set_cohort(cohort);
    answers.set_initiative(initiative);
    answers.set_move("submit");
    v1::RevisionsQuery& revisions = *next().mutable_revisions();
    revisions.set_cohort(cohort);
    revisions.set_initiative(initiative);
    v1::CandidatesQuery& candidates = *next().mutable_candidates();
    candidates.set_cohort(cohort);
    candidates.set_role("mentor");
    candidates.set_initiative(initiative);
    v1::MentorsQuery& mentors = *next().mutable_mentors();
    mentors.set_cohort(cohort);
    mentors.set_role("mentor");
    const std::string& organisation = season.cohort().initiatives.at(*season.cohort().find(initiative)).organisation;
    next().mutable_organisation()->set_organisation(organisation.empty() ? "none" : organisation);
    // What is new in the vocabulary is asked here too, or named as nobody's secret.
    std::set<std::string> asked{"difference"};  // of two published versions of a program
    for (const v1::Query& one : all) asked.insert(one.GetReflection()->GetOneofFieldDescriptor(one, one.GetDescriptor()->FindOneofByName("body"))->name());
    const auto* body = v1::Query::descriptor()->FindOneofByName("body");
    for (int i = 0; i < body->field_count(); ++i) EXPECT_TRUE(asked.contains(body->field(i)->name())) << body->field(i)->name();
    return all;
  }

  static void ask(Office& office, std::uint64_t connection, Season& season, const std::string& initiative, const std::string& move) {
    v1::ClientMessage call;
    call.set_id(static_cast<std::uint32_t>(100 + move[0]));
    v1::Command& command = *call.mutable_call()->mutable_command();
    command.set_id(core::make_uuid_v7(season.world.now_us, static_cast<std::uint64_t>(move[0]), 7));
    command.set_cohort("season-2017");
    command.mutable_make_move()->set_initiative(season.played.initiatives.at(initiative));
    command.mutable_make_move()->set_move(move);
    call.mutable_call()->set_dry_run(true);
    office.say(connection, std::move(call));
  }

  std::vector<Deed> deeds_[2];
  std::vector<std::unique_ptr<Season>> seasons_;
};

TEST(TwoWorlds, AreOneToAnApplicantWhoseDecisionIsHeld) {
  for (const char* reader : {"applicant-taurage-1", "mentor-taurage", "donor"}) {
    TwoWorlds worlds("2017-01-06 12:00", {{"manager-1", "{make_move: {move: select}}", "taurage-1"}},
                     {{"manager-1", "{make_move: {move: decline, reason: Because}}", "taurage-1"}});
    EXPECT_EQ(worlds.difference(reader, "taurage-1"), "") << reader;
  }
}

TEST(TwoWorlds, AreOneToAnApplicantWhoeverAssessesHerAndHow) {
  const auto review = [](const char* who, int score) {
    static std::deque<std::string> kept;
    kept.push_back("{open_task: {kind: review, fields: {impact: " + std::to_string(score) + ", feasibility: 3, team: 3}}}");
    return Deed{who, kept.back().c_str(), "taurage-1"};
  };
  for (const char* reader : {"applicant-taurage-1", "applicant-taurage-2"}) {
    TwoWorlds worlds("2016-12-21 12:00", {review("reviewer-1", 5)}, {review("reviewer-2", 1)});
    EXPECT_EQ(worlds.difference(reader, std::string(reader).substr(10)), "") << reader;
  }
}

TEST(TwoWorlds, AreOneToWhoMayNotReadAPrivateNote) {
  for (const char* reader : {"applicant-taurage-1", "coordinator-taurage", "donor"}) {
    TwoWorlds worlds("2017-01-20 12:00",
                     {{"mentor-taurage", "{open_task: {kind: meetings, fields: {date: 2017-01-20, minutes: 60, private_note: A worry}}}", "taurage-1"}},
                     {{"mentor-taurage", "{open_task: {kind: meetings, fields: {date: 2017-01-20, minutes: 60, private_note: No worry at all}}}", "taurage-1"}});
    EXPECT_EQ(worlds.difference(reader, "taurage-1"), "") << reader;
  }
}

/// An application that says something else about who brings it, handed in and on its way to be read.
std::vector<Deed> handed_in(const char* contact) {
  return {{"applicant-taurage-1", contact, "taurage-1"},
          {"applicant-taurage-1", "{make_move: {move: submit}}", "taurage-1"},
          {"coordinator-taurage", "{make_move: {move: pass}}", "taurage-1"}};
}
constexpr const char* one_contact = "{save_fields: {fields: {contact: ona@example.org}}}";
constexpr const char* other_contact = "{save_fields: {fields: {contact: somebody.else.altogether@example.net}}}";

TEST(TwoWorlds, AreOneToWhoReadsBlind) {
  TwoWorlds worlds("2016-12-06 12:00", handed_in(one_contact), handed_in(other_contact));
  EXPECT_EQ(worlds.difference("reviewer-1", "taurage-1"), "");
}

TEST(TwoWorlds, AreTwoToWhoDoesNot) {
  TwoWorlds worlds("2016-12-06 12:00", handed_in(one_contact), handed_in(other_contact));
  EXPECT_NE(worlds.difference("coordinator-taurage", "taurage-1"), "");
}

TEST(TwoWorlds, AreOneToWhoHasAConflictOfInterest) {
  // Nothing but the title is left to her: neither what others score, nor what is held.
  const Deed conflict{"reviewer-1", "{declare_conflict: {kind: FAMILY}}", "taurage-1"};
  TwoWorlds worlds("2017-01-06 12:00", {conflict, {"manager-1", "{make_move: {move: select}}", "taurage-1"}},
                   {conflict, {"manager-1", "{make_move: {move: decline, reason: Because}}", "taurage-1"}});
  EXPECT_EQ(worlds.difference("reviewer-1", "taurage-1"), "");
}

TEST(TwoWorlds, AreTwoToTheManager) {
  TwoWorlds worlds("2017-01-06 12:00", {{"manager-1", "{make_move: {move: select}}", "taurage-1"}},
                   {{"manager-1", "{make_move: {move: decline, reason: Because}}", "taurage-1"}});
  EXPECT_NE(worlds.difference("manager-2", "taurage-1"), "") << "a comparison that cannot fail proves nothing";
}

}  // namespace
}  // namespace kvali::api
