#pragma once
// The step: which arrows are taken, in which order, to which configuration, as W3C SCXML fixes it (Appendix D,
// "Algorithm for SCXML Interpretation"). It knows no data and no time: guards and executable content are asked of the
// Host.
//
// A macrostep is one event (or one person's move, or the start) and everything that follows from it at once: eventless
// arrows before internal events, until nothing is left to do.
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/statechart/chart.h"
#include "engine/statechart/configuration.h"
#include "engine/statechart/entry_set.h"

namespace kvali::statechart {

class Stepper;

/// What a host may ask of the macrostep that is calling it.
class Turn {
 public:
  /// Puts an event into the internal queue. The name is copied.
  void raise(std::string_view name, std::uint64_t data = 0);
  /// SCXML's In(): whether `state` is active right now, between two actions of a step too.
  bool in(StateId state) const;
  const Configuration& configuration() const;

 private:
  friend class Stepper;
  explicit Turn(Stepper& stepper) : stepper_(stepper) {}
  Stepper& stepper_;
};

/// Whose executable content is running.
struct Site {
  enum class Kind : std::uint8_t { Entry, Exit, Initial, Arrow };
  Kind kind = Kind::Entry;
  std::uint32_t id = 0;  // StateId; ArrowId for Kind::Arrow
};

enum class Acted : std::uint8_t { Yes, Failed };

/// How a state is entered: a history brings it (and what lies around it, up to the history's parent) back as it was
/// left, so that its timers go on with the time that remained; anything else begins afresh.
enum class Entry : std::uint8_t { Afresh, Remembered };

/// The step's owner: holds the data, evaluates guards, runs actions. Called in SCXML's order, and for everything that
/// happens. `event` is null for the start and what follows from it without an event.
class Host {
 public:
  virtual ~Host() = default;
  /// The session begins: nothing is active yet, what is raised comes first.
  virtual void starting(Turn& /*turn*/) {}
  /// The guard of `arrow`; asked only when it has one, at most once in a selection. A guard that cannot be evaluated is
  /// false, and the host raises error.execution, once in a macrostep: the event makes eventless arrows be asked again.
  virtual bool holds(ArrowId arrow, const Event* event, Turn& turn) = 0;
  /// One action, Raise included (turn.raise). Failed ends its block; the host has raised what tells of it.
  virtual Acted act(const v1::Action& action, Site site, const Event* event, Turn& turn) = 0;
  /// The data of the done event that the final `state` makes; asked only when it has some.
  virtual std::uint64_t done_data(StateId /*state*/, const Event* /*event*/, Turn& /*turn*/) { return 0; }
  virtual void entered(StateId /*state*/, Entry /*how*/) {}  // it is active, its entry actions come next
  virtual void left(StateId /*state*/) {}                    // its exit actions have run, it is no longer active
  virtual void raised(const Event& /*event*/) {}  // it entered the internal queue: Raise, done.state.PATH, errors
};

/// Runs Raise without data and nothing else; every guard holds. For charts without data.
class PlainHost : public Host {
 public:
  bool holds(ArrowId, const Event*, Turn&) override { return true; }
  Acted act(const v1::Action& action, Site, const Event*, Turn& turn) override;
};

/// Why a step was not made.
enum class Refusal : std::uint8_t {
  None,
  NotActive,    // the arrow's source is not active
  GuardFalse,   // its guard does not hold
  Finished,     // the instance has come to its end
  NotTogether,  // enter: no configuration has all these targets, or one of them is no state
};

/// What one macrostep did, in order over all its microsteps.
struct Macrostep {
  std::vector<ArrowId> taken;
  std::vector<StateId> left;
  std::vector<StateId> entered;
  std::size_t microsteps = 0;    // sets of arrows taken, and internal events nobody took
  bool nothing_enabled = false;  // the event took no arrow
  bool overflow = false;         // limits::microsteps_max reached: the configuration is half-way and to be thrown away
  Refusal refusal = Refusal::None;  // then nothing else happened
};

/// Makes steps of one chart, keeping its working memory between them; one thread at a time. A host may not call back
/// into the stepper that calls it. The Macrostep returned is good until the next call.
class Stepper {
 public:
  explicit Stepper(const Chart& chart);  // the chart must outlive it

  /// Enters the initial states of an empty configuration.
  const Macrostep& start(Configuration& configuration, Host& host);
  /// Broadcasts `event`: timers, done and raised events.
  const Macrostep& dispatch(Configuration& configuration, const Event& event, Host& host);
  /// Takes exactly `arrow`, whatever triggers it: a person's move, a freed place. `event` is what guards and actions
  /// see.
  const Macrostep& take(Configuration& configuration, ArrowId arrow, Host& host, const Event* event = nullptr);
  /// Takes eventless arrows and what follows, for when the data has changed.
  const Macrostep& settle(Configuration& configuration, Host& host);
  /// Puts the instance where all `targets` are active, as near to where it is as possible: what is active and fits
  /// stays, the rest is left, what is missing is entered by default, every region of a parallel completed. A compound
  /// target starts at its initial state unless another target lies inside. Also from an end, and into an empty
  /// configuration.
  const Macrostep& enter(Configuration& configuration, std::span<const StateId> targets, Host& host);

 private:
  friend class Turn;
  struct Chosen {
    ArrowId arrow;
    StateId domain;  // everything active below it is left; nothing when the arrow has no targets
  };
  struct Verdict {
    std::uint32_t selection = 0;  // in which its guard was asked
    std::uint32_t chosen_in = 0;  // in which it was found enabled
    bool holds = false;
  };
  void begin(Configuration& configuration, Host& host, const Event* event);
  bool select(EventId id);
  bool holds(ArrowId arrow);
  void choose(ArrowId arrow);
  Chosen chosen(ArrowId arrow);
  void microstep();
  void run_to_stability();
  void end_session();
  void remember_below(StateId domain);
  void remember(StateId state);
  void leave_below(StateId domain);
  void leave(std::size_t index);
  void enter_all(std::span<const StateId> entry, std::span<const StateId> defaults);
  void enter_state(StateId state, bool by_default);
  void reach_final(StateId state);
  bool in_final(StateId state) const;
  void queue(Event event);
  void run(const google::protobuf::RepeatedPtrField<v1::Block>& blocks, Site site);
  void run(const google::protobuf::RepeatedPtrField<v1::Action>& actions, Site site);

  const Chart& chart_;
  Turn turn_{*this};
  Configuration* configuration_ = nullptr;
  Host* host_ = nullptr;
  const Event* event_ = nullptr;  // the one being worked on
  Macrostep out_;
  std::vector<Chosen> chosen_;     // of this microstep, in the order their content runs
  std::vector<Chosen> by_domain_;  // those that leave something, by domain
  std::vector<Verdict> verdicts_;  // by arrow
  std::uint32_t selection_ = 0;
  EntrySet entry_;            // for arrows whose targets depend on history
  std::vector<Event> queue_;  // internal events, raised in this macrostep
  std::size_t next_in_queue_ = 0;
  Event internal_;                 // the one being worked on, when it came from the queue
  std::deque<std::string> names_;  // of raised events the chart does not know; live as long as the macrostep
};

/// The configuration in which all `targets` are active, what is not said taken by default; nothing happens on the way: no action
/// runs, no arrow is taken, no history is remembered. Nothing: no configuration has them all.
std::optional<Configuration> configuration_with(const Chart& chart, std::span<const StateId> targets);

/// The same in one call each, for whoever steps seldom.
Macrostep start(const Chart& chart, Configuration& configuration, Host& host);
Macrostep dispatch(const Chart& chart, Configuration& configuration, const Event& event, Host& host);
Macrostep take(const Chart& chart, Configuration& configuration, ArrowId arrow, Host& host,
               const Event* event = nullptr);
Macrostep settle(const Chart& chart, Configuration& configuration, Host& host);
Macrostep enter(const Chart& chart, Configuration& configuration, std::span<const StateId> targets, Host& host);

}  // namespace kvali::statechart
