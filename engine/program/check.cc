#include "engine/program/check.h"

#include <algorithm>
#include <array>

namespace kvali::program {

std::size_t Checking::find(std::size_t from, std::string_view target) const {
  const Resolution resolution = names.resolve(from, target);
  const bool meant = resolution.problem == Resolution::Problem::None || resolution.problem == Resolution::Problem::Ambiguous;
  return meant ? resolution.spot : 0;
}

const v1::Role* Checking::role(std::string_view name) const {
  for (const v1::Role& role : program.roles()) {
    if (role.name() == name) return &role;
  }
  return nullptr;
}

const v1::Field* Checking::initiative_field(std::string_view name) const {
  for (const v1::Field& field : program.initiative().fields()) {
    if (field.name() == name) return &field;
  }
  return nullptr;
}

const v1::Field* Checking::parameter(std::string_view name) const {
  for (const v1::Field& field : program.cohort().parameters()) {
    if (field.name() == name) return &field;
  }
  return nullptr;
}

void Checking::visit_own(const Visit& visit) const {
  visit_values(program, "", [&](const Message& message, const FieldDescriptor& field, int index, const std::string& path) {
    static constexpr std::array<std::string_view, 8> shared = {"title", "languages", "calendar", "roles", "bodies", "messages", "cohort.parameters", "cohort.localities"};
    const auto is_at = [&](std::string_view key) { return path.starts_with(key) && (path.size() == key.size() || path[key.size()] == '.'); };
    if (is_of_subject(program) && std::any_of(shared.begin(), shared.end(), is_at)) return;
    visit(message, field, index, path);
  });
}

std::set<std::string> Checking::letters_sent() const {
  std::set<std::string> sent;
  each_move(*this, [&](std::size_t, const v1::Move& move, const std::string&) {
    for (const v1::Tell& tell : move.tells()) sent.insert(tell.message());
  });
  return sent;
}

void each_move(const Checking& checking,
               const std::function<void(std::size_t spot, const v1::Move& move, const std::string& path)>& visit) {
  for (std::size_t i = 1; i < checking.names.spots().size(); ++i) {
    const Spot& spot = checking.names[i];
    if (spot.stage == nullptr && spot.state == nullptr) continue;
    for (const v1::Move& move : spot.stage != nullptr ? spot.stage->moves() : spot.state->moves()) {
      visit(i, move, spot.yaml_path + ".moves." + move.name());
    }
  }
  for (const v1::Move& move : checking.program.anywhere()) visit(0, move, "anywhere." + move.name());
}

const v1::Deadline* deadline_of(const Spot& spot) {
  if (spot.stage != nullptr && spot.stage->has_deadline()) return &spot.stage->deadline();
  if (spot.state != nullptr && spot.state->has_deadline()) return &spot.state->deadline();
  return nullptr;
}

const std::string& when_done_of(const Spot& spot) {
  static const std::string none;
  return spot.stage != nullptr ? spot.stage->when_done() : spot.state != nullptr ? spot.state->when_done() : none;
}

bool is_end(const Spot& spot) {
  return spot.state != nullptr &&
         (spot.kind == Spot::Kind::Outcome || spot.state->ends() != v1::State::END_UNSPECIFIED);
}

bool is_final(const Spot& spot) { return spot.state != nullptr && spot.state->final(); }

namespace {

void check_part(const v1::Program& program, const v1::Program& whole, const Positions& positions, Faults& faults) {
  const Names names(program);
  const Checking checking{program, whole, positions, names, faults};
  check_names(checking);
  check_shape(checking);
  check_waits(checking);
  check_paths(checking);
  check_fields(checking);
  check_reviews(checking);
  check_places(checking);
  check_texts(checking);
  check_choosing(checking);
  check_mentoring(checking);
  check_expressions(checking);
  check_subjects(checking);
}

}  // namespace

void check_program(const v1::Program& program, const Positions& positions, Faults& faults) {
  check_part(without_subjects(program), program, positions, faults);
  for (const v1::Subject& subject : program.subjects()) check_part(program_of(program, subject), program, positions_of(positions, subject), faults);
}

}  // namespace kvali::program
