#pragma once
// A cohort of tests/engine/cohort/mentoring.yaml in which two initiatives are being mentored, and who might mentor them.
#include <gmock/gmock.h>

#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort::testing {

class Mentored : public Practice {
 public:
  /// ann brings a, ben brings b; mia is the mentor of a.
  Mentored() : Practice({"mentoring", "2017-01-10 09:00", false, ""}) {
    for (const char* one : {"manager", "second"}) give("manager", one);
    people({"mia", "max", "mo"});
    bring("a", "ann");
    bring("b", "ben");
    EXPECT_EQ(ask("manager", R"(assign_role { person: "mia" role: "mentor" initiative: "a" })", "m-a"), "") << why();
  }
  ~Mentored() override {
    refold();
    EXPECT_THAT(broken(), ::testing::IsEmpty());
  }

  void bring(const std::string& initiative, const std::string& who, const std::string& town = "taurage") {
    people({who});
    EXPECT_EQ(ask(who, R"(start_initiative { fields { name: "title" value { text: "Bread" } } fields { name: "town" value { text: ")" + town + R"(" } }
      fields { name: "language" value { text: "ka" } } fields { name: "sectors" value { list { values { text: "food" } } } } })", initiative), "") << why();
    EXPECT_EQ(ask(who, step(initiative, "begin")), "") << why();
  }

  /// The name of the state in which an entry stands: "open".
  [[nodiscard]] std::string stands(const std::string& initiative, const std::string& key) const {
    const Task* task = of(initiative).task(key);
    if (!task) return "";
    const statechart::Chart& chart = *of(initiative).model->task(task->kind)->chart;
    std::string names;
    for (const auto state : statechart::atomic_states(chart, task->at.where)) names += chart.node(state).name();
    return names;
  }
};

/// A session of so many minutes.
inline std::string session(const std::string& initiative, int minutes) {
  return "open_task { initiative: \"" + initiative + "\" kind: \"sessions\" fields { name: \"date\" value { date { year: 2017 month: 1 day: 20 } } } "
         "fields { name: \"minutes\" value { number: " + std::to_string(minutes) + " } } }";
}

}  // namespace kvali::cohort::testing
