// Guards that are always or never true, and arrows of one state that get in each other's way.
#include <fmt/format.h>

#include <algorithm>

#include "engine/program/fields.h"
#include "engine/program/verify/proving.h"

namespace kvali::program::proof {

namespace {

/// What it means that a condition never holds, for what it is the condition of.
std::string never(const std::string& key, const std::string& path) {
  if (key == "if") return "so this is never possible";
  if (key == "shown_when") return "so nobody is ever asked for it";
  return path.starts_with("initiative.needs") ? "so nobody may ever begin" : "so this is always refused";
}

}  // namespace

std::set<GuardId> check_guards(const Proving& proving) {
  std::set<GuardId> excused;
  visit_values(proving.program, "", [&](const Message& owner, const FieldDescriptor& field, int index, const std::string& path) {
    if (index >= 0 || field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
    const std::string key = key_of(field);
    if (options_of(field).scalar() != v1::SCALAR_EXPRESSION || (key != "if" && key != "when" && key != "shown_when")) return;
    const std::string source = owner.GetReflection()->GetString(owner, &field);
    const GuardId guard = proving.texts.of(source);
    const Claim yes{guard, true}, no{guard, false};
    if (!proving.decider.possible({&yes, 1})) {
      excused.insert(guard);
      proving.tell(Severity::Error, path, "never-holds", fmt::format("`{}` never holds, {}", source, never(key, path)));
    } else if (source != "true" && !proving.decider.possible({&no, 1})) {  // `if: "true"` says: otherwise
      proving.tell(Severity::Warning, path, "always-holds",
                   fmt::format("`{}` always holds, so it decides nothing: leave it out, or say what was meant", source));
    }
  });
  return excused;
}

namespace {

/// Whether the two arrows are taken by the same thing and lead apart.
bool compete(const statechart::Chart& chart, ArrowId first, ArrowId second) {
  const v1::Arrow &a = chart.arrow(first), &b = chart.arrow(second);
  if (chart.trigger(first) != chart.trigger(second) || chart.trigger(first) == statechart::Trigger::Move) return false;
  if (a.guard().empty() || b.guard().empty() || a.freed() != b.freed()) return false;
  const auto same = [](const auto& left, const auto& right) { return std::equal(left.begin(), left.end(), right.begin(), right.end()); };
  return same(a.events(), b.events()) && !same(a.targets(), b.targets());
}

void check_pair(const Proving& proving, ArrowId first, ArrowId second) {
  const GuardId one = proving.texts.of(proving.chart.arrow(first).guard()), other = proving.texts.of(proving.chart.arrow(second).guard());
  if (!proving.decider.is_decidable(one) || !proving.decider.is_decidable(other)) return;
  const Claim both[] = {{one, true}, {other, true}}, only_first[] = {{one, true}, {other, false}}, only_second[] = {{one, false}, {other, true}};
  // One inside the other is if, else if: what stands first is the special case.
  if (!proving.decider.possible(both) || !proving.decider.possible(only_first) || !proving.decider.possible(only_second)) return;
  proving.tell(Severity::Warning, proving.path_of_arrow(second), "overlapping-guards",
               fmt::format("{} and {} may both hold ({}); then the first is made, and neither is the other's special case",
                           proving.name_of(first), proving.name_of(second), proving.decider.witness(both).value_or("")),
               proving.trace_to_state(proving.chart.arrow(first).source()));
}

}  // namespace

void check_overlaps(const Proving& proving) {
  for (StateId state = 0; state < proving.chart.state_count(); ++state) {
    const auto& arrows = proving.chart.arrows_of(state);
    for (std::size_t i = 0; i < arrows.size(); ++i)
      for (std::size_t j = i + 1; j < arrows.size(); ++j)
        if (compete(proving.chart, arrows[i], arrows[j])) check_pair(proving, arrows[i], arrows[j]);
  }
}

}  // namespace kvali::program::proof
