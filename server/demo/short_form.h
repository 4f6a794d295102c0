#pragma once
// Commands as people write them in YAML: the proto's own names, with the shorthands that the heads of the demonstration's
// files describe. A date stands for kvali.v1.Date, a local time for a field that ends in _us, a mapping for a list of pairs,
// a plain value for a kvali.v1.Value, `@KEY` for one that is an id, and a key for an id.
#include <google/protobuf/message.h>
#include <yaml-cpp/yaml.h>

#include <functional>
#include <string>

#include "engine/calendar/calendar.h"
#include "engine/result.h"

namespace kvali::demo {

/// What a shorthand needs to know: the zone of local times, and the id behind a key (an error says that there is none).
struct Shorthand {
  const calendar::Zone& zone;
  std::function<Result<std::string>(const std::string& key)> id_of;
};

/// Fills `message` from the mapping `node`. An error names the line and the column, what was found and what was expected;
/// `file` is how the file is called in it.
[[nodiscard]] Result<void> fill(google::protobuf::Message& message, const YAML::Node& node, const Shorthand& shorthand,
                                const std::string& file);

/// "2016-11-14 09:05" in `zone`, µs UTC.
[[nodiscard]] Result<std::int64_t> local_time(const std::string& text, const calendar::Zone& zone);

/// "history.yaml:12:5".
std::string place_of(const std::string& file, const YAML::Node& node);

}  // namespace kvali::demo
