#include "server/journal/instance_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace kvali::journal {

Result<InstanceLock> InstanceLock::take(const std::string& path) {
  InstanceLock lock;
  lock.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.descriptor_ < 0) return fail(fmt::format("opening {}: {}", path, std::strerror(errno)));
  // flock belongs to the open file, not to the process: it also keeps two journals of one process apart.
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(fmt::format("locking {}: {}", path, std::strerror(errno)));
    std::array<char, 32> holder{};
    const ssize_t size = ::pread(lock.descriptor_, holder.data(), holder.size() - 1, 0);
    const std::string pid(holder.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return fail(fmt::format("{} is held by process {}; stop that one first", path,
                            pid.empty() ? "unknown" : pid.substr(0, pid.find('\n'))));
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock.descriptor_, 0) != 0 || ::pwrite(lock.descriptor_, pid.data(), pid.size(), 0) < 0) {
    return fail(fmt::format("writing {}: {}", path, std::strerror(errno)));
  }
  return lock;
}

InstanceLock::~InstanceLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kvali::journal
