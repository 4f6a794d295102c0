// The rules of decide, one sentence each: what is applied for, and who has a place.
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort {
namespace {

using testing::Accelerator;
using testing::application;
using testing::Garden;
using testing::nobody;
using testing::reason;
using testing::step;
using ::testing::Contains;
using ::testing::ElementsAre;

// --- applications

TEST(Decide, RefusesSubmissionAfterDeadline) {
  Accelerator cohort;
  cohort.now = testing::at("2016-12-18 23:59");
  Accelerator late{"a", "b"};
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "");
  // The clock has passed, time itself has not been told yet: what is due is fired first.
  late.now = testing::at("2016-12-19 00:00");
  EXPECT_EQ(late.ask("by-a", step("a", "submit")), "DEADLINE_PASSED");
  EXPECT_EQ(late.why("en"), "The deadline for this has passed");
  EXPECT_EQ(late.where("a"), "application.draft") << "a refusal leaves nothing, not even what was due";
  late.wait("2016-12-19 00:00");
  EXPECT_EQ(late.where("b"), "application.lapsed");
  EXPECT_EQ(late.ask("by-b", step("b", "submit")), "DEADLINE_PASSED");
}

TEST(Decide, BeginsNoApplicationAfterTheyClosed) {
  Accelerator cohort;
  cohort.people({"late"});
  cohort.wait("2016-12-19 00:00");
  EXPECT_EQ(cohort.ask("late", application("kelme")), "DEADLINE_PASSED");
  EXPECT_EQ(cohort.why(), "Applications closed on 2016-12-18");
  EXPECT_EQ(cohort.ask("manager", "extend_deadline { state: \"application.draft\" to { year: 2016 month: 12 day: 20 } reason: \"Snow\" }"), "");
  EXPECT_EQ(cohort.ask("late", application("kelme"), "late-one"), "");
  EXPECT_EQ(cohort.due("late-one", "application.draft", "deadline"), "2016-12-21 00:00");
}

TEST(Decide, TellsEverythingThatIsMissingAtOnce) {
  Accelerator cohort(nobody);
  cohort.people({"by-a"});
  ASSERT_EQ(cohort.ask("by-a", R"(start_initiative { fields { name: "problem" value { text: "Too short" } } })", "a"), "");
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "INVALID");
  EXPECT_THAT(cohort.unmet(), ElementsAre("Please fill in: Title", "Please fill in: Locality", "The problem you want to solve: at least 200 characters, now 9",
                                          "Please fill in: E-mail"));
}

TEST(Decide, LetsNobodyElseMakeAMove) {
  Accelerator cohort{"a", "b"};
  EXPECT_EQ(cohort.ask("by-b", step("a", "submit")), "NOT_FOUND") << "whose it is not, for her it is not there";
  EXPECT_EQ(cohort.ask("reader", step("a", "submit")), "FORBIDDEN");
  EXPECT_EQ(cohort.why(), "This is for: Applicant");
  EXPECT_EQ(cohort.why("lt"), "Tai gali: Pareiškėjas");
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "");
  EXPECT_EQ(cohort.ask("by-a", step("a", "pass")), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("coordinator-kelme", step("a", "pass")), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("mentor-taurage", step("a", "pass")), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("coordinator-taurage", step("a", "pass")), "");
}

TEST(Decide, MovesOnBehalfOnPaper) {
  Accelerator cohort(nobody);
  cohort.people({"by-a"});
  const std::string paper = "on_behalf_of: \"by-a\" channel: PAPER received_at_us: 1479902400000000 ";
  EXPECT_EQ(cohort.ask("coordinator-taurage", paper + application("taurage"), "a"), "");
  EXPECT_EQ(cohort.of("a").applicant, "by-a");
  EXPECT_EQ(cohort.ask("coordinator-taurage", paper + step("a", "submit")), "");
  EXPECT_EQ(cohort.records()[0].commit().channel(), v1::PAPER);
  EXPECT_EQ(cohort.records()[0].commit().on_behalf_of(), "by-a");
  EXPECT_EQ(cohort.records()[0].commit().received_at_us(), 1479902400000000);
  EXPECT_EQ(cohort.ask("mentor-taurage", paper + application("taurage"), "b"), "FORBIDDEN");
}

TEST(Decide, StaleFieldWriteShowsBothSides) {
  Accelerator cohort;
  const auto save = [](const std::string& title, int version) {
    return R"(save_fields { initiative: "a" fields { name: "title" if_version: )" + std::to_string(version) + R"( value { text: ")" + title + R"(" } } })";
  };
  EXPECT_EQ(cohort.ask("by-a", save("First", 1)), "");
  EXPECT_EQ(cohort.ask("by-a", save("Second", 1)), "CONFLICT_VERSION");
  ASSERT_EQ(cohort.refusal().conflicts.size(), 1u);
  EXPECT_EQ(cohort.refusal().conflicts[0].field, "title");
  EXPECT_EQ(cohort.refusal().conflicts[0].theirs.sealed().cipher(), "First");
  EXPECT_EQ(cohort.refusal().conflicts[0].their_version, 2u);
  EXPECT_EQ(cohort.ask("by-a", save("Second", 2)), "");
}

TEST(Decide, RefusesAMoveThatWasSeenBeforeAChange) {
  Accelerator cohort;
  const std::uint32_t seen = cohort.of("a").version;
  EXPECT_EQ(cohort.ask("by-a", R"(save_fields { initiative: "a" fields { name: "title" value { text: "New" } } })"), "");
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit", "if_version: " + std::to_string(seen))), "CONFLICT_VERSION");
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit", "if_version: " + std::to_string(seen + 1))), "");
}

TEST(Decide, ChecksEveryValueAgainstItsField) {
  Garden cohort;
  const auto save = [&](const std::string& field, const std::string& value) {
    const std::string code = cohort.ask("by-a", "save_fields { initiative: \"a\" fields { name: \"" + field + "\" value { " + value + " } } }");
    return code.empty() ? code : code + ": " + cohort.why();
  };
  EXPECT_EQ(save("size", "number: -1"), "INVALID: Size: expected a whole number of at least 0");
  EXPECT_EQ(save("size", "text: \"big\""), "INVALID: Size: expected a whole number of at least 0");
  EXPECT_EQ(save("size", "number: 101"), "INVALID: Size: at most 100");
  EXPECT_EQ(save("shade", "number: 8"), "INVALID: In the shade cannot be more than Size");
  EXPECT_EQ(save("shade", "number: 7"), "");
  EXPECT_EQ(save("size", "number: 6"), "INVALID: In the shade cannot be more than Size");
  EXPECT_EQ(save("plant", "text: \"oak\""), "INVALID: Plant: oak is not one of the choices");
  EXPECT_EQ(save("village", "text: \"riga\""), "INVALID: There is no locality riga in this cohort");
  EXPECT_EQ(save("title", "text: \"01234567890123456789012345678901234567890\""), "INVALID: Title: at most 40 characters, now 41");
  EXPECT_EQ(save("colour", "text: \"red\""), "INVALID: There is no field colour");
  EXPECT_EQ(save("note", "text: \"Mine\""), "FORBIDDEN: You may not write Note");
  EXPECT_EQ(save("plant", "empty: true"), "");
}

// --- places

TEST(Decide, HoldsAPlaceWhileAnOfferIsOpen) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  cohort.decided({"a", "b", "c", "d"});
  EXPECT_EQ(cohort.where("a"), "application.offered");
  EXPECT_EQ(cohort.ask("manager", step("e", "select")), "QUOTA_FULL");
  EXPECT_EQ(cohort.why("en"), "All places of this locality are taken");
  EXPECT_EQ(cohort.why("lt"), "Visos šios vietovės vietos užimtos");
}

TEST(Decide, CountsADecisionThatIsHeldAsAPlace) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  for (const char* one : {"a", "b", "c", "d"}) EXPECT_EQ(cohort.ask("manager", step(one, "select")), "");
  EXPECT_EQ(cohort.where("a"), "application.assessment");
  EXPECT_EQ(cohort.ask("manager", step("e", "select")), "QUOTA_FULL");
  // Another decision gives it back, the same again keeps it.
  EXPECT_EQ(cohort.ask("manager", step("a", "select")), "");
  EXPECT_EQ(cohort.ask("manager", step("e", "select")), "QUOTA_FULL");
  EXPECT_EQ(cohort.ask("manager", step("a", "decline", reason)), "");
  EXPECT_EQ(cohort.ask("manager", step("e", "select")), "");
  EXPECT_EQ(cohort.ask("manager", R"(drop_decision { initiative: "b" })"), "");
  EXPECT_TRUE(cohort.of("b").places.empty());
}

TEST(Decide, KeepsADecisionsPlaceThroughAReminder) {
  Accelerator cohort{"a"};
  cohort.assess({"a"});
  EXPECT_EQ(cohort.ask("manager", step("a", "select")), "");
  cohort.wait("2017-01-09 09:00");
  EXPECT_THAT(cohort.letters(), Contains("reminder to manager"));
  EXPECT_TRUE(cohort.of("a").held.has_value());
  EXPECT_EQ(cohort.of("a").places.size(), 1u);
}

TEST(Decide, LapsedOfferFreesThePlace) {
  Accelerator cohort{"a", "b", "c", "d", "e", "f"};
  cohort.assess({"a", "b", "c", "d", "e", "f"});
  for (const auto& [one, impact] : {std::pair{"e", 3}, {"f", 5}})
    EXPECT_EQ(cohort.ask("reader", std::string("open_task { initiative: \"") + one + "\" kind: \"review\" fields { name: \"impact\" value { number: " +
                                       std::to_string(impact) + " } } fields { name: \"feasibility\" value { number: 3 } } fields { name: \"team\" value { number: 3 } } }"), "")
        << cohort.why();
  cohort.decided({"a", "b", "c", "d"}, {"e", "f"});
  const std::string day = cohort.due("a", "application.offered", "deadline");
  EXPECT_EQ(day, "2016-11-20 00:00");
  cohort.wait("2016-11-19 23:59");
  EXPECT_EQ(cohort.ask("by-b", step("b", "accept")), "");
  cohort.wait("2016-11-20 00:00");
  EXPECT_EQ(cohort.where("a"), "application.lapsed");
  EXPECT_EQ(cohort.where("f"), "application.offered") << "the better score";
  EXPECT_EQ(cohort.where("e"), "application.offered") << "three lapsed, two waited";
  EXPECT_EQ(cohort.due("f", "application.offered", "deadline"), "2016-11-26 00:00") << "entered at 00:00 of the 20th: five whole days after it";
}

TEST(Decide, WithdrawalPassesThePlaceOnInTheSameCommit) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  cohort.decided({"a", "b", "c", "d"}, {"e"});
  EXPECT_EQ(cohort.ask("by-c", step("c", "withdraw")), "INVALID");
  EXPECT_EQ(cohort.unmet(), (std::vector<std::string>{"Please give a reason"}));
  EXPECT_EQ(cohort.ask("by-c", step("c", "withdraw", reason)), "");
  EXPECT_EQ(cohort.records().size(), 2u);
  EXPECT_EQ(cohort.where("e"), "application.offered");
  EXPECT_THAT(cohort.letters(), Contains("offer to by-e"));
}

TEST(Decide, GivesNoPlaceOnAfterMentoringHasBegun) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  cohort.decided({"a", "b", "c", "d"}, {"e"});
  for (const std::string one : {"a", "b", "c", "d"}) EXPECT_EQ(cohort.ask("by-" + one, step(one, "accept")), "");
  cohort.wait("2017-01-16 00:00");
  EXPECT_EQ(cohort.where("e"), "application.declined");
  EXPECT_EQ(cohort.ask("by-a", step("a", "withdraw", reason)), "");
  EXPECT_EQ(cohort.where("e"), "application.declined");
  EXPECT_EQ(cohort.cohort().taken.at({"per_locality", "taurage"}), 3u);
}

TEST(Decide, WaitsForAPlaceWhenADateLeadsToAFullQuota) {
  Garden cohort{"a", "b", "c", "d"};
  cohort.give("mentor", "mentor", "utena");
  cohort.queue({"a", "b", "c"});
  EXPECT_EQ(cohort.where("a"), "growing.working.digging") << "nobody waits beside a bed that is free";
  EXPECT_EQ(cohort.where("b"), "growing.working.digging");
  EXPECT_EQ(cohort.where("c"), "choosing.queue");
  EXPECT_THAT(cohort.letters(), ::testing::Not(Contains("blocked to manager")));
  cohort.wait("2017-03-01 00:00");
  EXPECT_EQ(cohort.where("c"), "choosing.queue");
  EXPECT_THAT(cohort.letters(), Contains("blocked to manager"));
  EXPECT_EQ(cohort.ask("by-a", step("a", "leave", reason)), "");
  EXPECT_EQ(cohort.where("c"), "growing.working.digging") << "tried again when a place was freed";
}

TEST(Decide, WaitsForTheChecklistWhenADateLeadsThere) {
  Garden cohort{"a"};
  cohort.queue({"a"});
  cohort.wait("2017-03-02 12:00");
  EXPECT_EQ(cohort.where("a"), "choosing.queue") << "nobody looks after the village";
  EXPECT_THAT(cohort.letters(), Contains("blocked to manager"));
  cohort.give("mentor", "mentor", "utena");
  cohort.wait("2017-03-02 12:01");
  EXPECT_EQ(cohort.where("a"), "growing.working.digging");
}

TEST(Decide, RefusesAMoveThatTheChecklistBlocks) {
  Accelerator cohort{"a"};
  cohort.assess({"a"});
  cohort.decided({"a"});
  EXPECT_EQ(cohort.ask("manager", R"(end_assignment { assignment: "mentor/mentor-taurage/taurage" })"), "");
  EXPECT_EQ(cohort.ask("by-a", step("a", "accept")), "GUARD_FAILED");
  EXPECT_EQ(cohort.why(), "No expert is assigned to this locality");
}

TEST(Decide, GivesAPlaceOnOnlyWithinItsLocality) {
  Accelerator cohort{"a", "b", "c", "d", "e", "f"};
  cohort.assess({"a", "b", "c", "d", "e", "f"});
  cohort.decided({"a", "b", "c", "d"}, {"e", "f"});
  // In Kelmė nobody applied: its new places are nobody's, and nobody of Tauragė's line gets them.
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" by: "kelme" places: 6 })"), "");
  EXPECT_EQ(cohort.where("e"), "application.waitlist");
  EXPECT_EQ(cohort.where("f"), "application.waitlist");
}

TEST(Decide, GivesTheFreePlaceAtOnceToWhoBeginsToWait) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  cohort.decided({"a", "b"}, {"c"});
  EXPECT_EQ(cohort.where("c"), "application.offered") << "two of four were free";
  EXPECT_THAT(cohort.letters(), Contains("offer to by-c"));
  EXPECT_EQ(cohort.ask("by-a", step("a", "withdraw", reason)), "");
  cohort.decided(nobody, {"d", "e"});
  EXPECT_EQ(cohort.where("d"), "application.offered");
  EXPECT_EQ(cohort.where("e"), "application.offered") << "the place that was freed while nobody waited";
}

TEST(Decide, GivesTheFreePlaceToWhoWaitsAndGoesThere) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  cohort.decided({"a", "b", "c", "d"}, {"e"});
  EXPECT_EQ(cohort.where("e"), "application.waitlist");
  // Nobody has applied in Kelmė: its places are free, and from now on hers to have.
  EXPECT_EQ(cohort.ask("by-e", R"(save_fields { initiative: "e" fields { name: "locality" value { text: "kelme" } } })"), "") << cohort.why();
  EXPECT_EQ(cohort.where("e"), "application.offered");
  EXPECT_EQ(cohort.cohort().taken.at({"per_locality", "kelme"}), 1u);
  EXPECT_EQ(cohort.cohort().taken.at({"per_locality", "taurage"}), 4u);
}

TEST(Decide, GivesAddedPlacesToWhoWaitsAndNoneWhenPlacesAreTaken) {
  Accelerator cohort{"a", "b", "c", "d", "e", "f"};
  cohort.assess({"a", "b", "c", "d", "e", "f"});
  cohort.decided({"a", "b", "c", "d"}, {"e", "f"});
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" by: "taurage" places: 3 })"), "QUOTA_FULL") << "four hold one";
  EXPECT_EQ(cohort.ask("by-a", step("a", "withdraw", reason)), "");
  EXPECT_EQ(cohort.where("e"), "application.offered");
  EXPECT_EQ(cohort.where("f"), "application.waitlist");
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" by: "taurage" places: 5 })"), "");
  EXPECT_EQ(cohort.where("e"), "application.offered");
  EXPECT_EQ(cohort.where("f"), "application.offered");
}

TEST(Decide, KeepsTheLocalityInWhichAPlaceIsHeld) {
  Accelerator cohort{"a"};
  cohort.assess({"a"});
  cohort.decided({"a"});
  const auto move_to = [](const std::string& locality) {
    return R"(save_fields { initiative: "a" fields { name: "locality" value { text: ")" + locality + R"(" } } })";
  };
  EXPECT_EQ(cohort.ask("by-a", move_to("kelme")), "PRECONDITION");
  EXPECT_EQ(cohort.why(), "Locality: a place is held there; it is changed when the place has been given back");
  EXPECT_EQ(cohort.ask("by-a", move_to("taurage")), "") << "the same again changes nothing";
}

TEST(Decide, TellsOfFullPlacesOnlyWhoMayGiveThem) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  for (const char* one : {"a", "b", "c", "d"}) EXPECT_EQ(cohort.ask("manager", step(one, "select")), "");
  EXPECT_EQ(cohort.ask("by-e", step("e", "select")), "FORBIDDEN");
  EXPECT_EQ(cohort.refusal().unmet.size(), 1u) << "that four decisions are held is not hers to know";
}

TEST(Decide, CountsNoAssessmentInAnInitiativesVersion) {
  Accelerator cohort{"a"};
  cohort.assess({"a"});
  const std::uint32_t before = cohort.of("a").version;
  EXPECT_EQ(cohort.ask("reader", R"(open_task { initiative: "a" kind: "review" fields { name: "impact" value { number: 3 } }
      fields { name: "feasibility" value { number: 3 } } fields { name: "team" value { number: 3 } } })"), "");
  EXPECT_EQ(cohort.of("a").version, before);
}

TEST(Decide, NeverSetsFewerPlacesThanAreTaken) {
  Accelerator cohort{"a", "b"};
  cohort.assess({"a", "b"});
  cohort.decided({"a", "b"});
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" by: "taurage" places: 1 })"), "QUOTA_FULL");
  EXPECT_EQ(cohort.why(), "2 places are taken already");
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" by: "taurage" places: 2 })"), "");
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" places: 1 })"), "QUOTA_FULL");
}

}  // namespace
}  // namespace kvali::cohort
