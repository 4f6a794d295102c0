// The entry of every test executable: GoogleTest's own, so that a filter and a seed work as its users know them.
#include <gmock/gmock.h>

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
