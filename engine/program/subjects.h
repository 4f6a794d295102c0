#pragma once
// A kind of subject beside initiatives (places, needs, trainings, persons in a role, the season itself) is a small program within
// its program. Made explicit here, everything that looks at a program (check, expansion, proof, step, prose, migration) looks at
// it the same way, and knows no word of subjects.
#include <string>
#include <string_view>

#include "engine/program/source.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// The small program of one kind: its fields, stages, moves and quotas under the roles, parameters, localities and letters of
/// `whole`. It is named PROGRAM/SUBJECT and has no subjects of its own.
v1::Program program_of(const v1::Program& whole, const v1::Subject& subject);

/// `whole` without its other kinds of subject: what an initiative goes through.
v1::Program without_subjects(const v1::Program& whole);

/// Where the values of that small program stand in the file of the whole.
Positions positions_of(const Positions& whole, const v1::Subject& subject);

/// The path in the whole program of what stands at `path` in the small program of `subject`.
std::string path_in_whole(std::string_view path, std::string_view subject);

/// What expressions call the thing that the program is about: "initiative", or the name of its subject.
const std::string& noun_of(const v1::Program& program);

/// Whether it is the small program of a subject.
inline bool is_of_subject(const v1::Program& program) { return !program.initiative().noun().empty(); }

}  // namespace kvali::program
