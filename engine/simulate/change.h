#pragma once
// "What if": one thing of a setting made otherwise, as it is written on a command line.
#include <string>

#include "engine/simulate/scene.h"

namespace kvali::simulate {

/// Changes `setting` as `text` says:
///   cohort.NAME=VALUE              a parameter; nothing after the sign leaves it out. Dates as 2017-01-11, yes or no, amounts as "100.00 EUR"
///   quota.NAME=PLACES              the places of a quota, of each locality and the like
///   quota.NAME.LOCALITY=PLACES     of one of them alone
///   initiatives=NUMBER             how many arrive
/// An error says what was found and what was expected.
Result<void> change(Setting& setting, const std::string& text);

/// A cohort of `model`'s program to be simulated where nobody says more: its dates a month and a half apart, in the order in
/// which the program names them; as many localities as it asks for. `notes` gets what was assumed, in sentences.
v1::OpenCohort usual_opening(const cohort::Model& model, const calendar::Zone& zone, std::vector<std::string>& notes);

}  // namespace kvali::simulate
