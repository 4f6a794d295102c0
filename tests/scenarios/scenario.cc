#include "tests/scenarios/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "engine/cohort/facts.h"
#include "server/cli/zones.h"
#include "server/demo/short_form.h"
#include "tests/engine/cohort/describe.h"
#include "tests/server/demo/world.h"

namespace kvali::scenarios {
namespace {

using demo::testing::World;

struct Line {
  std::size_t number = 0;
  std::string text;
};

/// Whole lines: comments left out, what is indented joined to the line before it.
std::vector<Line> read(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path + " cannot be read");
  std::vector<Line> lines;
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string::npos || text[first] == '#') continue;
    if (first >= 2 && !lines.empty())
      lines.back().text += " " + text.substr(first);
    else
      lines.push_back({number, text});
  }
  return lines;
}

/// What stands after `word` when the line begins with it.
bool begins(const std::string& text, const std::string& word, std::string& rest) {
  if (!text.starts_with(word) || (text.size() > word.size() && text[word.size()] != ' ')) return false;
  rest = text.size() > word.size() ? text.substr(word.size() + 1) : "";
  return true;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> found;
  for (std::string word; in >> word;) found.push_back(word);
  return found;
}

/// `"220 characters"` stands for a text of that length.
std::string with_texts(std::string text) {
  static const std::regex form("\"(\\d+) characters\"");
  std::smatch match;
  while (std::regex_search(text, match, form))
    text = match.prefix().str() + '"' + std::string(std::stoul(match[1]), 'x') + '"' + match.suffix().str();
  return text;
}

class Player {
 public:
  Outcome play(const std::string& path) {
    for (const Line& line : read(path)) {
      line_ = line.number;
      try {
        take(line.text);
      } catch (const std::exception& error) {
        wrong(error.what());
        return outcome();
      }
      if (wrong_.size() > 10) break;
    }
    settle_expectation();
    return outcome();
  }

 private:
  Outcome outcome() { return {std::move(wrong_), cohort_.empty() ? demo::testing::Arrows{} : demo::testing::taken(world_, cohort_)}; }

  void wrong(const std::string& sentence) { wrong_.push_back(fmt::format("line {}: {}", line_, sentence)); }

  void take(const std::string& text) {
    std::string rest;
    if (begins(text, "<", rest)) return expect(rest);
    settle_expectation();
    if (begins(text, "program", rest)) return publish(rest);
    if (begins(text, "people", rest)) return people(words(rest));
    if (begins(text, "opens", rest)) return opens(rest);
    if (begins(text, "restart", rest)) return restart();
    if (begins(text, "at", rest)) return at(rest);
    if (begins(text, ">", rest)) return ask(rest);
    throw std::runtime_error("`" + text + "`: a line begins with program, people, opens, at, restart, > or <");
  }

  // --- setting up

  void publish(const std::string& folder) {
    folder_ = std::filesystem::path(KVALI_SOURCE_DIR) / folder;
    command_.Clear();
    std::vector<std::string> names = {"program.yaml"};
    if (std::filesystem::exists(folder_ / "texts"))
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / "texts")) names.push_back("texts/" + entry.path().filename().string());
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      std::ifstream in(folder_ / name);
      std::ostringstream bytes;
      bytes << in.rdbuf();
      v1::SourceFile& file = *command_.mutable_publish_program()->add_files();
      file.set_path(name);
      file.set_text(bytes.str());
    }
  }

  void people(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      v1::Command command;
      command.mutable_register_person()->mutable_name()->set_text(name);
      command.mutable_register_person()->mutable_email()->set_text(name + "@example.org");
      ids_[name] = done(world_.ask(std::move(command), runs_.empty() ? "" : ids_.at(runs_))).created;
      if (runs_.empty()) runs_ = name;
    }
    if (command_.has_publish_program()) done(world_.ask(std::exchange(command_, {}), ids_.at(runs_)));
  }

  /// The folder's cohort.yaml, with what the scenario says instead.
  void opens(const std::string& text) {
    YAML::Node cohort = YAML::LoadFile((folder_ / "cohort.yaml").string());
    for (const auto& entry : YAML::Load(text)) cohort[entry.first.Scalar()] = entry.second;
    v1::Command command;
    filled(*command.mutable_open_cohort(), cohort);
    cohort_ = done(world_.ask(std::move(command), ids_.at(runs_))).created;
    while (state().has_work()) world_.core().pass_time(world_.now_us);
    while (world_.core().in_flight() > 0) world_.drain();
    read_ = state().sequence;
  }

  core::Reply done(core::Reply reply) {
    if (!reply.code.empty()) throw std::runtime_error(reply.code + ": " + cohort::in_language(reply.refusal.sentence, "en"));
    return reply;
  }

  void filled(google::protobuf::Message& message, const YAML::Node& node) {
    const auto id_of = [this](const std::string& key) -> Result<std::string> {
      const auto found = ids_.find(key);
      if (found != ids_.end()) return found->second;
      const cohort::Initiative* begun = cohort_.empty() ? nullptr : state().the(key);
      return begun ? begun->id : key;  // what does not exist is asked for as it is written
    };
    const auto zone = cohort_.empty() ? cli::load_zone("Europe/Vilnius") : Result<calendar::Zone>(state().zone);
    if (!zone) throw std::runtime_error(zone.error().message);
    if (const auto done = demo::fill(message, node, {*zone, id_of}, "the command"); !done) throw std::runtime_error(done.error().message);
  }

  // --- what is asked

  void at(const std::string& time) {
    answer_.clear();
    const auto to = demo::local_time(time, state().zone);
    if (!to) throw std::runtime_error(to.error().message);
    v1::Command command;
    command.set_cohort(cohort_);
    command.mutable_move_clock()->set_to_us(*to);
    done(world_.ask(std::move(command), ids_.at(runs_)));
    while (state().clock_target > state().clock) world_.core().pass_time(world_.now_us);
    while (world_.core().in_flight() > 0) world_.drain();
    tell_records();
    asked_ = true;
  }

  void ask(const std::string& text) {
    answer_.clear();
    asked_ = true;
    std::string rest;
    if (begins(text, "look", rest)) return look(rest);
    if (begins(text, "places", rest)) return places(words(rest));
    const std::size_t colon = text.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("expected `> PERSON: COMMAND {…}`, `> look INITIATIVE` or `> places QUOTA LOCALITY`");
    for (const std::string& person : words(text.substr(0, colon))) ask_one(person, text.substr(colon + 2));
  }

  void ask_one(const std::string& person, std::string text) {
    for (std::size_t star = text.find('*'); star != std::string::npos; star = text.find('*')) text.replace(star, 1, person);
    std::string as, form = text;
    if (const std::size_t last = text.rfind(" as "); last != std::string::npos && text.find('}', last) == std::string::npos) {
      as = text.substr(last + 4);
      form = text.substr(0, last);
    }
    const std::size_t space = form.find(' ');
    YAML::Node node;
    node[form.substr(0, space)] = space == std::string::npos ? YAML::Load("{}") : YAML::Load(with_texts(form.substr(space + 1)));
    for (const char* key : {"on_behalf_of", "channel", "received_at_us"})  // of the command, written among its fields
      if (YAML::Node body = node[form.substr(0, space)]; body[key]) {
        node[key] = body[key].Scalar();
        body.remove(key);
      }
    v1::Command command;
    filled(command, node);
    command.set_cohort(cohort_);
    if (!ids_.contains(person)) throw std::runtime_error("there is no person `" + person + "`");
    const core::Reply reply = world_.ask(std::move(command), ids_.at(person));
    if (!as.empty() && reply.code.empty()) ids_[as] = reply.created;
    answer_.push_back(reply.code.empty() ? "done" : "refused " + reply.code);
    if (!reply.code.empty()) tell_refusal(reply.refusal);
    tell_records();
  }

  void tell_refusal(const cohort::Refusal& refusal) {
    answer_.push_back("because " + cohort::in_language(refusal.sentence, "en"));
    for (const char* language : {"lt", "ka"}) answer_.push_back(fmt::format("{}: {}", language, cohort::in_language(refusal.sentence, language)));
    for (const cohort::Unmet& one : refusal.unmet) answer_.push_back("unmet " + cohort::in_language(one.why, "en"));
    for (const cohort::FieldConflict& one : refusal.conflicts) answer_.push_back(fmt::format("theirs {} version {}", one.field, one.their_version));
  }

  // --- what came of it

  const cohort::Cohort& state() const { return world_.core().store().cohorts.at(cohort_).state; }

  std::string key_of(const std::string& id) const {
    for (const auto& [key, known] : ids_)
      if (known == id) return key;
    // What begins by itself has its kind for a key, or KIND/LOCALITY.
    if (const auto slot = state().find(id)) {
      const cohort::Initiative& one = state().initiatives[*slot];
      for (const std::string& key : {one.kind(), one.kind() + "/" + cohort::locality_of(one)})
        if (const cohort::Initiative* begun = state().the(key); begun && begun->id == id) return key;
    }
    return id;
  }

  const cohort::Initiative& initiative(const std::string& key) const {
    const cohort::Initiative* begun = state().the(key);
    const auto slot = state().find(ids_.contains(key) ? ids_.at(key) : begun ? begun->id : key);
    if (!slot) throw std::runtime_error("there is no initiative `" + key + "`");
    return state().initiatives[*slot];
  }

  void tell_records() {
    const auto visited = world_.journal.read("cohort/" + cohort_, read_ + 1, [this](const journal::Record& stored) {
      v1::Record record;
      if (!record.ParseFromString(stored.bytes)) throw std::runtime_error("a record cannot be read");
      tell(record);
      read_ = stored.sequence;
      return journal::Visit::Continue;
    });
    if (!visited) throw std::runtime_error(visited.error().message);
  }

  void tell(const v1::Record& record) {
    const std::string& id = cohort::initiative_of(record);
    const std::string key = id.empty() ? "" : key_of(id);
    if (record.has_initiative_started()) answer_.push_back(key + " begins");
    if (record.has_fields_written())
      for (const v1::FieldWritten& field : record.fields_written().fields()) answer_.push_back(fmt::format("{} has {} version {}", key, field.name(), field.version()));
    if (record.has_advanced()) tell(record.advanced(), key);
    if (record.has_task_opened()) answer_.push_back(fmt::format("{} has {}", key, record.task_opened().task()));
    if (record.has_decision_held()) answer_.push_back(fmt::format("{}: {} is held", key, record.decision_held().move()));
    if (record.has_decision_dropped()) answer_.push_back(key + ": the decision is dropped");
    if (record.has_exception_proposed()) answer_.push_back(key + ": an exception is proposed");
    if (record.has_excepted()) {
      goes(key, record.excepted().entered(), record.excepted().end(), initiative(key).model->chart());
      places_of(record.excepted().places());
      told(record.excepted().told());
    }
    if (record.has_blocked()) {
      answer_.push_back(fmt::format("{} is blocked {}", key, record.blocked().why()));
      told(record.blocked().told());
    }
    if (record.has_term_noticed()) told(record.term_noticed().told());
    if (record.has_role_assigned()) answer_.push_back(fmt::format("{} is {} {}", key_of(record.role_assigned().person()), record.role_assigned().role(), record.role_assigned().locality()));
    places_of(record.has_decision_held() ? record.decision_held().places() : record.decision_dropped().places());
  }

  void tell(const v1::Advanced& advanced, const std::string& key) {
    const cohort::Initiative& one = initiative(key);
    const cohort::Task* task = advanced.task().empty() ? nullptr : one.task(advanced.task());
    const statechart::Chart& chart = task ? *one.model->task(task->kind)->chart : one.model->chart();
    goes(task ? key + " " + task->key : key, advanced.entered(), advanced.end(), chart);
    places_of(advanced.places());
    told(advanced.told());
  }

  void goes(const std::string& who, const google::protobuf::RepeatedField<std::uint32_t>& entered, v1::State::End end, const statechart::Chart& chart) {
    for (const std::uint32_t state : entered)
      if (chart.is_atomic(state)) answer_.push_back(fmt::format("{} is in {}", who, chart.path(state)));
    if (end != v1::State::END_UNSPECIFIED) answer_.push_back(fmt::format("{} ends {}", who, v1::State::End_Name(end)));
  }

  void places_of(const google::protobuf::RepeatedPtrField<v1::PlaceChange>& places) {
    for (const v1::PlaceChange& one : places) answer_.push_back(fmt::format("a place of {} is {}", one.by().empty() ? one.quota() : one.by(), one.taken() ? "taken" : "freed"));
  }

  void told(const google::protobuf::RepeatedPtrField<v1::Told>& told) {
    for (const v1::Told& one : told)
      for (const std::string& person : one.persons()) answer_.push_back(fmt::format("{} is told {}", key_of(person), one.message()));
  }

  void look(const std::string& key) {
    const cohort::Initiative& one = initiative(key);
    const statechart::Chart& chart = one.model->chart();
    for (const auto state : statechart::atomic_states(chart, one.at.where)) answer_.push_back("in " + chart.path(state));
    if (one.ended()) answer_.push_back("ended " + v1::State::End_Name(one.end));
    if (one.held) answer_.push_back("held " + one.held->move);
    for (const auto& [quota, by] : one.places) answer_.push_back("place " + (by.empty() ? quota : by));
    for (const cohort::Timer& timer : one.at.timers)
      answer_.push_back(fmt::format("due {} {} {}", local(timer.due), chart.path(timer.state), chart.node(timer.state).timers(static_cast<int>(timer.timer)).name()));
    for (const cohort::Task& task : one.tasks) answer_.push_back(fmt::format("task {}{}", task.key, task.finished ? " finished" : ""));
  }

  void places(const std::vector<std::string>& which) {
    if (which.empty()) throw std::runtime_error("expected `> places QUOTA LOCALITY`");
    const cohort::QuotaModel* quota = state().model->quota(which[0]);
    if (!quota) throw std::runtime_error("there is no quota `" + which[0] + "`");
    const std::string by = which.size() > 1 ? which[1] : "";
    const auto found = state().taken.find({which[0], by});
    answer_.push_back(fmt::format("{} of {}", found == state().taken.end() ? 0 : found->second, state().places(*quota->quota, by)));
  }

  std::string local(calendar::Instant instant) const {
    std::string text = calendar::to_string(instant + calendar::offset_at(state().zone, instant) * calendar::second_us);
    text[10] = ' ';
    return text.substr(0, 16);
  }

  /// Folds everything again from the journal, as after a restart, and compares.
  void restart() {
    answer_.clear();
    const std::string before = demo::testing::live(world_.core());
    world_.restart();
    if (const std::string other = cohort::testing::difference(before, demo::testing::live(world_.core())); !other.empty()) wrong("after the restart: " + other);
    for (const std::string& broken : cohort::testing::broken_invariants(state())) wrong(broken);
  }

  // --- what was expected

  /// Each expected line stands in the answer, after those expected before it.
  void expect(const std::string& text) {
    if (!asked_) throw std::runtime_error("nothing was asked that could be answered");
    if (!expecting_) {
      expecting_ = true;
      from_ = 0;
      expected_done_ = text.starts_with("done") || text.starts_with("refused");
    }
    const auto found = std::find(answer_.begin() + static_cast<std::ptrdiff_t>(from_), answer_.end(), text);
    if (found != answer_.end()) {
      from_ = static_cast<std::size_t>(found - answer_.begin()) + 1;
      return;
    }
    wrong(fmt::format("expected `{}`; the answer was\n    {}", text, fmt::join(answer_, "\n    ")));
  }

  /// A refusal that nobody expected is wrong, however little the file expects.
  void settle_expectation() {
    const auto refused = std::find_if(answer_.begin(), answer_.end(), [](const std::string& one) { return one.starts_with("refused"); });
    if (asked_ && !expected_done_ && refused != answer_.end())
      wrong(fmt::format("before it, `{}` was not expected; the answer was\n    {}", *refused, fmt::join(answer_, "\n    ")));
    asked_ = expecting_ = expected_done_ = false;
  }

  World world_;
  std::filesystem::path folder_;
  v1::Command command_;  // that publishes, once somebody runs the house
  std::map<std::string, std::string> ids_;  // by key: people, initiatives, assignments
  std::string runs_, cohort_;
  std::uint64_t read_ = 0;  // the last record that was told
  std::size_t line_ = 0, from_ = 0;
  std::vector<std::string> answer_, wrong_;
  bool asked_ = false, expecting_ = false, expected_done_ = false;
};

}  // namespace

Outcome play(const std::string& path) { return Player().play(path); }

std::string program_of(const std::string& path) {
  std::string folder;
  for (const Line& line : read(path))
    if (begins(line.text, "program", folder)) break;
  return folder;
}

}  // namespace kvali::scenarios
