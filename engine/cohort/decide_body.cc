// Bodies: seats that are never more than there are, terms that end for all their members together, minutes.
#include <algorithm>

#include "engine/cohort/gate.h"
#include "engine/cohort/parts.h"

namespace kvali::cohort {
namespace {

/// Reminders go out in the morning of their day; that it is over is told when it is.
std::vector<Instant> notices_of(const Cohort& cohort, const v1::Body& body, Instant from, Instant until) {
  std::vector<Instant> notices;
  for (const std::string& remind : body.remind()) {
    const auto offset = calendar::parse_period(remind);
    if (!offset) continue;
    const Instant at = calendar::shift(cohort.zone, cohort.holidays, until, *offset);
    if (at > from && at < until) notices.push_back(at);
  }
  notices.push_back(until);
  std::sort(notices.begin(), notices.end());
  notices.erase(std::unique(notices.begin(), notices.end()), notices.end());
  return notices;
}

/// Who sits in the body now, as assignments.
std::vector<const Assignment*> seated(const Case& c, const v1::Body& body) {
  std::vector<const Assignment*> seats;
  for (const Assignment& one : c.cohort().assignments)
    if (!one.ended && one.role == body.role() && c.sketch.now() < one.until) seats.push_back(&one);
  return seats;
}

const Term* running(const Case& c, const v1::Body& body) {
  const Term* term = c.cohort().term(body.name());
  return term && c.sketch.now() < term->until ? term : nullptr;
}

/// Adds the beginning of a term, and gives its end.
Instant begin(Case& c, const v1::Body& body, Instant from, const std::string& reason) {
  const auto length = calendar::parse_period(body.term());
  KVALI_CHECK(length.has_value());
  const Instant until = calendar::deadline_after(c.cohort().zone, c.cohort().holidays, from, *length);
  const Term* last = c.cohort().term(body.name());
  v1::Record& record = c.sketch.draft();
  v1::TermBegun& begun = *record.mutable_term_begun();
  begun.set_body(body.name());
  begun.set_number(last ? last->number + 1 : 1);
  begun.set_from_us(from);
  begun.set_until_us(until);
  for (const Instant notice : notices_of(c.cohort(), body, c.sketch.now(), until)) begun.add_notices_us(notice);
  for (const Assignment* one : seated(c, body)) begun.add_roles_ended(one->id);
  begun.set_reason(reason);
  c.sketch.add(record);
  return until;
}

void tell_managers(const Case& c, v1::Told& told) {
  const std::string& role = c.cohort().model->manager_role();
  told.set_role(role);
  for (const Assignment& one : c.cohort().assignments)
    if (!one.ended && one.role == role && one.locality.empty() && one.initiative.empty() && c.sketch.now() < one.until) told.add_persons(one.person);
}

}  // namespace

Outcome take_seat(Case& c, v1::RoleAssigned& assigned) {
  const v1::Body* body = c.cohort().model->body_of_role(assigned.role());
  if (!body) return std::nullopt;
  if (assigned.locality().size() + assigned.initiative().size() > 0) return refuse(Code::Invalid, "seat_of_cohort", {{"name", label_or(body->label(), body->name())}});
  const auto seats = seated(c, *body);
  if (std::any_of(seats.begin(), seats.end(), [&](const Assignment* one) { return one->person == assigned.person(); })) return refuse(Code::Precondition, "twice");
  if (seats.size() >= body->seats())
    return refuse(Code::QuotaFull, "seats_full", {{"name", label_or(body->label(), body->name())}, {"count", std::to_string(body->seats())}});
  if (body->term().empty()) return std::nullopt;
  const Term* term = running(c, *body);
  const Instant until = term ? term->until : begin(c, *body, c.sketch.now(), {});
  assigned.set_until_us(assigned.until_us() == 0 ? until : std::min<Instant>(assigned.until_us(), until));
  return std::nullopt;
}

Outcome begin_term(Case& c, const v1::BeginTerm& command) {
  if (auto refusal = must_manage(c)) return refusal;
  const v1::Body* body = c.cohort().model->body(command.body());
  if (!body) return refuse(Code::NotFound, "no_body", {{"name", command.body()}});
  if (body->term().empty()) return refuse(Code::Precondition, "no_term", {{"name", label_or(body->label(), body->name())}});
  const Instant from = command.from_us() == 0 ? c.sketch.now() : command.from_us();
  const Term* last = c.cohort().term(body->name());
  if (from > c.sketch.now() || (last && from < last->from)) return refuse(Code::Invalid, "term_from");
  const auto length = calendar::parse_period(body->term());
  if (calendar::deadline_after(c.cohort().zone, c.cohort().holidays, from, *length) <= c.sketch.now()) return refuse(Code::Invalid, "term_from");
  begin(c, *body, from, command.reason());
  return std::nullopt;
}

void notice_terms(Case& c) {
  for (const Term& term : c.cohort().terms) {
    const v1::Body* body = c.cohort().model->body(term.body);
    for (const Instant notice : term.notices) {
      if (notice > c.sketch.now()) break;
      v1::Record& record = c.sketch.draft();
      v1::TermNoticed& noticed = *record.mutable_term_noticed();
      noticed.set_body(term.body);
      noticed.set_notice_us(notice);
      v1::Told& told = *noticed.add_told();
      told.set_message(notice >= term.until ? "term_over" : "term_ends");
      told.set_due_us(term.until);
      if (body) tell_managers(c, told);
      c.sketch.add(record);
    }
  }
}

Outcome approve_minutes(Case& c, const v1::ApproveMinutes& command) {
  const v1::Body* body = c.cohort().model->body(command.body());
  if (!body) return refuse(Code::NotFound, "no_body", {{"name", command.body()}});
  const std::vector<std::string> own = roles_in(c.cohort(), c.world(), c.viewer);
  const auto holds = [&](const std::string& role) { return std::find(own.begin(), own.end(), role) != own.end(); };
  const bool named = body->minutes_by_size() > 0;
  const bool may_approve = named ? std::any_of(body->minutes_by().begin(), body->minutes_by().end(), holds)
                                 : holds(body->chair().empty() ? body->role() : body->chair());
  if (!may_approve) return refuse(Code::Forbidden, "forbidden");
  const std::uint64_t up_to = command.up_to() == 0 ? c.cohort().sequence : command.up_to();
  const auto approved = c.cohort().minutes.find(body->name());
  if (up_to > c.cohort().sequence) return refuse(Code::Invalid, "minutes_ahead");
  if (approved != c.cohort().minutes.end() && up_to <= approved->second) return refuse(Code::Precondition, "twice");
  v1::Record& record = c.sketch.draft();
  record.mutable_minutes_approved()->set_body(body->name());
  record.mutable_minutes_approved()->set_up_to(up_to);
  record.mutable_minutes_approved()->set_note(command.note());
  c.sketch.add(record);
  return std::nullopt;
}

Outcome check_minutes(const Case& c, const Initiative& initiative) {
  const std::string& wanted = initiative.model->chart().arrow(initiative.held->arrow).move().after_minutes();
  if (wanted.empty()) return std::nullopt;
  const auto approved = c.cohort().minutes.find(wanted);
  if (approved != c.cohort().minutes.end() && approved->second >= initiative.held->sequence) return std::nullopt;
  const v1::Body* body = body_of(c.cohort(), *initiative.model, wanted);
  return refuse(Code::Precondition, "minutes_missing", {{"name", body ? label_or(body->label(), wanted) : label_or({}, wanted)}});
}

}  // namespace kvali::cohort
