// Who writes what, and whether what is read can have been written.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "engine/program/fields.h"
#include "engine/program/subjects.h"
#include "engine/program/verify/proving.h"

namespace kvali::program::proof {

Flow flow_of(const Exploration& found, std::size_t count, const std::function<std::vector<std::size_t>(SpotId)>& at,
             const std::function<std::vector<std::size_t>(const Happening&)>& by) {
  const std::size_t spots = found.spots.size();
  Flow flow{std::vector(spots, std::vector<bool>(count, false)), std::vector(spots, std::vector<bool>(count, true))};
  if (spots == 0 || count == 0) return flow;
  std::vector<std::vector<std::size_t>> out(spots), rests(spots), does;
  for (std::size_t i = 0; i < found.edges.size(); ++i) out[found.edges[i].from].push_back(i);
  for (SpotId spot = 0; spot < spots; ++spot) rests[spot] = at(spot);
  for (const Happening& what : found.happenings) does.push_back(by(what));
  flow.must[0].assign(count, false);
  std::deque<SpotId> open{0};
  std::vector<bool> seen(spots, false), queued(spots, false);
  for (; !open.empty(); open.pop_front()) {
    const SpotId spot = open.front();
    queued[spot] = false;
    seen[spot] = true;
    for (const std::size_t thing : rests[spot]) flow.may[spot][thing] = flow.must[spot][thing] = true;
    for (const std::size_t index : out[spot]) {
      const Edge& edge = found.edges[index];
      std::vector<bool> may = flow.may[spot], must = flow.must[spot];
      for (const std::size_t thing : does[edge.happening]) may[thing] = must[thing] = true;
      bool changed = !seen[edge.to];
      for (std::size_t thing = 0; thing < count; ++thing) {
        if (may[thing] && !flow.may[edge.to][thing]) changed = flow.may[edge.to][thing] = true;
        if (!must[thing] && flow.must[edge.to][thing] && std::find(rests[edge.to].begin(), rests[edge.to].end(), thing) == rests[edge.to].end()) {
          flow.must[edge.to][thing] = false;
          changed = true;
        }
      }
      if (changed && !queued[edge.to]) {
        queued[edge.to] = true;
        open.push_back(edge.to);
      }
    }
  }
  return flow;
}

namespace {

template <class List>
bool contains(const List& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

/// Something read: by the `if` of an arrow, what a move needs, or the order of a waitlist; while `state` is active.
struct Read {
  StateId state;
  std::string source;
  std::string at;    // in the YAML
  ArrowId arrow = none;
  bool silent = false;  // chooses without a word: nobody is told what is missing
};

std::vector<Read> reads_of(const Proving& proving) {
  std::vector<Read> reads;
  const auto add = [&](StateId state, const std::string& source, const std::string& at, ArrowId arrow, bool silent) {
    if (!source.empty()) reads.push_back({state, source, at, arrow, silent});
  };
  for (ArrowId id = 0; id < proving.chart.arrow_count(); ++id) {
    const v1::Arrow& arrow = proving.chart.arrow(id);
    const std::string& path = proving.path_of_arrow(id);
    add(arrow.source(), arrow.guard(), path + ".if", id, arrow.has_move());
    for (const auto* needs : {&arrow.needs(), &arrow.move().needs()})
      for (const v1::Need& need : *needs)
        if (need.of() == v1::Checklist::EACH_UNSPECIFIED) add(arrow.source(), need.when(), path + ".needs", id, false);
  }
  for (StateId state = 1; state < proving.chart.state_count(); ++state)
    add(state, proving.chart.node(state).ranked_by(), proving.path_of(state) + ".ranked_by", none, false);
  return reads;
}

/// Whether an expression asks has() of `path` somewhere.
bool asks_whether(const expression::Node& node, const std::string& path) {
  if ((node.kind == expression::NodeKind::Has || node.optional) && node.path == path) return true;
  return std::any_of(node.children.begin(), node.children.end(), [&](const auto& child) { return asks_whether(child, path); });
}

class Reads {
 public:
  explicit Reads(const Proving& proving) : proving_(proving) {
    for (const v1::TaskKind& kind : machine().tasks()) things_.push_back(kind.name());
    for (const v1::Field& field : proving.program.initiative().fields()) things_.push_back(noun_of(proving.program) + "." + field.name());
    flow_ = flow_of(proving.found, things_.size(), [this](SpotId spot) { return written_at(spot); },
                    [this](const Happening& what) { return written_by(what); });
  }

  void run() {
    for (const Read& read : reads_of(proving_)) {
      const auto compiled = expression::compile(read.source);
      if (!compiled) continue;
      for (const auto& reference : compiled->references()) look(read, *compiled, reference.path);
    }
  }

 private:
  const v1::Machine& machine() const { return proving_.chart.machine(); }

  std::vector<std::size_t> written_at(SpotId spot) const {
    std::vector<std::size_t> things;
    const auto add = [&](const std::string& name) {
      for (std::size_t i = 0; i < things_.size(); ++i)
        if (things_[i] == name) things.push_back(i);
    };
    for (const StateId state : proving_.found.configuration(spot).active) {
      for (const std::string& kind : proving_.chart.node(state).opens()) add(kind);
      for (const v1::Timer& timer : proving_.chart.node(state).timers())
        if (timer.name().starts_with("series.")) add(timer.name().substr(7));
    }
    return things;
  }

  /// What a move cannot be made without; not what is asked for only sometimes.
  std::vector<std::size_t> written_by(const Happening& what) const {
    std::vector<std::size_t> things;
    if (what.kind != Happening::Kind::Move) return things;
    const v1::ByPerson& move = proving_.chart.arrow(what.arrow).move();
    const auto& fields = proving_.program.initiative().fields();
    for (int i = 0; i < fields.size(); ++i) {
      const bool needed = contains(fields[i].required_for(), move.name()) || contains(move.must_give(), fields[i].name());
      if (needed && fields[i].shown_when().empty()) things.push_back(static_cast<std::size_t>(machine().tasks_size() + i));
    }
    return things;
  }

  void look(const Read& read, const expression::Expression& expression, const std::string& path) {
    const std::string list = path.substr(0, path.find('.'));
    for (std::size_t i = 0; i < things_.size(); ++i) {
      const bool is_list = static_cast<int>(i) < machine().tasks_size();
      if (is_list && things_[i] == list) look_for_list(read, i);
      if (!is_list && things_[i] == path && read.silent && !asks_whether(expression.tree().root, path)) look_for_field(read, i);
    }
  }

  void look_for_list(const Read& read, std::size_t thing) {
    SpotId first = none;
    for (SpotId spot = 0; spot < proving_.found.spots.size(); ++spot) {
      if (!proving_.found.rests_in(spot, read.state)) continue;
      if (first == none) first = spot;
      if (flow_.may[spot][thing]) return;
    }
    if (first == none || !proving_.found.complete) return;
    proving_.tell(Severity::Error, read.at, "read-before-written",
                  fmt::format("`{}` reads `{}`, but no way to `{}` passes where it is written", read.source, things_[thing],
                              proving_.chart.path(read.state)),
                  proving_.trace_to(first));
  }

  void look_for_field(const Read& read, std::size_t thing) {
    const auto& field = proving_.program.initiative().fields(static_cast<int>(thing) - machine().tasks_size());
    if (!field.computed().empty() || contains(field.required_for(), proving_.chart.arrow(read.arrow).move().name())) return;
    for (SpotId spot = 0; spot < proving_.found.spots.size(); ++spot) {
      if (flow_.must[spot][thing] || !proving_.found.rests_in(spot, read.state)) continue;
      proving_.tell(Severity::Warning, read.at, "maybe-unwritten",
                    fmt::format("`{}` need not be filled in by then, and `{}` is silently no without it: ask `has({})`, or make it "
                                "`required_for` a move before", things_[thing], read.source, things_[thing]),
                    proving_.trace_to(spot));
      return;
    }
  }

  const Proving& proving_;
  std::vector<std::string> things_;  // kinds of tasks, then fields
  Flow flow_;
};

/// A date that a manager may leave out: what waits for it may wait for ever.
void check_parameters(const Proving& proving) {
  visit_values(proving.program, "", [&](const Message& owner, const FieldDescriptor& field, int index, const std::string& path) {
    if (index >= 0 || field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || options_of(field).scalar() != v1::SCALAR_EXPRESSION) return;
    const std::string key = key_of(field);
    if (key != "by" && key != "at" && key != "waits_until") return;
    const std::string source = owner.GetReflection()->GetString(owner, &field);
    const auto compiled = expression::compile(source);
    if (!compiled) return;
    for (const auto& reference : compiled->references())
      for (const v1::Field& parameter : proving.program.cohort().parameters()) {
        if (reference.path != "cohort." + parameter.name() || parameter.required() || asks_whether(compiled->tree().root, reference.path)) continue;
        proving.tell(Severity::Warning, path, "maybe-missing",
                     fmt::format("`{}` need not be filled in to open a cohort, and without it this day never comes: say `required: true`, "
                                 "or ask `has({})`", parameter.name(), reference.path));
      }
  });
}

/// Which regions of a parallel state two states stand in, when they stand side by side.
bool side_by_side(const statechart::Chart& chart, StateId left, StateId right) {
  StateId around = left;
  while (around != 0 && around != right && !chart.is_descendant(right, around)) around = chart.parent(around);
  return around != left && around != right && chart.kind(around) == v1::Node::PARALLEL;
}

}  // namespace

void check_reads(const Proving& proving) {
  Reads(proving).run();
  check_parameters(proving);
}

void check_writes(const Proving& proving) {
  std::set<std::pair<std::string, std::string>> told;
  for (ArrowId first = 0; first < proving.chart.arrow_count(); ++first) {
    for (ArrowId second = first + 1; second < proving.chart.arrow_count(); ++second) {
      const v1::Arrow &a = proving.chart.arrow(first), &b = proving.chart.arrow(second);
      if (!side_by_side(proving.chart, a.source(), b.source())) continue;
      for (const std::string& field : a.move().must_give()) {
        if (field == "reason" || !contains(b.move().must_give(), field)) continue;
        for (SpotId spot = 0; spot < proving.found.spots.size(); ++spot) {
          if (!proving.found.rests_in(spot, a.source()) || !proving.found.rests_in(spot, b.source())) continue;
          if (told.emplace(field, proving.path_of_arrow(second)).second) {
            proving.tell(Severity::Error, proving.path_of_arrow(second), "two-regions-write",
                         fmt::format("{} and {} run side by side and both write `{}`: the later hides the other's", proving.name_of(first),
                                     proving.name_of(second), field),
                         proving.trace_to(spot));
          }
          break;
        }
      }
    }
  }
}

}  // namespace kvali::program::proof
