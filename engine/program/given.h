#pragma once
// Values that are given to a program from outside, when it is played by hand: whether they are what its fields are.
#include <string>

#include "engine/expression/expression.h"
#include "engine/result.h"

namespace kvali::program {

/// Whether `value` may stand for `path` ("cohort", "initiative", "mentors"): every field of it is declared, and of its type; one
/// that is null is empty and fits. Else a sentence: which, what was found, what is expected.
Result<void> fits(const expression::Declarations& names, const std::string& path, const expression::Value& value);

}  // namespace kvali::program
