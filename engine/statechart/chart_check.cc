#include "engine/statechart/chart_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

#include "engine/limits.h"

namespace kvali::statechart {
namespace {

using v1::Node;
using Targets = google::protobuf::RepeatedField<std::uint32_t>;

class Check {
 public:
  explicit Check(const v1::Machine& machine)
      : machine_(machine), count_(static_cast<std::uint32_t>(machine.states_size())) {}

  std::vector<std::string> run() {
    if (count_ == 0) return {"the machine has no states; the first must be the root"};
    if (!check_tree()) return std::move(faults_);
    for (std::uint32_t state = 0; state < count_; ++state) check_state(state);
    for (int arrow = 0; arrow < machine_.arrows_size(); ++arrow) check_arrow(arrow);
    return std::move(faults_);
  }

 private:
  const Node& node(std::uint32_t state) const { return machine_.states(static_cast<int>(state)); }
  bool within(std::uint32_t state, std::uint32_t of) const { return of < state && state <= last_[of]; }
  static bool is_history(Node::Kind kind) { return kind == Node::HISTORY_SHALLOW || kind == Node::HISTORY_DEEP; }

  std::string name(std::uint32_t state) const {
    return state == 0
               ? "the root"
               : fmt::format("state {}", node(state).path().empty() ? fmt::format("#{}", state) : node(state).path());
  }

  void fault(const v1::Place& place, std::string sentence) {
    if (place.line() > 0) sentence = fmt::format("{}:{}:{}: {}", place.file(), place.line(), place.column(), sentence);
    faults_.push_back(std::move(sentence));
  }

  // Parents before children and each state's descendants one range: all else is worked out from that, so the rest is
  // not checked when it does not hold.
  bool check_tree() {
    last_.resize(count_);
    for (std::uint32_t state = 0; state < count_; ++state) last_[state] = state;
    std::vector<std::uint32_t> branch{0};
    if (node(0).parent() != 0) fault(node(0).place(), "the first state is the root and its own parent");
    for (std::uint32_t state = 1; state < count_ && faults_.empty(); ++state) {
      const std::uint32_t parent = node(state).parent();
      while (!branch.empty() && branch.back() != parent) branch.pop_back();
      if (branch.empty()) {
        fault(node(state).place(),
              fmt::format("{} is not in document order: its parent must stand before it, with nothing but "
                          "the parent's other descendants between",
                          name(state)));
        break;
      }
      branch.push_back(state);
      if (branch.size() > limits::chart_depth_max) {
        fault(node(state).place(), fmt::format("{} lies deeper than {} states", name(state), limits::chart_depth_max));
      }
      for (const std::uint32_t above : branch) last_[above] = state;
    }
    return faults_.empty();
  }

  void check_state(std::uint32_t state) {
    const Node& self = node(state);
    std::set<std::string> names;
    std::size_t children = 0;
    for (std::uint32_t child = state + 1; child <= last_[state]; child = last_[child] + 1) {
      if (!is_history(node(child).kind())) ++children;
      if (!names.insert(node(child).name()).second) {
        fault(node(child).place(), fmt::format("{} has two children named {}", name(state), node(child).name()));
      }
    }
    if (state != 0 && !paths_.insert(self.path()).second) {
      fault(self.place(), fmt::format("two states have the path {}", self.path()));
    }
    check_kind(state, children);
    check_initial(state);
  }

  void check_kind(std::uint32_t state, std::size_t children) {
    const Node& self = node(state);
    const auto parent = node(self.parent()).kind();
    switch (self.kind()) {
      case Node::COMPOUND:
      case Node::PARALLEL:
        if (children == 0) fault(self.place(), fmt::format("{} holds other states but has none", name(state)));
        break;
      case Node::ATOMIC:
      case Node::FINAL:
      case Node::HISTORY_SHALLOW:
      case Node::HISTORY_DEEP:
        if (state == 0) fault(self.place(), "the root must be a compound or a parallel state");
        if (last_[state] != state) fault(self.place(), fmt::format("{} cannot have states of its own", name(state)));
        break;
      default:
        fault(self.place(), fmt::format("{} has no kind", name(state)));
    }
    if (is_history(self.kind()) && self.parent() == 0) {
      fault(self.place(),
            fmt::format("{} is a history of the root, which is never left and so never remembered", name(state)));
    }
    if (self.kind() == Node::FINAL && parent == Node::PARALLEL) {
      fault(self.place(),
            fmt::format("{} is final but a region of a parallel state; a region has states of its own", name(state)));
    }
  }

  void check_initial(std::uint32_t state) {
    const Node& self = node(state);
    if (self.initial().empty()) return;
    const bool history = is_history(self.kind());
    if (self.kind() != Node::COMPOUND && !history) {
      fault(self.place(),
            fmt::format("{} has an initial state, which only compound states and histories have", name(state)));
      return;
    }
    const std::uint32_t around = history ? self.parent() : state;
    for (const std::uint32_t target : self.initial()) {
      if (target >= count_ || !within(target, around)) {
        fault(self.place(), fmt::format("{} starts in {}, which does not lie inside {}", name(state),
                                        target < count_ ? name(target) : fmt::format("state #{} of {}", target, count_),
                                        name(around)));
        return;
      }
      if (history && is_history(node(target).kind())) {
        fault(self.place(),
              fmt::format("{} has {} as its default, which is a history itself", name(state), name(target)));
      }
    }
    check_together(self.initial(), self.place(), name(state));
  }

  void check_arrow(int index) {
    const v1::Arrow& arrow = machine_.arrows(index);
    if (arrow.source() >= count_) {
      fault(arrow.place(),
            fmt::format("arrow #{} starts at state #{}, but there are {}", index, arrow.source(), count_));
      return;
    }
    const auto kind = node(arrow.source()).kind();
    const std::string who = fmt::format("arrow #{} of {}", index, name(arrow.source()));
    if (kind == Node::FINAL || is_history(kind)) {
      fault(arrow.place(), fmt::format("{} starts at a {} state, which nothing leaves", who,
                                       kind == Node::FINAL ? "final" : "history"));
    }
    if (arrow.has_move() && !arrow.events().empty())
      fault(arrow.place(), fmt::format("{} is a person's move and waits for an event too", who));
    if (arrow.has_move() && arrow.move().name().empty())
      fault(arrow.place(), fmt::format("{} is a person's move without a name", who));
    for (const std::string& event : arrow.events()) {
      if (event.empty() || event.find_first_of(" \t\n") != std::string::npos) {
        fault(arrow.place(), fmt::format("{} waits for \"{}\", which is no event descriptor", who, event));
      }
    }
    for (const std::uint32_t target : arrow.targets()) {
      if (target == 0 || target >= count_) {
        fault(arrow.place(), fmt::format("{} leads to state #{}, but there are #1 to #{}", who, target, count_ - 1));
        return;
      }
    }
    check_together(arrow.targets(), arrow.place(), who);
  }

  // Only in different regions; a history stands for anything inside its parent.
  bool can_be_together(std::uint32_t a, std::uint32_t b) const {
    if (a == b) return true;
    if (is_history(node(a).kind())) a = node(a).parent();
    if (is_history(node(b).kind())) b = node(b).parent();
    if (a == b || within(a, b) || within(b, a)) return false;
    std::uint32_t meet = node(a).parent();
    while (!within(b, meet) && meet != 0) meet = node(meet).parent();
    return node(meet).kind() == Node::PARALLEL;
  }

  void check_together(const Targets& targets, const v1::Place& place, const std::string& who) {
    for (int i = 0; i < targets.size(); ++i) {
      for (int j = i + 1; j < targets.size(); ++j) {
        if (can_be_together(targets[i], targets[j])) continue;
        const std::uint32_t a = targets[i];
        const std::uint32_t b = targets[j];
        fault(place, fmt::format("{} names {} and {}, which lie in no two regions of a parallel state", who, name(a),
                                 name(b)));
        return;
      }
    }
  }

  const v1::Machine& machine_;
  const std::uint32_t count_;
  std::vector<std::uint32_t> last_;
  std::set<std::string> paths_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> faults_of(const v1::Machine& machine) { return Check(machine).run(); }

}  // namespace kvali::statechart
