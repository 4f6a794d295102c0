#pragma once
// One process per journal: a lock that the system lets go of when its holder dies, in a file that says who holds it.
#include <string>
#include <utility>

#include "engine/result.h"

namespace kvali::journal {

class InstanceLock {
 public:
  InstanceLock() = default;
  /// Takes the lock, creating the file. An error names the holder: "PATH is held by process 4711".
  [[nodiscard]] static Result<InstanceLock> take(const std::string& path);

  InstanceLock(InstanceLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  InstanceLock& operator=(InstanceLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~InstanceLock();

 private:
  int descriptor_ = -1;
};

}  // namespace kvali::journal
