// Expressions in words. Only what reads well is said; the rest stays code, beside the sentence that its author gave it.
#include <fmt/format.h>

#include <array>

#include "engine/expression/expression.h"
#include "engine/expression/say.h"
#include "engine/expression/sayer.h"
#include "engine/expression/tree.h"
#include "engine/program/speaker.h"

namespace kvali::program {

namespace {

using expression::exchanged;
using expression::Function;
using expression::Kind;
using expression::Macro;
using expression::negated;
using expression::Node;
using expression::NodeKind;
using expression::Value;
using Said = std::optional<std::string>;

bool is_comparison(Function function) { return function >= Function::Equal && function <= Function::GreaterEqual; }

/// A path, perhaps with a whole number before or behind it: own * 10.
struct Multiple {
  const Node* path = nullptr;
  std::int64_t times = 1;
};

class Words {
 public:
  Words(const Speaker& speaker, const FieldList* task) : speaker_(speaker), task_(task) {}

  /// `is_true` false: the condition behind a negation.
  Said condition(const Node& node, bool is_true) {
    switch (node.kind) {
      case NodeKind::Constant:
        if (!node.constant.is(Kind::Bool)) return std::nullopt;
        return speaker_.say(node.constant.as_bool() == is_true ? Prose::Always : Prose::Never);
      case NodeKind::Has: {
        const std::optional<Meant> meant = meaning(node);
        if (!meant) return std::nullopt;
        return speaker_.say(is_true ? Prose::FilledIn : Prose::NotFilledIn, {{"label", speaker_.soft(meant->label)}});
      }
      case NodeKind::And: return all(node, is_true ? Joint::And : Joint::Or, is_true);
      case NodeKind::Or: return all(node, is_true ? Joint::Or : Joint::And, is_true);
      case NodeKind::Comprehension: return of_list(node, is_true);
      case NodeKind::Conditional: return chosen(node, is_true);
      case NodeKind::Call: return call(node, is_true);
      default: break;
    }
    const std::optional<Meant> meant = meaning(node);
    if (!meant) return std::nullopt;
    return speaker_.say(Prose::Is, {{"label", speaker_.soft(meant->label)}, {"value", speaker_.say(is_true ? Prose::Yes : Prose::No)}});
  }

  Said value(const Node& node, const v1::Field* read_as = nullptr) {
    if (const std::optional<Meant> meant = meaning(node)) return speaker_.soft(meant->label);
    switch (node.kind) {
      case NodeKind::Constant: return constant(node.constant, read_as);
      case NodeKind::Now: return speaker_.say(Prose::Now);
      case NodeKind::Conditional: {
        const Said value = this->value(node.children[1], read_as), other = this->value(node.children[2], read_as);
        if (!value || !other) return std::nullopt;
        if (node.children[0].kind == NodeKind::Has && path_of(node.children[0]) == path_of(node.children[1]))
          return speaker_.say(Prose::IfSet, {{"value", *value}, {"other", *other}});
        const Said condition = this->condition(node.children[0], true);
        if (!condition) return std::nullopt;
        return speaker_.say(Prose::Otherwise, {{"value", *value}, {"condition", *condition}, {"other", *other}});
      }
      case NodeKind::Call: break;
      default: return std::nullopt;
    }
    if (node.function == Function::Size) return list(node.children[0]);
    const std::string_view sign = node.function == Function::Add        ? "+"
                                  : node.function == Function::Subtract ? "−"
                                  : node.function == Function::Multiply ? "×"
                                  : node.function == Function::Divide   ? "/"
                                                                        : "";
    if (sign.empty() || node.children.size() != 2) return std::nullopt;
    const Said left = value(node.children[0], read_as), right = value(node.children[1], read_as);
    if (!left || !right) return std::nullopt;
    return fmt::format("{} {} {}", *left, sign, *right);
  }

 private:
  struct Frame {
    std::uint16_t slot;
    std::string path;
  };

  /// The path that a node reads; elements of a list go by the list.
  [[nodiscard]] std::string path_of(const Node& node) const {
    switch (node.kind) {
      case NodeKind::Name: return node.path.empty() ? node.name : node.path;
      case NodeKind::Has:
      case NodeKind::Select: {
        if (!node.path.empty()) return node.path;
        if (node.children.empty()) return node.name;
        const std::string base = path_of(node.children[0]);
        return base.empty() ? "" : fmt::format("{}.{}", base, node.name);
      }
      case NodeKind::Local:
        for (const Frame& frame : frames_)
          if (frame.slot == node.slot) return frame.path;
        return {};
      case NodeKind::Call: {
        const bool through = node.function == Function::ToInt || node.function == Function::ToDouble || node.function == Function::ToDate;
        return through && node.children.size() == 1 ? path_of(node.children[0]) : "";
      }
      default: return {};
    }
  }

  [[nodiscard]] std::optional<Meant> meaning(const Node& node) const {
    const std::string path = path_of(node);
    return path.empty() ? std::nullopt : meant_by(speaker_, path, task_);
  }

  Said constant(const Value& value, const v1::Field* read_as) const {
    const Tongue tongue = speaker_.tongue();
    constexpr std::array<std::string_view, 3> codes{"en", "lt", "ka"};
    const std::string_view code = codes.at(static_cast<std::size_t>(tongue));
    switch (value.kind()) {
      case Kind::Bool: return speaker_.say(value.as_bool() ? Prose::Yes : Prose::No);
      case Kind::Int:
        if (read_as != nullptr && read_as->type() == v1::Field::MONEY) return expression::written_money(value.as_int(), read_as->currency(), code);
        return number_said(value.as_int(), tongue);
      case Kind::Double: return expression::written(value.as_double(), code);
      case Kind::Date: return expression::written(value.as_date(), code);
      case Kind::Period: return time_in(value.as_period(), Around::Plain, tongue);
      case Kind::String:
        if (read_as != nullptr)
          for (const v1::Choice& choice : read_as->choices())
            if (choice.name() == value.as_string()) return speaker_.label(choice.label(), choice.name());
        return quoted(value.as_string(), tongue);
      default: return std::nullopt;
    }
  }

  /// A list by its name, with what its elements have to be: "Visits with Minutes: at least 30".
  Said list(const Node& node) {
    if (const std::optional<Meant> meant = meaning(node)) return speaker_.soft(meant->label);
    if (node.kind != NodeKind::Comprehension || node.macro != Macro::Filter) return std::nullopt;
    const std::optional<Meant> meant = meaning(node.children[0]);
    const Said condition = of_element(node, true);
    if (!meant || !condition) return std::nullopt;
    return speaker_.say(Prose::Where, {{"list", speaker_.soft(meant->label)}, {"condition", *condition}});
  }

  Said of_element(const Node& node, bool is_true) {
    if (node.variables != 1) return std::nullopt;
    frames_.push_back({node.slot, path_of(node.children[0])});
    Said said = condition(node.children[1], is_true);
    frames_.pop_back();
    return said;
  }

  Said all(const Node& node, Joint joint, bool is_true) {
    std::vector<std::string> parts;
    for (const Node& child : node.children) {
      const Said part = condition(child, is_true);
      if (!part) return std::nullopt;
      const bool group = child.kind == NodeKind::And || child.kind == NodeKind::Or;
      parts.push_back(group ? fmt::format("({})", *part) : *part);
    }
    // Each part has a colon of its own.
    std::string out = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) out += fmt::format("; {} {}", speaker_.say(joint == Joint::And ? Prose::And : Prose::Or), parts[i]);
    return out;
  }

  Said of_list(const Node& node, bool is_true) {
    const std::optional<Meant> meant = meaning(node.children[0]);
    const bool every = node.macro == Macro::All, some = node.macro == Macro::Exists;
    if (!meant || (!every && !some && (node.macro != Macro::ExistsOne || !is_true))) return std::nullopt;
    const Said condition = of_element(node, is_true);
    if (!condition) return std::nullopt;
    const Prose which = !every && !some ? Prose::OneExactlyOf : every == is_true ? Prose::EachOf : Prose::SomeOf;
    return speaker_.say(which, {{"list", speaker_.soft(meant->label)}, {"condition", *condition}});
  }

  Said chosen(const Node& node, bool is_true) {
    const Said condition = this->condition(node.children[0], true), value = this->condition(node.children[1], is_true),
               other = this->condition(node.children[2], is_true);
    if (!condition || !value || !other) return std::nullopt;
    return speaker_.say(Prose::IfSo, {{"condition", *condition}, {"value", *value}, {"other", *other}});
  }

  Said call(const Node& node, bool is_true) {
    if (node.function == Function::Not) return condition(node.children[0], !is_true);
    if (node.function == Function::In) return membership(node, is_true);
    if (!is_comparison(node.function)) return std::nullopt;
    const Function function = is_true ? node.function : negated(node.function);
    const Node &left = node.children[0], &right = node.children[1];
    if (Said said = of_time(left, right, function)) return said;
    if (Said said = of_time(right, left, exchanged(function))) return said;
    if (Said said = of_share(left, right, function)) return said;
    const bool turn = !speaks_of(left) && speaks_of(right);
    return turn ? compared(right, left, exchanged(function)) : compared(left, right, function);
  }

  [[nodiscard]] bool speaks_of(const Node& node) const { return node.kind != NodeKind::Constant && node.kind != NodeKind::List; }

  Said membership(const Node& node, bool is_true) {
    const Node &one = node.children[0], &of = node.children[1];
    if (const std::optional<Meant> meant = meaning(one); meant && of.kind == NodeKind::List) {
      std::vector<std::string> parts;
      for (const Node& child : of.children) {
        const Said part = value(child, meant->field);
        if (!part) return std::nullopt;
        parts.push_back(*part);
      }
      return speaker_.say(is_true ? Prose::OneOf : Prose::NoneOf,
                          {{"label", speaker_.soft(meant->label)}, {"list", joined(parts, Joint::Or, speaker_.tongue())}});
    }
    const std::optional<Meant> meant = meaning(of);
    const Said part = meant ? value(one, meant->field) : std::nullopt;
    if (!part) return std::nullopt;
    return speaker_.say(is_true ? Prose::Includes : Prose::IncludesNot, {{"label", speaker_.soft(meant->label)}, {"value", *part}});
  }

  /// What stands beside `now`: a date, or one moved by a period.
  Said of_time(const Node& now, const Node& moment, Function function) {
    if (now.kind != NodeKind::Now) return std::nullopt;
    const bool moved = moment.kind == NodeKind::Call && moment.function == Function::Add && moment.children.size() == 2 &&
                       moment.children[1].kind == NodeKind::Constant && moment.children[1].constant.is(Kind::Period);
    if (moved && (function == Function::GreaterEqual || function == Function::Less)) {
      const std::optional<Meant> meant = meaning(moment.children[0]);
      if (!meant) return std::nullopt;
      const std::string time = time_in(moment.children[1].constant.as_period(), Around::Plain, speaker_.tongue());
      return speaker_.say(function == Function::Less ? Prose::PeriodShort : Prose::PeriodAgo, {{"label", speaker_.soft(meant->label)}, {"time", time}});
    }
    const Said said = value(moment);
    if (!said) return std::nullopt;
    switch (function) {
      case Function::LessEqual: return speaker_.say(Prose::UntilMoment, {{"value", *said}});
      case Function::Less: return speaker_.say(Prose::BeforeMoment, {{"value", *said}});
      case Function::GreaterEqual: return speaker_.say(Prose::FromMoment, {{"value", *said}});
      case Function::Greater: return speaker_.say(Prose::AfterMoment, {{"value", *said}});
      default: return std::nullopt;
    }
  }

  [[nodiscard]] std::optional<Multiple> multiple(const Node& node) const {
    if (meaning(node)) return Multiple{&node, 1};
    if (node.kind != NodeKind::Call || node.function != Function::Multiply || node.children.size() != 2) return std::nullopt;
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
      const Node &path = node.children[at], &times = node.children[1 - at];
      const bool whole = times.kind == NodeKind::Constant && times.constant.is(Kind::Int) && times.constant.as_int() > 0;
      if (whole && meaning(path)) return Multiple{&path, times.constant.as_int()};
    }
    return std::nullopt;
  }

  /// own * 10 >= budget: "Own contribution: at least 10% of Total budget".
  Said of_share(const Node& left, const Node& right, Function function) {
    const std::optional<Multiple> part = multiple(left), whole = multiple(right);
    if (!part || !whole || (part->times == 1 && whole->times == 1) || function == Function::Equal || function == Function::NotEqual) return std::nullopt;
    const std::int64_t hundredths = whole->times * 10'000 / part->times;
    if (hundredths * part->times != whole->times * 10'000) return std::nullopt;
    const std::string said = speaker_.say(Prose::ShareOf, {{"share", percent_said(hundredths, speaker_.tongue())}, {"label", speaker_.soft(meaning(*whole->path)->label)}});
    return speaker_.say(phrase(function, false), {{"label", speaker_.soft(meaning(*part->path)->label)}, {"value", said}});
  }

  static Prose phrase(Function function, bool dates) {
    switch (function) {
      case Function::NotEqual: return Prose::IsNot;
      case Function::GreaterEqual: return dates ? Prose::FromDate : Prose::IsAtLeast;
      case Function::LessEqual: return dates ? Prose::NotAfterDate : Prose::IsAtMost;
      case Function::Greater: return dates ? Prose::AfterDate : Prose::IsMore;
      case Function::Less: return dates ? Prose::BeforeDate : Prose::IsLess;
      default: return Prose::Is;
    }
  }

  Said compared(const Node& left, const Node& right, Function function) {
    const std::optional<Meant> meant = meaning(left);
    const bool size = left.kind == NodeKind::Call && left.function == Function::Size;
    const Said label = value(left);
    if (!label || left.kind == NodeKind::Constant) return std::nullopt;
    const v1::Field* read_as = meant ? meant->field : left.children.empty() || size ? nullptr : first_field(left);
    Said other = value(right, read_as);
    if (!other) return std::nullopt;
    const std::optional<Meant> sized = size ? meaning(left.children[0]) : std::nullopt;
    const bool named = sized && sized->field != nullptr && sized->field->type() != v1::Field::CHOICES;
    const bool table = named && sized->field->type() == v1::Field::TABLE;
    if (named && right.kind == NodeKind::Constant && right.constant.is(Kind::Int))
      other = counted(right.constant.as_int(), table ? Noun::Row : Noun::Character, speaker_.tongue());
    const bool dates = (meant && meant->date) || (right.kind == NodeKind::Constant && right.constant.is(Kind::Date));
    return speaker_.say(phrase(function, dates), {{"label", *label}, {"value", *other}});
  }

  /// The field whose values those of a sum read like.
  [[nodiscard]] const v1::Field* first_field(const Node& node) const {
    if (const std::optional<Meant> meant = meaning(node)) return meant->field;
    return node.children.empty() ? nullptr : first_field(node.children[0]);
  }

  const Speaker& speaker_;
  const FieldList* task_;
  std::vector<Frame> frames_;
};

}  // namespace

std::optional<std::string> Speaker::words(std::string_view expression, const FieldList* task) const {
  const auto compiled = expression::compile(expression);
  if (!compiled) return std::nullopt;
  const Node& root = compiled->tree().root;
  Words words(*this, task);
  // What gives a date or a figure is named; what asks is put as a condition.
  const std::optional<Meant> meant = meant_by(*this, root.path.empty() ? root.name : root.path, task);
  const bool yes_or_no = (root.kind == NodeKind::Select || root.kind == NodeKind::Name) && meant && meant->field != nullptr && meant->field->type() == v1::Field::YES_OR_NO;
  const bool asks = yes_or_no || root.kind == NodeKind::And || root.kind == NodeKind::Or || root.kind == NodeKind::Has ||
                    (root.kind == NodeKind::Comprehension && root.macro != Macro::Filter) ||
                    (root.kind == NodeKind::Call && (is_comparison(root.function) || root.function == Function::In || root.function == Function::Not));
  if (asks) return words.condition(root, true);
  if (std::optional<std::string> value = words.value(root)) return value;
  return words.condition(root, true);
}

}  // namespace kvali::program
