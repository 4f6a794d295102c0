#pragma once
// The season of 2017 a second time, written naively from its definition in words: what each command is answered, where every
// initiative then stands, who holds a place, what the next timer is. It shares no code with engine/cohort; it is fed in the
// order of the commits, and the two must agree on everything (simulation.h).
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kvali/v1/command.pb.h"
#include "tests/simulation/dates.h"

namespace kvali::simulation {

/// One written field: its clear text or its number, and how often it was written.
struct Written {
  std::string text;
  std::int64_t number = 0;
  std::uint32_t version = 0;
  bool given = false;
};

struct Timer {
  Us due = 0;
  int fired = 0;  // of a series
};

/// A review, a meeting, a report.
struct Item {
  std::string key, kind, by;
  Us planned = 0;
  bool done = false, overdue = false;
  std::map<std::string, Written> fields;
  std::map<std::string, Timer> timers;
};

/// One initiative.
struct Work {
  std::string id, applicant, state, project;
  bool met_enough = false;
  Us since = 0;    // in `state`
  Us settled = 0;  // since when the stage runs that counts reports
  std::map<std::string, Written> fields;
  std::map<std::pair<std::string, std::string>, Timer> timers;  // state or stage, name
  std::vector<Item> items;
  std::string place;            // the locality in which it holds one
  std::optional<std::string> held;
  std::optional<std::pair<std::string, std::string>> proposal;  // to, by
  std::uint32_t version = 0;    // changes that everybody who sees it may notice

  std::string locality() const;
  bool ended() const;
  /// Paths of the innermost states it is in, sorted.
  std::vector<std::string> states() const;
  /// 0 going on, else as v1::State::End counts.
  int end() const;
};

struct Entrusted {
  std::string id, person, role, locality;
  Us until = 0;  // 0: open
  bool ended = false;
};

class Model {
 public:
  std::map<std::string, Day> dates;  // the cohort's parameters
  std::set<Day> holidays;
  std::vector<std::string> localities;
  std::set<std::string> persons;
  std::map<std::string, std::string> managers;  // grant → person
  std::map<std::string, unsigned> places;       // locality → places; absent: 4
  std::vector<Entrusted> entrusted;
  std::vector<Work> works;  // in order of their start
  Us clock = 0;             // instant of the last commit

  /// What `command` is answered when it is stamped `at`: "" when it is done (the model has then followed), else the code of its
  /// refusal (and nothing has changed). `created` is the id that the engine gave to what it made.
  std::string ask(const v1::Command& command, const std::string& actor, Us at, const std::string& created);
  /// Time has passed: everything that is due by `at` has fired.
  void pass_time(Us at);
  /// A commit of which the model knows nothing happened at `at`.
  void notice(Us at) { clock = std::max(clock, at); }

  /// From which instant rights are looked at by the questions below.
  void look(Us at) { now_ = std::max(at, clock); }

  const Work* work(const std::string& id) const;
  bool manages(const std::string& person) const;
  std::set<std::string> roles(const std::string& person, const Work& work) const;
  bool sees(const std::string& person, const Work& work) const { return !roles(person, work).empty(); }
  unsigned places_of(const std::string& locality) const;
  unsigned taken(const std::string& locality) const;
  /// Who waits for a place of the locality, the next in line first.
  std::vector<std::size_t> line(const std::string& locality) const;
  static std::optional<double> score(const Work& work);

 private:
  std::string decide(const v1::Command& command, const std::string& actor, const std::string& created);
  std::string start(const v1::Command& command, const std::string& actor, const std::string& created);
  std::string save(const v1::SaveFields& save, const std::string& actor);
  std::string move(const v1::MakeMove& move, const std::string& actor);
  std::string move_item(Work& work, Item& item, const v1::MakeMove& move, const std::string& actor);
  std::string move_work(Work& work, const v1::MakeMove& move, const std::string& actor);
  std::string open_item(const v1::OpenTaskItem& open, const std::string& actor, const std::string& created);
  std::string publish(const std::string& locality, const std::string& actor);
  std::string extend(const v1::ExtendDeadline& extend, const std::string& actor);
  std::string except(const std::string& id, const v1::Command& command, const std::string& actor);
  std::string assign(const v1::AssignRole& assign, const std::string& actor, const std::string& created);
  std::string set_parameter(const v1::SetParameter& set, const std::string& actor);
  std::string set_quota(const v1::SetQuota& set, const std::string& actor);
  std::string relate(const v1::Command& command, const std::string& actor, const std::string& created);
  /// What is wrong with the fields given: "" or a code. `item` null: the initiative's own.
  std::string faults(const Work* work, const Item* item, const google::protobuf::RepeatedPtrField<v1::FieldInput>& fields,
                     const std::string& kind, const std::string& actor) const;
  static void write(std::map<std::string, Written>& into, const google::protobuf::RepeatedPtrField<v1::FieldInput>& fields);
  bool acts(const std::string& person, const Work& work, const std::string& role) const;
  bool speaks_for_applicants(const std::string& person) const;
  Work* find(const std::string& id, const std::string& actor);
  std::string can_hold(const Work& work, const std::string& state) const;
  void go(Work& work, const std::string& state);
  void enter(Work& work, const std::string& state);
  void arm(Work& work, const std::string& state, Us deadline);
  void fire(Work& work);
  bool fire_item(Work& work, Item& item);
  void pass_on(const std::string& locality);
  /// Whoever waits while a place is free gets it.
  void fill_free_places();
  void finish_reports(Work& work);

  Us now_ = 0;  // of the decision under way
  std::optional<Work> before_;  // the initiative that was found last, before time went on in it
  struct Extended {
    std::string state, locality;
    Us to;
  };
  std::vector<Extended> extended_;
};

}  // namespace kvali::simulation
