#include "server/core/versions.h"

#include <algorithm>

namespace kvali::core {
namespace {

using cohort::Happening;

/// The version that an initiative left when `mark` happened and it came to `after`: a history says one of the two.
std::string left_by(const Happening& mark, const Happening* before, const std::string& after, const cohort::Cohort& cohort) {
  if (after.empty()) return {};
  if (!mark.what.empty() && mark.what != after) return mark.what;
  if (before && before->kind == "migrated" && before->what != cohort.migration.from) return before->what;
  return cohort.migration.from;
}

}  // namespace

Versions::Versions(const cohort::Cohort& cohort, const cohort::Library& library, cohort::Slot slot) {
  const cohort::Initiative& initiative = cohort.initiatives[slot];
  std::vector<const Happening*> marks;  // oldest first
  for (const Happening& one : cohort.happenings[slot])
    if (one.kind == "migrated" || one.kind == "migration_undone") marks.push_back(&one);
  std::shared_ptr<const cohort::Model> model = initiative.model;
  for (std::size_t i = marks.size(); i-- > 0;) {
    since_.push_back({marks[i]->sequence, model});
    const std::string left = left_by(*marks[i], i > 0 ? marks[i - 1] : nullptr, model ? model->version() : std::string(), cohort);
    model = left.empty() ? nullptr : library.find(initiative.model->name(), left);
  }
  since_.push_back({0, std::move(model)});
}

const cohort::Model* Versions::at(std::uint64_t sequence) const {
  const auto found = std::find_if(since_.begin(), since_.end(), [&](const Since& one) { return one.sequence <= sequence; });
  return found == since_.end() ? nullptr : found->model.get();
}

}  // namespace kvali::core
