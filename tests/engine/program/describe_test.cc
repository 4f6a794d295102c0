#include "engine/program/describe.h"

#include <gmock/gmock.h>

#include <set>

#include "engine/program/fields.h"
#include "engine/program/program.h"
#include "tests/engine/program/edits.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Program accelerator() { return load(testing::workflow("socifaction-2017")).program; }

v1::Program program_at(const std::string& path) { return load({{path, testing::read_file(path)}}).program; }

v1::Program membership() {
  return load({{"membership.yaml", testing::read_file("tests/engine/cohort/membership.yaml")},
               {"texts/ka.yaml", testing::read_file("tests/engine/cohort/membership.ka.yaml")}})
      .program;
}

TEST(Describe, SaysAProgramBack) {
  testing::expect_golden("socifaction-2017.en.md", describe(accelerator(), "en", Audience::Everyone));
  testing::expect_golden("socifaction-2017.lt.md", describe(accelerator(), "lt", Audience::Everyone));
  testing::expect_golden("socifaction-2017.ka.md", describe(accelerator(), "ka", Audience::Everyone));
  testing::expect_golden("membership.ka.md", describe(membership(), "ka", Audience::Everyone));
  testing::expect_golden("membership.en.md", describe(membership(), "en", Audience::Everyone));
  testing::expect_golden("features.en.md", describe(program_at("tests/engine/program/features.yaml"), "en", Audience::Everyone));
}

TEST(Describe, TellsApplicantsWhatTheyNeed) {
  testing::expect_golden("socifaction-2017.applicant.en.md", describe(accelerator(), "en", Audience::Applicant));
  testing::expect_golden("socifaction-2017.applicant.lt.md", describe(accelerator(), "lt", Audience::Applicant));
}

TEST(Describe, TellsApplicantsNothingThatIsNotTheirs) {
  const std::string text = describe(membership(), "en", Audience::Applicant);
  EXPECT_THAT(text, HasSubstr("The office must be content"));
  EXPECT_THAT(text, Not(HasSubstr("Mark of the office"))) << "a field that the manager reads, neither asked nor in a guard";
  EXPECT_THAT(text, Not(HasSubstr("Remark"))) << "nor of an element of a list";
  EXPECT_THAT(text, Not(HasSubstr("score of the assessment")));
  EXPECT_THAT(describe(accelerator(), "en", Audience::Applicant), Not(HasSubstr("Private note")));
}

// Two programs that differ in inner things only read the same.
TEST(Describe, HidesInnerThingsFromApplicantsWithoutATrace) {
  const std::set<std::string> inner = {"kvali.v1.Move.held", "kvali.v1.Review.by", "kvali.v1.Review.each", "kvali.v1.Review.hide",
                                       "kvali.v1.Review.conflicts", "kvali.v1.Tell.message", "kvali.v1.Checklist.when", "kvali.v1.Quota.exactly",
                                       "kvali.v1.Role.load", "kvali.v1.Role.assigns", "kvali.v1.Field.seen_by", "kvali.v1.Quota.held_while"};
  v1::Program program = accelerator();
  const std::string plain = describe(program, "en", Audience::Applicant);
  std::set<std::string> seen;
  testing::each_edit(program, testing::Values::Written, [&](const std::string& path, const google::protobuf::FieldDescriptor& field) {
    const bool letter = path.starts_with("messages.");
    if (!letter && !inner.contains(field.full_name())) return;
    seen.insert(field.full_name());
    EXPECT_EQ(describe(program, "en", Audience::Applicant), plain) << field.full_name() << " at " << path;
  });
  for (const std::string& name : inner) EXPECT_TRUE(seen.contains(name)) << name;
}

// Whatever its author wrote is somewhere in the text: who changes it reads it.
TEST(Describe, ShowsEveryValueThatIsWritten) {
  for (v1::Program program : {accelerator(), program_at("tests/engine/program/broken/base.yaml"), program_at("tests/engine/program/features.yaml"), program_at("tests/engine/cohort/alliance.yaml")}) {
    const std::string language = program.languages(0);
    const std::string plain = describe(program, language, Audience::Everyone);
    testing::each_edit(program, testing::Values::Written, [&](const std::string& path, const google::protobuf::FieldDescriptor& field) {
      // Names stand for things within the file; people read their labels. Other languages are other texts.
      const bool key = &field == key_field(*field.containing_type()) || field.full_name() == "kvali.v1.Program.name";
      if (key || field.containing_type() == v1::Translation::descriptor()) return;
      EXPECT_TRUE(describe(program, language, Audience::Everyone) != plain) << field.full_name() << " at " << path;
    });
  }
}

TEST(Describe, ShowsEveryTextOfItsLanguage) {
  v1::Program program = accelerator();
  for (const std::string language : {"en", "lt"}) {
    const std::string plain = describe(program, language, Audience::Everyone);
    std::set<std::string> changed;
    std::set<std::string> all;
    testing::each_edit(program, testing::Values::Written, [&](const std::string& path, const google::protobuf::FieldDescriptor& field) {
      if (field.containing_type() != v1::Translation::descriptor()) return;
      all.insert(path);
      if (describe(program, language, Audience::Everyone) != plain) changed.insert(path);
    });
    EXPECT_EQ(changed, all) << language;
  }
}

TEST(Describe, FallsBackWithASentence) {
  EXPECT_THAT(describe(accelerator(), "ka", Audience::Everyone), HasSubstr("\n> პროგრამას ამ ენაზე ტექსტები არ აქვს: ქართული."));
  v1::Program latvian = program_at("tests/engine/program/features.yaml");
  latvian.set_languages(0, "lv");
  const std::string text = describe(latvian, "lv", Audience::Everyone);
  EXPECT_THAT(text, HasSubstr("\n> kvali has no sentences in Latvian yet: its own words stand in English, the texts of the program in Latvian.\n"));
  EXPECT_THAT(text, HasSubstr("## Who may apply"));
  EXPECT_TRUE(describable(latvian, "lv"));
  EXPECT_TRUE(describable(latvian, "ka"));
  EXPECT_FALSE(describable(latvian, "fr"));
}

TEST(Describe, SaysHowAFormIsMade) {
  const v1::Program forms = program_at("tests/engine/cohort/forms.yaml");
  const std::string text = describe(forms, "en", Audience::Everyone);
  for (const char* line : {"\nThe form has these parts:\n", "\n- **The idea**: *Title*, *The plan*. What you want to do.\n", "\n- **Money**: *Budget*, *Total*\n",
                           "\n- **Title**: text, at most 120 characters. For example: Bread from our own rye.\n",
                           "- **Budget**: table whose rows say: Item, Amount, Paid by ourselves, ", " 4 rows. One line for each thing that is paid for.\n",
                           "\n  - **Item**: text, at most 40 characters; needed in each row. For example: An oven.\n", "\n  - **Paid by ourselves**: yes or no\n",
                           "- **The plan**: file (pdf, docx), at most 2 MB", "- **Next steps**: table whose rows say: Step, Owner, By when"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(describe(forms, "lt", Audience::Everyone), HasSubstr("lentelė, kurios eilutėse: Item, Amount, Paid by ourselves"));
  EXPECT_THAT(describe(forms, "ka", Audience::Everyone), HasSubstr("ცხრილი, რომლის სტრიქონებშია: Item, Amount, Paid by ourselves"));
}

TEST(Describe, KeepsTextsFromBeingMarkdown) {
  v1::Program program = program_at("tests/engine/program/features.yaml");
  program.mutable_title()->mutable_translations(0)->set_text("A *b* [c](d) <e> #f");
  EXPECT_THAT(describe(program, "en", Audience::Everyone), ::testing::StartsWith("# A \\*b\\* \\[c\\](d) \\<e> \\#f\n"));
}

/// What a guard says in words, as a need of the first move of membership.yaml.
std::string said(const std::string& guard, const std::string& language) {
  v1::Program program = membership();
  v1::Need& need = *program.mutable_stages(0)->mutable_states(0)->mutable_moves(0)->mutable_needs(0);
  need.set_when(guard);
  need.mutable_why()->mutable_translations(0)->set_text("WHY");
  if (language == "ka") need.mutable_why()->mutable_translations(1)->set_text("WHY");
  const std::string text = describe(program, language, Audience::Everyone);
  const std::size_t from = text.find("WHY (") + 5;
  return text.substr(from, text.find(").\n", from) - from);
}

TEST(Describe, PutsExpressionsInWords) {
  EXPECT_EQ(said("size(visits) >= 3", "en"), "*Visits*: at least 3");
  EXPECT_EQ(said("3 <= size(visits)", "en"), "*Visits*: at least 3");
  EXPECT_EQ(said("!(size(visits) >= 3)", "en"), "*Visits*: less than 3");
  EXPECT_EQ(said("size(initiative.title) <= 100", "en"), "*Title*: at most 100 characters");
  EXPECT_EQ(said("has(initiative.form) && !has(initiative.mark)", "en"), "*Legal form* is filled in; and *Mark of the office* is not filled in");
  EXPECT_EQ(said("!(has(initiative.form) && has(initiative.mark))", "en"), "*Legal form* is not filled in; or *Mark of the office* is not filled in");
  EXPECT_EQ(said("initiative.form in [\"association\", \"informal\"]", "en"), "*Legal form*: one of Association or Informal group");
  EXPECT_EQ(said("initiative.form != \"informal\"", "en"), "*Legal form*: not Informal group");
  EXPECT_EQ(said("initiative.own >= 150000", "en"), "*Own contribution*: at least EUR\u00a01,500");
  EXPECT_EQ(said("initiative.own * 4 >= initiative.budget", "en"), "*Own contribution*: at least 25% of *Total budget*");
  EXPECT_EQ(said("initiative.experience + period(\"2 years\") <= now", "en"), "*Experience since*: at least 2 years ago");
  EXPECT_EQ(said("now <= cohort.spring", "en"), "not after *Season begins*");
  EXPECT_EQ(said("initiative.experience < date(\"2017-01-11\")", "en"), "*Experience since*: before 11 January 2017");
  EXPECT_EQ(said("visits.exists(v, v.minutes >= 30)", "en"), "at least one of *Visits* has *Minutes*: at least 30");
  EXPECT_EQ(said("size(visits.filter(v, v.minutes >= 30)) >= 2", "en"), "*Visits* with *Minutes*: at least 30: at least 2");
  EXPECT_EQ(said("initiative.form == \"informal\" ? assessors >= 1 : assessors >= 3", "en"),
            "if *Legal form*: Informal group, then *Assessor*: at least 1; otherwise *Assessor*: at least 3");
  EXPECT_EQ(said("initiative.mark % 2 == 0", "en"), "`initiative.mark % 2 == 0`") << "what has no words stays as it is";
  EXPECT_EQ(said("initiative.trained", "en"), "`initiative.trained`") << "a field that there is not";
  EXPECT_EQ(said("size(visits) >= 3", "ka"), "*ვიზიტები*: სულ მცირე 3");
  EXPECT_EQ(said("has(initiative.form) || assessors > 1", "ka"), "*სამართლებრივი ფორმა* შევსებულია; ან *შემფასებელი*: მეტი, ვიდრე 1");
}

}  // namespace
}  // namespace kvali::program
