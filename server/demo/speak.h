#pragma once
// YAML in the short form of a demonstration's files → a protobuf message, by reflection alone, so that a new command needs
// nothing here. What is short: a mapping for a list of pairs (key → first field, value → second), a date for
// kvali.v1.Date, a plain value for kvali.v1.Value, a local time for a field that ends in _us, a key for an id.
#include <google/protobuf/message.h>
#include <yaml-cpp/yaml.h>

#include <functional>
#include <string>

#include "engine/calendar/calendar.h"

namespace kvali::demo {

/// What a file's words are read with.
struct Tongue {
  const calendar::Zone& zone;  // of local times
  /// The id that a key of the file stands for; an error names a key that nothing has made.
  std::function<Result<std::string>(const std::string& key)> id_of;
};

/// Adds what `node` says to `message`. Errors name the line, what was found and what was expected.
Result<void> speak(const YAML::Node& node, const Tongue& tongue, google::protobuf::Message& message);

/// "2016-12-15 14:20" on a wall in the zone → the instant.
Result<calendar::Instant> local_time(const std::string& text, const calendar::Zone& zone);

/// "line 12: " of a node.
std::string place_of(const YAML::Node& node);

}  // namespace kvali::demo
