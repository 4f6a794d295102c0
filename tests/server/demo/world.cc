#include "tests/server/demo/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "server/cli/zones.h"
#include "server/core/store.h"
#include "server/demo/short_form.h"
#include "tests/engine/cohort/describe.h"

namespace kvali::demo::testing {

std::filesystem::path workflow(const std::string& name) { return std::filesystem::path(KVALI_SOURCE_DIR) / "workflows" / name; }

World::World(std::uint64_t seed) : vault(vault::Vault::in_memory(seed)) { restart(); }

void World::restart() {
  core_.reset();
  posted_.clear();
  core_ = std::make_unique<core::Core>(core::Options{journal, *vault, [this](std::function<void()> run) { posted_.push_back(std::move(run)); },
                                                     [](const std::string& sentence) { throw std::runtime_error(sentence); },
                                                     [](const std::string& name) { return cli::load_zone(name); }, nullptr, snapshot_records,
                                                     beside, nullptr, proof});
  std::vector<std::string> notices;
  if (const auto started = core_->start(notices); !started) throw std::runtime_error(started.error().message);
  for (const std::string& notice : notices) throw std::runtime_error(notice);
}

void World::drain() {
  if (posted_.empty()) throw std::runtime_error("an answer is outstanding and nothing was posted");
  run();
}

void World::run() {
  while (!posted_.empty()) {
    const std::function<void()> next = std::move(posted_.front());
    posted_.pop_front();
    next();
  }
}

core::Reply World::ask(v1::Command command, const std::string& actor) {
  now_us += 1000;
  if (command.id().empty()) command.set_id(keys_.next(now_us));
  std::optional<core::Reply> answered;
  core_->submit({std::move(command), actor, now_us, false, [&](const core::Reply& reply) { answered = reply; }});
  while (!answered) drain();
  return *answered;
}

Options World::demo_options() {
  return {now_us, 7, {}, [](const std::string& name) { return cli::load_zone(name); }, [this] { drain(); }};
}

std::string described(const core::Store& store) {
  std::string text = cohort::testing::describe(store.directory);
  for (const auto& [id, entry] : store.cohorts) text += entry.quarantined.empty() ? cohort::testing::describe(entry.state) : entry.quarantined + "\n";
  return text;
}

std::string folded(const journal::Journal& journal) {
  core::Store store;
  std::vector<std::string> notices;
  if (const auto replayed = store.replay(journal, notices, core::Road::FirstRecord); !replayed) return replayed.error().message;
  return described(store);
}

std::string live(const core::Core& core) { return described(core.store()); }

Season::Season(std::optional<std::string> until, const std::string& name) {
  Options options = world.demo_options();
  options.until = std::move(until);
  auto result = play(world.core(), workflow(name), options);
  if (!result) {
    error = result.error().message;
    return;
  }
  played = std::move(*result);
  world.now_us = played.now_us;
}

const cohort::Cohort& Season::cohort() const { return world.core().store().cohorts.at(played.cohort).state; }

const cohort::Initiative& Season::of(const std::string& initiative) const {
  return cohort().initiatives[cohort().find(played.initiatives.at(initiative)).value()];
}

std::string Season::where(const std::string& initiative) const {
  const cohort::Initiative& one = of(initiative);
  std::string text;
  for (const auto state : statechart::atomic_states(one.model->chart(), one.at.where))
    text += (text.empty() ? "" : " + ") + one.model->chart().path(state);
  return text;
}

std::vector<std::string> Season::in(const std::string& path) const {
  std::vector<std::string> keys;
  for (const auto& [key, id] : played.initiatives) {
    const cohort::Initiative& one = of(key);
    const auto& active = one.at.where.active;
    if (std::any_of(active.begin(), active.end(), [&](auto state) { return one.model->chart().path(state) == path; })) keys.push_back(key);
  }
  return keys;
}

std::string Season::person(const std::string& key) const { return played.people.at(key); }

std::size_t Season::told(const std::string& message, const std::string& person_key) const {
  std::size_t count = 0;
  const auto look = [&](const auto& told) {
    for (const v1::Told& one : told) {
      const auto& persons = one.persons();
      const bool meant = person_key.empty() || std::find(persons.begin(), persons.end(), person(person_key)) != persons.end();
      if (one.message() == message && meant) ++count;
    }
  };
  const auto read = world.journal.read("cohort/" + played.cohort, 1, [&](const journal::Record& stored) {
    v1::Record record;
    if (!record.ParseFromString(stored.bytes)) throw std::runtime_error("a stored record cannot be read");
    look(record.advanced().told());
    look(record.excepted().told());
    look(record.blocked().told());
    look(record.term_noticed().told());
    return journal::Visit::Continue;
  });
  if (!read) throw std::runtime_error(read.error().message);
  return count;
}

void Season::at(const std::string& time) {
  const auto to = local_time(time, cohort().zone);
  if (!to) throw std::runtime_error(to.error().message);
  v1::Command command;
  command.set_cohort(played.cohort);
  command.mutable_move_clock()->set_to_us(*to);
  const core::Reply reply = world.ask(std::move(command), person("manager-1"));
  if (!reply.code.empty()) throw std::runtime_error(time + ": " + reply.code);
  while (cohort().clock_target > cohort().clock) world.core().pass_time(world.now_us);
  while (world.core().in_flight() > 0) world.drain();
}

core::Reply Season::ask(const std::string& person_key, const std::string& text, const std::string& initiative) {
  const auto id_of = [this](const std::string& key) -> Result<std::string> {
    for (const auto* ids : {&played.people, &played.initiatives, &played.others})
      if (const auto found = ids->find(key); found != ids->end()) return found->second;
    return key;  // an id, or nobody's
  };
  v1::Command command;
  command.set_cohort(played.cohort);
  const auto filled = fill(command, YAML::Load(text), {cohort().zone, id_of}, "the test");
  if (!filled) throw std::runtime_error(filled.error().message);
  if (!initiative.empty()) {
    const auto* body = command.GetReflection()->GetOneofFieldDescriptor(command, command.GetDescriptor()->oneof_decl(0));
    auto* message = command.GetReflection()->MutableMessage(&command, body);
    message->GetReflection()->SetString(message, message->GetDescriptor()->FindFieldByName("initiative"), played.initiatives.at(initiative));
  }
  return world.ask(std::move(command), person_key.empty() ? "" : person(person_key));
}

std::string Season::code(const std::string& person_key, const std::string& command, const std::string& initiative) {
  return ask(person_key, command, initiative).code;
}

const Season& whole(const std::string& name) {
  static std::map<std::string, Season> seasons;
  return seasons.try_emplace(name, std::nullopt, name).first->second;
}

}  // namespace kvali::demo::testing
