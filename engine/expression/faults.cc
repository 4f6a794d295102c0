#include "engine/expression/faults.h"

#include <algorithm>
#include <numeric>

#include "engine/expression/utf8.h"

namespace kvali::expression {

Position position_of(std::string_view source, std::size_t offset) {
  offset = std::min(offset, source.size());
  Position position;
  std::size_t line_begins = 0;
  for (std::size_t at = 0; at < offset; ++at) {
    const bool ends_line =
        source[at] == '\n' || (source[at] == '\r' && (at + 1 >= source.size() || source[at + 1] != '\n'));
    if (!ends_line) continue;
    ++position.line;
    line_begins = at + 1;
  }
  position.column = static_cast<int>(utf8::length(source.substr(line_begins, offset - line_begins))) + 1;
  return position;
}

void Faults::add(std::size_t offset, std::string message, FaultKind kind) {
  if (faults_.size() < limits::guard_faults_max) faults_.push_back({offset, std::move(message), kind});
}

std::vector<Fault> Faults::take() {
  std::stable_sort(faults_.begin(), faults_.end(), [](const Found& a, const Found& b) { return a.offset < b.offset; });
  std::vector<Fault> faults;
  for (Found& found : faults_) {
    const Position position = position_of(source_, found.offset);
    faults.push_back({position.line, position.column, std::move(found.message), found.kind});
  }
  faults_.clear();
  return faults;
}

namespace {

/// Letters to insert, delete, change or swap with their neighbour to make one of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last.back();
}

}  // namespace

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  if (name.size() > 64) return best;
  for (const std::string_view candidate : known) {
    if (candidate.size() > 64) continue;
    const std::size_t apart = distance(name, candidate);
    if (apart < best_distance) {
      best = candidate;
      best_distance = apart;
    }
  }
  return best;
}

}  // namespace kvali::expression
