// What the board says of the season of 2017 to each of its readers.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "server/views/views.h"
#include "tests/server/demo/world.h"

namespace kvali::views {
namespace {

using demo::testing::Season;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t hour_us = 3'600'000'000;

Season& in_february() {  // the demonstration as it opens: Monday 20 February 2017, 09:00
  static Season played;
  return played;
}

Views views_of(Season& season, const std::string& person) {
  return {season.world.core(), season.cohort(), season.person(person), season.world.now_us};
}

v1::CohortRow head(Season& season, const std::string& person) { return views_of(season, person).row("cohort")->cohort(); }

v1::LocalityRow locality(Season& season, const std::string& id, const std::string& person) {
  return views_of(season, person).row("locality/" + id)->locality();
}

v1::InitiativeRow initiative(Season& season, const std::string& key, const std::string& person) {
  return views_of(season, person).row("initiative/" + season.played.initiatives.at(key))->initiative();
}

std::string english(const v1::Text& text) {
  for (const v1::Translation& one : text.translations())
    if (one.language() == "en") return one.text();
  return "";
}

TEST(Board, NamesTheProgramAsPeopleDo) {
  EXPECT_EQ(english(head(in_february(), "manager-1").program_title()), "SOCIFACTION: social entrepreneurship for regions development");
}

TEST(Board, NamesThePartsOfAStageThatRunSideBySide) {
  const v1::CohortRow row = head(in_february(), "manager-1");
  std::vector<std::string> regions;
  for (const v1::Lane& lane : row.lanes())
    if (lane.state().starts_with("mentoring.alongside.")) regions.push_back(lane.state().substr(20) + ": " + english(lane.region()));
  EXPECT_THAT(regions, ElementsAre("sessions.open: Meetings", "sessions.done: Meetings", "project.writing: The project",
                                   "project.approval: The project", "project.ready: The project"));
  EXPECT_FALSE(row.lanes(0).has_region());
}

TEST(Board, SaysOfEachLaneWhoIsWaitedFor) {
  const v1::CohortRow row = head(in_february(), "manager-1");
  std::map<std::string, std::vector<std::string>> waits;
  for (const v1::Lane& lane : row.lanes()) waits[lane.state()] = {lane.waits_for().begin(), lane.waits_for().end()};
  EXPECT_THAT(waits["application.screening"], ElementsAre("coordinator"));
  EXPECT_THAT(waits["mentoring.alongside.sessions.open"], ElementsAre("mentor"));
  EXPECT_THAT(waits["mentoring.alongside.project.writing"], ElementsAre("applicant"));
  EXPECT_THAT(waits["withdrawn"], IsEmpty());
}

TEST(Board, CountsAPlaceAsHeldUntilItsApplicantAccepts) {
  const v1::LocalityRow offered = locality(in_february(), "rokiskis", "manager-1");
  EXPECT_EQ(offered.places(), 4u);
  EXPECT_EQ(offered.taken(), 4u);
  EXPECT_EQ(offered.held(), 1u);
  EXPECT_EQ(locality(in_february(), "taurage", "manager-1").held(), 0u);
}

TEST(Board, TellsApplicantsOfNoPlaceThatIsHeld) {
  const v1::LocalityRow seen = locality(in_february(), "rokiskis", "applicant-rokiskis-1");
  EXPECT_EQ(seen.places(), 4u);
  EXPECT_EQ(seen.taken(), 0u);
  EXPECT_EQ(seen.held(), 0u);
}

TEST(Board, SaysSinceWhenSomethingIsOverdue) {
  // With the expert since the 8th of February, for five working days: until the 15th, 24:00 in Vilnius.
  const v1::InitiativeRow late = initiative(in_february(), "birzai-3", "manager-1");
  EXPECT_TRUE(late.overdue());
  EXPECT_EQ(late.overdue_since_us(), 1'487'196'000'000'000);  // 2017-02-15T22:00Z
  EXPECT_EQ(late.due_us(), late.overdue_since_us());
  EXPECT_EQ(late.overdue_state(), "mentoring.alongside.project.approval");
  const v1::InitiativeRow in_time = initiative(in_february(), "taurage-1", "manager-1");
  EXPECT_FALSE(in_time.overdue());
  EXPECT_EQ(in_time.overdue_since_us(), 0);
}

TEST(Board, SaysSinceWhenAReportIsOverdue) {
  Season season;
  season.at("2017-12-01 09:00");
  const std::vector<std::string> followed = season.in("follow_up");
  ASSERT_FALSE(followed.empty());
  std::size_t late = 0;
  for (const std::string& key : followed) {
    const v1::InitiativeRow row = initiative(season, key, "manager-1");
    if (!row.overdue()) continue;
    ++late;
    EXPECT_GT(row.overdue_since_us(), 0) << key;
    EXPECT_LE(row.overdue_since_us(), season.cohort().clock) << key;
    EXPECT_EQ(row.overdue_since_us() % hour_us, 0) << key << ": days end on a full hour";
  }
  EXPECT_GT(late, 0u);
  const std::string key = followed.front();
  const v1::InitiativeRow hers = initiative(season, key, "applicant-" + key);
  EXPECT_THAT(hers.waits_for(), ElementsAre("applicant"));
  EXPECT_TRUE(hers.mine()) << "the report is hers to write";
  EXPECT_FALSE(initiative(season, key, "manager-1").mine());
}

TEST(Board, TellsWhatIsDecidedAndNotPublishedToManagersAlone) {
  Season season("2017-01-06 22:00");
  ASSERT_EQ(season.error, "");
  const v1::InitiativeRow decided = initiative(season, "taurage-1", "manager-1");
  EXPECT_EQ(decided.held(), "select");
  EXPECT_EQ(english(decided.held_label()), "Select");
  EXPECT_FALSE(decided.mine()) << "she has decided";
  EXPECT_EQ(locality(season, "taurage", "manager-1").taken(), 4u);
  EXPECT_EQ(locality(season, "taurage", "manager-1").held(), 4u);
  const v1::InitiativeRow seen = initiative(season, "taurage-1", "coordinator-taurage");
  EXPECT_EQ(seen.held(), "");
  EXPECT_FALSE(seen.has_held_label());
  EXPECT_EQ(locality(season, "taurage", "coordinator-taurage").taken(), 0u);
  EXPECT_EQ(locality(season, "taurage", "coordinator-taurage").held(), 0u);
}

TEST(Board, NamesWhoIsEntrustedWithOneInitiativeToWhoMaySeeIt) {
  Season season;
  ASSERT_THAT(head(season, "manager-1").entrusted(), IsEmpty());
  ASSERT_EQ(season.code("manager-1", "{assign_role: {person: mentor-skuodas, role: mentor}}", "zarasai-1"), "");
  const v1::CohortRow row = head(season, "manager-1");
  ASSERT_EQ(row.entrusted_size(), 1);
  EXPECT_EQ(row.entrusted(0).initiative(), season.played.initiatives.at("zarasai-1"));
  EXPECT_EQ(row.entrusted(0).person().id(), season.person("mentor-skuodas"));
  EXPECT_EQ(row.entrusted(0).person().role(), "mentor");
  EXPECT_NE(row.entrusted(0).person().name(), "");
  EXPECT_EQ(head(season, "mentor-skuodas").entrusted_size(), 1);
  EXPECT_THAT(head(season, "mentor-utena").entrusted(), IsEmpty());
  EXPECT_THAT(head(season, "applicant-zarasai-1").entrusted(), IsEmpty());
}

TEST(Detail, NamesTheMoveThatTimeWillMake) {
  const std::string id = in_february().played.initiatives.at("silute-6");
  const auto row = views_of(in_february(), "manager-1").detail(id);
  std::map<std::string, std::string> labels;
  for (const v1::TimerView& timer : row->detail().timers()) labels[timer.name()] = english(timer.label());
  EXPECT_EQ(labels["move.close"], "Waitlist closes");
}

TEST(Detail, OffersNobodyASecondReview) {
  Season season("2017-01-06 22:00");
  const auto opens = [&](const std::string& key, const std::string& person) {
    const auto row = views_of(season, person).detail(season.played.initiatives.at(key));
    return std::vector<std::string>(row->detail().opens().begin(), row->detail().opens().end());
  };
  std::map<std::vector<std::string>, int> offered;
  for (const auto& [key, id] : season.played.initiatives) {
    const cohort::Initiative& one = season.of(key);
    const bool done = std::any_of(one.tasks.begin(), one.tasks.end(), [&](const cohort::Task& task) { return task.by == season.person("reviewer-1"); });
    if (season.where(key) != "application.assessment") continue;
    EXPECT_EQ(opens(key, "reviewer-1"), done ? std::vector<std::string>() : std::vector<std::string>{"review"}) << key;
    ++offered[opens(key, "reviewer-1")];
  }
  EXPECT_EQ(offered.size(), 2u) << "some are done, some are not";
}

TEST(Detail, TellsAnApplicantNothingOfWhoAssesses) {
  const std::string id = in_february().played.initiatives.at("taurage-1");
  for (const char* reader : {"applicant-taurage-1", "manager-1"}) {
    const auto row = views_of(in_february(), reader).detail(id);
    std::set<std::string> roles;
    for (const v1::PersonRef& person : row->detail().people()) roles.insert(person.role());
    EXPECT_THAT(roles, ElementsAre("applicant", "coordinator", "manager", "mentor")) << reader;
  }
}

TEST(Board, SaysWhichPlacesWereFullWhenTimeCouldNotGoOn) {
  // The same season, but the waitlist ends with an offer: there is no place for it.
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "kvali_views_blocked";
  std::filesystem::copy(demo::testing::workflow("socifaction-2017"), folder,
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  std::ifstream file(folder / "program.yaml");
  std::string program{std::istreambuf_iterator<char>(file), {}};
  file.close();
  const std::string closes = "cohort.mentoring_starts\", to: declined";
  const std::size_t at = program.find(closes);
  ASSERT_NE(at, std::string::npos);
  program.replace(at, closes.size(), "cohort.mentoring_starts\", to: offered");
  std::ofstream(folder / "program.yaml") << program;
  demo::testing::World world;
  auto played = demo::play(world.core(), folder, world.demo_options());
  ASSERT_TRUE(played.has_value()) << played.error().message;
  const cohort::Cohort& cohort = world.core().store().cohorts.at(played->cohort).state;
  v1::Command command;
  command.set_cohort(played->cohort);
  command.mutable_move_clock()->set_to_us(1'488'319'200'000'000);  // 2017-02-28T22:00Z: the 28th, 24:00
  world.now_us = played->now_us;
  ASSERT_EQ(world.ask(std::move(command), played->people.at("manager-1")).code, "");
  const Views views(world.core(), cohort, played->people.at("manager-1"), world.now_us);
  const v1::InitiativeRow row = views.row("initiative/" + played->initiatives.at("silute-6"))->initiative();
  EXPECT_TRUE(row.blocked());
  EXPECT_EQ(english(row.blocked_why()), "All places of this locality are taken");
}

}  // namespace
}  // namespace kvali::views
