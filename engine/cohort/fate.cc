// What becomes of one initiative when its cohort goes over to another version.
#include <fmt/format.h>

#include <algorithm>

#include "engine/cohort/apply.h"
#include "engine/cohort/carry.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/migrate.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/zone_table.h"

namespace kvali::cohort {
namespace {

using program::Crossing;
using program::NowhereToGo;
using statechart::Configuration;
using statechart::StateId;

std::string words(const statechart::Chart& chart, const Configuration& at) {
  std::string text;
  for (const StateId state : atomic_states(chart, at)) text += (text.empty() ? "" : ", ") + chart.path(state);
  return text;
}

Waits waits(const Crossing& crossing, const Configuration& old, const NowhereToGo& nowhere) {
  const std::string state = crossing.from().chart.path(nowhere.state);
  Waits made;
  switch (nowhere.why) {
    case NowhereToGo::Why::Parked: made = {"parked_by_plan", {{"why", nowhere.sentence}}, {}}; break;
    case NowhereToGo::Why::Gone: made = {"state_gone", {{"name", state}}, {}}; break;
    case NowhereToGo::Why::Ends: made = {"state_ends", {{"name", state}}, {}}; break;
    case NowhereToGo::Why::NotTogether: made = {"not_together", {{"name", words(crossing.from().chart, old)}}, {}}; break;
    case NowhereToGo::Why::Unreachable: made = {"never_there", {{"name", words(crossing.from().chart, old)}}, {}}; break;
    case NowhereToGo::Why::Unknown: made = {"not_proved", {{"name", words(crossing.from().chart, old)}}, {}}; break;
  }
  made.trace = crossing.way_in_old(old);
  return made;
}

/// The decision or the proposal that waits, in the new version; nothing where it has none like it.
std::optional<std::uint32_t> held_arrow(const Crossing& crossing, const Initiative& was, const Configuration& where) {
  const v1::Arrow& old = crossing.from().chart.arrow(was.held->arrow);
  const auto source = crossing.state(old.source());
  if (!source || !is_active(where, *source)) return std::nullopt;
  const statechart::Chart& chart = crossing.to().chart;
  for (const statechart::ArrowId arrow : chart.arrows_of(*source)) {
    const v1::Arrow& candidate = chart.arrow(arrow);
    if (chart.trigger(arrow) != statechart::Trigger::Move || candidate.move().name() != old.move().name() || !candidate.move().held()) continue;
    if (candidate.targets_size() != old.targets_size()) continue;
    const bool same = std::equal(old.targets().begin(), old.targets().end(), candidate.targets().begin(),
                                 [&](std::uint32_t from, std::uint32_t to) { return crossing.state(from) == to; });
    if (same) return arrow;
  }
  return std::nullopt;
}

/// What is being made of one initiative: each part adds to the record, or says why it waits.
class Carriage {
 public:
  using Stop = std::optional<Waits>;

  Carriage(Sketch& sketch, const Crossing& crossing, const Initiative& was, std::shared_ptr<const Model> target, const Configuration& where)
      : sketch_(sketch), crossing_(crossing), was_(was), now_(was), where_(where) {
    now_.model = std::move(target);
    now_.before = nullptr;
    record_.set_initiative(was.id);
    record_.set_version(now_.model->version());
  }

  Fate fate() {
    for (const auto part : {&Carriage::fields, &Carriage::waiting, &Carriage::stand, &Carriage::tasks, &Carriage::reviews, &Carriage::places, &Carriage::computed})
      if (auto stop = (this->*part)()) {
        stop->trace = crossing_.way_in_old(was_.at.where);
        return *std::move(stop);
      }
    return GoesOver{std::move(record_), std::move(freed_), crossing_.way_in_new(where_), std::move(notes_)};
  }

 private:
  Stop fields() {
    for (const FieldState& field : was_.fields) {
      const std::string& name = crossing_.field(field.name);
      if (name.empty() || !was_.model->field(field.name)) continue;  // kept, and not read
      const v1::Field* now = now_.model->field(name);
      if (!now) continue;
      if (fault_of(sketch_.base(), *now, field.value)) return Waits{"field_unfit", {{"name", field.name}}, {}};
      if (name == field.name) continue;
      v1::FieldRenamed& renamed = *record_.add_renamed();
      renamed.set_from(field.name);
      renamed.set_to(name);
    }
    if (record_.renamed_size() > 0) rename_fields(now_.fields.change(), record_.renamed());
    return std::nullopt;
  }

  Stop waiting() {
    if (was_.held) {
      const auto arrow = held_arrow(crossing_, was_, where_);
      const auto& claimed = was_.held->places;
      const bool renamed = std::any_of(claimed.begin(), claimed.end(), [&](const auto& one) { return crossing_.quota(one.first) != one.first; });
      if (!arrow || renamed) return Waits{"decision_gone", {{"name", was_.held->move}}, {}};
      record_.set_held(*arrow);
      now_.held->arrow = *arrow;
    }
    if (was_.proposal) {
      const auto to = crossing_.state(was_.proposal->to);
      if (!to) return Waits{"exception_gone", {{"name", was_.model->chart().path(was_.proposal->to)}}, {}};
      record_.set_proposed(*to);
      now_.proposal->to = *to;
    }
    return std::nullopt;
  }

  Stop stand() {
    const Between between{was_.model->machine(), now_.model->machine(), &crossing_};
    *record_.mutable_at() = carry(between, {sketch_.base(), now_, nullptr, sketch_.now()}, was_.at, where_);
    for (const v1::TimerArmed& armed : record_.at().armed()) note_deadline(armed);
    return std::nullopt;
  }

  /// Says when the deadline of a state is another day than before.
  void note_deadline(const v1::TimerArmed& armed) {
    const v1::Node& node = now_.model->chart().node(armed.state());
    if (node.timers(static_cast<int>(armed.timer())).name() != "deadline") return;
    for (const Timer& old : was_.at.timers)
      if (old.due == armed.due_us() && crossing_.state(old.state) == armed.state()) return;
    const std::string day = calendar::to_string(calendar::date_at(sketch_.base().zone, armed.due_us() - 1));
    notes_.push_back(sentence("migration_deadline", {{"name", label_or(node.label(), node.path())}, {"date", day}}));
  }

  Stop tasks() {
    std::size_t aside = 0;
    for (const Task& task : was_.tasks) {
      if (was_.model->task(task.kind)->is_gate()) {
        const TaskModel* gate = gate_of(was_.model->task(task.kind)->kind->gate());
        if (!gate && !task.finished) return Waits{"gate_gone", {{"name", was_.model->task(task.kind)->kind->gate().move()}}, {}};
        if (!gate)
          ++aside;
        else if (auto stop = carry_task(task, *was_.model->task(task.kind), *gate))
          return stop;
        continue;
      }
      const std::string& kind = crossing_.task(task.kind);
      const TaskModel* now = kind.empty() ? nullptr : now_.model->task(kind);
      if (!now)
        ++aside;
      else if (auto stop = carry_task(task, *was_.model->task(task.kind), *now))
        return stop;
    }
    if (aside > 0) notes_.push_back(sentence("migration_aside", {{"count", std::to_string(aside)}}));
    return std::nullopt;
  }

  /// Half-given agreements and open votes go on with their move, where it is agreed or voted on by the same.
  const TaskModel* gate_of(const v1::Gate& old) const {
    const auto state = crossing_.state(old.state());
    if (!state) return nullptr;
    for (const TaskModel& kind : now_.model->tasks()) {
      const v1::Gate& gate = kind.kind->gate();
      if (!kind.is_gate() || gate.state() != *state || gate.move() != old.move() || gate.body() != old.body() || gate.persons() != old.persons()) continue;
      if (gate.parties_size() != old.parties_size()) continue;
      if (std::equal(old.parties().begin(), old.parties().end(), gate.parties().begin())) return &kind;  // a consent names its party
    }
    return nullptr;
  }

  /// Readers go on under the name that their review has now. Where there is no such review they read no more; what they scored is
  /// set aside with the tasks.
  Stop reviews() {
    for (const Reading& reading : was_.readings) {
      const std::string& name = crossing_.task(reading.review);
      const TaskModel* now = name.empty() ? nullptr : now_.model->task(name);
      const std::string to = now && now->kind->has_review() ? name : std::string();
      const bool said = std::any_of(record_.reviews().begin(), record_.reviews().end(), [&](const v1::ReviewCarried& one) { return one.from() == reading.review; });
      if (said || to == reading.review) continue;
      v1::ReviewCarried& one = *record_.add_reviews();
      one.set_from(reading.review);
      one.set_to(to);
    }
    return std::nullopt;
  }

  Stop carry_task(const Task& task, const TaskModel& old, const TaskModel& now) {
    const Between between{old.machine, now.machine, nullptr};
    std::vector<StateId> targets;
    for (const StateId state : atomic_states(*old.chart, task.at.where)) {
      const auto same = between.state(state);
      if (!same) return Waits{"task_unfit", {{"name", task.key}}, {}};
      targets.push_back(*same);
    }
    const auto where = configuration_with(*now.chart, targets);
    if (!where || where->done != task.at.where.done) return Waits{"task_unfit", {{"name", task.key}}, {}};
    // Who is to agree is the other party than the one that proposed it: both have to be known.
    const auto& parties = now.kind->agreed_by();
    const bool proposed = old.kind->lasting() && state_of_entry(task, old) == "proposed";
    if (proposed && std::find(parties.begin(), parties.end(), task.role) == parties.end()) return Waits{"task_unfit", {{"name", task.key}}, {}};
    for (const FieldState& field : task.fields)
      if (const v1::Field* form = form_field(now, field.name))
        if (fault_of(sketch_.base(), *form, field.value)) return Waits{"field_unfit", {{"name", fmt::format("{}, {}", task.key, field.name)}}, {}};
    v1::TaskStanding& standing = *record_.add_tasks();
    standing.set_task(task.key);
    standing.set_kind(now.kind->name());
    standing.set_now(fmt::format("{}/{}", now.kind->name(), task.number));
    standing.set_finished(task.finished);
    *standing.mutable_at() = carry(between, {sketch_.base(), now_, &task, sketch_.now()}, task.at, *where);
    if (task.finished) standing.mutable_at()->clear_armed();
    return std::nullopt;
  }

  Stop places() {
    std::map<std::string, std::string> was_called;
    now_.places.clear();
    const auto change = [&](const std::string& quota, const std::string& by, bool taken) {
      v1::PlaceChange& one = *record_.add_places();
      one.set_quota(quota);
      one.set_by(by);
      one.set_taken(taken);
    };
    for (const auto& [quota, by] : was_.places) {
      const std::string& name = crossing_.quota(quota);
      if (name.empty()) {
        change(quota, by, false);
        continue;
      }
      now_.places.emplace_back(name, by);
      was_called[name] = quota;
    }
    auto changes = place_changes(sketch_, now_, where_.active, now_.held ? &*now_.held : nullptr);
    if (auto* refusal = std::get_if<Refusal>(&changes)) return Waits{"no_place", {{"name", refusal->unmet.empty() ? "" : refusal->unmet.front().field}}, {}};
    for (const v1::PlaceChange& one : std::get<0>(changes)) {
      if (one.taken()) {
        change(one.quota(), one.by(), true);
        continue;
      }
      freed_.push_back({one.quota(), one.by()});
      change(was_called[one.quota()], one.by(), false);
      was_called.erase(one.quota());
    }
    for (const auto& [quota, by] : now_.places)
      if (const auto old = was_called.find(quota); old != was_called.end() && old->second != quota) {
        change(old->second, by, false);
        change(quota, by, true);
      }
    return std::nullopt;
  }

  Stop computed() {
    compute(sketch_.base(), sketch_.now(), now_, *record_.mutable_fields());
    return std::nullopt;
  }

  Sketch& sketch_;
  const Crossing& crossing_;
  const Initiative& was_;
  Initiative now_;
  const Configuration& where_;
  v1::Migrated record_;
  std::vector<Freed> freed_;
  std::vector<v1::Text> notes_;
};

}  // namespace

v1::Text sentence_of(const Waits& waits) {
  std::vector<Filling> fillings;
  fillings.reserve(waits.words.size());
  for (const auto& [mark, word] : waits.words) fillings.emplace_back(mark, word);
  return sentence("migration_" + waits.why, fillings);
}

Fate fate_of(Sketch& sketch, const Plan& plan, Slot slot, const std::vector<StateId>& to) {
  const Initiative& was = sketch.initiative(slot);
  if (was.ended() || was.model->version() == plan.target()->version()) return LeftOut{};
  const Crossing* crossing = plan.crossing(*was.model);
  if (!crossing) return Waits{"no_way_over", {}, {}};
  if (to.empty())
    if (const expression::Expression* only = plan.only(*was.model); only && !Facts(sketch.base(), &was, nullptr, sketch.now()).holds(*only).holds)
      return LeftOut{};
  std::variant<Configuration, NowhereToGo> landed = NowhereToGo{NowhereToGo::Why::NotTogether, 0, {}};
  if (to.empty()) {
    landed = crossing->land(was.at.where);
  } else if (auto where = configuration_with(crossing->to().chart, to)) {
    if (const auto why = crossing->unreachable(*where))
      landed = NowhereToGo{*why, 0, {}};
    else
      landed = *std::move(where);
  }
  if (const auto* nowhere = std::get_if<NowhereToGo>(&landed)) return waits(*crossing, was.at.where, *nowhere);
  return Carriage(sketch, *crossing, was, plan.target_of(*was.model), std::get<Configuration>(landed)).fate();
}

}  // namespace kvali::cohort
