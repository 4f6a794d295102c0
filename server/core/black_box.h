#pragma once
// A page shared with the file system that says which command is being decided. It survives the abort of the process (not
// the power cut, which aborts nothing), so that the next start knows what not to try again.
#include <memory>
#include <string>

#include "server/core/core.h"

namespace kvali::core {

class FileBlackBox final : public BlackBox {
 public:
  /// Opens or makes the page at `path`. `interrupted()` is what was being decided when the last process died, or empty.
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
};

}  // namespace kvali::core
