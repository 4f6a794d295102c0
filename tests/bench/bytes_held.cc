// A source of its own, so that no compiler looks through these into what calls them.
#include "tests/bench/bytes_held.h"

#include <cstdlib>
#include <new>

namespace {

// Each block remembers its size in front of it.
std::size_t held = 0;
constexpr std::size_t front_bytes = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) {
  auto* block = static_cast<std::size_t*>(std::malloc(size + front_bytes));
  if (block == nullptr) throw std::bad_alloc();
  *block = size;
  held += size;
  return reinterpret_cast<char*>(block) + front_bytes;
}
void operator delete(void* given) noexcept {
  if (given == nullptr) return;
  auto* block = reinterpret_cast<std::size_t*>(static_cast<char*>(given) - front_bytes);
  held -= *block;
  std::free(block);
}
void operator delete(void* given, std::size_t) noexcept { operator delete(given); }

namespace kvali::bench {

std::size_t bytes_held() { return held; }

}  // namespace kvali::bench
