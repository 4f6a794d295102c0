#pragma once
// The chance of a simulation: numbers that follow from a seed alone, the same on every machine, library and compiler. Nothing
// of it is floating point, so that nothing rounds differently elsewhere.
//
// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), the mix of SplitMix64.
#include <cstdint>

namespace kvali::simulate {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  /// A stream of its own for one of many: cohorts of a run, initiatives of a cohort. What one draws never shifts another, so
  /// that two runs that differ in one parameter differ by it and not by luck.
  static Random of(std::uint64_t seed, std::uint64_t cohort, std::uint64_t one) {
    return Random(mix(mix(seed + golden) ^ mix(cohort * golden + 1)) ^ mix(one * golden + 2));
  }

  std::uint64_t next() { return mix(state_ += golden); }
  /// 0 … below-1, for `below` up to 2^32; 0 for 0.
  std::uint64_t under(std::uint64_t below) { return ((next() >> 32) * below) >> 32; }
  bool chance(std::uint64_t parts, std::uint64_t of) { return under(of) < parts; }

 private:
  static constexpr std::uint64_t golden = 0x9E3779B97F4A7C15u;
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace kvali::simulate
