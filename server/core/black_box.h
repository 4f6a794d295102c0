#pragma once
// A page shared with the file system that says which command is being decided. A process that dies of a fault of its own
// (abort, segmentation fault) marks it, so that the next start knows what not to try again; one that is killed from outside
// does not, since its command did nothing. It installs handlers for those signals. One black box for each thread that decides: the
// fault of one says nothing against what another was doing.
#include <memory>
#include <string>
#include <vector>

#include "server/core/core.h"

namespace kvali::core {

class FileBlackBox final : public BlackBox {
 public:
  /// Opens or makes the page at `path`. `interrupted()` is the command over which the last process died of its own fault, or empty.
  [[nodiscard]] static Result<std::unique_ptr<FileBlackBox>> open(const std::string& path);
  ~FileBlackBox() override;
  FileBlackBox(const FileBlackBox&) = delete;
  FileBlackBox& operator=(const FileBlackBox&) = delete;

  void deciding(const std::string& stream, const std::string& command_id) override;
  void decided() override;
  [[nodiscard]] const std::string& interrupted() const { return interrupted_; }

 private:
  FileBlackBox(char* page, std::string interrupted) : page_(page), interrupted_(std::move(interrupted)) {}
  char* page_;
  std::string interrupted_;
  std::vector<char> stack_ = std::vector<char>(64 * 1024);  // of the handlers, on the thread that decides
};

}  // namespace kvali::core
