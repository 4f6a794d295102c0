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

TEST(Read, KeepsThePlaceOfEveryValue) {
  const ReadResult read = read_program(workflow("socifaction-2017"));
  const std::string file = "workflows/socifaction-2017/program.yaml";
  EXPECT_EQ(position_of(read.positions, "program"), (Position{file, 2, 10}));
  EXPECT_EQ(position_of(read.positions, "languages.2"), (Position{file, 4, 17}));
  EXPECT_EQ(position_of(read.positions, "stages.application.states.draft"), (Position{file, 48, 7}));
  EXPECT_EQ(position_of(read.positions, "stages.application.states.draft.deadline.remind.2"), (Position{file, 52, 75}));
  // What nobody wrote stands where its owner does.
  EXPECT_EQ(position_of(read.positions, "stages.application.states.draft.no_deadline.why"), (Position{file, 48, 7}));
}

TEST(Read, BringsValuesIntoTheirCanonicalForm) {
  const v1::Program program = read_program(workflow("socifaction-2017")).program;
  const v1::State& draft = program.stages(0).states(0);
  EXPECT_THAT(draft.deadline().remind(), ElementsAre("-P7D", "-P1D"));
  EXPECT_EQ(program.stages(0).states(1).deadline().within(), "P10WD");
  EXPECT_THAT(draft.waits_for(), ElementsAre("applicant"));
  EXPECT_EQ(draft.deadline().then().to(), "lapsed");
  EXPECT_EQ(program.initiative().brought_by(2), v1::InitiativeRules::INFORMAL_GROUP);
  EXPECT_EQ(program.cohort().must_hold(0).of(), v1::Checklist::EACH_LOCALITY);
  EXPECT_EQ(program.stages(0).states(2).review().scale().to(), 5);
  EXPECT_EQ(text_in(draft.label(), "lt"), "Rašoma");
  EXPECT_EQ(text_in(draft.label(), "en"), "Being written");
}

}  // namespace
}  // namespace kvali::program
