#pragma once
// A cohort to practise on: a program, people who are their own ids, commands as text, and a check after every commit. What is
// created gets the id that the test gives it; texts are sealed here as the vault would, but readable.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/cohort/apply.h"
#include "engine/cohort/decide.h"
#include "engine/directory/directory.h"

namespace kvali::cohort::testing {

/// The compiled program of workflows/NAME, or of tests/engine/cohort/NAME.yaml. Each is read once.
std::shared_ptr<const Model> program(const std::string& name);

/// The YAML of tests/engine/cohort/NAME.yaml with every text replaced, everywhere. Throws where one is not in it.
std::string edited(const std::string& name, const std::vector<std::pair<std::string, std::string>>& edits);

/// An instant of Vilnius: "2017-01-09 10:00".
Instant at(const std::string& local_time);
Instant at(const std::string& local_time, const calendar::Zone& zone);

struct Opening {
  std::string program = "socifaction-2017";
  std::string begins = "2016-11-14 09:00";  // local time
  bool rehearsal = false;                    // else the world's clock goes on by wait()
  std::string parameters;                    // text format, added to the program's usual dates
  // A guard of the core machine that is another one than the program says: of a version from before a check was known.
  std::string in_place_of = {}, guard = {};
  std::string text = {};  // the program itself in YAML, in place of a file
  const calendar::Zone* zone = nullptr;  // in which the program and `begins` are; null: Vilnius
};

class Practice {
 public:
  /// Opens a cohort; "manager" runs the house.
  explicit Practice(const Opening& opening = {});
  virtual ~Practice() = default;

  /// Publishes another version of the program: its YAML, checked. Throws when it has faults.
  void publish(const std::string& yaml, const std::string& version);
  /// Registers persons, each known by the name it is given.
  void people(const std::vector<std::string>& names);
  /// Registers an organisation with facts in text format: `name: "experience" from { year: 2015 }`.
  void organisation(const std::string& name, const std::vector<std::string>& facts);
  void member(const std::string& person, const std::string& organisation);
  /// Asks something of the directory, as the core does: the cohort takes over at once what follows for it. Answers as ask() does.
  std::string tell(const std::string& actor, const std::string& command, const std::string& fresh = {}, const std::vector<std::string>& roles = {});
  /// The same of any relation: "mentor" of an organisation; or of an organisation, "member" of a network.
  void relate(const std::string& person, const std::string& relation, const std::string& organisation);
  /// Registers a person whose address is of a known domain.
  void person(const std::string& name, const std::string& mail_domain);
  /// Gives a role: `give("mentor", "mentor-taurage", "taurage")`.
  void give(const std::string& role, const std::string& person, const std::string& locality = {});

  /// Decides and applies a command in protobuf's text format: `make_move { initiative: "a" move: "submit" }`. Answers the
  /// refusal's code, or "" when it was done. `fresh` is the id of what it creates.
  std::string ask(const std::string& actor, const std::string& command, const std::string& fresh = {});
  std::string ask(const std::string& actor, v1::Command command, const std::string& fresh = {});
  /// The world's clock goes on to `local_time`, and everything that is due on the way happens at its instant.
  void wait(const std::string& local_time);

  [[nodiscard]] const Refusal& refusal() const { return refusal_; }                  // of the last ask()
  [[nodiscard]] std::string why(const std::string& language = "en") const;           // its sentence
  [[nodiscard]] std::vector<std::string> unmet(const std::string& language = "en") const;
  /// The facts behind the needs that did not hold, one by one; "" where none are told.
  [[nodiscard]] std::vector<std::string> facts(const std::string& language = "en") const;
  [[nodiscard]] const std::vector<v1::Record>& records() const { return records_; }  // of the last commit
  [[nodiscard]] const std::vector<v1::Record>& journal() const { return journal_; }  // of the cohort's stream, from record 1
  [[nodiscard]] const Cohort& cohort() const { return cohort_; }
  [[nodiscard]] World world() const { return {directory_, library_}; }
  [[nodiscard]] const Initiative& of(const std::string& initiative) const;
  /// The paths of its active states without children, joined by " + ".
  [[nodiscard]] std::string where(const std::string& initiative) const;
  /// The instant, in local time, at which a timer of that name is due; "" when it is not armed. `state` by its path.
  [[nodiscard]] std::string due(const std::string& initiative, const std::string& state, const std::string& timer) const;
  /// Letters told since the opening: "reminder to applicant-a", by message and person.
  [[nodiscard]] std::vector<std::string> letters() const;
  /// What broke in a commit so far: a refold that differs, an invariant, a second decision that is another. Empty when all holds.
  [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }
  /// Folds the journal from record 1, as bytes read again, and compares: with the state, with what went through snapshots, and
  /// with the rows of snapshots that wrote only what changed. Adds to broken().
  void refold();

  enum class Look { Always, Seldom };  // Seldom: restarts are compared, and snapshots taken, by refold() alone
  Look look = Look::Always;
  Instant now = 0;  // the world's

 private:
  void seal(v1::Command& command) const;
  void commit(std::vector<v1::Record> records);
  void go_through_rows();
  void compare_rows();

  calendar::Zone zone_;
  directory::Directory directory_;
  Library library_;
  Cohort cohort_;
  Cohort twin_;                              // fed with the records' bytes, as a restart would be
  Cohort through_;                           // goes through the rows of a snapshot before every commit
  std::map<std::string, std::string> rows_;  // by key: what snapshots of only what changed have come to
  std::uint64_t kept_until_ = 0;             // the last record they cover
  Bench bench_;
  Refusal refusal_;
  std::vector<v1::Record> records_, journal_;
  std::vector<std::string> broken_;
  std::uint64_t commands_ = 0;
};

}  // namespace kvali::cohort::testing
