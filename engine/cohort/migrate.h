#pragma once
// Running work goes over to another version of its program. What a dry run says and what the batches do is one function
// (`fate_of`), so that what was promised is what happens.
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/cohort/advance.h"
#include "engine/program/migrate/crossing.h"
#include "kvali/v1/command.pb.h"

namespace kvali::cohort {

/// It goes over: the record that says so, and what the dry run tells of it beside.
struct GoesOver {
  v1::Migrated record;
  std::vector<Freed> freed;            // places that it gives back
  std::vector<std::string> trace;      // a shortest way to where it will stand, in the new version
  std::vector<v1::Text> notes;         // deadlines that move, tasks that are set aside
};

/// It stays until a manager says where it goes.
struct Waits {
  std::string why;                                         // key of the sentence
  std::vector<std::pair<std::string, std::string>> words;  // filled in
  std::vector<std::string> trace;                          // a shortest way to where it stands, in its own version
};

/// The plan leaves it out, or it runs under that version already.
struct LeftOut {};

using Fate = std::variant<GoesOver, Waits, LeftOut>;

/// The sentence of `waits`, in every language kvali speaks.
v1::Text sentence_of(const Waits& waits);

/// A plan between the versions of one cohort, checked.
class Plan {
 public:
  /// Reads and checks `command` for `cohort`: refuses a plan that cannot be read, does not fit the two versions, or leads some
  /// configuration that the old version can come to where the new one never is; every fault at once.
  static std::variant<std::shared_ptr<const Plan>, Refusal> make(const Cohort& cohort, const Library& library, const v1::StartMigration& command);
  /// The plan of the cohort's migration, which was checked when it was started.
  static std::shared_ptr<const Plan> of(const Cohort& cohort, const Library& library);

  [[nodiscard]] const v1::MigrationPlan& plan() const { return plan_; }
  [[nodiscard]] const std::shared_ptr<const Model>& target() const { return target_; }
  /// What `model` goes over to: the target's model of the same kind of subject; null where it has none.
  [[nodiscard]] std::shared_ptr<const Model> target_of(const Model& model) const { return of_kind(target_, model.kind()); }
  /// The way over from `model`; null where none leads.
  [[nodiscard]] const program::Crossing* crossing(const Model& model) const;
  /// `only`, as a guard of that version; null: all go over, as subjects of other kinds do.
  [[nodiscard]] const expression::Expression* only(const Model& model) const;

 private:
  void add(std::shared_ptr<const Model> version, const program::Positions& positions, std::vector<program::Fault>& faults);
  struct From {
    std::shared_ptr<const Model> model;  // keeps the chart alive
    std::unique_ptr<program::Crossing> crossing;
    std::unique_ptr<expression::Expression> only;
  };
  v1::MigrationPlan plan_;
  std::shared_ptr<const Model> target_;
  std::map<std::pair<std::string, std::string>, From> from_;  // by version and kind of subject
};

/// What becomes of the initiative at `slot`. `to`: states of the new version where a manager puts it; empty: as the plan says.
Fate fate_of(Sketch& sketch, const Plan& plan, Slot slot, const std::vector<statechart::StateId>& to = {});

/// One initiative of a dry run, or of a migration that was started.
struct MigrationLine {
  enum class Verdict : std::uint8_t { Moves, Parked, LeftOut, ToCome };
  Slot slot = 0;
  Verdict verdict = Verdict::LeftOut;
  std::vector<std::string> from, to;  // atomic states by path; `from` of one that has gone over is not known any more
  v1::Text why;                       // of what is parked
  std::vector<std::string> trace;
  std::vector<v1::Text> notes;
};

struct MigrationPreview {
  std::string version;  // of the program it leads to
  std::vector<MigrationLine> lines;  // by slot
  std::vector<std::uint32_t> seen;   // by slot: how often the initiative was touched
};

/// What StartMigration would do now, in `cohort` at `now`; or why it cannot be started.
std::variant<MigrationPreview, Refusal> preview_migration(const Cohort& cohort, const World& world, const v1::StartMigration& command, Instant now,
                                                          Bench& bench);
/// What became of the cohort's last migration; empty where there was none.
MigrationPreview migration_so_far(const Cohort& cohort);

}  // namespace kvali::cohort
