// What a person is told when she signs in.
#include <gmock/gmock.h>

#include "tests/server/api/reader.h"

namespace kvali::api {
namespace {

using ::testing::HasSubstr;

TEST(Welcome, NamesProgramAndRolesAsPeopleDo) {
  demo::testing::Season season("2016-11-20 09:00");
  ASSERT_EQ(season.error, "");
  testing::Office office(season);
  const std::string heard = office.heard(office.sign_in("coordinator-taurage", "lt"));
  EXPECT_THAT(heard, HasSubstr(R"("myRoles":["coordinator"])"));
  EXPECT_THAT(heard, HasSubstr("Koordinatorius"));
  EXPECT_THAT(heard, HasSubstr("SOCIFACTION: socialinis verslumas regionų plėtrai"));
}

}  // namespace
}  // namespace kvali::api
