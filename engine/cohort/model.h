#pragma once
// A published program made ready to run: its charts, its expressions, its names resolved once. Immutable and shared by every
// cohort and initiative of that version.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/expression/expression.h"
#include "engine/result.h"
#include "engine/statechart/chart.h"
#include "kvali/v1/machine.pb.h"
#include "kvali/v1/program.pb.h"

namespace kvali::cohort {

struct QuotaModel {
  const v1::Quota* quota = nullptr;
  std::vector<bool> holds;  // by state: an initiative in it holds a place
  std::string by_field;     // field of the initiative the places are counted by; empty: the whole cohort
  bool by_locality = false;  // that is its locality
  std::string kind;          // of subject that holds its places; empty: initiatives
  const expression::Expression* refill_until = nullptr;  // null: for ever
};

/// A timer whose periods and expression were read: it goes by the expression, or where that is null by `every` or `within`.
struct TimerModel {
  const v1::Timer* timer = nullptr;
  const expression::Expression* at = nullptr;
  calendar::Period within, every, offset;
  bool deadline = false;          // its state's own, not a reminder of it
  bool source_as_before = false;  // it goes by the same date or period as the timer before it: a reminder by its deadline's
};

struct NeedModel {
  const v1::Need* need = nullptr;
  const expression::Expression* when = nullptr;
};

/// A field of a form whose conditions were read.
struct FieldModel {
  const v1::Field* field = nullptr;
  const expression::Expression* shown_when = nullptr;  // null: always
  const expression::Expression* computed = nullptr;    // null: people write it
};

struct TaskModel;

struct ArrowModel {
  const expression::Expression* guard = nullptr;  // null: always
  std::vector<NeedModel> needs;                   // of the person who makes the move
  std::vector<NeedModel> own_needs;               // what must hold although no person makes it
  std::vector<const FieldModel*> required;        // fields that must be filled in for the move, in order of the form
  std::vector<const FieldModel*> tables;          // of a move that needs some: other tables, which may be empty, but have no row that is half filled in
  bool needs_reason = false;
  const TaskModel* gate = nullptr;                // of consents or votes that it waits for; null: one person makes it
};

/// The machine of an initiative or of a kind of task, with what its states and arrows refer to by name or by text.
struct MachineModel {
  std::shared_ptr<const statechart::Chart> chart;
  std::vector<FieldModel> form;                 // the initiative's or the task's fields, in order
  bool computes = false;                        // some of them
  bool recomputes = false;                      // some of them by time or by facts of an organisation
  bool reads_form = false;                      // what is shown or computed is asked of the form itself
  std::vector<ArrowModel> arrows;               // by ArrowId
  std::vector<std::vector<TimerModel>> timers;  // by StateId, then by the timer's index
  std::vector<bool> waits;                      // by StateId: an arrow of it is taken when a place is freed, or it keeps one from being given on
  bool has_waits = false;                       // some of them
  bool has_eventless = false;                   // some arrow is taken as soon as its guard holds
  std::vector<bool> wakes;                      // by StateId: such a guard asks for more than what is written into the initiative; empty: none
};

struct TaskModel {
  const v1::TaskKind* kind = nullptr;
  std::shared_ptr<const statechart::Chart> chart;
  MachineModel machine;
  std::string series_timer, series_done;  // of reports: the timer that opens the next, the event that the last was handed in
  statechart::StateId made = 0;           // of a gate: its end that lets the move be made
  std::string lost;                       // of a vote: the event that it was not carried

  [[nodiscard]] bool is_gate() const { return kind->has_gate(); }
  [[nodiscard]] bool is_vote() const { return kind->has_gate() && !kind->gate().body().empty(); }
};

/// What one kind of subject goes through: initiatives, with the models of the program's other kinds beside them, or one of those,
/// which is compiled from its small program (program/subjects.h) and behaves like any.
class Model {
 public:
  /// Compiles what a `program/NAME` stream stores. Fails only on a machine or an expression that no publish lets through.
  static Result<std::shared_ptr<const Model>> compile(const v1::Program& program, const v1::Machine& machine, std::string version);

  [[nodiscard]] const v1::Program& program() const { return program_; }
  [[nodiscard]] const std::string& name() const { return name_; }  // of the whole program
  /// Its kind of subject; empty: initiatives.
  [[nodiscard]] const std::string& kind() const { return program_.initiative().noun(); }
  /// How the program describes that kind; null for initiatives.
  [[nodiscard]] const v1::Subject* subject() const { return subject_ ? &*subject_ : nullptr; }
  /// The program's other kinds, in its order; none of one of them.
  [[nodiscard]] const std::vector<std::shared_ptr<const Model>>& subjects() const { return subjects_; }
  /// The task kind whose items say who was there, or null.
  [[nodiscard]] const TaskModel* attendance() const { return attendance_; }
  [[nodiscard]] const std::string& version() const { return version_; }  // hexadecimal SHA-256 of the canonical form
  [[nodiscard]] const statechart::Chart& chart() const { return *machine_.chart; }
  [[nodiscard]] const MachineModel& machine() const { return machine_; }
  [[nodiscard]] const std::vector<QuotaModel>& quotas() const { return quotas_; }
  [[nodiscard]] const QuotaModel* quota(std::string_view name) const;
  /// The quota of that name, of whatever kind of subject.
  [[nodiscard]] const QuotaModel* any_quota(std::string_view name) const;
  [[nodiscard]] const TaskModel* task(std::string_view kind) const;
  [[nodiscard]] const std::vector<TaskModel>& tasks() const { return tasks_; }
  /// Those that are a series of reports.
  [[nodiscard]] const std::vector<const TaskModel*>& reports() const { return reports_; }
  [[nodiscard]] bool is_report(std::string_view kind) const;
  /// What keeps a holder of the role away from an initiative, beside what is declared: by the role itself and by the reviews it reads for.
  [[nodiscard]] const std::vector<v1::Review::Conflict>& conflicts(std::string_view role) const;
  /// Whether some review brings its readers to what all do.
  [[nodiscard]] bool normalises() const { return normalises_; }
  [[nodiscard]] const v1::Field* field(std::string_view name) const;
  [[nodiscard]] const v1::Field* parameter(std::string_view name) const;
  [[nodiscard]] const v1::Role* role(std::string_view name) const;
  [[nodiscard]] const v1::Message* message(std::string_view name) const;
  [[nodiscard]] const v1::Body* body(std::string_view name) const;
  /// The body whose members hold `role`, or null.
  [[nodiscard]] const v1::Body* body_of_role(std::string_view role) const;
  /// Whether it matters later who made the move, or wrote the field, of that name: some `not_by` names it.
  [[nodiscard]] bool remembers(const std::string& what) const { return remembered_.contains(what); }
  /// Those that are consents or votes.
  [[nodiscard]] bool has_gates() const { return has_gates_; }
  /// The role that runs a cohort: the first of the cohort's scope that may act.
  [[nodiscard]] const std::string& manager_role() const { return manager_role_; }
  /// The role of who brings an initiative: `applicant`, or the first of the initiative's scope where none is called so.
  [[nodiscard]] const std::string& applicant_role() const { return applicant_role_; }
  [[nodiscard]] const std::string& title_field() const { return title_field_; }
  [[nodiscard]] const std::string& locality_field() const { return locality_field_; }
  /// Whether some expression or rule of it asks for an organisation's facts, its kind or its partners.
  [[nodiscard]] bool reads_organisations() const { return reads_organisations_; }
  /// The compiled form of an expression that stands in the program or in one of its machines.
  [[nodiscard]] const expression::Expression& expression(const std::string& source) const;
  /// The state at `path`, or the only one whose path ends in it.
  [[nodiscard]] std::optional<statechart::StateId> find_state(std::string_view path) const;

 private:
  Model() = default;
  static Result<std::shared_ptr<Model>> compile_part(v1::Program program, const v1::Machine& machine, std::string version);
  Result<void> add_expressions(const v1::Machine& machine);
  Result<void> add_expressions(const google::protobuf::RepeatedPtrField<v1::Field>& form);
  Result<void> add_expression(const std::string& source);
  Result<void> resolve(MachineModel& machine, const google::protobuf::RepeatedPtrField<v1::Field>& form, bool of_task) const;
  void resolve_names();
  void resolve_conflicts();

  v1::Program program_;
  std::string name_, version_;
  std::optional<v1::Subject> subject_;
  std::vector<std::shared_ptr<const Model>> subjects_;
  const TaskModel* attendance_ = nullptr;
  MachineModel machine_;
  std::vector<TaskModel> tasks_;
  std::vector<const TaskModel*> reports_;
  std::vector<QuotaModel> quotas_;
  std::unordered_map<std::string, expression::Expression> expressions_;
  std::string manager_role_, applicant_role_, title_field_, locality_field_;
  bool reads_organisations_ = false;
  std::set<std::string> remembered_;
  bool has_gates_ = false;
  std::vector<std::pair<std::string, std::vector<v1::Review::Conflict>>> conflicts_;  // by role
  bool normalises_ = false;
};

/// The model of a kind of subject in the version `whole` (null: null); empty: of initiatives. Null where the version has none.
std::shared_ptr<const Model> of_kind(const std::shared_ptr<const Model>& whole, const std::string& kind);

/// A state's path as it is told among those of all kinds of subject: "application.draft", "training.preparation.planned".
std::string path_with_kind(const Model& model, const std::string& path);

/// The published programs: every version there ever was, since running work keeps its own.
class Library {
 public:
  struct Entry {
    std::shared_ptr<const Model> model;
    std::int64_t published_at_us = 0;
    std::string message;
    std::string author = {};  // id of the person; empty: nobody is named
    v1::Proof proof = {};     // of its publication
  };
  void add(Entry entry);
  /// Forgets every version of a program, to be folded again; running work keeps its own.
  void drop(const std::string& name) { programs_.erase(name); }
  /// An empty version means the newest. Nothing when it was never published.
  [[nodiscard]] std::shared_ptr<const Model> find(const std::string& name, const std::string& version) const;
  /// Of the version of that program, the model of the same kind of subject as `model`.
  [[nodiscard]] std::shared_ptr<const Model> find_like(const Model& model, const std::string& version) const;
  [[nodiscard]] const std::map<std::string, std::vector<Entry>>& programs() const { return programs_; }

 private:
  std::map<std::string, std::vector<Entry>> programs_;  // by name, oldest first
};

}  // namespace kvali::cohort
