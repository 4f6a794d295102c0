// Machines that are none must be refused, each with its sentence.
#include <gtest/gtest.h>

#include <functional>

#include "tests/engine/statechart/sketch.h"

namespace kvali::statechart {
namespace {

struct Broken {
  std::string name;
  std::function<void(v1::Machine&)> by;
  std::string sentence;
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

// States: 1 a, 2 a.one, 3 a.two, 4 a.h, 5 p, 6 p.left, 7 p.right, 8 end; arrows: 0 from a.one, 1 from p.
v1::Machine sound() {
  return sketch(R"(
    state a
      state one
        on go -> p
      state two
      history h -> two
    parallel p
      on stop -> end
      state left
      state right
    final end)");
}

class BrokenMachine : public testing::TestWithParam<Broken> {};

TEST_P(BrokenMachine, IsRefusedWithItsSentence) {
  v1::Machine machine = sound();
  GetParam().by(machine);
  const auto chart = Chart::compile(machine);
  ASSERT_FALSE(chart.has_value());
  EXPECT_EQ(chart.error().message, GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Chart, BrokenMachine,
    testing::Values(
        Broken{"Empty", [](auto& m) { m.clear_states(); }, "the machine has no states; the first must be the root"},
        Broken{"RootElsewhere", [](auto& m) { m.mutable_states(0)->set_parent(1); },
               "the first state is the root and its own parent"},
        Broken{"OutOfOrder", [](auto& m) { m.mutable_states(6)->set_parent(1); },
               "state p.left is not in document order: its parent must stand before it, with nothing but "
               "the parent's other "
               "descendants between"},
        Broken{"AtomicRoot", [](auto& m) { m.mutable_states(0)->set_kind(v1::Node::ATOMIC); },
               "the root must be a compound or a parallel state\nthe root cannot have states of its own"},
        Broken{"NoKind", [](auto& m) { m.mutable_states(2)->clear_kind(); }, "state a.one has no kind"},
        Broken{"Childless", [](auto& m) { m.mutable_states(2)->set_kind(v1::Node::COMPOUND); },
               "state a.one holds other states but has none"},
        Broken{"TwoOfOneName",
               [](auto& m) {
                 m.mutable_states(3)->set_name("one");
                 m.mutable_states(3)->set_path("a.one");
               },
               "state a has two children named one\ntwo states have the path a.one"},
        Broken{"FinalRegion", [](auto& m) { m.mutable_states(6)->set_kind(v1::Node::FINAL); },
               "state p.left is final but a region of a parallel state; a region has states of its own"},
        Broken{"InitialElsewhere", [](auto& m) { m.mutable_states(1)->add_initial(8); },
               "state a starts in state end, which does not lie inside state a"},
        Broken{"InitialOfAParallel", [](auto& m) { m.mutable_states(5)->add_initial(6); },
               "state p has an initial state, which only compound states and histories have"},
        Broken{"InitialsApart",
               [](auto& m) {
                 m.mutable_states(1)->add_initial(2);
                 m.mutable_states(1)->add_initial(3);
               },
               "state a names state a.one and state a.two, which lie in no two regions of a parallel state"},
        Broken{"HistoryOfAHistory", [](auto& m) { m.mutable_states(4)->set_initial(0, 4); },
               "state a.h has state a.h as its default, which is a history itself"},
        Broken{"NoSource", [](auto& m) { m.mutable_arrows(0)->set_source(77); },
               "arrow #0 starts at state #77, but there are 9"},
        Broken{"FromAnEnd", [](auto& m) { m.mutable_arrows(0)->set_source(8); },
               "arrow #0 of state end starts at a final state, which nothing leaves"},
        Broken{"NoTarget", [](auto& m) { m.mutable_arrows(0)->add_targets(9); },
               "arrow #0 of state a.one leads to state #9, but there are #1 to #8"},
        Broken{"TargetsApart", [](auto& m) { m.mutable_arrows(1)->add_targets(2); },
               "arrow #1 of state p names state end and state a.one, which lie in no two regions of a parallel state"},
        Broken{
            "HistoryBesideWhatItStandsFor",
            [](auto& m) {
              m.mutable_arrows(0)->add_targets(4);
              m.mutable_arrows(0)->set_targets(0, 3);
            },
            "arrow #0 of state a.one names state a.two and state a.h, which lie in no two regions of a parallel state"},
        Broken{
            "TargetInATarget",
            [](auto& m) {
              m.mutable_arrows(0)->set_targets(0, 5);
              m.mutable_arrows(0)->add_targets(6);
            },
            "arrow #0 of state a.one names state p and state p.left, which lie in no two regions of a parallel state"},
        Broken{"HistoryApart", [](auto& m) { m.mutable_arrows(0)->add_targets(4); },
               "arrow #0 of state a.one names state p and state a.h, which lie in no two regions of a parallel state"},
        Broken{"MoveAndEvent", [](auto& m) { m.mutable_arrows(0)->mutable_move()->set_name("go"); },
               "arrow #0 of state a.one is a person's move and waits for an event too"},
        Broken{"NoDescriptor", [](auto& m) { m.mutable_arrows(0)->add_events(""); },
               "arrow #0 of state a.one waits for \"\", which is no event descriptor"},
        Broken{"WithItsPlace",
               [](auto& m) {
                 m.mutable_arrows(0)->mutable_place()->set_file("program.yaml");
                 m.mutable_arrows(0)->mutable_place()->set_line(7);
                 m.mutable_arrows(0)->mutable_place()->set_column(3);
                 m.mutable_arrows(0)->set_targets(0, 0);
               },
               "program.yaml:7:3: arrow #0 of state a.one leads to state #0, but there are #1 to #8"}),
    [](const auto& broken) { return broken.param.name; });

TEST(Chart, TellsEveryFaultAtOnce) {
  v1::Machine machine = sound();
  machine.mutable_states(2)->clear_kind();
  machine.mutable_arrows(0)->set_source(8);
  const auto chart = Chart::compile(machine);
  ASSERT_FALSE(chart.has_value());
  EXPECT_EQ(chart.error().message,
            "state a.one has no kind\narrow #0 of state end starts at a final state, which nothing leaves");
}

TEST(Chart, RefusesAHistoryOfTheRoot) {
  const auto chart = Chart::compile(sketch("state a\nhistory h -> a"));
  ASSERT_FALSE(chart.has_value());
  EXPECT_EQ(chart.error().message, "state h is a history of the root, which is never left and so never remembered");
}

TEST(Chart, KnowsItsTree) {
  const auto chart = Chart::compile(sound()).value();
  EXPECT_EQ(chart->find("p.right"), 7u);
  EXPECT_EQ(chart->find(""), 0u);
  EXPECT_EQ(chart->find("p.middle"), std::nullopt);
  EXPECT_EQ(chart->parent(7), 5u);
  EXPECT_TRUE(chart->is_descendant(7, 5));
  EXPECT_TRUE(chart->is_descendant(7, 0));
  EXPECT_FALSE(chart->is_descendant(5, 5));
  EXPECT_FALSE(chart->is_descendant(8, 5));
  EXPECT_EQ(chart->children(1), (std::vector<StateId>{2, 3}));
  EXPECT_EQ(chart->histories(1), (std::vector<StateId>{4}));
  EXPECT_EQ(chart->arrows_of(5), (std::vector<ArrowId>{1}));
}

TEST(Chart, GivesOneIdToNamesThatBehaveAlike) {
  const auto chart = Chart::compile(sound()).value();
  EXPECT_EQ(chart->event_id("go"), chart->event_id("go.there"));
  EXPECT_NE(chart->event_id("go"), chart->event_id("stop"));
  EXPECT_EQ(chart->event_id("gone"), chart->event_id("unheard of"));
}

}  // namespace
}  // namespace kvali::statechart
