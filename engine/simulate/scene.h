#pragma once
// What stands before the first application arrives: a world with people in it, and a cohort that was opened, given its places
// and its people by the engine's own commands. Made once; every cohort that is played begins as a copy of it.
#include <memory>
#include <string>
#include <vector>

#include "engine/cohort/decide.h"
#include "engine/directory/directory.h"
#include "engine/simulate/habits.h"

namespace kvali::simulate {

/// What is to be played.
struct Setting {
  std::shared_ptr<const cohort::Model> model;
  v1::OpenCohort opening;             // program, parameters, localities, holidays, zone; clock_us: when it opens, µs UTC
  std::vector<v1::SetQuota> places;   // other than the program says
  Habits habits;
  std::uint32_t initiatives = 0;      // that arrive in each cohort
  std::uint32_t cohorts = 1;
  std::uint64_t seed = 0;
};

/// Who holds a role.
struct Cast {
  const v1::Role* role = nullptr;
  std::vector<std::string> people;  // of a locality's role: one for each locality, in their order; else all of them
};

struct Scene {
  std::shared_ptr<const cohort::Model> model;
  directory::Directory directory;
  cohort::Library library;
  cohort::Cohort opened;                       // every cohort begins as a copy
  std::string manager, organisation;
  std::vector<std::string> applicants;         // by number of their initiative
  std::vector<Cast> cast;                      // by role, in the order of the program
  std::vector<std::vector<std::size_t>> acting;  // by ArrowId: positions in cast of who may make the move, applicant apart
  std::vector<bool> applicants_move;           // by ArrowId
  std::vector<std::uint32_t> stage_of;         // by StateId
  std::vector<std::vector<bool>> busy;         // by role, then StateId of a stage: the role has something to do in it
  calendar::Instant begins = 0;
  calendar::Instant closes = 0;                // after it nobody begins
  std::vector<std::string> notes;              // what had to be assumed, in sentences

  [[nodiscard]] const Cast& role(const std::string& name) const;
};

/// Opens a cohort as `setting` says. An error names what the engine refused, with its sentence.
Result<Scene> set_scene(const Setting& setting);

/// A command of `actor` at `now`, carried out; what it made, or why not.
cohort::Verdict carry_out(cohort::Cohort& cohort, const Scene& scene, const v1::Asked& asked, cohort::Bench& bench);

}  // namespace kvali::simulate
