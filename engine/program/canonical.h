#pragma once
// One text for one program: what a version is identified by. Whoever calls it computes the SHA-256 of the bytes.
#include <google/protobuf/message.h>

#include <string>

namespace kvali::program {

/// The proto JSON mapping of `message` without default values, in the form of RFC 8785: keys sorted, no blanks, one way to
/// write every string. For programs and core machines, which have neither floating-point numbers nor bytes.
std::string canonical(const google::protobuf::Message& message);

/// `text` as a JSON string with its quotes, escaped as RFC 8785 has it.
std::string json_string(std::string_view text);

}  // namespace kvali::program
