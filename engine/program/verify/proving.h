#pragma once
// What the checks of the proof read, and how they tell. Each check is a function of its own, with codes of its own; reasons.cc
// has a page for each code.
#include <set>

#include "engine/program/names.h"
#include "engine/program/verify/decide.h"
#include "engine/program/verify/verify.h"

namespace kvali::program::proof {

struct Proving {
  const v1::Program& program;
  const Positions& positions;
  const statechart::Chart& chart;
  const GuardTexts& texts;
  Decider& decider;
  const Exploration& found;
  std::vector<Finding>& findings;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> paths;  // of the YAML, by line and column

  void tell(Severity severity, const std::string& at, std::string code, std::string message, std::vector<TraceStep> trace = {}) const;
  /// The path in the YAML of what a place points to.
  const std::string& path_at(const v1::Place& place) const;
  const std::string& path_of(StateId state) const { return path_at(chart.node(state).place()); }
  const std::string& path_of_arrow(ArrowId arrow) const { return path_at(chart.arrow(arrow).place()); }
  /// The way to a spot, from the start.
  std::vector<TraceStep> trace_to(SpotId spot) const;
  /// The way to where `state` rests first; empty where it never does.
  std::vector<TraceStep> trace_to_state(StateId state) const;
  /// The step of a happening from `from` with what it takes to hold.
  TraceStep step(std::uint32_t happening, const std::vector<Claim>& claims, const std::vector<std::string>& active) const;
  /// A move of `anywhere`: it does not count as a way to an end.
  bool is_anywhere(ArrowId arrow) const;
  /// What people call an arrow: "`submit` of `application.draft`".
  std::string name_of(ArrowId arrow) const;
};

/// What happens, in words: "`submit` by applicant".
std::string words_of(const statechart::Chart& chart, const Happening& what);
/// What the world does to a program beside its moves and timers: a series of reports is done some time while its stage is active.
std::vector<Outside> outside_of(const v1::Program& program, const statechart::Chart& chart);
/// What an initiative does to a consent or a vote: all have agreed, or it is void.
std::vector<Outside> outside_of(const v1::TaskKind& kind, const statechart::Chart& chart);

/// Guards that never hold although they may be answered both ways: told as such, and taken to be mended from there on, so that
/// what follows from them is not told as well.
std::set<GuardId> check_guards(const Proving& proving);        // never-holds, always-holds
void check_overlaps(const Proving& proving);                   // overlapping-guards
void check_cycles(const Proving& proving);                     // endless-cycle
void check_soundness(const Proving& proving);                  // no-option-to-complete, unreachable-state, dead-transition, unreachable-form
void check_writes(const Proving& proving);                     // two-regions-write
void check_reads(const Proving& proving);                      // read-before-written, maybe-unwritten, maybe-missing
void check_filling(const Proving& proving);                    // shown-by-itself, never-filled
void check_people(const Proving& proving);                     // role-nobody-holds, four-eyes
void check_quotas(const Proving& proving);                     // quota-never-fills

/// For each spot, which of `count` things surely and which possibly have been done on the ways to it.
struct Flow {
  std::vector<std::vector<bool>> may, must;  // by spot, by thing
};
/// `at`: what resting in a spot does; `by`: what a happening does.
Flow flow_of(const Exploration& found, std::size_t count, const std::function<std::vector<std::size_t>(SpotId)>& at,
             const std::function<std::vector<std::size_t>(const Happening&)>& by);

}  // namespace kvali::program::proof
