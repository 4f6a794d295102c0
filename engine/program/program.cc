#include "engine/program/program.h"

#include "engine/program/check.h"
#include "engine/program/expand.h"
#include "engine/program/read.h"
#include "engine/program/subjects.h"

namespace kvali::program {

namespace {

/// Whoever has to agree to a move is who makes it.
template <class Moves>
void name_parties(Moves& moves) {
  for (v1::Move& move : moves)
    if (move.by().empty()) *move.mutable_by() = move.agreed_by();
}

void name_parties_of_states(google::protobuf::RepeatedPtrField<v1::State>& states) {
  for (v1::State& state : states) {
    name_parties(*state.mutable_moves());
    name_parties_of_states(*state.mutable_states());
    for (v1::Region& region : *state.mutable_alongside()) name_parties_of_states(*region.mutable_states());
  }
}

void name_parties(v1::Program& program) {
  name_parties(*program.mutable_anywhere());
  for (v1::Stage& stage : *program.mutable_stages()) {
    name_parties(*stage.mutable_moves());
    name_parties_of_states(*stage.mutable_states());
    for (v1::Region& region : *stage.mutable_alongside()) name_parties_of_states(*region.mutable_states());
  }
}

}  // namespace

Loaded load(const std::vector<SourceFile>& files) {
  ReadResult read = read_program(files);
  name_parties(read.program);
  if (read.names_known) {
    Faults faults;
    for (const Fault& fault : read.faults) faults.add(fault);
    check_program(read.program, read.positions, faults);
    read.faults = faults.take();
  }
  Loaded loaded{std::move(read.program), {}, std::move(read.positions), std::move(read.faults)};
  if (loaded.ok()) loaded.machine = expand(loaded.program, loaded.positions);
  return loaded;
}

Loaded part_of(const Loaded& loaded, int subject) {
  const v1::Subject& one = loaded.program.subjects(subject);
  return {program_of(loaded.program, one), loaded.ok() ? loaded.machine.subjects(subject) : v1::Machine(), positions_of(loaded.positions, one), {}};
}

}  // namespace kvali::program
