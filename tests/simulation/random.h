#pragma once
// Chance with a seed: the same numbers on every machine and with every library, so that a seed that failed fails again.
#include <cstdint>
#include <string>
#include <vector>

namespace kvali::simulation {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// SplitMix64 (Steele, Lea, Flood 2014).
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1)); }
  /// True in `percent` of a hundred cases.
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  const T& of(const std::vector<T>& all) { return all[below(all.size())]; }
  template <class T>
  T& of(std::vector<T>& all) { return all[below(all.size())]; }
  std::string words(std::size_t characters) {
    std::string text;
    while (text.size() < characters) text += static_cast<char>(below(6) == 0 ? ' ' : 'a' + static_cast<char>(below(26)));
    return text;
  }

 private:
  std::uint64_t state_;
};

}  // namespace kvali::simulation
