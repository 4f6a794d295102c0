#pragma once
// Puts a core machine together, state by state in document order.
#include <string>
#include <string_view>
#include <vector>

#include "engine/program/source.h"
#include "kvali/v1/machine.pb.h"

namespace kvali::program {

/// Places of a program's file as the machine keeps them: relative to the program's folder.
class Places {
 public:
  explicit Places(const Positions& positions);
  /// The place of what stands at `yaml_path`, or of the nearest thing around it.
  [[nodiscard]] v1::Place at(std::string_view yaml_path) const;

 private:
  const Positions& positions_;
  std::size_t folder_bytes_ = 0;
};

using Index = google::protobuf::uint32;

class MachineBuilder {
 public:
  /// Begins with the root, a compound state.
  explicit MachineBuilder(std::string name);

  /// Adds a state below `parent`; the first child becomes its parent's initial one unless another is set.
  Index add_state(Index parent, const std::string& name, v1::Node::Kind kind, const v1::Place& place);
  v1::Node& state(Index index) { return *machine_.mutable_states(static_cast<int>(index)); }
  [[nodiscard]] const v1::Node& state(Index index) const { return machine_.states(static_cast<int>(index)); }
  [[nodiscard]] Index size() const { return static_cast<Index>(machine_.states_size()); }

  v1::Arrow& add_arrow(Index source, const v1::Place& place);
  v1::Timer& add_timer(Index state, const std::string& name, const std::string& event, const v1::Place& place);

  [[nodiscard]] std::vector<Index> children(Index parent) const;
  /// Whether `inner` is `outer` or stands in it.
  [[nodiscard]] bool contains(Index outer, Index inner) const;
  v1::Machine& machine() { return machine_; }

 private:
  v1::Machine machine_;
};

/// Adds a letter to the actions of an arrow.
void add_tell(v1::Arrow& arrow, const std::vector<std::string>& roles, const std::string& message,
              const std::string& timer, const v1::Place& place);

}  // namespace kvali::program
