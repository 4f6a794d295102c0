#pragma once
// A whole house in one process for tests: a core on a journal and a vault in memory, one thread, a list of what was posted.
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "server/cli/zones.h"
#include "server/core/core.h"
#include "server/demo/demo.h"
#include "server/journal/memory.h"

namespace kvali::demo::testing {

/// The instant at which the tests' world begins: 2024-03-01T08:00Z.
inline constexpr std::int64_t world_begins_us = 1'709'280'000'000'000;

inline std::filesystem::path workflow(const std::string& name) { return std::filesystem::path(KVALI_SOURCE_DIR) / "workflows" / name; }

class World {
 public:
  explicit World(std::uint64_t seed = 1)
      : vault(vault::Vault::in_memory(seed)),
        core({journal, *vault, [this](std::function<void()> run) { posted_.push_back(std::move(run)); },
              [](const std::string& sentence) { throw std::runtime_error(sentence); },
              [](const std::string& name) { return cli::load_zone(name); }}) {
    std::vector<std::string> notices;
    const auto started = core.start(notices);
    if (!started) throw std::runtime_error(started.error().message);
  }

  /// Runs what was posted; with an answer outstanding and nothing posted a test would wait for ever.
  void drain() {
    if (posted_.empty()) throw std::runtime_error("an answer is outstanding and nothing was posted");
    while (!posted_.empty()) {
      const std::function<void()> run = std::move(posted_.front());
      posted_.pop_front();
      run();
    }
  }

  /// What `command` is answered: asked by `actor` now; the world's instant goes on.
  core::Reply ask(v1::Command command, const std::string& actor) {
    now_us += 1000;
    if (command.id().empty()) command.set_id(keys_.next(now_us));
    std::optional<core::Reply> answered;
    core.submit({std::move(command), actor, now_us, false, [&](const core::Reply& reply) { answered = reply; }});
    while (!answered) drain();
    return *answered;
  }

  Options demo_options() {
    return {now_us, 7, {}, [](const std::string& name) { return cli::load_zone(name); }, [this] { drain(); }};
  }

  journal::MemoryJournal journal;
  std::unique_ptr<vault::Vault> vault;
  std::int64_t now_us = world_begins_us;

 private:
  std::deque<std::function<void()>> posted_;
  Keys keys_{99};

 public:
  core::Core core;  // after what it uses
};

}  // namespace kvali::demo::testing
