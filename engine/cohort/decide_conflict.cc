// Conflicts of interest are declared and, by two persons, waived; answers are translated.
#include <algorithm>

#include "engine/cohort/conflict.h"
#include "engine/cohort/parts.h"
#include "engine/cohort/reading.h"
#include "engine/directory/directory.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

struct Concerned {
  Slot slot;
  std::string person;
};

/// The initiative and the person of a waiver: both there, for who runs the cohort and has no conflict there herself.
std::variant<Concerned, Refusal> concerned(Case& c, const std::string& initiative, const std::string& person) {
  auto found = find_initiative(c, initiative);
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const Slot slot = std::get<Slot>(found);
  if (auto refusal = must_manage(c, c.sketch.initiative(slot))) return *refusal;
  if (auto refusal = must_exist(c, person)) return *refusal;
  if (person == c.asked.actor()) return refuse(Code::Forbidden, "own_conflict");
  return Concerned{slot, person};
}

/// Whether some role of hers there is bound by a conflict.
bool has_conflict(const Case& c, const Initiative& initiative, const std::string& person) {
  const Viewer viewer{person, c.sketch.now()};
  const std::vector<std::string> roles = given_roles(c.cohort(), c.world(), viewer, initiative);
  return std::any_of(roles.begin(), roles.end(), [&](const std::string& role) { return conflict_in(c.cohort(), c.world(), viewer, initiative, role).has_value(); });
}

}  // namespace

Outcome declare_conflict(Case& c, const v1::DeclareConflict& command) {
  const std::string& person = command.person().empty() ? c.asked.actor() : command.person();
  if (auto refusal = must_exist(c, person)) return refusal;
  const bool manages = may(c.cohort(), c.world(), c.viewer, Action::Manage);
  // Whoever works here may say so of herself; of another, who runs the cohort.
  if (person != c.asked.actor() ? !manages : roles_in(c.cohort(), c.world(), c.viewer).empty()) return refuse(Code::Forbidden, "forbidden");
  if (command.initiative().empty() == command.organisation().empty()) return refuse(Code::Invalid, "conflict_toward");
  if (command.kind() == v1::DeclareConflict::KIND_UNSPECIFIED) return refuse(Code::Invalid, "conflict_kind");
  if (!command.initiative().empty()) {
    const auto slot = c.cohort().find(command.initiative());
    if (!slot || !may(c.cohort(), c.world(), c.viewer, Action::Know, &c.cohort().initiatives[*slot])) return refuse(Code::NotFound, "no_initiative");
  } else if (!c.world().directory.organisation(command.organisation())) {
    return refuse(Code::NotFound, "no_organisation");
  }
  const auto known = c.cohort().conflicts_of.find(person);
  if (known != c.cohort().conflicts_of.end()) {
    for (const std::uint32_t at : known->second)
      if (const DeclaredConflict& one = c.cohort().conflicts[at]; one.initiative == command.initiative() && one.organisation == command.organisation())
        return refuse(Code::Precondition, "twice");
    if (known->second.size() >= limits::conflicts_per_person_max)
      return refuse(Code::Limit, "too_many", {{"count", std::to_string(limits::conflicts_per_person_max)}});
  }
  v1::Record& record = c.sketch.draft();
  v1::ConflictDeclared& declared = *record.mutable_conflict_declared();
  declared.set_conflict(c.asked.fresh_id());
  declared.set_person(person);
  declared.set_initiative(command.initiative());
  declared.set_organisation(command.organisation());
  declared.set_kind(command.kind());
  if (command.note().kind_case() != v1::Value::KIND_NOT_SET) *declared.mutable_note() = command.note();
  c.sketch.add(record);
  c.created = c.asked.fresh_id();
  return std::nullopt;
}

Outcome waive_conflict(Case& c, const v1::WaiveConflict& command) {
  auto found = concerned(c, command.initiative(), command.person());
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const auto& [slot, person] = std::get<Concerned>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (!has_conflict(c, initiative, person)) return refuse(Code::Precondition, "no_conflict");
  if (waiver_of(c.cohort(), person, initiative.id)) return refuse(Code::Precondition, "twice");
  if (command.reason().sealed().size() == 0) return refuse_unmet({{Code::Invalid, "reason", sentence("reason_missing"), calendar::never}});
  v1::Record& record = c.sketch.draft();
  v1::WaiverProposed& proposed = *record.mutable_waiver_proposed();
  proposed.set_person(person);
  proposed.set_initiative(initiative.id);
  *proposed.mutable_reason() = command.reason();
  c.sketch.add(record, slot);
  return std::nullopt;
}

Outcome confirm_waiver(Case& c, const v1::ConfirmWaiver& command) {
  auto found = concerned(c, command.initiative(), command.person());
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const auto& [slot, person] = std::get<Concerned>(found);
  const Waiver* waiver = waiver_of(c.cohort(), person, command.initiative());
  if (!waiver || !waiver->confirmed_by.empty()) return refuse(Code::Precondition, "no_waiver");
  if (waiver->proposed_by == c.asked.actor()) return refuse(Code::Forbidden, "same_person");
  v1::Record& record = c.sketch.draft();
  record.mutable_waiver_confirmed()->set_person(person);
  record.mutable_waiver_confirmed()->set_initiative(command.initiative());
  c.sketch.add(record, slot);
  return std::nullopt;
}

Outcome decline_waiver(Case& c, const v1::DeclineWaiver& command) {
  auto found = concerned(c, command.initiative(), command.person());
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const auto& [slot, person] = std::get<Concerned>(found);
  if (!waiver_of(c.cohort(), person, command.initiative())) return refuse(Code::Precondition, "no_waiver");
  v1::Record& record = c.sketch.draft();
  record.mutable_waiver_declined()->set_person(person);
  record.mutable_waiver_declined()->set_initiative(command.initiative());
  c.sketch.add(record, slot);
  return std::nullopt;
}

Outcome translate_field(Case& c, const v1::TranslateField& command) {
  auto found = find_initiative(c, command.initiative());
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const Slot slot = std::get<Slot>(found);
  const Initiative& initiative = c.sketch.initiative(slot);
  if (auto refusal = must_be(c, initiative, translators_of(*initiative.model))) return refusal;
  const v1::Field* field = initiative.model->field(command.field());
  if (!field || field->type() != v1::Field::TEXT) return refuse(Code::Invalid, "no_field", {{"name", command.field()}});
  if (!may_field(c.cohort(), c.world(), c.viewer, Action::SeeField, initiative, *field)) return refuse(Code::Forbidden, "field_forbidden", {{"label", label_or(field->label(), field->name())}});
  if (!is_language(*initiative.model, command.language())) return refuse(Code::Invalid, "no_language", {{"name", command.language()}});
  const FieldState* now = stored(initiative.fields, command.field());
  if (!now || now->value.kind_case() == v1::Value::kEmpty) return refuse(Code::Precondition, "field_missing", {{"label", label_or(field->label(), field->name())}});
  if (command.text().sealed().size() == 0) return refuse_unmet({{Code::Invalid, "text", sentence("field_missing", {{"label", label_or(field->label(), field->name())}}), calendar::never}});
  if (command.text().sealed().cipher().size() > limits::text_bytes_max + 64) return refuse(Code::Limit, "too_large", {{"label", label_or(field->label(), field->name())}, {"count", std::to_string(limits::text_bytes_max)}});
  v1::Record& record = c.sketch.draft();
  v1::FieldTranslated& translated = *record.mutable_field_translated();
  translated.set_initiative(initiative.id);
  translated.set_field(command.field());
  translated.set_language(command.language());
  *translated.mutable_text() = command.text();
  translated.set_of_version(now->version);
  c.sketch.add(record, slot);
  return std::nullopt;
}

}  // namespace kvali::cohort
