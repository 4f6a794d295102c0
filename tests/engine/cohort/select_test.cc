// Places by rank: rankings and what if, selections at once, complaints that hold back a place; and moves for many.
#include <fmt/format.h>

#include "engine/cohort/bulk.h"
#include "engine/cohort/ranking.h"
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Contest : public Practice {
 public:
  Contest() : Practice({"choosing", "2017-01-10 09:00", false, ""}) {
    for (const char* one : {"manager", "second"}) give("manager", one);
  }
  ~Contest() override {
    refold();
    EXPECT_THAT(broken(), IsEmpty());
  }
  void halls(int places) { EXPECT_EQ(ask("manager", fmt::format("set_quota {{ quota: \"halls\" places: {} }}", places)), ""); }
  void enter(const std::string& one, int points, const std::string& town = "taurage") {
    people({"by-" + one});
    EXPECT_EQ(ask("by-" + one,
                  fmt::format("start_initiative {{ fields {{ name: \"town\" value {{ text: \"{}\" }} }} fields {{ name: \"points\" value {{ number: {} }} }} }}",
                              town, points), one), "") << why();
    EXPECT_EQ(ask("by-" + one, step(one, "enter")), "") << why();
  }
  std::vector<RankedGroup> ranked(RankingAsked asked) {
    const World around = world();
    Sketch sketch(cohort(), around, now, "manager");
    Bench bench;
    auto found = ranking(sketch, bench, {"manager", now}, asked);
    if (auto* refusal = std::get_if<Refusal>(&found)) throw std::runtime_error(in_language(refusal->sentence, "en"));
    return std::get<0>(found);
  }
  /// "b 1 in, a 2 reserve", of the only group or the one of that town.
  std::string told(RankingAsked asked) {
    std::string text;
    for (const RankedGroup& group : ranked(asked))
      for (const RankedLine& line : group.lines) {
        const char* verdict = line.verdict == RankedLine::Verdict::In ? "in" : line.verdict == RankedLine::Verdict::Reserve ? "reserve" : "out";
        text += fmt::format("{}{} {} {}{}", text.empty() ? "" : ", ", cohort().initiatives[line.slot].id, line.rank, verdict, line.tied ? " tied" : "");
      }
    return text;
  }
};

// --- ranking

TEST(Ranking, OrdersEachGroupAndDrawsTheLine) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 3), {"b", 9}, {"c", 7}, {"d", 5}}) one.enter(id, points);
  one.enter("k", 1, "kelme");
  EXPECT_EQ(one.told({.move = "select", .by = "taurage"}), "b 1 in, c 2 in, d 3 reserve, a 4 reserve");
  EXPECT_EQ(one.told({.move = "select", .by = "kelme"}), "k 1 in");
  RankingAsked what_if{.move = "select", .by = "taurage"};
  what_if.places = 1;
  what_if.reserves_max = 1;
  EXPECT_EQ(one.told(what_if), "b 1 in, c 2 reserve, d 3 out, a 4 out");
  what_if.cut_off = 8;
  EXPECT_EQ(one.told(what_if), "b 1 in, c 2 out, d 3 out, a 4 out");
}

TEST(Ranking, ShowsTiesAcrossTheLine) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 5), {"b", 9}, {"c", 5}}) one.enter(id, points);
  EXPECT_EQ(one.told({.move = "select", .by = ""}), "b 1 in, a 2 in tied, c 2 reserve tied");
  EXPECT_EQ(one.ask("manager", "select_ranked { move: \"select\" reserve: \"reserve\" }"), "PRECONDITION");
  EXPECT_EQ(one.why(), "Those of rank 2 are equal and there are not places for all: decide one of them by hand first");
  EXPECT_EQ(one.ask("manager", step("c", "select")), "");
  EXPECT_EQ(one.told({.move = "select", .by = ""}), "b 1 in, c 2 in, a 2 reserve");
  EXPECT_EQ(one.ask("manager", "select_ranked { move: \"select\" reserve: \"reserve\" }"), "") << one.why();
  EXPECT_EQ(one.of("a").held->move, "reserve");
}

TEST(Selection, HoldsADecisionForEverybodyAtOnce) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 3), {"b", 9}, {"c", 7}, {"d", 5}}) one.enter(id, points);
  EXPECT_EQ(one.ask("manager", "select_ranked { move: \"select\" reserve: \"reserve\" decline: \"decline\" reserves_max: 1 }"), "") << one.why();
  EXPECT_EQ(one.of("b").held->move, "select");
  EXPECT_EQ(one.of("d").held->move, "reserve");
  EXPECT_EQ(one.of("a").held->move, "decline");
  EXPECT_EQ(one.ask("manager", "publish_decisions {}"), "") << one.why();
  EXPECT_EQ(one.where("c"), "choosing.offered");
  EXPECT_EQ(one.where("d"), "choosing.listed");
  EXPECT_EQ(one.where("a"), "choosing.refused");
}

TEST(Selection, IsRefusedWhenAnythingMovedSinceItWasLookedAt) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 3), {"b", 9}}) one.enter(id, points);
  const std::string seen = fmt::format("seen {{ initiative: \"a\" version: {} }} seen {{ initiative: \"b\" version: {} }}", one.of("a").touches, one.of("b").touches);
  EXPECT_EQ(one.ask("by-a", "save_fields { initiative: \"a\" fields { name: \"points\" value { number: 99 } } }"), "");
  EXPECT_EQ(one.ask("manager", "select_ranked { move: \"select\" " + seen + " }"), "CONFLICT_VERSION");
  EXPECT_FALSE(one.of("b").held);
}

TEST(Ranking, TriesOtherWeights) {
  Accelerator one({"a", "b"});
  one.assess({"a", "b"});
  one.give("reviewer", "other");
  const auto review = [&](const char* id, int impact, int feasibility, int team) {
    EXPECT_EQ(one.ask("reader", fmt::format("open_task {{ initiative: \"{}\" kind: \"review\" fields {{ name: \"impact\" value {{ number: {} }} }} "
                                            "fields {{ name: \"feasibility\" value {{ number: {} }} }} fields {{ name: \"team\" value {{ number: {} }} }} }}",
                                            id, impact, feasibility, team)), "") << one.why();
  };
  review("a", 5, 3, 1);
  review("b", 2, 4, 5);
  const auto first = [&](int impact, int team) {
    google::protobuf::RepeatedPtrField<v1::Criterion> weights;
    for (const auto& [name, weight] : {std::pair("impact", impact), {"team", team}}) {
      v1::Criterion& made = *weights.Add();
      made.set_name(name);
      made.set_weight(static_cast<std::uint32_t>(weight));
    }
    const auto weighed = with_weights(*one.cohort().model, weights);
    EXPECT_TRUE(weighed.has_value());
    RankingAsked asked{.move = "select", .by = ""};
    asked.weighed = *weighed;
    asked.ranked_by = std::make_shared<const expression::Expression>(*expression::compile("review.score"));
    const World around = one.world();
    Sketch sketch(one.cohort(), around, one.now, "manager");
    Bench bench;
    auto found = ranking(sketch, bench, {"manager", one.now}, asked);
    return one.cohort().initiatives[std::get<0>(found).at(0).lines.at(0).slot].id;
  };
  EXPECT_EQ(first(9, 1), "a");
  EXPECT_EQ(first(1, 9), "b");
}

// --- places that are passed on

TEST(FreedPlace, IsTakenByTheFirstArrowWhoseGuardHolds) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}, {"c", 7}}) one.enter(id, points);
  for (const char* id : {"a", "b"}) EXPECT_EQ(one.ask("manager", step(id, "put")), "");
  EXPECT_EQ(one.where("a"), "choosing.offered");  // there were places
  EXPECT_EQ(one.ask("by-c", "save_fields { initiative: \"c\" fields { name: \"ready\" value { flag: true } } }"), "");
  EXPECT_EQ(one.ask("manager", step("c", "put")), "");
  EXPECT_EQ(one.where("c"), "choosing.listed");
  EXPECT_EQ(one.ask("by-a", step("a", "refuse")), "");
  EXPECT_EQ(one.where("c"), "choosing.taken");
}

TEST(FreedPlace, GoesOnWhenAnOfferExpires) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}, {"c", 7}, {"d", 6}}) one.enter(id, points);
  for (const char* id : {"a", "b", "c", "d"}) EXPECT_EQ(one.ask("manager", step(id, "put")), "");
  EXPECT_EQ(one.ask("by-a", step("a", "accept")), "");
  one.wait("2017-01-16 09:00");
  EXPECT_EQ(one.where("b"), "choosing.over");
  EXPECT_EQ(one.where("c"), "choosing.offered");
  EXPECT_EQ(one.where("d"), "choosing.listed");
  one.wait("2017-01-22 09:00");
  EXPECT_EQ(one.where("d"), "choosing.offered");
}

TEST(Quota, IsCountedFromTheFirstState) {
  Contest one;
  for (const char* id : {"a", "b", "c"}) one.enter(id, 1);
  one.people({"by-d"});
  EXPECT_EQ(one.ask("by-d", "start_initiative {}", "d"), "QUOTA_FULL");
  EXPECT_EQ(one.why(), "The halls are full");
  EXPECT_EQ(one.ask("manager", step("a", "put")), "");
  EXPECT_EQ(one.ask("by-d", "start_initiative {}", "d"), "");
}

TEST(Complaint, HoldsBackPlacesFromLowerRanksAlone) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}, {"c", 7}, {"d", 3}, {"e", 8}}) one.enter(id, points);
  one.enter("k", 1, "kelme");
  EXPECT_EQ(one.ask("manager", step("a", "select")), "");
  EXPECT_EQ(one.ask("manager", step("b", "select")), "");
  EXPECT_EQ(one.ask("manager", step("c", "decline")), "");
  EXPECT_EQ(one.ask("manager", step("d", "reserve")), "");
  EXPECT_EQ(one.ask("manager", "publish_decisions {}"), "") << one.why();
  EXPECT_EQ(one.ask("by-c", step("c", "complain")), "") << one.why();
  EXPECT_EQ(one.ask("by-a", step("a", "refuse")), "");
  EXPECT_EQ(one.where("d"), "choosing.listed");  // it ranks below the complaint: the place stays
  EXPECT_EQ(one.ask("manager", step("e", "put")), "");
  EXPECT_EQ(one.where("e"), "choosing.offered");  // above it
  EXPECT_EQ(one.ask("by-b", step("b", "refuse")), "");
  EXPECT_EQ(one.where("d"), "choosing.listed");
  EXPECT_EQ(one.ask("manager", step("c", "reject")), "CONFLICT_OF_INTEREST");  // she declined it
  EXPECT_EQ(one.ask("second", step("c", "reject")), "") << one.why();
  EXPECT_EQ(one.where("d"), "choosing.offered");
}

TEST(Complaint, UpheldTakesThePlaceThatWaited) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}, {"c", 7}, {"d", 3}}) one.enter(id, points);
  for (const char* id : {"a", "b"}) EXPECT_EQ(one.ask("manager", step(id, "select")), "");
  EXPECT_EQ(one.ask("manager", step("c", "decline")), "");
  EXPECT_EQ(one.ask("manager", step("d", "reserve")), "");
  EXPECT_EQ(one.ask("manager", "publish_decisions {}"), "");
  EXPECT_EQ(one.ask("by-c", step("c", "complain")), "");
  EXPECT_EQ(one.ask("by-a", step("a", "refuse")), "");
  EXPECT_EQ(one.ask("second", step("c", "uphold")), "") << one.why();
  EXPECT_EQ(one.where("c"), "choosing.offered");
  EXPECT_EQ(one.where("d"), "choosing.listed");
}

// --- many at once

v1::Asked asking(const Practice& one, const std::string& move) {
  v1::Asked asked;
  asked.set_actor("manager");
  asked.set_now_us(one.now);
  asked.mutable_command()->mutable_bulk_move()->set_move(move);
  return asked;
}

TEST(Bulk, IsPreviewedWithAVerdictForEach) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}, {"c", 7}}) one.enter(id, points);
  v1::Asked asked = asking(one, "select");
  asked.mutable_command()->mutable_bulk_move()->set_where("initiative.points >= 7");
  Bench bench;
  const auto found = preview_bulk(one.cohort(), one.world(), asked, bench);
  const auto& lines = std::get<0>(found);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(lines[0].possible);
  EXPECT_TRUE(lines[1].possible);
  EXPECT_FALSE(lines[2].possible);  // two places
  EXPECT_EQ(lines[2].unmet.front().code, Code::QuotaFull);
  EXPECT_EQ(one.ask("manager", "bulk_move { where: \"initiative.points >= 7\" move: \"select\" }"), "QUOTA_FULL");
  EXPECT_FALSE(one.of("a").held);
  EXPECT_EQ(one.ask("manager", "bulk_move { where: \"initiative.points >= 8\" state: \"choosing.entered\" move: \"select\" }"), "") << one.why();
  EXPECT_TRUE(one.of("a").held);
}

TEST(Bulk, IsRefusedWholeWhenOneHasMovedSince) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}}) one.enter(id, points);
  const std::uint32_t a = one.of("a").version, b = one.of("b").version;
  EXPECT_EQ(one.ask("by-b", "save_fields { initiative: \"b\" fields { name: \"points\" value { number: 1 } } }"), "");
  EXPECT_EQ(one.ask("manager", fmt::format("bulk_move {{ initiatives: [\"a\", \"b\"] move: \"end\" if_versions: [{}, {}] }}", a, b)), "CONFLICT_VERSION");
  EXPECT_EQ(one.where("a"), "choosing.entered");
}

TEST(Bulk, IsTakenBackWithinItsWindowWhereAllStillStand) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}, {"c", 7}}) one.enter(id, points);
  EXPECT_EQ(one.ask("manager", "bulk_move { initiatives: [\"a\", \"b\"] move: \"put\" }", "bulk-1"), "") << one.why();
  EXPECT_EQ(one.where("a"), "choosing.offered");
  EXPECT_GT(one.records()[1].advanced().letters_wait_until_us(), one.now);
  EXPECT_EQ(one.ask("second", "undo_bulk { bulk: \"bulk-1\" reason: \"The wrong list\" }"), "") << one.why();
  EXPECT_EQ(one.where("a"), "choosing.entered");
  EXPECT_EQ(one.where("b"), "choosing.entered");
  EXPECT_EQ(one.ask("manager", "undo_bulk { bulk: \"bulk-1\" }"), "NOT_FOUND");
  EXPECT_EQ(one.ask("manager", "bulk_move { initiatives: [\"a\", \"b\"] move: \"put\" }", "bulk-2"), "");
  EXPECT_EQ(one.ask("by-a", step("a", "accept")), "");
  EXPECT_EQ(one.ask("manager", "undo_bulk { bulk: \"bulk-2\" }"), "CONFLICT_VERSION");
  EXPECT_EQ(one.ask("manager", "bulk_move { initiatives: [\"c\"] move: \"put\" }", "bulk-3"), "");
  one.wait("2017-01-10 09:11");
  EXPECT_EQ(one.ask("manager", "undo_bulk { bulk: \"bulk-3\" }"), "DEADLINE_PASSED");
}

TEST(Bulk, TakesBackWhatFollowedFromItToo) {
  Contest one;
  one.halls(9);
  for (const auto& [id, points] : {std::pair("a", 9), {"b", 8}, {"c", 7}}) one.enter(id, points);
  for (const char* id : {"a", "b", "c"}) EXPECT_EQ(one.ask("manager", step(id, "put")), "");
  EXPECT_EQ(one.ask("by-a", step("a", "accept")), "");
  EXPECT_EQ(one.where("c"), "choosing.listed");
  EXPECT_EQ(one.ask("by-a", "bulk_move { initiatives: [\"a\"] move: \"leave\" }", "bulk-1"), "") << one.why();
  EXPECT_EQ(one.where("c"), "choosing.offered");
  EXPECT_EQ(one.ask("by-a", "undo_bulk { bulk: \"bulk-1\" }"), "") << one.why();
  EXPECT_EQ(one.where("a"), "choosing.taken");
  EXPECT_EQ(one.where("c"), "choosing.listed");
}

}  // namespace
}  // namespace kvali::cohort::testing
