// Every state is reached and left, and an end is in sight. On the graph of names alone: what guards and joins allow is
// proved elsewhere, configuration by configuration.
#include <fmt/format.h>

#include <set>

#include "engine/program/check.h"

namespace kvali::program {

namespace {

class Graph {
 public:
  explicit Graph(const Checking& checking) : checking_(checking), names_(checking.names) {
    leads_.resize(names_.spots().size());
    each_move(checking, [this](std::size_t spot, const v1::Move& move, const std::string&) {
      add(spot, spot, move.to());
      whole_ = whole_ && !move.to().empty();
      add(spot, spot, move.vote().otherwise());
    });
    for (std::size_t i = 1; i < names_.spots().size(); ++i) {
      if (const v1::Deadline* deadline = deadline_of(names_[i])) {
        add(i, i, deadline->then().to());
        whole_ = whole_ && (!deadline->then().to().empty() || !deadline->then().tell().empty());
      }
      // Whoever is done is led on from inside: the arrow is the owner's, so that every state in it counts as left.
      add(i, i, when_done_of(names_[i]));
    }
  }

  /// Where the moves, deadlines and ends of `spot` itself lead.
  [[nodiscard]] const std::set<std::size_t>& leads(std::size_t spot) const { return leads_[spot]; }

  /// Whether every name of a target means something; else nobody knows what leads where.
  [[nodiscard]] bool whole() const { return whole_; }

  /// Where one stands having gone to `spot`: itself and what it begins with.
  void collect_begun(std::size_t spot, std::set<std::size_t>& begun) const {
    if (!begun.insert(spot).second) return;
    bool first = true;
    for (const std::size_t child : names_[spot].children) {
      const Spot::Kind kind = names_[child].kind;
      if (kind == Spot::Kind::Region || (kind == Spot::Kind::State && first)) collect_begun(child, begun);
      if (kind == Spot::Kind::State) first = false;
    }
  }

  [[nodiscard]] std::set<std::size_t> reached() const {
    std::set<std::size_t> reached;
    std::vector<std::size_t> open;
    const auto go = [&](std::size_t to) {
      std::set<std::size_t> begun;
      collect_begun(to, begun);
      for (std::size_t outer = to; outer != 0; outer = names_[outer].parent) begun.insert(outer);
      for (const std::size_t spot : begun) {
        if (reached.insert(spot).second) open.push_back(spot);
      }
    };
    reached.insert(0);
    for (const std::size_t to : leads_[0]) go(to);
    for (const std::size_t child : names_[0].children) {
      if (names_[child].kind != Spot::Kind::Stage) continue;
      go(child);
      break;
    }
    while (!open.empty()) {
      const std::size_t spot = open.back();
      open.pop_back();
      for (const std::size_t to : leads_[spot]) go(to);
    }
    return reached;
  }

  /// From which spots an end can be come to; moves from anywhere do not count.
  [[nodiscard]] std::set<std::size_t> ending() const {
    std::set<std::size_t> ending;
    for (std::size_t i = 1; i < names_.spots().size(); ++i) {
      if (is_end(names_[i])) ending.insert(i);
    }
    for (bool more = true; more;) {
      more = false;
      for (std::size_t i = 1; i < names_.spots().size(); ++i) {
        if (!ending.contains(i) && ends_from(i, ending)) more = ending.insert(i).second;
      }
    }
    return ending;
  }

 private:
  void add(std::size_t owner, std::size_t from, const std::string& target) {
    const std::size_t to = target.empty() ? 0 : checking_.find(from, target);
    if (to != 0) leads_[owner].insert(to);
    whole_ = whole_ && (to != 0 || target.empty());
  }

  [[nodiscard]] bool ends_from(std::size_t spot, const std::set<std::size_t>& ending) const {
    for (std::size_t at = spot; at != 0; at = names_[at].parent) {
      for (const std::size_t to : leads_[at]) {
        if (ending.contains(to)) return true;
      }
    }
    std::set<std::size_t> begun;
    collect_begun(spot, begun);
    begun.erase(spot);
    return std::any_of(begun.begin(), begun.end(), [&](std::size_t inner) { return ending.contains(inner); });
  }

  const Checking& checking_;
  const Names& names_;
  std::vector<std::set<std::size_t>> leads_;
  bool whole_ = true;
};

/// Whether anything leaves `spot` or what it stands in, up to its stage.
bool is_left(const Checking& checking, const Graph& graph, std::size_t spot) {
  for (std::size_t at = spot; at != 0; at = checking.names[at].parent) {
    if (!graph.leads(at).empty()) return true;
  }
  return false;
}

}  // namespace

void check_paths(const Checking& checking) {
  const Names& names = checking.names;
  const Graph graph(checking);
  if (!graph.whole()) return;
  const std::set<std::size_t> reached = graph.reached();
  for (std::size_t i = 1; i < names.spots().size(); ++i) {
    if (reached.contains(i)) continue;
    // One fault where the way breaks off, not one for all that stands inside.
    if (!reached.contains(names[i].parent)) continue;
    // The second of two of one name is told as such.
    if (const std::size_t first = checking.find(0, names[i].path); first != i && names[first].path == names[i].path) continue;
    checking.tell(names[i].yaml_path, "unreachable", fmt::format("nothing leads to {}", names.describe(i)));
  }
  bool stuck = false;
  for (std::size_t i = 1; i < names.spots().size(); ++i) {
    const Spot& spot = names[i];
    const bool inner = spot.kind != Spot::Kind::State || !spot.children.empty();
    if (inner || is_end(spot) || is_final(spot) || is_left(checking, graph, i)) continue;
    stuck = true;
    checking.tell(spot.yaml_path, "dead-end",
                  fmt::format("nothing leads on from `{}`, and it is no end: give it a move, or `ends`", spot.path));
  }
  if (stuck || checking.program.forever()) return;
  const std::set<std::size_t> ending = graph.ending();
  for (std::size_t i = 1; i < names.spots().size(); ++i) {
    const bool inner = names[i].kind != Spot::Kind::State || !names[i].children.empty();
    if (inner || is_final(names[i]) || ending.contains(i) || !reached.contains(i)) continue;
    checking.tell(names[i].yaml_path, "no-end",
                  fmt::format("from `{}` no end is ever come to; if the program has none, say `forever: true`", names[i].path));
    return;  // one way out mends it for all
  }
}

}  // namespace kvali::program
