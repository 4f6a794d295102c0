#include "engine/program/describe.h"

#include <gmock/gmock.h>

#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Loaded accelerator() { return load(testing::workflow("socifaction-2017")); }

Loaded membership() {
  return load({{"membership.yaml", testing::read_file("tests/engine/cohort/membership.yaml")},
               {"texts/ka.yaml", testing::read_file("tests/engine/cohort/membership.ka.yaml")}});
}

TEST(Describe, SaysAProgramBack) {
  testing::expect_golden("socifaction-2017.en.md", describe(accelerator().program, "en", Audience::Everyone));
  testing::expect_golden("socifaction-2017.lt.md", describe(accelerator().program, "lt", Audience::Everyone));
  testing::expect_golden("socifaction-2017.ka.md", describe(accelerator().program, "ka", Audience::Everyone));
  testing::expect_golden("membership.ka.md", describe(membership().program, "ka", Audience::Everyone));
  testing::expect_golden("membership.en.md", describe(membership().program, "en", Audience::Everyone));
}

TEST(Describe, TellsApplicantsWhatTheyNeed) {
  testing::expect_golden("socifaction-2017.applicant.en.md", describe(accelerator().program, "en", Audience::Applicant));
  testing::expect_golden("socifaction-2017.applicant.lt.md", describe(accelerator().program, "lt", Audience::Applicant));
}

}  // namespace
}  // namespace kvali::program
