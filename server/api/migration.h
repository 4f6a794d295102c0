#pragma once
// What a manager is told of a migration: a dry run of one that she has in mind, or what became of the last.
#include <string>

#include "engine/cohort/migrate.h"
#include "kvali/v1/frame.pb.h"
#include "server/core/core.h"

namespace kvali::api {

/// The dry run that was looked at last: its further pages are of the same, as long as the cohort has not changed.
struct LastPreview {
  std::string of;  // which, and of which moment
  cohort::MigrationPreview preview;
};

/// Who asks, in which language and how much at once. What it points to outlives the call.
struct MigrationReader {
  core::Core& core;
  const cohort::Cohort& cohort;
  const std::string& locale;
  std::int64_t now_us;
  std::uint32_t limit;  // lines of one page
  LastPreview& last;
  const std::string& person;
};

/// Answers `query`, whose body is a MigrationQuery, from `page` on: the place of an initiative among all, in figures. A plan that
/// cannot be carried out is an answer too, with its faults. Whoever calls has seen that the reader manages the cohort.
v1::Answer answer_migration(const MigrationReader& reader, const v1::Query& query);

}  // namespace kvali::api
