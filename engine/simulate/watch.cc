#include "engine/simulate/watch.h"

#include <algorithm>

#include "engine/limits.h"

namespace kvali::simulate {
namespace {

using statechart::StateId;

constexpr std::int64_t week_us = 7 * calendar::day_us;

void add(Weeks& weeks, std::uint32_t week, std::uint64_t number) {
  if (week >= weeks.size()) weeks.resize(week + 1);
  weeks[week] += number;
}

std::uint64_t seconds_since(const cohort::Instance& instance, std::uint32_t state, calendar::Instant at) {
  for (const auto& [one, since] : instance.since)
    if (one == state) return at > since ? static_cast<std::uint64_t>(at - since) / calendar::second_us : 0;
  return 0;
}

void count_steps(std::vector<StateFinding>& states, const statechart::Chart& chart, const cohort::Instance& instance,
                 const v1::Advanced& record, calendar::Instant at) {
  for (const std::uint32_t state : record.left()) states[state].seconds.add(seconds_since(instance, state, at));
  // On its way into an end a stage is left and entered again; nobody is there any more.
  for (const std::uint32_t state : record.entered())
    if (!record.finished() || chart.kind(state) == v1::Node::FINAL) ++states[state].entered;
  if (!record.has_fired()) return;
  const v1::Timer& timer = chart.node(record.fired().state()).timers(static_cast<int>(record.fired().timer()));
  if (timer.name() == "deadline") ++states[record.fired().state()].deadlines;
}

}  // namespace

Watch::Watch(const Scene& scene, Findings& findings) : scene_(scene), findings_(findings) {
  const statechart::Chart& chart = scene.model->chart();
  findings_.begins = scene.begins;
  findings_.notes = scene.notes;
  findings_.states.resize(chart.state_count());
  stage_index_.resize(chart.state_count(), SIZE_MAX);
  waits_for_.resize(chart.state_count());
  for (StateId state = 1; state < chart.state_count(); ++state) {
    if (chart.parent(state) == 0 && chart.kind(state) != v1::Node::FINAL && !chart.is_history(state)) {
      stage_index_[state] = findings_.stages.size();
      findings_.stages.push_back({state, 0, 0, {}});
    }
    for (std::size_t quota = 0; quota < scene.model->quotas().size(); ++quota)
      for (const auto arrow : chart.arrows_of(state))
        if (chart.arrow(arrow).freed() == scene.model->quotas()[quota].quota->name()) waits_for_[state].push_back(quota);
  }
  for (const cohort::TaskModel& kind : scene.model->tasks()) findings_.task_states.emplace_back(kind.chart->state_count());
  findings_.tasks.resize(scene.model->tasks().size());
  findings_.quotas.resize(scene.model->quotas().size());
  findings_.roles.resize(scene.cast.size());
  for (std::size_t role = 0; role < scene.cast.size(); ++role) findings_.roles[role].people = scene.cast[role].people.size();
  for (std::size_t quota = 0; quota < findings_.quotas.size(); ++quota) {
    const cohort::QuotaModel& model = scene.model->quotas()[quota];
    std::uint64_t places = 0;
    if (model.by_field.empty()) places = scene.opened.places(*model.quota, "");
    else for (const v1::LocalityEntry& one : scene.opened.localities) places += scene.opened.places(*model.quota, one.id());
    findings_.quotas[quota].places = places;
  }
}

void Watch::begin() {
  week_ = 0;
  next_week_ = scene_.begins;
  stage_.clear();
  locality_.clear();
  taken_.assign(findings_.quotas.size(), 0);
  waiting_ = most_taken_ = taken_;
  taken_by_.clear();
  ends_.clear();
  load_now_.assign(scene_.cast.size(), std::vector<std::uint32_t>(scene_.opened.localities.size() + 1));
  ++findings_.cohorts;
}

/// What stood at the turn of each week that has passed by `at`.
void Watch::pass_weeks(calendar::Instant at) {
  for (; next_week_ <= at && week_ < limits::simulated_weeks_max; next_week_ += week_us, ++week_) {
    for (std::size_t quota = 0; quota < taken_.size(); ++quota) {
      add(findings_.quotas[quota].taken, week_, taken_[quota]);
      add(findings_.quotas[quota].waiting, week_, waiting_[quota]);
    }
    for (std::size_t role = 0; role < load_now_.size(); ++role) {
      std::uint64_t all = 0, most = 0;
      for (const std::uint32_t one : load_now_[role]) {
        all += one;
        most = std::max<std::uint64_t>(most, one);
      }
      add(findings_.roles[role].load, week_, all);
      const v1::Role::Scope scope = scene_.cast[role].role->scope();
      const std::uint64_t people = std::max<std::uint64_t>(1, findings_.roles[role].people);
      add(findings_.roles[role].most, week_, scope == v1::Role::LOCALITY ? most : (all + people - 1) / people);
    }
  }
}

void Watch::move_load(std::uint32_t stage, std::uint32_t locality, int by) {
  for (std::size_t role = 0; role < load_now_.size(); ++role)
    if (scene_.busy[role][stage]) load_now_[role][locality] += static_cast<std::uint32_t>(by);
}

void Watch::places(const google::protobuf::RepeatedPtrField<v1::PlaceChange>& changes) {
  for (const v1::PlaceChange& one : changes)
    for (std::size_t quota = 0; quota < taken_.size(); ++quota) {
      if (scene_.model->quotas()[quota].quota->name() != one.quota()) continue;
      std::uint32_t& by = taken_by_[{quota, one.by()}];
      taken_[quota] += one.taken() ? 1 : UINT32_MAX;
      by += one.taken() ? 1 : UINT32_MAX;
      most_taken_[quota] = std::max(most_taken_[quota], taken_[quota]);
      std::uint64_t& most = findings_.quotas[quota].at_most_by[one.by()];
      most = std::max<std::uint64_t>(most, by);
    }
}

void Watch::change_stage(const cohort::Initiative& initiative, const v1::Advanced& record, cohort::Slot slot) {
  const statechart::Chart& chart = initiative.model->chart();
  std::uint32_t next = 0;
  for (const std::uint32_t state : record.entered()) {
    const bool ends = chart.node(state).ends() != v1::State::END_UNSPECIFIED;
    if (ends || chart.parent(state) == 0) next = state;
    if (ends) break;
  }
  if (next == 0) return;
  if (stage_[slot] != 0) {
    ++findings_.stages[stage_index_[stage_[slot]]].left_for[next];
    move_load(stage_[slot], locality_[slot], -1);
  }
  const bool goes_on = stage_index_[next] != SIZE_MAX;
  stage_[slot] = goes_on ? next : 0;
  if (goes_on) {
    ++findings_.stages[stage_index_[next]].entered;
    move_load(next, locality_[slot], 1);
  } else {
    ++ends_[next];
  }
}

void Watch::advanced(const cohort::Initiative& initiative, const v1::Advanced& record, cohort::Slot slot, calendar::Instant at) {
  if (record.arrows_size() > 0) ++findings_.macrosteps;
  for (const v1::Told& told : record.told()) {
    findings_.letters += static_cast<std::uint64_t>(told.persons_size());
    if (told.message() == "reminder") findings_.reminders += static_cast<std::uint64_t>(told.persons_size());
  }
  if (!record.task().empty()) {
    const cohort::Task& task = *initiative.task(record.task());
    const cohort::TaskModel* kind = initiative.model->task(task.kind);
    const auto index = static_cast<std::size_t>(kind - initiative.model->tasks().data());
    count_steps(findings_.task_states[index], *kind->chart, task.at, record, at);
    if (record.finished()) ++findings_.tasks[index].finished;
    return;
  }
  count_steps(findings_.states, initiative.model->chart(), initiative.at, record, at);
  for (const std::uint32_t state : record.left())
    for (const std::size_t quota : waits_for_[state]) --waiting_[quota];
  for (const std::uint32_t state : record.entered())
    for (const std::size_t quota : waits_for_[state]) ++waiting_[quota];
  if (record.places_size() > 0) places(record.places());
  if (record.cause() == v1::Advanced::FREED)
    for (const std::uint32_t state : record.left())
      for (const std::size_t quota : waits_for_[state]) ++findings_.quotas[quota].passed_on;
  change_stage(initiative, record, slot);
}

void Watch::see(const cohort::Cohort& before, const v1::Record& record, cohort::Slot slot, calendar::Instant at) {
  if (at >= next_week_) pass_weeks(at - 1);
  ++findings_.records;
  switch (record.body_case()) {
    case v1::Record::kInitiativeStarted: {
      const v1::InitiativeStarted& started = record.initiative_started();
      ++findings_.starts;
      ++findings_.began;
      stage_.resize(slot + 1);
      locality_.resize(slot + 1);
      locality_[slot] = static_cast<std::uint32_t>(scene_.opened.localities.size());
      for (const v1::FieldWritten& field : started.fields())
        if (field.name() == scene_.model->locality_field())
          for (std::uint32_t i = 0; i < locality_[slot]; ++i)
            if (scene_.opened.localities[i].id() == field.value().text()) locality_[slot] = i;
      for (const std::uint32_t state : started.entered()) {
        ++findings_.states[state].entered;
        if (stage_index_[state] == SIZE_MAX) continue;
        stage_[slot] = state;
        ++findings_.stages[stage_index_[state]].entered;
        move_load(state, locality_[slot], 1);
      }
      return;
    }
    case v1::Record::kAdvanced: return advanced(before.initiatives[slot], record.advanced(), slot, at);
    case v1::Record::kTaskOpened: {
      const cohort::TaskModel* kind = scene_.model->task(record.task_opened().kind());
      const auto index = static_cast<std::size_t>(kind - scene_.model->tasks().data());
      ++findings_.starts;
      ++findings_.tasks[index].opened;
      if (record.task_opened().finished()) ++findings_.tasks[index].finished;
      for (const std::uint32_t state : record.task_opened().entered()) ++findings_.task_states[index][state].entered;
      return;
    }
    case v1::Record::kDecisionHeld: return places(record.decision_held().places());
    case v1::Record::kDecisionDropped: return places(record.decision_dropped().places());
    case v1::Record::kBlocked:
      ++findings_.states[record.blocked().timer().state()].blocked;
      for (const v1::Told& told : record.blocked().told()) findings_.letters += static_cast<std::uint64_t>(told.persons_size());
      return;
    default: return;  // nothing else is counted by itself
  }
}

void Watch::finish(calendar::Instant at) {
  pass_weeks(at + week_us);  // the week after the last is as it stays
  for (cohort::Slot slot = 0; slot < stage_.size(); ++slot) {
    if (stage_[slot] == 0) continue;
    ++findings_.stages[stage_index_[stage_[slot]]].stayed;
    ++findings_.still_running;
  }
  for (const auto& [state, count] : ends_) findings_.ends[state] += count;
  const statechart::Chart& chart = scene_.model->chart();
  for (StateId state = 0; state < chart.state_count(); ++state)
    if (chart.node(state).ends() != v1::State::END_UNSPECIFIED) findings_.ends_by_cohort[state].add(ends_.contains(state) ? ends_.at(state) : 0);
  for (std::size_t quota = 0; quota < taken_.size(); ++quota) {
    findings_.quotas[quota].taken_at_most.add(most_taken_[quota]);
    findings_.quotas[quota].held_at_end.add(taken_[quota]);
  }
  findings_.days.add(static_cast<std::uint64_t>(std::max<calendar::Instant>(0, at - scene_.begins) / calendar::day_us));
}

}  // namespace kvali::simulate
