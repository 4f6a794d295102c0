// A cohort goes over to another version of its program.
#include "engine/cohort/migrate.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "engine/limits.h"
#include "tests/engine/cohort/practice.h"

namespace kvali::cohort::testing {
namespace {

using Edits = std::vector<std::pair<std::string, std::string>>;

std::string garden(const Edits& edits) { return edited("garden", edits); }

class Migration : public ::testing::Test, public Practice {
 protected:
  Migration() : Practice({"garden", "2017-01-10 09:00", false, ""}) {
    give("mentor", "mentor-utena", "utena");
    people({"ana", "ben", "eva", "second"});
    give("manager", "second");
  }
  ~Migration() override {
    refold();
    for (const std::string& one : broken()) ADD_FAILURE() << one;
  }

  void begin(const std::string& id, const std::string& person, int size = 4) {
    ASSERT_EQ(ask(person, fmt::format(R"(start_initiative {{ fields {{ name: "village" value {{ text: "utena" }} }} fields {{ name: "size" value {{ number: {} }} }} }})", size), id), "") << why();
  }
  void move(const std::string& who, const std::string& id, const std::string& name, const std::string& more = {}) {
    ASSERT_EQ(ask(who, fmt::format(R"(make_move {{ initiative: "{}" move: "{}" {} }})", id, name, more)), "") << why();
  }
  /// Asks to start; the plan stands under a `program:`.
  std::string start(const std::string& plan, const std::string& more = {}) {
    v1::Command command;
    if (!more.empty()) google::protobuf::TextFormat::ParseFromString(fmt::format("start_migration {{ {} }}", more), &command);
    command.mutable_start_migration()->set_reason("better");
    command.mutable_start_migration()->mutable_plan()->set_path("plan.yaml");
    command.mutable_start_migration()->mutable_plan()->set_text("program: garden\n" + plan);
    return ask("manager", command, "way");
  }
  /// What is wrong with a plan, line by line.
  std::string faults(const std::string& plan) {
    if (start(plan).empty()) return "none";
    std::string all = unmet().empty() ? why() : "";
    for (const std::string& one : unmet()) all += one + "\n";
    return all;
  }
  /// Everything that time does for the migration.
  void go_over() {
    while (cohort().migration.running()) {
      const auto before = cohort().sequence;
      ASSERT_EQ(ask("", "pass_time {} channel: TIME"), "");
      ASSERT_GT(cohort().sequence, before);
    }
  }
  std::string parked(const std::string& id) {
    const auto found = cohort().migration.parked.find(cohort().find(id).value());
    return found == cohort().migration.parked.end() ? "" : in_language(sentence_of(Waits{found->second.why, found->second.words, {}}), "en");
  }
  /// A record of the last commits about an initiative's way over.
  std::string version(const std::string& id) { return of(id).model->version(); }
};

const Edits renamed = {{"sorted", "checked"}};
const char* renamed_plan = "states: {choosing.sorted: choosing.checked}\n";

TEST_F(Migration, TakesEachToWhereItsStateIsInTheNewVersion) {
  begin("a", "ana");
  begin("b", "ben");
  move("ben", "b", "apply");
  publish(garden(renamed), "version-2");
  ASSERT_EQ(start(renamed_plan), "") << why();
  EXPECT_EQ(version("a"), "version-of-garden");  // nothing but the cohort has moved
  EXPECT_EQ(cohort().model->version(), "version-2");
  const std::string deadline = due("a", "choosing.asked", "deadline");
  go_over();
  EXPECT_EQ(version("a"), "version-2");
  EXPECT_EQ(where("a"), "choosing.asked");
  EXPECT_EQ(where("b"), "choosing.checked");
  EXPECT_EQ(due("a", "choosing.asked", "deadline"), deadline);
  EXPECT_EQ(due("a", "choosing.asked", "deadline.remind.1"), "2017-01-18 08:00");
  EXPECT_TRUE(cohort().migration.ended);
  move("manager", "b", "take");
  EXPECT_EQ(where("b"), "growing.working.digging");
  begin("c", "eva");
  EXPECT_EQ(version("c"), "version-2");
}

TEST_F(Migration, SaysOfAPlanEverythingThatIsWrong) {
  publish(garden({{"sorted", "checked"}, {"    size: ", "    metres: "}, {"initiative.size", "initiative.metres"}, {"of: size", "of: metres"}, {"mentor", "helper"}}), "version-2");
  EXPECT_EQ(faults("states: {choosing.sortd: choosing.checked, choosing.asked: choosing.asking, choosing.queue: {to: choosing.queue, park: why}}\n"
                   "timers: {choosing.asked.dedline: keep, choosing.asked.deadline: shift}\n"
                   "only: initiative.siz > 2\n"),
            "plan.yaml:2:10: the old version has no state `choosing.sortd`; did you mean `choosing.sorted`?\n"
            "plan.yaml:2:44: the new version has no state `choosing.asking`; did you mean `choosing.asked`?\n"
            "plan.yaml:2:77: `choosing.queue` needs where it leads, or why it waits (`park`); one of them\n"
            "plan.yaml:3:10: the new version has no timer `choosing.asked.dedline`; it is written STATE.deadline, STATE.series.FORM or STATE.move.NAME\n"
            "plan.yaml:3:40: `shift` needs `by`, a period such as `7 days`\n"
            "plan.yaml:1:1: the new version has no field `size`: write `size: NEW_NAME` under `fields`, or `size: {drop: true}`\n"
            "plan.yaml:1:1: the new version has no role `mentor`: write `mentor: NEW_NAME` under `roles`, or `mentor: {drop: true}`\n"
            "plan.yaml:4:7: `initiative.siz > 2`: there is no \"siz\" in initiative; did you mean \"size\"?\n");
  EXPECT_EQ(faults("fields: {size: metres}\nroles: {mentor: helper}\n"),
            "plan.yaml:1:1: the new version has no `choosing.sorted`, where an initiative can be (it begins; `apply` by applicant): write under `states` where "
            "it leads, or `choosing.sorted: {park: WHY}`\n");
  EXPECT_EQ(faults("stats: {}\n"), "plan.yaml:2:1: unknown key `stats` in a plan; did you mean `states`?\n");
  EXPECT_EQ(faults("fields: {size: metres}\nroles: {mentor: helper}\nstates: {choosing.sorted: choosing.refused}\n"),
            "plan.yaml:4:10: `choosing.refused` is an end; nobody's initiative ends by a migration: park it, and let a person say so\n");
}

TEST_F(Migration, RefusesToLeadNowhere) {
  publish(garden({{"      paused:\n        label: Paused\n        waits_for: applicant\n        deadline: {within: 2 months, then: wilted}\n        moves: {resume: {label: Resume, by: applicant, to: working}}\n    outcomes:\n      wilted: {label: Wilted, ends: lapsed}\n", ""},
                  {"        moves: {pause: {label: Pause, by: applicant, to: paused}}\n", ""}}),
          "version-2");
  EXPECT_EQ(faults(""),
            "plan.yaml:1:1: the new version has no `growing.paused`, where an initiative can be (it begins; `apply` by applicant; a place of `beds` is freed; `pause` by "
            "applicant): write under `states` where it leads, or `growing.paused: {park: WHY}`\n");
}

TEST_F(Migration, KeepsMovesOrBeginsAnewTheDaysOfATimer) {
  begin("a", "ana");
  publish(garden({{"within: 10 days, remind: [2 days before, 1 day before], then: late", "within: 30 days, remind: [3 days before], then: late"}}), "version-2");
  publish(garden({{"within: 10 days, remind: [2 days before, 1 day before], then: late", "within: 40 days, remind: [3 days before], then: late"}}), "version-3");
  publish(garden({{"within: 10 days, remind: [2 days before, 1 day before], then: late", "within: 50 days, remind: [3 days before], then: late"}}), "version-4");
  ASSERT_EQ(start("", R"(version: "version-2")"), "") << why();
  go_over();
  EXPECT_EQ(due("a", "choosing.asked", "deadline"), "2017-01-21 00:00");
  EXPECT_EQ(due("a", "choosing.asked", "deadline.remind.1"), "2017-01-17 08:00");
  ASSERT_EQ(start("timers: {asked.deadline: {then: shift, by: 5 days}}\n", R"(version: "version-3")"), "") << why();
  go_over();
  EXPECT_EQ(due("a", "choosing.asked", "deadline"), "2017-01-26 00:00");
  wait("2017-01-12 10:00");
  ASSERT_EQ(start("timers: {asked.deadline: rearm}\n", R"(version: "version-4")"), "") << why();
  go_over();
  EXPECT_EQ(due("a", "choosing.asked", "deadline"), "2017-03-04 00:00");
}

TEST_F(Migration, CarriesAPauseWithTheTimeThatRemains) {
  begin("a", "ana");
  move("ana", "a", "apply");
  move("manager", "a", "take");
  ASSERT_EQ(where("a"), "growing.working.digging");
  ASSERT_EQ(due("a", "growing.working.digging", "deadline"), "2017-01-21 00:00");
  wait("2017-01-14 10:00");
  move("ana", "a", "pause");
  publish(garden({{"digging", "spading"}}), "version-2");
  ASSERT_EQ(start("states: {growing.working.digging: growing.working.spading}\n"), "") << why();
  go_over();
  EXPECT_EQ(where("a"), "growing.paused");
  wait("2017-03-01 10:00");
  move("ana", "a", "resume");
  EXPECT_EQ(where("a"), "growing.working.spading");
  EXPECT_EQ(due("a", "growing.working.spading", "deadline"), "2017-03-08 00:00");  // six days and 14 hours, as on the 14th of January
}

TEST_F(Migration, ParksWhatThePlanLeavesToAPersonWhoThenSaysWhereItGoes) {
  begin("a", "ana");
  move("ana", "a", "apply");
  begin("b", "ben");
  publish(garden(renamed), "version-2");
  ASSERT_EQ(start("states: {choosing.sorted: {park: Each needs a look}}\n"), "") << why();
  go_over();
  EXPECT_EQ(parked("a"), "The plan leaves it to a person: Each needs a look");
  EXPECT_EQ(version("a"), "version-of-garden");
  EXPECT_EQ(version("b"), "version-2");
  move("manager", "a", "take");  // it goes on under its own version meanwhile
  EXPECT_EQ(ask("ana", R"(migrate_initiative { initiative: "a" to: "choosing.checked" reason: "so" })"), "FORBIDDEN");
  EXPECT_EQ(ask("manager", R"(migrate_initiative { initiative: "a" to: "choosing.checkd" reason: "so" })"), "INVALID");
  EXPECT_EQ(ask("manager", R"(migrate_initiative { initiative: "a" to: "choosing.asked" to: "growing.paused" reason: "so" })"), "PRECONDITION");
  ASSERT_EQ(ask("manager", R"(migrate_initiative { initiative: "a" to: "choosing.checked" reason: "so" })"), "") << why();
  EXPECT_EQ(where("a"), "choosing.checked");
  EXPECT_EQ(version("a"), "version-2");
  EXPECT_EQ(parked("a"), "");
  EXPECT_EQ(ask("manager", R"(migrate_initiative { initiative: "a" reason: "so" })"), "PRECONDITION");
}

TEST_F(Migration, ParksWhatHasChangedSinceTheDryRun) {
  begin("a", "ana");
  begin("b", "ben");
  publish(garden(renamed), "version-2");
  const std::uint32_t seen = of("a").touches;
  move("ana", "a", "apply");
  ASSERT_EQ(start(renamed_plan, fmt::format("seen: [{}, {}]", seen, of("b").touches)), "") << why();
  go_over();
  EXPECT_EQ(parked("a"), "It has changed since the dry run that was agreed to");
  EXPECT_EQ(version("b"), "version-2");
  ASSERT_EQ(ask("manager", R"(migrate_initiative { initiative: "a" reason: "it is still right" })"), "") << why();
  EXPECT_EQ(where("a"), "choosing.checked");
}

TEST_F(Migration, GoesOverInBatchesWhileCommandsGoOn) {
  const std::size_t count = 3 * limits::migration_initiatives_per_commit_max;
  for (std::size_t i = 0; i < count; ++i) begin(fmt::format("i{}", i), "ana");
  publish(garden(renamed), "version-2");
  ASSERT_EQ(start(renamed_plan), "") << why();
  EXPECT_EQ(cohort().next_due(), cohort().clock);
  EXPECT_EQ(ask("", "pass_time {} channel: TIME"), "");
  EXPECT_EQ(cohort().migration.next, limits::migration_initiatives_per_commit_max);
  move("ana", "i0", "apply");  // one that has gone over
  move("ana", fmt::format("i{}", count - 1), "apply");  // one that has not
  EXPECT_EQ(where("i0"), "choosing.checked");
  EXPECT_EQ(start(renamed_plan), "PRECONDITION");
  EXPECT_EQ(ask("ana", "pause_migration {}"), "FORBIDDEN");
  ASSERT_EQ(ask("manager", "pause_migration {}"), "") << why();
  EXPECT_FALSE(cohort().migration.running());
  wait("2017-01-11 09:00");
  EXPECT_EQ(version("i100"), "version-of-garden");
  ASSERT_EQ(ask("manager", "resume_migration {}"), "") << why();
  go_over();
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(version(fmt::format("i{}", i)), "version-2");
  EXPECT_EQ(where(fmt::format("i{}", count - 1)), "choosing.checked");
}

TEST_F(Migration, GoesBackAsFarAsNothingHasChanged) {
  begin("a", "ana");
  begin("b", "ben");
  move("ana", "a", "apply");
  move("ben", "b", "apply");
  publish(garden(renamed), "version-2");
  ASSERT_EQ(start(renamed_plan), "") << why();
  go_over();
  move("manager", "b", "take");
  EXPECT_EQ(ask("manager", "undo_migration {}"), "INVALID");
  ASSERT_EQ(ask("manager", R"(undo_migration { reason: "too early" })"), "") << why();
  go_over();
  EXPECT_EQ(where("a"), "choosing.sorted");
  EXPECT_EQ(version("a"), "version-of-garden");
  EXPECT_EQ(where("b"), "growing.working.digging");
  EXPECT_EQ(version("b"), "version-2");
  EXPECT_EQ(cohort().model->version(), "version-of-garden");
  EXPECT_EQ(ask("manager", R"(undo_migration { reason: "again" })"), "PRECONDITION");
  move("manager", "a", "take");
}

TEST_F(Migration, RenamesFieldsRolesQuotasAndParameters) {
  begin("a", "ana");
  move("ana", "a", "apply");
  move("manager", "a", "take");
  wait("2017-03-01 10:00");
  ASSERT_EQ(where("a"), "growing.working.digging");
  publish(garden({{"    size: ", "    metres: "}, {"initiative.size", "initiative.metres"}, {"of: size", "of: metres"}, {"mentor", "helper"}, {"beds", "plots"},
                  {"spring", "thaw"}}),
          "version-2");
  ASSERT_EQ(start("fields: {size: metres}\nroles: {mentor: helper}\nquotas: {beds: plots}\nparameters: {spring: thaw}\n"), "") << why();
  EXPECT_NE(cohort().parameter("thaw"), nullptr);
  EXPECT_EQ((cohort().taken.at({"beds", "utena"})), 1u);
  go_over();
  EXPECT_EQ(of("a").field("metres")->number(), 4);
  EXPECT_EQ(of("a").field("size"), nullptr);
  EXPECT_EQ((cohort().taken.at({"beds", "utena"})), 0u);
  EXPECT_EQ((cohort().taken.at({"plots", "utena"})), 1u);
  EXPECT_EQ((cohort().taken.at({"tools", ""})), 1u);
  move("ana", "a", "dug");
  ASSERT_EQ(ask("mentor-utena", R"(open_task { initiative: "a" kind: "visits" fields { name: "minutes" value { number: 20 } } })"), "") << why();
  move("mentor-utena", "a", "planted");
  EXPECT_EQ(where("a"), "harvest.reporting");
  for (const Assignment& one : cohort().assignments) EXPECT_EQ(one.ended, one.role == "mentor") << one.id;
}

TEST_F(Migration, CountsAPlaceOnceUnderBothItsNames) {
  for (const auto& [id, person] : {std::pair("a", "ana"), std::pair("b", "ben"), std::pair("c", "eva")}) {
    begin(id, person);
    move(person, id, "apply");
    move("manager", id, "take");
  }
  wait("2017-03-01 10:00");  // spring: two of them have a bed
  publish(garden({{"beds", "plots"}}), "version-2");
  ASSERT_EQ(start("quotas: {beds: plots}\n"), "") << why();
  const auto growing = [&] { return where("a") + ", " + where("b") + ", " + where("c"); };
  const std::string before = growing();
  EXPECT_EQ(before, "growing.working.digging, growing.working.digging, choosing.queue");
  go_over();
  EXPECT_EQ(growing(), before);
  EXPECT_EQ((cohort().taken.at({"plots", "utena"})), 2u);
  ASSERT_EQ(ask("manager", R"(undo_migration { reason: "the old name was better" })"), "") << why();
  go_over();
  EXPECT_EQ(growing(), before);
  EXPECT_EQ((cohort().taken.at({"beds", "utena"})), 2u);
  move("ana", "a", "leave", R"(reason { text: "moves away" })");
  EXPECT_EQ(where("c"), "growing.working.digging");
}

TEST_F(Migration, KeepsTheTasksThatTheNewVersionDoesNotHave) {
  begin("a", "ana");
  move("ana", "a", "apply");
  move("manager", "a", "take");
  wait("2017-03-01 10:00");
  move("ana", "a", "dug");
  ASSERT_EQ(ask("mentor-utena", R"(open_task { initiative: "a" kind: "visits" fields { name: "minutes" value { number: 20 } } })"), "") << why();
  const Edits without = {{"            log: {visits: {label: Visit, by: [mentor], fields: {minutes: {type: count, required: true, label: Minutes}}}}\n", ""},
                         {", needs: [{when: size(visits) >= 1, why: One visit at least}]", ""}};
  publish(garden(without), "version-2");
  ASSERT_EQ(start("tasks: {visits: {drop: true}}\n", R"(version: "version-2")"), "") << why();
  go_over();
  EXPECT_TRUE(of("a").tasks.empty());
  ASSERT_EQ(of("a").aside.size(), 1u);
  ASSERT_EQ(ask("manager", R"(undo_migration { reason: "they are missed" })"), "") << why();
  go_over();
  EXPECT_TRUE(of("a").aside.empty());
  ASSERT_EQ(of("a").tasks.size(), 1u);
  move("mentor-utena", "a", "planted");
}

TEST_F(Migration, CarriesADecisionThatIsHeldAndParksOneThatIsGone) {
  begin("a", "ana");
  move("ana", "a", "apply");
  move("manager", "a", "sow");
  ASSERT_TRUE(of("a").held.has_value());
  publish(garden({{"sow:", "plough:"}}), "version-2");
  publish(garden(renamed), "version-3");
  ASSERT_EQ(start("", R"(version: "version-2")"), "") << why();
  go_over();
  EXPECT_EQ(parked("a"), "A decision sow is held, and the new version has none like it here");
  ASSERT_EQ(start(renamed_plan, R"(version: "version-3")"), "") << why();
  go_over();
  EXPECT_EQ(where("a"), "choosing.checked");
  ASSERT_EQ(ask("manager", "publish_decisions {}"), "") << why();
  EXPECT_EQ(where("a"), "growing.working.digging");
}

TEST_F(Migration, AsksForTheParametersThatTheNewVersionNeeds) {
  publish(garden({{"    autumn: {type: date,", "    autumn: {type: date, required: true,"}}), "version-2");
  EXPECT_EQ(faults(""), "To open a cohort, fill in: Autumn begins\n");
  ASSERT_EQ(start("", R"(parameters { name: "autumn" value { date { year: 2017 month: 9 day: 1 } } })"), "") << why();
  EXPECT_EQ(cohort().parameter("autumn")->date().month(), 9u);
  go_over();
}

TEST_F(Migration, ParksWhatTheNewVersionCannotHold) {
  begin("a", "ana");
  ASSERT_EQ(ask("ana", R"(save_fields { initiative: "a" fields { name: "plant" value { text: "bean" } } })"), "") << why();
  begin("b", "ben");
  publish(garden({{", bean: Bean", ", pea: Pea"}}), "version-2");
  ASSERT_EQ(start(""), "") << why();
  go_over();
  EXPECT_EQ(parked("a"), "What stands in the field plant does not fit the new version");
  EXPECT_EQ(version("b"), "version-2");
}

TEST_F(Migration, GoesOnByItselfWhereTheNewVersionLetsIt) {
  begin("a", "ana");
  move("ana", "a", "apply");
  publish(garden({{"initiative.organic && initiative.size < 5", "initiative.organic || initiative.size < 5"}, {"has(initiative.organic) && ", ""}}), "version-2");
  ASSERT_EQ(start(""), "") << why();
  go_over();
  EXPECT_EQ(where("a"), "choosing.queue");
}

TEST_F(Migration, IsShownBeforeItIsStarted) {
  begin("a", "ana");
  move("ana", "a", "apply");
  begin("b", "ben");
  publish(garden(renamed), "version-2");
  v1::StartMigration command;
  command.set_reason("better");
  command.mutable_plan()->set_text("program: garden\nstates: {choosing.sorted: choosing.checked}\nonly: initiative.size > 3\n");
  Bench bench;
  auto shown = preview_migration(cohort(), world(), command, now, bench);
  ASSERT_TRUE(std::holds_alternative<MigrationPreview>(shown));
  const MigrationPreview& preview = std::get<MigrationPreview>(shown);
  ASSERT_EQ(preview.lines.size(), 2u);
  EXPECT_EQ(preview.lines[0].verdict, MigrationLine::Verdict::Moves);
  EXPECT_EQ(preview.lines[0].from, std::vector<std::string>{"choosing.sorted"});
  EXPECT_EQ(preview.lines[0].to, std::vector<std::string>{"choosing.checked"});
  EXPECT_EQ(preview.lines[0].trace, (std::vector<std::string>{"it begins", "`apply` by applicant"}));
  EXPECT_EQ(preview.seen, (std::vector<std::uint32_t>{of("a").touches, of("b").touches}));
  EXPECT_EQ(version("a"), "version-of-garden");
  EXPECT_EQ(cohort().migration.id, "");
}

}  // namespace
}  // namespace kvali::cohort::testing
