// Counterexamples: the way to a spot in words, and as the lines by which `kvali step` goes it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/program/verify/proving.h"

namespace kvali::program::proof {

namespace {

using nlohmann::ordered_json;

std::string timer_words(const statechart::Chart& chart, const Happening& what) {
  const std::string& path = chart.path(what.state);
  const std::string& name = chart.node(what.state).timers(static_cast<int>(what.timer)).name();
  if (name == "deadline") return fmt::format("the deadline of `{}` passes", path);
  if (name == "start") return fmt::format("the day of `{}` comes", path);
  if (name.starts_with("move.")) return fmt::format("the day of `{}` of `{}` comes", name.substr(5), path);
  return fmt::format("`{}` of `{}` is due", name, path);
}

}  // namespace

std::string words_of(const statechart::Chart& chart, const Happening& what) {
  switch (what.kind) {
    case Happening::Kind::Start: return "it begins";
    case Happening::Kind::Settle: return "what was written or time lets it go on";
    case Happening::Kind::Freed: return fmt::format("a place of `{}` is freed", what.event);
    case Happening::Kind::Move: {
      const v1::ByPerson& move = chart.arrow(what.arrow).move();
      return move.by().empty() ? fmt::format("`{}`", move.name()) : fmt::format("`{}` by {}", move.name(), move.by(0));
    }
    case Happening::Kind::Event: break;
  }
  static constexpr std::string_view series = "done.series.";
  if (what.timer != none) return timer_words(chart, what);
  if (what.event.starts_with(series)) return fmt::format("the last report `{}` is received", what.event.substr(series.size()));
  return fmt::format("`{}` happens", what.event);
}

namespace {

/// Something to give for a field that a move asks for; what a guard makes of it is assumed.
ordered_json given(const v1::Program& program, const std::string& name) {
  for (const v1::Field& field : program.initiative().fields())
    if (field.name() == name && field.type() != v1::Field::TEXT) return nullptr;
  return "given";
}

ordered_json line_of(const v1::Program& program, const statechart::Chart& chart, const Happening& what) {
  ordered_json line = ordered_json::object();
  switch (what.kind) {
    case Happening::Kind::Start:
    case Happening::Kind::Settle: return line;
    case Happening::Kind::Freed: line["freed"] = what.event; return line;
    case Happening::Kind::Event: line["event"] = what.event; return line;
    case Happening::Kind::Move: break;
  }
  const v1::Arrow& arrow = chart.arrow(what.arrow);
  line["move"] = arrow.source() == 0 ? arrow.move().name() : chart.path(arrow.source()) + "." + arrow.move().name();
  if (!arrow.move().by().empty()) line["by"] = arrow.move().by(0);
  for (const std::string& field : arrow.move().must_give()) line["data"][field] = given(program, field);
  return line;
}

}  // namespace

TraceStep Proving::step(std::uint32_t happening, const std::vector<Claim>& claims, const std::vector<std::string>& active) const {
  const Happening& what = found.happenings[happening];
  TraceStep made{words_of(chart, what), {}, active};
  ordered_json line = line_of(program, chart, what);
  bool first = true;
  for (const Claim& claim : claims) {
    const std::string& source = texts.source(claim.guard);
    if (source == "true") continue;  // it says: otherwise
    line["assume"][source] = claim.holds;
    made.words += fmt::format("{} `{}` {}", first ? " while" : " and", source, claim.holds ? "holds" : "does not hold");
    first = false;
  }
  if (!line.empty()) made.line = line.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return made;
}

std::vector<TraceStep> Proving::trace_to(SpotId spot) const {
  std::vector<TraceStep> trace;
  for (SpotId at = spot; at != none; at = found.spots[at].from) {
    std::vector<std::string> active;
    for (const StateId state : atomic_states(chart, found.configuration(at))) active.push_back(chart.path(state));
    trace.push_back(step(found.spots[at].happening, found.spots[at].claims, active));
  }
  std::reverse(trace.begin(), trace.end());
  return trace;
}

std::vector<TraceStep> Proving::trace_to_state(StateId state) const {
  return found.first_at[state] == none ? std::vector<TraceStep>{} : trace_to(found.first_at[state]);
}

}  // namespace kvali::program::proof
