// Guards, dates and ranks.
#include <fmt/format.h>

#include "engine/program/check.h"

namespace kvali::program {

void check_expressions(const Checking& checking) { static_cast<void>(checking); }

}  // namespace kvali::program
