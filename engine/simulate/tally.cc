#include "engine/simulate/tally.h"

#include <algorithm>
#include <bit>

namespace kvali::simulate {
namespace {

constexpr std::uint64_t fine = 64;  // classes to a doubling

std::size_t class_of(std::uint64_t value) {
  if (value < fine) return value;
  const auto shift = static_cast<std::uint64_t>(std::bit_width(value)) - 7;  // leaves the top seven bits: 64 … 127
  return fine + shift * fine + ((value >> shift) - fine);
}

/// The middle of a class.
std::uint64_t value_of(std::size_t index) {
  if (index < fine) return index;
  const std::uint64_t shift = (index - fine) / fine, top = (index - fine) % fine + fine;
  return (top << shift) + ((std::uint64_t{1} << shift) >> 1);
}

}  // namespace

void Tally::add(std::uint64_t value, std::uint64_t times) {
  if (times == 0) return;
  const std::size_t index = class_of(value);
  if (index >= classes_.size()) classes_.resize(index + 1);
  classes_[index] += times;
  count_ += times;
  sum_ += value * times;
  smallest_ = std::min(smallest_, value);
  largest_ = std::max(largest_, value);
}

void Tally::add(const Tally& other) {
  if (other.classes_.size() > classes_.size()) classes_.resize(other.classes_.size());
  for (std::size_t i = 0; i < other.classes_.size(); ++i) classes_[i] += other.classes_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  smallest_ = std::min(smallest_, other.smallest_);
  largest_ = std::max(largest_, other.largest_);
}

std::uint64_t Tally::quantile(std::uint64_t parts, std::uint64_t of) const {
  if (count_ == 0) return 0;
  const std::uint64_t wanted = std::max<std::uint64_t>(1, (count_ * parts + of - 1) / of);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    seen += classes_[i];
    if (seen >= wanted) return std::clamp(value_of(i), smallest_, largest_);
  }
  return largest_;
}

}  // namespace kvali::simulate
