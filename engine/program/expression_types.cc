#include "engine/program/expression_types.h"

#include <algorithm>

#include "engine/limits.h"
#include "engine/program/reviews.h"
#include "engine/program/scalars.h"

namespace kvali::program {

using expression::Declarations;
using expression::Type;
using expression::TypeKind;
using Fields = google::protobuf::RepeatedPtrField<v1::Field>;

bool is_sealed(const v1::Field& field) {
  return field.personal() || field.type() == v1::Field::TEXT || field.type() == v1::Field::EMAIL ||
         field.type() == v1::Field::PHONE || field.type() == v1::Field::FILE;
}

namespace {

/// A text that is the name of a choice.
Type choice_of(const v1::Field& field) {
  std::size_t longest = 1;
  std::vector<std::string> names;
  for (const v1::Choice& choice : field.choices()) {
    longest = std::max(longest, choice.name().size());
    names.push_back(choice.name());
  }
  return Type(TypeKind::String).at_most(longest).among(std::move(names));
}

}  // namespace

Type type_typed_in(const v1::Field& field) {
  switch (field.type()) {
    case v1::Field::NUMBER: return TypeKind::Double;
    case v1::Field::WHOLE_NUMBER:
    case v1::Field::COUNT:
    case v1::Field::MONEY: return TypeKind::Int;
    case v1::Field::DATE: return TypeKind::Date;
    case v1::Field::YES_OR_NO: return TypeKind::Bool;
    case v1::Field::CHOICE: return choice_of(field);
    case v1::Field::CHOICES:
      return Type::list(choice_of(field)).at_most(static_cast<std::uint64_t>(std::max(field.choices_size(), 1)));
    case v1::Field::LOCALITY:
    case v1::Field::ORGANISATION:
    case v1::Field::PERSON: return Type(TypeKind::String).at_most(limits::name_bytes_max);
    case v1::Field::TEXT:
    case v1::Field::EMAIL:
    case v1::Field::PHONE:
    case v1::Field::FILE:
    case v1::Field::URL: return TypeKind::String;
    default: return {};
  }
}

Type type_seen(const v1::Field& field) { return is_sealed(field) ? Type(TypeKind::Sealed) : type_typed_in(field); }

Type tasks_of(const Fields& fields) {
  std::vector<Type::Field> typed;
  for (const v1::Field& field : fields) typed.emplace_back(field.name(), type_seen(field));
  return Type::list(Type::record(std::move(typed))).at_most(limits::items_per_initiative_max);
}

void declare(Declarations& names, const std::string& prefix, const Fields& fields) {
  for (const v1::Field& field : fields) names.add(prefix + field.name(), type_seen(field));
}

Declarations declared_by(const v1::Program& program, const Names& names) {
  Declarations declared;
  // What is named twice is told elsewhere; here it may be either.
  const auto add_list = [&declared](const std::string& name, Type type) {
    const auto before = declared.type_of(name);
    declared.add(name, !before || *before == type ? std::move(type) : Type());
  };
  declare(declared, "cohort.", program.cohort().parameters());
  declare(declared, "initiative.", program.initiative().fields());
  for (const v1::Role& role : program.roles()) declared.add(plural_of(role.name()), TypeKind::Int);
  for (const Spot& spot : names.spots()) {
    if (spot.stage != nullptr) {
      for (const v1::Report& report : spot.stage->reports()) {
        const auto& forms = spot.stage->forms();
        const auto form = std::find_if(forms.begin(), forms.end(), [&](const v1::Form& one) { return one.name() == report.form(); });
        add_list(report.form(), form == forms.end() ? Type::list(Type()) : tasks_of(form->fields()));
      }
    }
    if (spot.state == nullptr) continue;
    for (const v1::Log& log : spot.state->log()) add_list(log.name(), tasks_of(log.fields()));
    for (const ReviewAt& at : reviews_of(spot)) {
      declared.add(at.name + ".score", TypeKind::Double);
      for (const char* count : {".count", ".readers", ".missing"}) declared.add(at.name + count, TypeKind::Int);
      if (at.review->has_agreement())
        declared.add(at.name + ".agreement", Type(TypeKind::String).at_most(11).among({"positive", "mixed", "conflicting"}));
    }
  }
  return declared;
}

Declarations declared_at_entry(const v1::Program& program) {
  Declarations declared;
  declare(declared, "cohort.", program.cohort().parameters());
  const Type fact = Type::record({{"from", TypeKind::Date}, {"until", TypeKind::Date}});
  for (const v1::OrganisationFact& one : program.initiative().facts()) declared.add("organisation." + one.name(), fact);
  return declared;
}

Declarations declared_in_task(Declarations names, const Fields& fields) {
  declare(names, "task.", fields);
  names.add("planned", TypeKind::Timestamp);
  names.add("number", TypeKind::Int);
  return names;
}

}  // namespace kvali::program
