#pragma once
// One cohort played from its opening to its end. People act after a while on what is open to them; everything that decides is
// the engine's own: each act is a command that engine/cohort decides and applies, and time passes by its own command, from one
// due instant to the next. What is refused is tried again later, or another move is tried, as people do.
#include <functional>
#include <vector>

#include "engine/simulate/findings.h"
#include "engine/simulate/scene.h"
#include "engine/simulate/watch.h"

namespace kvali::simulate {

/// For whoever wants to look closer than the findings; either may be empty.
struct Onlooker {
  std::function<void(const cohort::Cohort& after, const v1::Record& record, calendar::Instant at)> record;  // each, as soon as it is applied
  std::function<void(const cohort::Cohort&)> end;                                                           // each cohort, at its end
};

class Player {
 public:
  /// Adds to `findings` what happens. Scene, setting and findings outlive the player.
  Player(const Scene& scene, const Setting& setting, Findings& findings, const Onlooker& onlooker = {});
  /// Plays the cohort of that number. What it does follows from the setting's seed and the number alone.
  void play(std::uint32_t number);

 private:
  enum class What : std::uint8_t { Arrive, Move, Open, Publish, Answer };
  /// Something that somebody will try.
  struct Intent {
    calendar::Instant at = 0;
    std::uint64_t order = 0;  // of those at one instant, the first that was made
    What what = What::Arrive;
    std::uint8_t tries = 0;
    std::uint16_t pick = 0;    // position among the state's habits: of its moves, or of what it opens
    cohort::Slot slot = 0;
    std::uint32_t task = 0;    // position + 1 among the initiative's tasks; 0: the initiative itself
    std::uint32_t state = 0;
    calendar::Instant since = 0;  // when the state was entered: another visit is another intent
  };
  static bool later(const Intent& a, const Intent& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }

  void add(Intent intent);
  Intent take();
  void act(const Intent& intent);
  void arrive(const Intent& intent);
  void move(const Intent& intent);
  void open(const Intent& intent);
  void publish(const Intent& intent);
  void answer(const Intent& intent);  // gates.cc: others agree, or vote
  void plan_answers(cohort::Slot slot, std::uint32_t task);
  void agree(const Intent& intent, const cohort::TaskModel& gate);
  void vote(const Intent& intent, const cohort::Task& task, const v1::Body& body);
  void pass_time(calendar::Instant at);

  /// An empty command, in memory that is used again.
  v1::Command& command();
  /// The command that was asked last of those kept in `kept`, to be written over: what is asked most often costs no memory.
  v1::Command& again(v1::Asked& kept);
  /// Asks for what command() or again() gave; why not, or nothing when it was done.
  std::optional<cohort::Code> ask(const std::string& actor);
  static google::protobuf::ArenaOptions within(std::vector<char>& memory);
  void follow(const Records& records);
  void plan(cohort::Slot slot, std::uint32_t task, std::uint32_t state);
  void plan_openings(const StateHabit& habit, Intent intent, calendar::Instant allowed_us);
  [[nodiscard]] calendar::Instant after(const Delay& delay, calendar::Instant allowed_us, Random& random) const;
  void refused(Intent intent, cohort::Code code, const std::string& what);

  struct Actor {
    std::size_t role;
    const std::string* person;
  };
  std::optional<Actor> actor_for(const google::protobuf::RepeatedPtrField<std::string>& roles, cohort::Slot slot, std::uint32_t number);
  static calendar::Instant entered_at(const cohort::Instance& instance, statechart::StateId state);
  [[nodiscard]] bool may_write(const v1::Field& field, std::size_t role) const;
  void write_missing(const cohort::MachineModel& machine, statechart::ArrowId arrow, const Intent& intent, const Actor& actor);
  using Inputs = google::protobuf::RepeatedPtrField<v1::FieldInput>;
  /// Writes the input at `at`, which is there or the next; what it is part of stands before it.
  void write(Inputs& inputs, int at, const v1::Field& field, cohort::Slot slot, const std::string& person);
  void write(Inputs& inputs, const v1::Field& field, cohort::Slot slot, const std::string& person) { write(inputs, inputs.size(), field, slot, person); }
  std::optional<cohort::Code> plainly_impossible(const cohort::Initiative& initiative, const cohort::Task* task,
                                                 const cohort::MachineModel& machine, statechart::ArrowId arrow) const;
  void save_first(const cohort::ArrowModel& arrow, const Intent& intent, const Actor& actor);
  const StateHabit& habit_of(const Intent& intent, const cohort::Initiative& initiative) const;
  const cohort::Instance* instance_of(const Intent& intent) const;
  std::uint32_t some_locality(Random& random) const;

  const Scene& scene_;
  const Setting& setting_;
  Findings& findings_;
  const Onlooker& onlooker_;
  Watch watch_;
  cohort::Bench bench_;
  std::vector<char> memory_;             // of the arena
  google::protobuf::Arena arena_;
  v1::Asked* asked_ = nullptr;
  v1::Asked passing_, moving_;
  std::vector<v1::Asked> opening_;       // by kind of task
  std::size_t applicant_role_ = 0, manager_role_ = 0;
  std::vector<const v1::Field*> first_fields_;  // written when an initiative begins
  std::uint32_t locality_weight_ = 0;
  std::vector<std::string> ids_;                // of initiatives, by number of arrival
  // Of the cohort that is played:
  cohort::Cohort cohort_;
  calendar::Instant now_ = 0;
  std::uint64_t order_ = 0, commits_ = 0;
  bool publishing_ = false;
  std::vector<Intent> intents_;        // a heap
  std::vector<Random> chance_;         // by number of arrival
  std::vector<std::uint32_t> places_;  // their localities
  std::vector<std::uint32_t> number_;  // by slot: number of arrival
  std::vector<std::optional<cohort::Slot>> about_;  // of the records just applied, whom each is about
};

}  // namespace kvali::simulate
