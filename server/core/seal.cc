#include "server/core/seal.h"

#include <algorithm>
#include <set>

#include "engine/cohort/decide.h"

namespace kvali::core {
namespace {

using cohort::Cohort;
using cohort::Model;

const v1::Field* in_row(const v1::Field& table, const std::string& name) {
  const auto found = std::find_if(table.fields().begin(), table.fields().end(), [&](const v1::Field& one) { return one.name() == name; });
  return found == table.fields().end() ? nullptr : &*found;
}

/// "pdf" of "The plan.PDF"; "" of a name without one.
std::string ending_of(const std::string& name) {
  const std::size_t point = name.rfind('.');
  std::string ending = point == std::string::npos ? "" : name.substr(point + 1);
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return ending;
}

class Sealer {
 public:
  explicit Sealer(vault::Vault& vault) : vault_(vault) {}

  void close(v1::Value& value, const std::string& subject) {
    if (value.kind_case() != v1::Value::kText || subject.empty() || failed_) return;
    auto sealed = vault_.seal(subject, value.text());
    if (!sealed) {
      failed_ = sealed.error();
      return;
    }
    v1::Sealed made;
    made.set_subject(sealed->subject);
    made.set_cipher(sealed->cipher);
    made.set_size(sealed->size);
    *value.mutable_sealed() = std::move(made);
  }

  void close(v1::Value& value, const v1::Field* field, const std::string& initiative, const std::string& person) {
    if (!field) return;
    if (value.has_table()) {
      for (v1::Table::Row& row : *value.mutable_table()->mutable_rows())
        for (v1::NamedValue& one : *row.mutable_values()) close(*one.mutable_value(), in_row(*field, one.name()), initiative, person);
      return;
    }
    if (value.has_file()) return close(*value.mutable_file(), field->personal() && !person.empty() ? person : initiative);
    const bool free_text = field->type() == v1::Field::TEXT || field->type() == v1::Field::EMAIL || field->type() == v1::Field::PHONE;
    if (!free_text && !field->personal()) return;
    close(value, field->personal() && !person.empty() ? person : initiative);
  }

  /// A file's name may say anything; its ending is what its field is asked for, and stands open. What else a sender says of it is
  /// not believed.
  void close(v1::FileReference& file, const std::string& subject) {
    v1::Value name;
    name.set_text(file.plain_name());
    file.set_ending(ending_of(file.plain_name()));
    file.clear_name();
    file.clear_plain_name();
    close(name, subject);
    if (name.has_sealed()) *file.mutable_name() = name.sealed();
  }

  [[nodiscard]] Result<void> result() const { return failed_ ? Result<void>(fail(*failed_)) : Result<void>(); }

 private:
  vault::Vault& vault_;
  std::optional<Error> failed_;
};

struct Subjects {
  const Model* model = nullptr;
  std::string initiative;
  std::string applicant;
  const cohort::TaskModel* task = nullptr;
};

Subjects subjects_of(const Cohort* cohort, const std::string& initiative, const std::string& task_key) {
  if (!cohort || !cohort->open()) return {};
  const auto slot = cohort->find(initiative);
  if (!slot) return {};
  const cohort::Initiative& found = cohort->initiatives[*slot];
  const std::string kind = task_key.substr(0, task_key.find('/'));
  return {found.model.get(), initiative, found.applicant, kind.empty() ? nullptr : found.model->task(kind)};
}

void close_fields(Sealer& sealer, google::protobuf::RepeatedPtrField<v1::FieldInput>& fields, const Subjects& subjects) {
  if (!subjects.model) return;
  for (v1::FieldInput& input : fields) {
    const v1::Field* field = subjects.task ? cohort::form_field(*subjects.task, input.name()) : subjects.model->field(input.name());
    sealer.close(*input.mutable_value(), field, subjects.initiative, subjects.applicant);
  }
}

/// What is written about an organisation in words, under its own key. The note of a fact goes to where it is sealed.
void close_note(Sealer& sealer, v1::Fact& fact, const std::string& organisation) {
  fact.clear_remark();
  if (fact.note().empty()) return;
  v1::Value note;
  note.set_text(fact.note());
  sealer.close(note, organisation);
  if (note.has_sealed()) *fact.mutable_remark() = note.sealed();
  fact.clear_note();
}

void close_notes(Sealer& sealer, v1::Command& command, const std::string& fresh_id) {
  if (command.has_register_organisation())
    for (v1::Fact& fact : *command.mutable_register_organisation()->mutable_facts()) close_note(sealer, fact, fresh_id);
  if (command.has_record_fact()) close_note(sealer, *command.mutable_record_fact()->mutable_fact(), command.record_fact().organisation());
  if (command.has_accept_fact()) sealer.close(*command.mutable_accept_fact()->mutable_note(), command.accept_fact().organisation());
  if (command.has_revoke_acceptance()) sealer.close(*command.mutable_revoke_acceptance()->mutable_reason(), command.revoke_acceptance().organisation());
  if (command.has_merge_organisations()) sealer.close(*command.mutable_merge_organisations()->mutable_reason(), command.merge_organisations().kept());
}

}  // namespace

std::string domain_of_house(const std::string& email, const vault::Vault& vault) {
  // Providers of mail for everybody: to have one in common says nothing.
  static const std::set<std::string> for_everybody = {
      "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com", "me.com", "mac.com",
      "aol.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io", "zoho.com",
      "fastmail.com", "hey.com", "yandex.com", "yandex.ru", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "rambler.ru", "inbox.lv", "inbox.lt", "one.lt",
      "ukr.net", "i.ua", "meta.ua", "mail.ge", "posta.ge", "op.pl", "wp.pl", "o2.pl", "seznam.cz", "orange.fr", "free.fr", "laposte.net"};
  const std::size_t at = email.rfind('@');
  if (at == std::string::npos || at + 1 == email.size()) return {};
  std::string domain = email.substr(at + 1);
  std::transform(domain.begin(), domain.end(), domain.begin(), [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  while (!domain.empty() && domain.back() == '.') domain.pop_back();
  return for_everybody.contains(domain) ? std::string() : vault.fresh_id("mail-domain", domain);
}

Result<void> seal(v1::Asked& asked, const Cohort* cohort, vault::Vault& vault) {
  Sealer sealer(vault);
  v1::Command& command = *asked.mutable_command();
  if (command.has_register_person()) {
    command.mutable_register_person()->set_mail_domain(domain_of_house(command.register_person().email().text(), vault));
    sealer.close(*command.mutable_register_person()->mutable_name(), asked.fresh_id());
    sealer.close(*command.mutable_register_person()->mutable_email(), asked.fresh_id());
  } else if (command.has_start_initiative() && cohort && cohort->open()) {
    const std::string& person = !command.start_initiative().applicant().empty() ? command.start_initiative().applicant()
                                : command.on_behalf_of().empty()                ? asked.actor()
                                                                                : command.on_behalf_of();
    close_fields(sealer, *command.mutable_start_initiative()->mutable_fields(), {cohort::of_kind(cohort->model, command.start_initiative().subject()).get(), asked.fresh_id(), person, nullptr});
  } else if (command.has_save_fields()) {
    const Subjects subjects = subjects_of(cohort, command.save_fields().initiative(), command.save_fields().task());
    close_fields(sealer, *command.mutable_save_fields()->mutable_fields(), subjects);
  } else if (command.has_make_move()) {
    v1::MakeMove& move = *command.mutable_make_move();
    const Subjects subjects = subjects_of(cohort, move.initiative(), move.task());
    close_fields(sealer, *move.mutable_fields(), subjects);
    sealer.close(*move.mutable_reason(), subjects.initiative);
    if (move.reason().kind_case() == v1::Value::KIND_NOT_SET) move.clear_reason();
  } else if (command.has_bulk_move() && command.bulk_move().initiatives_size() > 0) {
    // One text for many: under the first initiative's key.
    sealer.close(*command.mutable_bulk_move()->mutable_reason(), subjects_of(cohort, command.bulk_move().initiatives(0), "").initiative);
  } else if (command.has_bulk_move() && cohort && !cohort->initiatives.empty()) {
    sealer.close(*command.mutable_bulk_move()->mutable_reason(), cohort->initiatives.front().id);  // whom the filter meets is not known yet
  } else if (command.has_select_ranked() && cohort && !cohort->initiatives.empty()) {
    sealer.close(*command.mutable_select_ranked()->mutable_reason(), cohort->initiatives.front().id);
  } else if (command.has_open_task()) {
    Subjects subjects = subjects_of(cohort, command.open_task().initiative(), command.open_task().kind() + "/");
    if (subjects.task) close_fields(sealer, *command.mutable_open_task()->mutable_fields(), subjects);
  } else if (command.has_decline_reading()) {
    sealer.close(*command.mutable_decline_reading()->mutable_reason(), subjects_of(cohort, command.decline_reading().initiative(), "").initiative);
  } else if (command.has_waive_conflict()) {
    sealer.close(*command.mutable_waive_conflict()->mutable_reason(), command.waive_conflict().person());
  } else if (command.has_declare_conflict()) {
    // What it says is of the person who has it: family, business.
    v1::DeclareConflict& declare = *command.mutable_declare_conflict();
    sealer.close(*declare.mutable_note(), declare.person().empty() ? asked.actor() : declare.person());
    if (declare.note().kind_case() == v1::Value::KIND_NOT_SET) declare.clear_note();
  } else if (command.has_translate_field()) {
    v1::TranslateField& translate = *command.mutable_translate_field();
    const Subjects subjects = subjects_of(cohort, translate.initiative(), "");
    if (subjects.model) sealer.close(*translate.mutable_text(), subjects.model->field(translate.field()), subjects.initiative, subjects.applicant);
  } else if (command.has_propose_exception()) {
    const Subjects subjects = subjects_of(cohort, command.propose_exception().initiative(), "");
    sealer.close(*command.mutable_propose_exception()->mutable_reason(), subjects.initiative);
  }
  close_notes(sealer, command, asked.fresh_id());
  return sealer.result();
}

std::string open(const v1::Sealed& sealed, const vault::Vault& vault) {
  if (sealed.cipher().empty()) return {};
  return vault.open({sealed.subject(), sealed.cipher(), sealed.size()}).value_or("");
}

v1::Value opened(const v1::Value& value, const vault::Vault& vault) {
  if (value.has_table()) {
    v1::Value clear = value;
    for (v1::Table::Row& row : *clear.mutable_table()->mutable_rows())
      for (v1::NamedValue& one : *row.mutable_values()) *one.mutable_value() = opened(one.value(), vault);
    return clear;
  }
  if (value.has_file()) {
    v1::Value clear = value;
    clear.mutable_file()->set_plain_name(open(value.file().name(), vault));
    clear.mutable_file()->clear_name();
    return clear;
  }
  if (!value.has_sealed()) return value;
  v1::Value clear;
  clear.set_text(open(value.sealed(), vault));
  return clear;
}

std::string title_of(const cohort::Cohort& cohort, const cohort::Initiative& initiative, const vault::Vault& vault) {
  if (const v1::Value* title = initiative.field(initiative.model->title_field())) return opened(*title, vault).text();
  const v1::Subject* subject = initiative.model->subject();
  if (!subject) return {};
  const std::string kind = cohort::in_language(subject->label(), initiative.model->program().languages(0));
  const v1::LocalityEntry* locality = cohort.locality(cohort::locality_of(initiative));
  return locality ? kind + ", " + locality->name() : kind;
}

}  // namespace kvali::core
