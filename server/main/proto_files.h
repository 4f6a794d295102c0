#pragma once
// What GET /v1/schema answers: the wire says its own shape.
#include <string>

namespace kvali::server {

/// The proto files of kvali.v1 as text, made again from their descriptors: what GET /v1/schema answers.
std::string proto_files();

}  // namespace kvali::server
