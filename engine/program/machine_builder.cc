#include "engine/program/machine_builder.h"

namespace kvali::program {

Places::Places(const Positions& positions) : positions_(positions) {
  const std::string file = position_of(positions, "").file;
  const std::size_t slash = file.rfind('/');
  folder_bytes_ = slash == std::string::npos ? 0 : slash + 1;
}

v1::Place Places::at(std::string_view yaml_path) const {
  const Position position = position_of(positions_, yaml_path);
  v1::Place place;
  place.set_file(position.file.substr(std::min(folder_bytes_, position.file.size())));
  place.set_line(position.line);
  place.set_column(position.column);
  return place;
}

MachineBuilder::MachineBuilder(std::string name) {
  machine_.set_name(std::move(name));
  machine_.add_states()->set_kind(v1::Node::COMPOUND);
}

Index MachineBuilder::add_state(Index parent, const std::string& name, v1::Node::Kind kind, const v1::Place& place) {
  const Index index = size();
  v1::Node& node = *machine_.add_states();
  node.set_name(name);
  node.set_path(join_path(state(parent).path(), name));
  node.set_kind(kind);
  node.set_parent(parent);
  *node.mutable_place() = place;
  if (state(parent).kind() == v1::Node::COMPOUND && state(parent).initial().empty()) state(parent).add_initial(index);
  return index;
}

v1::Arrow& MachineBuilder::add_arrow(Index source, const v1::Place& place) {
  v1::Arrow& arrow = *machine_.add_arrows();
  arrow.set_source(source);
  *arrow.mutable_place() = place;
  return arrow;
}

v1::Timer& MachineBuilder::add_timer(Index index, const std::string& name, const std::string& event,
                                     const v1::Place& place) {
  v1::Timer& timer = *state(index).add_timers();
  timer.set_name(name);
  timer.set_event(event);
  timer.set_past_fires(true);
  *timer.mutable_place() = place;
  return timer;
}

std::vector<Index> MachineBuilder::children(Index parent) const {
  std::vector<Index> out;
  for (Index i = 1; i < size(); ++i) {
    if (state(i).parent() == parent) out.push_back(i);
  }
  return out;
}

bool MachineBuilder::contains(Index outer, Index inner) const {
  while (inner != outer && inner != 0) inner = state(inner).parent();
  return inner == outer;
}

void add_tell(v1::Arrow& arrow, const std::vector<std::string>& roles, const std::string& message,
              const std::string& timer, const v1::Place& place) {
  v1::Action& action = *arrow.add_actions();
  for (const std::string& role : roles) action.mutable_tell()->add_roles(role);
  action.mutable_tell()->set_message(message);
  action.mutable_tell()->set_timer(timer);
  *action.mutable_place() = place;
}

}  // namespace kvali::program
