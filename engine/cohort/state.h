#pragma once
// What a cohort is at one moment: the fold of its records. Plain values, changed by apply.h alone; decide reads them as const.
#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/cohort/answers.h"
#include "engine/cohort/due_index.h"
#include "engine/cohort/model.h"
#include "engine/cohort/shared_list.h"
#include "engine/cohort/text_index.h"
#include "engine/rows.h"
#include "engine/statechart/configuration.h"
#include "kvali/v1/record.pb.h"

namespace kvali::cohort {

using calendar::Instant;
using Slot = std::uint32_t;  // position of an initiative in its cohort; in order of their start

/// An armed timer: durable, since the record that armed it says its instant.
struct Timer {
  std::uint32_t state = 0;
  std::uint32_t timer = 0;  // index in the state's timers
  Instant due = calendar::never;
  Instant planned = 0;  // what a repeat counts from, or the day a reminder speaks of
  std::uint32_t fired = 0;
  bool blocked = false;  // met a full quota or an unmet checklist line; waits for a place
  bool operator==(const Timer&) const = default;
};

/// One running machine: of an initiative or of a task.
struct Instance {
  statechart::Configuration where;
  std::vector<std::pair<std::uint32_t, Instant>> since;  // active state, entered at
  std::vector<Timer> timers;
  std::vector<std::pair<std::uint32_t, std::vector<Timer>>> remaining;  // history state, timers with what remained as due
  std::vector<std::uint32_t> failed;  // arrows whose guard ran out of work while their state is active: told already
};

struct FieldState {
  std::string name;
  v1::Value value;
  std::uint32_t version = 0;
};

/// The field of that name, also when it is empty; nullptr where it was never written.
const FieldState* stored(const std::vector<FieldState>& fields, std::string_view name);
/// The field is as `written` from now on; a new one stands last.
void write(std::vector<FieldState>& fields, const v1::FieldWritten& written);
void write(std::vector<FieldState>& fields, const google::protobuf::RepeatedPtrField<v1::FieldWritten>& written);

/// The last word of a member of a body in a vote.
struct Voice {
  std::string person;
  v1::Ballot choice = v1::BALLOT_UNSPECIFIED;
};

struct Task {
  std::string key;  // KIND/NUMBER
  std::string kind;
  std::uint32_t number = 0;
  Instant planned = 0;  // of a report: its day
  std::string by;       // person who opened it
  Instant opened_at = 0;
  Instance at;
  SharedList<FieldState> fields;
  bool finished = false;
  std::string role;             // of a consent, or an entry that two agree on: the party that `by` speaks for
  v1::Value reason;             // of a consent or a vote: given with the move that it is about
  std::vector<Voice> ballots;   // of a vote, in the order of the persons' first word
  std::string read_in;  // of a review: the language in which the answers were read; empty: as they were written
  Instant due = 0;      // of a review: when its score was due; 0: no day is named
  std::string on_behalf_of;  // who did what it tells of, where `by` only wrote it down for her; empty: `by`

  /// Whose it is: who did what it tells of.
  [[nodiscard]] const std::string& author() const { return on_behalf_of.empty() ? by : on_behalf_of; }
};

/// Somebody is to read the initiative for one of its reviews, or was.
struct Reading {
  std::string review;  // name
  std::string reader;  // person
  Instant assigned_at = 0;
  std::string ended;   // "declined", "replaced", "migrated"; empty: she reads it
  v1::Value reason;    // why it ended
};

/// A field's translation beside the answer.
struct Translated {
  std::string field, language;
  v1::Value text;
  std::string by;  // person
  std::uint32_t of_version = 0;  // of the answer
  Instant at = 0;
};

struct HeldDecision {
  std::uint32_t arrow = 0;
  std::string move;
  v1::Value reason;
  std::string by;
  std::vector<std::pair<std::string, std::string>> places;  // quota, by: claimed already
  std::uint64_t sequence = 0;                               // of its record; 0 while it is being decided
};

struct Proposal {
  std::uint32_t to = 0;
  std::string by;
  v1::Value reason;
};

/// What the plan of a migration did not decide: the sentence that says why.
struct Parked {
  std::string why;                                         // its key
  std::vector<std::pair<std::string, std::string>> words;  // filled in
};

/// A cohort's way over to another version of its program, from its start on; the last there was.
struct Migration {
  std::string id;
  std::string version, from;         // of the program: the one it leads to, the cohort's before
  v1::MigrationPlan plan;
  std::uint32_t initiatives = 0;     // those with slots below it are to go over
  std::vector<std::uint32_t> seen;   // by slot: its touches in the dry run that was agreed to
  Slot next = 0;                     // to go over, or back
  bool paused = false;
  bool ended = false;
  bool undone = false;               // it goes back, or went
  std::map<Slot, Parked> parked;

  /// Whether time has something to do for it.
  [[nodiscard]] bool running() const { return !id.empty() && !paused && !ended; }
};

/// An initiative, or a subject of another kind: the same in everything, under a model of its own.
struct Initiative {
  std::string id;
  std::shared_ptr<const Model> model;  // of its own version and kind
  std::string organisation;
  std::string applicant;
  Instance at;
  SharedList<FieldState> fields;
  SharedItems<Task> tasks;
  std::vector<std::pair<std::string, std::string>> places;  // quota, by: held now
  std::optional<HeldDecision> held;
  std::optional<Proposal> proposal;
  v1::State::End end = v1::State::END_UNSPECIFIED;
  std::uint32_t version = 0;
  Instant last_activity = 0;
  Instant wake_at = calendar::never;  // when time alone may make a guard true, or the facts behind one have changed
  std::uint32_t touches = 0;                 // how many records changed it, those included that nobody may notice
  std::string migration;                     // the last that took it over
  std::shared_ptr<const Initiative> before;  // what it was before that, while it has not changed since
  SharedList<Task> aside;                    // of kinds that its version does not have
  std::shared_ptr<const v1::Bringers> bringers;  // who carries it, as the cohort knows them; null: nothing is asked of them, and no partners
  std::vector<std::pair<std::string, std::string>> makers;  // a move or a field that some `not_by` names, and who made or wrote it
  std::string bulk;                               // the move made for many that changed it last, while it may be taken back
  std::shared_ptr<const Initiative> before_bulk;  // what it was before that
  SharedList<Reading> readings;              // in the order they were assigned
  SharedList<Translated> translations;

  [[nodiscard]] bool ended() const { return end != v1::State::END_UNSPECIFIED; }
  /// Its kind of subject; empty: an initiative.
  [[nodiscard]] const std::string& kind() const { return model->kind(); }
  [[nodiscard]] const v1::Value* field(std::string_view name) const;
  [[nodiscard]] const Task* task(const std::string& key) const;
};

/// A role a person holds here. Ended ones stay, for the history of who was entrusted with what.
struct Assignment {
  std::string id, person, role, locality, initiative, substitute_for;
  std::uint32_t load_max = 0;
  Instant until = calendar::never;
  bool ended = false;
};

/// A conflict of interest that somebody said she has.
struct DeclaredConflict {
  std::string id, person, initiative, organisation;  // toward an initiative, or whatever an organisation brings
  v1::DeclareConflict::Kind kind = v1::DeclareConflict::KIND_UNSPECIFIED;
  v1::Value note;
  std::string by;
  Instant at = 0;
};

/// Somebody may act although she has a conflict, once a second person has confirmed it.
struct Waiver {
  std::string person, initiative;
  v1::Value reason;
  std::string proposed_by, confirmed_by;
  Instant at = 0;
};

/// The scores of one reader in one review of one version, as whole numbers: exact in whatever order they were added.
struct ReaderSums {
  std::int64_t count = 0, sum = 0, squares = 0;
  bool operator==(const ReaderSums&) const = default;
};
using ReaderKey = std::pair<std::string, std::string>;  // VERSION/REVIEW, person; "" as the person: all of them

/// What the indexes of a cohort have of one initiative.
struct Indexed {
  bool blocked = false, waiting = false, held = false;
  std::vector<std::pair<ReaderKey, std::int64_t>> marks;  // of reviews that are normalised: whose, and the weighted sum
};

/// Which assignments are in force, by what they are for and by whom: positions among all, in order.
struct AssignmentIndex {
  std::vector<std::uint32_t> everywhere;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_locality, by_initiative, by_person;
  bool operator==(const AssignmentIndex&) const = default;
};

/// For how long a body is elected: its running term, or the last there was.
struct Term {
  std::string body;
  std::uint32_t number = 0;
  Instant from = 0, until = 0;
  std::vector<Instant> notices;  // still to come: when the managers are told to renew it; the last is its end
};

/// A move made for many that may still be taken back.
struct Bulk {
  std::string id, move, by;
  Instant undo_until = 0;
  std::vector<Slot> slots;  // that it changed, ascending
};

struct Extension {
  std::string locality;  // empty: the whole cohort
  std::string state;     // path
  Instant to = 0;
};

/// What a person reads as the history of an initiative; kept beside the state because deciding never reads it.
struct Happening {
  std::uint64_t sequence = 0;
  Instant at = 0;
  std::string actor, on_behalf_of;
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  std::string kind;  // "started", "move", "time", "saved", "task" …
  std::string what;  // the move, the task, the fields
  std::uint32_t arrow = UINT32_MAX;
  std::vector<std::uint32_t> entered;
  v1::Value reason;
  std::string task;
  std::vector<std::string> told;
};

/// What happened to one initiative, oldest first. A list: it grows for years, and nothing of it is ever moved.
using History = std::list<Happening>;

struct Cohort {
  std::string id;
  std::string title;
  std::shared_ptr<const Model> model;  // of its own version: parameters, places, quotas, roles
  std::vector<v1::NamedValue> parameters;
  std::vector<v1::LocalityEntry> localities;
  calendar::Holidays holidays;
  calendar::Zone zone;
  bool rehearsal = false;
  Instant clock = 0;         // of a rehearsal; else the instant of the last record
  Instant clock_target = 0;  // of a rehearsal: where it was sent
  std::vector<v1::QuotaPlaces> quotas;
  std::vector<Assignment> assignments;
  std::vector<Extension> extensions;
  std::vector<Initiative> initiatives;
  Migration migration;
  std::vector<Term> terms;                       // one of each body that was ever elected, in the order of the first
  std::map<std::string, std::uint64_t> minutes;  // body → sequence of the last record that approved minutes speak of
  std::vector<Bulk> bulks;                       // oldest first
  std::vector<DeclaredConflict> conflicts;  // in the order they were declared
  std::vector<Waiver> waivers;              // proposed or confirmed
  std::map<std::string, std::vector<v1::Competence>> competences;  // person → what she can judge
  std::uint64_t sequence = 0;  // of the last record applied
  std::uint64_t effects_sent = 0;  // what records up to this sequence ask of the world was done
  v1::Commit commit;           // of the commit that record belongs to

  // Derived by apply from the above, kept to be fast; never recorded.
  TextIndex slots;                                                           // id → slot
  std::map<std::pair<std::string, std::string>, std::uint32_t> taken;        // quota, by → places held or claimed
  std::unordered_map<std::string, std::vector<Slot>> by_locality;
  std::map<std::string, std::vector<Slot>> subjects;                         // kind → those of other kinds than initiatives
  std::unordered_map<std::string, std::uint32_t> applicants;                 // person → initiatives brought
  AssignmentIndex entrusted;
  std::unordered_map<std::string, std::vector<std::uint32_t>> conflicts_of;  // person → positions in conflicts
  std::map<ReaderKey, ReaderSums> marks;                                     // of reviews that are normalised
  std::unordered_map<std::string, std::set<Slot>> blocked;                   // locality → is_blocked
  std::unordered_map<std::string, std::set<Slot>> waiting;                   // locality → is_waiting
  std::set<Slot> held;                                                       // a decision on it is held
  DueIndex due;                                                              // each initiative's earliest timer
  std::vector<Indexed> indexed;                                              // slot → what the other indexes have of it
  std::vector<History> happenings;                                           // by slot
  Answers answered;
  struct {
    Stale initiatives;               // slots
    std::set<std::uint64_t> answers;  // rows of answered commands
  } stale;  // whose rows of a snapshot are; not of the state itself
  bool remembers = true;  // histories and stale rows are kept; false where nobody will ask for them, as in a simulation

  [[nodiscard]] bool open() const { return model != nullptr; }
  [[nodiscard]] std::optional<Slot> find(const std::string& initiative) const;
  [[nodiscard]] const v1::Value* parameter(std::string_view name) const;
  [[nodiscard]] const v1::LocalityEntry* locality(const std::string& id) const;
  /// Places of `quota` for `by`: what was set for it, else what was set for every one, else what the program says.
  [[nodiscard]] std::uint32_t places(const v1::Quota& quota, const std::string& by) const;
  /// The other name of a quota while work runs under two versions that call it differently; else "".
  [[nodiscard]] const std::string& other_name(const std::string& quota) const;
  [[nodiscard]] Instant next_due() const;
  /// Whether time has something to do that waits for no clock: a migration's batches, subjects that begin by themselves.
  [[nodiscard]] bool has_work() const { return migration.running() || !to_begin(1).empty(); }
  /// The subject of a kind that there is one of: for the season or, of each locality, for `locality`. Null while it has not begun.
  [[nodiscard]] const Initiative* the(const std::string& kind, const std::string& locality) const;
  /// The same by how people write it: "season", "place/taurage".
  [[nodiscard]] const Initiative* the(const std::string& name) const;
  /// Kinds and localities ("": the season) of the subjects that are to begin by themselves and have not yet, at most `most`.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> to_begin(std::size_t most) const;
  /// How many initiatives there are, without the other subjects.
  [[nodiscard]] std::size_t initiatives_count() const;
  /// The running term of a body or its last; null: it has none.
  [[nodiscard]] const Term* term(std::string_view body) const;
  /// Positions of the assignments in force that `person` has, oldest first.
  [[nodiscard]] std::span<const std::uint32_t> assignments_of(const std::string& person) const;
};

/// The locality an initiative stands in, or "" while none was chosen.
const std::string& locality_of(const Initiative& initiative);
/// The earliest instant among the timers of the initiative and its tasks that are not blocked, and that at which it is to wake.
Instant earliest_due(const Initiative& initiative);
bool active(const Instance& instance, std::uint32_t state);
/// Whether one of its own timers waits for a place or for a line of the checklist.
bool is_blocked(const Initiative& initiative);
/// Whether it may go on by itself although nothing is written into it: by time, or since the cohort changed.
bool may_wake(const Initiative& initiative);
/// Whether it goes on when a place of some quota is freed.
bool is_waiting(const Initiative& initiative);

/// The assignments in force that are for one initiative, its locality or the whole cohort. Whether one is over by its date is
/// not asked. To be used at once: it points into the cohort.
class AssignmentsFor {
 public:
  AssignmentsFor(const Cohort& cohort, const Initiative& initiative);
  /// Whether `fits` holds for one of them; asked oldest first.
  template <class Fits>
  bool any(Fits fits) const {
    auto lists = lists_;
    while (true) {
      auto* first = &lists[0];
      for (auto& list : lists)
        if (!list.empty() && (first->empty() || list.front() < first->front())) first = &list;
      if (first->empty()) return false;
      if (fits(assignments_[first->front()])) return true;
      *first = first->subspan(1);
    }
  }

 private:
  const std::vector<Assignment>& assignments_;
  std::array<std::span<const std::uint32_t>, 3> lists_;
};

}  // namespace kvali::cohort
