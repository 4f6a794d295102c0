// What a stage, a part, a state and an end may have, and what they must have.
#include <fmt/format.h>

#include "engine/program/check.h"

namespace kvali::program {

namespace {

using Regions = google::protobuf::RepeatedPtrField<v1::Region>;

bool has_final(const google::protobuf::RepeatedPtrField<v1::State>& states) {
  return std::any_of(states.begin(), states.end(), [](const v1::State& state) { return state.final(); });
}

/// What an end or a final state may not have.
void check_nothing_follows(const Checking& checking, const Spot& spot) {
  const v1::State& state = *spot.state;
  const auto refuse = [&](bool there, const char* key) {
    if (!there) return;
    checking.tell(fmt::format("{}.{}", spot.yaml_path, key), "nothing-follows",
                  fmt::format("`{}` {}, so it can have no `{}`", spot.path,
                              is_end(spot) ? "is an end" : "is final", key));
  };
  refuse(!state.moves().empty(), "moves");
  refuse(!state.waits_for().empty(), "waits_for");
  refuse(state.has_deadline(), "deadline");
  refuse(state.has_no_deadline(), "no_deadline");
  refuse(state.has_review(), "review");
  refuse(!state.reviews().empty(), "reviews");
  refuse(!state.log().empty(), "log");
  refuse(!state.states().empty(), "states");
  refuse(!state.alongside().empty(), "alongside");
  refuse(!state.when_done().empty(), "when_done");
  refuse(state.remembers(), "remembers");
}

void check_end(const Checking& checking, const Spot& spot) {
  const v1::State& state = *spot.state;
  const bool ends = state.ends() != v1::State::END_UNSPECIFIED;
  if (spot.kind == Spot::Kind::Outcome && !ends && !checking.written(spot.yaml_path + ".ends")) {
    checking.tell(spot.yaml_path, "outcome-without-end",
                  fmt::format("the outcome `{}` does not say how it ends: `ends: success`, `refused`, `withdrawn`, `lapsed` or "
                              "`terminated`", spot.path));
  }
  if (ends && state.final()) {
    checking.tell(spot.yaml_path + ".final", "end-and-final",
                  fmt::format("`{}` ends the initiative, so it is not only its part that is done", spot.path));
  }
  const Spot::Kind owner = checking.names[spot.parent].kind;
  if (ends && owner != Spot::Kind::Stage && owner != Spot::Kind::Program) {
    checking.tell(spot.yaml_path + ".ends", "end-inside",
                  fmt::format("`{}` ends the initiative from inside of {}; put it under the `outcomes` of the stage",
                              spot.path, checking.names.describe(spot.parent)));
  }
  check_nothing_follows(checking, spot);
}

/// The states one after the other in a stage, part or state.
void check_sequence(const Checking& checking, std::size_t owner) {
  for (const std::size_t child : checking.names[owner].children) {
    const Spot& first = checking.names[child];
    if (first.kind != Spot::Kind::State) continue;
    if (is_end(first) || is_final(first)) {
      checking.tell(first.yaml_path, "begins-at-end",
                    fmt::format("{} begins at `{}`, which is an end; the first state is where it begins",
                                checking.names.describe(owner), first.name));
    }
    return;
  }
}

/// Side by side: there is somewhere to go, and every part is done some time.
void check_parts(const Checking& checking, const Spot& spot, const Regions& regions, const std::string& when_done) {
  if (regions.size() == 1) {
    checking.tell(spot.yaml_path + ".alongside", "one-part",
                  fmt::format("only `{}` runs alongside; two parts or more run beside each other, one is written as `states`",
                              regions[0].name()));
  }
  std::size_t done = 0;
  for (const v1::Region& region : regions) done += has_final(region.states()) ? 1 : 0;
  if (when_done.empty()) {
    if (done == static_cast<std::size_t>(regions.size())) {
      checking.tell(spot.yaml_path, "done-leads-nowhere",
                    fmt::format("all parts of `{}` can be done, but no `when_done` says where it goes then", spot.path));
    }
    return;
  }
  for (const v1::Region& region : regions) {
    if (has_final(region.states())) continue;
    checking.tell(fmt::format("{}.alongside.{}", spot.yaml_path, region.name()), "never-done",
                  fmt::format("`{}` has no `final` state, so `{}` is never done", region.name(), spot.path));
  }
}

void check_state(const Checking& checking, std::size_t index) {
  const Spot& spot = checking.names[index];
  const v1::State& state = *spot.state;
  if (is_end(spot)) return check_end(checking, spot);
  if (state.final()) return check_nothing_follows(checking, spot);
  const bool composed = !state.states().empty() || !state.alongside().empty();
  if (!state.states().empty() && !state.alongside().empty()) {
    checking.tell(spot.yaml_path + ".alongside", "states-and-alongside",
                  fmt::format("`{}` has `states` and `alongside`; it may have one of them", spot.path));
  }
  if (state.remembers() && !composed) {
    checking.tell(spot.yaml_path + ".remembers", "remembers-nothing",
                  fmt::format("`{}` has no states inside that it could remember", spot.path));
  }
  if (!state.alongside().empty()) return check_parts(checking, spot, state.alongside(), state.when_done());
  check_sequence(checking, index);
  if (has_final(state.states()) && state.when_done().empty()) {
    checking.tell(spot.yaml_path, "done-leads-nowhere",
                  fmt::format("`{}` can be done, but no `when_done` says where it goes then", spot.path));
  }
  if (!has_final(state.states()) && !state.when_done().empty()) {
    checking.tell(spot.yaml_path + ".when_done", "never-done",
                  fmt::format("nothing in `{}` is `final`, so it is never done", spot.path));
  }
}

void check_series(const Checking& checking, const Spot& spot) {
  const v1::Stage& stage = *spot.stage;
  if (stage.reports_size() > 1) {
    checking.tell(spot.yaml_path + ".when_done", "two-series",
                  fmt::format("`{}` has {} series of reports; `when_done` can wait for one", spot.path, stage.reports_size()));
  }
  for (const v1::Report& report : stage.reports()) {
    if (report.times() != 0) continue;
    checking.tell(fmt::format("{}.reports.{}", spot.yaml_path, report.form()), "never-done",
                  fmt::format("the reports `{}` have no `times`, so `{}` is never done", report.form(), spot.path));
  }
}

void check_stage(const Checking& checking, std::size_t index) {
  const Spot& spot = checking.names[index];
  const v1::Stage& stage = *spot.stage;
  if (stage.states().empty() && stage.alongside().empty() && stage.reports().empty()) {
    checking.tell(spot.yaml_path, "empty-stage",
                  fmt::format("nothing happens in the stage `{}`: give it `states`, `alongside` or `reports`", spot.path));
    return;
  }
  if (!stage.states().empty() && !stage.alongside().empty()) {
    checking.tell(spot.yaml_path + ".alongside", "states-and-alongside",
                  fmt::format("`{}` has `states` and `alongside`; it may have one of them", spot.path));
    return;
  }
  const int ways = (stage.alongside().empty() ? 0 : 1) + (stage.reports().empty() ? 0 : 1) + (has_final(stage.states()) ? 1 : 0);
  if (ways > 1 && !stage.when_done().empty()) {
    checking.tell(spot.yaml_path + ".when_done", "done-twice",
                  fmt::format("`{}` could be done in more than one way: by its parts, its reports or a `final` state; keep one",
                              spot.path));
    return;
  }
  if (!stage.alongside().empty()) return check_parts(checking, spot, stage.alongside(), stage.when_done());
  check_sequence(checking, index);
  if (has_final(stage.states())) {
    if (stage.when_done().empty()) {
      checking.tell(spot.yaml_path, "done-leads-nowhere",
                    fmt::format("`{}` can be done, but no `when_done` says where it goes then", spot.path));
    }
    return;
  }
  if (stage.when_done().empty()) return;
  if (stage.reports().empty()) {
    checking.tell(spot.yaml_path + ".when_done", "never-done",
                  fmt::format("nothing in `{}` is `final`, so it is never done", spot.path));
    return;
  }
  check_series(checking, spot);
}

}  // namespace

void check_shape(const Checking& checking) {
  for (std::size_t i = 1; i < checking.names.spots().size(); ++i) {
    switch (checking.names[i].kind) {
      case Spot::Kind::Stage: check_stage(checking, i); break;
      case Spot::Kind::Region: check_sequence(checking, i); break;
      case Spot::Kind::State:
      case Spot::Kind::Outcome: check_state(checking, i); break;
      case Spot::Kind::Program: break;
    }
  }
}

}  // namespace kvali::program
