// The season of 2017, played whole: what the demonstration shows is what the engine made of ordinary commands.
#include <fstream>
#include <map>
#include <set>

#include "server/core/verify.h"
#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"

namespace kvali::demo {
namespace {

using cohort::testing::broken_invariants;
using cohort::testing::difference;
using testing::Season;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Playing takes a second; the tests that only look share one.
const Season& season() { return testing::whole("socifaction-2017"); }

std::uint32_t taken(const std::string& locality) {
  const auto found = season().cohort().taken.find({"per_locality", locality});
  return found == season().cohort().taken.end() ? 0 : found->second;
}

TEST(Season, PlaysWithoutARefusalThatItDoesNotExpect) {
  EXPECT_EQ(season().error, "");
  EXPECT_EQ(season().played.initiatives.size(), 68u);
  EXPECT_EQ(season().played.people.size(), 104u);
}

TEST(Season, HoldsFourPlacesInEachOfTheFifteenLocalitiesOneOfThemByAnOffer) {
  std::size_t all = 0;
  ASSERT_EQ(season().cohort().localities.size(), 15u);
  for (const v1::LocalityEntry& one : season().cohort().localities) {
    EXPECT_EQ(taken(one.id()), 4u) << one.id();
    all += taken(one.id());
  }
  EXPECT_EQ(all, 60u);
  EXPECT_EQ(season().where("rokiskis-3"), "withdrawn");
  // The waitlist is open to the end of February: the place was given on, and the offer runs out tonight.
  EXPECT_EQ(season().where("rokiskis-5"), "application.offered");
}

TEST(Season, StandsInTheMiddleOfMentoring) {
  EXPECT_EQ(season().in("mentoring").size(), 58u);
  EXPECT_THAT(season().in("follow_up"), ElementsAre("raseiniai-2"));
  EXPECT_THAT(season().in("application.declined"), ElementsAre("utena-5"));
  EXPECT_THAT(season().in("application.waitlist"), UnorderedElementsAre("taurage-5", "kelme-6", "silute-6", "varena-5"));
  EXPECT_THAT(season().in("withdrawn"), UnorderedElementsAre("silute-4", "rokiskis-3"));
  EXPECT_THAT(season().in("application.lapsed"), ElementsAre("kelme-4"));
  EXPECT_THAT(season().in("mentoring.alongside.project.approval"), UnorderedElementsAre("taurage-3", "birzai-3"));
  EXPECT_EQ(season().where("moletai-1"), "mentoring.alongside.sessions.open + mentoring.alongside.project.ready");
}

TEST(Season, GivesAPlaceThatWasWithdrawnToTheBestOfItsWaitlist) {
  EXPECT_EQ(season().in("mentoring").size(), 58u);
  EXPECT_EQ(season().where("silute-4"), "withdrawn");
  EXPECT_EQ(season().of("silute-5").places, (std::vector<std::pair<std::string, std::string>>{{"per_locality", "silute"}}));
  EXPECT_TRUE(season().of("silute-6").places.empty());
}

TEST(Season, GivesTheLapsedOfferOfKelmeToTheNext) {
  EXPECT_EQ(season().of("kelme-4").end, v1::State::LAPSED);
  EXPECT_TRUE(season().of("kelme-4").places.empty());
  EXPECT_EQ(season().in("mentoring").size(), 58u);
  EXPECT_THAT(season().where("kelme-5"), ::testing::HasSubstr("mentoring.alongside"));
}

TEST(Season, KnowsWhoBroughtAnApplicationOnPaperAndWhenItCame) {
  const auto slot = season().cohort().find(season().played.initiatives.at("pakruojis-4")).value();
  const cohort::Happening& submitted = *std::next(season().cohort().happenings[slot].begin());
  EXPECT_EQ(submitted.what, "submit");
  EXPECT_EQ(submitted.actor, season().person("coordinator-pakruojis"));
  EXPECT_EQ(submitted.on_behalf_of, season().person("applicant-pakruojis-4"));
  EXPECT_EQ(submitted.channel, v1::PAPER);
  EXPECT_EQ(season().of("pakruojis-4").applicant, season().person("applicant-pakruojis-4"));
}

TEST(Season, AdmittedOneLateByTwoPersons) {
  const auto slot = season().cohort().find(season().played.initiatives.at("lazdijai-3")).value();
  std::vector<std::string> kinds;
  for (const cohort::Happening& one : season().cohort().happenings[slot])
    if (one.kind.starts_with("exce")) kinds.push_back(one.kind + " " + one.actor);
  EXPECT_THAT(kinds, ElementsAre("exception_proposed " + season().person("manager-1"), "excepted " + season().person("manager-2")));
  EXPECT_THAT(season().where("lazdijai-3"), ::testing::HasSubstr("mentoring"));
}

TEST(Season, ToldTheManagersOfWhatIsOverdue) {
  // ignalina-1 lay unchecked from the 14th of December, birzai-3's project with its expert from the 15th of February.
  EXPECT_GE(season().told("overdue", "manager-1"), 2u);
  EXPECT_EQ(season().told("overdue", "manager-1"), season().told("overdue", "manager-2"));
  EXPECT_EQ(season().told("overdue", "donor"), 0u);
}

TEST(Season, HasNobodyToWaitForInZarasai) {
  const cohort::Initiative& stuck = season().of("zarasai-1");
  EXPECT_THAT(cohort::holders(season().cohort(), stuck, "mentor", season().cohort().clock), IsEmpty());
  EXPECT_THAT(cohort::holders(season().cohort(), season().of("skuodas-1"), "mentor", season().cohort().clock),
              UnorderedElementsAre(season().person("mentor-skuodas"), season().person("mentor-kelme")));
}

TEST(Season, LeavesNoPersonalOrFreeTextInTheJournal) {
  std::set<std::string> kinds;
  const auto read = season().world.journal.read("cohort/" + season().played.cohort, 1, [&](const journal::Record& stored) {
    v1::Record record;
    EXPECT_TRUE(record.ParseFromString(stored.bytes));
    for (const v1::FieldWritten& field : record.initiative_started().fields())
      if (field.value().kind_case() == v1::Value::kText) kinds.insert(field.name());
    for (const v1::FieldWritten& field : record.task_opened().fields())
      if (field.value().kind_case() == v1::Value::kText) kinds.insert(field.name());
    EXPECT_NE(record.advanced().reason().kind_case(), v1::Value::kText);
    EXPECT_EQ(stored.bytes.find("@example."), std::string::npos) << stored.sequence;
    return journal::Visit::Continue;
  });
  ASSERT_TRUE(read.has_value());
  EXPECT_THAT(kinds, ElementsAre("locality"));
}

TEST(Season, FoldsFromTheFirstRecordToTheSameState) {
  EXPECT_EQ(difference(testing::live(season().world.core()), testing::folded(season().world.journal)), "");
  EXPECT_THAT(broken_invariants(season().cohort()), IsEmpty());
}

TEST(Season, FoldsThroughItsSnapshotToTheSameState) {
  const auto snapshot = season().world.journal.snapshot("cohort/" + season().played.cohort);
  ASSERT_TRUE(snapshot && *snapshot);
  EXPECT_GE((*snapshot)->position, limits::snapshot_records);
  core::Store store;
  std::vector<std::string> notices;
  ASSERT_TRUE(store.replay(season().world.journal, notices));
  EXPECT_THAT(notices, IsEmpty());
  EXPECT_LT(store.behind_snapshot("cohort/" + season().played.cohort), limits::snapshot_records);
  EXPECT_EQ(difference(testing::live(season().world.core()), testing::described(store)), "");
  EXPECT_THAT(broken_invariants(store.cohorts.at(season().played.cohort).state), IsEmpty());
  const auto report = core::verify_fold(season().world.journal);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->findings, IsEmpty());
  EXPECT_EQ(report->rows, (*snapshot)->rows.size());
}

TEST(Season, IsTheSameWheneverItIsPlayed) {
  const Season again;
  EXPECT_EQ(difference(testing::live(season().world.core()), testing::live(again.world.core())), "");
}

/// A copy of the season's folder, to be spoilt: without what happened.
std::filesystem::path copied(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / name;
  std::filesystem::create_directories(folder);
  for (const char* file : {"people.yaml", "program.yaml", "cohort.yaml", "texts"})
    std::filesystem::copy(testing::workflow("socifaction-2017") / file, folder / file,
                          std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  return folder;
}

TEST(Demo, PlaysNothingOfAFolderWhoseProgramIsNotSound) {
  testing::World world;
  const std::filesystem::path folder = copied("kvali_demo_unsound");
  std::ofstream(folder / "program.yaml", std::ios::app) << "autcomes: {}\n";
  const auto played = play(world.core(), folder, world.demo_options());
  ASSERT_FALSE(played.has_value());
  EXPECT_THAT(played.error().message, ::testing::MatchesRegex("the program is not sound, so nothing was played:\nprogram.yaml:[0-9]+:1: .*autcomes.*"));
  EXPECT_TRUE(world.core().store().directory.persons.empty());
  EXPECT_FALSE(world.journal.head(core::directory_stream).value().sequence);
}

TEST(Demo, NamesTheLineOfAStepThatIsRefused) {
  testing::World world;
  const std::filesystem::path folder = copied("kvali_demo_refused");
  std::ofstream(folder / "history.yaml") << "steps:\n"
                                             "- {at: 2016-11-15 09:00, by: manager-1, assign_role: {person: donor, role: donor}}\n"
                                             "- {by: donor, assign_role: {person: reviewer-1, role: reviewer}}\n";
  const auto played = play(world.core(), folder, world.demo_options());
  ASSERT_FALSE(played.has_value());
  EXPECT_EQ(played.error().message, "history.yaml:3:3: assign_role was refused: FORBIDDEN: You may not do this here");
}

}  // namespace
}  // namespace kvali::demo
