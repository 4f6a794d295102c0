// The lanes of the board: the states in order, of initiatives and of the other kinds of subject, and how many stand in each.
#include <algorithm>
#include <map>

#include "server/views/views.h"

namespace kvali::views {

using cohort::Initiative;

namespace {

template <class List, class One>
bool contains(const List& list, const One& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

/// What the part of a stage is called that `state` belongs to, where parts run side by side; else nothing.
const v1::Text* region_of(const statechart::Chart& chart, statechart::StateId state) {
  for (; state != 0; state = chart.parent(state))
    if (chart.kind(chart.parent(state)) == v1::Node::PARALLEL) return &chart.node(state).label();
  return nullptr;
}

}  // namespace

bool is_lane(const statechart::Chart& chart, statechart::StateId state) { return chart.is_atomic(state) && !chart.is_history(state); }

std::vector<statechart::StateId> places(const Initiative& initiative) {
  return statechart::atomic_states(initiative.model->chart(), initiative.at.where);
}

v1::Lane lane_of(const cohort::Model& model, statechart::StateId state) {
  const statechart::Chart& chart = model.chart();
  v1::Lane lane;
  lane.set_state(chart.path(state));
  *lane.mutable_label() = chart.node(state).label();
  statechart::StateId stage = state;
  while (chart.parent(stage) != 0) stage = chart.parent(stage);
  if (stage != state) *lane.mutable_stage() = chart.node(stage).label();
  if (const v1::Text* region = region_of(chart, state)) *lane.mutable_region() = *region;
  for (statechart::StateId around = state; around != 0; around = chart.parent(around))
    for (const std::string& role : chart.node(around).waits_for())
      if (!contains(lane.waits_for(), role)) lane.add_waits_for(role);
  lane.set_ends(chart.node(state).ends());
  for (const cohort::QuotaModel& quota : model.quotas()) lane.set_holds_place(lane.holds_place() || quota.holds[state]);
  return lane;
}

void Views::add_subjects(v1::CohortRow& row) const {
  for (const auto& model : cohort_.model->subjects()) {
    const v1::Subject& subject = *model->subject();
    v1::SubjectKind& made = *row.add_subjects();
    made.set_name(subject.name());
    *made.mutable_label() = subject.label();
    *made.mutable_plural() = subject.has_plural() ? subject.plural() : subject.label();
    made.set_may_begin(cohort::may_begin(cohort_, world_, viewer_, subject));
    made.set_brought(subject.brought_by_size() > 0);
    made.mutable_form()->set_name(subject.name());
    for (const v1::Field& field : subject.fields()) *made.mutable_form()->add_fields() = view_of(field);
    *made.mutable_form()->mutable_sections() = subject.sections();
    for (const cohort::TaskModel& kind : model->tasks()) {
      v1::FormView& form = *made.add_tasks();
      form.set_name(kind.kind->name());
      *form.mutable_label() = kind.kind->label();
      for (const v1::Field& field : kind.kind->fields()) *form.add_fields() = view_of(field);
    }
    std::map<std::string, std::uint32_t> counts;  // by path: some may still run under another version
    if (const auto slots = cohort_.subjects.find(subject.name()); slots != cohort_.subjects.end())
      for (const cohort::Slot slot : slots->second) {
        const Initiative& one = cohort_.initiatives[slot];
        if (!cohort::may(cohort_, world_, viewer_, cohort::Action::See, &one)) continue;
        for (const statechart::StateId state : places(one)) ++counts[one.model->chart().path(state)];
      }
    const statechart::Chart& chart = model->chart();
    for (statechart::StateId state = 1; state < chart.state_count(); ++state) {
      if (!is_lane(chart, state)) continue;
      v1::Lane& lane = *made.add_lanes();
      lane = lane_of(*model, state);
      lane.set_count(counts[chart.path(state)]);
    }
  }
}

}  // namespace kvali::views
