// What follows from the fields that people write: computed in the same commit, stated in its record.
#include <algorithm>

#include "engine/cohort/parts.h"

namespace kvali::cohort {
namespace {

void put(std::vector<FieldState>& fields, const v1::FieldWritten& written) {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldState& one) { return one.name == written.name(); });
  if (found == fields.end()) found = fields.insert(found, FieldState{written.name(), {}, 0});
  found->value = written.value();
  found->version = written.version();
}

bool same(const v1::Value& a, const v1::Value& b) { return a.SerializeAsString() == b.SerializeAsString(); }

}  // namespace

void compute(const Case& c, const Initiative& initiative, const Task* task, std::vector<v1::FieldWritten>& fields) {
  const MachineModel& machine = task ? initiative.model->task(task->kind)->machine : initiative.model->machine();
  if (!machine.computes) return;
  Initiative initiative_then = initiative;
  Task task_then = task ? *task : Task();
  SharedList<FieldState>& then = task ? task_then.fields : initiative_then.fields;
  for (const v1::FieldWritten& field : fields) put(then.change(), field);
  const Facts facts(c.cohort(), &initiative_then, task ? &task_then : nullptr, c.sketch.now());
  for (const FieldModel& form : machine.form) {
    if (!form.computed) continue;
    v1::FieldWritten made;
    made.set_name(form.field->name());
    made.set_computed(true);
    if (const auto given = facts.value(*form.computed))
      if (auto value = value_of(*form.field, *given)) *made.mutable_value() = std::move(*value);
    if (made.value().kind_case() == v1::Value::KIND_NOT_SET) made.mutable_value()->set_empty(true);
    const auto& list = then.list();
    const auto stored = std::find_if(list.begin(), list.end(), [&](const FieldState& one) { return one.name == made.name(); });
    const bool nothing = stored == list.end() && made.value().has_empty();
    if (nothing || (stored != list.end() && same(stored->value, made.value()))) continue;
    made.set_version(stored == list.end() ? 1 : stored->version + 1);
    put(then.change(), made);  // the next may be computed from it
    fields.push_back(std::move(made));
  }
}

}  // namespace kvali::cohort
