#pragma once
// Every value of a message changed once, by reflection: what a description has to show and a difference has to tell.
#include <google/protobuf/message.h>

#include <functional>
#include <string>

namespace kvali::program::testing {

enum class Values {
  Written,  // those that are set
  All,      // also those that are not, which are set
};

/// Calls `visit` with `message` while one value in it is changed, for each in turn, and the path that is told of it: of a text
/// the text, of a list of plain values the list, of a key the list it is a key in. Leaves `message` as it was.
void each_edit(google::protobuf::Message& message, Values which,
               const std::function<void(const std::string& path, const google::protobuf::FieldDescriptor& field)>& visit);

/// Sets every value and puts one element into every list, `depth` messages deep; keys and other strings are all different.
void fill(google::protobuf::Message& message, int depth);

}  // namespace kvali::program::testing
