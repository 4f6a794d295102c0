#include "server/core/black_box.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

namespace kvali::core {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t text_bytes = page_bytes - 1;

}  // namespace

Result<std::unique_ptr<FileBlackBox>> FileBlackBox::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(fmt::format("{}: {}", path, std::strerror(errno)));
  void* page = ::ftruncate(file, page_bytes) == 0 ? ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  const int error = errno;
  ::close(file);
  if (page == MAP_FAILED) return fail(fmt::format("{}: {}", path, std::strerror(error)));
  char* text = static_cast<char*>(page);
  // One command id a line; a page that says one is being decided was left by a process that died over it.
  const std::string left = text[0] == 1 ? std::string(text + 1, ::strnlen(text + 1, text_bytes - 1)) : std::string();
  text[0] = 0;
  return std::unique_ptr<FileBlackBox>(new FileBlackBox(text, left));
}

FileBlackBox::~FileBlackBox() { ::munmap(page_, page_bytes); }

void FileBlackBox::deciding(const std::string&, const std::string& command_id) {
  const std::size_t size = std::min(command_id.size(), text_bytes - 2);
  std::memcpy(page_ + 1, command_id.data(), size);
  page_[1 + size] = 0;
  std::atomic_signal_fence(std::memory_order_release);
  page_[0] = command_id.empty() ? 0 : 1;
}

void FileBlackBox::decided() { page_[0] = 0; }

}  // namespace kvali::core
