#include "server/main/proto_files.h"

#include <google/protobuf/descriptor.h>

#include <set>

#include "kvali/v1/frame.pb.h"
#include "kvali/v1/record.pb.h"

namespace kvali::server {
namespace {

using google::protobuf::FileDescriptor;

/// The file, after all that it imports of ours; each once.
void add(const FileDescriptor& file, std::set<const FileDescriptor*>& told, std::string& text) {
  if (!file.name().starts_with("kvali/v1/") || !told.insert(&file).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) add(*file.dependency(i), told, text);
  text += "// " + file.name() + "\n" + file.DebugString() + "\n";
}

}  // namespace

std::string proto_files() {
  std::string text;
  std::set<const FileDescriptor*> told;
  for (const auto* file : {v1::ServerFrame::descriptor()->file(), v1::Record::descriptor()->file()}) add(*file, told, text);
  return text;
}

}  // namespace kvali::server
