#pragma once
// What the process holds of memory that operator new gave out, counted where it is given and taken back.
#include <cstddef>

namespace kvali::bench {

std::size_t bytes_held();

}  // namespace kvali::bench
