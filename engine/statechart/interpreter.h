#pragma once
// One instance of a machine with everything it needs to run by itself: data, events that carry data, delayed sends and
// timers on a clock that somebody else moves. `kvali step` and the SCXML suites run on it; cohorts bring their own
// host.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/expression/expression.h"
#include "engine/statechart/step.h"

namespace kvali::statechart {

struct InterpreterOptions {
  std::string session_id = "session";     // SCXML's _sessionid
  calendar::Instant now = 0;              // the clock at the start, µs UTC
  calendar::Zone zone = calendar::utc();  // in which days end
  calendar::Holidays holidays;
};

/// Not for several threads. Everything it does is determined by what it is told. Copies go their own ways, so a caller
/// may keep one to return to.
///
/// Expressions read the names bound, the machine's own data and SCXML's `_event` (name, type, data, sendid, origin,
/// origintype, invokeid), `_name`, `_sessionid` and `_ioprocessors`; `_active` is the list of the paths of all active
/// states, so that In('draft') is `"application.draft" in _active`.
class Interpreter {
 public:
  using Options = InterpreterOptions;
  /// What happened since it was last asked for.
  struct Happened {
    std::vector<std::string> raised;  // events that went through the internal queue
    std::vector<v1::TellEffect> told;
    std::vector<std::string> opened;   // task kinds
    std::vector<std::string> blocked;  // why time could not do what it was to do: what is needed and does not hold
    std::vector<std::string> logged;
  };
  /// Something that is waited for.
  struct Due {
    std::string event;
    std::string path;                     // of the timer's state; empty for a delayed send
    std::optional<calendar::Instant> at;  // nothing: not known, `why` says why
    std::string why;
  };

  explicit Interpreter(std::shared_ptr<const Chart> chart, Options options = {});

  // Each of the following first runs what the instance has sent itself and what is due by now, then its macrostep, then
  // the timers that were due before they were armed. Errors are sentences for whoever asked; after one the instance is
  // to be thrown away (return to a copy), except that a refused move has changed nothing.

  /// Gives a name its value ("cohort", "initiative", "sessions"). Once started, timers that did not know their instant
  /// are planned again and eventless arrows asked again.
  Result<void> bind(std::string_view name, expression::Value value);
  /// From now on the guard or need written `source` holds, or does not, whatever the facts say: so a counterexample of the
  /// proof, which knows no facts, is played again.
  void assume(const std::string& source, bool holds);
  /// Asks eventless arrows and timers again, after what was bound or assumed; nothing before the start and after the end.
  Result<void> ask_again();
  /// Evaluates the machine's data and enters its initial states.
  Result<void> start();
  /// Broadcasts an event from outside.
  Result<void> dispatch(std::string_view event, std::optional<expression::Value> data = std::nullopt);
  /// Takes the active move of that name ("pass", or with its state's path in front where two are active); `by`: a role,
  /// or empty for whoever may. `data`, a map, is the event's data, and its fields become the initiative's. An error
  /// says which moves there are, or all that is not met.
  Result<void> move(std::string_view name, std::string_view by, const expression::Value& data);
  /// Takes the first active arrow that waits for a freed place of `quota`.
  Result<void> place_freed(std::string_view quota);
  /// Lets time pass until `instant`, which is not before now. On the way timers fire at their instants, and an arrow that
  /// nobody has to take is taken at the instant at which time makes its guard true.
  Result<void> advance_to(calendar::Instant instant);

  const Chart& chart() const { return *chart_; }
  const Options& options() const { return options_; }
  calendar::Instant now() const { return options_.now; }
  const Configuration& configuration() const { return configuration_; }
  std::vector<Due> due() const;  // in order of time, unknown instants last
  Happened take_happened();

 private:
  class Doing;  // the Host, alive for one macrostep
  class Names;  // what expressions read

  /// An event's data and what SCXML says beside it.
  struct Payload {
    std::optional<expression::Value> data;
    std::string type = "external";  // or "internal", "platform"
    std::string sendid;
    bool sent = false;  // by a send of this instance: has an origin
  };
  struct Sent {
    calendar::Instant at = 0;
    std::uint64_t order = 0;
    std::string event;
    Payload payload;
  };
  struct Armed {
    StateId state = 0;
    int timer = 0;  // index into Node.timers
    std::uint64_t order = 0;
    std::uint32_t fired = 0;
    calendar::Instant entered_at = 0;
    std::optional<calendar::Instant> planned;  // before the offset: what a repeat counts from
    std::optional<calendar::Instant> at;
    std::string why;  // there is no instant
  };
  struct Compiled {
    std::optional<expression::Expression> expression;
    std::string fault;
  };
  using Step = std::function<const Macrostep&(Stepper&, Host&, const Event*)>;

  Result<void> macrostep(std::string_view event, Payload payload, const Step& step);
  Result<void> macrostep(const Step& step) { return macrostep({}, {}, step); }
  enum class Including : std::uint8_t { Timers, SendsToo };
  Result<void> run_due(Including what = Including::Timers);
  Result<ArrowId> find_move(std::string_view name, std::string_view by) const;
  using Needs = google::protobuf::RepeatedPtrField<v1::Need>;
  std::vector<std::string> unmet(const Needs& needs) const;
  Result<void> check(const v1::ByPerson& move, const expression::Value& data) const;
  std::string possible_moves() const;
  bool holds(ArrowId arrow) const;
  std::optional<bool> assumed(const std::string& source) const;

  void arm(StateId state, Entry how);
  void disarm(StateId state);
  void plan(Armed& armed) const;
  bool is_worth_arming(const Armed& armed) const;
  void plan_unknown();
  void arm_next(Armed armed);
  const v1::Timer& timer(const Armed& armed) const { return chart_->node(armed.state).timers(armed.timer); }

  Result<expression::Outcome> outcome_of(const std::string& source) const;
  Result<expression::Value> evaluate(const std::string& source) const;
  Result<void> settle();
  calendar::Instant wakes_at() const;

  std::shared_ptr<const Chart> chart_;
  Options options_;
  Configuration configuration_;
  std::map<std::string, expression::Value, std::less<>> data_;
  std::map<std::string, bool> assumed_;     // guards and needs, by source
  std::optional<expression::Value> event_;  // SCXML's _event
  std::vector<Sent> sent_;
  std::vector<Armed> armed_;
  std::map<std::pair<StateId, int>, calendar::Instant> remaining_;  // µs left of timers whose state a history remembers
  std::uint64_t order_ = 0;
  std::uint64_t sends_named_ = 0;
  Happened happened_;
  std::shared_ptr<std::unordered_map<std::string, Compiled>> compiled_;  // by source; copies share it
};

}  // namespace kvali::statechart
