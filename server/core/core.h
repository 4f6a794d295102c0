#pragma once
// The loop: one command after the other is decided against the state, applied to it, appended to the journal; what leaves
// goes through the gate. One thread, the core thread, calls everything here; it knows no sockets and no clock: every
// command comes with its instant, and time passing is a command too.
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/cohort/decide.h"
#include "engine/cohort/zone_table.h"
#include "engine/limits.h"
#include "server/core/gate.h"
#include "server/core/publish.h"
#include "server/core/store.h"
#include "server/vault/vault.h"

namespace kvali::core {

/// What becomes of a command. Either an error (with its code, PROTOCOL.md's names) or what it did.
struct Reply {
  std::string code;  // empty: done
  cohort::Refusal refusal;
  std::string stream;
  std::uint64_t sequence = 0;  // of its last record
  std::string created;         // id of what it created
  bool replayed = false;       // the same command was answered before
  Records records;  // what a dry run would do; empty otherwise
  std::vector<v1::Text> warnings;  // what should be known although it was done
};

/// A command on its way: what the client asked, who it is, when its last byte was read (µs UTC).
struct Submission {
  v1::Command command;
  std::string actor;  // empty: the engine itself
  std::int64_t now_us = 0;
  bool dry_run = false;
  std::function<void(Reply)> answer;  // called once, on the core thread, behind the gate
  std::shared_ptr<const Publication> publication = {};  // the core's own: of a program that was proved
};

/// What the core tells the rest of the server; all on the core thread.
class Listener {
 public:
  virtual ~Listener() = default;
  /// The state has changed, ahead of the disk: whatever is built from it must pass the gate.
  virtual void changed(const Changed& changed) = 0;
  /// These records of `stream` are durable; the first has `first_sequence`.
  virtual void durable(const std::string& stream, std::uint64_t first_sequence, const Records& records) = 0;
};

/// What remembers, beyond the life of the process, which command is being decided: one that aborts it is refused next time.
class BlackBox {
 public:
  virtual ~BlackBox() = default;
  virtual void deciding(const std::string& stream, const std::string& command_id) = 0;
  virtual void decided() = 0;
};

struct Options {
  journal::Journal& journal;
  vault::Vault& vault;
  /// Runs a function on the core thread, after what is running now.
  std::function<void(std::function<void()>)> post;
  /// The disk has failed: the process stops before anyone is told a lie. Does not return (in a simulation: it throws).
  std::function<void(const std::string& sentence)> fatal;
  /// The zone's transition table, from the system's database.
  std::function<Result<calendar::Zone>(const std::string& name)> zone;
  BlackBox* black_box = nullptr;
  /// Records of one stream behind its snapshot, at which the next is written.
  std::uint64_t snapshot_records = limits::snapshot_records;
  /// Runs functions on a thread beside the core's, one after the other: programs are proved there. Null: at once, where they are.
  std::function<void(std::function<void()>)> beside = {};
  BlackBox* black_box_beside = nullptr;  // of that thread
  program::proof::Bounds proof = {};     // of a program that is to be published
};

class Core {
 public:
  explicit Core(Options options);

  /// Folds the journal; before it nothing may be submitted. `notices` are told to the operator.
  [[nodiscard]] Result<void> start(std::vector<std::string>& notices);
  void listen(Listener& listener) { listeners_.push_back(&listener); }

  void submit(Submission submission);
  /// Every cohort takes over what the directory says of its organisations, where it has fallen behind: after each change there, and
  /// before anything else is decided after a start. `touched` are ids that may have changed; empty: all.
  void note_facts(const std::set<std::string>& touched, std::int64_t now_us);
  /// Time passes: fires what is due at `now_us`. Returns the next instant at which something is, or calendar::never.
  std::int64_t pass_time(std::int64_t now_us);
  /// Delivers what `make` makes of the state once everything it may have seen is durable.
  void read(const Gate::Make& make) { gate_.pass(make); }

  [[nodiscard]] const Store& store() const { return store_; }
  [[nodiscard]] vault::Vault& vault() { return options_.vault; }
  [[nodiscard]] cohort::Bench& bench() { return bench_; }
  [[nodiscard]] const journal::Journal& journal() const { return options_.journal; }
  [[nodiscard]] std::uint64_t in_flight() const { return gate_.in_flight(); }
  /// A command that broke the process before: refused from now on.
  void quarantine(const std::string& command_id) { quarantined_.push_back(command_id); }

 private:
  struct InFlight {
    std::string stream;
    std::uint64_t first_sequence;
    Records records;  // none: a snapshot, for which nothing waits
  };
  using Decided = std::variant<Records, cohort::Refusal>;

  std::optional<Reply> answered_before(const Submission& submission, const std::string& stream, const std::string& hash) const;
  std::optional<Reply> refused_at_once(const Submission& submission, const std::string& stream) const;
  void prove(Submission submission);
  [[nodiscard]] bool runs_the_house(const Submission& submission) const;
  Decided decide(const v1::Asked& asked, const Submission& submission, const std::string& stream, Reply& reply);
  void commit(const std::string& stream, Records records);
  void tell_renamed(const std::string& organisation);
  void write_snapshot_when_due(const std::string& stream);
  void append(journal::Part part);
  void told(journal::Answer answer);
  void begin_again();
  [[nodiscard]] std::int64_t next_due(const std::string& stream) const;

  Options options_;
  Store store_;
  Gate gate_;
  cohort::Bench bench_;
  std::vector<Listener*> listeners_;
  std::deque<InFlight> in_flight_;      // appended and not answered yet, in order
  std::vector<std::string> conflicted_;  // streams in which another writer was first
  std::vector<Submission> held_;         // what comes while conflicts are being settled
  std::vector<std::string> quarantined_;
  std::size_t proving_ = 0;  // publications beside the core
  bool unnoted_ = true;      // cohorts may be behind the directory: it or they were folded anew
};

/// The stream a command is decided in: "directory", "program/NAME", "cohort/ID".
std::string stream_of(const v1::Command& command);

}  // namespace kvali::core
