#include "engine/program/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/program/source.h"
#include "engine/program/suggest.h"

namespace kvali::program {

Names::Names(const v1::Program& program) {
  spots_.emplace_back();
  for (const v1::Stage& stage : program.stages()) {
    const std::size_t index = add(0, Spot::Kind::Stage, stage.name(), "stages", "");
    spots_[index].stage = &stage;
    add_states(index, stage.states(), Spot::Kind::State, "states");
    // The regions of a stage stand in a parallel state that expansion adds, so that the stage may have outcomes beside it.
    add_regions(index, stage.alongside(), "alongside");
    add_states(index, stage.outcomes(), Spot::Kind::Outcome, "outcomes");
  }
  add_states(0, program.outcomes(), Spot::Kind::Outcome, "outcomes");
}

std::size_t Names::add(std::size_t parent, Spot::Kind kind, const std::string& name, const std::string& yaml_list,
                       const std::string& machine_between) {
  Spot spot;
  spot.kind = kind;
  spot.name = name;
  spot.parent = parent;
  spot.path = join_path(spots_[parent].path, name);
  spot.machine_path = join_path(join_path(spots_[parent].machine_path, machine_between), name);
  spot.yaml_path = join_path(join_path(spots_[parent].yaml_path, yaml_list), name);
  spots_.push_back(std::move(spot));
  spots_[parent].children.push_back(spots_.size() - 1);
  return spots_.size() - 1;
}

void Names::add_states(std::size_t parent, const google::protobuf::RepeatedPtrField<v1::State>& states, Spot::Kind kind,
                       const std::string& yaml_list) {
  for (const v1::State& state : states) {
    const std::size_t index = add(parent, kind, state.name(), yaml_list, "");
    spots_[index].state = &state;
    add_states(index, state.states(), Spot::Kind::State, "states");
    add_regions(index, state.alongside(), "");
  }
}

void Names::add_regions(std::size_t parent, const google::protobuf::RepeatedPtrField<v1::Region>& regions,
                        const std::string& machine_between) {
  for (const v1::Region& region : regions) {
    const std::size_t index = add(parent, Spot::Kind::Region, region.name(), "alongside", machine_between);
    spots_[index].region = &region;
    add_states(index, region.states(), Spot::Kind::State, "states");
  }
}

std::size_t Names::stage_of(std::size_t spot) const {
  while (spot != 0 && spots_[spot].kind != Spot::Kind::Stage) spot = spots_[spot].parent;
  return spot;
}

bool Names::contains(std::size_t outer, std::size_t inner) const {
  while (inner != outer && inner != 0) inner = spots_[inner].parent;
  return inner == outer;
}

std::string Names::describe(std::size_t spot) const {
  const char* kind = nullptr;  // every kind but the program has one
  switch (spots_[spot].kind) {
    case Spot::Kind::Program: return "the program";
    case Spot::Kind::Stage: kind = "stage"; break;
    case Spot::Kind::Region: kind = "part"; break;
    case Spot::Kind::State: kind = "state"; break;
    case Spot::Kind::Outcome: kind = "outcome"; break;
  }
  return fmt::format("the {} `{}`", kind, spots_[spot].path);
}

std::vector<std::vector<std::size_t>> Names::levels(std::size_t from) const {
  std::vector<std::vector<std::size_t>> out;
  // A stage speaks for its own states first; everything else for its siblings.
  std::size_t owner = spots_[from].kind == Spot::Kind::Stage ? from : spots_[from].parent;
  for (; owner != 0; owner = spots_[owner].parent) out.push_back(spots_[owner].children);
  std::vector<std::size_t> stages, outcomes;
  for (const std::size_t child : spots_[0].children) {
    (spots_[child].kind == Spot::Kind::Stage ? stages : outcomes).push_back(child);
  }
  out.push_back(std::move(stages));
  out.push_back(std::move(outcomes));
  if (from == 0) {
    std::vector<std::size_t> inner;
    for (std::size_t i = 1; i < spots_.size(); ++i) {
      if (spots_[i].parent != 0) inner.push_back(i);
    }
    out.push_back(std::move(inner));
  }
  return out;
}

Resolution Names::resolve(std::size_t from, std::string_view target) const {
  std::vector<std::size_t> found;
  if (target.find('.') == std::string_view::npos) {
    for (const auto& level : levels(from)) {
      for (const std::size_t spot : level) {
        if (spots_[spot].name != target || spots_[spot].kind == Spot::Kind::Region) continue;
        // Two of one name side by side are a fault of their own (duplicate-name).
        if (found.empty() || spots_[found.back()].parent != spots_[spot].parent) found.push_back(spot);
      }
      if (from == 0 && !found.empty()) break;
    }
  } else {
    const std::string inner = join_path(spots_[stage_of(from)].path, target);
    for (std::size_t i = 1; i < spots_.size(); ++i) {
      const Spot& spot = spots_[i];
      if (spot.path == target || spot.machine_path == target || spot.path == inner) found.push_back(i);
    }
  }
  Resolution resolution;
  if (found.empty()) {
    resolution.problem = Resolution::Problem::Unknown;
    return resolution;
  }
  resolution.spot = found[0];
  resolution.also.assign(found.begin() + 1, found.end());
  if (!resolution.also.empty()) resolution.problem = Resolution::Problem::Ambiguous;
  if (spots_[found[0]].kind == Spot::Kind::Region) resolution.problem = Resolution::Problem::Region;
  return resolution;
}

std::string Names::suggestion(std::size_t from, std::string_view target) const {
  std::vector<std::string> near, paths, names;
  for (const auto& level : levels(from)) {
    for (const std::size_t spot : level) near.push_back(spots_[spot].name);
  }
  for (std::size_t i = 1; i < spots_.size(); ++i) {
    if (spots_[i].kind == Spot::Kind::Region) continue;
    if (spots_[i].name == target) return spots_[i].path;
    names.push_back(spots_[i].name);
    paths.push_back(spots_[i].path);
  }
  std::string suggestion = nearest(target, near);
  if (suggestion.empty()) suggestion = nearest(target, paths);
  if (!suggestion.empty()) return suggestion;
  const std::string name = nearest(target, names);
  const auto at = std::find(names.begin(), names.end(), name);
  return name.empty() ? name : paths[static_cast<std::size_t>(at - names.begin())];
}

}  // namespace kvali::program
