#include "engine/cohort/decide.h"

#include <algorithm>

#include "engine/cohort/conflict.h"
#include "engine/cohort/parts.h"
#include "engine/directory/directory.h"

namespace kvali::cohort {
namespace {

Outcome decide_body(Case& c) {
  using v1::Command;
  const Command& command = c.asked.command();
  switch (command.body_case()) {
    case Command::kOpenCohort: return open_cohort(c, command.open_cohort());
    case Command::kSetParameter: return set_parameter(c, command.set_parameter());
    case Command::kSetQuota: return set_quota(c, command.set_quota());
    case Command::kAssignRole: return assign_role(c, command.assign_role());
    case Command::kEndAssignment: return end_assignment(c, command.end_assignment());
    case Command::kStartInitiative: return start_initiative(c, command.start_initiative());
    case Command::kSaveFields: return save_fields(c, command.save_fields());
    case Command::kMakeMove: return make_move(c, command.make_move());
    case Command::kBulkMove: return bulk_move(c, command.bulk_move());
    case Command::kOpenTask: return open_task_item(c, command.open_task());
    case Command::kPublishDecisions: return publish_decisions(c, command.publish_decisions());
    case Command::kDropDecision: return drop_decision(c, command.drop_decision());
    case Command::kExtendDeadline: return extend_deadline(c, command.extend_deadline());
    case Command::kProposeException: return propose_exception(c, command.propose_exception());
    case Command::kConfirmException: return confirm_exception(c, command.confirm_exception());
    case Command::kDeclineException: return decline_exception(c, command.decline_exception());
    case Command::kMoveClock: return move_clock(c, command.move_clock());
    case Command::kPassTime: return pass_time(c);
    case Command::kStartMigration: return start_migration(c, command.start_migration());
    case Command::kPauseMigration: return pause_migration(c);
    case Command::kResumeMigration: return resume_migration(c);
    case Command::kMigrateInitiative: return migrate_initiative(c, command.migrate_initiative());
    case Command::kUndoMigration: return undo_migration(c, command.undo_migration());
    case Command::kCastVote: return cast_vote(c, command.cast_vote());
    case Command::kBeginTerm: return begin_term(c, command.begin_term());
    case Command::kApproveMinutes: return approve_minutes(c, command.approve_minutes());
    case Command::kSelectRanked: return select_ranked(c, command.select_ranked());
    case Command::kUndoBulk: return undo_bulk(c, command.undo_bulk());
    case Command::kAssignReaders: return assign_readers(c, command.assign_readers());
    case Command::kDeclineReading: return decline_reading(c, command.decline_reading());
    case Command::kSetCompetences: return set_competences(c, command.set_competences());
    case Command::kDeclareConflict: return declare_conflict(c, command.declare_conflict());
    case Command::kWaiveConflict: return waive_conflict(c, command.waive_conflict());
    case Command::kConfirmWaiver: return confirm_waiver(c, command.confirm_waiver());
    case Command::kDeclineWaiver: return decline_waiver(c, command.decline_waiver());
    case Command::kTranslateField: return translate_field(c, command.translate_field());
    case Command::kAssignMany: return assign_many(c, command.assign_many());
    case Command::kReportEffect: return report_effect(c, command.report_effect());
    case Command::kSetPartners: return set_partners(c, command.set_partners());
    case Command::kNoteFacts: return note_facts(c, command.note_facts());
    case Command::kRenameOrganisation:
    case Command::kChangeOrganisation:
    case Command::kSucceedOrganisation:
    case Command::kMergeOrganisations:
    case Command::kWithdrawFact:
    case Command::kAcceptFact:
    case Command::kRevokeAcceptance:
    case Command::kRegisterPerson:
    case Command::kRegisterOrganisation:
    case Command::kGrantRelation:
    case Command::kEndRelation:
    case Command::kRecordFact:
    case Command::kPublishProgram:
    case Command::BODY_NOT_SET: return refuse(Code::Invalid, "no_command");
  }
  return refuse(Code::Invalid, "no_command");
}

/// Who asked, when and how: in the first record of the commit. What is empty is left alone: setting it would cost the same as
/// any text.
void stamp(Records& records, const Case& c, Instant at) {
  v1::Commit& commit = records.first_commit();
  const v1::Command& command = c.asked.command();
  commit.set_records(static_cast<std::uint32_t>(records.size()));
  if (!command.id().empty()) commit.set_command_id(command.id());
  if (!c.asked.request_hash().empty()) commit.set_request_hash(c.asked.request_hash());
  commit.set_actor(c.asked.actor());
  if (!command.on_behalf_of().empty()) commit.set_on_behalf_of(command.on_behalf_of());
  commit.set_channel(command.channel());
  commit.set_received_at_us(command.received_at_us());
  commit.set_recorded_at_us(at);
  commit.set_stamped_at_us(c.asked.now_us());
  if (!c.created.empty()) commit.set_created(c.created);
}

Outcome check_behalf(const Case& c) {
  const v1::Command& command = c.asked.command();
  if (command.on_behalf_of().empty() || command.on_behalf_of() == c.asked.actor()) return std::nullopt;
  if (!c.world().directory.person(command.on_behalf_of())) return refuse(Code::NotFound, "no_person");
  return std::nullopt;
}

}  // namespace

Instant instant_in(const Cohort& cohort, Instant now) { return cohort.rehearsal ? cohort.clock : std::max(now, cohort.clock); }

Verdict decide(const Cohort& cohort, const World& world, const v1::Asked& asked, Bench& bench) {
  const bool opens = asked.command().has_open_cohort();
  if (!opens && !cohort.open()) return refuse(Code::NotFound, "no_cohort");
  Instant at = opens ? asked.now_us() : instant_in(cohort, asked.now_us());
  if (opens && asked.command().open_cohort().rehearsal()) at = asked.command().open_cohort().clock_us();
  Sketch sketch(cohort, world, at, asked.actor(), &bench.sketch());
  Case c{asked, sketch, bench, Viewer{asked.actor(), at}, {}};
  if (auto refusal = check_behalf(c)) return *refusal;
  if (auto refusal = decide_body(c)) return *refusal;
  Decision decision{sketch.take_records(), c.created};
  if (!decision.records.empty()) stamp(decision.records, c, at);
  return decision;
}

Outcome must_manage(const Case& c) {
  if (!may(c.cohort(), c.world(), c.viewer, Action::Manage)) return refuse(Code::Forbidden, "forbidden");
  return std::nullopt;
}

Outcome must_manage(const Case& c, const Initiative& initiative) {
  if (auto refusal = must_manage(c)) return refusal;
  if (may(c.cohort(), c.world(), c.viewer, Action::Manage, &initiative)) return std::nullopt;
  google::protobuf::RepeatedPtrField<std::string> manager;
  manager.Add(std::string(c.cohort().model->manager_role()));
  const auto conflict = conflict_as(c.cohort(), c.world(), c.viewer, initiative, manager);
  return conflict ? refuse(*conflict) : refuse(Code::Forbidden, "forbidden");
}

Outcome must_be(const Case& c, const Initiative& initiative, const google::protobuf::RepeatedPtrField<std::string>& roles) {
  if (may_as(c.cohort(), c.world(), c.viewer, initiative, roles)) return std::nullopt;
  const auto conflict = conflict_as(c.cohort(), c.world(), c.viewer, initiative, roles);
  return conflict ? refuse(*conflict) : refuse(Code::Forbidden, "forbidden");
}

Outcome must_exist(const Case& c, const std::string& person) {
  return c.world().directory.person(person) ? std::nullopt : Outcome(refuse(Code::NotFound, "no_person"));
}

std::variant<Slot, Refusal> find_initiative(Case& c, const std::string& id) {
  const auto slot = c.cohort().find(id);
  if (!slot) return refuse(Code::NotFound, "no_initiative");
  const Initiative& initiative = c.cohort().initiatives[*slot];
  if (!may(c.cohort(), c.world(), c.viewer, Action::See, &initiative)) {
    const auto conflict = conflict_of(c.cohort(), c.world(), c.viewer, initiative);
    return conflict ? refuse(*conflict) : refuse(Code::NotFound, "no_initiative");
  }
  fire_due(c, *slot);
  return *slot;
}

Refusal refuse_ended(const Initiative& initiative) {
  if (initiative.end == v1::State::LAPSED) return refuse(Code::DeadlinePassed, "too_late");
  return refuse(Code::Precondition, "ended");
}

Refusal refuse_unmet(std::vector<Unmet> unmet) {
  const auto first = std::min_element(unmet.begin(), unmet.end(), [](const Unmet& a, const Unmet& b) { return a.code < b.code; });
  Refusal refusal{first->code, first->why, {}, {}};
  refusal.unmet = std::move(unmet);
  return refusal;
}

v1::Text label_or(const v1::Text& label, const std::string& name) {
  if (label.translations_size() > 0) return label;
  v1::Text text;
  text.add_translations()->set_text(name);
  return text;
}

}  // namespace kvali::cohort
