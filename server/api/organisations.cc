#include "server/api/organisations.h"

#include <algorithm>

#include "engine/cohort/eligible.h"
#include "engine/cohort/organisations.h"
#include "server/api/codec.h"
#include "server/core/seal.h"

namespace kvali::api {
namespace {

using directory::Directory;
using directory::Organisation;

const Directory& directory_of(const OrganisationsReader& reader) { return reader.core.store().directory; }

void fill(const Organisation& organisation, v1::OrganisationRef& ref) {
  ref.set_id(organisation.id);
  ref.set_name(organisation.name);
  ref.set_kind(organisation.kind);
  ref.set_country(organisation.country);
}

bool runs_the_house(const OrganisationsReader& reader) { return directory_of(reader).related(reader.person, "manager", "", reader.now_us); }

bool serves(const core::CohortEntry& entry) { return entry.quarantined.empty() && entry.state.open(); }

cohort::Viewer viewer_in(const OrganisationsReader& reader, const cohort::Cohort& state) {
  return {reader.person, cohort::instant_in(state, reader.now_us)};
}

bool is_in(const cohort::Cohort& state, const Directory& directory, const std::string& organisation) {
  return std::any_of(state.initiatives.begin(), state.initiatives.end(), [&](const cohort::Initiative& one) {
    if (directory.kept(one.organisation) == organisation) return true;
    const auto partners = cohort::partners_of(one);
    return std::any_of(partners.begin(), partners.end(), [&](const std::string& id) { return directory.kept(id) == organisation; });
  });
}

/// Its members, who runs the house, and who runs a cohort that it is in.
bool may_know(const OrganisationsReader& reader, const Organisation& organisation) {
  const Directory& directory = directory_of(reader);
  if (runs_the_house(reader) || directory.related(reader.person, "member", organisation.id, reader.now_us)) return true;
  for (const auto& [id, entry] : reader.core.store().cohorts)
    if (serves(entry) && cohort::may(entry.state, reader.core.store().world(), viewer_in(reader, entry.state), cohort::Action::Manage) &&
        is_in(entry.state, directory, organisation.id))
      return true;
  return false;
}

std::string opened(const OrganisationsReader& reader, const v1::Sealed& sealed) { return core::open(sealed, reader.core.vault()); }

void add_facts(const OrganisationsReader& reader, const Organisation& organisation, v1::OrganisationDetail& detail) {
  for (const v1::Fact& fact : organisation.facts) {
    v1::Fact& made = *detail.add_facts();
    made = fact;
    if (made.has_remark()) made.set_note(opened(reader, made.remark()));
    made.clear_remark();
    for (int i = 0; i < made.accepted_size(); ++i) made.mutable_accepted(i)->clear_note();  // staff's own words
  }
}

void add_members(const OrganisationsReader& reader, const Organisation& organisation, v1::OrganisationDetail& detail) {
  const Directory& directory = directory_of(reader);
  for (const directory::Person& person : directory.persons) {
    if (!directory.related(person.id, "member", organisation.id, reader.now_us)) continue;
    v1::PersonRef& ref = *detail.add_members();
    ref.set_id(person.id);
    ref.set_name(opened(reader, person.name));
  }
}

/// What stands in the registers, and how it is tied to others.
void add_public(const OrganisationsReader& reader, const Organisation& organisation, v1::OrganisationDetail& detail) {
  const Directory& directory = directory_of(reader);
  detail.set_id(organisation.id);
  detail.set_name(organisation.name);
  detail.set_kind(organisation.kind);
  detail.set_country(organisation.country);
  detail.set_register_(organisation.reg);
  detail.set_registration(organisation.registration);
  for (const directory::FormerName& one : organisation.names) {
    v1::NameSpan& span = *detail.add_names();
    span.set_name(one.name);
    if (one.from.year() != 0) *span.mutable_from() = one.from;
    if (one.until.year() != 0) *span.mutable_until() = one.until;
  }
  for (const std::string& before : organisation.successor_of)
    if (const Organisation* one = directory.organisation(before)) fill(*one, *detail.add_successor_of());
  for (const Organisation& one : directory.organisations) {
    if (!one.merged_into.empty()) {
      if (directory.kept(one.id) == organisation.id) detail.add_merged(one.id);
      continue;
    }
    const bool goes_on = std::any_of(one.successor_of.begin(), one.successor_of.end(), [&](const std::string& id) { return directory.kept(id) == organisation.id; });
    if (goes_on) fill(one, *detail.add_successors());
    if (directory.belongs(organisation.id, one.id, reader.now_us)) fill(one, *detail.add_networks());
    if (directory.belongs(one.id, organisation.id, reader.now_us)) fill(one, *detail.add_member_organisations());
  }
}

v1::Eligibility told(const OrganisationsReader& reader, const cohort::Cohort& state, const cohort::Eligibility& found) {
  v1::Eligibility made;
  made.set_cohort(state.id);
  made.set_title(state.title);
  made.set_program(state.model->name());
  made.set_may_begin(found.unmet.empty());
  for (const cohort::Unmet& unmet : found.unmet) *made.add_unmet() = violation_of(unmet, reader.locale);
  if (found.will_hold_at != calendar::never) made.set_will_hold_at_us(found.will_hold_at);
  if (found.closes_at) made.set_closes_at_us(*found.closes_at);
  return made;
}

}  // namespace

void answer_organisations(const OrganisationsReader& reader, v1::Answer& answer) {
  for (const Organisation& one : directory_of(reader).organisations)
    if (one.merged_into.empty()) fill(one, *answer.add_organisations());
}

bool answer_organisation(const OrganisationsReader& reader, const std::string& id, v1::Answer& answer) {
  const Organisation* organisation = directory_of(reader).organisation(id);
  if (!organisation) return false;
  v1::OrganisationDetail& detail = *answer.mutable_organisation();
  add_public(reader, *organisation, detail);
  detail.set_inner(may_know(reader, *organisation));
  if (!detail.inner()) return true;
  add_facts(reader, *organisation, detail);
  add_members(reader, *organisation, detail);
  return true;
}

bool answer_eligibility(const OrganisationsReader& reader, const v1::EligibilityQuery& query, v1::Answer& answer) {
  const core::Store& store = reader.core.store();
  bool any = query.organisation().empty() || runs_the_house(reader) ||
             store.directory.related(reader.person, "member", query.organisation(), reader.now_us);
  for (const auto& [id, entry] : store.cohorts) {
    if (!serves(entry) || (!query.cohort().empty() && query.cohort() != id)) continue;
    const cohort::Viewer viewer = viewer_in(reader, entry.state);
    if (!query.organisation().empty() && !cohort::may_know_facts(entry.state, store.world(), viewer, query.organisation())) continue;
    any = true;
    if (const auto closes = cohort::closes_at(entry.state, *entry.state.model, viewer.now); closes && viewer.now >= *closes) continue;  // not open any more
    *answer.add_eligibility() = told(reader, entry.state, cohort::eligibility(entry.state, store.world(), viewer, query.organisation()));
  }
  return any;
}

}  // namespace kvali::api
