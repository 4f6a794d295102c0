#pragma once
// The reviews of a state: its own, which guards call `review`, and those that have a name.
#include <string>
#include <vector>

#include "engine/program/names.h"

namespace kvali::program {

struct ReviewAt {
  const v1::Review* review = nullptr;
  std::string name;       // guards read NAME.score
  std::string yaml_path;  // "stages.application.states.assessment.reviews.panel"
};

/// Of one state, which may be null; in the order of the program.
std::vector<ReviewAt> reviews_of(const Spot& spot);
/// Of the whole program.
std::vector<ReviewAt> reviews_of(const Names& names);

/// A figure such as "3.5" or "-2"; false where it is none.
bool read_figure(const std::string& text, double& figure);

}  // namespace kvali::program
