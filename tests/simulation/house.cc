#include "tests/simulation/house.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/cli/zones.h"
#include "server/core/uuid.h"

namespace kvali::simulation {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

v1::Command publish() {
  const std::filesystem::path folder = std::filesystem::path(KVALI_SOURCE_DIR) / "workflows/socifaction-2017";
  v1::Command command;
  for (const char* path : {"program.yaml", "texts/lt.yaml"}) {
    v1::SourceFile& file = *command.mutable_publish_program()->add_files();
    file.set_path(path);
    file.set_text(text_of(folder / path));
  }
  return command;
}

void set_date(v1::Value& value, int year, unsigned month, unsigned day) {
  value.mutable_date()->set_year(year);
  value.mutable_date()->set_month(month);
  value.mutable_date()->set_day(day);
}

v1::Command open(Model& model) {
  v1::Command command;
  v1::OpenCohort& open = *command.mutable_open_cohort();
  open.set_name(Opening::cohort);
  open.set_program("socifaction-2017");
  struct Named {
    const char* name;
    int year;
    unsigned month, day;
  };
  for (const Named& one : {Named{"application_closes", 2016, 12, 18}, Named{"decisions_on", 2017, 1, 9},
                           Named{"mentoring_starts", 2017, 1, 16}, Named{"mentoring_ends", 2017, 3, 31}}) {
    v1::NamedValue& value = *open.add_parameters();
    value.set_name(one.name);
    set_date(*value.mutable_value(), one.year, one.month, one.day);
    model.dates[one.name] = day_of(one.year, one.month, one.day);
  }
  for (int i = 1; i <= 15; ++i) {
    open.add_localities()->set_id("place" + std::to_string(i));
    open.mutable_localities(i - 1)->set_name("Place " + std::to_string(i));
    model.localities.push_back("place" + std::to_string(i));
  }
  for (const Named& one : {Named{"", 2016, 12, 24}, Named{"", 2016, 12, 26}, Named{"", 2017, 1, 1}, Named{"", 2017, 2, 16}, Named{"", 2017, 3, 11}}) {
    v1::Value value;
    set_date(value, one.year, one.month, one.day);
    *open.add_holidays() = value.date();
    model.holidays.insert(day_of(one.year, one.month, one.day));
  }
  return command;
}

/// Asks one thing after the other and waits for each answer.
class Founder {
 public:
  explicit Founder(Opening& opening)
      : opening_(opening), now_(opening.opened_at),
        core_({opening.journal, *opening.vault, [this](std::function<void()> one) { posted_.push_back(std::move(one)); },
               [](const std::string& sentence) { throw Stopped(sentence); }, [](const std::string& name) { return cli::load_zone(name); }, nullptr}) {
    std::vector<std::string> notices;
    if (!core_.start(notices)) throw Stopped("an empty journal does not start");
  }

  std::string ask(v1::Command command, const std::string& actor) {
    now_ += 1000;
    ++count_;
    command.set_id(core::make_uuid_v7(now_, count_, count_ * 7919));
    std::optional<core::Reply> reply;
    core_.submit({std::move(command), actor, now_, false, [&](const core::Reply& one) { reply = one; }});
    while (!reply) {
      opening_.journal.pump();
      while (!posted_.empty()) {
        const auto one = std::move(posted_.front());
        posted_.pop_front();
        one();
      }
    }
    if (!reply->code.empty()) throw Stopped("the house cannot be opened: " + reply->code + " " + cohort::in_language(reply->refusal.sentence, "en"));
    return reply->created;
  }

  std::string person(const std::string& name, const std::string& actor) {
    v1::Command command;
    command.mutable_register_person()->mutable_name()->set_text(name);
    command.mutable_register_person()->mutable_email()->set_text("somebody@example.org");
    command.mutable_register_person()->add_languages("lt");
    const std::string id = ask(std::move(command), actor);
    opening_.model.persons.insert(id);
    return id;
  }

  std::string entrust(const std::string& person, const std::string& role, const std::string& locality) {
    v1::Command command;
    command.set_cohort(Opening::cohort);
    command.mutable_assign_role()->set_person(person);
    command.mutable_assign_role()->set_role(role);
    command.mutable_assign_role()->set_locality(locality);
    const std::string id = ask(std::move(command), opening_.managers[0]);
    opening_.model.entrusted.push_back({id, person, role, locality, 0, false});
    return id;
  }
  [[nodiscard]] Us now() const { return now_; }
  [[nodiscard]] const core::Core& core() const { return core_; }

 private:
  Opening& opening_;
  Us now_;
  std::uint64_t count_ = 0;
  std::deque<std::function<void()>> posted_;
  core::Core core_;
};

}  // namespace

Opening Opening::make() {
  Opening o;
  o.vault = vault::Vault::in_memory(2017);
  o.opened_at = day_of(2016, 11, 14) * day_us + 7 * hour;
  Founder founder(o);
  o.managers.push_back(founder.person("Manager one", ""));
  o.managers.push_back(founder.person("Manager two", o.managers[0]));
  v1::Command grant;
  grant.mutable_grant_relation()->set_person(o.managers[1]);
  grant.mutable_grant_relation()->set_relation("manager");
  founder.ask(grant, o.managers[0]);
  for (const directory::Grant& one : founder.core().store().directory.grants) o.model.managers[one.id] = one.person;
  founder.ask(publish(), o.managers[0]);
  founder.ask(open(o.model), o.managers[0]);
  o.localities.assign(o.model.localities.begin(), o.model.localities.begin() + 3);
  for (int i = 1; i <= 2; ++i) {
    o.reviewers.push_back(founder.person("Reviewer " + std::to_string(i), o.managers[0]));
    founder.entrust(o.reviewers.back(), "reviewer", "");
  }
  for (const std::string& locality : o.localities) {
    o.coordinators.push_back(founder.person("Coordinator of " + locality, o.managers[0]));
    founder.entrust(o.coordinators.back(), "coordinator", locality);
    o.mentors.push_back(founder.person("Mentor of " + locality, o.managers[0]));
    founder.entrust(o.mentors.back(), "mentor", locality);
  }
  o.donor = founder.person("Donor", o.managers[0]);
  founder.entrust(o.donor, "donor", "");
  for (int i = 1; i <= 22; ++i) o.applicants.push_back(founder.person("Applicant " + std::to_string(i), o.managers[0]));
  o.opened_at = founder.now();
  o.model.notice(o.opened_at);
  return o;
}

House::House(journal::MemoryJournal& journal, vault::Vault& vault, api::Wire& wire, core::Listener& watcher, Letters& letters)
    : journal_(journal), vault_(vault), wire_(wire), watcher_(watcher), letters_(letters) {}

void House::start() {
  core_ = std::make_unique<core::Core>(core::Options{journal_, vault_, [this](std::function<void()> one) { posted_.push_back(std::move(one)); },
                                                     [](const std::string& sentence) { throw Stopped(sentence); },
                                                     [](const std::string& name) { return cli::load_zone(name); }, nullptr});
  std::vector<std::string> notices;
  const auto started = core_->start(notices);
  if (!started) throw std::runtime_error("the journal does not fold: " + started.error().message);
  if (!notices.empty()) throw std::runtime_error(notices.front());
  core_->listen(watcher_);
  sessions_ = std::make_unique<access::Sessions>(*access::Sessions::open(vault_, ""));
  effects_ = std::make_unique<core::Effects>(*core_, letters_);
  if (auto resumed = effects_->resume(); !resumed) throw std::runtime_error(resumed.error().message);
  api_ = std::make_unique<api::Api>(api::Options{*core_, *sessions_, wire_, "kvali in a simulation", [this] { woken_ = true; }});
}

void House::stop() {
  posted_.clear();
  woken_ = false;
  api_.reset();
  effects_.reset();
  sessions_.reset();
  core_.reset();
  journal_.crash();
}

bool House::run_posted() {
  if (posted_.empty()) return false;
  const auto one = std::move(posted_.front());
  posted_.pop_front();
  one();
  return true;
}

bool House::flush(Us now) {
  if (!woken_) return false;
  woken_ = false;
  api_->flush(now);
  return true;
}

}  // namespace kvali::simulation
