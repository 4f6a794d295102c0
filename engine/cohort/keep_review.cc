#include "engine/cohort/keep_review.h"

namespace kvali::cohort {

void keep(const Reading& live, v1::KeptReading& kept) {
  const auto& [review, reader, assigned_at, ended, reason] = live;
  kept.set_review(review);
  kept.set_reader(reader);
  kept.set_assigned_us(assigned_at);
  kept.set_ended(ended);
  *kept.mutable_reason() = reason;
}

void restore(const v1::KeptReading& kept, Reading& live) {
  auto& [review, reader, assigned_at, ended, reason] = live;
  review = kept.review();
  reader = kept.reader();
  assigned_at = kept.assigned_us();
  ended = kept.ended();
  reason = kept.reason();
}

void keep(const Translated& live, v1::KeptTranslation& kept) {
  const auto& [field, language, text, by, of_version, at] = live;
  kept.set_field(field);
  kept.set_language(language);
  *kept.mutable_text() = text;
  kept.set_by(by);
  kept.set_of_version(of_version);
  kept.set_at_us(at);
}

void restore(const v1::KeptTranslation& kept, Translated& live) {
  auto& [field, language, text, by, of_version, at] = live;
  field = kept.field();
  language = kept.language();
  text = kept.text();
  by = kept.by();
  of_version = kept.of_version();
  at = kept.at_us();
}

void keep(const DeclaredConflict& live, v1::KeptConflict& kept) {
  const auto& [id, person, initiative, organisation, kind, note, by, at] = live;
  kept.set_conflict(id);
  kept.set_person(person);
  kept.set_initiative(initiative);
  kept.set_organisation(organisation);
  kept.set_kind(kind);
  *kept.mutable_note() = note;
  kept.set_by(by);
  kept.set_at_us(at);
}

void restore(const v1::KeptConflict& kept, DeclaredConflict& live) {
  auto& [id, person, initiative, organisation, kind, note, by, at] = live;
  id = kept.conflict();
  person = kept.person();
  initiative = kept.initiative();
  organisation = kept.organisation();
  kind = kept.kind();
  note = kept.note();
  by = kept.by();
  at = kept.at_us();
}

void keep(const Waiver& live, v1::KeptWaiver& kept) {
  const auto& [person, initiative, reason, proposed_by, confirmed_by, at] = live;
  kept.set_person(person);
  kept.set_initiative(initiative);
  *kept.mutable_reason() = reason;
  kept.set_proposed_by(proposed_by);
  kept.set_confirmed_by(confirmed_by);
  kept.set_at_us(at);
}

void restore(const v1::KeptWaiver& kept, Waiver& live) {
  auto& [person, initiative, reason, proposed_by, confirmed_by, at] = live;
  person = kept.person();
  initiative = kept.initiative();
  reason = kept.reason();
  proposed_by = kept.proposed_by();
  confirmed_by = kept.confirmed_by();
  at = kept.at_us();
}

}  // namespace kvali::cohort
