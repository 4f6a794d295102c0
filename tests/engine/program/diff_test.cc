#include "engine/program/diff.h"

#include <gmock/gmock.h>

#include <set>

#include "engine/program/draw.h"
#include "engine/program/program.h"
#include "tests/engine/program/edits.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* garden = "tests/engine/program/broken/base.yaml";
constexpr const char* accelerator = "workflows/socifaction-2017/program.yaml";
constexpr const char* forms = "tests/engine/cohort/forms.yaml";

struct Edit {
  const char* from;
  const char* to;
};

/// The sentences of what differs when `edits` are made in the text of a program. What its other languages lack then is no matter.
Difference edited(const char* path, std::initializer_list<Edit> edits, const std::string& language) {
  std::vector<SourceFile> files{{path, testing::read_file(path)}};
  if (path == accelerator) files = testing::workflow("socifaction-2017");
  const v1::Program was = load(files).program;
  for (const Edit& edit : edits) {
    const std::size_t at = files[0].text.find(edit.from);
    if (at == std::string::npos) {
      ADD_FAILURE() << "not in the program: " << edit.from;
      continue;
    }
    files[0].text.replace(at, std::string(edit.from).size(), edit.to);
  }
  return difference(was, load(files).program, language);
}

std::vector<std::string> sentences(const Difference& difference) {
  std::vector<std::string> all;
  for (const Change& change : difference.changes) all.push_back(change.sentence);
  return all;
}

struct Case {
  const char* path;
  Edit edit;
  Meaning meaning;
  const char* sentence;
  const char* language = "en";
};

// One edit each, and the exact sentence.
const Case cases[] = {
    {garden, {"within: 10 working days", "within: 21 working days"}, Meaning::Settings, "“Being read” (Application) now lasts 21 working days instead of 10."},
    {garden, {"within: 6 months", "within: 1 year"}, Meaning::Settings, "“Growing” now lasts 1 year instead of 6 months."},
    {garden, {"within: 10 working days", "by: cohort.starts"}, Meaning::Settings, "“Being read” (Application), deadline: now “Starts”, was within 10 working days."},
    {garden, {"deadline: {by: cohort.closes", "deadline: {by: cohort.starts"}, Meaning::Settings, "“Draft” (Application) now ends by “Starts” instead of “Closes”."},
    {garden, {"remind: [7 days before, on the day]", "remind: [7 days before, on the day, 1 day after]"}, Meaning::Settings, "“Draft” (Application) now also reminds 1 day after."},
    {garden, {"remind: [7 days before, on the day]", "remind: [on the day]"}, Meaning::Settings, "“Draft” (Application) no longer reminds 7 days before."},
    {garden, {"within: 10 working days, then: {tell: manager}", "within: 10 working days, then: {tell: [manager, reviewer]}"}, Meaning::Settings, "“Being read” (Application), who is told when the deadline has passed: now also “Reader”."},
    {garden, {"remind: 1 day before, then: lapsed", "remind: 1 day before, then: refused"}, Meaning::Structure, "“Offered” (Application), where it goes when the deadline has passed: now “Refused”, was “Lapsed”."},
    {garden, {"label: Draft", "label: Sketch"}, Meaning::Texts, "“Sketch” (Application), label (English): now “Sketch”, was “Draft”."},
    {garden, {"title: A garden for every school", "title: Gardens"}, Meaning::Texts, "The program, title (English): now “Gardens”, was “A garden for every school”."},
    {garden, {"Thank you, {person.name}.", "Thanks."}, Meaning::Texts, "“We have [Title]”, text (English): now “Thanks.”, was “Thank you, {person.name}.”."},
    {garden, {"exactly: 2", "exactly: 3"}, Meaning::Settings, "“per town”: now 3 places, was 2."},
    {garden, {"exactly: 2", "at_most: 2"}, Meaning::Settings, "“per town”, places, all to be filled: no longer set, was 2."},
    {garden, {"held_while: [offered, growing, after]", "held_while: [offered, growing]"}, Meaning::Structure, "“per town”, where a place is held: no longer “Afterwards”."},
    {garden, {"refill_until: cohort.starts", "refill_until: cohort.closes"}, Meaning::Settings, "“per town”, until when a freed place is given on: now “Closes”, was “Starts”."},
    {garden, {"{beauty: 2, use: 1}", "{beauty: 3, use: 1}"}, Meaning::Settings, "“beauty” (Being read) now weighs 3, was 2."},
    {garden, {"{beauty: 2, use: 1}", "{beauty: 2}"}, Meaning::Structure, "The criterion “use” (`use`) is gone from “Being read”."},
    {garden, {"every: 1 year", "every: 6 months"}, Meaning::Settings, "“harvest” (Afterwards), how often: now every 6 months, was every year."},
    {garden, {"times: 2", "times: 4"}, Meaning::Settings, "“harvest” (Afterwards), how many times: now 4, was 2."},
    {garden, {"grace: 30 days", "grace: 10 days"}, Meaning::Settings, "“harvest” (Afterwards), days of grace: now 10 days, was 30 days."},
    {garden, {"to: growing}", "to: queue}"}, Meaning::Structure, "“Accept” (Offered) now leads to “Waitlist” instead of “Growing”."},
    {garden, {"label: Accept, by: applicant", "label: Accept, by: [applicant, manager]"}, Meaning::Structure, "“Accept” (Offered) may now be made by “Manager” too."},
    {garden, {"label: Choose, by: manager, held: true", "label: Choose, by: manager"}, Meaning::Structure, "“Choose” (Being read) takes effect at once now, was held back."},
    {garden, {"when: size(calls) >= 2", "when: size(calls) >= 3"}, Meaning::Structure, "“Enough” (Visits are made), what must hold: now “Visit”: at least 3, was “Visit”: at least 2."},
    {garden, {"by: applicant, to: planted}", "by: applicant, needs: {when: has(initiative.soil), why: Which soil}, to: planted}"}, Meaning::Structure, "“Plant” (Digging) now also needs: Which soil (“Soil” is filled in)."},
    {garden, {"by: mentor, needs: {when: size(calls) >= 2, why: Two visits at least}", "by: mentor"}, Meaning::Structure, "“Enough” (Visits are made) no longer needs: Two visits at least (“Visit”: at least 2)."},
    {garden, {"  withdraw: {label: Withdraw,", "  stop: {label: Withdraw,"}, Meaning::Structure, "`withdraw` is gone, `stop` is new (same label “Withdraw”: renamed?)."},
    {garden, {"          reserve: {label: Reserve, by: manager, held: true, to: queue}\n", ""}, Meaning::Structure, "The move “Reserve” (`reserve`) is gone from “Being read”."},
    {garden, {"    outcomes:\n      refused:", "    outcomes:\n      spare: {label: Spare, ends: refused}\n      refused:"}, Meaning::Structure, "The state “Spare” (`spare`) is new in “Application”."},
    {garden, {"  donor:", "  sponsor:   {label: Sponsor, scope: cohort}\n  donor:"}, Meaning::Structure, "The role “Sponsor” (`sponsor`) is new."},
    {garden, {"at_most: 100", "at_most: 150"}, Meaning::Settings, "“Title”, at most: now 150, was 100."},
    {garden, {"type: choice, choices: {clay: Clay, sand: Sand}", "type: choice, choices: {clay: Clay, sand: Sand, loam: Loam}"}, Meaning::Structure, "The choice “Loam” (`loam`) is new in “Soil”."},
    {garden, {"town:  {type: locality, required_for: submit", "town:  {type: locality"}, Meaning::Structure, "“Town” is no longer needed for “Submit”."},
    {forms, {"        own:    {type: yes or no, label: Paid by ourselves}\n", ""}, Meaning::Structure, "The field “Paid by ourselves” (`own`) is gone from “Budget”."},
    {forms, {"label: Item, example: An oven", "label: Thing, example: An oven"}, Meaning::Texts, "“Thing” (Budget), label (English): now “Thing”, was “Item”."},
    {forms, {"example: Bread from our own rye", "example: Rolls"}, Meaning::Texts, "“Title”, example (English): now “Rolls”, was “Bread from our own rye”."},
    {forms, {"fields: [budget, total]", "fields: [budget]"}, Meaning::Texts, "“Money”, fields: no longer “Total”."},
    {forms, {"at_most: 2, label: The plan", "at_most: 3, label: The plan"}, Meaning::Settings, "“The plan”, at most: now 3, was 2."},
    {garden, {"type: money, currency: EUR", "type: money, currency: GEL"}, Meaning::Structure, "“Cost”, currency: now “GEL”, was “EUR”."},
    {garden, {"waits_for: [manager, reviewer]", "waits_for: [manager]"}, Meaning::Structure, "“Being read” (Application), who is waited for: no longer “Reader”."},
    {garden, {"hide: [organisation, title]", "hide: [title]"}, Meaning::Structure, "“Being read” (Application), what assessors do not see: no longer `organisation`."},
    {garden, {"calendar: [LV]", "calendar: [LV, LT]"}, Meaning::Settings, "The program, countries of public holidays: now also “LT”."},
    {garden, {"no_deadline: It ends when the season starts", "no_deadline: It ends"}, Meaning::Texts, "“Waitlist” (Application), reason told (English): now “It ends”, was “It ends when the season starts”."},
    {garden, {"{before: growing, of: each locality, when: mentors >= 1", "{before: growing, of: each locality, when: mentors >= 2"}, Meaning::Structure, "The program, what must hold: now “Gardener”: at least 2, was “Gardener”: at least 1."},
    {accelerator, {"scope: locality, load: 8", "scope: locality, load: 5"}, Meaning::Settings, "“Expert” may now hold 5 initiatives, was 8."},
    {accelerator, {"within: 10 working days", "within: 21 days"}, Meaning::Settings, "„Tikrinama“ (Paraiška): terminas dabar 21 diena, buvo 10 darbo dienų.", "lt"},
    {accelerator, {"scope: locality, load: 8", "scope: locality, load: 3"}, Meaning::Settings, "„Ekspertas“: vienam asmeniui dabar ne daugiau kaip 3 iniciatyvos, buvo 8.", "lt"},
    {accelerator, {"exactly: 4", "exactly: 11"}, Meaning::Settings, "„Vietos vienoje vietovėje“: dabar 11 vietų, buvo 4.", "lt"},
    {accelerator, {"within: 10 working days", "within: 15 working days"}, Meaning::Settings, "„Being checked“ (Application): ვადა ახლა არის 15 სამუშაო დღე, იყო 10.", "ka"},
    {accelerator, {"label: Accept, by: applicant", "label: Accept, by: [applicant, manager]"}, Meaning::Structure, "„Accept“ (Place offered): ახლა ასრულებს აგრეთვე „Manager“.", "ka"},
};

TEST(Diff, SaysASingleEditInOneSentence) {
  for (const Case& one : cases) {
    const Difference found = edited(one.path, {one.edit}, one.language);
    SCOPED_TRACE(one.edit.to);
    ASSERT_FALSE(found.changes.empty());
    EXPECT_EQ(found.changes[0].sentence, one.sentence);
    EXPECT_EQ(found.changes[0].meaning, one.meaning);
    EXPECT_EQ(found.verdict, one.meaning);
    EXPECT_EQ(found.changes[0].running.empty(), one.meaning != Meaning::Structure);
  }
}

TEST(Diff, OfAProgramAndItselfIsNothing) {
  const Difference none = edited(garden, {}, "en");
  EXPECT_EQ(none.verdict, Meaning::Nothing);
  EXPECT_THAT(none.changes, IsEmpty());
  EXPECT_EQ(to_text(none, "en"), "Identical: the two versions say the same.\n");
}

TEST(Diff, PutsWhatAsksForMostFirst) {
  const Difference found = edited(garden, {{"label: Draft", "label: Sketch"}, {"times: 2", "times: 4"}, {"to: growing}", "to: queue}"}}, "en");
  EXPECT_EQ(to_text(found, "en"),
            "The structure differs: running initiatives stay with the old version until they are migrated.\n"
            "\n## Structure\n\n"
            "- “Accept” (Offered) now leads to “Waitlist” instead of “Growing”.\n"
            "  Running initiatives: it holds for them once they are migrated.\n"
            "\n## Settings\n\n"
            "- “harvest” (Afterwards), how many times: now 4, was 2.\n"
            "\n## Texts and labels\n\n"
            "- “Sketch” (Application), label (English): now “Sketch”, was “Draft”.\n");
}

TEST(Diff, TellsThatAStateIsGoneAndWhatThatAsksFor) {
  const Difference found = edited(garden, {{"      lapsed:  {label: Lapsed, ends: lapsed}\n", ""}}, "en");
  ASSERT_THAT(sentences(found), ElementsAre("The state “Lapsed” (`lapsed`) is gone from “Application”."));
  EXPECT_EQ(found.changes[0].running, "those that stand there need a rule in the migration plan that says where they go.");
}

TEST(Diff, TellsThatInitiativesBeginElsewhere) {
  const Difference found = edited(garden, {{"    states:\n      draft:", "    states:\n      idea: {label: Idea, waits_for: applicant, moves: {go: {label: Go, by: applicant, to: draft}}}\n      draft:"}}, "en");
  EXPECT_THAT(sentences(found), ElementsAre("The state “Idea” (`idea`) is new in “Application”.", "“Application”, states: the order has changed."));
  EXPECT_EQ(found.changes.back().running, "they stay where they are; only new ones begin elsewhere.");
}

TEST(Diff, TellsADeadlineThatComesOrGoes) {
  EXPECT_THAT(sentences(edited(garden, {{"        deadline: {within: 5 days, remind: 1 day before, then: lapsed}\n", ""}}, "en")),
              ElementsAre("“Offered” (Application), deadline: no longer set, was within 5 days."));
}

TEST(Diff, IsMarkedOnTheDiagram) {
  const std::string before = testing::read_file(garden);
  std::string after = before;
  for (const Edit& edit : {Edit{"      lapsed:  {label: Lapsed, ends: lapsed}\n", "      faded:  {label: Faded, ends: lapsed}\n"}, Edit{"then: lapsed", "then: faded"},
                           Edit{"then: lapsed", "then: faded"}, Edit{"within: 10 working days", "within: 12 working days"}}) {
    after.replace(after.find(edit.from), std::string(edit.from).size(), edit.to);
  }
  const Loaded was = load({{garden, before}}), now = load({{garden, after}});
  ASSERT_TRUE(was.ok() && now.ok());
  const Picture picture = picture_since({was.program, was.machine}, {now.program, now.machine}, "en");
  const std::string svg = svg_of(picture), mermaid = mermaid_of(picture), dot = dot_of(picture);
  for (const std::string& drawn : {svg, mermaid, dot}) {
    EXPECT_THAT(drawn, HasSubstr("+ Faded"));
    EXPECT_THAT(drawn, HasSubstr("− Lapsed"));
    EXPECT_THAT(drawn, HasSubstr("± Being read"));
    EXPECT_THAT(drawn, HasSubstr("(+ new, ± changed, − gone)"));
    EXPECT_THAT(drawn, ::testing::Not(HasSubstr("± Growing")));
  }
  EXPECT_THAT(svg, HasSubstr("class=\"state lapsed new\""));
  EXPECT_THAT(svg, HasSubstr("class=\"state lapsed gone\""));
  EXPECT_THAT(svg, HasSubstr("class=\"state changed\""));
  EXPECT_THAT(mermaid, HasSubstr("class apply__faded new"));
}

TEST(Diff, OnTheDiagramOfTheSameVersionMarksNothing) {
  const Loaded one = load({{garden, testing::read_file(garden)}});
  const Picture picture = picture_since({one.program, one.machine}, {one.program, one.machine}, "en"), plain = picture_of(one.program, one.machine, "en");
  ASSERT_EQ(picture.boxes.size(), plain.boxes.size());
  ASSERT_EQ(picture.lines.size(), plain.lines.size());
  for (std::size_t i = 0; i < plain.boxes.size(); ++i) EXPECT_EQ(picture.boxes[i].label, plain.boxes[i].label);
  for (std::size_t i = 0; i < plain.lines.size(); ++i) EXPECT_EQ(picture.lines[i].labels, plain.lines[i].labels);
}

/// The parts of the language that `edits` of `program` went through.
std::set<std::string> tell_every_edit(v1::Program& program, testing::Values which) {
  const v1::Program was = program;
  std::set<std::string> seen;
  testing::each_edit(program, which, [&](const std::string& path, const google::protobuf::FieldDescriptor& field) {
    seen.insert(field.full_name());
    const Difference found = difference(was, program, "en");
    const bool placed = std::any_of(found.changes.begin(), found.changes.end(), [&](const Change& change) { return change.path == path || change.path.starts_with(path + "."); });
    EXPECT_TRUE(placed) << field.full_name() << " at " << path << (found.changes.empty() ? ": nothing told" : ": " + found.changes[0].path);
    for (const Change& change : found.changes) EXPECT_GT(change.sentence.size(), 5u) << path;
  });
  EXPECT_EQ(program.SerializeAsString(), was.SerializeAsString());
  return seen;
}

void fields_below(const google::protobuf::Descriptor& type, std::set<const google::protobuf::Descriptor*>& types, std::set<std::string>& names) {
  if (!types.insert(&type).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    if (field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE)
      fields_below(*field.message_type(), types, names);
    else
      names.insert(field.full_name());
  }
}

// A new field of the language is told without new code, or this fails.
TEST(Diff, TellsEveryValueThatAProgramCanHave) {
  v1::Program program;
  testing::fill(program, 4);
  const std::set<std::string> seen = tell_every_edit(program, testing::Values::All);
  std::set<const google::protobuf::Descriptor*> types;
  std::set<std::string> all;
  fields_below(*v1::Program::descriptor(), types, all);
  all.erase("kvali.v1.Translation.language");  // which language a text is in is told with the text
  EXPECT_EQ(seen, all);
}

TEST(Diff, TellsEveryValueOfAProgramThatRuns) {
  v1::Program program = load(testing::workflow("socifaction-2017")).program;
  EXPECT_GT(tell_every_edit(program, testing::Values::Written).size(), 50u);
}

}  // namespace
}  // namespace kvali::program
