#pragma once
// kvali.v1.Program → kvali.v1.Machine: every construct of the language as states, arrows, timers and effects of the core
// machine, each with its place in the YAML.
//
//   stage            a compound state below the root; its first state is where it begins
//   outcome          a FINAL with `ends`, in its stage or below the root: once it is entered the initiative has ended, and
//                    whoever runs the machine takes no further arrow, the arrows of `anywhere` on its stage included
//   alongside        a PARALLEL (in a stage: an implied one named `alongside`), each part a COMPOUND
//   when_done        an arrow on done.state.PATH of the parallel or compound that is done (the step takes such a path for one
//                    token, so that what is done inside of it is another event); of reports: on done.series.FORM, raised by the
//                    cohort when the series is complete and its last report received
//   waits_until      an implied ATOMIC `waiting` with a timer `start`
//   deadline, remind timers `deadline`, `deadline.remind.N`; events due.PATH.deadline, remind.PATH.deadline.N
//   move with `at`   a timer `move.NAME`, event due.PATH.move.NAME
//   when_freed       an arrow on freed.QUOTA with `freed` set
//   anywhere         an arrow on each stage, after the stage's own
//   log, review      a task kind whose machine is one FINAL; the state lists it in `opens`
//   reports          a timer `series.FORM` on the stage (event series.STAGE.FORM) whose arrow opens a task: awaited → overdue
//                    → received
//   remembers        a HISTORY_DEEP child `history`, the target of whoever comes from outside
//   must_hold        needs of every arrow that enters from outside
//   subjects         a machine of its own for each, of its small program (subjects.h)
#include "engine/program/source.h"
#include "kvali/v1/machine.pb.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// Expands a program that passed the checks (check.h): every target of it must resolve. `positions` are those of its reader;
/// without them the places are empty. Pure.
v1::Machine expand(const v1::Program& program, const Positions& positions);

}  // namespace kvali::program
