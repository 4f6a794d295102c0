#pragma once
// The way from one version of a program to another, by a plan: where every state, timer, field, task, role and quota of the old
// version is in the new one. Checked against both machines: each configuration that the old version can come to leads to
// one that is legal and that the new version can come to.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/program/source.h"
#include "engine/program/verify/explore.h"
#include "engine/statechart/chart.h"
#include "engine/statechart/configuration.h"
#include "kvali/v1/migration.pb.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// One version: what it says and what it runs as.
struct Version {
  const v1::Program& program;
  const statechart::Chart& chart;
};

/// Why a configuration is nowhere in the new version.
struct NowhereToGo {
  enum class Why : std::uint8_t {
    Gone,         // `state` has no counterpart and the plan does not name one
    Parked,       // the plan leaves `state` to a person
    Ends,         // it would end there: no initiative ends by a migration
    NotTogether,  // no configuration has all the states it leads to
    Unreachable,  // the new version never comes to it
    Unknown,      // the search for what the new version can come to met its limit
  };
  Why why = Why::Gone;
  statechart::StateId state = 0;  // of the old version
  std::string sentence;           // of Parked: what the plan says
};

class Crossing {
 public:
  struct Reached;  // what one version can come to (reached.h)

  /// Resolves the names of `plan` in both versions and tells every one that means nothing; what it does not name maps to what
  /// has the same path or name. Both versions must outlive it.
  Crossing(const v1::MigrationPlan& plan, const Positions& positions, Version from, Version to, std::vector<Fault>& faults);

  /// Tells each configuration that the old version can come to and that leads nowhere, with a shortest way to it, except
  /// those that the plan parks. At most limits::definition_faults_max.
  void prove(const Positions& positions, std::vector<Fault>& faults);

  /// Where `old` is in the new version.
  [[nodiscard]] std::variant<statechart::Configuration, NowhereToGo> land(const statechart::Configuration& old) const;
  /// Whether the new version can be in `at`, or NowhereToGo::Unreachable or Unknown.
  [[nodiscard]] std::optional<NowhereToGo::Why> unreachable(const statechart::Configuration& at) const;

  /// The state of the new version that `old` is; nothing: it is gone, or parked.
  [[nodiscard]] std::optional<statechart::StateId> state(statechart::StateId old) const;
  /// The name in the new version; empty: it is dropped.
  [[nodiscard]] const std::string& field(const std::string& old) const;
  [[nodiscard]] const std::string& task(const std::string& old) const;
  [[nodiscard]] const std::string& role(const std::string& old) const;
  [[nodiscard]] const std::string& quota(const std::string& old) const;
  [[nodiscard]] const std::string& parameter(const std::string& old) const;
  /// What becomes of a timer of the new version; null: it keeps its day.
  [[nodiscard]] const v1::TimerMapped* timer(statechart::StateId state, std::string_view name) const;

  /// Configurations and steps that were tried to prove it, of the old version and the new.
  [[nodiscard]] std::pair<proof::Counts, proof::Counts> counts() const;
  /// A shortest way to a configuration, as what happens: "`submit` of `application.draft`". Empty where none is known;
  /// in the old version only after prove.
  [[nodiscard]] std::vector<std::string> way_in_old(const statechart::Configuration& at) const;
  [[nodiscard]] std::vector<std::string> way_in_new(const statechart::Configuration& at) const;

  [[nodiscard]] const Version& from() const { return from_; }
  [[nodiscard]] const Version& to() const { return to_; }

 private:
  using Changes = std::map<std::string, std::string>;
  void resolve_states(const v1::MigrationPlan& plan, const Positions& positions, std::vector<Fault>& faults);
  std::optional<statechart::Configuration> place(const statechart::Configuration& old) const;
  void carry_history(const statechart::Configuration& old, statechart::Configuration& made) const;

  Version from_, to_;
  std::vector<std::optional<statechart::StateId>> states_;  // by state of the old version
  std::map<statechart::StateId, std::string> parked_;       // state of the old version → what the plan says
  Changes fields_, tasks_, roles_, quotas_, parameters_;      // those that change
  std::map<std::string, v1::TimerMapped> timers_;           // by PATH.NAME
  std::shared_ptr<const Reached> new_;
  std::shared_ptr<const Reached> old_;  // once prove was asked
};

}  // namespace kvali::program
