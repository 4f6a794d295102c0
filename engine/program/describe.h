#pragma once
// A program said back as prose in Markdown: for the manager who wants to check what her file says, and for the guidelines that
// applicants read.
#include <string>
#include <string_view>

#include "kvali/v1/program.pb.h"

namespace kvali::program {

enum class Audience {
  Everyone,   // all that the program says, also what goes on behind the scenes
  Applicant,  // who may apply, what is asked, until when, what happens, her moves and reports; nothing that is not hers to see
};

/// `program`, which was loaded without faults, in `language`: kvali's own words in English, Lithuanian or Georgian, the program's
/// in that language or else in its first; a sentence at the head says which is missing. Pure: the same program gives the same
/// bytes.
std::string describe(const v1::Program& program, const std::string& language, Audience audience);

/// Whether anything of `program` would stand in `language`: kvali's words or the program's.
bool describable(const v1::Program& program, std::string_view language);

}  // namespace kvali::program
