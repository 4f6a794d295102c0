// Every other programme of workflows/, played whole from its history: nothing is refused that should not be, what is durable folds to the same, and
// in the end the figures are those that were published. Where a programme turns on a day, it is stopped on the evening before.
#include <algorithm>
#include <map>
#include <set>

#include "engine/cohort/mentoring.h"
#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"

namespace kvali::demo {
namespace {

using cohort::testing::broken_invariants;
using testing::Season;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Programme {
 public:
  explicit Programme(const std::string& name) {
    auto played = play(world_.core(), testing::workflow(name), world_.demo_options());
    if (!played)
      error = played.error().message;
    else
      cohort_ = played->cohort, cohorts_ = played->cohorts;
  }

  [[nodiscard]] const cohort::Cohort& cohort() const { return world_.core().store().cohorts.at(cohort_).state; }
  [[nodiscard]] std::vector<const cohort::Cohort*> cohorts() const {
    std::vector<const cohort::Cohort*> all;
    for (const std::string& name : cohorts_) all.push_back(&world_.core().store().cohorts.at(name).state);
    return all;
  }
  /// How many of a kind of subject ("": initiatives) ended so.
  [[nodiscard]] std::size_t ended(const std::string& kind, v1::State::End end) const {
    return static_cast<std::size_t>(std::count_if(cohort().initiatives.begin(), cohort().initiatives.end(), [&](const cohort::Initiative& one) { return one.kind() == kind && one.end == end; }));
  }
  /// The organisations and persons that the attendance lists of a kind of subject name.
  [[nodiscard]] std::set<std::string> attended(const std::string& kind) const {
    std::set<std::string> named;
    for (const cohort::Initiative& one : cohort().initiatives) {
      const cohort::TaskModel* list = one.model->attendance();
      if (one.kind() != kind || !list) continue;
      for (const cohort::Task& task : one.tasks)
        for (const char* field : {"organisation", "person"})
          if (const auto* there = cohort::stored(task.fields, field); task.kind == list->kind->name() && there) named.insert(there->value.text());
    }
    return named;
  }
  [[nodiscard]] std::uint32_t taken(const std::string& quota, const std::string& by = {}) const {
    const auto found = cohort().taken.find({quota, by});
    return found == cohort().taken.end() ? 0 : found->second;
  }
  void expect_whole() {
    ASSERT_EQ(error, "");
    for (const cohort::Cohort* one : cohorts()) EXPECT_THAT(broken_invariants(*one), IsEmpty());
    EXPECT_EQ(testing::folded(world_.journal), testing::live(world_.core()));
  }

  std::string error;

 private:
  testing::World world_;
  std::string cohort_;
  std::vector<std::string> cohorts_;
};

TEST(Programmes, SociFactionOf2015LetsSeventyOfTwoCountriesBegin) {
  Programme played("socifaction-2015");
  played.expect_whole();
  EXPECT_EQ(played.cohort().initiatives_count(), 77u);
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 70u);  // "about 70"
  EXPECT_EQ(played.ended("", v1::State::LAPSED), 3u);    // one offer, two that did not begin in time
  EXPECT_EQ(played.ended("season", v1::State::SUCCESS), 1u);
  EXPECT_EQ(played.attended("training").size(), 14u);
  EXPECT_EQ(played.taken("per_country", "lt"), 0u) << "who has begun holds no place any more";
  std::size_t steps = 0;  // each meeting ends with a next step that is somebody's, by a day
  for (const cohort::Initiative& one : played.cohort().initiatives)
    for (const cohort::Task& task : one.tasks)
      if (const auto* next = cohort::stored(task.fields, "next_steps"))
        for (const v1::Table::Row& row : next->value.table().rows()) {
          ++steps;
          EXPECT_TRUE(row.values(0).value().has_sealed());
          EXPECT_EQ(row.values(1).value().text(), one.applicant);
          EXPECT_TRUE(row.values(2).value().has_date());
        }
  EXPECT_EQ(steps, 142u);
  std::map<std::string, int> entries;  // those that stay open, by kind and how they stand at the end
  for (const cohort::Initiative& one : played.cohort().initiatives)
    for (const cohort::Task& task : one.tasks)
      if (const cohort::TaskModel* kind = one.model->task(task.kind); kind->kind->lasting()) ++entries[task.kind + " " + cohort::state_of_entry(task, *kind)];
  EXPECT_EQ(entries, (std::map<std::string, int>{{"goals reached", 1}, {"calls answered", 1}}));
}

TEST(Programmes, CapacityDevelopmentTrains113AndGivesThirtyPackages) {
  Programme played("asb-cso-capacity");
  played.expect_whole();
  EXPECT_EQ(played.attended("training").size(), 113u);
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 30u);
  EXPECT_EQ(played.ended("", v1::State::REFUSED), 12u);  // seven at once, five when the waitlist closed
  EXPECT_EQ(played.ended("", v1::State::LAPSED), 2u);
  EXPECT_EQ(played.ended("campaign", v1::State::SUCCESS), 4u);
  EXPECT_EQ(played.ended("campaign", v1::State::REFUSED), 1u);
  EXPECT_EQ(played.attended("workshop").size(), 5u);
  EXPECT_EQ(played.ended("season", v1::State::SUCCESS), 1u);
}

TEST(Programmes, SocialEntrepreneurshipTrains95Finances14AndAdvises20) {
  Programme played("csrdg-social-entrepreneurship");
  played.expect_whole();
  EXPECT_EQ(played.attended("course").size(), 95u);
  EXPECT_EQ(played.taken("financed"), 14u);
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 20u);  // of the operating track: advised
  EXPECT_EQ(played.ended("", v1::State::REFUSED), 30u);  // 4 operating, 22 at once, 4 when the waitlist closed
  const auto& all = played.cohort().initiatives;
  const auto dami = std::find_if(all.begin(), all.end(), [](const cohort::Initiative& one) {
    const v1::Value* founded = one.field("founded");
    return founded && founded->date().year() == 2018 && founded->date().month() == 3 && founded->date().day() == 5;
  });
  ASSERT_NE(dami, all.end()) << "founded on 5 March 2018";
  EXPECT_EQ(dami->field("form")->text(), "base");
}

TEST(Programmes, ThreeContestsOfStudentsHaveThreeHundredInAll) {
  Programme played("csrdg-student-contest");
  played.expect_whole();
  EXPECT_EQ(played.ended("", v1::State::SUCCESS), 25u);
  EXPECT_EQ(played.ended("", v1::State::LAPSED), 1u);
  std::int64_t students = 0, prizes = 0;
  for (const cohort::Cohort* contest : played.cohorts())
    for (const cohort::Initiative& one : contest->initiatives) {
      if (one.end != v1::State::SUCCESS) continue;
      students += one.field("students")->number();
      if (std::any_of(one.at.where.active.begin(), one.at.where.active.end(), [&](auto state) { return one.model->chart().path(state) == "contest.won"; })) ++prizes;
    }
  EXPECT_EQ(played.cohorts().size(), 3u);
  EXPECT_EQ(students, 300);
  EXPECT_EQ(prizes, 9);
}

// --- the alliance: memberships, whose categories follow from dates, and a board

constexpr const char* alliance_name = "alliance-membership";

/// The alliance, played whole; the tests that only look share it.
const Season& alliance() {
  static const Season played({}, alliance_name);
  return played;
}

/// How each vote on a membership ended: carried, lost, or void because its state was left.
std::vector<std::string> votes_on(const Season& season, const std::string& membership) {
  std::vector<std::string> ended;
  const cohort::Initiative& one = season.of(membership);
  for (const cohort::Task& task : one.tasks) {
    const cohort::TaskModel* kind = one.model->task(task.kind);
    if (kind->is_vote()) ended.push_back(kind->chart->path(statechart::atomic_states(*kind->chart, task.at.where).front()));
  }
  return ended;
}

/// Who sits on the board now.
std::vector<std::string> seated(const Season& season) {
  std::vector<std::string> persons;
  for (const cohort::Assignment& one : season.cohort().assignments)
    if (one.role == "director" && !one.ended && season.cohort().clock < one.until) persons.push_back(one.person);
  return persons;
}

std::string category(const Season& season, const std::string& membership) {
  const v1::Value* value = season.of(membership).field("category");
  return value ? value->text() : "";
}

TEST(Programmes, TheAllianceHasMembersOfThreeKinds) {
  ASSERT_EQ(alliance().error, "");
  EXPECT_THAT(broken_invariants(alliance().cohort()), IsEmpty());
  EXPECT_EQ(testing::folded(alliance().world.journal), testing::live(alliance().world.core()));
  EXPECT_EQ(alliance().played.initiatives.size(), 34u);
  EXPECT_EQ(alliance().in("membership.full").size(), 20u);
  EXPECT_THAT(alliance().in("membership.associate"), UnorderedElementsAre("m-21", "m-29", "m-30"));
  EXPECT_THAT(alliance().in("membership.honorary"), UnorderedElementsAre("h-1", "h-2", "h-3"));
  EXPECT_THAT(alliance().in("membership.left"), ElementsAre("m-19"));
  EXPECT_THAT(alliance().in("membership.excluded"), ElementsAre("m-24"));
  EXPECT_THAT(alliance().in("membership.ended"), ElementsAre("m-23"));
  EXPECT_THAT(alliance().in("application.declined"), UnorderedElementsAre("h-4", "m-17", "m-18"));
  EXPECT_THAT(alliance().in("application.lapsed"), ElementsAre("m-25"));
  EXPECT_THAT(alliance().in("withdrawn"), ElementsAre("m-26"));
  // Meetings of the general assembly: the founding, two that decided a complaint, one without a quorum, an exclusion, one called off, elections.
  std::map<v1::State::End, int> meetings;
  for (const cohort::Initiative& one : alliance().cohort().initiatives)
    if (one.kind() == "meeting") ++meetings[one.end];
  EXPECT_EQ(meetings, (std::map<v1::State::End, int>{{v1::State::SUCCESS, 5}, {v1::State::LAPSED, 1}, {v1::State::TERMINATED, 1}}));
  // The category is what the dates say, and where a membership stands follows from it.
  for (const auto& [key, id] : alliance().played.initiatives)
    for (const char* kind : {"full", "associate", "honorary"}) {
      const auto in = alliance().in("membership." + std::string(kind));
      EXPECT_EQ(std::find(in.begin(), in.end(), key) != in.end(), !alliance().of(key).ended() && category(alliance(), key) == kind) << key;
    }
}

TEST(Programmes, TheFoundersOfTheAllianceJoinOnItsDayAndAreWhatTheirDatesSay) {
  Season season("2016-11-08 11:00", alliance_name);
  ASSERT_EQ(season.error, "");
  EXPECT_EQ(season.in("membership.full").size(), 9u);  // the ninth since this very day
  EXPECT_THAT(season.in("membership.associate"), UnorderedElementsAre("m-10", "m-11", "m-12"));
  EXPECT_EQ(season.told("founded"), 12u);
  EXPECT_EQ(season.told("before_the_board", "applicant-m-12"), 1u) << "its three months were complete at the beginning of the day";
}

TEST(Programmes, AnAssociateOfTheAllianceIsAFullMemberOnTheVeryDay) {
  const struct {
    const char *membership, *evening, *day;  // experience since
  } members[] = {
      {"m-10", "2017-04-14 23:59", "2017-04-15 00:00"},  // 15 April 2015
      {"m-11", "2018-02-28 23:59", "2018-03-01 00:00"},  // 29 February 2016
      {"m-13", "2018-12-30 23:59", "2018-12-31 00:00"},  // 2016, and no more is known
      {"m-20", "2020-02-27 23:59", "2020-02-28 00:00"},  // 28 February 2018
  };
  for (const auto& one : members) {
    SCOPED_TRACE(one.membership);
    Season season(one.evening, alliance_name);
    ASSERT_EQ(season.error, "");
    season.at(one.evening);
    EXPECT_EQ(season.where(one.membership), "membership.associate");
    EXPECT_EQ(category(season, one.membership), "associate");
    EXPECT_EQ(season.told("full_member", std::string("applicant-") + one.membership), 0u);
    season.at(one.day);
    EXPECT_EQ(season.where(one.membership), "membership.full");
    EXPECT_EQ(category(season, one.membership), "full");
    EXPECT_EQ(season.told("full_member", std::string("applicant-") + one.membership), 1u);
  }
}

TEST(Programmes, AnApplicationToTheAllianceGoesOnTheDayThreeMonthsAreComplete) {
  Season season("2020-02-28 23:59", alliance_name);
  ASSERT_EQ(season.error, "");
  EXPECT_EQ(season.where("m-21"), "application.early");  // since 29 November 2019
  EXPECT_EQ(season.code("secretary", "{make_move: {move: lay}}", "m-21"), "PRECONDITION");
  season.at("2020-02-29 00:00");
  EXPECT_EQ(season.where("m-21"), "application.board");
  EXPECT_EQ(season.told("before_the_board", "applicant-m-21"), 1u);
}

TEST(Programmes, TheBoardOfTheAllianceHasSevenSeatsAndNeverEight) {
  Season season("2018-05-21 10:05", alliance_name);
  ASSERT_EQ(season.error, "");
  ASSERT_EQ(seated(season).size(), 7u);
  const core::Reply refused = season.ask("manager-1", "{assign_role: {person: applicant-m-9, role: director}}");
  EXPECT_EQ(refused.code, "QUOTA_FULL");
  EXPECT_EQ(cohort::in_language(refused.refusal.sentence, "en"), "Board: all 7 seats are taken");
  EXPECT_EQ(cohort::in_language(refused.refusal.sentence, "ka"), "გამგეობა: ყველა 7 ადგილი დაკავებულია");
  // The replacement of May 2018 serves the rest: all seats end together.
  for (const cohort::Assignment& one : season.cohort().assignments)
    if (one.role == "director" && !one.ended) {
      EXPECT_EQ(one.until, season.cohort().term("board")->until);
    }
}

TEST(Programmes, TheTermOfTheBoardEndsByItselfAndIsRenewedAsAWhole) {
  Season season("2019-11-08 23:59", alliance_name);
  ASSERT_EQ(season.error, "");
  EXPECT_EQ(seated(season).size(), 7u);
  EXPECT_EQ(season.told("term_ends", "manager-1"), 2u);  // 60 and 30 days before
  EXPECT_EQ(season.told("term_over"), 0u);
  season.at("2019-11-09 00:00");
  EXPECT_THAT(seated(season), IsEmpty());
  EXPECT_EQ(season.told("term_over", "manager-1"), 1u);
  EXPECT_EQ(season.code("manager-1", "{make_move: {move: admit}}", "m-28"), "PRECONDITION");
  EXPECT_EQ(season.cohort().term("board")->number, 1u);
  // Elected anew on the 16th, it admits.
  EXPECT_EQ(seated(alliance()).size(), 7u);
  EXPECT_EQ(alliance().cohort().term("board")->number, 2u);
  EXPECT_THAT(votes_on(alliance(), "m-28"), ElementsAre("made"));
}

TEST(Programmes, TheBoardOfTheAllianceVotesWithAQuorumAndAMajority) {
  ASSERT_EQ(alliance().error, "");
  EXPECT_THAT(votes_on(alliance(), "m-14"), ElementsAre("made"));          // four to one
  EXPECT_THAT(votes_on(alliance(), "m-15"), ElementsAre("lost", "made"));  // three came; then three to three, and the chair said yes
  EXPECT_THAT(votes_on(alliance(), "m-16"), ElementsAre("lost", "made"));  // refused by the board, admitted by the general assembly
  EXPECT_THAT(votes_on(alliance(), "m-18"), ElementsAre("lost", "lost"));
  EXPECT_THAT(votes_on(alliance(), "m-24"), ElementsAre("made", "made"));  // admitted, excluded by two thirds
  Season season("2017-03-06 00:00", alliance_name);
  ASSERT_EQ(season.error, "");
  season.at("2017-03-06 09:59");
  EXPECT_EQ(season.where("m-15"), "application.board");
  season.at("2017-03-07 00:00");
  EXPECT_EQ(season.where("m-15"), "application.not_carried");
  EXPECT_EQ(season.code("applicant-m-4", "{cast_vote: {choice: \"YES\"}}", "m-15"), "PRECONDITION");
}

TEST(Programmes, AnHonoraryMemberOfTheAllianceIsMadeKnownAfterTheMinutes) {
  Season season("2016-12-12 14:00", alliance_name);
  ASSERT_EQ(season.error, "");
  EXPECT_EQ(season.where("h-1"), "application.board");
  EXPECT_EQ(season.told("honoured"), 0u);
  EXPECT_EQ(season.code("manager-1", "{publish_decisions: {}}"), "PRECONDITION");
  EXPECT_EQ(season.code("applicant-m-2", "{approve_minutes: {body: board}}"), "FORBIDDEN");
  EXPECT_EQ(season.code("applicant-m-1", "{approve_minutes: {body: board}}"), "");
  EXPECT_EQ(season.code("manager-1", "{publish_decisions: {}}"), "");
  EXPECT_EQ(season.where("h-1"), "membership.honorary");
  EXPECT_EQ(season.told("honoured", "applicant-h-1"), 1u);
}

TEST(Programmes, AMembershipOfTheAllianceRestsOnEvidenceThatCounts) {
  Season season("2018-12-30 10:00", alliance_name);
  ASSERT_EQ(season.error, "");
  season.at("2018-12-31 23:59");
  EXPECT_EQ(season.where("m-22"), "membership.full");  // accepted until the end of the year
  season.at("2019-01-01 00:00");
  EXPECT_EQ(season.where("m-22"), "membership.unproved");
  EXPECT_EQ(season.told("evidence_missing", "applicant-m-22"), 1u);
  EXPECT_EQ(season.where("m-27"), "membership.associate");  // eighteen months, long ago
  EXPECT_EQ(alliance().where("m-22"), "membership.full");
  EXPECT_EQ(alliance().where("m-27"), "membership.full");
  // What nobody proves anew within six months ends by itself.
  Season ending("2019-06-28 11:00", alliance_name);
  ASSERT_EQ(ending.error, "");
  ending.at("2019-08-11 23:59");
  EXPECT_EQ(ending.where("m-23"), "membership.unproved");
  ending.at("2019-08-12 00:00");
  EXPECT_EQ(ending.of("m-23").end, v1::State::LAPSED);
}

}  // namespace
}  // namespace kvali::demo
