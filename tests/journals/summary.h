#pragma once
// What a kept journal means, in a text that people can read and that changes only when the meaning does: who is where since
// when, with which places, tasks, fields and timers.
#include <string>

#include "server/core/store.h"

namespace kvali::journals {

std::string summary(const core::Store& store);

}  // namespace kvali::journals
