#include "server/core/versions.h"

#include <algorithm>

namespace kvali::core {
using cohort::Happening;

Versions::Versions(const cohort::Cohort& cohort, const cohort::Library& library, cohort::Slot slot) {
  const cohort::Initiative& initiative = cohort.initiatives[slot];
  std::vector<const Happening*> marks;  // oldest first
  for (const Happening& one : cohort.happenings[slot])
    if (one.kind == "migrated" || one.kind == "migration_undone") marks.push_back(&one);
  std::shared_ptr<const cohort::Model> model = initiative.model;
  for (std::size_t i = marks.size(); i-- > 0;) {
    since_.push_back({marks[i]->sequence, model});
    model = library.find(initiative.model->name(), marks[i]->what);  // the version that it left
  }
  since_.push_back({0, std::move(model)});
}

const cohort::Model* Versions::at(std::uint64_t sequence) const {
  const auto found = std::find_if(since_.begin(), since_.end(), [&](const Since& one) { return one.sequence <= sequence; });
  return found == since_.end() ? nullptr : found->model.get();
}

}  // namespace kvali::core
