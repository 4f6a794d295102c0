// The facts behind a need that does not hold: in the words of the program, and only for who may know them.
#include "engine/cohort/reasons.h"
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort {
namespace {

using testing::step;
using ::testing::ElementsAre;

/// A town's association that asked for membership, with experience since 1 March 2025.
class Membership : public testing::Practice {
 public:
  Membership() : Practice({"membership", "2016-11-14 09:00", false, ""}) {
    give("manager", "manager");
    give("assessor", "assessor");
    people({"by-a"});
    EXPECT_EQ(ask("by-a", R"(start_initiative { fields { name: "town" value { text: "taurage" } }
                    fields { name: "experience" value { date { year: 2016 month: 3 day: 1 } } }
                    fields { name: "form" value { text: "informal" } }
                    fields { name: "own" value { money { minor_units: 50000 currency: "EUR" } } }
                    fields { name: "budget" value { money { minor_units: 1000000 currency: "EUR" } } } })", "a"), "") << why();
  }
  /// The facts that `who` is told of a move that is not possible.
  std::vector<std::string> told(const std::string& who, const std::string& move, const std::string& language = "en") {
    EXPECT_NE(ask(who, step("a", move)), "");
    return facts(language);
  }
};

TEST(Reasons, SayWhenTimeAloneMakesTheNeedHold) {
  Membership cohort;
  EXPECT_THAT(cohort.told("by-a", "full"), ElementsAre("Experience since: 1 March 2016; 2 years are complete on 1 March 2018."));
  EXPECT_EQ(cohort.refusal().unmet.front().will_hold_at, testing::at("2018-03-01 00:00"));
  EXPECT_THAT(cohort.unmet(), ElementsAre("Full membership needs two years of experience"));
  EXPECT_THAT(cohort.facts("ka"), ElementsAre("გამოცდილება აქვს: 2016 წლის 1 მარტი; 2 წელი სრულდება 2018 წლის 1 მარტს."));
  EXPECT_EQ(cohort.refusal().unmet.front().facts.translations_size(), 2) << "the languages of the program, no others";
  cohort.wait("2018-03-01 00:00");
  EXPECT_EQ(cohort.ask("by-a", step("a", "full")), "") << "the instant that was told is the instant at which it holds";
}

TEST(Reasons, SpeakOfMoneyChoicesAndTownsAsPeopleDo) {
  Membership cohort;
  EXPECT_THAT(cohort.told("by-a", "share"),
              ElementsAre("Own contribution: EUR\u00a0500, at least EUR\u00a01,000 is needed: 10% of EUR\u00a010,000 (Total budget)."));
  EXPECT_THAT(cohort.told("by-a", "formed"), ElementsAre("Legal form: Informal group; needed: Association.",
                                                         "Town: taurage; needed: one of utena, kelme."));
  EXPECT_THAT(cohort.told("by-a", "visited", "ka"), ElementsAre("ვიზიტები: 0, საჭიროა სულ მცირე 2."));
}

TEST(Reasons, AreToldOfTheChecklistToWhoMakesTheMove) {
  Membership cohort;
  EXPECT_THAT(cohort.told("by-a", "advised"), ElementsAre("Adviser: 0, at least 1 is needed."));
}

TEST(Reasons, AreNotToldOfFieldsThatTheReaderMayNotSee) {
  Membership cohort;
  EXPECT_THAT(cohort.told("by-a", "marked"), ElementsAre("")) << "one side of || is hers to see, but the other is not";
  EXPECT_THAT(cohort.told("manager", "marked"),
              ElementsAre("One of these is enough: (1) Mark of the office: not filled in yet. (2) Legal form: Informal group; needed: Association."));
}

TEST(Reasons, AreNotToldOfFieldsOfTasksThatTheReaderMayNotSee) {
  Membership cohort;
  EXPECT_EQ(cohort.ask("manager", R"(open_task { initiative: "a" kind: "visits" fields { name: "remark" value { number: 1 } } })", "v"), "")
      << cohort.why();
  EXPECT_THAT(cohort.told("by-a", "visited"), ElementsAre("Visits: 1, at least 2 are needed.", ""));
  EXPECT_THAT(cohort.told("manager", "visited"),
              ElementsAre("Visits: 1, at least 2 are needed.", "Visit no. 1, Remark: 1, more than 1 is needed."));
}

TEST(Reasons, AreNotToldOfReviewsAndOfWhoAssessesBeforeTheyAreOut) {
  Membership cohort;
  EXPECT_THAT(cohort.told("by-a", "assessed"), ElementsAre(""));
  EXPECT_THAT(cohort.told("by-a", "staffed"), ElementsAre(""));
  EXPECT_THAT(cohort.told("manager", "staffed"), ElementsAre("Assessor: 1, at least 3 are needed."));
}

TEST(Reasons, AreNotToldOfWhatBlindReviewHides) {
  Membership cohort;
  EXPECT_THAT(cohort.told("assessor", "formed"), ElementsAre("", "Town: taurage; needed: one of utena, kelme."));
}

/// Two worlds that differ only in what the reader may not see answer her alike.
TEST(Reasons, AreTheSameWhateverIsHidden) {
  Membership one, other;
  EXPECT_EQ(other.ask("manager", R"(save_fields { initiative: "a" fields { name: "mark" value { number: 2 } } })"), "") << other.why();
  for (const char* move : {"full", "share", "formed", "marked", "visited", "assessed", "staffed", "advised"})
    EXPECT_EQ(one.told("by-a", move), other.told("by-a", move)) << move;
}

TEST(Reasons, GoByTheNamesInTheGuard) {
  Membership cohort;
  const Viewer applicant{"by-a", cohort.now}, manager{"manager", cohort.now}, stranger{"nobody", cohort.now};
  const auto hears = [&](const Viewer& viewer, const char* guard) {
    return may_hear({cohort.cohort(), cohort.world(), viewer, cohort.of("a"), nullptr}, *expression::compile(guard));
  };
  for (const char* open : {"initiative.own > 1", "size(visits) > 1", "visits.all(v, v.minutes > 1)", "advisers >= 1", "now >= cohort.spring",
                           "has(initiative.title)", "managers >= 1"}) {
    EXPECT_TRUE(hears(applicant, open)) << open;
    EXPECT_FALSE(hears(stranger, open)) << open;
  }
  for (const char* closed : {"initiative.mark > 1", "has(initiative.mark)", "initiative['mark'] > 1", "initiative.?mark.hasValue()",
                             "initiative[initiative.form] > 1", "cel.bind(i, initiative, i.own > 1)", "visits[0].remark > 1",
                             "visits.exists(v, has(v.remark))", "review.count > 1", "assessors > 1",
                             "initiative.form == 'association' ? initiative.own > 1 : initiative.mark > 1"}) {
    EXPECT_FALSE(hears(applicant, closed)) << closed;
    EXPECT_TRUE(hears(manager, closed)) << closed;
  }
}

}  // namespace
}  // namespace kvali::cohort
