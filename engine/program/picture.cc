#include "engine/program/picture.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/program/texts.h"
#include "engine/program/words.h"

namespace kvali::program {

std::string box_id(const std::string& machine_path) {
  std::string id = machine_path;
  // Two underscores for a dot keep "a.b_c" and "a_b.c" apart.
  for (std::size_t dot = id.find('.'); dot != std::string::npos; dot = id.find('.')) id.replace(dot, 1, "__");
  return id;
}

namespace {

class Maker {
 public:
  Maker(const v1::Program& program, const v1::Machine& machine, const std::string& language)
      : program_(program), machine_(machine), language_(language) {}

  Picture run() {
    picture_.title = text_in(program_.title(), language_);
    box_of_.assign(static_cast<std::size_t>(machine_.states_size()), 0);
    picture_.boxes.emplace_back();
    picture_.boxes[0].kind = Box::Kind::Group;
    for (int i = 1; i < machine_.states_size(); ++i) add_box(i);
    mark_beginnings();
    for (const v1::Arrow& arrow : machine_.arrows()) add_arrow(arrow);
    return std::move(picture_);
  }

 private:
  [[nodiscard]] const v1::Node& node(std::size_t index) const { return machine_.states(static_cast<int>(index)); }

  [[nodiscard]] static bool is_history(const v1::Node& node) {
    return node.kind() == v1::Node::HISTORY_DEEP || node.kind() == v1::Node::HISTORY_SHALLOW;
  }

  std::string role_labels(const google::protobuf::RepeatedPtrField<std::string>& roles) const {
    std::string out;
    for (const std::string& name : roles) {
      for (const v1::Role& role : program_.roles()) {
        if (role.name() == name) out += (out.empty() ? "" : ", ") + text_in(role.label(), language_);
      }
    }
    return out;
  }

  std::size_t add(Box box, std::size_t parent) {
    // "a.b" and "a__b" would be one.
    while (!ids_.insert(box.id).second) box.id += "_";
    box.parent = parent;
    picture_.boxes.push_back(std::move(box));
    picture_.boxes[parent].children.push_back(picture_.boxes.size() - 1);
    return picture_.boxes.size() - 1;
  }

  void add_box(int index) {
    const v1::Node& state = machine_.states(index);
    const std::size_t parent = box_of_[state.parent()];
    if (is_history(state)) {
      box_of_[static_cast<std::size_t>(index)] = parent;  // who comes back comes to the whole
      return;
    }
    Box box;
    box.id = box_id(state.path());
    box.label = text_in(state.label(), language_);
    box.ends = state.ends();
    box.parallel = state.kind() == v1::Node::PARALLEL;
    if (state.kind() == v1::Node::COMPOUND || state.kind() == v1::Node::PARALLEL) {
      box.kind = Box::Kind::Group;
      // What expansion adds around the parts of a stage needs no words.
      if (state.implied()) box.label.clear();
    } else if (state.ends() != v1::State::END_UNSPECIFIED) {
      box.kind = Box::Kind::End;
      box.detail = end_word(state.ends(), language_);
    } else if (state.kind() == v1::Node::FINAL) {
      box.kind = Box::Kind::Done;
    } else {
      box.detail = role_labels(state.waits_for());
    }
    box_of_[static_cast<std::size_t>(index)] = add(std::move(box), parent);
  }

  void mark_beginnings() {
    for (std::size_t i = 0; i < box_of_.size(); ++i) {
      const bool compound = node(i).kind() == v1::Node::COMPOUND;
      if (compound && !node(i).initial().empty()) picture_.boxes[box_of_[i]].begins = box_of_[node(i).initial(0)];
    }
  }

  /// The child of `owner` that `box` is or stands in; `owner` itself when `box` is not inside.
  [[nodiscard]] std::size_t lifted(std::size_t box, std::size_t owner) const {
    while (box != owner && box != 0 && picture_.boxes[box].parent != owner) box = picture_.boxes[box].parent;
    return box;
  }

  [[nodiscard]] bool contains(std::size_t outer, std::size_t inner) const {
    while (inner != outer && inner != 0) inner = picture_.boxes[inner].parent;
    return inner == outer;
  }

  /// The box in `owner` that stands for all states of it.
  std::size_t anywhere_in(std::size_t owner) {
    const auto found = anywhere_.find(owner);
    if (found != anywhere_.end()) return found->second;
    Box box;
    box.kind = Box::Kind::Anywhere;
    box.id = picture_.boxes[owner].id + (owner == 0 ? "anywhere" : "__anywhere");
    box.label = word_in(Word::FromAnywhere, language_);
    return anywhere_[owner] = add(std::move(box), owner);
  }

  std::string label_of(const v1::Arrow& arrow, std::size_t left, std::size_t drawn_from) const {
    std::string label = text_in(arrow.has_move() ? arrow.move().label() : arrow.label(), language_);
    const bool series = !arrow.events().empty() && arrow.events(0).starts_with("done.series.");
    if (label.empty()) label = word_in(series ? Word::AllReports : Word::AllDone, language_);
    if (left != drawn_from && picture_.boxes[left].kind != Box::Kind::Group) label = picture_.boxes[left].label + ": " + label;
    if (arrow.has_move()) label += " (" + role_labels(arrow.move().by()) + ")";
    return label;
  }

  void add_arrow(const v1::Arrow& arrow) {
    if (arrow.targets().empty()) return;
    std::size_t source = box_of_[arrow.source()];
    const std::size_t target = box_of_[arrow.targets(0)];
    // The same move on every stage is one move from anywhere.
    const bool everywhere = picture_.boxes[target].parent == 0 && arrow.has_move() && is_everywhere(arrow);
    if (everywhere) source = 0;
    std::size_t owner = contains(source, target) ? source : picture_.boxes[source].parent;
    while (!contains(owner, target)) owner = picture_.boxes[owner].parent;
    Line line;
    line.from = source == owner ? anywhere_in(owner) : lifted(source, owner);
    line.to = lifted(target, owner);
    line.leaves = source == owner ? line.from : source;
    line.enters = target;
    line.by_person = arrow.has_move();
    std::string label = label_of(arrow, box_of_[arrow.source()], line.from);
    if (line.to != target && picture_.boxes[target].kind != Box::Kind::Group) label += " → " + picture_.boxes[target].label;
    for (Line& other : picture_.lines) {
      if (other.from != line.from || other.to != line.to || other.by_person != line.by_person) continue;
      if (std::find(other.labels.begin(), other.labels.end(), label) == other.labels.end()) other.labels.push_back(label);
      return;
    }
    line.labels.push_back(std::move(label));
    picture_.lines.push_back(std::move(line));
  }

  bool is_everywhere(const v1::Arrow& arrow) const {
    return node(arrow.source()).parent() == 0 &&
           std::any_of(program_.anywhere().begin(), program_.anywhere().end(),
                       [&](const v1::Move& move) { return move.name() == arrow.move().name(); });
  }

  const v1::Program& program_;
  const v1::Machine& machine_;
  const std::string& language_;
  Picture picture_;
  std::vector<std::size_t> box_of_;  // by state
  std::map<std::size_t, std::size_t> anywhere_;
  std::set<std::string> ids_;
};

}  // namespace

Picture picture_of(const v1::Program& program, const v1::Machine& machine, const std::string& language) {
  return Maker(program, machine, language).run();
}

std::string end_word(v1::State::End end, const std::string& language) {
  switch (end) {
    case v1::State::SUCCESS: return word_in(Word::EndSuccess, language);
    case v1::State::REFUSED: return word_in(Word::EndRefused, language);
    case v1::State::WITHDRAWN: return word_in(Word::EndWithdrawn, language);
    case v1::State::LAPSED: return word_in(Word::EndLapsed, language);
    case v1::State::TERMINATED: return word_in(Word::EndTerminated, language);
    default: return {};
  }
}

}  // namespace kvali::program
