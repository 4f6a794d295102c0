#pragma once
// Two cohorts that the tests of decide begin with: the accelerator of 2017 with its people, and the garden.
#include <gmock/gmock.h>

#include "tests/engine/cohort/practice.h"

namespace kvali::cohort::testing {

inline std::string problem() { return std::string(220, 'x'); }

inline std::string application(const std::string& locality) {
  return R"(start_initiative {
    fields { name: "title" value { text: "A bakery" } } fields { name: "locality" value { text: ")" + locality + R"(" } }
    fields { name: "problem" value { text: ")" + problem() + R"(" } } fields { name: "contact" value { text: "who@example.org" } } })";
}

inline std::string step(const std::string& initiative, const std::string& name, const std::string& more = {}) {
  return "make_move { initiative: \"" + initiative + "\" move: \"" + name + "\" " + more + " }";
}

using Names = std::initializer_list<const char*>;
inline constexpr Names nobody{};

inline constexpr const char* reason = "reason { text: \"Because\" }";

/// The accelerator of 2017 with a manager, a second one, a coordinator and a mentor of Tauragė and of Kelmė, and as many
/// initiatives as are named, each by a person of the same name.
class Accelerator : public Practice {
 public:
  Accelerator() : Accelerator({"a"}) {}
  Accelerator(Names initiatives, const Opening& opening = {}) : Practice(opening) {
    give("manager", "manager");
    give("manager", "second");
    give("reviewer", "reader");
    for (const char* locality : {"taurage", "kelme"}) {
      give("coordinator", std::string("coordinator-") + locality, locality);
      give("mentor", std::string("mentor-") + locality, locality);
    }
    for (const std::string one : initiatives) {
      people({"by-" + one});
      EXPECT_EQ(ask("by-" + one, application("taurage"), one), "") << why();
    }
  }
  /// Brings them all to assessment.
  void assess(Names initiatives) {
    for (const std::string one : initiatives) {
      EXPECT_EQ(ask("by-" + one, step(one, "submit")), "") << why();
      EXPECT_EQ(ask("coordinator-taurage", step(one, "pass")), "") << why();
    }
  }
  /// Decides for each and publishes.
  void decided(Names selected, Names reserved = nobody) {
    for (const std::string one : selected) EXPECT_EQ(ask("manager", step(one, "select")), "") << why();
    for (const std::string one : reserved) EXPECT_EQ(ask("manager", step(one, "reserve")), "") << why();
    EXPECT_EQ(ask("manager", "publish_decisions {}"), "") << why();
  }
  ~Accelerator() override {
    refold();
    EXPECT_THAT(broken(), ::testing::IsEmpty());
  }
};

class Garden : public Practice {
 public:
  Garden() : Garden({"a"}) {}
  Garden(Names initiatives) : Practice({"garden", "2017-01-10 09:00", false, ""}) {
    give("manager", "manager");
    for (const std::string one : initiatives) {
      people({"by-" + one});
      EXPECT_EQ(ask("by-" + one, "start_initiative { fields { name: \"village\" value { text: \"utena\" } } fields { name: \"size\" value { number: 7 } } }", one), "");
    }
  }
  void queue(Names initiatives) {
    for (const std::string one : initiatives) {
      EXPECT_EQ(ask("by-" + one, step(one, "apply")), "") << why();
      EXPECT_EQ(ask("manager", step(one, "take")), "") << why();
    }
  }
  ~Garden() override {
    refold();
    EXPECT_THAT(broken(), ::testing::IsEmpty());
  }
};

}  // namespace kvali::cohort::testing
