#pragma once
// What a cohort is at one moment: the fold of its records. Plain values, changed by apply.h alone; decide reads them as const.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/cohort/model.h"
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
};

struct FieldState {
  std::string name;
  v1::Value value;
  std::uint32_t version = 0;
};

struct Task {
  std::string key;  // KIND/NUMBER
  std::string kind;
  std::uint32_t number = 0;
  Instant planned = 0;  // of a report: its day
  std::string by;       // person who opened it
  Instant opened_at = 0;
  Instance at;
  std::vector<FieldState> fields;
  bool finished = false;
};

struct HeldDecision {
  std::uint32_t arrow = 0;
  std::string move;
  v1::Value reason;
  std::string by;
  std::vector<std::pair<std::string, std::string>> places;  // quota, by: claimed already
};

struct Proposal {
  std::uint32_t to = 0;
  std::string by;
  v1::Value reason;
};

struct Initiative {
  std::string id;
  std::shared_ptr<const Model> model;  // of its own version
  std::string organisation;
  std::string applicant;
  Instance at;
  std::vector<FieldState> fields;
  std::vector<Task> tasks;
  std::vector<std::pair<std::string, std::string>> places;  // quota, by: held now
  std::optional<HeldDecision> held;
  std::optional<Proposal> proposal;
  v1::State::End end = v1::State::END_UNSPECIFIED;
  std::uint32_t version = 0;
  Instant last_activity = 0;

  [[nodiscard]] bool ended() const { return end != v1::State::END_UNSPECIFIED; }
  [[nodiscard]] const v1::Value* field(const std::string& name) const;
  [[nodiscard]] const Task* task(const std::string& key) const;
};

/// A role a person holds here. Ended ones stay, for the history of who was entrusted with what.
struct Assignment {
  std::string id, person, role, locality, initiative, substitute_for;
  std::uint32_t load_max = 0;
  Instant until = calendar::never;
  bool ended = false;
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

struct Answered {
  std::string request_hash;
  std::uint64_t sequence = 0;
  std::string created;
};

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
  std::uint64_t sequence = 0;  // of the last record applied
  std::uint64_t effects_sent = 0;  // what records up to this sequence ask of the world was done
  v1::Commit commit;           // of the commit that record belongs to

  // Derived by apply from the above, kept to be fast; never recorded.
  std::unordered_map<std::string, Slot> slots;                               // id → slot
  std::map<std::pair<std::string, std::string>, std::uint32_t> taken;        // quota, by → places held or claimed
  std::unordered_map<std::string, std::vector<Slot>> by_locality;
  std::set<std::pair<Instant, Slot>> due;                                    // each initiative's earliest timer
  std::vector<Instant> due_of;                                               // slot → its entry in `due`
  std::vector<std::vector<Happening>> happenings;                            // slot → oldest first
  std::unordered_map<std::string, Answered> answered;                        // command id → what it did
  std::deque<std::pair<Instant, std::string>> answered_order;                // stamped at, command id; of all that are answered
  struct {
    Stale initiatives;               // slots
    std::set<std::uint64_t> answers;  // rows of answered commands
  } stale;  // whose rows of a snapshot are; not of the state itself

  [[nodiscard]] bool open() const { return model != nullptr; }
  [[nodiscard]] std::optional<Slot> find(const std::string& initiative) const;
  [[nodiscard]] const v1::Value* parameter(const std::string& name) const;
  [[nodiscard]] const v1::LocalityEntry* locality(const std::string& id) const;
  /// Places of `quota` for `by`: what was set for it, else what was set for every one, else what the program says.
  [[nodiscard]] std::uint32_t places(const v1::Quota& quota, const std::string& by) const;
  [[nodiscard]] Instant next_due() const;
};

/// The locality an initiative stands in, or "" while none was chosen.
std::string locality_of(const Initiative& initiative);
/// The earliest instant among the timers of the initiative and its tasks that are not blocked.
Instant earliest_due(const Initiative& initiative);
bool active(const Instance& instance, std::uint32_t state);

}  // namespace kvali::cohort
