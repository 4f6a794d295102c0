#include "server/main/proto_files.h"

#include "kvali/v1/frame.pb.h"
#include "kvali/v1/record.pb.h"

namespace kvali::server {

std::string proto_files() {
  std::string text;
  for (const auto* file : {v1::ServerFrame::descriptor()->file(), v1::Row::descriptor()->file(), v1::Command::descriptor()->file(),
                           v1::Record::descriptor()->file(), v1::Machine::descriptor()->file(), v1::Program::descriptor()->file(),
                           v1::Value::descriptor()->file()})
    text += "// " + file->name() + "\n" + file->DebugString() + "\n";
  return text;
}

}  // namespace kvali::server
