// Guards, dates and ranks: they can be read, the names in them exist, what is sealed stays sealed, and a guard is a yes or a
// no where a date is a date.
#include <fmt/format.h>

#include "engine/expression/expression.h"
#include "engine/expression/tree.h"
#include "engine/program/check.h"
#include "engine/program/fields.h"
#include "engine/program/scalars.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

using expression::Declarations;
using expression::Expression;
using expression::Function;
using expression::Node;
using expression::NodeKind;

/// What a place in a program wants of its expression.
enum class Wanted { Anything, YesOrNo, Moment, Number, Group };
/// What an expression gives, as far as one look at it tells.
enum class Given { Unknown, YesOrNo, Moment, Number, Text, Other };

Wanted wanted_by(const FieldDescriptor& field) {
  const std::string key = key_of(field);
  if (key == "if" || key == "when" || key == "shown_when") return Wanted::YesOrNo;
  if (key == "by" || key == "at" || key == "waits_until" || key == "refill_until") return Wanted::Moment;
  if (key == "ranked_by") return Wanted::Number;
  return key == "of" ? Wanted::Group : Wanted::Anything;
}

const char* name_of(Wanted wanted) {
  switch (wanted) {
    case Wanted::YesOrNo: return "yes or no, such as `size(meetings) >= 3`";
    case Wanted::Moment: return "a date";
    case Wanted::Number: return "a number";
    case Wanted::Group:
    case Wanted::Anything: break;
  }
  return "a value";
}

const char* name_of(Given given) {
  switch (given) {
    case Given::YesOrNo: return "yes or no";
    case Given::Moment: return "a date";
    case Given::Number: return "a number";
    case Given::Text: return "a text";
    case Given::Other:
    case Given::Unknown: break;
  }
  return "something else";
}

bool fits(Wanted wanted, Given given) {
  if (given == Given::Unknown) return true;
  switch (wanted) {
    case Wanted::YesOrNo: return given == Given::YesOrNo;
    case Wanted::Moment: return given == Given::Moment;
    case Wanted::Number: return given == Given::Number;
    case Wanted::Group:
    case Wanted::Anything: break;
  }
  return true;
}

Given given_by(v1::Field::Type type) {
  switch (type) {
    case v1::Field::NUMBER:
    case v1::Field::WHOLE_NUMBER:
    case v1::Field::COUNT:
    case v1::Field::MONEY: return Given::Number;
    case v1::Field::DATE: return Given::Moment;
    case v1::Field::YES_OR_NO: return Given::YesOrNo;
    case v1::Field::CHOICES: return Given::Other;
    case v1::Field::TYPE_UNSPECIFIED: return Given::Unknown;
    default: return Given::Text;
  }
}

Given given_by(const expression::Value& constant) {
  switch (constant.kind()) {
    case expression::Kind::Bool: return Given::YesOrNo;
    case expression::Kind::Int:
    case expression::Kind::Uint:
    case expression::Kind::Double: return Given::Number;
    case expression::Kind::Timestamp:
    case expression::Kind::Date: return Given::Moment;
    case expression::Kind::String: return Given::Text;
    default: return Given::Other;
  }
}

/// The names that expressions of one place may use, and the fields behind them.
struct Scope {
  Declarations names;
  std::vector<std::pair<std::string, const v1::Field*>> fields;  // by path

  void add(const std::string& prefix, const google::protobuf::RepeatedPtrField<v1::Field>& list) {
    for (const v1::Field& field : list) {
      names.add(prefix + field.name());
      fields.emplace_back(prefix + field.name(), &field);
    }
  }
  [[nodiscard]] const v1::Field* field(std::string_view path) const {
    for (const auto& [name, field] : fields) {
      if (name == path) return field;
    }
    return nullptr;
  }
};

Given given_by(const Node& node, const Scope& scope) {
  switch (node.kind) {
    case NodeKind::Constant: return given_by(node.constant);
    case NodeKind::Now: return Given::Moment;
    case NodeKind::And:
    case NodeKind::Or:
    case NodeKind::Has: return Given::YesOrNo;
    case NodeKind::Name:
    case NodeKind::Select:
      if (const v1::Field* field = scope.field(node.path)) return given_by(field->type());
      if (node.path == "planned") return Given::Moment;
      if (node.path == "review.score" || node.path == "review.count" || node.path == "number") return Given::Number;
      return Given::Unknown;
    case NodeKind::Call:
      switch (node.function) {
        case Function::Not:
        case Function::Equal:
        case Function::NotEqual:
        case Function::Less:
        case Function::LessEqual:
        case Function::Greater:
        case Function::GreaterEqual:
        case Function::In:
        case Function::Contains:
        case Function::StartsWith:
        case Function::EndsWith:
        case Function::Matches: return Given::YesOrNo;
        case Function::Size: return Given::Number;
        default: return Given::Unknown;
      }
    default: return Given::Unknown;
  }
}

/// Texts, addresses and all that is personal: a guard may ask has() and size() of them.
bool is_sealed(const v1::Field& field) {
  return field.personal() || field.type() == v1::Field::TEXT || field.type() == v1::Field::EMAIL ||
         field.type() == v1::Field::PHONE || field.type() == v1::Field::FILE;
}

/// The first path in the tree that reads what is sealed, or null.
const Node* reads_sealed(const Node& node, const Scope& scope) {
  if (node.kind == NodeKind::Has) return nullptr;
  if (node.kind == NodeKind::Name || node.kind == NodeKind::Select) {
    const v1::Field* field = node.path.empty() ? nullptr : scope.field(node.path);
    if (field != nullptr) return is_sealed(*field) ? &node : nullptr;
  }
  for (const Node& child : node.children) {
    const bool measured = node.kind == NodeKind::Call && node.function == Function::Size && scope.field(child.path) != nullptr;
    if (measured) continue;
    if (const Node* found = reads_sealed(child, scope)) return found;
  }
  return nullptr;
}

class Expressions {
 public:
  explicit Expressions(const Checking& checking) : checking_(checking) {
    const v1::Program& program = checking.program;
    scope_.add("cohort.", program.cohort().parameters());
    scope_.add("initiative.", program.initiative().fields());
    for (const v1::Role& role : program.roles()) scope_.names.add(plural_of(role.name()));
    for (const Spot& spot : checking.names.spots()) {
      if (spot.stage != nullptr) {
        for (const v1::Report& report : spot.stage->reports()) scope_.names.add(report.form());
      }
      if (spot.state == nullptr) continue;
      for (const v1::Log& log : spot.state->log()) scope_.names.add(log.name());
      if (spot.state->has_review()) {
        scope_.names.add("review.score");
        scope_.names.add("review.count");
      }
    }
  }

  void run() {
    check_in(checking_.program, "", scope_);
    for (const Spot& spot : checking_.names.spots()) {
      if (spot.stage != nullptr) {
        for (const v1::Form& form : spot.stage->forms()) {
          check_task(form.fields(), fmt::format("{}.forms.{}.fields", spot.yaml_path, form.name()));
        }
      }
      if (spot.state == nullptr) continue;
      for (const v1::Log& log : spot.state->log()) {
        check_task(log.fields(), fmt::format("{}.log.{}.fields", spot.yaml_path, log.name()));
      }
    }
  }

 private:
  /// The fields of a task may speak of one another, of its day and its number.
  void check_task(const google::protobuf::RepeatedPtrField<v1::Field>& fields, const std::string& path) {
    Scope scope = scope_;
    scope.add("task.", fields);
    scope.names.add("planned");
    scope.names.add("number");
    for (const v1::Field& field : fields) check_in(field, join_path(path, field.name()), scope);
  }

  void check_in(const Message& message, const std::string& path, const Scope& scope) {
    visit_values(message, path, [&](const Message& owner, const FieldDescriptor& field, int index, const std::string& at) {
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || index >= 0) return;
      if (options_of(field).scalar() != v1::SCALAR_EXPRESSION) return;
      // Fields of tasks are looked at with their own names.
      const bool of_task = owner.GetDescriptor() == v1::Field::descriptor() && &owner != &message &&
                           (at.find(".log.") != std::string::npos || at.find(".forms.") != std::string::npos);
      if (!of_task) check_one(owner.GetReflection()->GetString(owner, &field), field, at, scope);
    });
  }

  void check_one(const std::string& source, const FieldDescriptor& field, const std::string& path, const Scope& scope) {
    const auto compiled = expression::compile(source, &scope.names);
    if (!compiled) {
      for (const expression::Fault& fault : compiled.error()) tell(path, fault, scope);
      return;
    }
    const Node& root = compiled->tree().root;
    if (const Node* sealed = reads_sealed(root, scope)) {
      checking_.tell(path, "sealed",
                     fmt::format("`{}` is sealed: an expression may ask whether it is there, has({}), and how long it is, "
                                 "size({})", sealed->path, sealed->path, sealed->path));
      return;
    }
    const Wanted wanted = wanted_by(field);
    const Given given = given_by(root, scope);
    if (!fits(wanted, given)) {
      checking_.tell(path, "wrong-type", fmt::format("`{}` is to be {}, and `{}` is {}", key_of(field), name_of(wanted), source,
                                                     name_of(given)));
    }
  }

  /// "there is no `strats` in cohort" → "starts": swapped letters are one slip, here as everywhere in a definition.
  static std::string near_name(std::string_view message, const Scope& scope) {
    static constexpr std::string_view begin = "there is no `", in = "` in ";
    if (!message.starts_with(begin)) return {};
    message.remove_prefix(begin.size());
    const std::string_view name = message.substr(0, message.find('`'));
    const std::size_t at = message.find(in);
    std::vector<std::string> known;
    for (const std::string_view one : scope.names.names_after(at == std::string_view::npos ? "" : message.substr(at + in.size()))) {
      known.emplace_back(one);
    }
    return nearest(name, known);
  }

  /// Where an expression stands in one line, the fault's place in the file is known to the character.
  void tell(const std::string& path, const expression::Fault& fault, const Scope& scope) const {
    Position at = position_of(checking_.positions, path);
    std::string message = fault.message, suggestion;
    if (fault.line == 1) {
      at.column += static_cast<std::uint32_t>(fault.column - 1);
    } else {
      message += fmt::format(" (line {} of the expression)", fault.line);
    }
    static constexpr std::string_view asked = "; did you mean \"";
    if (const std::size_t ask = message.find(asked); ask != std::string::npos && message.ends_with("\"?")) {
      suggestion = message.substr(ask + asked.size(), message.size() - ask - asked.size() - 2);
      message.resize(ask);
    }
    const bool unknown = message.starts_with("there is no ");
    if (unknown) {
      std::replace(message.begin(), message.end(), '"', '`');
      if (const std::string near = checking_.faults.full() ? "" : near_name(message, scope); !near.empty()) suggestion = near;
    }
    checking_.faults.add(at, unknown ? "unknown-name" : "expression", std::move(message), std::move(suggestion));
  }

  const Checking& checking_;
  Scope scope_;
};

}  // namespace

void check_expressions(const Checking& checking) { Expressions(checking).run(); }

}  // namespace kvali::program
