#pragma once
// Findings as people and programs read them: text with small charts for a terminal, JSON, and pictures. Nothing depends on
// anything but the findings: the same findings, the same bytes.
//
// The JSON is stable: names are only ever added. All counts are sums over every cohort; divide by `cohorts`.
//   program, title, initiatives (of one cohort), cohorts, seed, begins (RFC 3339), days (median, until nothing more happened)
//   engine       macrosteps, starts, commits, records, letters, reminders
//   began, never_began [{why, count}], still_running, cut_off
//   stages       [{state, label, entered, still_there, left_for: [{to, label, count}]}]
//   ends         [{state, label, ends, count, p10, p90}]: p10, p90 of one cohort
//   states       [{state, label, task?, entered, median_s, p90_s, deadlines_missed, blocked}]: seconds; task: of that kind
//   tasks        [{kind, label, opened, finished}]
//   quotas       [{quota, label, places, at_most, at_most_by: {…}, held_at_end, passed_on, taken_by_week: […], waiting_by_week: […]}]
//   roles        [{role, label, people, acts, load_by_week: […], busiest_by_week: […]}]
//   refused      [{what, why, count}], notes […]
//   money        null: the language has none yet
// A comparison is {"with": [changes as they were asked for], "base": {…}, "changed": {…}}.
#include <string>
#include <vector>

#include "engine/cohort/model.h"
#include "engine/simulate/findings.h"

namespace kvali::simulate {

/// What was found; `changed`, when it is not null, beside it: the same with the changes `with`.
struct Report {
  const cohort::Model& model;
  const Findings& base;
  const Findings* changed = nullptr;
  std::vector<std::string> with = {};
};

/// At most 100 columns wide as long as labels allow; UTF-8, without colour.
std::string to_text(const Report& report);
std::string to_json(const Report& report);

struct Picture {
  std::string name;  // "stages.svg"
  std::string svg;   // readable on light and dark pages
};
/// stages.svg, times.svg, places.svg, people.svg.
std::vector<Picture> draw(const Report& report);

}  // namespace kvali::simulate
