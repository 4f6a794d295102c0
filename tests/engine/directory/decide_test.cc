// What the directory is asked about organisations: each refusal by its key, and what happens.
#include "engine/directory/decide.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include <stdexcept>

#include "engine/cohort/refusal.h"
#include "engine/directory/registers.h"
#include "engine/directory/snapshot.h"
#include "tests/engine/cohort/describe.h"

namespace kvali::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A house with a manager, "ana" who registered the association "a", and "otto" who is nobody's.
class House {
 public:
  House() {
    apply_text(R"(person_registered { person: "manager" })");
    apply_text(R"(relation_granted { grant: "g" person: "manager" relation: "manager" })");
    apply_text(R"(person_registered { person: "ana" })");
    apply_text(R"(person_registered { person: "otto" })");
    EXPECT_EQ(ask("ana", R"(register_organisation { name: "Imereti" kind: "organisation" country: "GE" register: "GE-NAPR" registration: "404 123 456" })", "a"), "");
  }
  /// The key of the refusal, or "" when it was done. What was done folds from its rows, too.
  std::string ask(const std::string& actor, const std::string& text, const std::string& fresh = "new", const std::vector<std::string>& roles = {}) {
    v1::Asked asked;
    if (!google::protobuf::TextFormat::ParseFromString(text, asked.mutable_command())) throw std::runtime_error("no command: " + text);
    asked.set_actor(actor);
    asked.set_now_us(1'000'000 * ++now);
    asked.set_fresh_id(fresh);
    asked.set_program("alliance");
    for (const std::string& role : roles) asked.add_roles(role);
    if (!roles.empty()) asked.mutable_command()->set_cohort("season");
    Verdict verdict = decide(directory, asked);
    if (auto* refusal = std::get_if<Refusal>(&verdict)) {
      std::vector<cohort::Filling> words;
      for (const auto& [mark, word] : refusal->words) words.emplace_back(mark, word);
      sentence = cohort::in_language(cohort::sentence(refusal->key, words), "en");
      return refusal->key;
    }
    records = std::get<Decision>(verdict).records;
    for (const v1::Record& record : records) {
      v1::Record read;
      EXPECT_TRUE(read.ParseFromString(record.SerializeAsString()));
      EXPECT_TRUE(apply(directory, read).has_value());
    }
    const auto again = decode(encode(directory));
    EXPECT_TRUE(again.has_value()) << (again ? "" : again.error().message);
    if (again) {
      EXPECT_EQ(cohort::testing::difference(cohort::testing::describe(directory), cohort::testing::describe(*again)), "");
    }
    return "";
  }
  void apply_text(const std::string& text) {
    v1::Record record;
    if (!google::protobuf::TextFormat::ParseFromString(text, &record) || !apply(directory, record)) throw std::runtime_error("no record: " + text);
  }
  const Organisation& of(const std::string& id) const { return *directory.organisation(id); }

  Directory directory;
  Records records;
  std::string sentence;
  std::int64_t now = 1;
};

TEST(Registers, KnowTheirNumbers) {
  for (const auto& [code, number] : {std::pair("GE-NAPR", "404123456"), {"GE-NAPR", "01001012345"}, {"LT-RC", "123456789"}, {"LT-RC", "1234567"},
                                     {"LV-RE", "40003032949"}, {"UA-EDR", "00032112"}})
    EXPECT_TRUE(fits_register(code, number)) << code << " " << number;
  for (const auto& [code, number] : {std::pair("GE-NAPR", "40412345"), {"GE-NAPR", "40412345x"}, {"LT-RC", "12345678"}, {"LV-RE", "4000303294"},
                                     {"UA-EDR", "000321120"}, {"UA-EDR", ""}, {"FR-RCS", "123456789"}})
    EXPECT_FALSE(fits_register(code, number)) << code << " " << number;
  EXPECT_EQ(written_plainly("404-123 456."), "404123456");
  EXPECT_THAT(known_registers(), ElementsAre("GE-NAPR", "LT-RC", "LV-RE", "UA-EDR"));
}

TEST(Register, MakesWhoAsksAMemberOfWhatSheRegisters) {
  House house;
  EXPECT_EQ(house.of("a").registration, "404123456");
  EXPECT_TRUE(house.directory.related("ana", "member", "a", 5'000'000));
  EXPECT_EQ(house.ask("manager", R"(register_organisation { name: "Dami" facts { name: "founded" from { year: 2018 month: 3 day: 5 } } successor_of: "a" })", "b"), "");
  EXPECT_FALSE(house.directory.related("manager", "member", "b", 5'000'000)) << "who runs the house registers for others";
  EXPECT_EQ(house.of("b").facts.at(0).id(), "b.1");
  EXPECT_THAT(house.of("b").successor_of, ElementsAre("a"));
}

TEST(Register, RefusesWhatDoesNotFit) {
  House house;
  const std::string named = R"(register_organisation { name: "B" )";
  EXPECT_EQ(house.ask("otto", "register_organisation {}"), "no_organisation_name");
  EXPECT_EQ(house.ask("otto", named + "kind: \"club\" }"), "no_organisation_kind");
  EXPECT_EQ(house.sentence, "club is no kind of organisation; known are organisation, informal_group, community, network, person, team");
  EXPECT_EQ(house.ask("otto", named + "country: \"Georgia\" }"), "no_country");
  EXPECT_EQ(house.ask("otto", named + "register: \"GE\" registration: \"1\" }"), "no_register");
  EXPECT_EQ(house.ask("otto", named + "register: \"GE-NAPR\" registration: \"12\" }"), "no_registration");
  EXPECT_EQ(house.sentence, "A number in GE-NAPR has 9 or 11 digits");
  EXPECT_EQ(house.ask("otto", named + "successor_of: \"x\" }"), "no_organisation");
  EXPECT_EQ(house.ask("otto", "register_organisation { name: \"" + std::string(401, 'x') + "\" }"), "too_long_name");
  EXPECT_EQ(house.ask("", named + "}"), "forbidden");
}

TEST(Register, RefusesANumberThatItsRegisterHasGivenAndTellsNothingElse) {
  House house;
  EXPECT_EQ(house.ask("otto", R"(register_organisation { name: "B" register: "GE-NAPR" registration: "404-123-456" })"), "registered_already");
  EXPECT_EQ(house.sentence, "This number of GE-NAPR is registered here already; ask who runs the programme");
  EXPECT_EQ(house.ask("otto", R"(register_organisation { name: "B" register: "LT-RC" registration: "404123456" })", "b"), "") << "of another register";
  EXPECT_EQ(house.ask("otto", R"(register_organisation { name: "C" registration: "404123456" })", "c"), "") << "of no register that is known";
}

TEST(Facts, AreClaimedByMembersOfTheOrganisation) {
  House house;
  const std::string fact = R"(record_fact { organisation: "a" fact { name: "experience" from { year: 2020 month: 1 } } })";
  EXPECT_EQ(house.ask("otto", fact), "not_member");
  EXPECT_EQ(house.ask("otto", R"(record_fact { organisation: "x" fact { name: "experience" from { year: 2020 } } })"), "not_member") << "as if there were one";
  EXPECT_EQ(house.ask("ana", R"(record_fact { organisation: "a" fact { name: "experience" from { year: 2020 } accepted { by: "ana" } id: "mine" } })", "f"), "");
  EXPECT_EQ(house.of("a").facts.at(0).id(), "f");
  EXPECT_EQ(house.of("a").facts.at(0).accepted_size(), 0) << "nobody accepts with her claim";
  EXPECT_EQ(house.ask("manager", fact, "g"), "");
}

TEST(Facts, AreDatesAndIntervals) {
  House house;
  const auto claim = [&](const std::string& fact) { return house.ask("ana", "record_fact { organisation: \"a\" fact { " + fact + " } }", "f" + std::to_string(house.now)); };
  EXPECT_EQ(claim("name: \"Experience\" from { year: 2020 }"), "bad_fact_name");
  EXPECT_EQ(claim("name: \"experience\""), "fact_without_date");
  EXPECT_EQ(claim("name: \"experience\" from { year: 2023 month: 2 day: 29 }"), "fact_no_date");
  EXPECT_EQ(claim("name: \"experience\" from { year: 2023 day: 2 }"), "fact_no_date");
  EXPECT_EQ(claim("name: \"experience\" from { year: 20 }"), "fact_no_date");
  EXPECT_EQ(claim("name: \"experience\" from { year: 2023 month: 3 } until { year: 2023 month: 2 }"), "fact_backwards");
  EXPECT_EQ(claim("name: \"experience\" from { year: 2023 month: 3 } until { year: 2023 }"), "") << "the same year, as far as is known";
  EXPECT_EQ(claim("name: \"experience\" from { year: 2024 month: 2 day: 29 }"), "");
}

TEST(Facts, AreAcceptedByWhoIsNoMember) {
  House house;
  EXPECT_EQ(house.ask("ana", R"(record_fact { organisation: "a" fact { name: "experience" from { year: 2020 } } })", "f"), "");
  const std::string accept = R"(accept_fact { organisation: "a" fact: "f" })";
  EXPECT_EQ(house.ask("otto", accept), "not_accepting");
  EXPECT_EQ(house.ask("ana", accept, "x", {"clerk"}), "own_fact");
  EXPECT_EQ(house.ask("otto", R"(accept_fact { organisation: "a" fact: "g" })", "x", {"clerk"}), "no_fact");
  EXPECT_EQ(house.ask("otto", R"(accept_fact { organisation: "x" fact: "f" })", "x", {"clerk"}), "no_organisation");
  EXPECT_EQ(house.ask("otto", R"(accept_fact { organisation: "a" fact: "f" until { year: 2026 } })", "x", {"clerk"}), "fact_no_date") << "a last day is a day";
  EXPECT_EQ(house.ask("otto", accept, "x", {"clerk"}), "");
  EXPECT_EQ(house.ask("manager", accept), "");
  EXPECT_EQ(house.of("a").facts.at(0).accepted_size(), 2);
  const v1::FactAcceptance& first = house.of("a").facts.at(0).accepted(0);
  EXPECT_EQ(first.by() + " " + first.program() + " " + first.role() + " " + first.cohort(), "otto alliance clerk season");
  EXPECT_EQ(house.ask("otto", R"(accept_fact { organisation: "a" fact: "f" until { year: 2026 month: 6 day: 30 } })", "x", {"clerk"}), "");
  EXPECT_EQ(house.of("a").facts.at(0).accepted_size(), 2) << "the newer one takes the place of the older";
  EXPECT_EQ(house.of("a").facts.at(0).accepted(0).until().day(), 30u);
}

TEST(Facts, ThatAreAcceptedAreNotTheMembersToWithdraw) {
  House house;
  EXPECT_EQ(house.ask("ana", R"(record_fact { organisation: "a" fact { name: "experience" from { year: 2020 } } })", "f"), "");
  const std::string withdraw = R"(withdraw_fact { organisation: "a" fact: "f" })", revoke = R"(revoke_acceptance { organisation: "a" fact: "f" })";
  EXPECT_EQ(house.ask("manager", revoke), "fact_not_accepted");
  EXPECT_EQ(house.ask("otto", R"(accept_fact { organisation: "a" fact: "f" })", "x", {"clerk"}), "");
  EXPECT_EQ(house.ask("ana", withdraw), "fact_accepted");
  EXPECT_EQ(house.ask("ana", revoke), "not_accepting");
  EXPECT_EQ(house.ask("otto", withdraw), "not_member");
  EXPECT_EQ(house.ask("otto", revoke), "");
  EXPECT_EQ(house.of("a").facts.at(0).accepted_size(), 0);
  EXPECT_EQ(house.ask("ana", withdraw), "");
  EXPECT_THAT(house.of("a").facts, IsEmpty());
  EXPECT_EQ(house.ask("ana", withdraw), "no_fact");
}

TEST(Facts, OfOldJournalsHaveIdsByTheirPlace) {
  House house;
  house.apply_text(R"(organisation_registered { organisation: "old" name: "Old" facts { name: "founded" from { year: 1990 } } })");
  house.apply_text(R"(fact_recorded { organisation: "old" fact { name: "experience" from { year: 2000 } } })");
  EXPECT_EQ(house.of("old").facts.at(0).id(), fmt::format("{}.1", house.directory.sequence - 1));
  EXPECT_EQ(house.of("old").facts.at(1).id(), fmt::format("{}.2", house.directory.sequence));
}

TEST(Names, AreKeptWithTheirDays) {
  House house;
  EXPECT_EQ(house.ask("otto", R"(rename_organisation { organisation: "a" name: "Leader" })"), "not_member");
  EXPECT_EQ(house.ask("ana", R"(rename_organisation { organisation: "a" name: "Imereti" })"), "same_name");
  EXPECT_EQ(house.ask("ana", R"(rename_organisation { organisation: "a" name: "TSEGA" from { year: 2019 month: 13 } })"), "fact_no_date");
  EXPECT_EQ(house.ask("ana", R"(rename_organisation { organisation: "a" name: "TSEGA" from { year: 2019 month: 5 day: 1 } })"), "");
  EXPECT_EQ(house.ask("manager", R"(rename_organisation { organisation: "a" name: "Leader" from { year: 2021 } })"), "");
  EXPECT_EQ(house.of("a").name, "Leader");
  ASSERT_EQ(house.of("a").names.size(), 2u);
  EXPECT_EQ(house.of("a").names[1].name, "TSEGA");
  EXPECT_EQ(house.of("a").names[1].from.year(), 2019);
  EXPECT_EQ(house.of("a").names[1].until.year(), 2021);
}

TEST(Change, TakesWhatIsGiven) {
  House house;
  EXPECT_EQ(house.ask("otto", R"(change_organisation { organisation: "a" kind: "network" })"), "not_member");
  EXPECT_EQ(house.ask("ana", R"(change_organisation { organisation: "a" kind: "organisation" })"), "nothing_changed");
  EXPECT_EQ(house.ask("ana", R"(change_organisation { organisation: "a" kind: "network" })"), "");
  EXPECT_EQ(house.of("a").kind + " " + house.of("a").country + " " + house.of("a").registration, "network GE 404123456");
  EXPECT_EQ(house.ask("otto", R"(register_organisation { name: "B" })", "b"), "");
  EXPECT_EQ(house.ask("otto", R"(change_organisation { organisation: "b" register: "GE-NAPR" registration: "404123456" })"), "registered_already");
  EXPECT_EQ(house.ask("otto", R"(change_organisation { organisation: "b" register: "GE-NAPR" registration: "404123457" })"), "");
  EXPECT_EQ(house.of("b").registration, "404123457") << "an informal group that has become a legal entity";
}

TEST(Networks, HaveOrganisationsAsMembers) {
  House house;
  for (const char* name : {"n", "m"}) EXPECT_EQ(house.ask("manager", R"(register_organisation { name: "Net" kind: "network" })", name), "");
  const auto join = [&](const std::string& member, const std::string& network, const std::string& who = "manager") {
    return house.ask(who, "grant_relation { organisation: \"" + member + "\" relation: \"member\" scope: \"" + network + "\" }", member + network);
  };
  EXPECT_EQ(join("a", "n", "ana"), "forbidden");
  EXPECT_EQ(join("n", "a"), "no_network");
  EXPECT_EQ(join("n", "n"), "inside_itself");
  EXPECT_EQ(join("x", "n"), "no_organisation");
  EXPECT_EQ(join("a", "n"), "");
  EXPECT_EQ(join("a", "n"), "twice");
  EXPECT_EQ(join("n", "m"), "");
  EXPECT_EQ(join("m", "n"), "inside_itself");
  EXPECT_TRUE(house.directory.belongs("a", "n", 50'000'000));
  house.apply_text(R"(relation_granted { grant: "o" person: "otto" relation: "member" scope: "n" })");
  EXPECT_TRUE(house.directory.share_a_network("otto", "a", 50'000'000)) << "who is of the network may be partial to its members";
  EXPECT_TRUE(house.directory.share_a_network("ana", "n", 50'000'000)) << "and the other way round";
  EXPECT_FALSE(house.directory.related("ana", "member", "n", 50'000'000)) << "but she is not its member";
  EXPECT_EQ(house.ask("manager", "end_relation { grant: \"an\" }"), "");
  EXPECT_FALSE(house.directory.belongs("a", "n", 50'000'000));
}

TEST(Successors, GoOnFromOthersAndNeverFromThemselves) {
  House house;
  EXPECT_EQ(house.ask("otto", R"(register_organisation { name: "B" })", "b"), "");
  EXPECT_EQ(house.ask("ana", R"(succeed_organisation { organisation: "a" successor_of: "b" })"), "forbidden");
  EXPECT_EQ(house.ask("manager", R"(succeed_organisation { organisation: "a" successor_of: "x" })"), "no_organisation");
  EXPECT_EQ(house.ask("manager", R"(succeed_organisation { organisation: "a" successor_of: "a" })"), "succeeds_itself");
  EXPECT_EQ(house.ask("manager", R"(succeed_organisation { organisation: "a" successor_of: "b" })"), "");
  EXPECT_EQ(house.ask("manager", R"(succeed_organisation { organisation: "a" successor_of: "b" })"), "twice");
  EXPECT_EQ(house.ask("manager", R"(succeed_organisation { organisation: "b" successor_of: "a" })"), "succeeds_itself");
  EXPECT_EQ(house.ask("manager", R"(merge_organisations { kept: "a" merged: "b" })"), "merged_successor");
}

TEST(Merge, KeepsEverythingUnderBothIds) {
  House house;
  EXPECT_EQ(house.ask("otto", R"(register_organisation { name: "Imereti, TSEGA" kind: "community" facts { name: "founded" from { year: 2010 } } })", "b"), "");
  const std::string merge = R"(merge_organisations { kept: "a" merged: "b" reason { sealed { cipher: "why" } } })";
  EXPECT_EQ(house.ask("ana", merge), "forbidden");
  EXPECT_EQ(house.ask("manager", R"(merge_organisations { kept: "a" merged: "x" })"), "no_organisation");
  EXPECT_EQ(house.ask("manager", R"(merge_organisations { kept: "a" merged: "a" })"), "merged_with_itself");
  EXPECT_EQ(house.ask("manager", merge), "");
  EXPECT_EQ(house.ask("manager", merge), "merged_already");
  EXPECT_EQ(house.of("b").id, "a");
  EXPECT_EQ(house.of("b").name, "Imereti");
  EXPECT_EQ(house.of("a").facts.at(0).id(), "b.1");
  EXPECT_EQ(house.of("a").names.at(0).name, "Imereti, TSEGA");
  EXPECT_EQ(house.directory.entry("b")->name, "Imereti, TSEGA") << "nothing is erased";
  EXPECT_TRUE(house.directory.related("otto", "member", "a", 50'000'000));
  EXPECT_EQ(house.ask("otto", R"(record_fact { organisation: "b" fact { name: "experience" from { year: 2020 } } })", "f"), "") << "its id goes on naming it";
  EXPECT_EQ(house.records[0].fact_recorded().organisation(), "a");
  EXPECT_EQ(house.ask("otto", R"(register_organisation { name: "C" })", "c"), "");
  EXPECT_EQ(house.ask("manager", R"(merge_organisations { kept: "c" merged: "a" })"), "");
  EXPECT_EQ(house.of("b").id, "c") << "over both";
  EXPECT_EQ(house.of("c").registration, "404123456") << "what the kept one did not know it takes over";
}

}  // namespace
}  // namespace kvali::directory
