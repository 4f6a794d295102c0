#pragma once
// Core and api whole in one thread, on a journal that fails when it is told to: a seeded scheduler decides what is next, people
// ask as they like, and the naive model, fed in the order of the commits, says what each must be answered and where
// everything then stands. Whatever leaves the server is judged at the moment it leaves.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/client.h"
#include "tests/simulation/player.h"

namespace kvali::simulation {

struct Plan {
  std::uint64_t seed = 1;
  std::size_t steps = 4000;  // turns of the scheduler
  bool faults = true;        // failing disks, other writers, dropped connections, slow readers
};

/// What a run saw, so that a test can tell that it saw something.
struct Seen {
  std::size_t calls = 0, done = 0, refused = 0, replayed = 0, crashes = 0, conflicts = 0, resets = 0, resumed = 0, deltas = 0, letters = 0;
  std::map<std::string, std::size_t> codes, states;
  std::uint64_t trace = 0;  // hash of all that happened

  Seen& operator+=(const Seen& other);
  /// One line of figures.
  [[nodiscard]] std::string words() const;
};

class Simulation final : public api::Wire, public core::Listener {
 public:
  Simulation(const Opening& opening, const Plan& plan);

  /// Plays the plan to its end. Throws std::runtime_error with what broke, and with the last that happened.
  Seen run();

 private:
  /// One command that somebody asked, however often it was sent.
  struct Call {
    v1::Command command;
    std::string actor;
    bool dry_run = false;
    std::size_t client = 0;
    std::size_t results = 0, fresh_results = 0;
    std::string created;
  };
  /// What the journal says of a command.
  struct Committed {
    std::size_t call = 0;
    std::string stream, created;
    std::uint64_t last_sequence = 0;
    Us stamped = 0;
  };

  // --- the scheduler (simulation.cc)
  void step();
  void act();
  void connect(Client& client);
  void drop(Client& client);
  void take_in(Client& client);
  void hand_over(Client& client);
  void ask(std::size_t client, v1::Command command);
  void send_call(Client& client, std::size_t call);
  void ask_query(Client& client);
  void tick();
  void fault();
  void crash();
  void write_elsewhere();
  /// Everything that is under way arrives; `all`: and everything is compared.
  void settle(bool all = true);
  Client* by_connection(std::uint64_t connection);

  // --- what leaves the server (judge.cc)
  Sent send(std::uint64_t connection, std::shared_ptr<const std::string> frame) override;
  void close(std::uint64_t connection, std::uint16_t code, std::string reason) override;
  void welcomed(std::uint64_t) override {}
  void judge(Client& client, const v1::ServerMessage& message);
  void judge_result(const Question& question, const v1::Result& result);
  void judge_error(const Question& question, const v1::Error& error);
  void judge_row(const Client& client, const v1::Row& row);
  void judge_initiative(const std::string& person, const v1::InitiativeRow& row);
  void judge_answer(const Client& client, const Question& question, const v1::Answer& answer);
  void judge_cursor(const std::string& sealed);

  // --- what became durable (feed.cc)
  void changed(const core::Changed& changed) override;
  void durable(const std::string& stream, std::uint64_t first_sequence, const std::vector<v1::Record>& records) override;
  void feed(const std::string& stream, std::uint64_t up_to);
  void catch_up();
  void feed_commit(const std::string& stream, const std::vector<v1::Record>& records, std::uint64_t first_sequence);
  void feed_command(const v1::Commit& commit, const std::string& stream, std::uint64_t last_sequence);
  void compare(const std::string& initiative) const;
  void compare_all() const;
  void check_once() const;
  void check_replicas();
  void check_letters() const;

  [[noreturn]] void broken(const std::string& sentence) const;
  void note(std::string line);

  const Opening& opening_;
  Plan plan_;
  Random random_;
  journal::MemoryJournal journal_;
  Letters letters_;
  Model model_;
  core::Store shadow_;  // folded from what was told to be durable, commit by commit
  Player player_;
  House house_;
  std::vector<Client> clients_;
  std::vector<Call> calls_;
  std::map<std::string, std::vector<std::size_t>> by_key_;
  std::map<std::string, Committed> committed_;
  std::map<std::string, std::uint64_t> fed_;        // by stream: records the model knows
  std::map<std::string, Us> newest_stamp_;          // by stream: of its last commit with a command
  std::set<std::string> expected_letters_;
  std::vector<std::uint64_t> closing_;              // connections the server has closed
  Us now_ = 0;
  std::size_t step_ = 0;
  std::uint64_t last_connection_ = 0, disk_changes_ = 0, elsewhere_ = 0;
  bool read_only_ = false;
  bool settling_ = false;
  Seen seen_;
  std::deque<std::string> trace_;
};

}  // namespace kvali::simulation
