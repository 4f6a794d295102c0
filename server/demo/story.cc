#include "server/demo/story.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <set>

#include "server/demo/speak.h"

namespace kvali::demo {
namespace {

std::string word(const YAML::Node& node) { return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string(); }

std::string locality_of(const std::string& initiative) { return initiative.substr(0, initiative.rfind('-')); }

class Player {
 public:
  Player(const Files& files, const calendar::Zone& zone, const Send& send) : files_(files), zone_(zone), send_(send) {}

  Result<Played> play() {
    applications_ = YAML::Load(files_.applications)["applications"];
    if (auto done = register_people(YAML::Load(files_.people)["people"]); !done) return fail(done.error().within("people.yaml"));
    if (auto done = open(YAML::Load(files_.cohort)); !done) return fail(done.error().within("cohort.yaml"));
    const YAML::Node history = YAML::Load(files_.history);
    for (const auto& step : history["steps"]) {
      if (auto done = follow(step); !done) return fail(done.error().within("history.yaml"));
    }
    return played_;
  }

 private:
  Tongue tongue() {
    return {zone_, [this](const std::string& key) -> Result<std::string> {
              const auto found = played_.ids.find(key);
              if (found == played_.ids.end()) return fail("nothing before this is known as \"" + key + "\"");
              return found->second;
            }};
  }

  /// Sends one command; `refused` is the code it is meant to meet.
  Result<std::string> send(const std::string& actor, const v1::Command& command, const YAML::Node& at, const std::string& refused = {}) {
    ++played_.commands;
    const Answer answer = send_(actor, command);
    if (answer.code == refused) return answer.created;
    if (answer.code.empty()) return fail(place_of(at) + "was not refused, expected " + refused);
    return fail(fmt::format("{}refused with {}: {}", place_of(at), answer.code, answer.sentence));
  }

  Result<void> register_people(const YAML::Node& people) {
    for (const auto& entry : people) {
      v1::Command command;
      command.set_channel(v1::IMPORT);
      YAML::Node said = YAML::Clone(entry.second);
      const bool runs_house = word(said["house"]) == "manager";
      said.remove("house");
      if (auto spoken = speak(said, tongue(), *command.mutable_register_person()); !spoken) return spoken;
      auto id = send(first_, command, entry.first);
      if (!id) return fail(id.error());
      played_.ids[word(entry.first)] = *id;
      const bool is_first = first_.empty();
      if (is_first) first_ = *id;  // who is registered first runs the house without being told
      if (!runs_house || is_first) continue;
      v1::Command grant;
      grant.mutable_grant_relation()->set_person(*id);
      grant.mutable_grant_relation()->set_relation("manager");
      if (auto granted = send(first_, grant, entry.first); !granted) return fail(granted.error());
    }
    return {};
  }

  Result<void> open(const YAML::Node& cohort) {
    v1::Command publish;
    for (const v1::SourceFile& file : files_.program) *publish.mutable_publish_program()->add_files() = file;
    publish.mutable_publish_program()->set_message("The first version");
    if (auto published = send(first_, publish, cohort); !published) return fail(published.error().within("publishing the program"));
    v1::Command command;
    v1::OpenCohort& season = *command.mutable_open_cohort();
    if (auto spoken = speak(cohort, tongue(), season); !spoken) return spoken;
    clock_ = season.clock_us();
    auto opened = send(first_, command, cohort);
    if (!opened) return fail(opened.error());
    played_.cohort = *opened;
    return {};
  }

  Result<void> follow(const YAML::Node& step) {
    if (auto moved = move_clock(step); !moved) return moved;
    std::string name;
    for (const auto& entry : step) {
      if (!around().contains(word(entry.first))) name = word(entry.first);
    }
    if (name.empty()) return {};  // the clock alone
    if (step["initiatives"]) {
      for (const auto& initiative : step["initiatives"]) {
        if (auto done = ask(step, name, word(initiative), {}); !done) return done;
      }
      return {};
    }
    if (step["each"]) {
      for (const auto& one : step["each"]) {
        if (auto done = ask(step, name, word(one.first), one.second); !done) return done;
      }
      return {};
    }
    return ask(step, name, {}, {});
  }

  Result<void> move_clock(const YAML::Node& step) {
    const auto at = local_time(word(step["at"]), zone_);
    if (!at) return fail(place_of(step) + at.error().message);
    if (*at == clock_) return {};
    clock_ = *at;
    v1::Command command;
    command.set_cohort(played_.cohort);
    command.mutable_move_clock()->set_to_us(clock_);
    auto moved = send(first_, command, step);
    if (!moved) return fail(moved.error());
    return {};
  }

  /// One command of a step, for one initiative where it names some, with fields of its own where `each` gives them.
  Result<void> ask(const YAML::Node& step, const std::string& name, const std::string& initiative, const YAML::Node& fields) {
    const auto* kind = v1::Command::descriptor()->FindFieldByName(name);
    if (kind == nullptr || kind->containing_oneof() == nullptr) return fail(place_of(step) + "no command is called " + name);
    YAML::Node said = YAML::Clone(step[name]);
    if (fields.IsMap()) said["fields"] = fields;
    const bool starts = name == "start_initiative";
    if (starts) {
      if (auto begun = begin(initiative, said, step); !begun) return begun;
    } else if (!initiative.empty()) {
      said["initiative"] = initiative;
    }
    v1::Command command;
    command.set_cohort(played_.cohort);
    command.set_channel(v1::WEB);
    YAML::Node envelope;
    for (const char* part : {"on_behalf_of", "channel", "received_at_us"}) {
      if (step[part]) envelope[part] = step[part];
    }
    if (envelope.IsMap()) {
      if (auto spoken = speak(envelope, tongue(), command); !spoken) return spoken;
    }
    auto& body = *command.GetReflection()->MutableMessage(&command, kind);
    if (auto spoken = speak(said, tongue(), body); !spoken) return fail(spoken.error().within(place_of(step) + name));
    const auto actor = tongue().id_of(speaker(step, initiative));
    if (!actor) return fail(place_of(step) + actor.error().message);
    auto created = send(*actor, command, step, word(step["refused"]));
    if (!created) return fail(created.error().within(fmt::format("{} {} by {}", name, initiative, word(step["by"]))));
    if (starts) played_.ids[initiative] = *created;
    if (step["key"]) played_.ids[word(step["key"])] = *created;
    return {};
  }

  /// What an application says of itself, where the step does not: who brings it, who applies, what is written.
  Result<void> begin(const std::string& initiative, YAML::Node& said, const YAML::Node& step) {
    const YAML::Node application = applications_[initiative];
    if (!application) return fail(place_of(step) + "applications.yaml has no " + initiative);
    const YAML::Node organisation = application["organisation"];
    const std::string name = word(organisation["name"]);
    if (!name.empty() && !played_.ids.contains(name)) {
      v1::Command command;
      if (auto spoken = speak(organisation, tongue(), *command.mutable_register_organisation()); !spoken) return spoken;
      auto id = send(first_, command, step);
      if (!id) return fail(id.error());
      played_.ids[name] = *id;
    }
    if (!said["organisation"] && !name.empty()) said["organisation"] = name;
    if (!said["applicant"]) said["applicant"] = "applicant-" + initiative;
    if (!said["fields"]) said["fields"] = application["fields"];
    return {};
  }

  /// `by`: a person's key, or a role whose holder's key follows from the initiative.
  static std::string speaker(const YAML::Node& step, const std::string& initiative) {
    const std::string by = word(step["by"]);
    if (by == "applicant") return by + "-" + initiative;
    if (by == "coordinator" || by == "mentor") return by + "-" + locality_of(initiative);
    return by;
  }

  /// What stands in a step beside its command.
  static const std::set<std::string>& around() {
    static const std::set<std::string> words = {"at", "by", "on_behalf_of", "channel", "received_at_us", "initiatives", "each", "key", "refused"};
    return words;
  }

  const Files& files_;
  const calendar::Zone& zone_;
  const Send& send_;
  YAML::Node applications_;
  Played played_;
  std::string first_;            // who runs the house
  calendar::Instant clock_ = 0;  // of the rehearsal
};

}  // namespace

Result<Played> play(const Files& files, const calendar::Zone& zone, const Send& send) {
  try {
    return Player(files, zone, send).play();
  } catch (const YAML::Exception& error) {
    return fail(std::string("a file of the demonstration is no YAML: ") + error.what());
  }
}

}  // namespace kvali::demo
