#pragma once
// Between bytes and frames: protobuf in binary or in its JSON mapping (unknown fields ignored). Every outside byte meets its
// limit and a sentence here.
#include <memory>
#include <string>
#include <string_view>

#include "engine/cohort/refusal.h"
#include "engine/result.h"
#include "kvali/v1/frame.pb.h"
#include "server/api/api.h"

namespace kvali::api {

/// Reads a frame of a client. Errors say what is wrong with it, in words for its author.
Result<v1::ClientFrame> decode(std::string_view bytes, Encoding encoding);
std::shared_ptr<const std::string> encode(const v1::ServerFrame& frame, Encoding encoding);
/// A message as JSON in one line.
std::string to_json(const google::protobuf::Message& message);
Result<void> from_json(std::string_view json, google::protobuf::Message& message);
/// Whether a client put a sealed value into what it sent: only the server seals.
bool carries_seal(const google::protobuf::Message& message);
/// One thing that stands in the way, in the reader's language.
v1::Violation violation_of(const cohort::Unmet& unmet, const std::string& locale);

}  // namespace kvali::api
