#pragma once
// A fuzz target is one function over bytes. libFuzzer calls it millions of times, the replayer once for every input of
// the committed corpus; a promise that is broken ends the process with the promise and the expression at which it
// broke.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace kvali::fuzz {

inline void promise(bool kept, const char* what, const std::string& where) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n%s\n", what, where.c_str());
  std::abort();
}

}  // namespace kvali::fuzz
