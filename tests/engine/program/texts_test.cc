#include "engine/program/texts.h"

#include <gmock/gmock.h>

#include "engine/program/program.h"
#include "engine/program/read.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* small = R"(program: small
title: "A {small} one"
languages: [en, lt]
timezone: Europe/Vilnius
roles: {applicant: {label: Applicant, scope: initiative}}
initiative: {brought_by: person, fields: {title: {type: text, label: Title}}}
stages:
  apply:
    label: Application
    states: {draft: {label: Draft, waits_for: applicant, no_deadline: It is small, moves: {go: {label: Go, by: applicant, to: done}}}}
    outcomes: {done: {label: Done, ends: success}}
)";

std::vector<std::string> told(const std::string& texts, const std::string& file = "texts/lt.yaml") {
  return testing::lines_of(read_program({{"program.yaml", small}, {file, texts}}).faults);
}

constexpr const char* whole = R"(title: "Mažas {small}"
roles.applicant.label: Pareiškėjas
initiative.fields.title.label: Pavadinimas
stages.apply.label: Paraiška
stages.apply.states.draft.label: Rašoma
stages.apply.states.draft.no_deadline.why: Jis mažas
stages.apply.states.draft.moves.go.label: Pirmyn
)";

/// `whole` and one line more.
std::string with(const char* line) {
  std::string text = whole;
  text.append(line);
  return text;
}

TEST(Texts, ListWhatIsMissing) {
  EXPECT_THAT(told(with("stages.apply.outcomes.done.label: Baigta\n")), IsEmpty());
  EXPECT_THAT(told(whole), ElementsAre("texts/lt.yaml: 1 text is missing: stages.apply.outcomes.done.label"));
  EXPECT_THAT(told("title: \"Mažas {small}\"\nstages.apply.label: \"\"\n"),
              ElementsAre("texts/lt.yaml: 7 texts are missing: roles.applicant.label, initiative.fields.title.label, "
                          "stages.apply.label, stages.apply.states.draft.label, stages.apply.states.draft.no_deadline.why, "
                          "stages.apply.states.draft.moves.go.label, stages.apply.outcomes.done.label"));
}

TEST(Texts, RefuseAPathThatTheProgramDoesNotHave) {
  EXPECT_THAT(told(with("stages.apply.outcomes.dome.label: Baigta\n")),
              ElementsAre("texts/lt.yaml: 1 text is missing: stages.apply.outcomes.done.label",
                          "texts/lt.yaml:8:1: the program has no text `stages.apply.outcomes.dome.label`; did you mean "
                          "`stages.apply.outcomes.done.label`?"));
}

TEST(Texts, KeepTheWordsInBraces) {
  EXPECT_THAT(told("title: \"Mažas {mažas}\"\n"),
              ::testing::Contains("texts/lt.yaml:1:8: `title` has not the same words in braces as the program's text \"A "
                                  "{small} one\""));
}

TEST(Texts, RefuseALanguageThatTheProgramDoesNotHave) {
  EXPECT_THAT(told("title: x", "texts/lv.yaml"),
              ::testing::Contains("texts/lv.yaml: the program has no language `lv`; did you mean `lt`?"));
  EXPECT_THAT(told("title: x", "texts/en.yaml"),
              ::testing::Contains("texts/en.yaml: `en` is the first language of the program; its texts stand in the program"));
}

TEST(Texts, RefuseWhatIsNoFlatMapping) {
  EXPECT_THAT(told("stages:\n  apply: x\n"), ::testing::Contains("texts/lt.yaml:1:1: a file of texts maps paths to translations: `stages.NAME.label: \"…\"`"));
  EXPECT_THAT(told("title: \"{small}\"\ntitle: \"{small}\"\n"), ::testing::Contains("texts/lt.yaml:2:1: `title` stands twice; first at line 1"));
}

TEST(Texts, AreWrittenAsAFileToBeFilledIn) {
  const v1::Program program = read_program({{"program.yaml", small}}).program;
  const std::string file = texts_file(program, "lt");
  EXPECT_THAT(file, ::testing::StartsWith("# A {small} one\ntitle: \"\"\n# Applicant\nroles.applicant.label: \"\"\n"));
  EXPECT_THAT(told(file), ElementsAre(::testing::StartsWith("texts/lt.yaml: 8 texts are missing: title,")));
}

// What is written out for translators and read back is the same.
TEST(Texts, ComeBackAsTheyWere) {
  const std::vector<SourceFile> files = testing::workflow("socifaction-2017");
  const Loaded loaded = load(files);
  ASSERT_THAT(testing::lines_of(loaded.faults), IsEmpty());
  const Loaded again = load({files[0], {"workflows/socifaction-2017/texts/lt.yaml", texts_file(loaded.program, "lt")}});
  EXPECT_THAT(testing::lines_of(again.faults), IsEmpty());
  EXPECT_EQ(again.program.SerializeAsString(), loaded.program.SerializeAsString());
}

}  // namespace
}  // namespace kvali::program
