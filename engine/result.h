#pragma once
// The two quiet roads out of a function: an answer, or an error that says what failed and where. g++ 12 has no
// std::expected, so this one header names the stand-in; a bug takes the third road, KVALI_CHECK.
//
// A refusal ("the rules say no") is neither: it is a value of the part that decides.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace kvali {

/// Why the world, or a text from outside, could not serve: one whole sentence, context added on the way up.
struct Error {
  std::string message;

  /// The same error with what was being done in front: "reading /data/keys: permission denied".
  [[nodiscard]] Error within(const std::string& what) const { return Error{what + ": " + message}; }
};

template <class T>
using Result = tl::expected<T, Error>;

/// Makes the failing side of a Result.
inline tl::unexpected<Error> fail(std::string message) { return tl::unexpected<Error>(Error{std::move(message)}); }
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

namespace detail {
[[noreturn]] inline void bug(const char* what, const char* file, int line) {
  std::fprintf(stderr, "kvali: bug: %s (%s:%d)\n", what, file, line);
  std::abort();
}
}  // namespace detail

}  // namespace kvali

/// Holds in release too: a broken invariant stops the process before it can write a lie. Never for outside input.
#define KVALI_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::kvali::detail::bug(#condition, __FILE__, __LINE__))
