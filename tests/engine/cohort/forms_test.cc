// Tables, their rows and files: what is written, what is refused, what guards see of them, and how a table goes over to another version.
#include <fmt/format.h>

#include "engine/cohort/migrate.h"
#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string text(const std::string& name, const std::string& value) { return fmt::format("values {{ name: \"{}\" value {{ text: \"{}\" }} }} ", name, value); }
std::string euros(int amount) { return fmt::format("values {{ name: \"amount\" value {{ money {{ minor_units: {} currency: \"EUR\" }} }} }} ", amount * 100); }
std::string own() { return "values { name: \"own\" value { flag: true } } "; }
std::string table(const std::string& name, const std::vector<std::string>& rows, const std::string& more = {}) {
  std::string made = "fields { name: \"" + name + "\" value { table { ";
  for (const std::string& row : rows) made += "rows { " + row + "} ";
  return made + "} } " + more + " } ";
}
std::string save(const std::string& fields) { return "save_fields { initiative: \"a\" " + fields + " }"; }
std::string title() { return "fields { name: \"title\" value { text: \"Bread\" } } "; }

class Forms : public Practice {
 public:
  explicit Forms(const std::string& other_program = {}) : Practice({"forms", "2017-01-10 09:00", false, "", {}, {}, other_program}) {
    people({"by-a"});
    give("manager", "manager");
    give("mentor", "mentor");
    EXPECT_EQ(ask("by-a", "start_initiative { " + title() + " }", "a"), "") << why();
  }
  ~Forms() override {
    refold();
    EXPECT_THAT(broken(), IsEmpty());
  }
  std::string write(const std::vector<std::string>& rows) { return ask("by-a", save(table("budget", rows))); }
  std::string hand_in() { return ask("by-a", step("a", "hand_in")); }
  std::string first() const { return unmet().empty() ? "" : unmet().front(); }
};

// --- rows

TEST(Tables, HoldRowsInTheirOrderAndSealWhatIsFree) {
  Forms one;
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900), text("item", "Rye") + euros(100) + own()}), "") << one.why();
  const v1::Value& budget = *one.of("a").field("budget");
  ASSERT_EQ(budget.table().rows_size(), 2);
  EXPECT_EQ(budget.table().rows(0).values(0).value().sealed().size(), 4u);
  EXPECT_EQ(budget.table().rows(1).values(1).value().money().minor_units(), 10'000);
}

TEST(Tables, AreComputedFrom) {
  Forms one;
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900), text("item", "Rye") + euros(100)}), "") << one.why();
  EXPECT_EQ(one.of("a").field("total")->money().minor_units(), 100'000);
  EXPECT_EQ(one.write({text("item", "Rye") + euros(100)}), "");
  EXPECT_EQ(one.of("a").field("total")->money().minor_units(), 10'000);
}

TEST(Tables, AreRefusedWithTheirRow) {
  struct Case {
    std::vector<std::string> rows;
    const char* sentence;
  };
  const std::vector<Case> cases = {
      {{euros(1), text("amount", "much")}, "Budget, row 2: Amount: expected an amount with its currency"},
      {{text("item", std::string(41, 'x'))}, "Budget, row 1: Item: at most 40 characters, now 41"},
      {{text("itme", "Oven")}, "Budget, row 1: There is no field itme"},
      {{euros(1) + euros(2)}, "Budget, row 1: amount is said twice"},
      {{own(), own(), own(), own(), own()}, "Budget: at most 4 rows, now 5"},
  };
  for (const Case& each : cases) {
    Forms one;
    EXPECT_EQ(one.write(each.rows), "INVALID") << each.sentence;
    EXPECT_EQ(one.first(), each.sentence);
    EXPECT_EQ(one.of("a").field("budget"), nullptr);
  }
}

TEST(Tables, AreNothingElseThanRows) {
  Forms one;
  EXPECT_EQ(one.ask("by-a", save("fields { name: \"budget\" value { text: \"much\" } }")), "INVALID");
  EXPECT_EQ(one.first(), "Budget: expected rows of a table");
  EXPECT_EQ(one.ask("by-a", save(table("title", {text("item", "Oven")}))), "INVALID");
  EXPECT_EQ(one.first(), "Title: expected a text");
}

TEST(Tables, NameOnlyPeopleWhoAreThere) {
  Forms one;
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900) + own()}), "");
  EXPECT_EQ(one.hand_in(), "");
  const auto session = [](const std::string& who) {
    return "open_task { initiative: \"a\" kind: \"sessions\" fields { name: \"date\" value { date { year: 2017 month: 1 day: 10 } } } " +
           table("next_steps", {text("step", "Ask the baker") + text("who", who)}) + " }";
  };
  EXPECT_EQ(one.ask("mentor", session("nobody")), "INVALID");
  EXPECT_EQ(one.first(), "Next steps, row 1: There is no such person");
  EXPECT_EQ(one.ask("mentor", session("by-a")), "") << one.why();
}

TEST(Tables, AreSavedHalfFilledInAndHandedInWhole) {
  Forms one;
  EXPECT_EQ(one.hand_in(), "INVALID");
  EXPECT_THAT(one.unmet(), ElementsAre("Please fill in: Budget", "Something is paid by yourselves"));
  EXPECT_EQ(one.write({text("item", "Oven") + own(), euros(100)}), "") << "a draft is saved as it is";
  EXPECT_EQ(one.hand_in(), "INVALID");
  EXPECT_THAT(one.unmet(), ElementsAre("Budget, row 1: Please fill in: Amount", "Budget, row 2: Please fill in: Item"));
  EXPECT_EQ(one.write({}), "");
  EXPECT_EQ(one.hand_in(), "INVALID") << "a table without rows is no answer";
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900) + own()}), "");
  EXPECT_EQ(one.hand_in(), "") << one.why();
}

TEST(Tables, ThatNobodyNeedsHaveNoHalfFilledRowEither) {
  Forms one;
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900) + own()}), "");
  EXPECT_EQ(one.ask("by-a", save(table("team", {"values { name: \"since\" value { date { year: 2015 } } }"}))), "") << one.why();
  EXPECT_EQ(one.hand_in(), "INVALID");
  EXPECT_THAT(one.unmet(), ElementsAre("Team, row 1: Please fill in: Name"));
  EXPECT_EQ(one.ask("by-a", step("a", "drop")), "") << "a move that needs nothing looks at nothing";
}

TEST(Tables, OfTwoEditorsGiveBothSides) {
  Forms one;
  const std::string rows = table("budget", {text("item", "Oven") + euros(900)}, "if_version: 0");
  EXPECT_EQ(one.ask("by-a", save(rows)), "");
  EXPECT_EQ(one.ask("by-a", save(table("budget", {text("item", "Rye") + euros(5)}, "if_version: 0"))), "CONFLICT_VERSION");
  ASSERT_EQ(one.refusal().conflicts.size(), 1u);
  EXPECT_EQ(one.refusal().conflicts[0].field, "budget");
  EXPECT_EQ(one.refusal().conflicts[0].their_version, 1u);
  EXPECT_EQ(one.refusal().conflicts[0].theirs.table().rows(0).values(1).value().money().minor_units(), 90'000);
  EXPECT_EQ(one.of("a").field("budget")->table().rows_size(), 1) << "nothing was written over";
}

// --- guards

TEST(Tables, AreListsToGuards) {
  Forms one;
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900)}), "");
  EXPECT_EQ(one.hand_in(), "GUARD_FAILED");
  EXPECT_EQ(one.first(), "Something is paid by yourselves");
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900), text("item", "Rye") + euros(1) + own()}), "");
  EXPECT_EQ(one.hand_in(), "") << one.why();
  EXPECT_EQ(one.ask("manager", step("a", "close")), "GUARD_FAILED");
  EXPECT_EQ(one.ask("mentor", "open_task { initiative: \"a\" kind: \"sessions\" fields { name: \"date\" value { date { year: 2017 month: 1 day: 10 } } } }"), "");
  EXPECT_EQ(one.ask("manager", step("a", "close")), "GUARD_FAILED") << "a table that nobody filled in has no rows";
}

TEST(Tables, InALogAreHandedInWhole) {
  Forms one;
  EXPECT_EQ(one.write({text("item", "Oven") + euros(900) + own()}), "");
  EXPECT_EQ(one.hand_in(), "");
  const std::string begin = "open_task { initiative: \"a\" kind: \"sessions\" fields { name: \"date\" value { date { year: 2017 month: 1 day: 10 } } } ";
  EXPECT_EQ(one.ask("mentor", begin + table("next_steps", {text("who", "by-a")}) + " }"), "INVALID");
  EXPECT_EQ(one.first(), "Next steps, row 1: Please fill in: Step");
  EXPECT_EQ(one.ask("mentor", begin + table("next_steps", {text("step", "Ask the baker") + text("who", "by-a")}) + " }"), "") << one.why();
  EXPECT_EQ(one.ask("manager", step("a", "close")), "") << one.why();
}

// --- files

TEST(Files, AreRefusedWithTheirLimit) {
  const auto file = [](const char* ending, int megabytes, int more) {
    return save(fmt::format("fields {{ name: \"plan\" value {{ file {{ id: \"f\" ending: \"{}\" size_bytes: {} }} }} }}", ending, megabytes * 1024 * 1024 + more));
  };
  Forms one;
  EXPECT_EQ(one.ask("by-a", file("exe", 1, 0)), "INVALID");
  EXPECT_EQ(one.first(), "The plan: the file is to end in pdf, docx");
  EXPECT_EQ(one.ask("by-a", file("", 1, 0)), "INVALID") << "a name without an ending";
  EXPECT_EQ(one.ask("by-a", file("pdf", 2, 1)), "INVALID");
  EXPECT_EQ(one.first(), "The plan: at most 2 MB, the file has 2.1");
  EXPECT_EQ(one.ask("by-a", file("pdf", 2, 0)), "") << one.why();
}

TEST(Files, AreNeverLargerThanKvaliTakes) {
  Forms one(edited("forms", {{"accepts: [pdf, docx], at_most: 2, label: The plan", "label: The plan"}}));
  const auto file = [](std::uint64_t bytes) { return save(fmt::format("fields {{ name: \"plan\" value {{ file {{ id: \"f\" ending: \"exe\" size_bytes: {} }} }} }}", bytes)); };
  EXPECT_EQ(one.ask("by-a", file(25 * 1024 * 1024 + 1)), "INVALID");
  EXPECT_EQ(one.first(), "The plan: at most 25 MB, the file has 25.1");
  EXPECT_EQ(one.ask("by-a", file(25 * 1024 * 1024)), "") << one.why();
}

// --- another version

class FormsMigration : public Forms {
 public:
  FormsMigration() {
    people({"second"});
    EXPECT_EQ(write({text("item", "Oven") + euros(900) + own()}), "");
    EXPECT_EQ(ask("by-a", "start_initiative { " + title() + table("budget", {text("item", "Rye") + euros(5)}) + " }", "b"), "") << why();
  }
  std::string start() {
    v1::Command command;
    command.mutable_start_migration()->set_reason("better");
    command.mutable_start_migration()->mutable_plan()->set_path("plan.yaml");
    command.mutable_start_migration()->mutable_plan()->set_text("program: forms\n");
    return ask("manager", command, "way");
  }
  void go_over() {
    while (cohort().migration.running()) ASSERT_EQ(ask("", "pass_time {} channel: TIME"), "");
  }
  std::string parked(const std::string& id) {
    const auto found = cohort().migration.parked.find(cohort().find(id).value());
    return found == cohort().migration.parked.end() ? "" : in_language(sentence_of(Waits{found->second.why, found->second.words, {}}), "en");
  }
};

TEST(TableMigration, ParksRowsThatTheNewVersionHasNoNameFor) {
  FormsMigration one;
  one.publish(edited("forms", {{"own:    {type", "ours:   {type"}, {"has(line.own) && line.own", "has(line.ours) && line.ours"}}), "version-2");
  EXPECT_EQ(one.start(), "") << one.why();
  one.go_over();
  EXPECT_EQ(one.parked("a"), "What stands in the field budget does not fit the new version");
  EXPECT_EQ(one.parked("b"), "") << "no row of it says what is gone";
  EXPECT_EQ(one.of("b").model->version(), "version-2");
}

TEST(TableMigration, KeepsRowsThatMaySayMore) {
  FormsMigration one;
  one.publish(edited("forms", {{"own:    {type", "note:   {type: text, label: Note}\n        own:    {type"}}), "version-2");
  EXPECT_EQ(one.start(), "") << one.why();
  one.go_over();
  EXPECT_EQ(one.of("a").model->version(), "version-2");
  EXPECT_EQ(one.of("a").field("budget")->table().rows_size(), 1);
}

TEST(TableMigration, IsRefusedWhereARowWouldSaySomethingElse) {
  FormsMigration one;
  one.publish(edited("forms", {{"amount: {type: money, currency: EUR", "amount: {type: money, currency: USD"}, {"currency: EUR, computed", "currency: USD, computed"}}), "version-2");
  EXPECT_NE(one.start(), "");
  EXPECT_THAT(one.unmet(), ::testing::Contains(HasSubstr("`budget` is another type of field in the new version")));
}

}  // namespace
}  // namespace kvali::cohort::testing
