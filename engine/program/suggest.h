#pragma once
// "Did you mean": the nearest of the names that would have been right.
#include <string>
#include <string_view>
#include <vector>

namespace kvali::program {

/// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`, in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` (upper and lower case, spaces and underscores being one), or "" when none is near: at
/// most a third of its length away, and at least one edit allowed; else one that begins the other. Of equals, the first.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace kvali::program
