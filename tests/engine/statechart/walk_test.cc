// Random charts, random walks: whatever is taken, an instance never stands where its chart cannot be.
#include <gtest/gtest.h>

#include <random>

#include "tests/engine/statechart/sketch.h"

namespace kvali::statechart {
namespace {

using v1::Node;

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}
  std::uint32_t below(std::size_t end) { return static_cast<std::uint32_t>(random_() % end); }
  bool once_in(std::uint32_t times) { return below(times) == 0; }

 private:
  std::mt19937 random_;
};

void grow(v1::Machine& machine, StateId parent, std::uint32_t depth, Chance& chance) {
  const std::uint32_t children = 1 + chance.below(3);
  for (std::uint32_t i = 0; i < children; ++i) {
    const auto id = static_cast<StateId>(machine.states_size());
    Node& node = *machine.add_states();
    const Node& above = machine.states(static_cast<int>(parent));
    node.set_name("s" + std::to_string(id));
    node.set_path(parent == 0 ? node.name() : above.path() + "." + node.name());
    node.set_parent(parent);
    const bool ends = above.kind() == Node::COMPOUND && parent != 0 && i > 0 && chance.once_in(3);
    const bool has_children = !ends && depth < 4 && chance.once_in(2);
    node.set_kind(ends                ? Node::FINAL
                  : !has_children     ? Node::ATOMIC
                  : chance.once_in(2) ? Node::PARALLEL
                                      : Node::COMPOUND);
    if (has_children) grow(machine, id, depth + 1, chance);
  }
  if (parent != 0 && chance.once_in(3)) {
    Node& history = *machine.add_states();
    history.set_name("h");
    history.set_path(machine.states(static_cast<int>(parent)).path() + ".h");
    history.set_parent(parent);
    history.set_kind(chance.once_in(2) ? Node::HISTORY_DEEP : Node::HISTORY_SHALLOW);
  }
}

v1::Machine random_machine(Chance& chance) {
  v1::Machine machine;
  machine.add_states()->set_kind(Node::COMPOUND);
  grow(machine, 0, 1, chance);
  const auto count = static_cast<std::size_t>(machine.states_size());
  for (std::size_t i = 0; i < 3 * count; ++i) {
    v1::Arrow& arrow = *machine.add_arrows();
    arrow.set_source(1 + chance.below(count - 1));
    if (!chance.once_in(12)) arrow.add_events(std::string(1, static_cast<char>('a' + chance.below(4))));
    if (chance.once_in(20)) arrow.add_events("done.state");
    arrow.set_internal(chance.once_in(4));
    for (std::uint32_t target = chance.below(4) == 0 ? chance.below(3) : 1; target > 0; --target) {
      arrow.add_targets(1 + chance.below(count - 1));
    }
    const auto kind = machine.states(static_cast<int>(arrow.source())).kind();
    const bool nothing_leaves_it = kind == Node::FINAL || kind == Node::HISTORY_DEEP || kind == Node::HISTORY_SHALLOW;
    if (nothing_leaves_it || !Chart::compile(machine)) machine.mutable_arrows()->RemoveLast();
  }
  return machine;
}

TEST(Walk, NeverLeadsToAnIllegalConfiguration) {
  std::size_t steps = 0;
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chance chance(seed);
    const auto chart = Chart::compile(random_machine(chance)).value();
    Stepper kept(*chart);
    PlainHost host;
    Configuration at;
    bool alive = !kept.start(at, host).overflow;
    for (int i = 0; i < 60 && alive; ++i) {
      ASSERT_TRUE(legal(*chart, at));
      const Configuration before = at;
      const std::string event(1, static_cast<char>('a' + chance.below(4)));
      const Macrostep done = kept.dispatch(at, Event{event}, host);
      // A fresh stepper comes to the same: nothing is remembered between steps but what the configuration holds.
      Configuration again = before;
      const Macrostep same = dispatch(*chart, again, Event{event}, host);
      ASSERT_EQ(again, at);
      ASSERT_EQ(same.taken, done.taken);
      alive = !done.overflow && !at.done;
      ++steps;
    }
  }
  EXPECT_GT(steps, 1000u);
}

TEST(Walk, EntersEveryStateFromEverywhere) {
  for (std::uint32_t seed = 1000; seed < 1060; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chance chance(seed);
    v1::Machine machine = random_machine(chance);
    machine.clear_arrows();  // so that it stays where it is put
    const auto chart = Chart::compile(std::move(machine)).value();
    PlainHost host;
    Configuration at;
    for (StateId target = 1; target < chart->state_count(); ++target) {
      const std::vector<StateId> targets{target};
      ASSERT_EQ(enter(*chart, at, targets, host).refusal, Refusal::None);
      ASSERT_TRUE(legal(*chart, at));
      if (!chart->is_history(target)) {
        ASSERT_TRUE(is_active(at, target));
      }
    }
  }
}

}  // namespace
}  // namespace kvali::statechart
