#include "engine/program/read.h"

#include <gmock/gmock.h>

#include "engine/program/program.h"
#include "engine/program/texts.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::lines_of;
using testing::workflow;

TEST(Program, LoadsTheAcceleratorOf2017) {
  const Loaded loaded = load(workflow("socifaction-2017"));
  EXPECT_THAT(lines_of(loaded.faults), IsEmpty());
  EXPECT_EQ(loaded.program.name(), "socifaction-2017");
  EXPECT_EQ(loaded.program.stages_size(), 3);
  EXPECT_GT(loaded.machine.states_size(), 20);
}

ReadResult read_base() {
  return read_program({{"here/program.yaml", testing::read_file("tests/engine/program/broken/base.yaml")}});
}

TEST(Read, KeepsThePlaceOfEveryValue) {
  const ReadResult read = read_base();
  const std::string file = "here/program.yaml";
  EXPECT_EQ(position_of(read.positions, "program"), (Position{file, 1, 10}));
  EXPECT_EQ(position_of(read.positions, "languages.1"), (Position{file, 3, 13}));
  EXPECT_EQ(position_of(read.positions, "stages.apply.states.draft"), (Position{file, 33, 7}));
  EXPECT_EQ(position_of(read.positions, "stages.apply.states.draft.deadline.remind.2"), (Position{file, 36, 63}));
  // What nobody wrote stands where its owner does.
  EXPECT_EQ(position_of(read.positions, "stages.apply.states.draft.no_deadline.why"), (Position{file, 33, 7}));
}

TEST(Read, CountsColumnsInCharacters) {
  const ReadResult read = read_program({{"p.yaml", "title: Ąžuolėlių šaknys\nroles: {ąą: {label: x}, b: {label: 'ž', scope: nowhere}}\n"}});
  EXPECT_EQ(position_of(read.positions, "roles.b"), (Position{"p.yaml", 2, 25}));
  EXPECT_EQ(position_of(read.positions, "roles.b.scope"), (Position{"p.yaml", 2, 48}));
}

TEST(Read, BringsValuesIntoTheirCanonicalForm) {
  const v1::Program program = read_base().program;
  const v1::State& draft = program.stages(0).states(0);
  EXPECT_THAT(draft.deadline().remind(), ElementsAre("-P7D", "P0D"));
  EXPECT_EQ(program.stages(0).states(1).deadline().within(), "P10WD");
  EXPECT_THAT(draft.waits_for(), ElementsAre("applicant"));
  EXPECT_EQ(draft.deadline().then().to(), "lapsed");
  EXPECT_EQ(program.initiative().brought_by(0), v1::InitiativeRules::ORGANISATION);
  EXPECT_EQ(program.cohort().must_hold(0).of(), v1::Checklist::EACH_LOCALITY);
  EXPECT_EQ(program.stages(0).states(1).review().scale().to(), 5);
  EXPECT_EQ(program.stages(2).reports(0).every(), "P1Y");
}

TEST(Read, GivesEveryTextItsLanguages) {
  const v1::Program program = read_program(workflow("socifaction-2017")).program;
  const v1::State& draft = program.stages(0).states(0);
  EXPECT_EQ(text_in(draft.label(), "lt"), "Rašoma");
  EXPECT_EQ(text_in(draft.label(), "en"), "Being written");
  EXPECT_EQ(text_in(draft.label(), "ka"), "Being written") << "an unknown language falls back on the first";
}

}  // namespace
}  // namespace kvali::program
