// Guards, dates and ranks: they can be read, the names in them exist and fit together, what is sealed stays sealed, a guard is
// a yes or a no where a date is a date, and none could take too much work.
#include <fmt/format.h>

#include "engine/expression/bound.h"
#include "engine/program/check.h"
#include "engine/program/expression_types.h"
#include "engine/program/fields.h"
#include "engine/program/scalars.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

using expression::Declarations;
using expression::Type;
using expression::TypeKind;

/// What a place in a program wants of its expression.
enum class Wanted { Anything, YesOrNo, Moment, Number, FieldValue };

Wanted wanted_by(const FieldDescriptor& field) {
  const std::string key = key_of(field);
  if (key == "if" || key == "when" || key == "shown_when") return Wanted::YesOrNo;
  if (key == "by" || key == "at" || key == "waits_until" || key == "refill_until") return Wanted::Moment;
  if (key == "ranked_by") return Wanted::Number;
  return key == "computed" ? Wanted::FieldValue : Wanted::Anything;
}

/// As people call what a type gives.
std::string name_of(const Type& type) {
  switch (type.kind()) {
    case TypeKind::Bool: return "yes or no";
    case TypeKind::Timestamp:
    case TypeKind::Date: return "a date";
    case TypeKind::Int:
    case TypeKind::Uint:
    case TypeKind::Double: return "a number";
    case TypeKind::String: return "a text";
    case TypeKind::Duration:
    case TypeKind::Period: return "a length of time";
    case TypeKind::List: return "a list";
    default: return expression::to_text(type);
  }
}

std::string name_of(Wanted wanted, const Message& owner) {
  switch (wanted) {
    case Wanted::YesOrNo: return "yes or no, such as `size(meetings) >= 3`";
    case Wanted::Moment: return "a date";
    case Wanted::Number: return "a number";
    case Wanted::FieldValue: return name_of(type_typed_in(static_cast<const v1::Field&>(owner)));
    case Wanted::Anything: break;
  }
  return "a value";
}

bool fits_field(const Type& field, const Type& given) {
  return field.is(TypeKind::Dyn) || field == given || (field.is(TypeKind::Double) && given.is(TypeKind::Int));
}

bool fits(Wanted wanted, const Type& given, const Message& owner) {
  if (given.is(TypeKind::Dyn)) return true;
  switch (wanted) {
    case Wanted::YesOrNo: return given.is(TypeKind::Bool);
    case Wanted::Moment: return given.is(TypeKind::Date) || given.is(TypeKind::Timestamp);
    case Wanted::Number: return given.is(TypeKind::Int) || given.is(TypeKind::Double);
    case Wanted::FieldValue: return fits_field(type_typed_in(static_cast<const v1::Field&>(owner)), given);
    case Wanted::Anything: break;
  }
  return true;
}

const char* code_of(expression::FaultKind kind) {
  switch (kind) {
    case expression::FaultKind::Unreadable: return "expression";
    case expression::FaultKind::UnknownName: return "unknown-name";
    case expression::FaultKind::Type: return "wrong-type";
    case expression::FaultKind::Sealed: return "sealed";
    case expression::FaultKind::TooDear: return "too-dear";
  }
  return "expression";
}

class Expressions {
 public:
  explicit Expressions(const Checking& checking)
      : checking_(checking), names_(declared_by(checking.program, checking.names)), of_others_(names_) {
    declare_others(of_others_, checking.program, checking.whole);
  }

  void run() {
    checking_.visit_own([&](const Message& owner, const FieldDescriptor& field, int index, const std::string& at) {
      check_value(checking_.program, owner, field, index, at, names_);
    });
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
    const Declarations names = declared_in_task(names_, fields);
    for (const v1::Field& field : fields) check_in(field, join_path(path, field.name()), names);
  }

  void check_in(const Message& message, const std::string& path, const Declarations& names) {
    visit_values(message, path, [&](const Message& owner, const FieldDescriptor& field, int index, const std::string& at) {
      check_value(message, owner, field, index, at, names);
    });
  }

  void check_value(const Message& message, const Message& owner, const FieldDescriptor& field, int index, const std::string& at, const Declarations& names) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || index >= 0) return;
    if (options_of(field).scalar() != v1::SCALAR_EXPRESSION) return;
    // Fields of tasks are looked at with their own names.
    const bool of_task = owner.GetDescriptor() == v1::Field::descriptor() && &owner != &message &&
                         (at.find(".log.") != std::string::npos || at.find(".forms.") != std::string::npos);
    if (of_task) return;
    if (at.starts_with("initiative.needs")) return check_one(owner, field, at, declared_at_entry(checking_.program, checking_.whole));
    check_one(owner, field, at, reads_others(owner) ? of_others_ : names);
  }

  /// Whether somebody asks, so that nothing has to notice by itself that another subject has changed: needs, lines of the checklist, and
  /// what chooses among a person's moves.
  static bool reads_others(const Message& owner) {
    const Descriptor* type = owner.GetDescriptor();
    if (type == v1::Move::descriptor()) return !static_cast<const v1::Move&>(owner).by().empty();
    return type == v1::Need::descriptor() || type == v1::Checklist::descriptor();
  }

  void check_one(const Message& owner, const FieldDescriptor& field, const std::string& path, const Declarations& names) {
    const std::string source = owner.GetReflection()->GetString(owner, &field);
    const auto compiled = expression::compile(source, &names);
    if (!compiled) {
      for (const expression::Fault& fault : compiled.error()) tell(path, fault, names);
      return;
    }
    const Wanted wanted = wanted_by(field);
    if (!fits(wanted, compiled->type(), owner)) {
      checking_.tell(path, "wrong-type", fmt::format("`{}` is to be {}, and `{}` is {}", key_of(field), name_of(wanted, owner),
                                                     source, name_of(compiled->type())));
    }
    if (wanted == Wanted::Moment) check_moment(path, field, *compiled);
    if (const auto dear = expression::too_dear(*compiled, names)) tell(path, *dear, names);
  }

  /// A deadline is armed when its state is entered, and follows the dates of the cohort; facts of an organisation may change any day.
  void check_moment(const std::string& path, const FieldDescriptor& field, const expression::Expression& compiled) {
    for (const expression::Reference& reference : compiled.references()) {
      if (!reference.path.starts_with("organisation")) continue;
      checking_.tell(path, "deadline-from-facts",
                     fmt::format("`{}` would not follow when `{}` is corrected or accepted; let a move that nobody makes ask for it with `if`: "
                                 "it is made on the day", key_of(field), reference.path));
      return;
    }
  }

  /// "there is no `strats` in cohort" → "starts": swapped letters are one slip, here as everywhere in a definition.
  static std::string near_name(std::string_view message, const Declarations& names) {
    static constexpr std::string_view begin = "there is no `", in = "` in ";
    if (!message.starts_with(begin)) return {};
    message.remove_prefix(begin.size());
    const std::string_view name = message.substr(0, message.find('`'));
    const std::size_t at = message.find(in);
    std::vector<std::string> known;
    for (const std::string_view one : names.names_after(at == std::string_view::npos ? "" : message.substr(at + in.size()))) {
      known.emplace_back(one);
    }
    return nearest(name, known);
  }

  /// Where an expression stands in one line, the fault's place in the file is known to the character.
  void tell(const std::string& path, const expression::Fault& fault, const Declarations& names) const {
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
    if (fault.kind == expression::FaultKind::UnknownName) {
      std::replace(message.begin(), message.end(), '"', '`');
      if (const std::string near = checking_.faults.full() ? "" : near_name(message, names); !near.empty()) suggestion = near;
    }
    checking_.faults.add(at, code_of(fault.kind), std::move(message), std::move(suggestion));
  }

  const Checking& checking_;
  const Declarations names_;
  Declarations of_others_;  // and what is read of other subjects
};

}  // namespace

void check_expressions(const Checking& checking) { Expressions(checking).run(); }

}  // namespace kvali::program
