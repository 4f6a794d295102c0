#pragma once
// The difference of two versions of a program in words, sorted by what it means for initiatives that are under way.
#include <string>
#include <string_view>
#include <vector>

#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// What a change asks for, from the least to the most.
enum class Meaning {
  Nothing,
  Texts,      // labels and sentences: compatible
  Settings,   // periods, weights, numbers of places, letters: a season sets them, or they hold for what begins from now on
  Structure,  // states, moves, fields, roles, guards: running initiatives need a migration
};

struct Change {
  std::string path;      // in the YAML, as in Positions: "stages.application.states.screening.deadline.within"
  Meaning meaning = Meaning::Structure;
  std::string sentence;  // "“Being checked” now lasts 21 days instead of 14."
  std::string running;   // of Structure: what it means for running initiatives
};

struct Difference {
  Meaning verdict = Meaning::Nothing;  // the most of all changes
  std::vector<Change> changes;         // Structure first, each in the order of the program
};

/// Every value in which `now` differs from `was`, in `language` (English where kvali has no sentences). Driven by reflection, so
/// a new field of the language is told without new code here, if only by its key. Pure.
Difference difference(const v1::Program& was, const v1::Program& now, const std::string& language);

/// "identical", "texts", "settings", "structure".
std::string_view to_string(Meaning meaning);
/// The verdict as a sentence, then the changes below a heading for each meaning, as Markdown.
std::string to_text(const Difference& difference, const std::string& language);

}  // namespace kvali::program
