#include "engine/program/suggest.h"

#include <algorithm>

namespace kvali::program {

namespace {

// Longer words are no slips of the pen, and the table below grows with the square.
constexpr std::size_t compared_bytes = 128;

std::string plain(std::string_view word) {
  std::string out(word.substr(0, compared_bytes));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ' || c == '-') c = '_';
  }
  return out;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table: a swap of neighbours looks two rows back.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string given = plain(word);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, given.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::string compared = plain(candidate);
    const std::size_t difference =
        compared.size() > given.size() ? compared.size() - given.size() : given.size() - compared.size();
    if (difference >= best_distance) continue;
    const std::size_t distance = edit_distance(given, compared);
    if (distance < best_distance && distance < compared.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  if (!best.empty() || given.size() < 4) return best;
  // Whoever wrote the beginning of a name, or went on after its end, meant it too.
  for (const std::string& candidate : candidates) {
    const std::string compared = plain(candidate);
    if (compared.size() >= 4 && (compared.starts_with(given) || given.starts_with(compared))) return candidate;
  }
  return best;
}

}  // namespace kvali::program
