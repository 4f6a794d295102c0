#pragma once
// The few words of kvali's own in an expanded machine and its pictures, in the languages of the programmes; English for any other.
#include <string>
#include <string_view>

#include "kvali/v1/program.pb.h"

namespace kvali::program {

enum class Word {
  // of expansion
  WaitingForStart, UnderWay, Reports, Awaited, Overdue, Received, HandIn, Recorded, Reviewed, Assessment, DeadlinePassed,
  Agreed, AgreementMade, Withdrawn, Lapsed, Withdraw, VoteOpen, VoteCarried, VoteLost, Proposed, Agree, StaysOpen,
  // of pictures
  FromAnywhere, AllDone, AllReports, EndSuccess, EndRefused, EndWithdrawn, EndLapsed, EndTerminated,
};

/// The word in one language.
std::string word_in(Word which, std::string_view language);

/// The word in each language of `program`.
v1::Text word(Word which, const v1::Program& program);

}  // namespace kvali::program
