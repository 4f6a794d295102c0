#pragma once
// The proof of a program: what only shows when its configurations are tried out. A program that passed the checks (check.h) is
// sound in the sense of workflow nets (W. M. P. van der Aalst, "The Application of Petri Nets to Workflow Management", Journal
// of Circuits, Systems and Computers 8(1), 1998) when from every configuration it can come to an end can be come to (option
// to complete), nothing is left running at the end (proper completion: SCXML leaves everything when an end is entered), and
// no transition is dead. On top of that stand checks of what a programme needs: whoever is waited for can be there, what is
// read can have been written, places can be held.
#include <string>
#include <vector>

#include "engine/program/program.h"
#include "engine/program/verify/explore.h"

namespace kvali::program {

enum class Severity : std::uint8_t { Error, Warning };

/// One step of a counterexample.
struct TraceStep {
  std::string words;                // "`submit` by applicant"
  std::string line;                 // what `kvali step` is given (with --subject, of another kind than initiatives), as JSON; empty for a start that assumes nothing
  std::vector<std::string> active;  // the atomic states it leads to; empty when it comes to no rest
};

struct Finding {
  Severity severity = Severity::Error;
  std::string at;     // the path of what it is about in the YAML
  Fault fault;        // its place, code and sentence
  std::vector<TraceStep> trace;  // a shortest way there, from the start on; empty where nothing leads there at all
  std::string why;    // accepted: the reason that its author gives
};

struct Verdict {
  enum class Kind : std::uint8_t { Sound, Unsound, Inconclusive };
  Kind kind = Kind::Sound;         // Inconclusive: a limit was reached before all was tried, and nothing was found until then
  std::vector<Finding> findings;   // by line and column; with warnings alone the kind is Sound
  std::vector<Finding> accepted;   // those that the program explains (Program.accepted)
  proof::Counts counts;
  bool complete = true;            // false: what was not found may still be there
};

/// Proves a program that was loaded without faults. Pure; bounded by counts.
Verdict verify(const Loaded& loaded, const proof::Bounds& bounds = {});

/// "sound (26 configurations, 184 transitions tried)", "2 findings (…)", "inconclusive (…)".
std::string to_line(const Verdict& verdict);

/// One finding as a check tells it: "program.yaml:41:9: warning: … [code]", or with the reason for which it is accepted.
std::string to_line(const Finding& finding);
/// The way of a counterexample: "`submit` by applicant → application.screening", one line a step, without a line break at the end.
std::string to_words(const std::vector<TraceStep>& trace);

/// What a check looks for, why it matters, an example and how to mend it, as text for a terminal; empty for an unknown code.
std::string explain_code(std::string_view code);
/// Every code that has such a page, sorted.
std::vector<std::string> explained_codes();

}  // namespace kvali::program
