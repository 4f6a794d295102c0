#pragma once
// A whole house in one process for tests: a core on a journal and a vault in memory, one thread, a list of what was posted.
// A Season is such a house with a demonstration played in it, that of 2017 where no other is named, and the words to go on with its story.
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/core/core.h"
#include "server/demo/demo.h"
#include "server/journal/memory.h"

namespace kvali::demo::testing {

/// The instant at which the tests' world begins: 2024-03-01T08:00Z.
inline constexpr std::int64_t world_begins_us = 1'709'280'000'000'000;

std::filesystem::path workflow(const std::string& name);

class World {
 public:
  explicit World(std::uint64_t seed = 1);

  [[nodiscard]] core::Core& core() { return *core_; }
  [[nodiscard]] const core::Core& core() const { return *core_; }
  /// The process ends and begins again: what is durable is folded anew.
  void restart();
  /// Runs what was posted; with an answer outstanding and nothing posted a test would wait for ever, so that throws.
  void drain();
  /// Runs what was posted, if anything was.
  void run();
  /// What `command` is answered, asked by `actor` now; the world's instant goes on by a millisecond.
  core::Reply ask(v1::Command command, const std::string& actor);
  [[nodiscard]] Options demo_options();

  journal::MemoryJournal journal;
  std::unique_ptr<vault::Vault> vault;
  std::int64_t now_us = world_begins_us;
  // From the next restart on:
  std::uint64_t snapshot_records = limits::snapshot_records;
  std::function<void(std::function<void()>)> beside = {};
  program::proof::Bounds proof = {};

 private:
  std::deque<std::function<void()>> posted_;
  Keys keys_{99};
  std::unique_ptr<core::Core> core_;  // last: it uses what stands above
};

/// What a fold of the journal from record 1 makes of everything, as text; beside it what the core has.
std::string folded(const journal::Journal& journal);
std::string live(const core::Core& core);
std::string described(const core::Store& store);

class Season {
 public:
  /// Plays the season up to `until`, local time; whole when it is absent. `error` says why not.
  explicit Season(std::optional<std::string> until = {}, const std::string& name = "socifaction-2017");

  [[nodiscard]] const cohort::Cohort& cohort() const;
  [[nodiscard]] const cohort::Initiative& of(const std::string& initiative) const;
  /// The paths of its active states without children, joined by " + ".
  [[nodiscard]] std::string where(const std::string& initiative) const;
  [[nodiscard]] std::vector<std::string> in(const std::string& path) const;  // keys of who is in a state or below it
  [[nodiscard]] std::string person(const std::string& key) const;
  /// How often a message was told since the cohort was opened, to one person (by key) or to anybody (empty).
  [[nodiscard]] std::size_t told(const std::string& message, const std::string& person_key = {}) const;

  /// Moves the clock, through everything that is due; by manager-1.
  void at(const std::string& local_time);
  /// Asks a command written short, as in history.yaml: `{make_move: {move: accept}}`; for an initiative where one is named.
  core::Reply ask(const std::string& person_key, const std::string& command, const std::string& initiative = {});
  /// The same, and its code: "" when it was done.
  std::string code(const std::string& person_key, const std::string& command, const std::string& initiative = {});

  World world;
  Played played;
  std::string error;
};

/// A demonstration played whole, once for all tests of a process that only look at it.
const Season& whole(const std::string& name);

}  // namespace kvali::demo::testing
