#include "tests/engine/program/small_machine.h"

#include <algorithm>
#include <random>

namespace kvali::program::testing {

namespace {

using v1::Node;

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}
  int below(int end) { return static_cast<int>(random_() % static_cast<std::uint32_t>(end)); }

 private:
  std::mt19937 random_;
};

}  // namespace

std::string SmallMachine::path(int state) const {
  if (state == end) return "end";
  if (state == both) return "p";
  const std::string name = "s" + std::to_string(state);
  return part_of(state) == 0 ? name : part_of(state) == 1 ? "p.x." + name : "p.y." + name;
}

v1::Machine SmallMachine::machine() const {
  v1::Machine made;
  std::map<int, std::uint32_t> index;
  const auto add = [&](const std::string& at, Node::Kind kind, std::uint32_t parent) {
    Node& node = *made.add_states();
    node.set_path(at);
    node.set_name(at.substr(at.rfind('.') + 1));
    node.set_kind(kind);
    node.set_parent(parent);
    return static_cast<std::uint32_t>(made.states_size() - 1);
  };
  add("", Node::COMPOUND, 0);
  for (int state = 0; state < row; ++state) index[state] = add(path(state), Node::ATOMIC, 0);
  if (first > 0) {
    index[both] = add("p", Node::PARALLEL, 0);
    for (const int part : {1, 2}) {
      const std::uint32_t region = add(part == 1 ? "p.x" : "p.y", Node::COMPOUND, index[both]);
      for (int state = row; state < row + first + second; ++state)
        if (part_of(state) == part) index[state] = add(path(state), finals.contains(state) ? Node::FINAL : Node::ATOMIC, region);
    }
  }
  index[end] = add("end", Node::FINAL, 0);
  for (const SmallArrow& one : arrows) {
    v1::Arrow& arrow = *made.add_arrows();
    arrow.set_source(index.at(one.source));
    arrow.add_targets(index.at(one.target));
    if (one.by == 'm') arrow.mutable_move()->set_name("m" + std::to_string(made.arrows_size()));
    if (one.by == 'a' || one.by == 'b') arrow.add_events(std::string(1, one.by));
    if (one.by == 'd') arrow.add_events("done.state.p");
    if (one.guard >= 0) arrow.set_guard("g" + std::to_string(one.guard));
  }
  return made;
}

SmallMachine random_machine(std::uint32_t seed) {
  Chance chance(seed);
  SmallMachine made;
  made.row = 1 + chance.below(4);
  if (chance.below(3) > 0) {
    made.first = 1 + chance.below(2);
    made.second = 1 + chance.below(2);
  }
  for (int state = made.row; state < made.row + made.first + made.second; ++state) {
    const bool begins = state == made.row || state == made.row + made.first;
    if (!begins && chance.below(2) == 0) made.finals.insert(state);
  }
  std::vector<int> sources;
  for (int state = 0; state < made.row + made.first + made.second; ++state)
    if (!made.finals.contains(state)) sources.push_back(state);
  if (made.first > 0) sources.push_back(SmallMachine::both);
  const auto size = static_cast<int>(sources.size());
  for (int i = 0; i < 1 + chance.below(3 * size); ++i) {
    SmallArrow arrow;
    arrow.source = sources[static_cast<std::size_t>(chance.below(size))];
    const int any = chance.below(made.row + made.first + made.second + 2);
    arrow.target = any < made.row + made.first + made.second ? any : any % 2 == 0 || made.first == 0 ? SmallMachine::end : SmallMachine::both;
    // From one part into the other would be both at once.
    const int from = made.part_of(arrow.source), to = made.part_of(arrow.target);
    if (from != 0 && to != 0 && from != to) continue;
    arrow.by = "mmmabe"[chance.below(6)];
    if (arrow.source == SmallMachine::both && chance.below(2) == 0) arrow.by = 'd';
    arrow.guard = chance.below(2) == 0 ? chance.below(SmallMachine::guards) : -1;
    if (arrow.by == 'e' && arrow.guard < 0) arrow.guard = 0;
    made.arrows.push_back(arrow);
  }
  // A machine holds the arrows of one state together, in the order of states: the parallel state stands before its parts.
  const auto order = [&](int state) { return state == SmallMachine::both ? made.row * 10 - 5 : state * 10; };
  std::stable_sort(made.arrows.begin(), made.arrows.end(),
                   [&](const SmallArrow& a, const SmallArrow& b) { return order(a.source) < order(b.source); });
  return made;
}

namespace {

/// One macrostep under one answer for each guard.
class Naive {
 public:
  Naive(const SmallMachine& machine, Where where, unsigned answers, std::set<int>& taken)
      : machine_(machine), where_(where), answers_(answers), taken_(taken) {}

  void take(int arrow) {
    go({arrow});
    settle();
  }
  bool enabled(int arrow) const {
    const int guard = machine_.arrows[static_cast<std::size_t>(arrow)].guard;
    return guard < 0 || ((answers_ >> guard) & 1) != 0;
  }
  void dispatch(char event) {
    go(select(event));
    settle();
  }
  void settle() {
    for (int steps = 0; where_.first != SmallMachine::end; ++steps) {
      if (steps > 900) {
        rests = false;
        return;
      }
      if (const auto chosen = select('e'); !chosen.empty()) {
        go(chosen);
      } else if (done_ > 0) {
        --done_;
        go(select('d'));
      } else {
        return;
      }
    }
  }
  Where where() const { return where_; }
  bool rests = true;

 private:
  bool in_both() const { return where_.second >= 0; }

  int first_from(int source, char by) const {
    for (std::size_t i = 0; i < machine_.arrows.size(); ++i)
      if (machine_.arrows[i].source == source && machine_.arrows[i].by == by && enabled(static_cast<int>(i))) return static_cast<int>(i);
    return -1;
  }

  /// Inside of its part: the other part does not notice.
  bool stays(int arrow) const {
    const SmallArrow& one = machine_.arrows[static_cast<std::size_t>(arrow)];
    return machine_.part_of(one.source) != 0 && machine_.part_of(one.source) == machine_.part_of(one.target);
  }

  std::vector<int> select(char by) const {
    if (!in_both()) {
      const int one = first_from(where_.first, by);
      return one < 0 ? std::vector<int>{} : std::vector<int>{one};
    }
    const int around = first_from(SmallMachine::both, by);
    int left = first_from(where_.first, by), right = first_from(where_.second, by);
    if (left < 0 && right < 0) return around < 0 ? std::vector<int>{} : std::vector<int>{around};
    if (left < 0) return {right};  // the arrow of the state around yields to what stands deeper
    if (right < 0) return {left};
    return stays(left) && stays(right) ? std::vector<int>{left, right} : std::vector<int>{left};
  }

  void go(const std::vector<int>& chosen) {
    bool final_entered = false;
    for (const int arrow : chosen) {
      taken_.insert(arrow);
      const int target = machine_.arrows[static_cast<std::size_t>(arrow)].target;
      if (stays(arrow)) {
        (machine_.part_of(target) == 1 ? where_.first : where_.second) = target;
      } else if (target == SmallMachine::both || machine_.part_of(target) != 0) {
        where_ = {machine_.row, machine_.row + machine_.first};
        if (machine_.part_of(target) == 1) where_.first = target;
        if (machine_.part_of(target) == 2) where_.second = target;
      } else {
        where_ = {target, -1};
      }
      final_entered = final_entered || machine_.finals.contains(target);
    }
    if (final_entered && in_both() && machine_.finals.contains(where_.first) && machine_.finals.contains(where_.second)) ++done_;
  }

  const SmallMachine& machine_;
  Where where_;
  const unsigned answers_;
  std::set<int>& taken_;
  int done_ = 0;
};

template <class Make>
void try_all(const SmallMachine& machine, Where from, Walked& walked, const Make& make) {
  for (unsigned answers = 0; answers < (1u << SmallMachine::guards); ++answers) {
    Naive step(machine, from, answers, walked.taken);
    if (make(step) && step.rests) walked.next[from].insert(step.where());
  }
}

void go_from(const SmallMachine& machine, Where from, Walked& walked) {
  if (from.first == SmallMachine::end) return;
  for (const char event : {'a', 'b'}) try_all(machine, from, walked, [&](Naive& step) { return step.dispatch(event), true; });
  try_all(machine, from, walked, [](Naive& step) { return step.settle(), true; });
  for (std::size_t i = 0; i < machine.arrows.size(); ++i) {
    const SmallArrow& arrow = machine.arrows[i];
    const bool active = arrow.source == from.first || arrow.source == from.second || (arrow.source == SmallMachine::both && from.second >= 0);
    if (arrow.by != 'm' || !active) continue;
    try_all(machine, from, walked, [&](Naive& step) {
      if (!step.enabled(static_cast<int>(i))) return false;
      step.take(static_cast<int>(i));
      return true;
    });
  }
}

bool comes_to_end(const Walked& walked, Where from, std::set<Where>& seen) {
  if (from.first == SmallMachine::end) return true;
  if (!seen.insert(from).second) return false;
  const auto& next = walked.next.at(from);
  return std::any_of(next.begin(), next.end(), [&](Where to) { return comes_to_end(walked, to, seen); });
}

}  // namespace

Walked walk(const SmallMachine& machine) {
  Walked walked;
  std::set<Where> open;
  for (unsigned answers = 0; answers < (1u << SmallMachine::guards); ++answers) {
    Naive begin(machine, {0, -1}, answers, walked.taken);
    begin.settle();
    if (begin.rests) open.insert(begin.where());
  }
  while (!open.empty()) {
    const Where from = *open.begin();
    open.erase(open.begin());
    if (!walked.next.try_emplace(from).second) continue;
    go_from(machine, from, walked);
    for (const Where& to : walked.next[from])
      if (!walked.next.contains(to)) open.insert(to);
  }
  for (const auto& [from, next] : walked.next) {
    std::set<Where> seen;
    if (comes_to_end(walked, from, seen)) walked.ending.insert(from);
  }
  return walked;
}

}  // namespace kvali::program::testing
