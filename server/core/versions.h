#pragma once
// Under which version of its program an initiative was when something happened to it: what its history names (states, moves,
// letters) is of that version and of no other.
#include <memory>
#include <string>
#include <vector>

#include "engine/cohort/state.h"

namespace kvali::core {

class Versions {
 public:
  /// Of the initiative at `slot`. Both must outlive it.
  Versions(const cohort::Cohort& cohort, const cohort::Library& library, cohort::Slot slot);

  /// The version that record `sequence` of the cohort was made under, or the one it led to; null where it is not known any more.
  [[nodiscard]] const cohort::Model* at(std::uint64_t sequence) const;

 private:
  struct Since {
    std::uint64_t sequence;  // of the record that led to it; 0: the first
    std::shared_ptr<const cohort::Model> model;
  };
  std::vector<Since> since_;  // newest first; the last is of the beginning
};

}  // namespace kvali::core
