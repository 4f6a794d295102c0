#include "engine/program/expression_types.h"

#include <algorithm>

#include "engine/limits.h"
#include "engine/program/reviews.h"
#include "engine/program/scalars.h"
#include "engine/program/subjects.h"

namespace kvali::program {

using expression::Declarations;
using expression::Type;
using expression::TypeKind;
using Fields = google::protobuf::RepeatedPtrField<v1::Field>;

bool is_sealed(const v1::Field& field) {
  if (field.type() == v1::Field::TABLE) return false;  // what its rows say is, value by value
  return field.personal() || field.type() == v1::Field::TEXT || field.type() == v1::Field::EMAIL ||
         field.type() == v1::Field::PHONE || field.type() == v1::Field::FILE;
}

std::int64_t rows_at_most(const v1::Field& table) {
  return table.at_most() > 0 ? std::min(table.at_most(), limits::table_rows_max) : limits::table_rows_max;
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
    case v1::Field::TABLE: {
      std::vector<Type::Field> row;
      for (const v1::Field& one : field.fields()) row.emplace_back(one.name(), one.type() == v1::Field::TABLE ? Type() : type_seen(one));
      return Type::list(Type::record(std::move(row))).at_most(static_cast<std::uint64_t>(rows_at_most(field)));
    }
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

Type entries_of(const v1::Log& log) {
  if (log.closes().empty()) return tasks_of(log.fields());
  std::vector<Type::Field> typed;
  for (const v1::Field& field : log.fields())
    if (field.name() != "state") typed.emplace_back(field.name(), type_seen(field));  // one of that name is told elsewhere
  std::vector<std::string> states = {"open"};
  if (!log.agreed_by().empty()) states.insert(states.end(), {"proposed", "withdrawn"});
  for (const v1::Closing& one : log.closes()) states.push_back(one.name());
  std::size_t longest = 1;
  for (const std::string& one : states) longest = std::max(longest, one.size());
  typed.emplace_back("state", Type(TypeKind::String).at_most(longest).among(std::move(states)));
  return Type::list(Type::record(std::move(typed))).at_most(limits::items_per_initiative_max);
}

void declare(Declarations& names, const std::string& prefix, const Fields& fields) {
  for (const v1::Field& field : fields) names.add(prefix + field.name(), type_seen(field));
}

namespace {

/// What is public of an organisation: its kind in the words of `brought_by`, its country, the register it stands in.
std::vector<Type::Field> public_fields() {
  std::vector<std::string> kinds;
  std::size_t longest = 1;
  const auto& words = *v1::InitiativeRules::Bringer_descriptor();
  for (int i = 1; i < words.value_count(); ++i) {
    std::string word = words.value(i)->name();
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    longest = std::max(longest, word.size());
    kinds.push_back(std::move(word));
  }
  const Type code = Type(TypeKind::String).at_most(limits::name_bytes_max);
  return {{"kind", Type(TypeKind::String).at_most(longest).among(std::move(kinds))}, {"country", code}, {"register", code}};
}

void declare_organisation(Declarations& declared, const v1::Program& program) {
  const Type fact = Type::record({{"from", TypeKind::Date}, {"until", TypeKind::Date}});
  for (const v1::OrganisationFact& one : program.initiative().facts()) declared.add("organisation." + one.name(), fact);
  for (auto& [name, type] : public_fields()) declared.add("organisation." + std::string(name), type);
  declared.add("organisation.partners", Type::list(Type::record(public_fields())).at_most(limits::partners_per_initiative_max));
}

}  // namespace

bool is_organisation_word(std::string_view name) { return name == "kind" || name == "country" || name == "register" || name == "partners"; }

Declarations declared_by(const v1::Program& program, const Names& names) {
  Declarations declared;
  declare_organisation(declared, program);
  // What is named twice is told elsewhere; here it may be either.
  const auto add_list = [&declared](const std::string& name, Type type) {
    const auto before = declared.type_of(name);
    declared.add(name, !before || *before == type ? std::move(type) : Type());
  };
  declare(declared, "cohort.", program.cohort().parameters());
  declare(declared, noun_of(program) + ".", program.initiative().fields());
  for (const v1::Role& role : program.roles()) {
    declared.add(plural_of(role.name()), TypeKind::Int);
    declared.add("holds." + role.name(), TypeKind::Int);
  }
  for (const Spot& spot : names.spots()) {
    if (spot.stage != nullptr) {
      for (const v1::Report& report : spot.stage->reports()) {
        const auto& forms = spot.stage->forms();
        const auto form = std::find_if(forms.begin(), forms.end(), [&](const v1::Form& one) { return one.name() == report.form(); });
        add_list(report.form(), form == forms.end() ? Type::list(Type()) : tasks_of(form->fields()));
      }
    }
    if (spot.state == nullptr) continue;
    for (const v1::Log& log : spot.state->log()) add_list(log.name(), entries_of(log));
    for (const ReviewAt& at : reviews_of(spot)) {
      declared.add(at.name + ".score", TypeKind::Double);
      for (const char* count : {".count", ".readers", ".missing"}) declared.add(at.name + count, TypeKind::Int);
      if (at.review->has_agreement())
        declared.add(at.name + ".agreement", Type(TypeKind::String).at_most(11).among({"positive", "mixed", "conflicting"}));
    }
  }
  return declared;
}

namespace {

/// What `season.states` may hold of a subject: each stage and state it is in by its name, and by its path.
std::vector<std::string> states_of(const v1::Program& small) {
  const Names names(small);
  std::vector<std::string> paths;
  for (const Spot& spot : names.spots())
    if (spot.kind != Spot::Kind::Program)
      for (const std::string& word : {spot.name, spot.path})
        if (std::find(paths.begin(), paths.end(), word) == paths.end()) paths.push_back(word);
  return paths;
}

void declare_subject(Declarations& declared, const v1::Program& whole, const v1::Subject& subject) {
  const v1::Program small = program_of(whole, subject);
  declare(declared, subject.name() + ".", small.initiative().fields());
  std::vector<std::string> states = states_of(small);
  const std::uint64_t most = std::max<std::uint64_t>(states.size(), 1);
  std::size_t longest = 1;
  for (const std::string& state : states) longest = std::max(longest, state.size());
  declared.add(subject.name() + ".states", Type::list(Type(TypeKind::String).at_most(longest).among(std::move(states))).at_most(most));
}

void declare_attended(Declarations& declared, const v1::Program& whole) {
  for (const v1::Subject& subject : whole.subjects()) {
    const v1::Program small = program_of(whole, subject);
    const Names names(small);
    for (const Spot& spot : names.spots()) {
      if (spot.state == nullptr) continue;
      for (const v1::Log& log : spot.state->log())
        if (log.attendance()) {
          std::vector<Type::Field> typed;
          for (const v1::Field& field : log.fields()) typed.emplace_back(field.name(), type_seen(field));
          declared.add("attended." + subject.name(), Type::list(Type::record(std::move(typed))).at_most(limits::attended_max));
        }
    }
  }
}

}  // namespace

void declare_others(Declarations& names, const v1::Program& program, const v1::Program& whole) {
  const bool has_locality = std::any_of(program.initiative().fields().begin(), program.initiative().fields().end(),
                                        [](const v1::Field& field) { return field.type() == v1::Field::LOCALITY; });
  for (const v1::Subject& subject : whole.subjects()) {
    if (subject.name() == program.initiative().noun()) continue;
    const bool is_one = subject.of() == v1::Subject::THE_COHORT || (subject.of() == v1::Subject::EACH_LOCALITY && has_locality);
    if (is_one) declare_subject(names, whole, subject);
  }
  declare_attended(names, whole);
  if (is_of_subject(program)) return;
  const Names spots(program);
  const bool counts = std::any_of(spots.spots().begin(), spots.spots().end(), [](const Spot& spot) {
    return spot.state != nullptr && std::any_of(spot.state->log().begin(), spot.state->log().end(), [](const v1::Log& log) { return !log.minutes().empty(); });
  });
  if (!counts) return;
  for (const v1::Role& role : program.roles()) names.add("logged." + role.name(), TypeKind::Int);
}

Declarations declared_at_entry(const v1::Program& program, const v1::Program& whole) {
  Declarations declared;
  declare(declared, "cohort.", program.cohort().parameters());
  declare_organisation(declared, program);
  for (const v1::Subject& subject : whole.subjects())
    if (subject.of() == v1::Subject::THE_COHORT && subject.name() != program.initiative().noun()) declare_subject(declared, whole, subject);
  declare_attended(declared, whole);
  return declared;
}

Declarations declared_in_task(Declarations names, const Fields& fields) {
  declare(names, "task.", fields);
  names.add("planned", TypeKind::Timestamp);
  names.add("number", TypeKind::Int);
  return names;
}

}  // namespace kvali::program
