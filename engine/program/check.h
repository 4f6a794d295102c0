#pragma once
// What must hold in a program beyond its grammar: names mean something, states are reached and left, nobody waits for ever,
// places are held, texts are complete. Everything that can be seen without trying out configurations.
#include <functional>
#include <set>
#include <string>

#include "engine/program/fields.h"
#include "engine/program/names.h"
#include "engine/program/source.h"
#include "engine/program/subjects.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// Tells every fault of a program that was read. The codes and sentences stand in the table of the tests. Pure.
void check_program(const v1::Program& program, const Positions& positions, Faults& faults);

/// What every check reads, and how it tells. Initiatives and each other kind of subject are checked one after the other, as
/// programs of their own.
struct Checking {
  const v1::Program& program;  // without its other kinds of subject, or the small program of one of them
  const v1::Program& whole;    // with all of them
  const Positions& positions;
  const Names& names;
  Faults& faults;

  void tell(std::string_view path, std::string code, std::string message, std::string suggestion = {}) const {
    faults.add(position_of(positions, path), std::move(code), std::move(message), std::move(suggestion));
  }
  /// Whether its author wrote something at `path`, even if it could not be read.
  [[nodiscard]] bool written(std::string_view path) const { return positions.contains(path); }
  /// Resolves without telling; 0 when it is nothing.
  [[nodiscard]] std::size_t find(std::size_t from, std::string_view target) const;
  [[nodiscard]] const v1::Role* role(std::string_view name) const;
  [[nodiscard]] const v1::Field* initiative_field(std::string_view name) const;
  [[nodiscard]] const v1::Field* parameter(std::string_view name) const;
  /// Calls `visit` as visit_values does, for what is the program's own: a subject shares roles, parameters and letters with the whole,
  /// which are looked at there.
  void visit_own(const Visit& visit) const;
  /// The letters that a move of the program sends.
  [[nodiscard]] std::set<std::string> letters_sent() const;
};

/// Calls `visit` for every move with the spot it is written at (0 for those of `anywhere`) and its path.
void each_move(const Checking& checking,
               const std::function<void(std::size_t spot, const v1::Move& move, const std::string& path)>& visit);

/// The deadline of a spot, or null.
const v1::Deadline* deadline_of(const Spot& spot);
const std::string& when_done_of(const Spot& spot);
bool is_end(const Spot& spot);
bool is_final(const Spot& spot);

/// What only tables and files have, and what stands in a row: of one field, at its path.
void check_form_field(const Checking& checking, const std::string& path, const v1::Field& field);
void check_sections(const Checking& checking);     // the parts of a form

// The parts, each in its own source.
void check_names(const Checking& checking);        // targets, roles, letters, fields, quotas, forms, what is named twice
void check_shape(const Checking& checking);        // what a stage, state, end, part may have
void check_waits(const Checking& checking);        // deadlines, reminders, who is waited for, who moves
void check_paths(const Checking& checking);        // reached, left, an end in sight
void check_fields(const Checking& checking);       // fields, forms, reports
void check_reviews(const Checking& checking);      // criteria, points, readers
void check_places(const Checking& checking);       // quotas and the checklist
void check_texts(const Checking& checking);        // placeholders, labels
void check_choosing(const Checking& checking);     // bodies, votes, agreements, standstills
void check_expressions(const Checking& checking);  // guards, dates, ranks
void check_mentoring(const Checking& checking);    // entries that stay open, minutes, what a role needs to know
void check_subjects(const Checking& checking);     // other kinds of subject, who may be given a role, who was there

}  // namespace kvali::program
