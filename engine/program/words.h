#pragma once
// The few words of kvali's own in an expanded machine, in the languages of the programmes; English for any other.
#include <string>

#include "kvali/v1/program.pb.h"

namespace kvali::program {

enum class Word { WaitingForStart, UnderWay, Reports, Awaited, Overdue, Received, HandIn, Recorded, Reviewed, Assessment, DeadlinePassed };

/// The word in each language of `program`.
v1::Text word(Word which, const v1::Program& program);

}  // namespace kvali::program
