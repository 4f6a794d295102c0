#include "server/demo/demo.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/limits.h"
#include "server/core/publish.h"
#include "server/core/uuid.h"
#include "server/demo/short_form.h"

namespace kvali::demo {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(path.string() + ": cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string words(const core::Reply& reply) {
  std::string text = reply.code;
  const std::string& sentence = cohort::in_language(reply.refusal.sentence, "en");
  if (!sentence.empty()) text += ": " + sentence;
  for (const cohort::Unmet& one : reply.refusal.unmet)
    if (const std::string& why = cohort::in_language(one.why, "en"); why != sentence) text += "; " + why;
  return text;
}

/// A command on its way, with what its answer is checked against.
struct Step {
  v1::Command command;
  std::string actor;
  std::string where;    // file, line and column, and what is asked
  std::string refused;  // the code it must be refused with; empty: it must be done
  std::map<std::string, std::string>* created = nullptr;  // where the id of what it creates goes,
  std::string key;                                        // under this key
};

class Player {
 public:
  Player(core::Core& core, const std::filesystem::path& folder, const Options& options)
      : core_(core), folder_(folder), options_(options), keys_(options.seed) {
    played_.now_us = options.now_us;
  }

  Result<Played> play() {
    Result<void> done = play_all();
    while (in_flight_ > 0) options_.drain();  // the answers hold this object
    if (failed_) return fail(*failed_);
    if (!done) return fail(done.error());
    played_.cohort = played_.cohorts.front();
    return played_;
  }

 private:
  Result<void> play_all() {
    // YAML comes from outside, and its library throws: this is the edge.
    try {
      if (auto done = prove(); !done) return done;
      if (auto done = open_house(); !done) return done;
      if (auto done = publish(); !done) return done;
      if (auto done = season(); !done) return done;
      for (const std::string& part : further_cohorts()) {
        if (failed_) return {};
        part_ = part + "/";
        if (auto done = open_house(); !done) return done;
        if (auto done = season(); !done) return done;
      }
      return {};
    } catch (const YAML::Exception& error) {
      return fail(fmt::format("{}:{}:{}: {}", file_, error.mark.line + 1, error.mark.column + 1, error.msg));
    }
  }

  Result<void> season() {
    if (auto done = open_cohort(); !done) return done;
    return history();
  }

  /// Folders in the folder with a cohort of their own: the same program once more.
  std::vector<std::string> further_cohorts() const {
    std::vector<std::string> parts;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      if (entry.is_directory() && std::filesystem::exists(entry.path() / "cohort.yaml")) parts.push_back(entry.path().filename().string());
    std::sort(parts.begin(), parts.end());
    return parts;
  }

  Result<YAML::Node> load(const std::string& name) {
    file_ = part_ + name;
    auto text = read_file(folder_ / file_);
    if (!text) return fail(text.error());
    return YAML::Load(*text);
  }

  // --- sending and waiting

  void send(Step step) {
    played_.now_us += 1000;
    ++played_.commands;
    ++in_flight_;
    step.command.set_id(keys_.next(played_.now_us));
    if (step.created) pending_.insert(step.key);
    core::Submission submission;
    submission.command = std::move(step.command);
    submission.actor = std::move(step.actor);
    submission.now_us = played_.now_us;
    submission.answer = [this, where = std::move(step.where), refused = std::move(step.refused), created = step.created,
                         key = std::move(step.key)](const core::Reply& reply) {
      --in_flight_;
      if (created) pending_.erase(key);
      if (created && reply.code.empty()) (*created)[key] = reply.created;
      if (reply.code == refused || failed_) return;
      failed_ = refused.empty() ? Error{fmt::format("{} was refused: {}", where, words(reply))}
                                : Error{fmt::format("{} should have been refused with {}, but {}", where, refused,
                                                    reply.code.empty() ? std::string("was done") : "got " + words(reply))};
    };
    core_.submit(std::move(submission));
    while (in_flight_ > limits::demo_in_flight_max) options_.drain();
  }

  Result<std::string> id_of(const std::string& key) {
    while (pending_.contains(key)) options_.drain();
    for (const auto* ids : {&played_.people, &played_.initiatives, &played_.others})
      if (const auto found = ids->find(key); found != ids->end()) return found->second;
    // A subject that begins by itself has its kind, or KIND/LOCALITY, for a key.
    if (const auto entry = core_.store().cohorts.find(played_.cohort); entry != core_.store().cohorts.end())
      if (const cohort::Initiative* one = entry->second.state.the(key)) return one->id;
    return fail(fmt::format("nobody and nothing has the key `{}`", key));
  }

  Shorthand shorthand() {
    return {zone_, [this](const std::string& key) { return id_of(key); }};
  }

  // --- people, program, cohort

  Result<void> open_house() {
    auto file = load("people.yaml");
    if (!file) return fail(file.error());
    for (const auto& entry : (*file)["people"]) {
      const std::string key = entry.first.Scalar();
      Step step{{}, manager_, place_of(file_, entry.first) + ": registering " + key, "", &played_.people, key};
      YAML::Node fields;
      for (const auto& field : entry.second)
        if (field.first.Scalar() != "house") fields[field.first.Scalar()] = field.second;
      if (auto filled = fill(*step.command.mutable_register_person(), fields, shorthand(), file_); !filled) return filled;
      if (manager_.empty() && !core_.store().directory.persons.empty()) {
        if (auto found = find_manager(); !found) return found;
        step.actor = manager_;
      }
      send(std::move(step));
      if (manager_.empty() || entry.second["house"])
        if (auto done = run_the_house(key, entry.second); !done) return done;
    }
    if (manager_key_.empty()) return fail(file_ + ": nobody in it has `house: manager`");
    return {};
  }

  Result<void> find_manager() {
    for (const directory::Grant& one : core_.store().directory.grants)
      if (!one.ended && one.relation == "manager" && one.scope.empty()) manager_ = one.person;
    if (manager_.empty()) return fail("the house has people, but nobody who runs it");
    return {};
  }

  /// The first of a new house runs it from the start; later ones are given the relation.
  Result<void> run_the_house(const std::string& key, const YAML::Node& person) {
    auto id = id_of(key);
    if (!id || failed_) return id ? Result<void>() : fail(id.error());
    if (manager_key_.empty()) manager_key_ = key;
    if (core_.store().directory.related(*id, "manager", "", played_.now_us)) {
      manager_ = *id;
      return {};
    }
    Step step{{}, manager_, place_of(file_, person) + ": " + key + " runs the house", "", nullptr, ""};
    step.command.mutable_grant_relation()->set_person(*id);
    step.command.mutable_grant_relation()->set_relation("manager");
    send(std::move(step));
    return {};
  }

  /// Nothing is played of a folder whose program is not sound: a house begun by halves would have to be thrown away.
  Result<void> prove() const {
    auto command = program_files();
    if (!command) return fail(command.error());
    const core::Publication made = core::prepare(*command);
    std::string sentence = "the program is not sound, so nothing was played:";
    for (const program::Fault& fault : made.loaded.faults) sentence.append("\n").append(program::to_line(fault));
    for (const program::Finding& finding : made.verdict.findings)
      if (finding.severity == program::Severity::Error) sentence.append("\n").append(program::to_line(finding));
    return made.loaded.ok() && made.verdict.kind != program::Verdict::Kind::Unsound ? Result<void>() : fail(std::move(sentence));
  }

  /// program.yaml and what stands in texts/ beside it, by name.
  Result<v1::PublishProgram> program_files() const {
    v1::PublishProgram command;
    if (auto added = add_file(command, "program.yaml"); !added) return fail(added.error());
    std::vector<std::string> texts;
    if (std::filesystem::exists(folder_ / "texts"))
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / "texts")) texts.push_back("texts/" + entry.path().filename().string());
    std::sort(texts.begin(), texts.end());
    for (const std::string& path : texts)
      if (auto added = add_file(command, path); !added) return fail(added.error());
    return command;
  }

  Result<void> publish() {
    auto program = load("program.yaml");
    if (!program) return fail(program.error());
    if (const YAML::Node zone = (*program)["timezone"]) {
      auto loaded = options_.zone(zone.Scalar());
      if (!loaded) return fail(loaded.error());
      zone_ = std::move(*loaded);
    }
    Step step{{}, manager_, "program.yaml: publishing it", "", nullptr, ""};
    auto command = program_files();
    if (!command) return fail(command.error());
    // A version that the house knows already is used as it is.
    const auto known = core_.store().library.programs().find((*program)["program"].Scalar());
    if (known != core_.store().library.programs().end() && published(known->second.back().model->version(), *command)) return {};
    *step.command.mutable_publish_program() = std::move(*command);
    send(std::move(step));
    while (in_flight_ > 0) options_.drain();  // it is proved beside the core, so what follows would overtake it
    return {};
  }

  bool published(const std::string& version, const v1::PublishProgram& command) const {
    bool same = false;
    const std::string stream = core::stream_of(core_command(command));
    auto read = core_.journal().read(stream, 1, [&](const journal::Record& stored) {
      v1::Record record;
      if (!record.ParseFromString(stored.bytes) || record.program_published().version() != version) return journal::Visit::Continue;
      const auto& files = record.program_published().files();
      same = std::equal(files.begin(), files.end(), command.files().begin(), command.files().end(),
                        [](const auto& a, const auto& b) { return a.path() == b.path() && a.text() == b.text(); });
      return journal::Visit::Continue;
    });
    return read.has_value() && same;
  }

  static v1::Command core_command(const v1::PublishProgram& publish) {
    v1::Command command;
    *command.mutable_publish_program() = publish;
    return command;
  }

  Result<void> add_file(v1::PublishProgram& command, const std::string& path) const {
    auto text = read_file(folder_ / path);
    if (!text) return fail(text.error());
    v1::SourceFile& file = *command.add_files();
    file.set_path(path);
    file.set_text(std::move(*text));
    return {};
  }

  Result<void> open_cohort() {
    auto file = load("cohort.yaml");
    if (!file) return fail(file.error());
    auto opener = id_of(manager_key_);
    if (!opener) return fail(opener.error());
    manager_ = *opener;
    Step step{{}, manager_, file_ + ": opening the cohort", "", nullptr, ""};
    if (auto filled = fill(*step.command.mutable_open_cohort(), *file, shorthand(), file_); !filled) return filled;
    played_.cohort = step.command.open_cohort().name();
    played_.cohorts.push_back(played_.cohort);
    if (core_.store().cohorts.contains(played_.cohort)) return fail(fmt::format("the cohort {} is open already", played_.cohort));
    send(std::move(step));
    if (failed_ || !core_.store().cohorts.contains(played_.cohort)) return failed_ ? Result<void>() : fail(file_ + ": the cohort was not opened");
    // What begins by itself is there before anybody asks for it.
    while (core_.store().cohorts.at(played_.cohort).state.has_work()) core_.pass_time(played_.now_us);
    return {};
  }

  // --- what happened

  Result<void> history() {
    applications_.reset();
    if (std::filesystem::exists(folder_ / (part_ + "applications.yaml"))) {
      auto file = load("applications.yaml");
      if (!file) return fail(file.error());
      applications_ = (*file)["applications"];
    }
    if (!std::filesystem::exists(folder_ / (part_ + "history.yaml"))) return {};
    auto file = load("history.yaml");
    if (!file) return fail(file.error());
    for (const auto& step : (*file)["steps"]) {
      if (options_.until && step["at"] && step["at"].Scalar() > *options_.until) return {};
      if (auto done = play_step(step); !done) return done;
      if (failed_) return {};
    }
    return {};
  }

  Result<void> play_step(const YAML::Node& step) {
    if (step["at"])
      if (auto moved = move_clock(step["at"]); !moved) return moved;
    const std::string name = command_of(step);
    if (name.empty()) return {};
    if (step["each"]) {
      for (const auto& entry : step["each"])
        if (auto done = ask(step, name, entry.first.Scalar(), entry.second); !done) return done;
      return {};
    }
    if (!step["initiatives"]) return ask(step, name, "", {});
    for (const auto& initiative : step["initiatives"])
      if (auto done = ask(step, name, initiative.Scalar(), {}); !done) return done;
    return {};
  }

  static std::string command_of(const YAML::Node& step) {
    static constexpr std::array<std::string_view, 9> around = {"at",          "by",   "on_behalf_of", "channel", "received_at_us",
                                                               "initiatives", "each", "key",          "refused"};
    for (const auto& entry : step)
      if (std::find(around.begin(), around.end(), entry.first.Scalar()) == around.end()) return entry.first.Scalar();
    return {};
  }

  Result<void> move_clock(const YAML::Node& at) {
    const auto to = local_time(at.Scalar(), zone_);
    if (!to) return fail(place_of(file_, at) + ": " + to.error().message);
    const cohort::Cohort& cohort = core_.store().cohorts.at(played_.cohort).state;
    if (!cohort.rehearsal) return fail(place_of(file_, at) + ": only a rehearsal has a clock that can be moved");
    if (*to == cohort.clock) return {};
    Step step{{}, manager_, place_of(file_, at) + ": moving the clock", "", nullptr, ""};
    step.command.set_cohort(played_.cohort);
    step.command.mutable_move_clock()->set_to_us(*to);
    send(std::move(step));
    while (cohort.clock_target > cohort.clock) core_.pass_time(played_.now_us);  // more was due than one commit takes
    return {};
  }

  /// One command of a step, for one initiative or for none.
  Result<void> ask(const YAML::Node& step, const std::string& name, const std::string& initiative, const YAML::Node& fields) {
    const std::string where = fmt::format("{}: {}{}{}", place_of(file_, step), name, initiative.empty() ? "" : " for ", initiative);
    auto actor = actor_of(step["by"], initiative);
    if (!actor) return fail(actor.error().within(where));
    Step made{{}, *actor, where, step["refused"] ? step["refused"].Scalar() : "", nullptr, ""};
    made.command.set_cohort(played_.cohort);
    YAML::Node form;
    for (const char* key : {"on_behalf_of", "channel", "received_at_us"})
      if (step[key]) form[key] = step[key];
    form[name] = step[name];
    if (auto filled = fill(made.command, form, shorthand(), file_); !filled) return filled;
    const FieldDescriptor* body = made.command.GetDescriptor()->FindFieldByName(name);
    if (!body->containing_oneof()) return fail(where + ": this is no command");
    Message& message = *made.command.GetReflection()->MutableMessage(&made.command, body);
    if (!fields.IsNull()) {
      YAML::Node form_fields;
      form_fields["fields"] = fields;
      if (auto filled = fill(message, form_fields, shorthand(), file_); !filled) return filled;
    }
    if (made.command.has_start_initiative()) {
      if (auto done = bring(*made.command.mutable_start_initiative(), initiative, *actor); !done) return fail(done.error().within(where));
      made.created = &played_.initiatives;
      made.key = initiative;
    } else if (!initiative.empty()) {
      auto id = id_of(initiative);
      const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("initiative");
      if (!id || !field) return fail(where + ": " + (id ? "this command is for no initiative" : id.error().message));
      message.GetReflection()->SetString(&message, field, *id);
    }
    if (step["key"]) {
      made.created = &played_.others;
      made.key = step["key"].Scalar();
    }
    send(std::move(made));
    return {};
  }

  /// A person's key; or a role: for this initiative the one whose key follows from it.
  Result<std::string> actor_of(const YAML::Node& by, const std::string& initiative) {
    if (!by) return manager_;
    const std::string& name = by.Scalar();
    for (const std::string& key : {name, name + "-" + initiative, name + "-" + locality_of(initiative)})
      if (played_.people.contains(key) || pending_.contains(key)) return id_of(key);
    return fail(fmt::format("no person has the key `{}`, or follows from it for `{}`", name, initiative));
  }

  std::string locality_of(const std::string& initiative) const {
    if (!applications_ || initiative.empty() || !applications_[initiative]) return {};
    const YAML::Node locality = applications_[initiative]["fields"]["locality"];
    return locality ? locality.Scalar() : "";
  }

  /// What applications.yaml says and the step does not: who brings it, and what is written in it.
  Result<void> bring(v1::StartInitiative& command, const std::string& key, const std::string& actor) {
    if (!applications_ || !applications_[key]) return {};
    const YAML::Node application = applications_[key];
    if (command.applicant().empty() && played_.people.contains("applicant-" + key)) command.set_applicant(played_.people.at("applicant-" + key));
    if (command.organisation().empty() && application["organisation"]) {
      auto id = organisation(application["organisation"], actor);
      if (!id) return fail(id.error());
      command.set_organisation(*id);
    }
    v1::StartInitiative rest;
    YAML::Node fields;
    fields["fields"] = application["fields"];
    if (auto filled = fill(rest, fields, shorthand(), part_ + "applications.yaml"); !filled) return filled;
    for (const v1::FieldInput& field : rest.fields()) {
      const bool said = std::any_of(command.fields().begin(), command.fields().end(), [&](const auto& one) { return one.name() == field.name(); });
      if (!said) *command.add_fields() = field;
    }
    return {};
  }

  Result<std::string> organisation(const YAML::Node& said, const std::string& actor) {
    const std::string name = said["name"].Scalar();
    if (!played_.others.contains(name) && !pending_.contains(name)) {
      Step step{{}, actor, place_of(part_ + "applications.yaml", said) + ": registering " + name, "", &played_.others, name};
      if (auto filled = fill(*step.command.mutable_register_organisation(), said, shorthand(), part_ + "applications.yaml"); !filled) return fail(filled.error());
      send(std::move(step));
    }
    return id_of(name);
  }

  core::Core& core_;
  const std::filesystem::path& folder_;
  const Options& options_;
  Keys keys_;
  Played played_;
  calendar::Zone zone_ = calendar::utc();
  std::string part_;         // folder of a further cohort, with a slash
  std::string file_;         // that is being read, for errors
  std::string manager_;      // person who runs the house and moves the clock
  std::string manager_key_;
  YAML::Node applications_;
  std::set<std::string> pending_;  // keys whose ids are on their way
  std::size_t in_flight_ = 0;
  std::optional<Error> failed_;
};

}  // namespace

Result<Played> play(core::Core& core, const std::filesystem::path& folder, const Options& options) {
  return Player(core, folder, options).play();
}

std::uint64_t Keys::random() {
  // splitmix64 (Sebastiano Vigna, public domain): every state gives another number.
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::string Keys::next(std::int64_t now_us) {
  const std::uint64_t high = random();
  return core::make_uuid_v7(now_us, high, random());
}

}  // namespace kvali::demo
