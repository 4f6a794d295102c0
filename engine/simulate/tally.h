#pragma once
// How often which value was seen, in a memory that does not grow with how many there were: exact up to 63, then 64 classes to
// each doubling, so that what is read out is within 1.6 % of what was seen.
#include <cstdint>
#include <vector>

namespace kvali::simulate {

class Tally {
 public:
  void add(std::uint64_t value, std::uint64_t times = 1);
  void add(const Tally& other);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The smallest value that at least `parts` of a hundred do not exceed; 0 when nothing was seen.
  [[nodiscard]] std::uint64_t percentile(std::uint64_t parts) const { return quantile(parts, 100); }
  [[nodiscard]] std::uint64_t quantile(std::uint64_t parts, std::uint64_t of) const;
  /// The mean of what was seen, rounded down; exact.
  [[nodiscard]] std::uint64_t mean() const { return count_ == 0 ? 0 : sum_ / count_; }
  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  [[nodiscard]] std::uint64_t smallest() const { return count_ == 0 ? 0 : smallest_; }
  [[nodiscard]] std::uint64_t largest() const { return largest_; }
  bool operator==(const Tally&) const = default;

 private:
  std::vector<std::uint64_t> classes_;  // grows with the largest value, to some 2,500 for 20 years of seconds
  std::uint64_t count_ = 0, sum_ = 0, smallest_ = UINT64_MAX, largest_ = 0;
};

}  // namespace kvali::simulate
