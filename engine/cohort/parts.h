#pragma once
// The parts of decide, one for each kind of command. Internal to engine/cohort.
#include "engine/cohort/decide.h"

namespace kvali::cohort {

/// What every part is given.
struct Case {
  const v1::Asked& asked;
  Sketch& sketch;
  Bench& bench;
  Viewer viewer;  // the actor
  std::string created;

  [[nodiscard]] const Cohort& cohort() const { return sketch.base(); }
  [[nodiscard]] const World& world() const { return sketch.world(); }
};

/// Nothing: it was decided, the records are in the sketch.
using Outcome = std::optional<Refusal>;

/// What a record says was written into a form.
using Written = google::protobuf::RepeatedPtrField<v1::FieldWritten>;

Outcome open_cohort(Case& c, const v1::OpenCohort& command);
Outcome set_parameter(Case& c, const v1::SetParameter& command);
Outcome set_quota(Case& c, const v1::SetQuota& command);
Outcome assign_role(Case& c, const v1::AssignRole& command);
Outcome end_assignment(Case& c, const v1::EndAssignment& command);
Outcome start_initiative(Case& c, const v1::StartInitiative& command);
/// The next of the subjects that begin by themselves: the season's, and one of each locality.
void begin_subjects(Case& c);
Outcome save_fields(Case& c, const v1::SaveFields& command);
Outcome open_task_item(Case& c, const v1::OpenTaskItem& command);
Outcome make_move(Case& c, const v1::MakeMove& command);
Outcome bulk_move(Case& c, const v1::BulkMove& command);
Outcome publish_decisions(Case& c, const v1::PublishDecisions& command);
Outcome drop_decision(Case& c, const v1::DropDecision& command);
Outcome extend_deadline(Case& c, const v1::ExtendDeadline& command);
Outcome propose_exception(Case& c, const v1::ProposeException& command);
Outcome confirm_exception(Case& c, const v1::ConfirmException& command);
Outcome decline_exception(Case& c, const v1::DeclineException& command);
Outcome move_clock(Case& c, const v1::MoveClock& command);
Outcome pass_time(Case& c);
Outcome start_migration(Case& c, const v1::StartMigration& command);
Outcome pause_migration(Case& c);
Outcome resume_migration(Case& c);
Outcome migrate_initiative(Case& c, const v1::MigrateInitiative& command);
Outcome undo_migration(Case& c, const v1::UndoMigration& command);
/// The next initiatives of a running migration go over, or back.
void go_on_migrating(Case& c);
Outcome set_partners(Case& c, const v1::SetPartners& command);
Outcome note_facts(Case& c, const v1::NoteFacts& command);
Outcome assign_readers(Case& c, const v1::AssignReaders& command);
Outcome decline_reading(Case& c, const v1::DeclineReading& command);
Outcome set_competences(Case& c, const v1::SetCompetences& command);
Outcome declare_conflict(Case& c, const v1::DeclareConflict& command);
Outcome waive_conflict(Case& c, const v1::WaiveConflict& command);
Outcome confirm_waiver(Case& c, const v1::ConfirmWaiver& command);
Outcome decline_waiver(Case& c, const v1::DeclineWaiver& command);
Outcome translate_field(Case& c, const v1::TranslateField& command);
Outcome assign_many(Case& c, const v1::AssignMany& command);
Outcome report_effect(Case& c, const v1::ReportEffect& command);

Outcome cast_vote(Case& c, const v1::CastVote& command);
Outcome begin_term(Case& c, const v1::BeginTerm& command);
Outcome approve_minutes(Case& c, const v1::ApproveMinutes& command);
Outcome select_ranked(Case& c, const v1::SelectRanked& command);
Outcome undo_bulk(Case& c, const v1::UndoBulk& command);

enum class Gate { Open, Shut };
/// Whether a move that the actor asks for may be made now. Where others have to agree her consent is written down, where a body
/// votes its vote is opened; the one that was missing opens it.
std::variant<Gate, Refusal> pass_gate(Case& c, Slot slot, statechart::ArrowId arrow, const v1::Value& reason);
/// Why somebody is no more than a body has seats for, and when her seat ends with the others; a term begins with its first member.
Outcome take_seat(Case& c, v1::RoleAssigned& assigned);
/// Tells the managers of terms that end.
void notice_terms(Case& c);
/// Why a held decision cannot be published yet: minutes that it waits for are not approved.
Outcome check_minutes(const Case& c, const Initiative& initiative);

/// Fires what is due at the sketch's instant for one initiative, in order.
void fire_due(Case& c, Slot slot);

/// Why these organisations cannot carry an initiative together with the one that brings it; nothing where they can.
std::optional<Refusal> check_partners(const World& world, const std::string& organisation, const google::protobuf::RepeatedPtrField<std::string>& partners);
/// Refuses who does not run the cohort.
Outcome must_manage(const Case& c);
/// Refuses who does not run it, or may not for this initiative: a conflict of interest.
Outcome must_manage(const Case& c, const Initiative& initiative);
/// Refuses who is none of `roles` for the initiative and does not speak for them; a conflict of interest by its own name.
Outcome must_be(const Case& c, const Initiative& initiative, const google::protobuf::RepeatedPtrField<std::string>& roles);
/// Refuses a person who is not there.
Outcome must_exist(const Case& c, const std::string& person);
/// The initiative named, with what is due fired; or NotFound, also for who may not know of it; ConflictOfInterest for who may know no
/// more than its title.
std::variant<Slot, Refusal> find_initiative(Case& c, const std::string& id);
/// Checks the values that a person wrote (the initiative is null where it begins with them, under `model`) and adds them to `fields`, each with its next version. Where one is refused, what was
/// added is to be forgotten.
Outcome write_down(Case& c, const Model& model, const Initiative* initiative, const Task* task, const google::protobuf::RepeatedPtrField<v1::FieldInput>& inputs,
                   Written& fields);
/// What is computed from the fields of an initiative, or of its task, as `then` has them with `fields` written already: written
/// into `then` and added to `fields`. A value that cannot be computed is none: the field is empty then.
void compute(const Case& c, Initiative& then, Written& fields);
void compute(const Cohort& cohort, Instant now, Initiative& then, Written& fields);
void compute(const Case& c, const Initiative& initiative, Task& then, Written& fields);
/// What an expression gave as a value of the field; nothing where it does not fit.
std::optional<v1::Value> value_of(const v1::Field& field, const expression::Value& given);
/// Why nothing more can be done to an initiative that has ended: too late, where time ended it.
Refusal refuse_ended(const Initiative& initiative);
/// A refusal that carries all of `unmet`, with the code and the sentence of the first.
Refusal refuse_unmet(std::vector<Unmet> unmet);
/// Whether it is one day of the calendar, known to the day, that there was in `zone`: Samoa had no 30 December 2011.
bool is_day(const calendar::Zone& zone, const v1::Date& date);
/// As it was given, to be told: "2017-2-30".
std::string in_figures(const v1::Date& date);
/// The label of a field, a role or a state for a sentence; its name where it has none.
v1::Text label_or(const v1::Text& label, const std::string& name);

}  // namespace kvali::cohort
