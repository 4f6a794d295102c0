// Conflicts of interest: for every actor, every relation and every action, what is allowed is what this page says, worked out apart from
// the engine: a relation takes a role from a person if the program binds the role by it, and with the role goes all but the title.
#include "engine/cohort/conflict.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "tests/engine/cohort/practice.h"

namespace kvali::cohort {
namespace {

using testing::Practice;

std::string panel() { return testing::edited("panel", {}); }

Practice opened() { return Practice({"panel", "2017-02-01 09:00", false, {}, {}, {}, panel()}); }

const std::vector<std::string> actors = {"manager", "house", "mentor", "reader", "panelist", "donor"};
const std::vector<std::string> relations = {"none",           "organisation", "domain",     "network",       "above the network", "locality",
                                            "earlier mentor", "declared",     "declared of the organisation", "waiver proposed", "waived", "waiver declined"};

/// What binds a role, as panel.yaml says; what is declared binds every one.
const std::map<std::string, std::set<std::string>> binding = {
    {"manager", {"organisation", "domain", "network", "above the network"}},
    {"house", {"organisation", "domain", "network", "above the network"}},  // who runs the house has the cohort's manager's role
    {"mentor", {"organisation"}},
    {"reader", {"organisation", "locality", "earlier mentor"}},
    {"panelist", {}},
    {"donor", {}},
};

bool keeps_away(const std::string& actor, const std::string& relation) {
  const bool always = relation.starts_with("declared") || relation == "waiver proposed" || relation == "waiver declined";
  return always || binding.at(actor).contains(relation);
}

/// A cohort in which "ada" has the role and the relation; "near" is the application it is about, "far" another one.
class World {
 public:
  World(std::string actor, const std::string& relation) : actor_(std::move(actor)), cohort_(opened()) {
    for (const char* organisation : {"guild", "other", "elsewhere", "union"}) cohort_.organisation(organisation, {});
    cohort_.person("ada", relation == "domain" ? "house-1" : "house-2");
    cohort_.person("ann", "house-1");
    cohort_.person("bea", "house-3");
    cohort_.people({"second"});
    cohort_.relate("second", "manager", "");
    if (actor_ == "house") cohort_.relate("ada", "manager", "");
    else cohort_.give(actor_, "ada", actor_ == "mentor" ? "utena" : "");
    if (actor_ == "mentor") {
      cohort_.give("mentor", "mia", "utena");
      EXPECT_EQ(cohort_.ask("manager", "assign_role { person: \"ada\" role: \"mentor\" locality: \"kelme\" }"), "");
    }
    if (relation == "organisation") cohort_.member("ada", "guild");
    if (relation == "network") {
      cohort_.member("ada", "union");
      cohort_.member("guild", "union");
    }
    if (relation == "above the network") {
      cohort_.member("ada", "other");
      cohort_.member("other", "guild");
    }
    if (relation == "locality" && actor_ != "mentor") cohort_.give("mentor", "ada", "utena");
    if (relation == "earlier mentor") cohort_.relate("ada", "mentor", "guild");
    start("near", "ann", "guild", "utena");
    start("far", "bea", "elsewhere", "kelme");
    const bool waiver = relation.starts_with("waive");
    if (relation == "declared" || waiver) say("ada", R"(declare_conflict { initiative: "near" kind: FAMILY })");
    if (relation == "declared of the organisation") say("manager", R"(declare_conflict { person: "ada" organisation: "guild" kind: BUSINESS note { text: "Shares" } })");
    if (waiver) say("manager", R"(waive_conflict { person: "ada" initiative: "near" reason { text: "Nobody else knows Georgian" } })");
    if (relation == "waived") say("second", R"(confirm_waiver { person: "ada" initiative: "near" })");
    if (relation == "waiver declined") say("second", R"(decline_waiver { person: "ada" initiative: "near" })");
    for (const char* one : {"near", "far"}) say(one == std::string("near") ? "ann" : "bea", fmt::format("make_move {{ initiative: \"{}\" move: \"submit\" }}", one));
  }

  /// The answer of each action, by name; only of those that the actor's role gives her.
  std::map<std::string, std::string> answers(const std::string& initiative) {
    std::map<std::string, std::string> told;
    const Viewer viewer{"ada", cohort_.now};
    const auto truth = [](bool may) { return may ? "yes" : "no"; };
    const Initiative& one = cohort_.of(initiative);
    told["know"] = truth(may(cohort_.cohort(), cohort_.world(), viewer, Action::Know, &one));
    told["read"] = truth(may(cohort_.cohort(), cohort_.world(), viewer, Action::See, &one));
    told["read a field"] = truth(may_field(cohort_.cohort(), cohort_.world(), viewer, Action::SeeField, one, *one.model->field("language")));
    const auto ask = [&](const std::string& what, const std::string& command) { told[what] = cohort_.ask("ada", fmt::format(fmt::runtime(command), initiative)); };
    const bool manages = actor_ == "manager" || actor_ == "house";
    if (manages || actor_ == "mentor") {
      const std::vector<std::string> letters = cohort_.letters();
      const auto count = std::count(letters.begin(), letters.end(), "new_one to ada");
      // Letters go to who was given a role here; who runs the house has none.
      if (actor_ != "house") told["be told"] = truth(heard(initiative) && count > 0);
      ask("translate", R"(translate_field {{ initiative: "{}" field: "problem" language: "en" text {{ text: "Other words" }} }})");
    }
    if (actor_ == "reader")
      ask("score", R"(open_task {{ initiative: "{}" kind: "reading" fields {{ name: "need" value {{ number: 4 }} }} fields {{ name: "plan" value {{ number: 4 }} }}
                       fields {{ name: "feedback" value {{ text: "Well" }} }} }})");
    if (actor_ == "panelist") ask("score", R"(open_task {{ initiative: "{}" kind: "talk" fields {{ name: "all" value {{ number: 7 }} }} }})");
    if (manages) {
      ask("assign readers", R"(assign_readers {{ review: "talk" way: BALANCED initiatives: "{}" }})");
      ask("decide", R"(make_move {{ initiative: "{}" move: "hold" }})");
      ask("take a decision back", R"(drop_decision {{ initiative: "{}" }})");
      ask("decide in bulk", R"(bulk_move {{ initiatives: "{}" move: "hold" }})");
      ask("except", R"(propose_exception {{ initiative: "{}" to: "queue" reason {{ text: "Late" }} }})");
      ask("decline an exception", R"(decline_exception {{ initiative: "{}" }})");
      ask("write for her", R"(save_fields {{ initiative: "{}" fields {{ name: "language" value {{ text: "ka" }} }} }})");
    }
    return told;
  }

  [[nodiscard]] Practice& cohort() { return cohort_; }

 private:
  bool heard(const std::string& initiative) const {
    for (const v1::Record& record : cohort_.journal())
      if (record.has_advanced() && record.advanced().initiative() == initiative)
        for (const v1::Told& told : record.advanced().told())
          if (std::find(told.persons().begin(), told.persons().end(), "ada") != told.persons().end()) return true;
    return false;
  }
  void say(const std::string& who, const std::string& command) { EXPECT_EQ(cohort_.ask(who, command), "") << command << ": " << cohort_.why(); }
  void start(const std::string& id, const std::string& applicant, const std::string& organisation, const std::string& locality) {
    EXPECT_EQ(cohort_.ask(applicant, fmt::format(R"(start_initiative {{ organisation: "{}" fields {{ name: "title" value {{ text: "Tea" }} }}
      fields {{ name: "locality" value {{ text: "{}" }} }} fields {{ name: "language" value {{ text: "lt" }} }}
      fields {{ name: "problem" value {{ text: "None" }} }} }})", organisation, locality), id), "") << cohort_.why();
  }

  std::string actor_;
  Practice cohort_;
};

/// What the page says of one action.
std::string expected(const std::string& action, const std::string& actor, bool kept_away) {
  if (action == "know") return "yes";
  if (action == "read" || action == "read a field" || action == "be told") return kept_away ? "no" : "yes";
  if (kept_away) return "CONFLICT_OF_INTEREST";
  // What is possible at all is not this page's: these answer as for anybody without a conflict.
  if (action == "write for her") return actor == "manager" || actor == "house" ? "INVALID" : "";
  return "";
}

TEST(Conflict, TakesFromEachActorWhatTheRelationBindsAndNothingElse) {
  std::size_t cells = 0;
  for (const std::string& actor : actors)
    for (const std::string& relation : relations) {
      SCOPED_TRACE(actor + ", " + relation);
      World world(actor, relation);
      // A second role in her locality is what the relation is; then she has that role beside her own, and reads by it.
      const bool by_other = relation == "locality" && actor != "mentor";
      for (const auto& [action, answer] : world.answers("near")) {
        ++cells;
        const bool kept = keeps_away(actor, relation);
        if (by_other && (action == "read" || action == "read a field" || action == "know" || action == "translate" || action == "be told")) continue;
        if (action == "write for her") {
          EXPECT_EQ(answer == "CONFLICT_OF_INTEREST", kept) << action << ": " << answer;
          continue;
        }
        EXPECT_EQ(answer, expected(action, actor, kept)) << action;
      }
      for (const auto& [action, answer] : world.answers("far")) {
        if (action == "write for her") continue;
        EXPECT_EQ(answer, expected(action, actor, false)) << action << ", of the one she has nothing to do with";
      }
      EXPECT_THAT(world.cohort().broken(), ::testing::IsEmpty());
    }
  EXPECT_GT(cells, 400u);
}

TEST(Conflict, SaysWhichOneItIsInThreeLanguages) {
  World world("reader", "organisation");
  ASSERT_EQ(world.answers("near")["score"], "CONFLICT_OF_INTEREST");
  for (const char* language : {"en", "lt", "ka"}) EXPECT_FALSE(world.cohort().why(language).empty()) << language;
  std::set<std::string> sentences;
  for (const auto kind : {v1::Review::SAME_ORGANISATION, v1::Review::SAME_LOCALITY, v1::Review::DECLARED, v1::Review::SAME_MAIL_DOMAIN, v1::Review::EARLIER_MENTOR,
                          v1::Review::SAME_NETWORK}) {
    const Refusal refusal = refuse(ConflictFound{kind, nullptr});
    for (const v1::Translation& one : refusal.sentence.translations()) sentences.insert(one.text());
  }
  EXPECT_EQ(sentences.size(), 18u);
}

TEST(Conflict, IsWaivedByTwoPersonsWithoutOne) {
  World world("reader", "waiver proposed");
  Practice& cohort = world.cohort();
  const std::string confirm = R"(confirm_waiver { person: "ada" initiative: "near" })";
  EXPECT_EQ(cohort.ask("manager", confirm), "FORBIDDEN") << "who proposed it does not confirm it";
  EXPECT_EQ(cohort.ask("ada", confirm), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(cohort.ask("bea", confirm), "NOT_FOUND");
  EXPECT_EQ(cohort.ask("second", confirm), "");
  EXPECT_EQ(cohort.ask("second", confirm), "PRECONDITION");
  EXPECT_EQ(world.answers("near")["score"], "");
  EXPECT_EQ(cohort.ask("manager", R"(waive_conflict { person: "ada" initiative: "far" reason { text: "x" } })"), "PRECONDITION") << "there is none";
  EXPECT_EQ(cohort.ask("manager", R"(decline_waiver { person: "ada" initiative: "near" })"), "") << "one takes it back";
  EXPECT_EQ(world.answers("near")["read"], "no");
}

TEST(Conflict, OfAManagerIsNotHersToWaive) {
  World world("manager", "declared");
  EXPECT_EQ(world.cohort().ask("ada", R"(waive_conflict { person: "ada" initiative: "near" reason { text: "x" } })"), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(world.cohort().ask("ada", R"(declare_conflict { person: "second" initiative: "near" kind: OTHER })"), "") << "of others she may tell";
  EXPECT_EQ(world.cohort().ask("bea", R"(declare_conflict { person: "ada" initiative: "far" kind: OTHER })"), "FORBIDDEN");
  EXPECT_EQ(world.cohort().ask("ada", R"(declare_conflict { initiative: "near" kind: OTHER })"), "PRECONDITION") << "said already";
  EXPECT_EQ(world.cohort().ask("ada", R"(declare_conflict { initiative: "far" organisation: "guild" kind: OTHER })"), "INVALID");
  EXPECT_EQ(world.cohort().ask("ada", R"(declare_conflict { initiative: "far" })"), "INVALID");
}

TEST(Conflict, IsNoneOfWhoBringsTheInitiativeHerself) {
  World world("manager", "none");
  Practice& cohort = world.cohort();
  cohort.member("ann", "guild");
  cohort.give("manager", "ann");
  EXPECT_EQ(cohort.ask("ann", R"(save_fields { initiative: "near" fields { name: "language" value { text: "ka" } } })"), "");
  EXPECT_EQ(cohort.ask("ann", R"(make_move { initiative: "near" move: "hold" })"), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(cohort.ask("ann", R"(make_move { initiative: "far" move: "hold" })"), "");
}

}  // namespace
}  // namespace kvali::cohort
