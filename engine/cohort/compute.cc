// What follows from the fields that people write: computed in the same commit, stated in its record.
#include "engine/cohort/parts.h"

namespace kvali::cohort {
namespace {

bool same(const v1::Value& a, const v1::Value& b) { return a.SerializeAsString() == b.SerializeAsString(); }

/// Each field of the form that is computed, in its order: the next may be computed from it. `then` is what `facts` read.
void compute_all(const MachineModel& machine, const Facts& facts, SharedList<FieldState>& then, Written& fields) {
  for (const FieldModel& form : machine.form) {
    if (!form.computed) continue;
    v1::FieldWritten made;
    made.set_name(form.field->name());
    made.set_computed(true);
    if (const auto given = facts.value(*form.computed))
      if (auto value = value_of(*form.field, *given)) *made.mutable_value() = std::move(*value);
    if (made.value().kind_case() == v1::Value::KIND_NOT_SET) made.mutable_value()->set_empty(true);
    const FieldState* before = stored(then, made.name());
    if (before ? same(before->value, made.value()) : made.value().has_empty()) continue;
    made.set_version(before ? before->version + 1 : 1);
    write(then.change(), made);
    *fields.Add() = std::move(made);
  }
}

}  // namespace

void compute(const Cohort& cohort, Instant now, Initiative& then, Written& fields) {
  const MachineModel& machine = then.model->machine();
  if (machine.computes) compute_all(machine, Facts(cohort, &then, nullptr, now), then.fields, fields);
}

void compute(const Case& c, Initiative& then, Written& fields) { compute(c.cohort(), c.sketch.now(), then, fields); }

void compute(const Case& c, const Initiative& initiative, Task& then, Written& fields) {
  const MachineModel& machine = initiative.model->task(then.kind)->machine;
  if (machine.computes) compute_all(machine, Facts(c.cohort(), &initiative, &then, c.sketch.now()), then.fields, fields);
}

}  // namespace kvali::cohort
