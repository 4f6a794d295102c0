#pragma once
// Finds positions in a list by a text of what stands there, without keeping the texts: whoever asks says whether the position
// found is the one meant. One short row of memory, so that a look-up among many costs little more than among few.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace kvali::cohort {

class TextIndex {
 public:
  [[nodiscard]] std::size_t size() const { return count_; }

  /// The position of `text` for which `is_meant(position)` holds, or nothing.
  template <class IsMeant>
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text, IsMeant is_meant) const {
    if (const Cell* cell = cell_of(hash_of(text), is_meant)) return cell->position;
    return std::nullopt;
  }
  /// To be called once for each text.
  void add(std::string_view text, std::uint32_t position) {
    if (2 * (count_ + 1) > cells_.size()) grow();
    place({hash_of(text), position});
    ++count_;
  }
  template <class IsMeant>
  void remove(std::string_view text, IsMeant is_meant) {
    const Cell* found = cell_of(hash_of(text), is_meant);
    if (!found) return;
    --count_;
    // What stands behind in the same run moves up, so that no run is torn.
    std::size_t hole = static_cast<std::size_t>(found - cells_.data());
    for (std::size_t at = next(hole); cells_[at].hash != 0; at = next(at)) {
      const std::size_t home = cells_[at].hash & mask();
      if (((at - home) & mask()) < ((at - hole) & mask())) continue;
      cells_[hole] = cells_[at];
      hole = at;
    }
    cells_[hole] = {};
  }

 private:
  struct Cell {
    std::uint32_t hash = 0;  // 0: free
    std::uint32_t position = 0;
  };
  static std::uint32_t hash_of(std::string_view text) {
    constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15u;
    std::uint64_t hash = text.size();
    while (!text.empty()) {
      std::uint64_t eight = 0;
      const std::size_t bytes = std::min(text.size(), sizeof eight);
      std::memcpy(&eight, text.data(), bytes);
      text.remove_prefix(bytes);
      hash = (hash ^ eight) * odd;
      hash ^= hash >> 32;
    }
    return static_cast<std::uint32_t>(hash) | 0x8000'0000u;
  }
  [[nodiscard]] std::size_t mask() const { return cells_.size() - 1; }
  [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & mask(); }
  template <class IsMeant>
  [[nodiscard]] const Cell* cell_of(std::uint32_t hash, IsMeant is_meant) const {
    if (count_ == 0) return nullptr;
    for (std::size_t at = hash & mask(); cells_[at].hash != 0; at = next(at))
      if (cells_[at].hash == hash && is_meant(cells_[at].position)) return &cells_[at];
    return nullptr;
  }
  void place(Cell cell) {
    std::size_t at = cell.hash & mask();
    while (cells_[at].hash != 0) at = next(at);
    cells_[at] = cell;
  }
  void grow() {
    std::vector<Cell> old(cells_.empty() ? 16 : 2 * cells_.size());
    old.swap(cells_);
    for (const Cell& cell : old)
      if (cell.hash != 0) place(cell);
  }

  std::vector<Cell> cells_;  // as many as a power of two, at most half of them taken
  std::size_t count_ = 0;
};

}  // namespace kvali::cohort
