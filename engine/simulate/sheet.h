#pragma once
// Findings as rows of figures, by section: what the text prints and the pictures draw. Sums become means of one cohort here.
#include <optional>
#include <string>
#include <vector>

#include "engine/cohort/model.h"
#include "engine/simulate/findings.h"

namespace kvali::simulate {

/// A number to a tenth, and what it counts.
struct Figure {
  enum class Unit : std::uint8_t { Count, Percent, Days };
  std::uint64_t tenths = 0;
  Unit unit = Unit::Count;
  bool operator==(const Figure&) const = default;
};
/// "12", "12.4", "51 %", "9.6 d"; a count shows its tenth where there is one.
std::string to_string(const Figure& figure);

struct SheetRow {
  std::string label;
  std::vector<Figure> figures;  // one for each head of the section
};

struct SheetSection {
  std::string title;
  std::vector<std::string> heads;
  std::vector<SheetRow> rows;
  std::optional<std::size_t> bar;  // the figure that is also drawn as a bar
};

/// A line over the weeks.
struct Course {
  std::string label;
  std::vector<std::uint64_t> tenths;  // by week since the opening, of one cohort
};

struct Sheet {
  std::string title;                        // of the program
  std::vector<std::string> summary;         // sentences
  std::vector<SheetSection> sections;       // stages, ends, times, tasks, places, people, refusals
  std::vector<Course> places, people;
  calendar::Instant begins = 0;
  std::vector<std::string> notes;
};

/// In the program's first language.
Sheet sheet_of(const Findings& findings, const cohort::Model& model);

/// What a state is called: its label, with what it lies in where the label alone is not enough.
std::string name_of(const cohort::Model& model, const statechart::Chart& chart, std::uint32_t state);

}  // namespace kvali::simulate
