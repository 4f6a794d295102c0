#pragma once
// The server in one thread, on a journal and a vault in memory: it is built, it stops at any point, it is built again from what
// was durable. Nothing runs by itself: the scheduler decides what is next.
#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "server/api/api.h"
#include "server/core/core.h"
#include "server/core/effects.h"
#include "server/journal/memory.h"
#include "tests/simulation/model.h"

namespace kvali::simulation {

/// The journal failed and the process has to stop: what `fatal` throws here.
struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The house on the first morning: people, the program, the cohort; made once and copied for each run.
struct Opening {
  static constexpr const char* cohort = "season-2017";
  std::shared_ptr<vault::Vault> vault;
  journal::MemoryJournal journal{journal::MemoryJournal::Mode::Pumped};
  Model model;
  std::vector<std::string> managers, reviewers, coordinators, mentors, applicants, localities;  // ids; localities that take part
  std::string donor;
  Us opened_at = 0;

  /// Plays workflows/socifaction-2017 up to the opened cohort, with people of its own.
  static Opening make();
};

/// Letters as they leave; it outlives the server.
struct Letters final : core::Mailer {
  std::vector<core::Message> sent;
  bool down = false;
  Result<void> send(const std::vector<core::Message>& messages) override {
    if (down) return fail("the post office is closed");
    sent.insert(sent.end(), messages.begin(), messages.end());
    return {};
  }
};

class House {
 public:
  House(journal::MemoryJournal& journal, vault::Vault& vault, api::Wire& wire, core::Listener& watcher, Letters& letters);

  /// Folds what is durable and listens. The house is not running.
  void start();
  /// Dies where it stands: what was posted or in flight is gone.
  void stop();
  bool run_posted();
  bool flush(Us now);
  [[nodiscard]] bool posted() const { return !posted_.empty(); }
  [[nodiscard]] bool woken() const { return woken_; }

  core::Core& core() { return *core_; }
  api::Api& api() { return *api_; }
  core::Effects& effects() { return *effects_; }
  access::Sessions& sessions() { return *sessions_; }
  const cohort::Cohort& cohort() { return core_->store().cohorts.at(Opening::cohort).state; }

 private:
  journal::MemoryJournal& journal_;
  vault::Vault& vault_;
  api::Wire& wire_;
  core::Listener& watcher_;
  Letters& letters_;
  std::deque<std::function<void()>> posted_;
  bool woken_ = false;
  std::unique_ptr<core::Core> core_;
  std::unique_ptr<access::Sessions> sessions_;
  std::unique_ptr<core::Effects> effects_;
  std::unique_ptr<api::Api> api_;
};

}  // namespace kvali::simulation
