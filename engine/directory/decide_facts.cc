// What is known of an organisation: claimed by its members, accepted as evidence by somebody who is none.
#include <algorithm>

#include "engine/directory/parts.h"
#include "engine/limits.h"

namespace kvali::directory {
namespace {

constexpr int year_first = 1000, year_last = 2200;  // of what is recorded: a year outside of them is a slip

/// Whether it is a date as exactly as it is known: the year, the month, the day.
bool is_date(const v1::Date& date) {
  if (date.year() < year_first || date.year() > year_last || date.month() > 12 || date.day() > 31) return false;
  if (date.month() == 0) return date.day() == 0;
  if (date.day() == 0) return true;
  const calendar::Date day{date.year(), static_cast<int>(date.month()), static_cast<int>(date.day())};
  return calendar::civil_from_days(calendar::days_from_civil(day)) == day;
}

bool is_before(const v1::Date& one, const v1::Date& other) {
  if (one.year() != other.year()) return one.year() < other.year();
  if (one.month() == 0 || other.month() == 0 || one.month() != other.month()) return one.month() != 0 && other.month() != 0 && one.month() < other.month();
  return one.day() != 0 && other.day() != 0 && one.day() < other.day();
}

bool is_fact_name(const std::string& name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= limits::name_bytes_max && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

const v1::Fact* find(const Organisation& organisation, const std::string& id) {
  const auto found = std::find_if(organisation.facts.begin(), organisation.facts.end(), [&](const v1::Fact& one) { return one.id() == id; });
  return found == organisation.facts.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Refusal> fault_of(const v1::Fact& fact) {
  if (!is_fact_name(fact.name())) return Refusal{"INVALID", "bad_fact_name", {{"name", fact.name()}}};
  const bool from = fact.from().year() != 0, until = fact.until().year() != 0;
  if (!from && !until) return Refusal{"INVALID", "fact_without_date", {{"name", fact.name()}}};
  if ((from && !is_date(fact.from())) || (until && !is_date(fact.until()))) return Refusal{"INVALID", "fact_no_date", {{"name", fact.name()}}};
  if (from && until && is_before(fact.until(), fact.from())) return Refusal{"INVALID", "fact_backwards", {{"name", fact.name()}}};
  if (fact.note().size() > limits::fact_note_bytes_max) return Refusal{"LIMIT", "too_long_note", {{"max", std::to_string(limits::fact_note_bytes_max)}}};
  return std::nullopt;
}

v1::Fact recorded(const v1::Fact& given, const std::string& id) {
  v1::Fact made = given;
  if (made.from().year() == 0) made.clear_from();
  if (made.until().year() == 0) made.clear_until();
  made.set_id(id);
  made.clear_accepted();
  return made;
}

Verdict record_fact(const Case& c, const v1::RecordFact& command) {
  auto found = own_organisation(c, command.organisation());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Organisation& organisation = *std::get<const Organisation*>(found);
  if (auto fault = fault_of(command.fact())) return *fault;
  if (organisation.facts.size() >= limits::facts_per_organisation_max)
    return Refusal{"LIMIT", "too_many", {{"count", std::to_string(limits::facts_per_organisation_max)}}};
  Decision decision;
  v1::FactRecorded& made = *decision.records.add().mutable_fact_recorded();
  made.set_organisation(organisation.id);
  *made.mutable_fact() = recorded(command.fact(), c.asked.fresh_id());
  decision.created = c.asked.fresh_id();
  return decision;
}

Verdict withdraw_fact(const Case& c, const v1::WithdrawFact& command) {
  auto found = own_organisation(c, command.organisation());
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const Organisation& organisation = *std::get<const Organisation*>(found);
  const v1::Fact* fact = find(organisation, command.fact());
  if (!fact) return Refusal{"NOT_FOUND", "no_fact"};
  if (!c.runs && fact->accepted_size() > 0) return Refusal{"PRECONDITION", "fact_accepted"};
  Decision decision;
  v1::FactWithdrawn& made = *decision.records.add().mutable_fact_withdrawn();
  made.set_organisation(organisation.id);
  made.set_fact(fact->id());
  return decision;
}

Verdict accept_fact(const Case& c, const v1::AcceptFact& command) {
  const bool as_house = c.runs && c.asked.command().cohort().empty();
  if (!as_house && c.asked.roles().empty()) return Refusal{"FORBIDDEN", "not_accepting"};
  const Organisation* organisation = c.directory.organisation(command.organisation());
  if (!organisation) return Refusal{"NOT_FOUND", "no_organisation"};
  const v1::Fact* fact = find(*organisation, command.fact());
  if (!fact) return Refusal{"NOT_FOUND", "no_fact"};
  if (is_member(c, *organisation)) return Refusal{"FORBIDDEN", "own_fact"};  // nobody is the judge of her own evidence
  if (command.until().year() != 0 && (!is_date(command.until()) || command.until().day() == 0)) return Refusal{"INVALID", "fact_no_date", {{"name", fact->name()}}};
  Decision decision;
  v1::FactAccepted& made = *decision.records.add().mutable_fact_accepted();
  made.set_organisation(organisation->id);
  made.set_fact(fact->id());
  v1::FactAcceptance& acceptance = *made.mutable_acceptance();
  acceptance.set_by(c.asked.actor());
  acceptance.set_at_us(c.asked.now_us());
  if (command.until().year() != 0) *acceptance.mutable_until() = command.until();
  if (command.note().has_sealed()) *acceptance.mutable_note() = command.note().sealed();
  if (!as_house) {
    acceptance.set_program(c.asked.program());
    acceptance.set_role(c.asked.roles(0));
    acceptance.set_cohort(c.asked.command().cohort());
  }
  return decision;
}

Verdict revoke_acceptance(const Case& c, const v1::RevokeAcceptance& command) {
  const Organisation* organisation = c.directory.organisation(command.organisation());
  const v1::Fact* fact = organisation ? find(*organisation, command.fact()) : nullptr;
  const auto hers = [&](const v1::FactAcceptance& one) { return c.runs || one.by() == c.asked.actor(); };
  const bool any = fact && std::any_of(fact->accepted().begin(), fact->accepted().end(), hers);
  if (!any && !c.runs) return Refusal{"FORBIDDEN", "not_accepting"};
  if (!fact) return Refusal{"NOT_FOUND", "no_fact"};
  if (!any) return Refusal{"PRECONDITION", "fact_not_accepted"};
  Decision decision;
  for (const v1::FactAcceptance& one : fact->accepted()) {
    if (!hers(one)) continue;
    v1::AcceptanceRevoked& made = *decision.records.add().mutable_acceptance_revoked();
    made.set_organisation(organisation->id);
    made.set_fact(fact->id());
    made.set_program(one.program());
    if (command.reason().has_sealed()) *made.mutable_reason() = command.reason().sealed();
  }
  return decision;
}

}  // namespace kvali::directory
