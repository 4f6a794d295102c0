#include "engine/simulate/scene.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cohort/apply.h"
#include "engine/cohort/zone_table.h"

namespace kvali::simulate {
namespace {

using statechart::StateId;

constexpr calendar::Date long_ago{1990, 1, 1};  // since when a simulated organisation has everything that is asked of one

std::string words_of(const cohort::Refusal& refusal) {
  std::string text = cohort::in_language(refusal.sentence, "en");
  for (const cohort::Unmet& one : refusal.unmet)
    if (const std::string& why = cohort::in_language(one.why, "en"); why != text) text.append("; ").append(why);
  return text;
}

/// Sets a scene, part by part.
class Setter {
 public:
  explicit Setter(const Setting& setting) : setting_(setting), program_(setting.model->program()) {
    scene_.model = setting.model;
    scene_.library.add({setting.model, 0, ""});
    scene_.begins = setting.opening.clock_us();
    scene_.opened.remembers = false;
  }

  Result<Scene> run() {
    scene_.manager = person("manager");
    v1::Record grant;
    grant.mutable_relation_granted()->set_person(scene_.manager);
    grant.mutable_relation_granted()->set_relation("manager");
    add(grant);
    for (std::uint32_t i = 0; i < setting_.initiatives; ++i) scene_.applicants.push_back(person(fmt::format("applicant-{}", i + 1)));
    organisation();
    if (auto done = open(); !done) return fail(done.error());
    if (auto done = cast(); !done) return fail(done.error());
    look_at_arrows();
    look_at_stages();
    look_at_arrival();
    return std::move(scene_);
  }

 private:
  void add(const v1::Record& record) { KVALI_CHECK(directory::apply(scene_.directory, record).has_value()); }
  std::string person(const std::string& id) {
    v1::Record record;
    record.mutable_person_registered()->set_person(id);
    add(record);
    return id;
  }

  /// One that fits every programme that asks for how long it has had what: an initiative is turned away for its dates, not for
  /// who brings it.
  void organisation() {
    if (program_.initiative().facts().empty()) return;
    scene_.organisation = "organisation";
    v1::Record record;
    record.mutable_organisation_registered()->set_organisation(scene_.organisation);
    for (const v1::OrganisationFact& asked : program_.initiative().facts()) {
      v1::Fact& fact = *record.mutable_organisation_registered()->add_facts();
      fact.set_name(asked.name());
      *fact.mutable_from() = cohort::date_of(long_ago);
      fact.add_accepted()->set_by(scene_.manager);
    }
    add(record);
    for (const std::string& applicant : scene_.applicants) {
      v1::Record grant;
      grant.mutable_relation_granted()->set_person(applicant);
      grant.mutable_relation_granted()->set_relation("member");
      grant.mutable_relation_granted()->set_scope(scene_.organisation);
      add(grant);
    }
  }

  Result<void> ask(const v1::Command& command, const std::string& what) {
    v1::Asked asked;
    *asked.mutable_command() = command;
    asked.set_actor(scene_.manager);
    asked.set_now_us(scene_.begins);
    asked.set_fresh_id(fmt::format("made-{}", ++made_));
    const cohort::Verdict verdict = carry_out(scene_.opened, scene_, asked, bench_);
    if (const auto* refusal = std::get_if<cohort::Refusal>(&verdict)) return fail(what + ": " + words_of(*refusal));
    return {};
  }

  Result<void> open() {
    v1::Command command;
    *command.mutable_open_cohort() = setting_.opening;
    command.mutable_open_cohort()->set_rehearsal(false);
    if (auto done = ask(command, "the cohort cannot be opened"); !done) return done;
    for (const v1::SetQuota& places : setting_.places) {
      v1::Command set;
      *set.mutable_set_quota() = places;
      if (auto done = ask(set, fmt::format("the places of {} cannot be set", places.quota())); !done) return done;
    }
    return {};
  }

  /// How many people share a role that is not a locality's: reviewers as many as each application has readers and one more,
  /// those of single initiatives as their load asks for.
  std::uint32_t people_of(const v1::Role& role) const {
    std::uint32_t people = 1;
    for (const cohort::TaskModel& task : scene_.model->tasks())
      if (task.kind->has_review() && task.kind->review().by() == role.name()) people = std::max(people, task.kind->review().each() + 1);
    for (const v1::Body& body : program_.bodies())
      if (body.role() == role.name()) people = std::max(people, body.seats());
    for (const v1::Arrow& arrow : scene_.model->chart().machine().arrows()) {
      const auto& by = arrow.move().by();
      const bool others = !arrow.move().gate().empty() || arrow.move().not_by_size() > 0;  // another person than the first
      if (others && std::find(by.begin(), by.end(), role.name()) != by.end()) people = std::max(people, 2u);
    }
    if (role.scope() == v1::Role::INITIATIVE) people = std::max(1u, (setting_.initiatives + 7) / 8);
    if (role.scope() == v1::Role::INITIATIVE && role.load() > 0) people = std::max(1u, (setting_.initiatives + role.load() - 1) / role.load());
    return people;
  }

  Result<void> cast() {
    for (const v1::Role& role : program_.roles()) {
      Cast& one = scene_.cast.emplace_back();
      one.role = &role;
      if (role.name() == scene_.model->applicant_role() || role.reads_only()) continue;
      if (role.name() == scene_.model->manager_role()) {
        one.people.push_back(scene_.manager);
        for (std::uint32_t i = 1; i < people_of(role); ++i) {
          one.people.push_back(person(fmt::format("manager-{}", i + 1)));
          if (auto done = assign(role, one.people.back(), ""); !done) return done;
        }
        continue;
      }
      const bool local = role.scope() == v1::Role::LOCALITY;
      const auto count = local ? static_cast<std::uint32_t>(setting_.opening.localities_size()) : people_of(role);
      for (std::uint32_t i = 0; i < count; ++i) {
        one.people.push_back(person(fmt::format("{}-{}", role.name(), local ? setting_.opening.localities(static_cast<int>(i)).id() : std::to_string(i + 1))));
        if (role.scope() == v1::Role::INITIATIVE) continue;  // assigned when the initiative begins
        if (auto done = assign(role, one.people.back(), local ? setting_.opening.localities(static_cast<int>(i)).id() : ""); !done) return done;
      }
    }
    return {};
  }

  /// With the role's own limit, and where its places are more than that, with as many as there are: a season that is played has
  /// somebody for everything, and says that the limit is passed.
  Result<void> assign(const v1::Role& role, const std::string& who, const std::string& locality) {
    v1::Command command;
    command.mutable_assign_role()->set_person(who);
    command.mutable_assign_role()->set_role(role.name());
    command.mutable_assign_role()->set_locality(locality);
    if (ask(command, "").has_value()) return {};
    command.mutable_assign_role()->set_load_max(UINT32_MAX);
    if (auto done = ask(command, fmt::format("nobody can be made {}", role.name())); !done) return done;
    std::string note = fmt::format("More places than the {} that one {} may have: they were given all the same.", role.load(), role.name());
    if (std::find(scene_.notes.begin(), scene_.notes.end(), note) == scene_.notes.end()) scene_.notes.push_back(std::move(note));
    return {};
  }

  void look_at_arrows() {
    const statechart::Chart& chart = scene_.model->chart();
    for (statechart::ArrowId id = 0; id < chart.arrow_count(); ++id) {
      const auto& by = chart.arrow(id).move().by();
      scene_.applicants_move.push_back(std::find(by.begin(), by.end(), scene_.model->applicant_role()) != by.end());
      std::vector<std::size_t>& roles = scene_.acting.emplace_back();
      for (std::size_t i = 0; i < scene_.cast.size(); ++i)
        if (!scene_.cast[i].people.empty() && std::find(by.begin(), by.end(), scene_.cast[i].role->name()) != by.end()) roles.push_back(i);
    }
  }

  void look_at_stages() {
    const statechart::Chart& chart = scene_.model->chart();
    for (StateId state = 0; state < chart.state_count(); ++state) {
      StateId stage = state;
      while (stage != 0 && chart.parent(stage) != 0) stage = chart.parent(stage);
      scene_.stage_of.push_back(stage);
    }
    for (const Cast& one : scene_.cast) {
      std::vector<bool>& busy = scene_.busy.emplace_back(chart.state_count(), false);
      const auto named = [&](const auto& roles) { return std::find(roles.begin(), roles.end(), one.role->name()) != roles.end(); };
      for (StateId state = 0; state < chart.state_count(); ++state) {
        bool any = named(chart.node(state).waits_for());
        for (const std::string& kind : chart.node(state).opens()) any = any || named(scene_.model->task(kind)->kind->by());
        for (const auto arrow : chart.arrows_of(state)) any = any || (chart.is_atomic(state) && named(chart.arrow(arrow).move().by()));
        if (any) busy[scene_.stage_of[state]] = true;
      }
    }
  }

  /// Applications close when the first state's deadline, a date of the cohort, has passed: asked of the engine by letting one
  /// begin in a cohort of its own.
  void look_at_arrival() {
    constexpr std::int64_t days_without_end = 30;
    scene_.closes = scene_.begins + days_without_end * calendar::day_us;
    if (scene_.applicants.empty()) return;
    cohort::Cohort trial = scene_.opened;
    v1::Asked asked;
    asked.mutable_command()->mutable_start_initiative()->set_organisation(scene_.organisation);
    asked.set_actor(scene_.applicants.front());
    asked.set_now_us(scene_.begins);
    asked.set_fresh_id("trial");
    if (std::holds_alternative<cohort::Refusal>(carry_out(trial, scene_, asked, bench_)) || trial.initiatives.empty()) return;
    const statechart::Chart& chart = scene_.model->chart();
    for (const cohort::Timer& timer : trial.initiatives[0].at.timers) {
      const v1::Timer& rule = chart.node(timer.state).timers(static_cast<int>(timer.timer));
      if (rule.name() == "deadline" && !rule.at().empty() && timer.due > scene_.begins) {
        scene_.closes = timer.due;
        return;
      }
    }
    scene_.notes.push_back(fmt::format("Nothing says when applications close: they arrive within {} days.", days_without_end));
  }

  const Setting& setting_;
  const v1::Program& program_;
  Scene scene_;
  cohort::Bench bench_;
  std::uint32_t made_ = 0;
};

}  // namespace

const Cast& Scene::role(const std::string& name) const {
  const auto found = std::find_if(cast.begin(), cast.end(), [&](const Cast& one) { return one.role->name() == name; });
  KVALI_CHECK(found != cast.end());
  return *found;
}

Result<Scene> set_scene(const Setting& setting) { return Setter(setting).run(); }

cohort::Verdict carry_out(cohort::Cohort& cohort, const Scene& scene, const v1::Asked& asked, cohort::Bench& bench) {
  cohort::Verdict verdict = cohort::decide(cohort, {scene.directory, scene.library}, asked, bench);
  if (const auto* decision = std::get_if<cohort::Decision>(&verdict))
    for (const v1::Record& record : decision->records) KVALI_CHECK(cohort::apply(cohort, record, scene.library).has_value());
  return verdict;
}

}  // namespace kvali::simulate
