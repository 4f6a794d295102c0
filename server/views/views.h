#pragma once
// What people look at: rows built from the state for one viewer, opened for her and no further. Nothing here is kept; a view
// that is thrown away is built again equal. Whether something may be seen is asked of engine/cohort/may.h alone.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/cohort/facts.h"
#include "engine/cohort/may.h"
#include "engine/cohort/refusal.h"
#include "kvali/v1/frame.pb.h"
#include "kvali/v1/view.pb.h"
#include "server/core/core.h"

namespace kvali::views {

class Views {
 public:
  /// Both must outlive it. `person` sees; `now_us` is the world's instant, a rehearsal goes by its own clock.
  Views(core::Core& core, const cohort::Cohort& cohort, std::string person, std::int64_t now_us);

  /// Keys of everything the viewer may see on the board: "cohort", "locality/ID", "initiative/ID", "subject/ID".
  [[nodiscard]] std::vector<std::string> board_keys() const;
  /// The row at `key`; nothing when it is not there or not to be seen.
  [[nodiscard]] std::optional<v1::Row> row(const std::string& key) const;
  /// Everything about one initiative.
  [[nodiscard]] std::optional<v1::Row> detail(const std::string& initiative) const;
  /// Whether she may know of it: a conflict of interest leaves its title.
  [[nodiscard]] bool sees(const std::string& initiative) const;
  /// What she is to score next, the least reviewed first; what she has done last. `review` may be empty: all.
  [[nodiscard]] std::vector<v1::QueueRow> queue(const std::string& review, const std::string& locale) const;
  /// Who reads what: one row for each initiative under the review or with readers for it. Only for who runs the cohort.
  [[nodiscard]] std::vector<v1::ReadersRow> readers(const std::string& review) const;
  /// How much each reader has, in the order in which they were first given something. Likewise.
  [[nodiscard]] std::vector<v1::ReaderLoad> loads(const std::string& review) const;
  /// forms.cc: the answers of a form as a move would find them; or why she is not told.
  [[nodiscard]] std::variant<v1::CheckedAnswers, cohort::Refusal> check_answers(const v1::CheckAnswersQuery& query) const;
  /// revisions.cc: what the answers were at two points of the history; an error is of the journal, which could not be read.
  [[nodiscard]] Result<std::variant<v1::Revisions, cohort::Refusal>> revisions(const v1::RevisionsQuery& query) const;
  /// mentors.cc: who could take `role` for one initiative or a locality, the fittest first. Only for who gives roles.
  [[nodiscard]] std::vector<v1::CandidateRow> candidates(const v1::CandidatesQuery& query, const std::string& locale) const;
  /// What each holder of `role` does, the silent first: all of them for who runs the cohort, else her own row alone.
  [[nodiscard]] std::vector<v1::MentorRow> mentors(const std::string& role) const;
  /// Initiatives that somebody should have in `role` and nobody has. Only for who runs the cohort.
  [[nodiscard]] std::vector<v1::Unattended> unattended(const std::string& role) const;
  [[nodiscard]] std::vector<std::string> roles() const { return cohort::roles_in(cohort_, world_, viewer_); }

 private:
  [[nodiscard]] v1::CohortRow head() const;
  [[nodiscard]] v1::LocalityRow locality(const v1::LocalityEntry& entry) const;
  [[nodiscard]] v1::InitiativeRow initiative(cohort::Slot slot) const;
  void add_lanes(v1::CohortRow& row) const;
  void add_subjects(v1::CohortRow& row) const;
  void add_checklist(v1::CohortRow& row) const;
  void add_migration(v1::CohortRow& row) const;
  void add_fields(const cohort::Initiative& initiative, v1::InitiativeDetail& detail) const;
  void add_moves(cohort::Slot slot, const cohort::Task* task,
                 google::protobuf::RepeatedPtrField<v1::MoveView>& moves) const;
  void add_tasks(cohort::Slot slot, v1::InitiativeDetail& detail) const;
  [[nodiscard]] bool sees_task(const cohort::Initiative& initiative, const cohort::Task& task) const;
  /// Whether she may read the answer; of a task, or without one of the initiative itself.
  [[nodiscard]] bool sees_field(const cohort::Initiative& initiative, const cohort::Task* task, const v1::Field& field) const;
  /// A field with what stands in it, of the initiative or (not null) of its task, whose `facts` are given.
  [[nodiscard]] v1::FieldValueView answer(const cohort::Initiative& initiative, const cohort::Task* task, const cohort::FieldModel& form, const cohort::Facts& facts) const;
  /// The form that is meant: of the initiative, or of its task; or why she may not look at it.
  struct Form {
    cohort::Slot slot;
    const cohort::Initiative* initiative;
    const cohort::Task* task;  // null: of the initiative
  };
  [[nodiscard]] std::variant<Form, cohort::Refusal> form_of(const std::string& initiative, const std::string& task) const;
  void add_revisions(const Form& form, const std::string& task, v1::Revisions& revisions) const;
  void add_edits(const cohort::Initiative& initiative, const std::vector<std::pair<const cohort::Happening*, bool>>& edits, std::uint64_t since, v1::AnswerChange& change) const;
  [[nodiscard]] bool hides_person(const cohort::Initiative& initiative, const std::string& person) const;
  void add_timeline(cohort::Slot slot, v1::InitiativeDetail& detail) const;
  void add_states(const cohort::Initiative& initiative, std::uint32_t rank, v1::InitiativeDetail& detail) const;
  void add_timers(const cohort::Initiative& initiative, v1::InitiativeDetail& detail) const;
  void add_people(const cohort::Initiative& initiative, v1::InitiativeDetail& detail) const;
  /// gates.cc: whether consents to a move, or the vote on it, are hers to know of; whether she is asked to agree or to vote.
  [[nodiscard]] bool sees_gate(const cohort::Initiative& initiative, const cohort::TaskModel& gate) const;
  [[nodiscard]] bool may_answer(const cohort::Initiative& initiative, const cohort::Task& task) const;
  void add_gate(const cohort::Initiative& initiative, const cohort::TaskModel& gate, const v1::Arrow& arrow, v1::MoveView& view) const;
  void add_vote(const cohort::Initiative& initiative, const cohort::Task& task, v1::TaskView& view) const;
  void add_bodies(v1::CohortRow& row) const;
  // readings.cc: reviews, their readers, and conflicts of interest
  void add_reviews(v1::CohortRow& row) const;
  void add_results(const cohort::Initiative& initiative, v1::InitiativeRow& row) const;
  void add_readings(const cohort::Initiative& initiative, v1::InitiativeDetail& detail) const;
  void add_conflicts(const cohort::Initiative& initiative, v1::InitiativeDetail& detail) const;
  void add_feedback(const cohort::Initiative& initiative, v1::InitiativeDetail& detail) const;
  void add_translations(const cohort::Initiative& initiative, const v1::Field& field, v1::FieldValueView& view) const;
  [[nodiscard]] v1::ReviewResult result(const cohort::Initiative& initiative, const cohort::TaskModel& kind) const;
  [[nodiscard]] v1::ReadingView reading(const cohort::Initiative& initiative, const cohort::TaskModel& kind, const std::string& reader) const;
  /// The row of one from which a conflict of interest keeps her away; nothing where none does.
  [[nodiscard]] std::optional<v1::InitiativeRow> title_alone(const cohort::Initiative& initiative) const;
  /// Those she has a conflict with, ascending. None of them is counted for her.
  [[nodiscard]] const std::vector<cohort::Slot>& kept_from() const;
  [[nodiscard]] bool is_kept_from(cohort::Slot slot) const;
  [[nodiscard]] bool manages(const cohort::Initiative& initiative) const;
  [[nodiscard]] bool is_blind_to(const cohort::Initiative& initiative, const std::string& field) const;
  [[nodiscard]] v1::PersonRef person(const std::string& id, const std::string& role) const;
  [[nodiscard]] std::string text(const v1::Value& value) const;
  /// Counts only the changes the viewer may see.
  [[nodiscard]] std::uint64_t version(cohort::Slot slot) const;
  [[nodiscard]] bool sees(const cohort::Initiative& one, const cohort::Happening& happening) const;
  /// Whether she may know who carries it.
  [[nodiscard]] bool sees_organisation(const cohort::Initiative& one) const;
  void add_organisations(const cohort::Initiative& initiative, v1::InitiativeDetail& detail) const;
  [[nodiscard]] std::uint32_t taken(const cohort::QuotaModel& quota, const std::string& by) const;
  /// Of the places taken in a locality, those that are offered and not accepted yet, or claimed by a decision she may know of.
  [[nodiscard]] std::uint32_t held(const cohort::QuotaModel& quota, const std::string& locality) const;
  /// Whether she has a role here beside that of an applicant.
  [[nodiscard]] bool works_here() const;
  [[nodiscard]] std::uint32_t rank(cohort::Slot slot) const;
  [[nodiscard]] bool open_task_here(const cohort::Initiative& initiative, const std::string& kind) const;

  core::Core& core_;
  const cohort::Cohort& cohort_;
  cohort::World world_;
  cohort::Viewer viewer_;
  mutable std::optional<std::vector<cohort::Slot>> kept_from_;  // looked for once, when somebody counts
};

v1::Unmet view_of(const cohort::Unmet& unmet);
/// How a field is shown in a form.
v1::FieldView view_of(const v1::Field& field);
/// The lane of a state, nobody in it yet.
v1::Lane lane_of(const cohort::Model& model, statechart::StateId state);
/// Whether the state has a lane: others are those around such, and what is remembered.
bool is_lane(const statechart::Chart& chart, statechart::StateId state);
/// The states that are told: those that are atomic and active.
std::vector<statechart::StateId> places(const cohort::Initiative& initiative);
/// The key of its row on the board: "initiative/ID", "subject/ID".
std::string key_of(const cohort::Initiative& one);
/// The same in the form of a task: of a review, with what the points of its scale mean.
v1::FieldView view_of(const v1::Field& field, const cohort::TaskModel& kind);

}  // namespace kvali::views
