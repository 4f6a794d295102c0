#include "tests/engine/statechart/sketch.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace kvali::statechart {
namespace {

using v1::Node;

struct Line {
  std::size_t indent;
  std::vector<std::string> words;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == std::string::npos) continue;
    std::istringstream words(line);
    Line& made = lines.emplace_back(Line{indent, {}});
    for (std::string word; words >> word;) made.words.push_back(word);
  }
  return lines;
}

Node::Kind kind_of(const std::string& word) {
  static const std::map<std::string, Node::Kind> kinds = {{"state", Node::ATOMIC},
                                                          {"parallel", Node::PARALLEL},
                                                          {"final", Node::FINAL},
                                                          {"history", Node::HISTORY_SHALLOW},
                                                          {"deep", Node::HISTORY_DEEP}};
  const auto found = kinds.find(word);
  return found == kinds.end() ? Node::KIND_UNSPECIFIED : found->second;
}

class Reader {
 public:
  v1::Machine read(std::string_view text) {
    const auto lines = lines_of(text);
    machine_.set_name("sketch");
    Node& root = *machine_.add_states();
    root.set_kind(Node::COMPOUND);
    std::vector<std::pair<std::size_t, std::uint32_t>> branch;  // indent, state
    std::vector<std::pair<Line, std::uint32_t>> rest;
    for (const Line& line : lines) {
      while (!branch.empty() && branch.back().first >= line.indent) branch.pop_back();
      const std::uint32_t parent = branch.empty() ? 0 : branch.back().second;
      if (kind_of(line.words[0]) == Node::KIND_UNSPECIFIED) {
        rest.emplace_back(line, parent);
        continue;
      }
      branch.emplace_back(line.indent, add_state(line, parent));
      rest.emplace_back(line, branch.back().second);
    }
    for (const auto& [line, state] : rest) read_rest(line, state);
    return std::move(machine_);
  }

 private:
  Node& node(std::uint32_t state) { return *machine_.mutable_states(static_cast<int>(state)); }

  std::uint32_t add_state(const Line& line, std::uint32_t parent) {
    const auto id = static_cast<std::uint32_t>(machine_.states_size());
    Node& made = *machine_.add_states();
    made.set_name(line.words.at(1));
    made.set_path(parent == 0 ? made.name() : node(parent).path() + "." + made.name());
    made.set_parent(parent);
    made.set_kind(kind_of(line.words[0]));
    if (node(parent).kind() == Node::ATOMIC) node(parent).set_kind(Node::COMPOUND);
    names_[made.name()] = id;
    return id;
  }

  std::uint32_t target(const std::string& name) {
    KVALI_CHECK(names_.contains(name));
    return names_[name];
  }

  void read_actions(const std::vector<std::string>& words, std::size_t from,
                    google::protobuf::RepeatedPtrField<v1::Action>* into) {
    for (std::size_t i = from; i + 1 < words.size(); i += 2) {
      if (words[i] == "raise") into->Add()->mutable_raise()->set_event(words[i + 1]);
      if (words[i] == "log") into->Add()->set_log(words[i + 1]);
      if (words[i] == "open") into->Add()->mutable_open_task()->set_kind(words[i + 1]);
      if (words[i] == "tell") {
        auto& tell = *into->Add()->mutable_tell();
        tell.add_roles(words.at(i + 1));
        tell.set_message(words.at(i + 2));
        ++i;
      }
    }
  }

  void read_rest(const Line& line, std::uint32_t state) {
    const auto& words = line.words;
    if (words[0] == "entry") return read_actions(words, 1, node(state).add_on_entry()->mutable_actions());
    if (words[0] == "timer") return read_timer(words, node(state));
    if (words[0] == "exit") return read_actions(words, 1, node(state).add_on_exit()->mutable_actions());
    if (words[0] == "initial" || kind_of(words[0]) != Node::KIND_UNSPECIFIED) {
      std::size_t i = words[0] == "initial" ? 1 : 2;
      for (; i < words.size() && words[i] != "/"; ++i) {
        if (words[i] != "->") node(state).add_initial(target(words[i]));
      }
      return read_actions(words, i + 1, node(state).mutable_initial_actions());
    }
    read_arrow(words, state);
  }

  void read_timer(const std::vector<std::string>& words, Node& state) {
    v1::Timer& timer = *state.add_timers();
    timer.set_name(words.at(1));
    timer.set_event("due." + state.path() + "." + timer.name());
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i] == "starts") timer.set_starts(true);
      if (words[i] == "past") timer.set_past_fires(true);
      if (words[i] == "at") timer.set_at(words.at(++i));
      if (words[i] == "within") timer.set_within(words.at(++i));
      if (words[i] == "offset") timer.set_offset(words.at(++i));
      if (words[i] == "every") timer.set_every(words.at(++i));
      if (words[i] == "times") timer.set_times(static_cast<std::uint32_t>(std::stoul(words.at(++i))));
    }
  }

  void read_arrow(const std::vector<std::string>& words, std::uint32_t state) {
    v1::Arrow& arrow = *machine_.add_arrows();
    arrow.set_source(state);
    std::string mode;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "/") return read_actions(words, i + 1, arrow.mutable_actions());
      if (word == "internal") {
        arrow.set_internal(true);
      } else if (word == "on" || word == "move" || word == "freed" || word == "always" || word == "if" ||
                 word == "->" || word == "by" || word == "needs" || word == "gives") {
        mode = word;
      } else if (mode == "on") {
        arrow.add_events(word);
      } else if (mode == "move") {
        arrow.mutable_move()->set_name(word);
      } else if (mode == "by") {
        arrow.mutable_move()->add_by(word);
      } else if (mode == "needs") {
        arrow.mutable_move()->add_needs()->set_when(word);
      } else if (mode == "gives") {
        arrow.mutable_move()->add_must_give(word);
      } else if (mode == "freed") {
        arrow.set_freed(word);
      } else if (mode == "if") {
        arrow.set_guard(word);
      } else if (mode == "->") {
        arrow.add_targets(target(word));
      } else {
        KVALI_CHECK(word == "a word the sketch knows");
      }
    }
  }

  v1::Machine machine_;
  std::map<std::string, std::uint32_t> names_;
};

}  // namespace

v1::Machine sketch(std::string_view text) { return Reader().read(text); }

std::shared_ptr<const Chart> chart_of(std::string_view text) {
  auto chart = Chart::compile(sketch(text));
  if (!chart) fmt::print(stderr, "{}\n", chart.error().message);
  KVALI_CHECK(chart.has_value());
  return *chart;
}

bool StoryHost::holds(ArrowId arrow, const Event*, Turn&) {
  story.push_back("ask " + chart_.arrow(arrow).guard());
  return facts.contains(chart_.arrow(arrow).guard());
}

Acted StoryHost::act(const v1::Action& action, Site, const Event* event, Turn& turn) {
  if (action.has_raise()) turn.raise(action.raise().event());
  if (action.kind_case() == v1::Action::kLog) {
    if (action.log() == "fail") return Acted::Failed;
    story.push_back("say " + (action.log() == "event" && event != nullptr ? std::string(event->name) : action.log()));
  }
  return Acted::Yes;
}

Play::Play(std::string_view text) : chart(chart_of(text)), host(*chart), stepper(*chart) {}

std::string Play::at() const {
  std::vector<std::string> paths;
  for (const StateId state : atomic_states(*chart, configuration)) paths.push_back(chart->path(state));
  return fmt::format("{}", fmt::join(paths, " "));
}

std::string Play::start() {
  last = stepper.start(configuration, host);
  return at();
}

std::string Play::send(std::string_view event) {
  last = stepper.dispatch(configuration, Event{event}, host);
  return at();
}

std::string Play::move(std::string_view name) {
  for (const ArrowId arrow : moves(*chart, configuration)) {
    if (chart->arrow(arrow).move().name() != name) continue;
    last = stepper.take(configuration, arrow, host);
    return at();
  }
  return "no such move";
}

std::string Play::put(const std::vector<std::string>& paths) {
  std::vector<StateId> targets;
  for (const std::string& path : paths) targets.push_back(chart->find(path).value());
  last = stepper.enter(configuration, targets, host);
  return at();
}

std::string Play::told() {
  const auto told = std::exchange(host.story, {});
  return fmt::format("{}", fmt::join(told, ", "));
}

std::string Play::taken() const {
  std::vector<std::string> sources;
  for (const ArrowId arrow : last.taken) sources.push_back(chart->path(chart->arrow(arrow).source()));
  return fmt::format("{}", fmt::join(sources, " "));
}

}  // namespace kvali::statechart
