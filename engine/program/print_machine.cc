#include "engine/program/print_machine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "engine/program/fields.h"
#include "engine/program/texts.h"

namespace kvali::program {

namespace {

class Printer {
 public:
  Printer(const v1::Machine& machine, const std::string& language, std::size_t depth)
      : machine_(machine), language_(language), base_(depth) {}

  std::string run() {
    for (int i = 0; i < machine_.states_size(); ++i) print_state(i);
    for (const v1::HeldPlaces& places : machine_.places()) {
      std::vector<std::string> held;
      for (const auto state : places.states()) held.push_back(path_of(state));
      line(base_ + 1, fmt::format("places {} held in {}", places.quota(), fmt::join(held, ", ")), {});
    }
    for (const v1::TaskKind& task : machine_.tasks()) print_task(task);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string path_of(google::protobuf::uint32 state) const {
    const std::string& path = machine_.states(static_cast<int>(state)).path();
    return path.empty() ? machine_.name() : path;
  }

  void line(std::size_t depth, std::string text, const v1::Place& place) {
    constexpr std::size_t place_column = 110;
    std::string whole = std::string(depth * 2, ' ') + std::move(text);
    if (place.line() != 0) {
      // Labels may be wider or narrower than their bytes; characters are near enough.
      std::size_t width = 0;
      for (const char c : whole) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
      whole += fmt::format("{}  {}:{}", std::string(width < place_column ? place_column - width : 0, ' '), place.file(),
                           place.line());
    }
    out_ += whole + "\n";
  }

  [[nodiscard]] std::size_t depth_of(int index) const {
    std::size_t depth = base_;
    for (int i = index; i != 0; i = static_cast<int>(machine_.states(i).parent())) ++depth;
    return depth;
  }

  static std::string kind_of(const v1::Node& node) {
    switch (node.kind()) {
      case v1::Node::COMPOUND: return "compound";
      case v1::Node::PARALLEL: return "parallel";
      case v1::Node::FINAL: return "final";
      case v1::Node::HISTORY_SHALLOW: return "history";
      case v1::Node::HISTORY_DEEP: return "deep history";
      default: return "state";
    }
  }

  void print_state(int index) {
    const v1::Node& node = machine_.states(index);
    const std::size_t depth = depth_of(index);
    std::string text = fmt::format("{} {}", kind_of(node), node.path().empty() ? machine_.name() : node.path());
    if (const std::string& label = text_in(node.label(), language_); !label.empty()) text += fmt::format(" \"{}\"", label);
    if (node.implied()) text += " (implied)";
    if (node.ends() != v1::State::END_UNSPECIFIED) {
      text += ", ends: " + word_of(*v1::State::End_descriptor(), node.ends());
    }
    for (const auto initial : node.initial()) text += ", begins at " + path_of(initial);
    if (!node.waits_for().empty()) text += fmt::format(", waits for {}", fmt::join(node.waits_for(), " and "));
    if (!node.opens().empty()) text += fmt::format(", opens {}", fmt::join(node.opens(), ", "));
    if (!node.ranked_by().empty()) text += ", ranked by " + node.ranked_by();
    if (!node.standstill().empty()) text += ", keeps places of " + node.standstill();
    line(depth, text, node.place());
    for (const v1::Timer& timer : node.timers()) print_timer(timer, depth + 2);
    for (const v1::Arrow& arrow : machine_.arrows()) {
      if (static_cast<int>(arrow.source()) == index) print_arrow(arrow, depth + 2);
    }
  }

  void print_timer(const v1::Timer& timer, std::size_t depth) {
    std::string text = fmt::format("timer {}:", timer.name());
    if (timer.starts()) text += " start of the day of";
    if (!timer.at().empty()) text += " " + timer.at();
    if (!timer.within().empty()) text += fmt::format(" {} after entry", timer.within());
    if (!timer.offset().empty()) text += fmt::format(", offset {}", timer.offset());
    if (!timer.every().empty()) text += fmt::format(", then every {}", timer.every());
    if (timer.times() != 0) text += fmt::format(", {} times", timer.times());
    if (!timer.past_fires()) text += ", not when past";
    line(depth, text + " → " + timer.event(), timer.place());
  }

  void print_arrow(const v1::Arrow& arrow, std::size_t depth) {
    std::string text;
    if (arrow.has_move()) {
      text = fmt::format("move {} by {}", arrow.move().name(), fmt::join(arrow.move().by(), " or "));
      if (arrow.move().held()) text += ", held";
      if (!arrow.move().gate().empty()) text += ", after " + arrow.move().gate();
      if (!arrow.move().not_by().empty()) text += fmt::format(", not by who did {}", fmt::join(arrow.move().not_by(), ", "));
      if (!arrow.move().after_minutes().empty()) text += ", published after minutes of " + arrow.move().after_minutes();
      if (!arrow.move().must_give().empty()) text += fmt::format(", giving {}", fmt::join(arrow.move().must_give(), ", "));
    } else if (arrow.events().empty()) {
      text = "at once";
    } else {
      text = fmt::format("on {}", fmt::join(arrow.events(), ", "));
    }
    if (!arrow.guard().empty()) text += " if " + arrow.guard();
    for (const v1::Need& need : arrow.has_move() ? arrow.move().needs() : arrow.needs()) {
      text += fmt::format(", needs {}", need.when());
      if (need.of() != v1::Checklist::EACH_UNSPECIFIED) {
        text += fmt::format(" of {}", word_of(*v1::Checklist::Each_descriptor(), need.of()));
      }
    }
    for (const auto to : arrow.targets()) text += " → " + path_of(to);
    if (arrow.targets().empty() && arrow.actions().empty()) text += ": nothing";
    for (const v1::Action& action : arrow.actions()) text += "; " + action_text(action);
    line(depth, text, arrow.place());
  }

  static std::string action_text(const v1::Action& action) {
    switch (action.kind_case()) {
      case v1::Action::kTell:
        return fmt::format("tell {} {}",
                           action.tell().roles().empty() ? "who is waited for"
                                                         : fmt::format("{}", fmt::join(action.tell().roles(), " and ")),
                           action.tell().message());
      case v1::Action::kOpenTask: return "open " + action.open_task().kind();
      case v1::Action::kRaise: return "raise " + action.raise().event();
      case v1::Action::kSend: return "send " + action.send().event();
      case v1::Action::kCancel: return "cancel " + action.cancel();
      case v1::Action::kCancelExpression: return "cancel what is " + action.cancel_expression();
      case v1::Action::kAssign: return fmt::format("{} = {}", action.assign().location(), action.assign().value());
      case v1::Action::kChoose: return "choose";
      case v1::Action::kForEach: return "for each " + action.for_each().item();
      case v1::Action::kLog: return "log " + action.log();
      case v1::Action::KIND_NOT_SET: return "nothing";
    }
    return "nothing";
  }

  void print_task(const v1::TaskKind& task) {
    std::vector<std::string> fields;
    for (const v1::Field& field : task.fields()) fields.push_back(field.name());
    std::string text = fmt::format("task {} \"{}\"", task.name(), text_in(task.label(), language_));
    if (!task.by().empty()) text += fmt::format(" by {}", fmt::join(task.by(), " or "));
    if (task.has_gate() && !task.gate().body().empty()) text += " voted on by " + task.gate().body();
    if (task.has_gate() && task.gate().body().empty()) text += fmt::format(" agreed by {} of {}", task.gate().persons(), fmt::join(task.gate().parties(), ", "));
    line(base_ + 1, text + fmt::format(": {}", fmt::join(fields, ", ")), task.place());
    out_ += Printer(task.machine(), language_, base_ + 2).run();
  }

  const v1::Machine& machine_;
  const std::string& language_;
  std::size_t base_;
  std::string out_;
};

}  // namespace

std::string print_machine(const v1::Machine& machine, const std::string& language) {
  std::string out = Printer(machine, language, 0).run();
  for (const v1::Machine& subject : machine.subjects()) out += "\n" + Printer(subject, language, 0).run();
  return out;
}

}  // namespace kvali::program
