#include "engine/simulate/play.h"

#include <algorithm>

#include "engine/cohort/apply.h"
#include "engine/limits.h"
#include "engine/simulate/fields.h"

namespace kvali::simulate {
namespace {

using calendar::Instant;
using statechart::StateId;

constexpr std::int64_t minute_us = 60 * calendar::second_us;
constexpr std::int64_t publishing_before_us = 480 * minute_us;  // before the last day of a decision is over
constexpr std::uint8_t tries_enough = 20;
constexpr std::size_t command_bytes = 16 * 1024;  // the largest command there is here has room
constexpr std::int64_t whole_time = 10'000;  // parts of the time allowed

/// A field that whoever begins may write.
bool is_applicants(const v1::Field& field, const std::string& applicant) {
  return field.written_by_size() == 0 || std::find(field.written_by().begin(), field.written_by().end(), applicant) != field.written_by().end();
}

/// Whether some of the moves that need it are made in the first state, or none needs it at all.
bool is_written_first(const v1::Field& field, const cohort::Model& model) {
  if (!field.computed().empty() || !is_applicants(field, model.applicant_role())) return false;
  if (field.required_for_size() == 0) return true;
  const statechart::Chart& chart = model.chart();
  for (StateId state = 0; state < chart.state_count(); ++state) {
    if (!chart.is_atomic(state)) continue;
    return std::any_of(chart.arrows_of(state).begin(), chart.arrows_of(state).end(), [&](auto arrow) {
      const auto& needed = field.required_for();
      return std::find(needed.begin(), needed.end(), chart.arrow(arrow).move().name()) != needed.end();
    });
  }
  return true;
}

}  // namespace

Player::Player(const Scene& scene, const Setting& setting, Findings& findings, const Onlooker& onlooker)
    : scene_(scene), setting_(setting), findings_(findings), onlooker_(onlooker), watch_(scene, findings), memory_(command_bytes), arena_(within(memory_)) {
  for (std::size_t i = 0; i < scene.cast.size(); ++i) {
    if (scene.cast[i].role->name() == scene.model->applicant_role()) applicant_role_ = i;
    if (scene.cast[i].role->name() == scene.model->manager_role()) manager_role_ = i;
  }
  for (const v1::Field& field : scene.model->program().initiative().fields())
    if (is_written_first(field, *scene.model)) first_fields_.push_back(&field);
  for (const auto& [locality, weight] : setting.habits.localities) locality_weight_ += weight;
  opening_.resize(scene.model->tasks().size());
  for (std::uint32_t i = 0; i < setting.initiatives; ++i) ids_.push_back(std::string("i").append(std::to_string(i + 1)));
}

// --- one cohort

void Player::play(std::uint32_t number) {
  cohort_ = scene_.opened;
  now_ = scene_.begins;
  order_ = commits_ = 0;
  publishing_ = false;
  intents_.clear();
  chance_.clear();
  places_.clear();
  number_.clear();
  watch_.begin();
  for (std::uint32_t one = 0; one < setting_.initiatives; ++one) {
    Random random = Random::of(setting_.seed, number, one);
    const std::int64_t part = setting_.habits.arrival.draw(random);
    const Instant at = scene_.begins + (scene_.closes - scene_.begins) / whole_time * part + static_cast<Instant>(random.under(minute_us));
    places_.push_back(some_locality(random));
    chance_.push_back(random);
    Intent intent;
    intent.at = at;
    intent.slot = one;  // until it has one of its own: its number
    add(intent);
  }
  const Instant horizon = scene_.begins + static_cast<Instant>(limits::simulated_weeks_max) * 7 * calendar::day_us;
  const std::uint64_t enough = limits::simulated_commits_per_initiative_max * std::max<std::uint64_t>(1, setting_.initiatives);
  Instant last = now_;
  while (true) {
    const Instant due = cohort_.next_due(), intended = intents_.empty() ? calendar::never : intents_.front().at;
    const Instant at = std::min(due, intended);
    if (at == calendar::never) break;
    if (at > horizon || ++commits_ > enough) {
      ++findings_.cut_off;
      break;
    }
    now_ = last = std::max(now_, at);
    if (due <= intended)
      pass_time(now_);
    else
      act(take());
  }
  watch_.finish(last);
  if (onlooker_.end) onlooker_.end(cohort_);
}

Instant Player::entered_at(const cohort::Instance& instance, StateId state) {
  for (const auto& [one, since] : instance.since)
    if (one == state) return since;
  return 0;  // the root
}

void Player::add(Intent intent) {
  intent.order = order_++;
  intents_.push_back(intent);
  std::push_heap(intents_.begin(), intents_.end(), later);
}

Player::Intent Player::take() {
  std::pop_heap(intents_.begin(), intents_.end(), later);
  const Intent first = intents_.back();
  intents_.pop_back();
  return first;
}

void Player::act(const Intent& intent) {
  switch (intent.what) {
    case What::Arrive: return arrive(intent);
    case What::Move: return move(intent);
    case What::Open: return open(intent);
    case What::Publish: return publish(intent);
    case What::Answer: return answer(intent);
  }
}

// --- asking the engine

google::protobuf::ArenaOptions Player::within(std::vector<char>& memory) {
  google::protobuf::ArenaOptions options;
  options.initial_block = memory.data();
  options.initial_block_size = memory.size();
  return options;
}

v1::Command& Player::command() {
  arena_.Reset();
  asked_ = google::protobuf::Arena::CreateMessage<v1::Asked>(&arena_);
  return *asked_->mutable_command();
}

v1::Command& Player::again(v1::Asked& kept) {
  asked_ = &kept;
  return *kept.mutable_command();
}

std::optional<cohort::Code> Player::ask(const std::string& actor) {
  asked_->set_actor(actor);
  asked_->set_now_us(now_);
  cohort::Verdict verdict = cohort::decide(cohort_, {scene_.directory, scene_.library}, *asked_, bench_);
  if (const auto* refusal = std::get_if<cohort::Refusal>(&verdict)) return refusal->code;
  const Records& records = std::get<cohort::Decision>(verdict).records;
  if (records.empty()) return std::nullopt;
  ++findings_.commits;
  about_.clear();
  std::optional<cohort::Slot> last;  // mostly one commit is about one initiative
  for (const v1::Record& record : records) {
    const std::string& id = cohort::initiative_of(record);
    auto slot = last && cohort_.initiatives[*last].id == id ? last : cohort_.find(id);
    if (record.has_initiative_started()) slot = static_cast<cohort::Slot>(cohort_.initiatives.size());
    last = slot;
    // Nobody plays the other kinds of subject: what they do by themselves happens, and is not counted.
    const bool other = record.has_initiative_started() ? !record.initiative_started().subject().empty()
                                                       : slot && !cohort_.initiatives[*slot].kind().empty();
    about_.push_back(other ? std::nullopt : slot);
    if (!other) watch_.see(cohort_, record, slot.value_or(0), now_);
    KVALI_CHECK(cohort::apply(cohort_, record, scene_.library).has_value());
    if (onlooker_.record) onlooker_.record(cohort_, record, now_);
  }
  follow(records);
  return std::nullopt;
}

void Player::pass_time(Instant at) {
  again(passing_).set_channel(v1::TIME);
  asked_->mutable_command()->mutable_pass_time();
  const std::uint64_t before = cohort_.sequence;
  static_cast<void>(ask(""));
  KVALI_CHECK(cohort_.sequence > before || cohort_.next_due() > at);  // what is due has happened, or time would stand still
}

// --- what follows for people

void Player::follow(const Records& records) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    const v1::Record& record = records[i];
    const auto slot = about_[i];
    if (!slot) continue;
    if (record.has_initiative_started()) {
      plan(*slot, 0, 0);
      for (const std::uint32_t state : record.initiative_started().entered()) plan(*slot, 0, state);
      continue;
    }
    const bool task = record.has_task_opened() || !record.advanced().task().empty();
    if (record.has_decision_held() && !publishing_) {
      const cohort::Initiative& initiative = cohort_.initiatives[*slot];
      const StateId source = initiative.model->chart().arrow(record.decision_held().arrow()).source();
      const auto deadline = setting_.habits.initiative[source].deadline;
      Intent intent;
      intent.what = What::Publish;
      intent.at = now_ + calendar::day_us;
      for (const cohort::Timer& timer : initiative.at.timers)
        if (deadline && timer.state == deadline->first && timer.timer == deadline->second)
          intent.at = std::max(now_ + minute_us, timer.due - publishing_before_us);
      publishing_ = true;
      add(intent);
    }
    if (!record.has_advanced() && !record.has_task_opened()) continue;
    std::uint32_t position = 0;
    if (task) {
      const std::string& key = record.has_task_opened() ? record.task_opened().task() : record.advanced().task();
      const auto& tasks = cohort_.initiatives[*slot].tasks;
      position = static_cast<std::uint32_t>(tasks.size());  // one behind it: what changes is mostly among the last
      while (position > 0 && tasks[position - 1].key != key) --position;
    }
    if (record.has_task_opened()) plan_answers(*slot, position);
    for (const std::uint32_t state : record.has_task_opened() ? record.task_opened().entered() : record.advanced().entered())
      plan(*slot, position, state);
  }
}

const cohort::Instance* Player::instance_of(const Intent& intent) const {
  const cohort::Initiative& initiative = cohort_.initiatives[intent.slot];
  if (initiative.ended()) return nullptr;
  if (intent.task == 0) return &initiative.at;
  const cohort::Task& task = initiative.tasks[intent.task - 1];
  return task.finished ? nullptr : &task.at;
}

const StateHabit& Player::habit_of(const Intent& intent, const cohort::Initiative& initiative) const {
  if (intent.task == 0) return setting_.habits.initiative[intent.state];
  const cohort::Task& task = initiative.tasks[intent.task - 1];
  const auto kind = static_cast<std::size_t>(initiative.model->task(task.kind) - initiative.model->tasks().data());
  return setting_.habits.tasks[kind][intent.state];
}

Instant Player::after(const Delay& delay, Instant allowed_us, Random& random) const {
  const Instant wait = allowed_us > 0 ? allowed_us / whole_time * delay.of_time_allowed.draw(random) : delay.seconds.draw(random) * calendar::second_us;
  return now_ + std::max(minute_us, wait) + static_cast<Instant>(random.under(minute_us));
}

void Player::plan(cohort::Slot slot, std::uint32_t task, std::uint32_t state) {
  Intent intent;
  intent.what = What::Move;
  intent.slot = slot;
  intent.task = task;
  intent.state = state;
  const cohort::Instance* instance = instance_of(intent);
  if (!instance) return;
  const StateHabit& habit = habit_of(intent, cohort_.initiatives[slot]);
  if (!habit.acts() || (state != 0 && !cohort::active(*instance, state))) return;
  intent.since = entered_at(*instance, state);
  Instant allowed = 0;
  if (habit.deadline)
    for (const cohort::Timer& timer : instance->timers)
      if (timer.state == habit.deadline->first && timer.timer == habit.deadline->second) allowed = timer.due - now_;
  plan_openings(habit, intent, allowed);
  Random& random = chance_[number_[slot]];
  std::uint32_t all = habit.nothing;
  for (const MoveHabit& one : habit.moves) all += one.weight;
  auto drawn = static_cast<std::uint32_t>(random.under(all));
  for (std::size_t i = 0; i < habit.moves.size(); ++i) {
    if (drawn >= habit.moves[i].weight) {
      drawn -= habit.moves[i].weight;
      continue;
    }
    intent.pick = static_cast<std::uint16_t>(i);
    intent.at = after(habit.delay, allowed, random);
    return add(intent);
  }
}

void Player::plan_openings(const StateHabit& habit, Intent intent, Instant allowed) {
  intent.what = What::Open;
  Random& random = chance_[number_[intent.slot]];
  for (intent.pick = 0; intent.pick < habit.opens.size(); ++intent.pick) {
    const OpenHabit& open = habit.opens[intent.pick];
    const std::int64_t number = open.number.pick(random);
    for (std::int64_t i = 0; i < number; ++i) {
      intent.at = after(open.delay, allowed, random);
      intent.tries = static_cast<std::uint8_t>(i);  // which of them: another reader each
      add(intent);
    }
  }
}

/// What is full is answered with another move, in the order of the program; anything else is tried again after a while.
void Player::refused(Intent intent, cohort::Code code, const std::string& what) {
  ++findings_.refused[{what, code}];
  if (code == cohort::Code::DeadlinePassed || ++intent.tries > tries_enough) return;
  const StateHabit& habit = habit_of(intent, cohort_.initiatives[intent.slot]);
  if (code == cohort::Code::QuotaFull && intent.pick + 1u < habit.moves.size()) {
    ++intent.pick;
    intent.at = now_ + minute_us;
  } else {
    intent.at = now_ + std::max<Instant>(calendar::day_us, (now_ - std::max(intent.since, scene_.begins)) / 10);
  }
  add(intent);
}

}  // namespace kvali::simulate
