#pragma once
// Plays a folder of workflows/ through the core as ordinary commands: its people are registered, its program is published,
// its cohort opened, and everything that history.yaml tells happens again on the rehearsal clock. What the files may say
// stands at their heads. Nothing is written behind the engine's back, so a demonstration is as true as any other cohort.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/result.h"
#include "server/core/core.h"

namespace kvali::demo {

struct Options {
  std::int64_t now_us = 0;  // the world's instant when it begins, µs UTC; it goes on by a millisecond with every command
  std::uint64_t seed = 1;   // of the commands' ids: the same seed and instant give the same ids
  std::optional<std::string> until;  // local time, "2017-01-09 10:00": steps after it are left out
  /// The zone's transition table, as the core is given it.
  std::function<Result<calendar::Zone>(const std::string& name)> zone;
  /// Runs what was posted to the core's thread, waiting for it where nothing is there yet. Called only while an answer is
  /// outstanding.
  std::function<void()> drain;
};

/// What came of it: the ids behind the files' keys.
struct Played {
  std::string cohort;                // of the folder itself
  std::vector<std::string> cohorts;  // all of them, in the order in which they were played
  std::map<std::string, std::string> people;       // key → person
  std::map<std::string, std::string> initiatives;  // key → initiative
  std::map<std::string, std::string> others;       // what steps gave a `key`, and organisations by name → id
  std::int64_t now_us = 0;                         // the world's instant at the end
  std::size_t commands = 0;
};

/// Plays the folder (people.yaml, program.yaml with texts/, cohort.yaml, applications.yaml, history.yaml; the last two may be
/// absent), then each folder in it that has a cohort.yaml of its own, in order of their names: another cohort of the same program,
/// with people.yaml and the others beside it. Every answer is checked: the error names file, line and column of the step that was refused and should not have
/// been, or the other way round, with the refusal's sentences. In a house without people the first of people.yaml runs it.
[[nodiscard]] Result<Played> play(core::Core& core, const std::filesystem::path& folder, const Options& options);

/// Ids of commands from a seed: made at the instant given, different every time, the same for the same seed.
class Keys {
 public:
  explicit Keys(std::uint64_t seed) : state_(seed) {}
  std::string next(std::int64_t now_us);

 private:
  std::uint64_t random();
  std::uint64_t state_;
};

}  // namespace kvali::demo
