// The rules of decide, one sentence each, on the accelerator of 2017 and on the garden.
#include "engine/cohort/decide.h"

#include "tests/engine/cohort/practice.h"

namespace kvali::cohort {
namespace {

using testing::Opening;
using testing::Practice;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::string problem() { return std::string(220, 'x'); }

std::string application(const std::string& locality) {
  return R"(start_initiative {
    fields { name: "title" value { text: "A bakery" } } fields { name: "locality" value { text: ")" + locality + R"(" } }
    fields { name: "problem" value { text: ")" + problem() + R"(" } } fields { name: "contact" value { text: "who@example.org" } } })";
}

std::string step(const std::string& initiative, const std::string& name, const std::string& more = {}) {
  return "make_move { initiative: \"" + initiative + "\" move: \"" + name + "\" " + more + " }";
}

using Names = std::initializer_list<const char*>;
constexpr Names nobody{};

const char* const reason = "reason { text: \"Because\" }";

/// The accelerator of 2017 with a manager, a second one, a coordinator and a mentor of Tauragė and of Kelmė, and as many
/// initiatives as are named, each by a person of the same name.
class Accelerator : public Practice {
 public:
  Accelerator() : Accelerator({"a"}) {}
  Accelerator(Names initiatives, const Opening& opening = {}) : Practice(opening) {
    give("manager", "manager");
    give("manager", "second");
    give("reviewer", "reader");
    for (const char* locality : {"taurage", "kelme"}) {
      give("coordinator", std::string("coordinator-") + locality, locality);
      give("mentor", std::string("mentor-") + locality, locality);
    }
    for (const std::string one : initiatives) {
      people({"by-" + one});
      EXPECT_EQ(ask("by-" + one, application("taurage"), one), "") << why();
    }
  }
  /// Brings them all to assessment.
  void assess(Names initiatives) {
    for (const std::string one : initiatives) {
      EXPECT_EQ(ask("by-" + one, step(one, "submit")), "") << why();
      EXPECT_EQ(ask("coordinator-taurage", step(one, "pass")), "") << why();
    }
  }
  /// Decides for each and publishes.
  void decided(Names selected, Names reserved = nobody) {
    for (const std::string one : selected) EXPECT_EQ(ask("manager", step(one, "select")), "") << why();
    for (const std::string one : reserved) EXPECT_EQ(ask("manager", step(one, "reserve")), "") << why();
    EXPECT_EQ(ask("manager", "publish_decisions {}"), "") << why();
  }
  ~Accelerator() override {
    refold();
    EXPECT_THAT(broken(), IsEmpty());
  }
};

class Garden : public Practice {
 public:
  Garden() : Garden({"a"}) {}
  Garden(Names initiatives) : Practice({"garden", "2017-01-10 09:00", false, ""}) {
    give("manager", "manager");
    for (const std::string one : initiatives) {
      people({"by-" + one});
      EXPECT_EQ(ask("by-" + one, "start_initiative { fields { name: \"village\" value { text: \"utena\" } } fields { name: \"size\" value { number: 7 } } }", one), "");
    }
  }
  void queue(Names initiatives) {
    for (const std::string one : initiatives) {
      EXPECT_EQ(ask("by-" + one, step(one, "apply")), "") << why();
      EXPECT_EQ(ask("manager", step(one, "take")), "") << why();
    }
  }
  ~Garden() override {
    refold();
    EXPECT_THAT(broken(), IsEmpty());
  }
};

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
  Accelerator cohort{"a", "b"};
  cohort.assess({"a", "b"});
  cohort.decided({"a"}, {"b"});
  EXPECT_EQ(cohort.ask("by-a", step("a", "accept")), "");
  cohort.wait("2017-01-16 00:00");
  EXPECT_EQ(cohort.where("b"), "application.declined");
  EXPECT_EQ(cohort.ask("by-a", step("a", "withdraw", reason)), "");
  EXPECT_EQ(cohort.cohort().taken.at({"per_locality", "taurage"}), 0u);
}

TEST(Decide, WaitsForAPlaceWhenADateLeadsToAFullQuota) {
  Garden cohort{"a", "b", "c", "d"};
  cohort.give("mentor", "mentor", "utena");
  cohort.queue({"a", "b", "c"});
  cohort.wait("2017-02-28 23:59");
  EXPECT_EQ(cohort.where("a"), "choosing.queue");
  cohort.wait("2017-03-01 00:00");
  EXPECT_EQ(cohort.where("a"), "growing.working.digging");
  EXPECT_EQ(cohort.where("b"), "growing.working.digging");
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

TEST(Decide, NeverSetsFewerPlacesThanAreTaken) {
  Accelerator cohort{"a", "b"};
  cohort.assess({"a", "b"});
  cohort.decided({"a", "b"});
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" by: "taurage" places: 1 })"), "QUOTA_FULL");
  EXPECT_EQ(cohort.why(), "2 places are taken already");
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" by: "taurage" places: 2 })"), "");
  EXPECT_EQ(cohort.ask("manager", R"(set_quota { quota: "per_locality" places: 1 })"), "QUOTA_FULL");
}

// --- time

TEST(Decide, RemindsInTheMorningSevenDaysBefore) {
  Accelerator cohort;
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "2016-12-11 08:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.2"), "2016-12-17 08:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-19 00:00");
  cohort.wait("2016-12-11 07:59");
  EXPECT_THAT(cohort.letters(), IsEmpty());
  cohort.wait("2016-12-11 08:00");
  EXPECT_THAT(cohort.letters(), ElementsAre("reminder to by-a"));
}

TEST(Decide, ArmsNoReminderThatIsPast) {
  Accelerator cohort(nobody);
  cohort.people({"by-a"});
  cohort.wait("2016-12-14 12:00");
  ASSERT_EQ(cohort.ask("by-a", application("taurage"), "a"), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.2"), "2016-12-17 08:00");
}

TEST(Decide, ExtendsForOneInitiative) {
  Accelerator cohort{"a", "b"};
  const auto extend = [](const std::string& day) {
    return "extend_deadline { initiative: \"a\" state: \"application.draft\" to { year: 2016 month: 12 day: " + day + " } reason: \"Ill\" }";
  };
  EXPECT_EQ(cohort.ask("by-a", extend("22")), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("manager", extend("17")), "INVALID");
  EXPECT_EQ(cohort.why(), "A deadline is only moved to a later day");
  EXPECT_EQ(cohort.ask("manager", extend("22")), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-23 00:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "2016-12-15 08:00");
  EXPECT_EQ(cohort.due("b", "application.draft", "deadline"), "2016-12-19 00:00");
  cohort.wait("2016-12-20 12:00");
  EXPECT_EQ(cohort.where("b"), "application.lapsed");
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "");
}

TEST(Decide, ExtendsForOneLocality) {
  Accelerator cohort{"a"};
  cohort.people({"by-k", "by-l"});
  ASSERT_EQ(cohort.ask("by-k", application("kelme"), "k"), "");
  EXPECT_EQ(cohort.ask("manager", R"(extend_deadline { locality: "kelme" state: "application.draft" to { year: 2016 month: 12 day: 22 } reason: "Flood" })"), "");
  EXPECT_EQ(cohort.due("k", "application.draft", "deadline"), "2016-12-23 00:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-19 00:00");
  ASSERT_EQ(cohort.ask("by-l", application("kelme"), "l"), "");
  EXPECT_EQ(cohort.due("l", "application.draft", "deadline"), "2016-12-23 00:00") << "who comes later has it too";
}

TEST(Decide, RevivesNobodyByExtendingWhatIsPast) {
  Accelerator cohort{"a"};
  cohort.now = testing::at("2016-12-19 09:00");
  EXPECT_EQ(cohort.ask("manager", R"(extend_deadline { state: "application.draft" to { year: 2016 month: 12 day: 22 } reason: "Flood" })"), "");
  EXPECT_EQ(cohort.where("a"), "application.lapsed");
}

TEST(Decide, MovesDeadlinesWithTheirDate) {
  Accelerator cohort{"a"};
  EXPECT_EQ(cohort.ask("manager", R"(set_parameter { name: "application_closes" value { date { year: 2016 month: 12 day: 21 } } reason: "More time" })"), "");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline"), "2016-12-22 00:00");
  EXPECT_EQ(cohort.due("a", "application.draft", "deadline.remind.1"), "2016-12-14 08:00");
}

TEST(Decide, CountsTenWorkingDaysOverChristmas) {
  Accelerator cohort{"a"};
  cohort.wait("2016-12-16 10:00");  // a Friday; the 26th is a holiday
  EXPECT_EQ(cohort.ask("by-a", step("a", "submit")), "");
  EXPECT_EQ(cohort.due("a", "application.screening", "deadline"), "2017-01-03 00:00");
}

TEST(Decide, FiresWhatWasMissedInOrderAndEachOnce) {
  Garden cohort{"a"};
  cohort.now = testing::at("2017-01-25 12:00");
  EXPECT_EQ(cohort.ask("", "channel: TIME pass_time {}"), "");
  EXPECT_EQ(cohort.where("a"), "choosing.late");
  EXPECT_THAT(cohort.letters(), ElementsAre("reminder to by-a", "reminder to by-a"));
  EXPECT_EQ(cohort.ask("", "channel: TIME pass_time {}"), "");
  EXPECT_THAT(cohort.records(), IsEmpty());
}

TEST(Decide, KeepsRemainingTimeByHistory) {
  Garden cohort{"a"};
  cohort.give("mentor", "mentor", "utena");
  cohort.queue({"a"});
  cohort.wait("2017-03-01 12:00");
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline"), "2017-03-12 00:00");
  cohort.wait("2017-03-04 12:00");
  EXPECT_EQ(cohort.ask("by-a", step("a", "pause")), "");
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline"), "");
  cohort.wait("2017-03-10 12:00");
  EXPECT_EQ(cohort.where("a"), "growing.paused");
  EXPECT_EQ(cohort.ask("by-a", step("a", "resume")), "");
  EXPECT_EQ(cohort.where("a"), "growing.working.digging");
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline"), "2017-03-18 00:00") << "seven and a half days were left";
  EXPECT_EQ(cohort.due("a", "growing.working.digging", "deadline.remind.1"), "2017-03-14 08:00");
}

TEST(Decide, GoesOnByItselfWhenWhatIsWrittenAllowsIt) {
  Garden cohort{"a"};
  EXPECT_EQ(cohort.ask("by-a", step("a", "apply")), "");
  EXPECT_EQ(cohort.where("a"), "choosing.sorted");
  EXPECT_EQ(cohort.ask("by-a", R"(save_fields { initiative: "a" fields { name: "organic" value { flag: true } } })"), "");
  EXPECT_EQ(cohort.where("a"), "choosing.sorted");
  EXPECT_EQ(cohort.ask("by-a", R"(save_fields { initiative: "a" fields { name: "size" value { number: 4 } } })"), "");
  EXPECT_EQ(cohort.where("a"), "choosing.queue");
}

TEST(Decide, HoldsThePlaceOfADecisionThatLeadsIntoAStage) {
  Garden cohort{"a", "b", "c"};
  cohort.give("mentor", "mentor", "utena");
  for (const char* one : {"a", "b", "c"}) EXPECT_EQ(cohort.ask(std::string("by-") + one, step(one, "apply")), "");
  EXPECT_EQ(cohort.ask("mentor", step("a", "sow")), "");
  EXPECT_EQ(cohort.ask("manager", step("b", "sow")), "");
  EXPECT_EQ(cohort.of("a").places.size(), 2u) << "a bed and a set of tools";
  EXPECT_EQ(cohort.ask("manager", step("c", "sow")), "QUOTA_FULL");
  EXPECT_EQ(cohort.why(), "All beds of the village are taken");
  EXPECT_EQ(cohort.ask("manager", "publish_decisions {}"), "");
  EXPECT_EQ(cohort.where("a"), "growing.working.digging");
}

TEST(Decide, OpensReportsByTheMonthAndEndsWithTheLast) {
  Garden cohort{"a"};
  cohort.give("mentor", "mentor", "utena");
  cohort.queue({"a"});
  cohort.wait("2017-03-01 12:00");
  EXPECT_EQ(cohort.ask("by-a", step("a", "dug")), "");
  EXPECT_EQ(cohort.ask("mentor", step("a", "planted")), "GUARD_FAILED");
  EXPECT_EQ(cohort.ask("mentor", R"(open_task { initiative: "a" kind: "visits" fields { name: "minutes" value { number: 30 } } })"), "");
  EXPECT_EQ(cohort.ask("mentor", step("a", "planted")), "");
  EXPECT_EQ(cohort.where("a"), "harvest.reporting");
  const auto hand_in = [&](const std::string& key) {
    return cohort.ask("by-a", step("a", "hand_in", "task: \"" + key + "\" fields { name: \"kilos\" value { number: 3 } }"));
  };
  cohort.wait("2017-03-22 23:59");
  EXPECT_TRUE(cohort.of("a").tasks.size() == 1u) << "the visit";
  cohort.wait("2017-03-23 00:00");  // planned for the end of the 1st of April, open ten days before
  ASSERT_EQ(cohort.of("a").tasks.size(), 2u);
  EXPECT_EQ(cohort.of("a").tasks[1].key, "yield/1");
  EXPECT_EQ(hand_in("yield/1"), "");
  EXPECT_EQ(hand_in("yield/1"), "PRECONDITION");
  cohort.wait("2017-06-01 12:00");
  EXPECT_EQ(cohort.of("a").tasks.size(), 4u);
  EXPECT_THAT(cohort.letters(), Contains("overdue to by-a"));
  EXPECT_EQ(hand_in("yield/3"), "");
  EXPECT_EQ(cohort.where("a"), "harvest.reporting");
  EXPECT_EQ(hand_in("yield/2"), "");
  EXPECT_EQ(cohort.where("a"), "harvest.eaten");
  EXPECT_EQ(cohort.of("a").end, v1::State::SUCCESS);
}

// --- people

TEST(Decide, LoadLimit) {
  Accelerator cohort(nobody);
  cohort.people({"expert"});
  const auto assign = [](const std::string& locality, const std::string& more = {}) {
    return "assign_role { person: \"expert\" role: \"mentor\" locality: \"" + locality + "\" " + more + " }";
  };
  EXPECT_EQ(cohort.ask("manager", assign("utena"), "one"), "");
  EXPECT_EQ(cohort.ask("manager", assign("birzai"), "two"), "");
  EXPECT_EQ(cohort.ask("manager", assign("akmene")), "LIMIT") << "eight initiatives, four places a locality";
  EXPECT_EQ(cohort.why(), "Expert would carry 12 initiatives, at most 8 are agreed");
  EXPECT_EQ(cohort.ask("manager", assign("akmene", "load_max: 12"), "three"), "");
}

TEST(Decide, GivesRolesByWhoMayAssign) {
  Accelerator cohort(nobody);
  cohort.people({"expert"});
  EXPECT_EQ(cohort.ask("coordinator-kelme", R"(assign_role { person: "expert" role: "mentor" locality: "kelme" })"), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "nobody" role: "mentor" locality: "kelme" })"), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "expert" role: "mentor" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "expert" role: "mentor" locality: "riga" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "expert" role: "cook" locality: "kelme" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "mentor-kelme" role: "mentor" locality: "kelme" })"), "PRECONDITION");
}

TEST(Decide, SubstituteIsTold) {
  Accelerator cohort{"a"};
  cohort.assess({"a"});
  cohort.decided({"a"});
  EXPECT_EQ(cohort.ask("by-a", step("a", "accept")), "");
  cohort.wait("2017-01-17 09:00");
  EXPECT_EQ(cohort.ask("manager", R"(assign_role { person: "mentor-kelme" role: "mentor" locality: "taurage" substitute_for: "mentor/mentor-taurage/taurage" until_us: 1488290400000000 })", "sub"), "");
  const std::string plan = std::string(60, 'p');
  EXPECT_EQ(cohort.ask("by-a", step("a", "hand_in", "fields { name: \"plan\" value { text: \"" + plan + "\" } }")), "");
  EXPECT_THAT(cohort.letters(), Contains("project_handed_in to mentor-taurage"));
  EXPECT_THAT(cohort.letters(), Contains("project_handed_in to mentor-kelme"));
  EXPECT_EQ(cohort.ask("mentor-kelme", step("a", "return", reason)), "");
  cohort.wait("2017-03-01 09:00");
  EXPECT_EQ(cohort.ask("mentor-kelme", R"(open_task { initiative: "a" kind: "meetings" fields { name: "date" value { date { year: 2017 month: 2 day: 1 } } } fields { name: "minutes" value { number: 30 } } })"), "NOT_FOUND")
      << "it was until the end of February";
}

TEST(Decide, AsksAReaderOnceAndNoneOfTheSamePlace) {
  Accelerator cohort{"a"};
  cohort.give("reviewer", "coordinator-taurage");
  cohort.assess({"a"});
  const std::string review = R"(open_task { initiative: "a" kind: "review" fields { name: "impact" value { number: 4 } }
    fields { name: "feasibility" value { number: 4 } } fields { name: "team" value { number: 5 } } })";
  EXPECT_EQ(cohort.ask("coordinator-taurage", review), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(cohort.ask("reader", R"(open_task { initiative: "a" kind: "review" fields { name: "impact" value { number: 6 } } })"), "INVALID");
  EXPECT_EQ(cohort.ask("reader", R"(open_task { initiative: "a" kind: "review" fields { name: "impact" value { number: 4 } } })"), "INVALID");
  EXPECT_EQ(cohort.ask("reader", review), "");
  EXPECT_EQ(cohort.ask("reader", review), "PRECONDITION");
}

TEST(Decide, LateAdmissionNeedsTwoPersons) {
  Accelerator cohort{"a"};
  cohort.wait("2016-12-19 00:00");
  ASSERT_EQ(cohort.where("a"), "application.lapsed");
  const std::string propose = R"(propose_exception { initiative: "a" to: "application.screening" reason { text: "No connection" } })";
  EXPECT_EQ(cohort.ask("by-a", propose), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("manager", R"(propose_exception { initiative: "a" to: "application.screening" })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", R"(propose_exception { initiative: "a" to: "application.nowhere" reason { text: "x" } })"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", propose), "");
  EXPECT_EQ(cohort.where("a"), "application.lapsed");
  EXPECT_EQ(cohort.ask("manager", R"(confirm_exception { initiative: "a" })"), "FORBIDDEN");
  EXPECT_EQ(cohort.why(), "A second person has to confirm this");
  EXPECT_EQ(cohort.ask("second", R"(confirm_exception { initiative: "a" })"), "");
  EXPECT_EQ(cohort.where("a"), "application.screening");
  EXPECT_FALSE(cohort.of("a").ended());
  EXPECT_EQ(cohort.ask("second", R"(confirm_exception { initiative: "a" })"), "PRECONDITION");
}

TEST(Decide, MakesNoExceptionFromTheQuota) {
  Accelerator cohort{"a", "b", "c", "d", "e"};
  cohort.assess({"a", "b", "c", "d", "e"});
  cohort.decided({"a", "b", "c", "d"});
  const std::string propose = R"(propose_exception { initiative: "e" to: "mentoring" reason { text: "Please" } })";
  EXPECT_EQ(cohort.ask("manager", propose), "QUOTA_FULL");
  EXPECT_EQ(cohort.ask("by-a", step("a", "withdraw", reason)), "");
  EXPECT_EQ(cohort.ask("manager", propose), "");
  EXPECT_EQ(cohort.ask("second", R"(decline_exception { initiative: "e" })"), "");
  EXPECT_EQ(cohort.ask("second", R"(confirm_exception { initiative: "e" })"), "PRECONDITION");
}

// --- many at once, and what is not there

TEST(Decide, MovesManyOrNone) {
  Accelerator cohort{"a", "b", "c"};
  for (const char* one : {"a", "b"}) EXPECT_EQ(cohort.ask(std::string("by-") + one, step(one, "submit")), "");
  const std::string all = R"(bulk_move { move: "pass" initiatives: "a" initiatives: "b" initiatives: "c" })";
  EXPECT_EQ(cohort.ask("coordinator-taurage", all), "FORBIDDEN");
  EXPECT_EQ(cohort.ask("manager", all), "PRECONDITION") << "one of them is not there yet";
  EXPECT_EQ(cohort.where("a"), "application.screening");
  EXPECT_EQ(cohort.ask("manager", R"(bulk_move { move: "pass" initiatives: "a" initiatives: "b" })"), "");
  EXPECT_EQ(cohort.where("b"), "application.assessment");
}

TEST(Decide, KnowsNothingOfWhatIsNotThere) {
  Accelerator cohort{"a"};
  EXPECT_EQ(cohort.ask("manager", step("z", "submit")), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", step("a", "fly")), "PRECONDITION");
  EXPECT_EQ(cohort.why(), "fly is not possible from here");
  EXPECT_EQ(cohort.ask("manager", R"(make_move { initiative: "a" move: "submit" task: "review/1" })"), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("manager", "set_parameter { name: \"weather\" value { text: \"fine\" } }"), "INVALID");
  EXPECT_EQ(cohort.ask("manager", "publish_decisions {}"), "PRECONDITION");
  EXPECT_EQ(cohort.ask("manager", R"(drop_decision { initiative: "a" })"), "PRECONDITION");
  EXPECT_EQ(cohort.ask("manager", "move_clock { to_us: 1500000000000000 }"), "PRECONDITION");
  EXPECT_EQ(cohort.ask("manager", R"(open_cohort { name: "season" program: "socifaction-2017" })"), "PRECONDITION");
}

TEST(Decide, MovesARehearsalsClockThroughEverythingThatIsDue) {
  Accelerator cohort({"a"}, {"socifaction-2017", "2016-11-14 09:00", true, ""});
  EXPECT_EQ(cohort.ask("manager", "move_clock { to_us: " + std::to_string(testing::at("2016-12-20 12:00")) + " }"), "");
  EXPECT_EQ(cohort.where("a"), "application.lapsed");
  EXPECT_THAT(cohort.letters(), ElementsAre("reminder to by-a", "reminder to by-a"));
  const std::vector<Happening>& happened = cohort.cohort().happenings[0];
  ASSERT_EQ(happened.size(), 4u);
  EXPECT_EQ(happened[1].at, testing::at("2016-12-11 08:00"));
  EXPECT_EQ(happened[3].at, testing::at("2016-12-19 00:00"));
  EXPECT_EQ(cohort.of("a").last_activity, testing::at("2016-12-19 00:00"));
  EXPECT_EQ(cohort.ask("manager", "move_clock { to_us: " + std::to_string(testing::at("2016-12-20 11:59")) + " }"), "INVALID");
  EXPECT_EQ(cohort.ask("by-a", "move_clock { to_us: " + std::to_string(testing::at("2017-12-20 11:59")) + " }"), "FORBIDDEN");
}

}  // namespace
}  // namespace kvali::cohort
